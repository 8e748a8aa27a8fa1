/* Any bytes as an edition, with the editions that it extends behind "%%% NAME.yaml" and those of
 * the project beside them. What is read is shown, packs and unpacks as the same edition, and has a
 * form to fill in; what is refused has findings that can be shown. */
#include <stdio.h>
#include <string.h>

#include "common/codec/edition_codec.h"
#include "common/codec/scratch.h"
#include "common/model/catalogue.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/registers.h"
#include "tests/fuzz/support/scratch.h"
#include "tools/kf/editions_show.h"
#include "tools/kf/template_form.h"

#define EDITIONS        KF_SOURCE_DIR "/editions"
#define OWN             "own.yaml"
#define ARENA_BYTES_MAX ((size_t)32 * 1024 * 1024)
#define TEXT_BYTES_MAX  ((size_t)16 * 1024 * 1024)

static const struct kf_catalogue *project;

/* --- what is read ---------------------------------------------------------------------------- */

static void promise_named_variables(const struct kf_edition *edition, struct kf_arena *arena)
{
    const struct kf_edition_variable *list = NULL;
    struct kf_error err = {0};
    size_t count = 0;
    must(kf_edition_variables(edition, arena, &list, &count, &err) == KF_OK);
    for (size_t i = 0; i < count; i++) {
        must(kf_variables_find(project->variables, list[i].name, strlen(list[i].name)) != NULL);
        must(i == 0 || strcmp(list[i - 1].name, list[i].name) < 0);
    }
}

static void promise_shown(const struct kf_edition *edition, int year)
{
    static const char *const members[] = {"0301", KF_MUNICIPALITY_COUNTRY};
    const struct kf_template form = {.catalogue = project,
                                     .edition = edition,
                                     .year = year,
                                     .municipalities = members,
                                     .municipalities_len = 2};
    struct kf_template_size size = {0};
    struct kf_error err = {0};
    struct kf_text text;
    kf_text_init(&text, TEXT_BYTES_MAX);
    for (int norwegian = 0; norwegian < 2; norwegian++) {
        must(kf_editions_show(edition, project, norwegian, &text, &err) == KF_OK);
        must(text.length > 0 && kf_text_is_utf8(text.bytes, text.length));
    }
    must(kf_template_form(&form, KF_TEMPLATE_ACCOUNTS, &text, &size, &err) == KF_OK);
    must(kf_template_form(&form, KF_TEMPLATE_VOLUMES, &text, &size, &err) == KF_OK);
    kf_text_clear(&text);
}

static void promise_years(const struct kf_edition *edition)
{
    for (int year = KF_EDITION_YEAR_MIN; year <= KF_EDITION_YEAR_MAX; year++) {
        int further[KF_FURTHER_YEARS_MAX];
        if (!kf_edition_has_year(edition, year)) {
            continue;
        }
        size_t count =
            kf_edition_further_years(edition, year, kf_edition_earlier_years(edition), further);
        must(count <= KF_FURTHER_YEARS_MAX);
        for (size_t i = 1; i < count; i++) {
            must(further[i - 1] < further[i]);
        }
        promise_shown(edition, year);
        return;
    }
    must(false); /* an edition without a year */
}

/* --- packing --------------------------------------------------------------------------------- */

static void pack(const struct kf_edition *edition, struct kf_arena *arena, struct kf_text *bytes)
{
    struct kf_scratch scratch = {.arena = arena};
    Kf__V1__Edition *message = kf_edition_to_message(edition, &scratch);
    must(message != NULL);
    size_t length = kf__v1__edition__get_packed_size(message);
    uint8_t *packed = malloc(length + 1);
    must(packed != NULL);
    kf_text_reset(bytes);
    kf_text_add_bytes(bytes, packed, kf__v1__edition__pack(message, packed));
    free(packed);
}

static const struct kf_edition *unpack(const struct kf_text *bytes, struct kf_arena *arena)
{
    const struct kf_edition *edition = NULL;
    struct kf_error err = {0};
    Kf__V1__Edition *message =
        kf__v1__edition__unpack(NULL, bytes->length, (const uint8_t *)bytes->bytes);
    must(message != NULL);
    must(kf_edition_from_message(message, arena, &edition, &err) == KF_OK);
    kf__v1__edition__free_unpacked(message, NULL);
    return edition;
}

static void promise_packed(const struct kf_edition *edition, struct kf_arena *arena)
{
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, TEXT_BYTES_MAX);
    kf_text_init(&twice, TEXT_BYTES_MAX);
    pack(edition, arena, &once);
    pack(unpack(&once, arena), arena, &twice);
    promise_same(&once, &twice);
    kf_text_clear(&once);
    kf_text_clear(&twice);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void read_own(void)
{
    static struct kf_findings findings;
    char path[FUZZ_PATH_SIZE];
    struct kf_edition *edition = NULL;
    struct kf_error err = {0};
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    fuzz_path(OWN, path);
    const struct kf_edition_source source = {
        .path = path, .folder = EDITIONS, .variables = project->variables};
    must(arena != NULL);
    kf_findings_init(&findings);
    enum kf_err code = kf_edition_read_from(&source, arena, &edition, &findings, &err);
    promise_outcome(code, KF_ERR_CONFIG, &findings, &err);
    must((code == KF_OK) == (edition != NULL));
    if (edition) {
        (void)kf_edition_check_members(edition, path, project, &findings, &err);
        promise_named_variables(edition, arena);
        promise_years(edition);
        promise_packed(edition, arena);
    }
    kf_findings_clear(&findings);
    kf_arena_destroy(&arena);
}

/* The register of variables with those that the edition brings along. */
static void read_variables(void)
{
    static struct kf_findings findings;
    static const char small[] = "variables:\n  - {id: folkemengde, unit: persons, minimum: 0,\n"
                                "     name: {nb: Folkemengde, en: Inhabitants}}\n";
    char path[FUZZ_PATH_SIZE];
    char own[FUZZ_PATH_SIZE];
    const char *editions[] = {own};
    struct kf_variables *variables = NULL;
    struct kf_error err = {0};
    fuzz_write("variables", small, sizeof small - 1);
    fuzz_path("variables", path);
    fuzz_path(OWN, own);
    const struct kf_variable_files files = {.path = path, .editions = editions, .editions_len = 1};
    kf_findings_init(&findings);
    enum kf_err code = kf_variables_read_with(&files, &variables, &findings, &err);
    promise_outcome(code, KF_ERR_CONFIG, &findings, &err);
    must((code == KF_OK) == (variables != NULL));
    kf_variables_destroy(&variables);
    kf_findings_clear(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    if (!project) {
        project = fuzz_registers();
    }
    fuzz_write(OWN, parts[0].bytes, parts[0].length);
    for (size_t i = 1; i < count; i++) {
        fuzz_write(parts[i].name, parts[i].bytes, parts[i].length);
    }
    read_own();
    read_variables();
    for (size_t i = 0; i < count; i++) {
        fuzz_remove(i == 0 ? OWN : parts[i].name);
    }
    return 0;
}

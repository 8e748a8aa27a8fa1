/* Observations to a release: the same figures have the same id, whatever their order and names. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/release_build.h"

/* The sample edition with the population and one indicator: enough to be a panel. */
static struct kf_catalogue *catalogue;
static const int members[] = {301, 1201, 1601, 1103, 219, 1001, 106, 1902, 1102, 602};
#define MEMBERS (sizeof members / sizeof members[0])

static struct kf_findings findings;
static struct kf_error err;

static int open_catalogue(void **state)
{
    (void)state;
    kf_findings_init(&findings);
    return kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, &findings, &err) == KF_OK ? 0
                                                                                              : 1;
}

static int close_catalogue(void **state)
{
    (void)state;
    kf_catalogue_destroy(&catalogue);
    kf_findings_clear(&findings);
    return 0;
}

static uint16_t number_of(const char *variable)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(catalogue->variables, &count);
    const struct kf_variable *found =
        kf_variables_find(catalogue->variables, variable, strlen(variable));
    assert_non_null(found);
    return (uint16_t)(found - all);
}

static void add(struct kf_observations *table, int municipality, const char *variable, double value)
{
    const struct kf_observation row = {.value = value,
                                       .year = 2010,
                                       .variable = number_of(variable),
                                       .municipality = (uint16_t)municipality,
                                       .status = KF_CELL_VALUE};
    assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
}

struct content {
    bool backwards;
    double first_value; /* of the first member's indicator */
    double first_population;
    const char *file;
};

static struct kf_observations *observations_of(const struct content *content)
{
    struct kf_observations *table = kf_observations_new(catalogue->variables, 1000);
    assert_non_null(table);
    assert_int_equal(kf_observations_begin_file(table, content->file, &err), KF_OK);
    for (size_t i = 0; i < MEMBERS; i++) {
        size_t m = content->backwards ? MEMBERS - 1 - i : i;
        add(table, members[m], "folkemengde",
            m == 0 ? content->first_population : 1000.0 * (double)(m + 1));
        add(table, members[m], "korr_oppholdstimer",
            m == 0 ? content->first_value : 90.0 + (double)m);
    }
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    return table;
}

static const struct content plain = {.first_value = 97.1, .first_population = 586860, .file = "a"};

static struct kf_release_input input_of(const struct kf_observations *table,
                                        const struct kf_source *source)
{
    return (struct kf_release_input){.catalogue = catalogue,
                                     .observations = table,
                                     .sources = source,
                                     .sources_len = 1,
                                     .vintage = "unspecified",
                                     .program = "0.1.0",
                                     .discovered_ms = 1234};
}

static const struct kf_source source_a = {
    .name = "a.csv", .digest = "00000000000000000000000000000001", .bytes = 1, .updated = ""};
static const struct kf_source source_b = {
    .name = "b.csv", .digest = "00000000000000000000000000000002", .bytes = 2, .updated = ""};

struct emitted {
    uint32_t count;
    struct kf_text bytes; /* of all envelopes */
    struct kf_envelope *first;
};

static enum kf_err keep(void *context, uint32_t index, const void *bytes, size_t length,
                        struct kf_error *error)
{
    struct emitted *self = context;
    assert_int_equal(index, self->count);
    self->count++;
    kf_text_add_bytes(&self->bytes, bytes, length);
    return self->first ? KF_OK : kf_envelope_unpack(bytes, length, &self->first, error);
}

static void emit(const struct kf_release_build *build, struct emitted *emitted)
{
    *emitted = (struct emitted){0};
    kf_text_init(&emitted->bytes, 1 << 22);
    assert_int_equal(kf_release_build_emit(build, keep, emitted, &err), KF_OK);
}

static void emitted_clear(struct emitted *self)
{
    kf_envelope_destroy(&self->first);
    kf_text_clear(&self->bytes);
}

static void id_of(const struct content *content, const struct kf_source *source,
                  const char *program, char id[KF_RELEASE_ID_SIZE])
{
    struct kf_observations *table = observations_of(content);
    struct kf_release_build *build = NULL;
    struct kf_release_input input = input_of(table, source);
    input.program = program;
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    memcpy(id, kf_release_build_release(build)->id, KF_RELEASE_ID_SIZE);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void one_edition_and_year_make_one_panel(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    struct kf_release_build *build = NULL;
    struct emitted emitted;
    const struct kf_release_input input = input_of(table, &source_a);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_release(build)->panels, 1);
    assert_int_equal(kf_release_build_rejected(build), 0);
    emit(build, &emitted);
    assert_int_equal(emitted.count, 1);
    assert_non_null(emitted.first->panel);
    assert_string_equal(emitted.first->panel->edition->id, "asss-2010");
    assert_int_equal(emitted.first->panel->year, 2010);
    assert_int_equal(emitted.first->panel->members_len, MEMBERS);
    assert_string_equal(emitted.first->release.id, kf_release_build_release(build)->id);
    assert_int_equal(emitted.first->release.discovered_ms, 1234);
    assert_int_equal(emitted.first->attempt, 1);
    assert_string_equal(emitted.first->release.sources[0].name, "a.csv");
    emitted_clear(&emitted);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void the_same_envelopes_come_each_time(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    struct kf_release_build *build = NULL;
    struct emitted first;
    struct emitted second;
    const struct kf_release_input input = input_of(table, &source_a);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    emit(build, &first);
    emit(build, &second);
    assert_int_equal(first.bytes.length, second.bytes.length);
    assert_memory_equal(first.bytes.bytes, second.bytes.bytes, first.bytes.length);
    emitted_clear(&first);
    emitted_clear(&second);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void order_of_rows_and_names_of_files_leave_no_trace_in_the_id(void **state)
{
    (void)state;
    char one[KF_RELEASE_ID_SIZE];
    char other[KF_RELEASE_ID_SIZE];
    struct content changed = plain;
    id_of(&plain, &source_a, "0.1.0", one);
    assert_int_equal(strlen(one), 32);
    changed.backwards = true;
    changed.file = "b";
    id_of(&changed, &source_b, "0.1.0", other);
    assert_string_equal(one, other);
}

static void another_figure_or_program_is_another_release(void **state)
{
    (void)state;
    char one[KF_RELEASE_ID_SIZE];
    char other[KF_RELEASE_ID_SIZE];
    struct content changed = plain;
    id_of(&plain, &source_a, "0.1.0", one);
    changed.first_value = 97.2;
    id_of(&changed, &source_a, "0.1.0", other);
    assert_string_not_equal(one, other);
    id_of(&plain, &source_a, "0.2.0", other);
    assert_string_not_equal(one, other);
}

static void a_panel_that_cannot_be_built_becomes_a_rejection(void **state)
{
    (void)state;
    struct content content = plain;
    struct kf_release_build *build = NULL;
    struct emitted emitted;
    content.first_population = 0;
    struct kf_observations *table = observations_of(&content);
    const struct kf_release_input input = input_of(table, &source_a);
    kf_findings_clear(&findings);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_rejected(build), 1);
    assert_true(kf_findings_count(&findings) > 0);
    emit(build, &emitted);
    assert_null(emitted.first->panel);
    assert_non_null(emitted.first->rejection);
    assert_string_equal(emitted.first->rejection->stage, "ingest");
    assert_string_equal(emitted.first->rejection->edition, "asss-2010");
    assert_int_equal(emitted.first->rejection->year, 2010);
    assert_true(kf_findings_count(&emitted.first->rejection->findings) > 0);
    emitted_clear(&emitted);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void observations_that_no_edition_uses_are_told_with_what_is_wanted(void **state)
{
    (void)state;
    struct kf_release_build *build = NULL;
    struct kf_text report;
    struct kf_observations *table = kf_observations_new(catalogue->variables, 10);
    assert_int_equal(kf_observations_begin_file(table, "a", &err), KF_OK);
    add(table, 301, "folkemengde", 586860);
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    const struct kf_release_input input = input_of(table, &source_a);
    kf_findings_clear(&findings);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_ERR_DATA);
    assert_null(build);
    assert_non_null(strstr(err.text, "no edition can use the input"));
    assert_non_null(strstr(err.text, "2010"));
    assert_non_null(strstr(err.text, "folkemengde"));
    kf_text_init(&report, 10000);
    kf_findings_print(&findings, &report);
    assert_ptr_equal(strstr(report.bytes, "a.csv: no edition can use the input"), report.bytes);
    assert_non_null(strstr(report.bytes, "1 rows of 2010–2010"));
    assert_non_null(strstr(report.bytes, "asss-2010"));
    assert_non_null(strstr(report.bytes, "44 indicators"));
    kf_text_clear(&report);
    kf_observations_destroy(&table);
}

static void a_refused_input_is_a_release_of_one_rejection(void **state)
{
    (void)state;
    struct kf_release_build *build = NULL;
    struct emitted emitted;
    const struct kf_release_input input = input_of(NULL, &source_a);
    kf_findings_clear(&findings);
    kf_findings_add(&findings, &(struct kf_place){.file = "a.csv", .line = 3}, "mend it", "broken");
    assert_int_equal(
        kf_release_build_new_refused(&input, "a.csv: 1 fault", &findings, &build, &err), KF_OK);
    assert_int_equal(kf_release_build_release(build)->panels, 1);
    emit(build, &emitted);
    assert_int_equal(emitted.count, 1);
    assert_non_null(emitted.first->rejection);
    assert_string_equal(emitted.first->rejection->reason, "a.csv: 1 fault");
    assert_string_equal(emitted.first->rejection->edition, "");
    assert_int_equal(emitted.first->rejection->year, 0);
    assert_string_equal(emitted.first->rejection->findings.list[0].problem, "broken");
    assert_int_equal(emitted.first->rejection->findings.list[0].line, 3);
    emitted_clear(&emitted);
    kf_release_build_destroy(&build);
}

static void refused_inputs_differ_by_what_is_in_their_files(void **state)
{
    (void)state;
    char ids[3][KF_RELEASE_ID_SIZE];
    const struct kf_source *sources[] = {&source_a, &source_b, &source_a};
    kf_findings_clear(&findings);
    for (size_t i = 0; i < 3; i++) {
        struct kf_release_build *build = NULL;
        const struct kf_release_input input = input_of(NULL, sources[i]);
        assert_int_equal(
            kf_release_build_new_refused(&input, i ? "why" : "name: why", &findings, &build, &err),
            KF_OK);
        memcpy(ids[i], kf_release_build_release(build)->id, KF_RELEASE_ID_SIZE);
        kf_release_build_destroy(&build);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_equal(ids[0], ids[2]);
}

static enum kf_err refuse(void *context, uint32_t index, const void *bytes, size_t length,
                          struct kf_error *error)
{
    (void)context;
    (void)index;
    (void)bytes;
    (void)length;
    return kf_error_set(error, KF_ERR_IO, "disk full");
}

static void a_failing_receiver_stops_the_emission(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    struct kf_release_build *build = NULL;
    const struct kf_release_input input = input_of(table, &source_a);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_emit(build, refuse, NULL, &err), KF_ERR_IO);
    assert_string_equal(err.text, "disk full");
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

/* --- what the panels are --------------------------------------------------------------------- */

static void digest_of(const struct content *content, char digest[KF_DIGEST_SIZE])
{
    struct kf_observations *table = observations_of(content);
    struct kf_release_build *build = NULL;
    struct kf_ledger_content panel;
    const struct kf_release_input input = input_of(table, &source_a);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_content(build, 0, &panel), KF_OK);
    assert_string_equal(panel.edition, "asss-2010");
    assert_int_equal(panel.year, 2010);
    assert_int_equal(panel.rejected, content->first_population <= 0);
    assert_int_equal(kf_release_build_content(build, 1, &panel), KF_ERR_INTERNAL);
    (void)snprintf(digest, KF_DIGEST_SIZE, "%s", panel.digest);
    assert_int_equal(strlen(digest), 32);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void a_panel_has_a_digest_of_its_figures(void **state)
{
    (void)state;
    char one[KF_DIGEST_SIZE];
    char same[KF_DIGEST_SIZE];
    char other[KF_DIGEST_SIZE];
    char rejected[KF_DIGEST_SIZE];
    struct content changed = plain;
    digest_of(&plain, one);
    changed.backwards = true;
    changed.file = "b";
    digest_of(&changed, same);
    assert_string_equal(one, same);
    changed.first_value = 97.2;
    digest_of(&changed, other);
    assert_string_not_equal(one, other);
    changed.first_population = 0;
    digest_of(&changed, rejected);
    assert_string_not_equal(other, rejected);
}

static void a_refused_input_is_no_panel(void **state)
{
    (void)state;
    struct kf_release_build *build = NULL;
    struct kf_ledger_content content;
    struct kf_panel *panel = NULL;
    const struct kf_release_input input = input_of(NULL, &source_a);
    kf_findings_clear(&findings);
    assert_int_equal(kf_release_build_new_refused(&input, "why", &findings, &build, &err), KF_OK);
    assert_int_equal(kf_release_build_content(build, 0, &content), KF_OK);
    assert_string_equal(content.edition, "");
    assert_string_equal(content.digest, "");
    assert_true(content.rejected);
    assert_int_equal(kf_release_build_panel(build, 0, &panel, &err), KF_ERR_AGAIN);
    kf_release_build_destroy(&build);
}

/* What was asked of every panel, and the answer. */
struct asked {
    size_t times;
    bool answer;
    const char *replaced;
    char digest[KF_DIGEST_SIZE];
};

static bool published(void *context, const char *edition, int year, const char *digest,
                      char replaced[KF_RELEASE_ID_SIZE])
{
    struct asked *asked = context;
    assert_string_equal(edition, "asss-2010");
    assert_int_equal(year, 2010);
    (void)snprintf(asked->digest, sizeof asked->digest, "%s", digest);
    (void)snprintf(replaced, KF_RELEASE_ID_SIZE, "%s", asked->replaced);
    asked->times++;
    return asked->answer;
}

static void what_is_published_is_left_out_and_leaves_no_trace_otherwise(void **state)
{
    (void)state;
    char usual[KF_RELEASE_ID_SIZE];
    char digest[KF_DIGEST_SIZE];
    id_of(&plain, &source_a, "0.1.0", usual);
    digest_of(&plain, digest);
    for (int answer = 0; answer < 2; answer++) {
        struct asked asked = {.answer = answer, .replaced = ""};
        struct kf_observations *table = observations_of(&plain);
        struct kf_release_build *build = NULL;
        struct kf_release_input input = input_of(table, &source_a);
        input.published = published;
        input.published_context = &asked;
        assert_int_equal(kf_release_build_new(&input, &build, &findings, &err),
                         answer ? KF_ERR_AGAIN : KF_OK);
        assert_int_equal(asked.times, 1);
        assert_string_equal(asked.digest, digest);
        if (!answer) {
            assert_string_equal(kf_release_build_release(build)->id, usual);
        }
        kf_release_build_destroy(&build);
        kf_observations_destroy(&table);
    }
}

static void figures_that_come_back_after_others_are_another_release(void **state)
{
    (void)state;
    char ids[4][KF_RELEASE_ID_SIZE];
    static const char *const replaced[4] = {"", "aaaa", "bbbb", "aaaa"};
    for (size_t i = 0; i < 4; i++) {
        struct asked asked = {.replaced = replaced[i]};
        struct kf_observations *table = observations_of(&plain);
        struct kf_release_build *build = NULL;
        struct kf_release_input input = input_of(table, &source_a);
        input.published = published;
        input.published_context = &asked;
        assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
        memcpy(ids[i], kf_release_build_release(build)->id, KF_RELEASE_ID_SIZE);
        kf_release_build_destroy(&build);
        kf_observations_destroy(&table);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[1], ids[2]);
    assert_string_equal(ids[1], ids[3]);
}

/* A figure that one edition has from another source than the next is theirs alone. */
static void every_edition_may_have_figures_of_its_own(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    struct kf_observations *none = kf_observations_new(kf_observations_variables(table), 1);
    struct kf_release_build *build = NULL;
    struct kf_release_input input = input_of(table, &source_a);
    const struct kf_release_edition editions[] = {
        {kf_catalogue_find(catalogue, "asss-2010"), none},
        {kf_catalogue_find(catalogue, "asss-2010-standardized"), table}};
    assert_int_equal(kf_observations_seal(none, &findings, &err), KF_OK);
    input.editions = editions;
    input.editions_len = 2;
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_release(build)->panels, 1);
    struct kf_ledger_content content;
    assert_int_equal(kf_release_build_content(build, 0, &content), KF_OK);
    assert_string_equal(content.edition, "asss-2010-standardized");
    kf_release_build_destroy(&build);
    kf_observations_destroy(&none);
    kf_observations_destroy(&table);
}

static void only_the_editions_asked_for_have_panels(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    struct kf_release_build *build = NULL;
    struct kf_release_input input = input_of(table, &source_a);
    struct kf_release_edition wanted[] = {{kf_catalogue_find(catalogue, "ks-2019"), table}};
    input.editions = wanted;
    input.editions_len = 1;
    kf_findings_clear(&findings);
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_ERR_DATA);
    wanted[0].edition = kf_catalogue_find(catalogue, "asss-2010");
    assert_int_equal(kf_release_build_new(&input, &build, &findings, &err), KF_OK);
    assert_int_equal(kf_release_build_release(build)->panels, 1);
    kf_release_build_destroy(&build);
    kf_observations_destroy(&table);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_observations *table = observations_of(&plain);
    const struct kf_release_input input = input_of(table, &source_a);
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        struct kf_release_build *build = NULL;
        struct emitted emitted = {0};
        kf_text_init(&emitted.bytes, 1 << 22);
        kf_memory_fail_after(n);
        code = kf_release_build_new(&input, &build, &findings, &err);
        if (code == KF_OK) {
            code = kf_release_build_emit(build, keep, &emitted, &err);
        }
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        if (code == KF_OK && emitted.bytes.failed) {
            code = KF_ERR_MEMORY; /* the test's own buffer */
        }
        emitted_clear(&emitted);
        kf_release_build_destroy(&build);
    }
    assert_true(n > 10);
    kf_observations_destroy(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_edition_and_year_make_one_panel),
        cmocka_unit_test(the_same_envelopes_come_each_time),
        cmocka_unit_test(order_of_rows_and_names_of_files_leave_no_trace_in_the_id),
        cmocka_unit_test(another_figure_or_program_is_another_release),
        cmocka_unit_test(a_panel_that_cannot_be_built_becomes_a_rejection),
        cmocka_unit_test(observations_that_no_edition_uses_are_told_with_what_is_wanted),
        cmocka_unit_test(a_refused_input_is_a_release_of_one_rejection),
        cmocka_unit_test(refused_inputs_differ_by_what_is_in_their_files),
        cmocka_unit_test(a_failing_receiver_stops_the_emission),
        cmocka_unit_test(a_panel_has_a_digest_of_its_figures),
        cmocka_unit_test(a_refused_input_is_no_panel),
        cmocka_unit_test(what_is_published_is_left_out_and_leaves_no_trace_otherwise),
        cmocka_unit_test(figures_that_come_back_after_others_are_another_release),
        cmocka_unit_test(every_edition_may_have_figures_of_its_own),
        cmocka_unit_test(only_the_editions_asked_for_have_panels),
        cmocka_unit_test(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}

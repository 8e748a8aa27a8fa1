#include "source_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"

const char source_fixture_yaml[] =
    "table: \"99999\"\n"
    "title: {nb: \"Folk\", en: \"People\"}\n"
    "publication: befolkning\n"
    "region: Region\n"
    "time: Tid\n"
    "country: \"0\"\n"
    "estimates: [EAKUO, \"EKG*\"]\n"
    "passed_over: [\"9999\"]\n"
    "eliminated: [Kjonn]\n"
    "select: {ContentsCode: Personer1}\n"
    "unit: personer\n"
    "figures:\n"
    "  - {family: alder_, dimension: Alder, codes: [\"000..001\"], verified: true}\n"
    "  - {variable: folkemengde, select: {Alder: [\"000..001\", \"002+\"]}, note: \"guessed\"}\n"
    "  - {variable: folkemengde_31_12, select: {Alder: [\"000..001\", \"002+\"]},\n"
    "     year_offset: -1, note: \"guessed\"}\n"
    "known: {Alder: [\"F000\"]}\n";

struct kf_catalogue *source_fixture_catalogue;
struct kf_findings *source_fixture_findings;
struct scratch source_fixture_folder;
static struct kf_table_maps *maps;
static struct kf_jsonstat_reader *reader;

int source_fixture_open(void **state)
{
    (void)state;
    struct kf_error err;
    source_fixture_findings = kf_calloc(1, sizeof *source_fixture_findings);
    kf_findings_init(source_fixture_findings);
    return kf_catalogue_read(KF_SOURCE_DIR "/editions", &source_fixture_catalogue,
                             source_fixture_findings, &err) == KF_OK
               ? 0
               : -1;
}

int source_fixture_close(void **state)
{
    (void)state;
    kf_catalogue_destroy(&source_fixture_catalogue);
    kf_free(source_fixture_findings);
    return 0;
}

int source_fixture_begin(void **state)
{
    (void)state;
    scratch_make(&source_fixture_folder);
    scratch_folder(&source_fixture_folder, "sources");
    return 0;
}

int source_fixture_end(void **state)
{
    (void)state;
    scratch_remove(&source_fixture_folder);
    kf_table_maps_destroy(&maps);
    kf_jsonstat_reader_destroy(&reader);
    kf_findings_clear(source_fixture_findings);
    return 0;
}

enum kf_err source_fixture_read(const char *text)
{
    struct kf_error err = {0};
    struct kf_catalogue none = *source_fixture_catalogue;
    none.editions_len = 0; /* whose tables have maps elsewhere */
    scratch_write_text(&source_fixture_folder, "sources/99999.yaml", text);
    kf_table_maps_destroy(&maps);
    return kf_table_maps_read(source_fixture_folder.path, &none, &maps, source_fixture_findings,
                              &err);
}

const struct kf_table_map *source_fixture_map(const char *text)
{
    enum kf_err code = source_fixture_read(text);
    source_fixture_found(0);
    assert_int_equal(code, KF_OK);
    const struct kf_table_map *map = kf_table_maps_find(maps, "99999");
    assert_non_null(map);
    return map;
}

const char *source_fixture_replace(const char *text, const char *from, const char *to)
{
    static char buffers[2][65536];
    static unsigned next;
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *buffer = buffers[next++ % 2];
    (void)snprintf(buffer, sizeof buffers[0], "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    return buffer;
}

static const struct kf_jsonstat *finish(void)
{
    const struct kf_jsonstat *table = NULL;
    struct kf_error err = {0};
    if (kf_jsonstat_reader_finish(reader, &table, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return table;
}

const struct kf_jsonstat *source_fixture_table(const char *text)
{
    struct kf_error err = {0};
    kf_jsonstat_reader_destroy(&reader);
    assert_int_equal(kf_jsonstat_reader_new(NULL, &reader, &err), KF_OK);
    if (kf_jsonstat_reader_feed(reader, text, strlen(text), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return finish();
}

const struct kf_jsonstat *source_fixture_file(const char *name)
{
    char path[1024];
    static char text[1 << 18];
    (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/data/api/%s", name);
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[length] = '\0';
    return source_fixture_table(text);
}

/* --- findings -------------------------------------------------------------------------------- */

static bool holds(const char *line, const char *part, va_list rest)
{
    for (; part; part = va_arg(rest, const char *)) {
        if (!strstr(line, part)) {
            return false;
        }
    }
    return true;
}

void source_fixture_told(const char *part, ...)
{
    struct kf_text text;
    bool found = false;
    kf_text_init(&text, (size_t)1 << 20);
    kf_findings_print(source_fixture_findings, &text);
    char *lines = strdup(text.bytes);
    char *save = NULL;
    for (char *line = strtok_r(lines, "\n", &save); line && !found;
         line = strtok_r(NULL, "\n", &save)) {
        va_list rest;
        va_start(rest, part);
        found = holds(line, part, rest);
        va_end(rest);
    }
    if (!found) {
        (void)fprintf(stderr, "no finding holds \"%s\" and the rest; there are:\n%s", part,
                      text.bytes);
    }
    free(lines);
    kf_text_clear(&text);
    assert_true(found);
}

void source_fixture_found(uint64_t count)
{
    if (kf_findings_count(source_fixture_findings) != count) {
        struct kf_text text;
        kf_text_init(&text, (size_t)1 << 20);
        kf_findings_print(source_fixture_findings, &text);
        (void)fprintf(stderr, "%s", text.bytes);
        kf_text_clear(&text);
    }
    assert_int_equal(kf_findings_count(source_fixture_findings), count);
}

/* --- rows ------------------------------------------------------------------------------------ */

char *source_fixture_rows(struct kf_observations *figures)
{
    struct kf_text text;
    struct kf_error err;
    size_t count = 0;
    size_t variables_len = 0;
    kf_text_init(&text, (size_t)1 << 20);
    assert_int_equal(kf_observations_seal(figures, source_fixture_findings, &err), KF_OK);
    const struct kf_observation *rows = kf_observations_rows(figures, &count);
    const struct kf_variable *variables =
        kf_variables_all(source_fixture_catalogue->variables, &variables_len);
    for (size_t i = 0; i < count; i++) {
        char code[KF_MUNICIPALITY_SIZE] = "EAK";
        if (rows[i].municipality != KF_OBSERVATION_COUNTRY) {
            kf_municipality_print(rows[i].municipality, code);
        }
        kf_text_add_format(&text, "%s%s %d %s ", i == 0 ? "" : "; ", code, rows[i].year,
                           variables[rows[i].variable].id);
        if (kf_cell_has_value(rows[i].status)) {
            kf_text_add_format(&text, "%g", rows[i].value);
        }
        kf_cell_print(rows[i].status, ',', &text);
    }
    char *copy = strdup(text.bytes);
    kf_text_clear(&text);
    return copy;
}

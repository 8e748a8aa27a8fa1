/* What `kf releases vintages` prints of an observation store. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/model/cell.h"
#include "services/ingest/store/store.h"
#include "tests/services/ingest/scratch.h"
#include "tools/kf/command.h"
#include "tools/kf/releases_vintages.h"

static struct kf_catalogue *catalogue;
static struct scratch scratch;
static struct kf_error err;

static void add(struct kf_store *store, const char *source, int hour, double oslo, double bergen)
{
    static const struct {
        int code;
    } places[] = {{301}, {4601}, {1103}};
    const double values[] = {oslo, bergen, 7};
    struct kf_findings findings;
    struct kf_vintage vintage = {.kind = "unrevised", .received_ms = 1773558000123};
    enum kf_store_added added = KF_STORE_KNOWN;
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(catalogue->variables, &count);
    const struct kf_variable *people =
        kf_variables_find(catalogue->variables, "folkemengde", strlen("folkemengde"));
    struct kf_observations *table = kf_observations_new(catalogue->variables, 10);
    (void)snprintf(vintage.source, sizeof vintage.source, "%s", source);
    (void)snprintf(vintage.updated, sizeof vintage.updated, "2026-03-15T%02d:00:00Z", hour);
    vintage.updated_ms = 1773532800000 + hour * INT64_C(3600000);
    kf_findings_init(&findings);
    assert_int_equal(kf_observations_begin_file(table, "a", &err), KF_OK);
    for (size_t i = 0; i < 3; i++) {
        const struct kf_observation row = {.value = values[i] < 0 ? 0 : values[i],
                                           .year = 2025,
                                           .variable = (uint16_t)(people - all),
                                           .municipality = (uint16_t)places[i].code,
                                           .status =
                                               values[i] < 0 ? KF_CELL_MISSING : KF_CELL_VALUE};
        assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
    }
    assert_int_equal(kf_observations_seal(table, &findings, &err), KF_OK);
    assert_int_equal(kf_store_add(store, &vintage, table, NULL, &added, &err), KF_OK);
    assert_int_equal(added, KF_STORE_NEW);
    kf_observations_destroy(&table);
    kf_findings_clear(&findings);
}

static int set_up(void **state)
{
    (void)state;
    struct kf_findings *findings = calloc(1, sizeof *findings);
    struct kf_store *store = NULL;
    enum kf_err code = kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, findings, &err);
    free(findings);
    assert_int_equal(code, KF_OK);
    scratch_make(&scratch);
    assert_int_equal(kf_store_open(scratch_path(&scratch, "observations.db"), &store, &err), KF_OK);
    add(store, "ssb-07459", 7, 100, 200);
    add(store, "ssb-07459", 9, 110, -1);
    add(store, "ssb-12362", 7, 5, 6);
    kf_store_close(&store);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_catalogue_destroy(&catalogue);
    scratch_remove(&scratch);
    return 0;
}

/* What the command prints for these words, up to NULL; free it. `code` is what it returns. */
static char *said(enum kf_err code, const char *const *words)
{
    struct kf_arguments *arguments = NULL;
    char *given[16] = {"--state-dir", scratch.path};
    int count = 2;
    size_t plain = 0;
    for (; words[plain] && words[plain][0] != '-'; plain++) {
    }
    for (size_t i = plain; words[i]; i++) {
        given[count++] = (char *)(uintptr_t)words[i];
    }
    assert_int_equal(kf_arguments_read(kf_command_releases.arguments,
                                       kf_command_releases.arguments_len, count, given, &arguments,
                                       &err),
                     KF_OK);
    (void)fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    assert_non_null(freopen(scratch_path(&scratch, "said"), "w", stdout));
    enum kf_err got = kf_releases_vintages(arguments, words, plain, &err);
    (void)fflush(stdout);
    (void)dup2(kept, STDOUT_FILENO);
    (void)close(kept);
    kf_arguments_destroy(&arguments);
    assert_int_equal(got, code);
    return scratch_read(&scratch, "said");
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void all_vintages_are_listed_or_those_of_a_table(void **state)
{
    (void)state;
    char *all = said(KF_OK, (const char *[]){NULL});
    assert_int_equal(lines_of(all), 4);
    assert_non_null(strstr(all, "2026-03-15T09:00:00Z"));
    char *one = said(KF_OK, (const char *[]){"12362", NULL});
    assert_int_equal(lines_of(one), 2);
    assert_non_null(strstr(one, "ssb-12362"));
    char *none = said(KF_OK, (const char *[]){"ssb-1", NULL});
    assert_string_equal(none, "no vintage of ssb-1\n");
    char *json = said(KF_OK, (const char *[]){"12362", "--format", "json", NULL});
    assert_int_equal(lines_of(json), 1);
    static const char begins[] = "{\"vintage\":3,\"source\":\"ssb-12362\","
                                 "\"updated\":\"2026-03-15T07:00:00Z\",\"kind\":\"unrevised\",";
    static const char holds[] = "\"figures\":3,\"estimates\":0,\"newest\":2025,\"content\":\"";
    assert_memory_equal(json, begins, sizeof begins - 1);
    assert_non_null(strstr(json, holds));
    free(said(KF_ERR_CONFIG, (const char *[]){"12362", "--format", "csv", NULL}));
    free(all);
    free(one);
    free(none);
    free(json);
}

static void changes_between_two_are_listed_with_per_cent(void **state)
{
    (void)state;
    char *csv = said(KF_OK, (const char *[]){"1", "2", "--format", "csv", NULL});
    assert_string_equal(csv, "variable,year,municipality,before,after,percent\n"
                             "folkemengde,2025,0301,100,110,+10.00\n"
                             "folkemengde,2025,4601,200,,\n");
    char *table = said(KF_OK, (const char *[]){"1", "2", "--limit", "1", NULL});
    assert_non_null(strstr(table, "2 cells changed; --all lists them\n"));
    assert_null(strstr(table, "4601"));
    char *json = said(KF_OK, (const char *[]){"1", "2", "--format", "json", NULL});
    assert_string_equal(json,
                        "{\"variable\":\"folkemengde\",\"year\":2025,\"municipality\":\"0301\","
                        "\"before\":100,\"after\":110,\"percent\":10.00}\n"
                        "{\"variable\":\"folkemengde\",\"year\":2025,\"municipality\":\"4601\","
                        "\"before\":200,\"after\":null,\"percent\":null}\n");
    free(csv);
    free(table);
    free(json);
}

static void what_cannot_be_compared_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *told;
    } cases[] = {{"1", "3", "vintage 1 is of ssb-07459, 3 of ssb-12362"},
                 {"1", "9", "there is no vintage 9"},
                 {"one", "2", "one is no number of a vintage"}};
    for (size_t i = 0; i < 3; i++) {
        free(said(KF_ERR_CONFIG, (const char *[]){cases[i].a, cases[i].b, NULL}));
        assert_non_null(strstr(err.text, cases[i].told));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_vintages_are_listed_or_those_of_a_table),
        cmocka_unit_test(changes_between_two_are_listed_with_per_cent),
        cmocka_unit_test(what_cannot_be_compared_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#include "tests/support/cmocka.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/ssb/listing.h"

#define RECORDED KF_SOURCE_DIR "/data/api/"

static struct kf_ssb_listing *make(void)
{
    struct kf_ssb_listing *listing = NULL;
    struct kf_error err;
    assert_int_equal(kf_ssb_listing_new(&listing, &err), KF_OK);
    return listing;
}

static enum kf_ssb_cause add(struct kf_ssb_listing *listing, enum kf_ssb_kind kind,
                             const char *json)
{
    struct kf_error err;
    return kf_ssb_listing_add(listing, kind, json, strlen(json), &err);
}

static enum kf_ssb_cause read_alone(enum kf_ssb_kind kind, const char *json)
{
    struct kf_ssb_listing *listing = make();
    enum kf_ssb_cause cause = add(listing, kind, json);
    struct kf_ssb_answer answer = {0};
    kf_ssb_listing_show(listing, &answer);
    assert_true(cause == KF_SSB_NO_CAUSE || answer.tables_len + answer.codes_len == 0);
    kf_ssb_listing_destroy(&listing);
    return cause;
}

/* --- recorded answers ------------------------------------------------------------------------- */

static void the_recorded_municipality_codes_are_read(void **state)
{
    (void)state;
    json_t *root = json_load_file(RECORDED "klass131_codesAt_2026-01-01.json", 0, NULL);
    char *json = json_dumps(root, 0);
    struct kf_ssb_listing *listing = make();
    struct kf_ssb_answer answer = {0};
    assert_int_equal(add(listing, KF_SSB_CODES, json), KF_SSB_NO_CAUSE);
    kf_ssb_listing_show(listing, &answer);
    assert_int_equal(answer.codes_len, 358);
    assert_string_equal(answer.codes[0].code, "0301");
    assert_string_equal(answer.codes[0].name, "Oslo - Oslove");
    kf_ssb_listing_destroy(&listing);
    free(json);
    json_decref(root);
}

/* The body of the recorded exchange of that number, as text; free it. */
static char *recorded_body(size_t number)
{
    json_t *root = json_load_file(RECORDED "klass_http_innspilt_2023-04.json", 0, NULL);
    const json_t *response = json_object_get(json_array_get(root, number), "response");
    char *json = json_dumps(json_object_get(response, "body"), 0);
    json_decref(root);
    assert_non_null(json);
    return json;
}

static void the_recorded_changes_of_codes_are_read(void **state)
{
    (void)state;
    char *json = recorded_body(1);
    struct kf_ssb_listing *listing = make();
    struct kf_ssb_answer answer = {0};
    assert_int_equal(add(listing, KF_SSB_CHANGES, json), KF_SSB_NO_CAUSE);
    kf_ssb_listing_show(listing, &answer);
    assert_true(answer.changes_len > 10);
    assert_string_equal(answer.changes[0].from, "01");
    assert_string_equal(answer.changes[0].from_name, "Østfold");
    assert_string_equal(answer.changes[0].to, "30");
    assert_string_equal(answer.changes[0].to_name, "Viken");
    assert_string_equal(answer.changes[0].date, "2020-01-01");
    kf_ssb_listing_destroy(&listing);
    free(json);
}

static void a_time_without_changes_has_none(void **state)
{
    (void)state;
    char *json = recorded_body(0);
    struct kf_ssb_listing *listing = make();
    struct kf_ssb_answer answer = {0};
    assert_int_equal(add(listing, KF_SSB_CHANGES, json), KF_SSB_NO_CAUSE);
    kf_ssb_listing_show(listing, &answer);
    assert_int_equal(answer.changes_len, 0);
    kf_ssb_listing_destroy(&listing);
    free(json);
}

/* --- tables ----------------------------------------------------------------------------------- */

#define TABLE(id)                                                                                  \
    "{\"type\":\"Table\",\"id\":\"" id "\",\"label\":\"A table\",\"updated\":"                     \
    "\"2026-03-16T07:00:00Z\",\"firstPeriod\":\"2015\",\"lastPeriod\":\"2025\","                   \
    "\"discontinued\":false,\"variableNames\":[\"region\"]}"
#define PAGE(pages, total)                                                                         \
    "\"page\":{\"pageNumber\":1,\"pageSize\":500,\"totalElements\":" total                         \
    ",\"totalPages\":" pages "}}"

static void the_pages_of_a_search_add_up(void **state)
{
    (void)state;
    struct kf_ssb_listing *listing = make();
    struct kf_ssb_answer answer = {0};
    assert_int_equal(kf_ssb_listing_pages(listing), 1);
    assert_int_equal(add(listing, KF_SSB_TABLES,
                         "{\"tables\":[" TABLE("12362") "," TABLE("12367") "]," PAGE("2", "3")),
                     KF_SSB_NO_CAUSE);
    assert_int_equal(kf_ssb_listing_pages(listing), 2);
    assert_int_equal(
        add(listing, KF_SSB_TABLES, "{\"tables\":[" TABLE("07459") "]," PAGE("2", "3")),
        KF_SSB_NO_CAUSE);
    kf_ssb_listing_show(listing, &answer);
    assert_int_equal(answer.tables_len, 3);
    assert_string_equal(answer.tables[0].id, "12362");
    assert_string_equal(answer.tables[2].id, "07459");
    assert_string_equal(answer.tables[2].updated, "2026-03-16T07:00:00Z");
    assert_string_equal(answer.tables[2].first, "2015");
    assert_string_equal(answer.tables[2].last, "2025");
    assert_false(answer.tables[2].discontinued);
    kf_ssb_listing_destroy(&listing);
}

static void a_search_without_results_is_an_empty_list(void **state)
{
    (void)state;
    struct kf_ssb_listing *listing = make();
    assert_int_equal(add(listing, KF_SSB_TABLES, "{\"tables\":[]," PAGE("0", "0")),
                     KF_SSB_NO_CAUSE);
    assert_int_equal(kf_ssb_listing_pages(listing), 1);
    kf_ssb_listing_destroy(&listing);
}

static void a_search_whose_results_change_between_pages_has_changed(void **state)
{
    (void)state;
    struct kf_ssb_listing *listing = make();
    assert_int_equal(
        add(listing, KF_SSB_TABLES, "{\"tables\":[" TABLE("12362") "]," PAGE("2", "2")),
        KF_SSB_NO_CAUSE);
    assert_int_equal(
        add(listing, KF_SSB_TABLES, "{\"tables\":[" TABLE("12367") "]," PAGE("2", "3")),
        KF_SSB_CHANGED);
    kf_ssb_listing_destroy(&listing);
}

static void one_table_is_read_and_what_it_does_not_say_is_empty(void **state)
{
    (void)state;
    struct kf_ssb_listing *listing = make();
    struct kf_ssb_answer answer = {0};
    assert_int_equal(add(listing, KF_SSB_TABLE,
                         "{\"id\":\"1\",\"label\":\"x\",\"updated\":null,\"discontinued\":true}"),
                     KF_SSB_NO_CAUSE);
    kf_ssb_listing_show(listing, &answer);
    assert_int_equal(answer.tables_len, 1);
    assert_string_equal(answer.tables[0].updated, "");
    assert_string_equal(answer.tables[0].last, "");
    assert_true(answer.tables[0].discontinued);
    kf_ssb_listing_destroy(&listing);
}

/* --- what is none ----------------------------------------------------------------------------- */

static void a_document_that_ends_too_early_is_cut(void **state)
{
    (void)state;
    static const char WHOLE[] = "{\"tables\":[" TABLE("12362") "]," PAGE("1", "1");
    char cut[sizeof WHOLE];
    for (size_t length = 1; length + 1 < sizeof WHOLE; length++) {
        memcpy(cut, WHOLE, length);
        cut[length] = '\0';
        assert_int_equal(read_alone(KF_SSB_TABLES, cut), KF_SSB_CUT);
    }
}

static void other_documents_are_foreign(void **state)
{
    (void)state;
    static const char *const TABLES[] = {
        "<html>",
        "[]",
        "{}",
        "{\"tables\":{}}",
        "{\"tables\":[]}",
        "{\"tables\":[1]," PAGE("1", "1"),
        "{\"tables\":[{\"id\":1,\"label\":\"x\"}]," PAGE("1", "1"),
        "{\"tables\":[{\"label\":\"x\"}]," PAGE("1", "1"),
        "{\"tables\":[{\"id\":\"1\",\"label\":\"x\",\"updated\":\"soon\"}]," PAGE("1", "1"),
        "{\"tables\":[{\"id\":\"1\",\"label\":\"x\",\"updated\":5}]," PAGE("1", "1"),
        "{\"tables\":[]," PAGE("100000", "5"),
        "{\"tables\":[]," PAGE("-1", "5"),
        "{\"tables\":[]," PAGE("1", "\"many\""),
        "{\"tables\":[],\"tables\":[]," PAGE("1", "0"),
        "{\"tables\":[]," PAGE("1", "0") "}",
    };
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        assert_int_equal(read_alone(KF_SSB_TABLES, TABLES[i]), KF_SSB_FOREIGN);
    }
    assert_int_equal(read_alone(KF_SSB_CODES, "{\"codes\":[{\"code\":\"0301\"}]}"), KF_SSB_FOREIGN);
    assert_int_equal(read_alone(KF_SSB_CHANGES, "{\"codes\":[]}"), KF_SSB_FOREIGN);
    assert_int_equal(read_alone(KF_SSB_TABLE, "{\"codes\":[]}"), KF_SSB_FOREIGN);
}

static void endless_lists_are_refused(void **state)
{
    (void)state;
    static const char ROW[] = "{\"code\":\"1\",\"name\":\"\"},";
    size_t rows = KF_SSB_LISTED_MAX + 1;
    char *json = malloc(rows * sizeof ROW + 64);
    char *at = json + snprintf(json, 64, "{\"codes\":[");
    for (size_t i = 0; i < rows; i++) {
        memcpy(at, ROW, sizeof ROW - 1);
        at += sizeof ROW - 1;
    }
    memcpy(at - 1, "]}", 3);
    assert_int_equal(read_alone(KF_SSB_CODES, json), KF_SSB_TOO_LARGE);
    free(json);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 0; !done; n++) {
        struct kf_ssb_listing *listing = NULL;
        struct kf_error err;
        kf_memory_fail_after(n);
        enum kf_err code = kf_ssb_listing_new(&listing, &err);
        enum kf_ssb_cause cause = KF_SSB_NO_MEMORY;
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        if (!code) {
            cause = add(listing, KF_SSB_TABLE, TABLE("12362"));
        }
        kf_memory_fail_after(-1);
        kf_ssb_listing_destroy(&listing);
        assert_true(cause == KF_SSB_NO_CAUSE || cause == KF_SSB_NO_MEMORY);
        done = cause == KF_SSB_NO_CAUSE;
        assert_true(n < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recorded_municipality_codes_are_read),
        cmocka_unit_test(the_recorded_changes_of_codes_are_read),
        cmocka_unit_test(a_time_without_changes_has_none),
        cmocka_unit_test(the_pages_of_a_search_add_up),
        cmocka_unit_test(a_search_without_results_is_an_empty_list),
        cmocka_unit_test(a_search_whose_results_change_between_pages_has_changed),
        cmocka_unit_test(one_table_is_read_and_what_it_does_not_say_is_empty),
        cmocka_unit_test(a_document_that_ends_too_early_is_cut),
        cmocka_unit_test(other_documents_are_foreign),
        cmocka_unit_test(endless_lists_are_refused),
        cmocka_unit_test(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"

#define INDEX(release, code, value)                                                                \
    "{\"release\":\"" release "\",\"edition\":\"e\",\"year\":2010,\"municipality\":\"" code        \
    "\",\"sector\":\"total\",\"index\":" value "}"

static struct kf_published *with_release(const char *manifest)
{
    struct kf_error err = {0};
    struct kf_published *published = kf_published_new("e", 2010);
    assert_non_null(published);
    assert_int_equal(add_manifest(published, manifest, 1, &err), KF_OK);
    return published;
}

static const struct kf_published_key oslo = {KF_TOPIC_INDEX, "0301", "total", ""};

static void assert_index(const struct kf_published *published, double expected)
{
    double value = -1;
    assert_true(kf_published_value(published, &oslo, "index", &value));
    assert_close(value, expected, 0);
}

static void the_newest_row_of_a_key_is_kept_and_an_empty_one_removes_it(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = with_release(MANIFEST("r1"));
    const char *key = "e/2010/0301/total";
    double value = 0;
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, key, INDEX("r1", "0301", "97.5"), &err),
                     KF_OK);
    assert_index(published, 97.5);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, key, INDEX("r1", "0301", "98"), &err),
                     KF_OK);
    assert_index(published, 98);
    assert_int_equal(kf_published_rows(published), 1);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, key, NULL, &err), KF_OK);
    assert_false(kf_published_value(published, &oslo, "index", &value));
    kf_published_destroy(&published);
}

static void rows_of_another_release_edition_year_or_topic_are_passed_over(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = with_release(MANIFEST("r1"));
    const char *row = INDEX("r1", "0301", "97.5");
    double value = 0;
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, "e/2010/0301/total",
                             INDEX("aborted", "0301", "1"), &err),
                     KF_OK);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, "e/2011/0301/total", row, &err), KF_OK);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, "ee/2010/0301/total", row, &err), KF_OK);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, "e/2010/", row, &err), KF_OK);
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, NULL, row, &err), KF_OK);
    assert_int_equal(kf_published_rows(published), 0);
    assert_int_equal(add_row(published, KF_TOPIC_EFFICIENCY, "e/2010/0301/total", row, &err),
                     KF_OK);
    assert_false(kf_published_value(published, &oslo, "index", &value));
    kf_published_destroy(&published);
}

static void only_a_committed_manifest_of_this_edition_and_year_counts(void **state)
{
    (void)state;
    static const char *const others[] = {
        "{\"release\":\"x\",\"state\":\"RELEASE_STATE_REJECTED\","
        "\"panels\":[{\"edition\":\"e\",\"year\":2010}]}",
        "{\"release\":\"x\",\"panels\":[{\"edition\":\"e\",\"year\":2010}]}",
        "{\"release\":\"x\",\"state\":\"RELEASE_STATE_COMMITTED\"}",
        "{\"release\":\"x\",\"state\":\"RELEASE_STATE_COMMITTED\","
        "\"panels\":[{\"edition\":\"e\",\"year\":2011},{\"edition\":\"f\",\"year\":2010}]}",
        "{\"release\":\"x\",\"state\":\"RELEASE_STATE_COMMITTED\","
        "\"panels\":[{\"edition\":\"e\",\"year\":2010,\"rejected\":true}]}",
        "{\"state\":\"RELEASE_STATE_COMMITTED\",\"panels\":[{\"edition\":\"e\",\"year\":2010}]}",
    };
    struct kf_error err = {0};
    struct kf_published *published = kf_published_new("e", 2010);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(add_manifest(published, others[i], 1, &err), KF_OK);
        assert_string_equal(kf_published_release(published), "");
    }
    assert_int_equal(add_manifest(published, NULL, 1, &err), KF_OK);
    assert_int_equal(add_manifest(published, MANIFEST("r1"), 1, &err), KF_OK);
    assert_string_equal(kf_published_release(published), "r1");
    kf_published_destroy(&published);
}

static void the_newest_manifest_is_the_one_written_last(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = kf_published_new("e", 2010);
    assert_int_equal(add_manifest(published, MANIFEST("r2"), 20, &err), KF_OK);
    assert_int_equal(add_manifest(published, MANIFEST("r1"), 10, &err), KF_OK);
    assert_string_equal(kf_published_release(published), "r2");
    assert_int_equal(add_manifest(published, MANIFEST("r3"), 20, &err), KF_OK);
    assert_string_equal(kf_published_release(published), "r3");
    kf_published_destroy(&published);
}

static void the_manifest_says_which_topics_hold_how_many_rows(void **state)
{
    (void)state;
    struct kf_published *published = with_release(MANIFEST("r1"));
    const char *topic = NULL;
    const char *rows = NULL;
    assert_true(kf_published_topic(published, 0, &topic, &rows));
    assert_string_equal(topic, "p.index.v1");
    assert_string_equal(rows, "12");
    assert_true(kf_published_topic(published, 1, &topic, &rows));
    assert_string_equal(rows, "0");
    assert_false(kf_published_topic(published, 2, &topic, &rows));
    assert_string_equal(kf_published_text(published, "vintage"), "unrevised");
    assert_string_equal(kf_published_text(published, "previousRelease"), "");
    kf_published_destroy(&published);
}

static void flags_become_a_status_and_names_are_found_in_their_json_form(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = with_release(MANIFEST("r1"));
    const char *row = "{\"release\":\"r1\",\"municipality\":\"0301\",\"sector\":\"total\","
                      "\"flags\":[\"suppressed\",\"missing\",\"imputed\",\"incomplete\",\"new\"],"
                      "\"indexWithoutImputed\":0,\"rank\":\"no number\"}";
    uint8_t status = 0;
    double value = -1;
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, "e/2010/0301/total", row, &err), KF_OK);
    assert_true(kf_published_status(published, &oslo, &status));
    assert_int_equal(status, KF_CELL_CONFIDENTIAL | KF_CELL_IMPUTED | KF_CELL_INCOMPLETE);
    assert_true(kf_published_value(published, &oslo, "index_without_imputed", &value));
    assert_close(value, 0, 0);
    assert_false(kf_published_value(published, &oslo, "rank", &value));
    assert_false(kf_published_value(published, &oslo, "index", &value));
    kf_published_destroy(&published);
}

static void municipalities_are_those_with_a_row_once_in_the_order_of_their_codes(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = with_release(MANIFEST("r1"));
    const char **codes = NULL;
    size_t count = 0;
    (void)add_row(published, KF_TOPIC_INDEX, "e/2010/1902/total", INDEX("r1", "1902", "1"), &err);
    (void)add_row(published, KF_TOPIC_INDEX, "e/2010/0301/total", INDEX("r1", "0301", "1"), &err);
    (void)add_row(published, KF_TOPIC_INDEX, "e/2010/0219/kultur",
                  "{\"release\":\"r1\",\"municipality\":\"0219\",\"sector\":\"kultur\"}", &err);
    (void)add_row(published, KF_TOPIC_EFFICIENCY, "e/2010/0301/total", INDEX("r1", "0301", "1"),
                  &err);
    (void)add_row(published, KF_TOPIC_DEMOGRAPHY, "e/2010/0602/total", INDEX("r1", "0602", "1"),
                  &err);
    (void)add_row(published, KF_TOPIC_RESOURCE_USE, "e/2010/inside",
                  "{\"release\":\"r1\",\"sector\":\"inside\",\"incomeShare\":0.9}", &err);
    assert_int_equal(kf_published_municipalities(published, &codes, &count, &err), KF_OK);
    assert_int_equal(count, 4);
    assert_string_equal(codes[0], "0219");
    assert_string_equal(codes[1], "0301");
    assert_string_equal(codes[2], "0602");
    assert_string_equal(codes[3], "1902");
    kf_free(codes);
    kf_published_destroy(&published);
}

static void rows_of_the_group_are_found_without_a_municipality(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_published *published = with_release(MANIFEST("r1"));
    const struct kf_published_key rate = {KF_TOPIC_UNIT_COST, "", "services", "HTAMDK"};
    const struct kf_published_key of_one = {KF_TOPIC_UNIT_COST, "0301", "services", "HTAMDK"};
    double value = 0;
    assert_int_equal(add_row(published, KF_TOPIC_UNIT_COST, "e/2010/services/HTAMDK",
                             "{\"release\":\"r1\",\"sector\":\"services\","
                             "\"indicator\":\"HTAMDK\",\"rateKr\":659}",
                             &err),
                     KF_OK);
    assert_true(kf_published_value(published, &rate, "rate_kr", &value));
    assert_close(value, 659, 0);
    assert_false(kf_published_value(published, &of_one, "rate_kr", &value));
    kf_published_destroy(&published);
}

static void what_is_no_json_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const values[] = {"", "\x0a\x03r", "{", "{\"release\":", "[]", "{}}", "nul"};
    struct kf_published *published = with_release(MANIFEST("r1"));
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct kf_error err = {0};
        assert_int_equal(add_row(published, KF_TOPIC_INDEX, "e/2010/0301/total", values[i], &err),
                         KF_ERR_DATA);
        assert_true(err.text[0] != '\0');
        assert_int_equal(add_manifest(published, values[i], 5, &err), KF_ERR_DATA);
    }
    assert_string_equal(kf_published_release(published), "r1");
    assert_int_equal(kf_published_rows(published), 0);
    kf_published_destroy(&published);
}

static void a_key_beyond_its_limit_is_refused(void **state)
{
    (void)state;
    struct kf_error err = {0};
    char key[1024] = "e/2010/";
    memset(key + 7, 'x', sizeof key - 8);
    key[sizeof key - 1] = '\0';
    struct kf_published *published = with_release(MANIFEST("r1"));
    assert_int_equal(add_row(published, KF_TOPIC_INDEX, key, INDEX("r1", "0301", "1"), &err),
                     KF_ERR_LIMIT);
    kf_published_destroy(&published);
}

static enum kf_err read_a_little(void)
{
    struct kf_error err = {0};
    const char **codes = NULL;
    size_t count = 0;
    struct kf_published *published = kf_published_new("e", 2010);
    if (!published) {
        return KF_ERR_MEMORY;
    }
    enum kf_err code = add_manifest(published, MANIFEST("r1"), 1, &err);
    if (code == KF_OK) {
        code = add_row(published, KF_TOPIC_INDEX, "e/2010/0301/total", INDEX("r1", "0301", "97.5"),
                       &err);
    }
    if (code == KF_OK) {
        code = kf_published_municipalities(published, &codes, &count, &err);
    }
    kf_free(codes);
    kf_published_destroy(&published);
    return code;
}

static void it_reads_or_fails_cleanly_whichever_allocation_fails(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        assert_true(n < 1000);
        kf_memory_fail_after(n);
        code = read_a_little();
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_row_of_a_key_is_kept_and_an_empty_one_removes_it),
        cmocka_unit_test(rows_of_another_release_edition_year_or_topic_are_passed_over),
        cmocka_unit_test(only_a_committed_manifest_of_this_edition_and_year_counts),
        cmocka_unit_test(the_newest_manifest_is_the_one_written_last),
        cmocka_unit_test(the_manifest_says_which_topics_hold_how_many_rows),
        cmocka_unit_test(flags_become_a_status_and_names_are_found_in_their_json_form),
        cmocka_unit_test(municipalities_are_those_with_a_row_once_in_the_order_of_their_codes),
        cmocka_unit_test(rows_of_the_group_are_found_without_a_municipality),
        cmocka_unit_test(what_is_no_json_is_refused_with_the_reason),
        cmocka_unit_test(a_key_beyond_its_limit_is_refused),
        cmocka_unit_test(it_reads_or_fails_cleanly_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

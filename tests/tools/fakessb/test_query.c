#include "tests/support/cmocka.h"

#include <stdbool.h>
#include <string.h>

#include "tools/fakessb/query.h"

static struct kf_fake_query query;

static void an_address_is_taken_apart(void **state)
{
    (void)state;
    assert_true(
        kf_fake_query_parse("/tables?query=updated:[20260315+TO%2020260316]&pageSize=2&x", &query));
    assert_string_equal(query.path, "/tables");
    assert_int_equal(query.parameters_len, 3);
    assert_string_equal(kf_fake_query_get(&query, "QUERY", ""), "updated:[20260315 TO 20260316]");
    assert_string_equal(kf_fake_query_get(&query, "pagesize", ""), "2");
    assert_string_equal(kf_fake_query_get(&query, "x", "-"), "");
    assert_string_equal(kf_fake_query_get(&query, "y", "-"), "-");
}

static void a_plus_is_a_space_in_parameters_only(void **state)
{
    (void)state;
    assert_true(kf_fake_query_parse("/a+b?c=105%2B&d=1+2", &query));
    assert_string_equal(query.path, "/a+b");
    assert_string_equal(kf_fake_query_get(&query, "c", ""), "105+");
    assert_string_equal(kf_fake_query_get(&query, "d", ""), "1 2");
}

static void the_key_in_brackets_is_found(void **state)
{
    (void)state;
    size_t length = 0;
    assert_true(kf_fake_query_parse("/d?valueCodes[Tid]=1&valueCodes%5BR%5D=2&valueCodes=3&"
                                    "valueCodes[=4",
                                    &query));
    const char *key = kf_fake_parameter_key(&query.parameters[0], "valuecodes", &length);
    assert_int_equal(length, 3);
    assert_memory_equal(key, "Tid", 3);
    key = kf_fake_parameter_key(&query.parameters[1], "valueCodes", &length);
    assert_int_equal(length, 1);
    assert_memory_equal(key, "R", 1);
    assert_null(kf_fake_parameter_key(&query.parameters[2], "valueCodes", &length));
    assert_null(kf_fake_parameter_key(&query.parameters[3], "valueCodes", &length));
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"/%", "/%4", "/%zz", "/%00", "/a?b=%", "/a?%0g=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(kf_fake_query_parse(wrong[i], &query));
    }
}

static void limits_are_kept(void **state)
{
    (void)state;
    char url[KF_FAKE_URL_MAX + 2];
    memset(url, 'a', sizeof url);
    url[0] = '/';
    url[KF_FAKE_URL_MAX + 1] = '\0';
    assert_false(kf_fake_query_parse(url, &query));
    url[KF_FAKE_URL_MAX] = '\0';
    assert_true(kf_fake_query_parse(url, &query));
    url[1] = '?';
    for (size_t i = 2; i < KF_FAKE_URL_MAX; i += 2) {
        url[i] = 'a';
        url[i + 1] = '&';
    }
    url[2 + 2 * (KF_FAKE_PARAMETERS_MAX + 1)] = '\0';
    assert_false(kf_fake_query_parse(url, &query));
    url[2 + 2 * KF_FAKE_PARAMETERS_MAX] = '\0';
    assert_true(kf_fake_query_parse(url, &query));
    assert_int_equal(query.parameters_len, KF_FAKE_PARAMETERS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_taken_apart),
        cmocka_unit_test(a_plus_is_a_space_in_parameters_only),
        cmocka_unit_test(the_key_in_brackets_is_found),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(limits_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

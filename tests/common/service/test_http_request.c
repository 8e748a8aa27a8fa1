#include "tests/support/cmocka.h"

#include <string.h>

#include "common/service/http_request.h"

static struct kf_http_request request;

static int begin(void **state)
{
    (void)state;
    request = (struct kf_http_request){.path = "/", .known = "", .accepts = ""};
    return 0;
}

static void values_are_decoded_and_kept_in_their_order(void **state)
{
    (void)state;
    assert_true(kf_http_request_add(&request, "edition", "need-2026"));
    assert_true(kf_http_request_add(&request, "use", "need%3Aa%2f2020"));
    assert_true(kf_http_request_add(&request, "use", "n%C3%B8"));
    assert_true(kf_http_request_add(&request, "flag", NULL));
    assert_string_equal(kf_http_request_value(&request, "edition"), "need-2026");
    assert_string_equal(kf_http_request_value(&request, "use"), "need:a/2020");
    assert_string_equal(request.values[2].value, "nø");
    assert_string_equal(kf_http_request_value(&request, "flag"), "");
    assert_null(kf_http_request_value(&request, "year"));
}

static void what_is_no_text_is_refused_and_nothing_is_kept(void **state)
{
    (void)state;
    static const char *const broken[] = {"%",    "%4",  "%zz",  "%00",    "a%0Ab",
                                         "\x7f", "%ff", "\xc3", "%c3%28", "%-1"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_false(kf_http_request_add(&request, "name", broken[i]));
        assert_false(kf_http_request_add(&request, broken[i], "value"));
    }
    assert_int_equal(request.values_len, 0);
    assert_int_equal(request.bytes_len, 0);
}

static void there_is_an_end_to_how_many_and_how_long(void **state)
{
    (void)state;
    static char longest[KF_HTTP_QUERY_BYTES_MAX - 2];
    memset(longest, 'x', sizeof longest - 1);
    assert_false(kf_http_request_add(&request, "ab", longest));
    assert_true(kf_http_request_add(&request, "a", longest + 1));
    assert_false(kf_http_request_add(&request, "", ""));
    (void)begin(NULL);
    for (int i = 0; i < KF_HTTP_VALUES_MAX; i++) {
        assert_true(kf_http_request_add(&request, "a", "b"));
    }
    assert_false(kf_http_request_add(&request, "a", "b"));
}

static bool knows(const char *header)
{
    request.known = header;
    return kf_http_request_knows(&request, "W/\"1f\"");
}

static void a_tag_is_found_in_the_list_of_known_ones(void **state)
{
    (void)state;
    assert_true(knows("W/\"1f\""));
    assert_true(knows("\"1f\""));
    assert_true(knows("\"a\", W/\"1f\""));
    assert_true(knows("*"));
    assert_false(knows(""));
    assert_false(knows("\"1\""));
    assert_false(knows("\"1ff\""));
    assert_false(knows("1f"));
    assert_false(knows(",, ,"));
}

static bool takes(const char *header)
{
    request.accepts = header;
    return kf_http_request_takes_gzip(&request);
}

static void gzip_is_taken_by_whoever_says_so(void **state)
{
    (void)state;
    assert_true(takes("gzip"));
    assert_true(takes("deflate, GZIP;q=0.5, br"));
    assert_true(takes("br,gzip ; q=1.0"));
    assert_false(takes(""));
    assert_false(takes("br, xgzip"));
    assert_false(takes("gzip;q=0"));
    assert_false(takes("gzip; q=0.000 "));
    assert_false(takes("identity"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(values_are_decoded_and_kept_in_their_order, begin),
        cmocka_unit_test_setup(what_is_no_text_is_refused_and_nothing_is_kept, begin),
        cmocka_unit_test_setup(there_is_an_end_to_how_many_and_how_long, begin),
        cmocka_unit_test_setup(a_tag_is_found_in_the_list_of_known_ones, begin),
        cmocka_unit_test_setup(gzip_is_taken_by_whoever_says_so, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

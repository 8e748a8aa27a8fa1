#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/ssb/headers.h"

#define NOW_MS INT64_C(1773644400000) /* 2026-03-16T07:00:00Z */

static struct kf_ssb_headers read_lines(const char *const *lines)
{
    struct kf_ssb_headers headers;
    kf_ssb_headers_init(&headers);
    for (; *lines; lines++) {
        kf_ssb_headers_line(&headers, *lines, strlen(*lines), NOW_MS);
    }
    return headers;
}

static void the_head_of_a_recorded_answer_is_read(void **state)
{
    (void)state;
    const char *const lines[] = {"HTTP/1.1 200 OK\r\n",
                                 "Content-Type: application/json; charset=utf-8\r\n",
                                 "x-ratelimit-limit: 40\r\n",
                                 "x-ratelimit-policy: 40;w=60s\r\n",
                                 "x-ratelimit-remaining: 39\r\n",
                                 "x-ratelimit-resource: SB_API_1MIN\r\n",
                                 "ETag: W/\"abc\"\r\n",
                                 "\r\n",
                                 NULL};
    struct kf_ssb_headers headers = read_lines(lines);
    assert_string_equal(headers.content_type, "application/json");
    assert_string_equal(headers.etag, "W/\"abc\"");
    assert_int_equal(headers.limit, 40);
    assert_int_equal(headers.window_ms, 60000);
    assert_true(headers.has_remaining);
    assert_int_equal(headers.remaining, 39);
    assert_int_equal(headers.retry_after, -1);
}

static void names_have_no_case_and_values_no_spaces_around(void **state)
{
    (void)state;
    const char *const lines[] = {"RETRY-AFTER:37", "X-RateLimit-Remaining:   0  \r\n", NULL};
    struct kf_ssb_headers headers = read_lines(lines);
    assert_int_equal(headers.retry_after, 37000);
    assert_true(headers.has_remaining);
    assert_int_equal(headers.remaining, 0);
}

static void a_date_to_retry_after_counts_from_the_day(void **state)
{
    (void)state;
    const char *const in_time[] = {"Retry-After: Mon, 16 Mar 2026 07:01:30 GMT", NULL};
    const char *const past[] = {"Retry-After: Mon, 16 Mar 2026 06:01:30 GMT", NULL};
    assert_int_equal(read_lines(in_time).retry_after, 90000);
    assert_int_equal(read_lines(past).retry_after, 0);
}

static void no_server_makes_us_wait_longer_than_the_bound(void **state)
{
    (void)state;
    const char *const days[] = {"Retry-After: 864000", NULL};
    const char *const endless[] = {"Retry-After: 99999999999999999999999", NULL};
    const char *const date[] = {"Retry-After: Mon, 16 Mar 2037 06:01:30 GMT", NULL};
    const char *const window[] = {"x-ratelimit-policy: 40;w=864000s", NULL};
    const char *const far[] = {"Retry-After: Mon, 09 Mar 2099999999", NULL};
    assert_int_equal(read_lines(far).retry_after, KF_SSB_WAIT_MAX_MS);
    assert_int_equal(read_lines(days).retry_after, KF_SSB_WAIT_MAX_MS);
    assert_int_equal(read_lines(endless).retry_after, KF_SSB_WAIT_MAX_MS);
    assert_int_equal(read_lines(date).retry_after, KF_SSB_WAIT_MAX_MS);
    assert_int_equal(read_lines(window).window_ms, KF_SSB_WAIT_MAX_MS);
}

static void what_is_malformed_was_not_said(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "Retry-After: soon",
        "Retry-After: -5",
        "Retry-After:",
        "x-ratelimit-limit: 0",
        "x-ratelimit-limit: forty",
        "x-ratelimit-limit: -1",
        "x-ratelimit-policy: 40",
        "x-ratelimit-policy: 40;w=",
        "x-ratelimit-policy: w=60s",
        "x-ratelimit-policy: ,,",
        "x-ratelimit-remaining: x",
        "etag: a\tb",
        "no colon at all",
        ":",
        "",
    };
    struct kf_ssb_headers nothing;
    kf_ssb_headers_init(&nothing);
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        const char *const lines[] = {LINES[i], NULL};
        struct kf_ssb_headers headers = read_lines(lines);
        assert_memory_equal(&headers, &nothing, sizeof headers);
    }
}

static void the_policy_tells_the_window_whatever_the_order(void **state)
{
    (void)state;
    const char *const after[] = {"x-ratelimit-limit: 10", "x-ratelimit-policy: 10;w=1s", NULL};
    const char *const before[] = {"x-ratelimit-policy: 10;w=1s", "x-ratelimit-limit: 10", NULL};
    assert_int_equal(read_lines(after).window_ms, 1000);
    assert_int_equal(read_lines(before).window_ms, 1000);
    assert_int_equal(read_lines(before).limit, 10);
}

static void of_several_policies_the_strictest_counts(void **state)
{
    (void)state;
    const char *const lines[] = {"x-ratelimit-policy: 40;w=60s, 100;w=3600, 5;w=1s", NULL};
    struct kf_ssb_headers headers = read_lines(lines);
    assert_int_equal(headers.limit, 100);
    assert_int_equal(headers.window_ms, 3600000);
}

static void a_new_head_forgets_the_one_before(void **state)
{
    (void)state;
    const char *const lines[] = {
        "HTTP/1.1 100 Continue", "Retry-After: 5", "", "HTTP/1.1 200 OK", "", NULL};
    assert_int_equal(read_lines(lines).retry_after, -1);
}

static void endless_values_are_passed_over(void **state)
{
    (void)state;
    char line[2048];
    struct kf_ssb_headers headers;
    memset(line, 'x', sizeof line);
    memcpy(line, "ETag: ", 6);
    kf_ssb_headers_init(&headers);
    kf_ssb_headers_line(&headers, line, sizeof line, NOW_MS);
    assert_string_equal(headers.etag, "");
    kf_ssb_headers_line(&headers, line, 6 + KF_SSB_ETAG_SIZE, NOW_MS);
    assert_string_equal(headers.etag, "");
    kf_ssb_headers_line(&headers, line, 6 + KF_SSB_ETAG_SIZE - 1, NOW_MS);
    assert_int_equal(strlen(headers.etag), KF_SSB_ETAG_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_recorded_answer_is_read),
        cmocka_unit_test(names_have_no_case_and_values_no_spaces_around),
        cmocka_unit_test(a_date_to_retry_after_counts_from_the_day),
        cmocka_unit_test(no_server_makes_us_wait_longer_than_the_bound),
        cmocka_unit_test(what_is_malformed_was_not_said),
        cmocka_unit_test(the_policy_tells_the_window_whatever_the_order),
        cmocka_unit_test(of_several_policies_the_strictest_counts),
        cmocka_unit_test(a_new_head_forgets_the_one_before),
        cmocka_unit_test(endless_values_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

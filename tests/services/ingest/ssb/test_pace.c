#include "tests/support/cmocka.h"

#include "services/ingest/ssb/pace.h"

#define MINUTE_MS INT64_C(60000)
#define CALLS     4000

/* A generator of our own, so that a failure can be repeated. */
static uint64_t random_state;

static uint64_t below(uint64_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

static struct kf_ssb_headers said(unsigned limit, int64_t window_ms)
{
    struct kf_ssb_headers headers;
    kf_ssb_headers_init(&headers);
    headers.limit = limit;
    headers.window_ms = window_ms;
    return headers;
}

/* When calls reached the server, wherever between beginning and end. */
static int64_t arrivals[CALLS];

/* The most arrivals in any window [t, t + window). */
static size_t most_in_a_window(size_t count, int64_t window_ms)
{
    size_t most = 0;
    for (size_t first = 0, last = 0; last < count; last++) {
        while (arrivals[last] - arrivals[first] >= window_ms) {
            first++;
        }
        most = last - first + 1 > most ? last - first + 1 : most;
    }
    return most;
}

/* Calls of any length, asked for as soon as they may be or somewhat later. */
static void make_calls(struct kf_ssb_pace *pace, const struct kf_ssb_headers *headers,
                       int64_t longest_ms)
{
    int64_t now_ms = (int64_t)below(1000000);
    for (size_t i = 0; i < CALLS; i++) {
        now_ms += below(4) ? 0 : (int64_t)below(20000);
        now_ms = kf_ssb_pace_next(pace, now_ms);
        kf_ssb_pace_begin(pace, now_ms);
        int64_t took_ms = (int64_t)below((uint64_t)longest_ms + 1);
        arrivals[i] = now_ms + (int64_t)below((uint64_t)took_ms + 1);
        now_ms += took_ms;
        kf_ssb_pace_end(pace, now_ms, headers);
    }
}

static void no_minute_sees_more_calls_than_allowed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 40; seed++) {
        struct kf_ssb_pace pace;
        random_state = seed;
        unsigned calls_max = (unsigned)below(60) + 1;
        kf_ssb_pace_init(&pace, calls_max);
        make_calls(&pace, NULL, (int64_t)below(5000));
        assert_true(most_in_a_window(CALLS, MINUTE_MS) <= calls_max);
    }
}

static void no_window_of_the_servers_sees_more_than_it_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 40; seed++) {
        struct kf_ssb_pace pace;
        random_state = seed;
        unsigned limit = (unsigned)below(20) + 1;
        int64_t window_ms = (int64_t)below(120000) + 1000;
        struct kf_ssb_headers headers = said(limit, window_ms);
        kf_ssb_pace_init(&pace, 30);
        kf_ssb_pace_end(&pace, 0, &headers);
        make_calls(&pace, &headers, (int64_t)below(5000));
        assert_true(most_in_a_window(CALLS, window_ms) <= limit);
        assert_true(most_in_a_window(CALLS, MINUTE_MS) <= 30);
    }
}

static void the_rate_is_used_up_when_there_is_much_to_ask(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    int64_t now_ms = 0;
    kf_ssb_pace_init(&pace, 30);
    for (int i = 0; i < 300; i++) {
        now_ms = kf_ssb_pace_next(&pace, now_ms);
        kf_ssb_pace_begin(&pace, now_ms);
        kf_ssb_pace_end(&pace, now_ms, NULL);
    }
    assert_int_equal(now_ms, 9 * MINUTE_MS);
}

static void a_server_that_allows_more_does_not_make_us_faster(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    struct kf_ssb_headers headers = said(1000, MINUTE_MS);
    kf_ssb_pace_init(&pace, 2);
    for (int i = 0; i < 2; i++) {
        kf_ssb_pace_begin(&pace, 0);
        kf_ssb_pace_end(&pace, 10, &headers);
    }
    assert_int_equal(kf_ssb_pace_next(&pace, 20), 10 + MINUTE_MS);
}

static void retry_after_closes_the_door(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    struct kf_ssb_headers headers = said(0, 0);
    headers.retry_after = 37000;
    kf_ssb_pace_init(&pace, 30);
    kf_ssb_pace_begin(&pace, 100);
    kf_ssb_pace_end(&pace, 200, &headers);
    assert_int_equal(kf_ssb_pace_next(&pace, 300), 37200);
    assert_int_equal(kf_ssb_pace_next(&pace, 40000), 40000);
}

static void nothing_remaining_means_waiting_for_the_next_window(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    struct kf_ssb_headers headers = said(40, 30000);
    headers.has_remaining = true;
    kf_ssb_pace_init(&pace, 30);
    kf_ssb_pace_begin(&pace, 0);
    kf_ssb_pace_end(&pace, 100, &headers);
    assert_int_equal(kf_ssb_pace_next(&pace, 200), 30100);
}

static void answers_without_a_head_use_up_what_remained(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    struct kf_ssb_headers headers = said(40, MINUTE_MS);
    headers.has_remaining = true;
    headers.remaining = 2;
    kf_ssb_pace_init(&pace, 30);
    kf_ssb_pace_begin(&pace, 0);
    kf_ssb_pace_end(&pace, 0, &headers);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kf_ssb_pace_next(&pace, 10), 10);
        kf_ssb_pace_begin(&pace, 10);
        kf_ssb_pace_end(&pace, 10, NULL);
    }
    assert_int_equal(kf_ssb_pace_next(&pace, 20), MINUTE_MS);
    kf_ssb_pace_begin(&pace, MINUTE_MS);
    kf_ssb_pace_end(&pace, MINUTE_MS, NULL);
    assert_int_equal(kf_ssb_pace_next(&pace, MINUTE_MS + 1), MINUTE_MS + 1);
}

static void the_bounds_of_the_rate_are_kept(void **state)
{
    (void)state;
    struct kf_ssb_pace pace;
    kf_ssb_pace_init(&pace, 0);
    assert_int_equal(pace.calls_max, 1);
    kf_ssb_pace_init(&pace, 100000);
    assert_int_equal(pace.calls_max, KF_SSB_PACE_CALLS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_minute_sees_more_calls_than_allowed),
        cmocka_unit_test(no_window_of_the_servers_sees_more_than_it_says),
        cmocka_unit_test(the_rate_is_used_up_when_there_is_much_to_ask),
        cmocka_unit_test(a_server_that_allows_more_does_not_make_us_faster),
        cmocka_unit_test(retry_after_closes_the_door),
        cmocka_unit_test(nothing_remaining_means_waiting_for_the_next_window),
        cmocka_unit_test(answers_without_a_head_use_up_what_remained),
        cmocka_unit_test(the_bounds_of_the_rate_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

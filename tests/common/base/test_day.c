#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/day.h"

static int64_t time_of(const char *text)
{
    int64_t wall_ms = -1;
    assert_true(kf_day_time(text, &wall_ms));
    return wall_ms;
}

static void a_time_is_milliseconds_since_1970(void **state)
{
    (void)state;
    assert_int_equal(time_of("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(time_of("2001-09-09T01:46:40Z"), INT64_C(1000000000000));
    assert_int_equal(time_of("2026-03-16T08:00:00+01:00"), time_of("2026-03-16T07:00:00Z"));
    assert_int_equal(time_of("2026-06-14T23:30:00-07:30"), time_of("2026-06-15T07:00:00Z"));
    assert_int_equal(time_of("2024-02-29"), time_of("2024-03-01") - INT64_C(86400000));
    assert_int_equal(time_of("1969-12-31T23:59:59.5Z"), -500);
    assert_int_equal(time_of("2026-03-16T07:00:00.1239Z") % 1000, 123);
}

static void what_the_clock_prints_is_read_back(void **state)
{
    (void)state;
    static const int64_t times[] = {0, 951782400000, 1773644400123, 4102444799999};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[KF_CLOCK_TEXT_SIZE];
        kf_clock_print(times[i], text);
        assert_int_equal(time_of(text), times[i]);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "2026",
                                        "2026-3-16",
                                        "2026-13-01",
                                        "2026-02-29",
                                        "2026-00-10",
                                        "2026-03-16T",
                                        "2026-03-16T07:00Z",
                                        "2026-03-16T07:00:00",
                                        "2026-03-16T24:00:00Z",
                                        "2026-03-16T07:00:00Zx",
                                        "2026-03-16T07:00:00.Z",
                                        "2026-03-16T07:00:00+0100",
                                        "-026-03-16",
                                        "2026-03-16 "};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t wall_ms = 7;
        assert_false(kf_day_time(texts[i], &wall_ms));
        assert_int_equal(wall_ms, 7);
    }
}

static void without_a_text_it_is_the_real_clock(void **state)
{
    (void)state;
    struct kf_day day;
    struct kf_error err;
    assert_int_equal(kf_day_parse("", &day, &err), KF_OK);
    int64_t before_ms = kf_clock_wall_ms();
    assert_in_range(kf_day_wall_ms(&day), before_ms, before_ms + 60000);
    assert_int_equal(kf_day_real_ms(&day, 1234), 1234);
}

static void it_starts_where_it_is_told_and_runs_as_fast(void **state)
{
    (void)state;
    struct kf_day day;
    struct kf_error err;
    assert_int_equal(kf_day_parse("2026-03-16T04:55:00Z,600", &day, &err), KF_OK);
    int64_t start_ms = time_of("2026-03-16T04:55:00Z");
    assert_in_range(kf_day_wall_ms(&day), start_ms, start_ms + 600 * 60000);
    assert_int_equal(kf_day_wall_ms(&day) % 600, start_ms % 600);
    assert_int_equal(kf_day_real_ms(&day, 600000), 1000);
    assert_int_equal(kf_day_real_ms(&day, 1), 1);
    assert_int_equal(kf_day_real_ms(&day, 0), 0);
}

static void an_anchor_is_the_moment_it_started(void **state)
{
    (void)state;
    struct kf_day day;
    struct kf_error err;
    char text[96];
    (void)snprintf(text, sizeof text, "2026-03-16,10,%lld",
                   (long long)(kf_clock_wall_ms() - 60000));
    assert_int_equal(kf_day_parse(text, &day, &err), KF_OK);
    int64_t expected_ms = time_of("2026-03-16") + 600000;
    assert_in_range(kf_day_wall_ms(&day), expected_ms - 10000, expected_ms + 600000);
}

static void what_is_no_day_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"08:00",
                                        "2026-03-16T04:55:00Z,0",
                                        "2026-03-16T04:55:00Z,100001",
                                        "2026-03-16T04:55:00Z,fast",
                                        "2026-03-16T04:55:00Z,1,2,3",
                                        "2026-03-16T04:55:00.00000000000000000000000000Z"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kf_day day = {.start_ms = 1, .anchor_ms = 2, .speed = 3};
        struct kf_error err;
        assert_int_equal(kf_day_parse(texts[i], &day, &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, "2026-03-16T04:55:00Z,600"));
        assert_int_equal(day.speed, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_milliseconds_since_1970),
        cmocka_unit_test(what_the_clock_prints_is_read_back),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(without_a_text_it_is_the_real_clock),
        cmocka_unit_test(it_starts_where_it_is_told_and_runs_as_fast),
        cmocka_unit_test(an_anchor_is_the_moment_it_started),
        cmocka_unit_test(what_is_no_day_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

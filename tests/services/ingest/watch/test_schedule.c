#include "services/ingest/watch/schedule.h"

#include "tests/support/cmocka.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static const struct kf_schedule ordinary = {
    .to_event_ms = 24 * HOUR * 30, .since_event_ms = 24 * HOUR * 60, .quiet_ms = 2 * MINUTE};

static int64_t pause_of(struct kf_schedule schedule)
{
    return kf_schedule_pause_ms(&schedule);
}

static void an_ordinary_day_is_searched_every_hour(void **state)
{
    (void)state;
    struct kf_schedule schedule = ordinary;
    assert_int_equal(pause_of(schedule), HOUR);
    schedule.to_event_ms = -1;
    schedule.since_event_ms = -1;
    assert_int_equal(pause_of(schedule), HOUR);
}

static void the_day_of_an_event_is_searched_every_five_minutes(void **state)
{
    (void)state;
    struct kf_schedule schedule = ordinary;
    schedule.on_day = true;
    assert_int_equal(pause_of(schedule), 5 * MINUTE);
}

static void no_pause_reaches_beyond_the_hour_of_an_event(void **state)
{
    (void)state;
    struct kf_schedule schedule = ordinary;
    schedule.to_event_ms = 7 * MINUTE;
    assert_int_equal(pause_of(schedule), 7 * MINUTE);
    schedule.on_day = true;
    schedule.to_event_ms = 90 * SECOND;
    assert_int_equal(pause_of(schedule), 90 * SECOND);
    schedule.failures = 9;
    assert_int_equal(pause_of(schedule), 90 * SECOND);
    schedule.to_event_ms = 3;
    assert_int_equal(pause_of(schedule), SECOND);
}

static void an_event_is_awaited_every_twenty_seconds_then_every_minute(void **state)
{
    (void)state;
    struct kf_schedule schedule = ordinary;
    schedule.awaited = true;
    schedule.since_event_ms = 0;
    assert_int_equal(pause_of(schedule), 20 * SECOND);
    schedule.since_event_ms = HOUR - 1;
    assert_int_equal(pause_of(schedule), 20 * SECOND);
    schedule.since_event_ms = HOUR;
    assert_int_equal(pause_of(schedule), MINUTE);
}

static void a_change_is_confirmed_once_it_has_been_quiet(void **state)
{
    (void)state;
    struct kf_schedule schedule = ordinary;
    schedule.changed = true;
    assert_int_equal(pause_of(schedule), 2 * MINUTE);
    schedule.awaited = true;
    schedule.since_event_ms = 10 * MINUTE;
    assert_int_equal(pause_of(schedule), 20 * SECOND);
}

static void failures_make_pauses_grow_up_to_a_quarter_of_an_hour(void **state)
{
    (void)state;
    static const int64_t pauses[] = {15, 30, 60, 120, 240, 480, 900, 900};
    struct kf_schedule schedule = ordinary;
    for (unsigned i = 0; i < 8; i++) {
        schedule.failures = i + 1;
        assert_int_equal(pause_of(schedule), pauses[i] * SECOND);
    }
    schedule.failures = UINT32_MAX;
    assert_int_equal(pause_of(schedule), 900 * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_day_is_searched_every_hour),
        cmocka_unit_test(the_day_of_an_event_is_searched_every_five_minutes),
        cmocka_unit_test(no_pause_reaches_beyond_the_hour_of_an_event),
        cmocka_unit_test(an_event_is_awaited_every_twenty_seconds_then_every_minute),
        cmocka_unit_test(a_change_is_confirmed_once_it_has_been_quiet),
        cmocka_unit_test(failures_make_pauses_grow_up_to_a_quarter_of_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Oslo's days and clock, against printed calendars and the European Union's directive. */
#include "services/ingest/watch/oslo.h"

#include "common/base/day.h"
#include "tests/support/cmocka.h"

struct ymd {
    int year, month, day;
};

static int64_t day_of(struct ymd ymd)
{
    return kf_oslo_day(ymd.year, ymd.month, ymd.day);
}

static int64_t utc(const char *text)
{
    int64_t ms = 0;
    assert_true(kf_day_time(text, &ms));
    return ms;
}

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    assert_int_equal(kf_oslo_day(1970, 1, 1), 0);
    assert_int_equal(kf_oslo_day(1969, 12, 31), -1);
    assert_int_equal(kf_oslo_day(2000, 3, 1), 11017); /* 30 years, 7 leap days, 31 + 29 days */
    assert_int_equal(kf_oslo_day(2026, 3, 16) * 86400000, utc("2026-03-16"));
}

static void a_day_knows_its_year(void **state)
{
    (void)state;
    for (int year = 1583; year <= 2200; year++) {
        assert_int_equal(kf_oslo_year(kf_oslo_day(year, 1, 1)), year);
        assert_int_equal(kf_oslo_year(kf_oslo_day(year, 12, 31)), year);
    }
}

/* As printed in almanacs; 1954, 1981, 2049 and 2076 are the years of the rule's two exceptions. */
static void easter_is_where_almanacs_have_it(void **state)
{
    (void)state;
    static const struct ymd sundays[] = {
        {1954, 4, 18}, {1981, 4, 19}, {2015, 4, 5},  {2016, 3, 27}, {2017, 4, 16},
        {2018, 4, 1},  {2019, 4, 21}, {2020, 4, 12}, {2021, 4, 4},  {2022, 4, 17},
        {2023, 4, 9},  {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},  {2027, 3, 28},
        {2028, 4, 16}, {2029, 4, 1},  {2030, 4, 21}, {2049, 4, 18}, {2076, 4, 19},
    };
    for (size_t i = 0; i < sizeof sundays / sizeof sundays[0]; i++) {
        assert_int_equal(kf_oslo_easter(sundays[i].year), day_of(sundays[i]));
    }
}

static void holidays_and_week_ends_are_no_working_days(void **state)
{
    (void)state;
    static const struct ymd free_days[] = {
        {2026, 1, 1},  {2026, 4, 2},   {2026, 4, 3},   {2026, 4, 5},  {2026, 4, 6},
        {2026, 5, 1},  {2026, 5, 14},  {2026, 5, 17}, /* Ascension Day 2026: 14 May */
        {2026, 5, 25}, {2026, 12, 25}, {2026, 12, 26}, {2026, 3, 14}, {2026, 3, 15},
        {2024, 5, 9},  {2024, 5, 20}, /* 2024: Ascension Day, Whit Monday */
        {2021, 5, 13}, {2021, 5, 24},
    };
    static const struct ymd working_days[] = {
        {2026, 3, 16}, {2026, 6, 15}, {2026, 4, 1},   {2026, 4, 7},   {2026, 5, 15},
        {2026, 5, 18}, {2026, 5, 26}, {2026, 12, 24}, {2026, 12, 31},
    };
    for (size_t i = 0; i < sizeof free_days / sizeof free_days[0]; i++) {
        assert_false(kf_oslo_is_working_day(day_of(free_days[i])));
    }
    for (size_t i = 0; i < sizeof working_days / sizeof working_days[0]; i++) {
        assert_true(kf_oslo_is_working_day(day_of(working_days[i])));
    }
}

static void the_next_working_day_may_be_far(void **state)
{
    (void)state;
    /* Maundy Thursday 2026 to the Tuesday after Easter; Christmas Friday 2026 to the Monday. */
    assert_int_equal(kf_oslo_working_day_from(kf_oslo_day(2026, 4, 2)), kf_oslo_day(2026, 4, 7));
    assert_int_equal(kf_oslo_working_day_from(kf_oslo_day(2026, 12, 25)),
                     kf_oslo_day(2026, 12, 28));
    assert_int_equal(kf_oslo_working_day_from(kf_oslo_day(2026, 3, 16)), kf_oslo_day(2026, 3, 16));
}

/* As recorded: 16 March 2026 at 08.00 is 07.00 UTC, 15 June 06.00 UTC. */
static void the_clock_is_one_hour_ahead_in_winter_and_two_in_summer(void **state)
{
    (void)state;
    assert_int_equal(kf_oslo_at_ms(kf_oslo_day(2026, 3, 16), 480), utc("2026-03-16T07:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(kf_oslo_day(2026, 6, 15), 480), utc("2026-06-15T06:00:00Z"));
}

/* 29 March 2026 has no hour from 02 to 03, 25 October 2026 has it twice. */
static void the_clock_changes_on_the_last_sundays_of_march_and_october(void **state)
{
    (void)state;
    int64_t spring = kf_oslo_day(2026, 3, 29);
    int64_t autumn = kf_oslo_day(2026, 10, 25);
    assert_int_equal(kf_oslo_at_ms(spring, 0), utc("2026-03-28T23:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(spring, 119), utc("2026-03-29T00:59:00Z"));
    assert_int_equal(kf_oslo_at_ms(spring, 180), utc("2026-03-29T01:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(spring, 480), utc("2026-03-29T06:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(spring + 1, 0) - kf_oslo_at_ms(spring, 0), 23 * 3600000);
    assert_int_equal(kf_oslo_at_ms(autumn, 0), utc("2026-10-24T22:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(autumn, 119), utc("2026-10-24T23:59:00Z"));
    assert_int_equal(kf_oslo_at_ms(autumn, 150), utc("2026-10-25T01:30:00Z"));
    assert_int_equal(kf_oslo_at_ms(autumn, 480), utc("2026-10-25T07:00:00Z"));
    assert_int_equal(kf_oslo_at_ms(autumn + 1, 0) - kf_oslo_at_ms(autumn, 0), 25 * 3600000);
}

static void midnight_is_oslos(void **state)
{
    (void)state;
    assert_int_equal(kf_oslo_day_at(utc("2026-03-15T22:59:59Z")), kf_oslo_day(2026, 3, 15));
    assert_int_equal(kf_oslo_day_at(utc("2026-03-15T23:00:00Z")), kf_oslo_day(2026, 3, 16));
    assert_int_equal(kf_oslo_day_at(utc("2026-06-14T21:59:59Z")), kf_oslo_day(2026, 6, 14));
    assert_int_equal(kf_oslo_day_at(utc("2026-06-14T22:00:00Z")), kf_oslo_day(2026, 6, 15));
    assert_int_equal(kf_oslo_day_at(-1), kf_oslo_day(1970, 1, 1));
}

static void it_is_written_as_people_there_write_it(void **state)
{
    (void)state;
    char text[KF_OSLO_TEXT_SIZE];
    kf_oslo_print(utc("2026-03-16T07:00:00Z"), text);
    assert_string_equal(text, "2026-03-16 08.00");
    kf_oslo_print(utc("2026-06-14T22:05:59Z"), text);
    assert_string_equal(text, "2026-06-15 00.05");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(a_day_knows_its_year),
        cmocka_unit_test(easter_is_where_almanacs_have_it),
        cmocka_unit_test(holidays_and_week_ends_are_no_working_days),
        cmocka_unit_test(the_next_working_day_may_be_far),
        cmocka_unit_test(the_clock_is_one_hour_ahead_in_winter_and_two_in_summer),
        cmocka_unit_test(the_clock_changes_on_the_last_sundays_of_march_and_october),
        cmocka_unit_test(midnight_is_oslos),
        cmocka_unit_test(it_is_written_as_people_there_write_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The calendar that comes with the program, worked out by hand, and calendars with faults. */
#include "services/ingest/watch/calendar.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/day.h"
#include "common/base/memory.h"
#include "tests/services/ingest/scratch.h"
#include "tests/support/cmocka.h"

#define HEAD "publications:\n  - id: p\n    name: {nb: P, en: P}\n"
#define RULE                                                                                       \
    "    rules:\n      - {vintage: revised, day: \"05-17\", time: \"08:00\", data_year: -1, "      \
    "from: 2020, to: 2021, source: s}\n"

static struct scratch scratch;
static struct kf_calendar *calendar;
static struct kf_findings findings;
static struct kf_error err;

static int64_t utc(const char *text)
{
    int64_t ms = 0;
    assert_true(kf_day_time(text, &ms));
    return ms;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    kf_findings_init(&findings);
    return mkdir(scratch_path(&scratch, "sources"), 0700);
}

static int tear_down(void **state)
{
    (void)state;
    kf_calendar_destroy(&calendar);
    kf_findings_clear(&findings);
    scratch_remove(&scratch);
    return 0;
}

static void read_ours(void)
{
    assert_int_equal(kf_calendar_read(KF_SOURCE_DIR "/editions", &calendar, &findings, &err),
                     KF_OK);
    assert_int_equal(kf_findings_count(&findings), 0);
}

static enum kf_err read_text(const char *text)
{
    kf_calendar_destroy(&calendar);
    kf_findings_clear(&findings);
    scratch_write_text(&scratch, "sources/calendar.yaml", text);
    return kf_calendar_read(scratch.path, &calendar, &findings, &err);
}

static void assert_next(const char *after, const char *at, const char *vintage, int data_year)
{
    struct kf_calendar_event event;
    assert_true(kf_calendar_next(calendar, "kostra", utc(after), &event));
    assert_int_equal(event.at_ms, utc(at));
    assert_string_equal(event.vintage, vintage);
    assert_int_equal(event.data_year, data_year);
}

/* Weekdays of 15 March and 15 June from a printed calendar; where they fall on a week-end the
 * Monday counts. 08.00 is 07.00 UTC in March, 06.00 in June. */
static void kostra_comes_on_the_first_working_day_from_the_fifteenth(void **state)
{
    (void)state;
    static const struct {
        const char *march, *june;
    } events[] = {
        {"2015-03-16", "2015-06-15"}, {"2016-03-15", "2016-06-15"}, {"2017-03-15", "2017-06-15"},
        {"2018-03-15", "2018-06-15"}, {"2019-03-15", "2019-06-17"}, {"2020-03-16", "2020-06-15"},
        {"2021-03-15", "2021-06-15"}, {"2022-03-15", "2022-06-15"}, {"2023-03-15", "2023-06-15"},
        {"2024-03-15", "2024-06-17"}, {"2025-03-17", "2025-06-16"}, {"2026-03-16", "2026-06-15"},
        {"2027-03-15", "2027-06-15"}, {"2028-03-15", "2028-06-15"}, {"2029-03-15", "2029-06-15"},
        {"2030-03-15", "2030-06-17"},
    };
    read_ours();
    for (int i = 0; i < 16; i++) {
        char after[32];
        char march[32];
        char june[32];
        (void)snprintf(after, sizeof after, "%d-01-01", 2015 + i);
        (void)snprintf(march, sizeof march, "%sT07:00:00Z", events[i].march);
        (void)snprintf(june, sizeof june, "%sT06:00:00Z", events[i].june);
        assert_next(after, march, "unrevised", 2014 + i);
        assert_next(march, june, "revised", 2014 + i);
    }
}

#define TWO                                                                                        \
    HEAD RULE "  - id: q\n    name: {nb: Q, en: Q}\n    dates:\n      - {vintage: unrevised, "     \
              "date: \"2021-02-01\", time: \"08:00\", data_year: 2020, source: s}\n"

static void assert_next_of_all(const char *after, const char *at, const char *publication)
{
    struct kf_calendar_event event;
    assert_true(kf_calendar_next_of_all(calendar, utc(after), &event));
    assert_int_equal(event.at_ms, utc(at));
    assert_string_equal(event.publication, publication);
}

/* 17 May is a holiday: both years' events move on, that of 2020 from a Sunday. */
static void the_next_event_of_all_is_the_nearest_of_any_publication(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    assert_int_equal(read_text(TWO), KF_OK);
    assert_next_of_all("2020-01-01", "2020-05-18T06:00:00Z", "p");
    assert_next_of_all("2020-06-01", "2021-02-01T07:00:00Z", "q");
    assert_next_of_all("2021-02-01T07:00:00Z", "2021-05-18T06:00:00Z", "p");
    assert_false(kf_calendar_next_of_all(calendar, utc("2021-06-01"), &event));
}

static void the_last_event_is_that_whose_hour_has_come(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    read_ours();
    assert_true(kf_calendar_last(calendar, "kostra", utc("2026-03-16T06:59:59.999Z"), &event));
    assert_int_equal(event.at_ms, utc("2025-06-16T06:00:00Z"));
    assert_true(kf_calendar_last(calendar, "kostra", utc("2026-03-16T07:00:00Z"), &event));
    assert_int_equal(event.at_ms, utc("2026-03-16T07:00:00Z"));
    assert_int_equal(event.day_ms, utc("2026-03-15T23:00:00Z"));
    assert_int_equal(event.until_ms, utc("2026-03-16T23:00:00Z"));
    assert_string_equal(event.publication, "kostra");
    assert_false(kf_calendar_last(calendar, "kostra", utc("2015-03-16T06:00:00Z"), &event));
}

static void what_is_updated_on_the_day_of_an_event_is_its_vintage(void **state)
{
    (void)state;
    static const struct {
        const char *updated, *vintage;
    } expected[] = {
        {"2015-03-15T22:59:59Z", "unspecified"}, {"2026-03-15T22:59:59Z", "correction"},
        {"2026-03-15T23:00:00Z", "unrevised"},   {"2026-03-16T07:00:00Z", "unrevised"},
        {"2026-03-16T22:59:59Z", "unrevised"},   {"2026-03-16T23:00:00Z", "correction"},
        {"2026-06-14T22:00:00Z", "revised"},     {"2026-06-15T06:00:00Z", "revised"},
        {"2026-06-15T22:00:00Z", "correction"},
    };
    read_ours();
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(kf_calendar_vintage(calendar, "kostra", utc(expected[i].updated)),
                            expected[i].vintage);
    }
}

static void a_publication_without_events_is_unspecified(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    read_ours();
    assert_true(kf_calendar_has(calendar, "befolkning"));
    assert_false(kf_calendar_next(calendar, "befolkning", 0, &event));
    assert_false(kf_calendar_last(calendar, "befolkning", utc("2026-06-15"), &event));
    assert_string_equal(kf_calendar_vintage(calendar, "befolkning", utc("2026-02-20")),
                        "unspecified");
    assert_false(kf_calendar_has(calendar, "nothing"));
    assert_string_equal(kf_calendar_vintage(calendar, "nothing", 0), "unspecified");
}

static void no_file_is_an_empty_calendar(void **state)
{
    (void)state;
    assert_int_equal(kf_calendar_read(scratch.path, &calendar, &findings, &err), KF_OK);
    assert_false(kf_calendar_has(calendar, "kostra"));
}

/* 29 March 2026, when clocks go forward at 02.00: 08.00 is 06.00 UTC, and the day has 23 hours. */
static void an_event_on_the_morning_of_summer_time_is_at_its_hour(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    assert_int_equal(read_text(HEAD "    dates:\n      - {vintage: revised, date: \"2026-03-29\", "
                                    "time: \"08:00\", data_year: 2025, source: s}\n"),
                     KF_OK);
    assert_true(kf_calendar_next(calendar, "p", utc("2026-01-01"), &event));
    assert_int_equal(event.at_ms, utc("2026-03-29T06:00:00Z"));
    assert_int_equal(event.day_ms, utc("2026-03-28T23:00:00Z"));
    assert_int_equal(event.until_ms, utc("2026-03-29T22:00:00Z"));
}

/* 17 May is a holiday; 2020 a Sunday, so that Monday 18 counts; in 2021 a Monday, so Tuesday 18. */
static void a_rule_moves_over_holidays_and_ends(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    assert_int_equal(read_text(HEAD RULE), KF_OK);
    assert_true(kf_calendar_next(calendar, "p", 0, &event));
    assert_int_equal(event.at_ms, utc("2020-05-18T06:00:00Z"));
    assert_true(kf_calendar_next(calendar, "p", event.at_ms, &event));
    assert_int_equal(event.at_ms, utc("2021-05-18T06:00:00Z"));
    assert_int_equal(event.data_year, 2020);
    assert_false(kf_calendar_next(calendar, "p", event.at_ms, &event));
}

static void a_date_takes_the_place_of_the_rule(void **state)
{
    (void)state;
    struct kf_calendar_event event;
    assert_int_equal(read_text(HEAD RULE
                               "    dates:\n      - {vintage: revised, date: \"2021-05-20\", "
                               "time: \"10:30\", data_year: 2019, lasts: 2, source: s}\n"),
                     KF_OK);
    assert_true(kf_calendar_last(calendar, "p", utc("2022-01-01"), &event));
    assert_int_equal(event.at_ms, utc("2021-05-20T08:30:00Z"));
    assert_int_equal(event.until_ms, utc("2021-05-21T22:00:00Z"));
    assert_int_equal(event.data_year, 2019);
    assert_true(kf_calendar_last(calendar, "p", event.at_ms - 1, &event));
    assert_int_equal(event.at_ms, utc("2020-05-18T06:00:00Z"));
}

static void assert_fault(const char *text, const char *variable, const char *problem)
{
    assert_int_equal(read_text(text), KF_ERR_CONFIG);
    assert_null(calendar);
    assert_true(kf_findings_count(&findings) >= 1);
    assert_string_equal(findings.list[0].variable, variable);
    assert_string_equal(findings.list[0].problem, problem);
    assert_true(findings.list[0].line > 0);
    assert_true(findings.list[0].remedy[0] != '\0');
}

#define DATE(vintage, date, time)                                                                  \
    HEAD "    dates:\n      - {vintage: " vintage ", date: \"" date "\", time: \"" time            \
         "\", data_year: 2025, source: s}\n"

static void faults_name_line_and_key(void **state)
{
    (void)state;
    assert_fault(DATE("provisional", "2026-03-16", "08:00"), "vintage",
                 "is no vintage of an event");
    assert_fault(DATE("revised", "2026-02-29", "08:00"), "date", "is no date");
    assert_fault(DATE("revised", "2026-3-16", "08:00"), "date", "is no date");
    assert_fault(DATE("revised", "2026-03-16", "24:00"), "time", "is no hour of a day");
    assert_fault(HEAD "    rules:\n      - {vintage: revised, day: \"02-29\", time: \"08:00\", "
                      "data_year: -1, from: 2020, source: s}\n",
                 "day", "is no day of every year");
    assert_fault(HEAD "  - id: p\n    name: {nb: P, en: P}\n", "id",
                 "is the id of a publication before");
    assert_fault(DATE("revised", "2026-03-16",
                      "08:00") "      - {vintage: revised, date: \"2026-04-16\", time: \"08:00\", "
                               "data_year: 2025, source: s}\n",
                 "date", "is a second event of its year and vintage");
}

static void memory_may_end_anywhere(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    scratch_write_text(&scratch, "sources/calendar.yaml", HEAD RULE);
    for (; code != KF_OK && n < 10000; n++) {
        kf_findings_clear(&findings);
        kf_memory_fail_after(n);
        code = kf_calendar_read(scratch.path, &calendar, &findings, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || !calendar);
    }
    assert_true(n > 2);
    assert_int_equal(code, KF_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kostra_comes_on_the_first_working_day_from_the_fifteenth),
        TEST(the_next_event_of_all_is_the_nearest_of_any_publication),
        TEST(the_last_event_is_that_whose_hour_has_come),
        TEST(what_is_updated_on_the_day_of_an_event_is_its_vintage),
        TEST(a_publication_without_events_is_unspecified),
        TEST(no_file_is_an_empty_calendar),
        TEST(an_event_on_the_morning_of_summer_time_is_at_its_hour),
        TEST(a_rule_moves_over_holidays_and_ends),
        TEST(a_date_takes_the_place_of_the_rule),
        TEST(faults_name_line_and_key),
        TEST(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

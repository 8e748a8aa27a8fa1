/* What ingest tells in its beat follows from the ledger, the sender and the calendar. */
#include "services/ingest/teller.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "scratch.h"
#include "tests/support/cmocka.h"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_teller *teller;
static struct kf_day day;
static struct kf_status status;
static struct kf_error err;
static char held_release[KF_RELEASE_ID_SIZE]; /* of which held_ms knows */

static int64_t held_ms(const void *sender, const char *release)
{
    (void)sender;
    return strcmp(release, held_release) == 0 ? 777 : 0;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    memset(&status, 0, sizeof status);
    held_release[0] = '\0';
    kf_day_init(&day);
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err) == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_teller_close(&teller);
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static void open_teller(const char *editions)
{
    const struct kf_teller_options options = {
        .ledger = ledger, .held_ms = held_ms, .day = &day, .editions = editions, .window = 8};
    assert_int_equal(kf_teller_open(&options, &teller, &err), KF_OK);
}

/* A release whose id is 32 times `digit`. */
static void add(char digit, const char *held)
{
    struct kf_release release = {
        .panels = 1, .vintage = "unspecified", .program = "0", .discovered_ms = 1000 + digit};
    memset(release.id, digit, KF_RELEASE_ID_SIZE - 1);
    const struct kf_ledger_addition addition = {
        .release = &release, .input = "Fælles kø", .held = held};
    const struct kf_ledger_content content = {.edition = "e", .year = 2024, .digest = release.id};
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    assert_int_equal(kf_ledger_add_panel(ledger, 0, &content, "x", 1, &err), KF_OK);
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

static const struct kf_status_ingest *tell(void)
{
    const struct kf_dispatch_counts counts = {
        .panels = 12, .waiting = 4, .in_flight = 5, .held = 3};
    struct kf_ledger_totals totals;
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(kf_teller_refresh(teller, &totals, &err), KF_OK);
    memset(&status, 0, sizeof status);
    kf_teller_tell(teller, &counts, &status);
    assert_true(status.has_ingest);
    return &status.ingest;
}

static void the_window_and_what_is_in_it_are_told(void **state)
{
    (void)state;
    open_teller(scratch.path);
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->window, 8);
    assert_int_equal(told->in_flight, 5);
    assert_int_equal(told->waiting, 4);
    assert_int_equal(told->held_by_publish, 3);
    assert_int_equal(told->releases_open, 0);
    assert_int_equal(told->oldest_unreceipted_ms, 0);
    assert_int_equal(told->phases_len, 0);
}

static void open_releases_are_counted_and_the_oldest_is_told(void **state)
{
    (void)state;
    open_teller(scratch.path);
    add('1', NULL);
    add('2', NULL);
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->releases_open, 2);
    assert_int_equal(told->oldest_unreceipted_ms, 1000 + '1');
}

static void held_releases_are_told_newest_first_with_their_reason(void **state)
{
    (void)state;
    open_teller(scratch.path);
    add('1', "12 of 40 figures vanished");
    add('2', NULL);
    add('3', "too different");
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->held_total, 2);
    assert_int_equal(told->held_len, 2);
    assert_int_equal(told->held[0].release[0], '3');
    assert_string_equal(told->held[0].reason, "too different");
    assert_int_equal(told->held[1].release[0], '1');
    assert_string_equal(told->held[1].reason, "12 of 40 figures vanished");
    assert_string_equal(told->held[1].input, "Fælles kø");
    assert_int_equal(told->held[1].since_ms, 1000 + '1');
    assert_int_equal(told->releases_open, 1);
}

static void of_more_held_releases_than_fit_the_newest_are_told(void **state)
{
    (void)state;
    open_teller(scratch.path);
    for (char digit = 'a'; digit < 'a' + KF_STATUS_HELD_MAX + 3; digit++) {
        add(digit, "too different");
    }
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->held_total, KF_STATUS_HELD_MAX + 3);
    assert_int_equal(told->held_len, KF_STATUS_HELD_MAX);
    assert_int_equal(told->held[0].release[0], 'a' + KF_STATUS_HELD_MAX + 2);
    assert_int_equal(told->phases_len, KF_STATUS_PHASES_MAX);
}

static void what_was_recorded_before_this_life_has_no_time_of_it(void **state)
{
    (void)state;
    add('1', NULL);
    open_teller(scratch.path);
    (void)tell();
    int64_t before_ms = kf_clock_wall_ms();
    add('2', NULL);
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->phases_len, 2);
    assert_int_equal(told->phases[0].release[0], '2');
    assert_int_equal(told->phases[0].discovered_ms, 1000 + '2');
    assert_true(told->phases[0].recorded_ms >= before_ms);
    assert_int_equal(told->phases[1].recorded_ms, 0);
    int64_t recorded_ms = told->phases[0].recorded_ms;
    add('3', NULL);
    told = tell();
    assert_int_equal(told->phases[1].recorded_ms, recorded_ms);
}

static void each_phase_is_told_when_it_has_come(void **state)
{
    (void)state;
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED, .rows = 5};
    open_teller(scratch.path);
    add('1', NULL);
    memset(receipt.release, '1', KF_RELEASE_ID_SIZE - 1);
    const struct kf_status_ingest *told = tell();
    assert_int_equal(told->phases[0].sent_ms, 0);
    assert_int_equal(told->phases[0].attempts, 0);
    assert_int_equal(kf_ledger_mark_sent(ledger, receipt.release, 555, &err), KF_OK);
    told = tell();
    assert_int_equal(told->phases[0].sent_ms, 555);
    assert_int_equal(told->phases[0].attempts, 1);
    assert_int_equal(told->phases[0].held_ms, 0);
    memcpy(held_release, receipt.release, sizeof held_release);
    assert_int_equal(tell()->phases[0].held_ms, 777);
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, 999, &err), KF_OK);
    told = tell();
    assert_int_equal(told->phases[0].committed_ms, 999);
    assert_int_equal(told->releases_open, 0);
}

static void an_announced_release_has_no_phases_yet(void **state)
{
    (void)state;
    open_teller(scratch.path);
    assert_int_equal(kf_ledger_announce(ledger, "Statistics Norway today", "12362", 5, &err),
                     KF_OK);
    assert_int_equal(tell()->phases_len, 0);
}

/* 15 March 2026 is a Sunday: the figures come on Monday at 08.00 of Oslo, which is 07.00 UTC. */
static void the_next_event_of_the_calendar_is_told(void **state)
{
    (void)state;
    int64_t at_ms = 0;
    assert_true(kf_day_time("2026-03-16T07:00:00Z", &at_ms));
    assert_int_equal(kf_day_parse("2026-03-10T12:00:00Z,1", &day, &err), KF_OK);
    open_teller(KF_SOURCE_DIR "/editions");
    const struct kf_status_ingest *told = tell();
    assert_string_equal(told->next_publication, "kostra, unrevised figures of 2025");
    int64_t left_ms = told->next_publication_ms - kf_clock_wall_ms();
    assert_true(left_ms <= at_ms - kf_day_wall_ms(&day) + 1500);
    assert_true(left_ms >= at_ms - kf_day_wall_ms(&day) - 1500);
}

/* Ten minutes before 08.00, and 600 times as fast: in a second. */
static void a_day_that_runs_faster_has_the_event_sooner(void **state)
{
    (void)state;
    int64_t before_ms = kf_clock_wall_ms();
    assert_int_equal(kf_day_parse("2026-03-16T06:50:00Z,600", &day, &err), KF_OK);
    open_teller(KF_SOURCE_DIR "/editions");
    int64_t next_ms = tell()->next_publication_ms;
    if (kf_clock_wall_ms() - before_ms < 300) { /* else the hour may have come meanwhile */
        assert_true(next_ms >= before_ms - 1000);
        assert_true(next_ms <= before_ms + 3000);
    }
}

static void without_a_calendar_no_event_is_told(void **state)
{
    (void)state;
    open_teller(scratch.path);
    assert_int_equal(tell()->next_publication_ms, 0);
    assert_string_equal(status.ingest.next_publication, "");
    assert_int_equal(mkdir(scratch_path(&scratch, "sources"), 0700), 0);
    scratch_write_text(&scratch, "sources/calendar.yaml", "publications: 5\n");
    kf_teller_close(&teller);
    open_teller(scratch.path);
    assert_int_equal(tell()->next_publication_ms, 0);
}

static void memory_may_end_anywhere(void **state)
{
    (void)state;
    const struct kf_teller_options options = {
        .ledger = ledger, .held_ms = held_ms, .day = &day, .editions = KF_SOURCE_DIR "/editions"};
    for (int64_t n = 0;; n++) {
        kf_memory_fail_after(n);
        enum kf_err code = kf_teller_open(&options, &teller, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK && n > 100) {
            return;
        }
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        kf_teller_close(&teller);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_window_and_what_is_in_it_are_told),
        TEST(open_releases_are_counted_and_the_oldest_is_told),
        TEST(held_releases_are_told_newest_first_with_their_reason),
        TEST(of_more_held_releases_than_fit_the_newest_are_told),
        TEST(what_was_recorded_before_this_life_has_no_time_of_it),
        TEST(each_phase_is_told_when_it_has_come),
        TEST(an_announced_release_has_no_phases_yet),
        TEST(the_next_event_of_the_calendar_is_told),
        TEST(a_day_that_runs_faster_has_the_event_sooner),
        TEST(without_a_calendar_no_event_is_told),
        TEST(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

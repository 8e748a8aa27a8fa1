#include "tests/support/cmocka.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/stage.h"
#include "tests/support/panel_fixture.h"
#include "toy.h"

#define STOPPED_MS 30000

static struct toy toy;

static int begin(void **state)
{
    (void)state;
    toy_begin(&toy);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unsetenv("KF_CRASH_AT");
    (void)unsetenv("KF_STOP_AT");
    toy_end(&toy);
    return 0;
}

/* The toy and both neighbours. */
static void run(const char *const *arguments)
{
    toy_open_sink(&toy);
    toy_run(&toy, arguments);
}

static void expect_computed(uint32_t index)
{
    struct kf_envelope *envelope = toy_receive(&toy);
    assert_non_null(envelope->panel);
    assert_null(envelope->rejection);
    assert_int_equal(envelope->index, index);
    assert_string_equal(envelope->release.id, TOY_RELEASE);
    const struct kf_result *result =
        kf_panel_result(envelope->panel, KF_TOPIC_INDEX, "toy", "", "index");
    assert_non_null(result);
    assert_true(result->values[0] == 42);
    kf_envelope_destroy(&envelope);
}

/* --- without a process ----------------------------------------------------------------------- */

/* Adds a result to the panel and each year before it; in the year `spoiled` one is infinite. */
static int spoiled;

static enum kf_err append_to_all(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    (void)findings;
    const struct kf_result_key key = {KF_TOPIC_NEED, "skole", "", "need_index", NULL, false};
    for (struct kf_panel *year = panel; year; year = year->previous) {
        struct kf_result *result = NULL;
        enum kf_err code = kf_panel_append(year, &key, &result, err);
        if (code != KF_OK) {
            return code;
        }
        result->values[1] = year->year == spoiled ? INFINITY : 1;
    }
    return KF_OK;
}

static enum kf_err apply_to_three_years(int spoiled_year, struct kf_error *err)
{
    static const struct kf_stage stage = {"toy", "", "sink", append_to_all};
    struct kf_panel *panel = fixture_panel_new(100, 2);
    struct kf_panel *year = panel;
    for (int i = 0; i < 2; i++) {
        year = fixture_previous(year);
    }
    spoiled = panel->year; /* of the results that were there before, none is looked at */
    assert_int_equal(append_to_all(panel, fixture_findings(), err), KF_OK);
    spoiled = spoiled_year;
    enum kf_err code = kf_stage_apply(&stage, panel, fixture_findings(), err);
    kf_panel_destroy(&panel);
    return code;
}

static void what_a_stage_adds_to_any_year_is_a_number(void **state)
{
    (void)state;
    struct kf_error err = {.text = ""};
    assert_int_equal(apply_to_three_years(0, &err), KF_OK);
    for (int year = 2008; year <= 2010; year++) {
        char told[32];
        assert_int_equal(apply_to_three_years(year, &err), KF_ERR_DATA);
        (void)snprintf(told, sizeof told, "fixture for %d give", year);
        assert_non_null(strstr(err.text, told));
    }
}

/* A result of many members, again and again, until it fails. */
static enum kf_err append_for_ever(struct kf_panel *panel, struct kf_findings *findings,
                                   struct kf_error *err)
{
    (void)findings;
    const struct kf_result_key key = {KF_TOPIC_NEED, "skole", "", "need_index", NULL, false};
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        struct kf_result *result = NULL;
        code = kf_panel_append(panel, &key, &result, err);
    }
    return code;
}

static enum kf_err append_without_memory(struct kf_panel *panel, struct kf_findings *findings,
                                         struct kf_error *err)
{
    kf_memory_fail_after(0);
    enum kf_err code = append_for_ever(panel, findings, err);
    kf_memory_fail_after(-1);
    return code;
}

/* 2000 members: 18000 bytes a result, so the panel is full long before it has too many results. */
static void a_panel_that_grows_beyond_its_limit_is_a_rejection_not_a_lack_of_memory(void **state)
{
    (void)state;
    const struct kf_stage endless = {"toy", "", "sink", append_for_ever};
    const struct kf_stage starved = {"toy", "", "sink", append_without_memory};
    struct kf_error err = {.text = ""};
    struct kf_panel *panel = fixture_panel_new(100, KF_PANEL_MEMBERS_MAX);
    assert_int_equal(kf_stage_apply(&starved, panel, fixture_findings(), &err), KF_ERR_MEMORY);
    assert_int_equal(kf_stage_apply(&endless, panel, fixture_findings(), &err), KF_ERR_LIMIT);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_non_null(strstr(err.text, "48 MB, the limit of a panel"));
    assert_true(panel->results_len < KF_PANEL_RESULTS_MAX);
    assert_true(kf_arena_used(panel->arena) <= KF_PANEL_BYTES_MAX);
    kf_panel_destroy(&panel);
}

/* --- as a process ---------------------------------------------------------------------------- */

static void a_panel_goes_through_and_takes_its_results_along(void **state)
{
    (void)state;
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    expect_computed(0);
    toy_wait_log(&toy, "info toy panel-computed release=" TOY_RELEASE " edition=");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_total 1\n");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_out_total 1\n");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_progress 0\n");
    toy_stop(&toy);
}

static void panels_keep_their_order(void **state)
{
    (void)state;
    run(NULL);
    for (uint32_t i = 0; i < 50; i++) {
        toy_send(&toy, i, TOY_YEAR_FINE);
        if (i >= 2) {
            expect_computed(i - 2);
        }
    }
    expect_computed(48);
    expect_computed(49);
    toy_stop(&toy);
}

static void a_panel_that_cannot_be_computed_walks_on_as_a_rejection(void **state)
{
    (void)state;
    run(NULL);
    toy_send(&toy, 7, TOY_YEAR_REJECTED);
    struct kf_envelope *envelope = toy_receive(&toy);
    assert_null(envelope->panel);
    assert_non_null(envelope->rejection);
    assert_int_equal(envelope->index, 7);
    assert_string_equal(envelope->rejection->stage, "toy");
    assert_string_equal(envelope->rejection->reason, "the toy does not like it");
    assert_int_equal(envelope->rejection->year, TOY_YEAR_REJECTED);
    assert_int_equal(envelope->rejection->findings.length, 1);
    assert_string_equal(envelope->rejection->findings.list[0].municipality, "0001");
    kf_envelope_destroy(&envelope);
    toy_wait_log(&toy, "warn toy panel-rejected");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_rejected_total 1\n");
    toy_send(&toy, 8, TOY_YEAR_FINE);
    expect_computed(8);
    toy_stop(&toy);
}

static void a_rejection_passes_untouched(void **state)
{
    (void)state;
    run(NULL);
    struct kf_envelope *envelope = toy_envelope(3, TOY_YEAR_FINE);
    assert_int_equal(kf_envelope_reject(envelope, "ingest", "broken file", NULL, NULL), KF_OK);
    toy_pack(&toy, envelope);
    struct kf_text sent;
    kf_text_init(&sent, toy.frame.length);
    kf_text_add_bytes(&sent, toy.frame.bytes, toy.frame.length);
    toy_send_frame(&toy);
    kf_envelope_destroy(&envelope);
    envelope = toy_receive(&toy);
    assert_int_equal(toy.frame.length, sent.length);
    assert_memory_equal(toy.frame.bytes, sent.bytes, sent.length);
    kf_envelope_destroy(&envelope);
    kf_text_clear(&sent);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_rejected_total 0\n");
    toy_stop(&toy);
}

static void send_bytes(const char *bytes, size_t length)
{
    kf_text_reset(&toy.frame);
    kf_text_add_bytes(&toy.frame, bytes, length);
    toy_send_frame(&toy);
}

static void what_is_no_panel_is_refused_and_stops_nothing(void **state)
{
    (void)state;
    struct kf_envelope *envelope = toy_envelope(0, TOY_YEAR_FINE);
    run(NULL);
    send_bytes("", 0);
    send_bytes("garbage that is longer than a header", 36);
    toy_pack(&toy, envelope); /* a flipped bit */
    toy.frame.bytes[toy.frame.length / 2] ^= 1;
    toy_send_frame(&toy);
    toy_pack(&toy, envelope); /* cut */
    toy.frame.length -= 3;
    toy_send_frame(&toy);
    kf_frame_begin(&toy.frame); /* whole, but not of this kind */
    assert_int_equal(kf_frame_seal(&toy.frame, KF_FRAME_STATUS, NULL), KF_OK);
    toy_send_frame(&toy);
    kf_frame_begin(&toy.frame); /* whole, but no envelope inside */
    kf_text_add(&toy.frame, "\xff\xff\xff");
    assert_int_equal(kf_frame_seal(&toy.frame, KF_FRAME_ENVELOPE, NULL), KF_OK);
    toy_send_frame(&toy);
    kf_envelope_destroy(&envelope);
    toy_send(&toy, 1, TOY_YEAR_FINE);
    expect_computed(1);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_frames_refused_total 6\n");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_total 1\n");
    toy_stop(&toy);
}

static unsigned lines_with(const char *text, uint64_t *counted)
{
    static char log[262144];
    char path[128];
    unsigned lines = 0;
    *counted = 0;
    (void)snprintf(path, sizeof path, "%s/log", toy.folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(log, sizeof log, file)) {
        const char *count = strstr(log, "count=");
        if (strstr(log, text)) {
            lines++;
            *counted += count ? strtoull(count + 6, NULL, 10) : 0;
        }
    }
    (void)fclose(file);
    return lines;
}

static void a_flood_of_garbage_takes_few_lines_in_the_log(void **state)
{
    (void)state;
    uint64_t counted = 0;
    run(NULL);
    for (int i = 0; i < 500; i++) {
        send_bytes("garbage that is longer than a header", 36);
    }
    toy_wait_page(&toy, "/metrics", "\nkostraflow_frames_refused_total 500\n");
    toy_stop(&toy);
    unsigned lines = lines_with("frames-refused", &counted);
    assert_true(lines >= 1 && lines <= 50);
    assert_int_equal(counted, 500);
}

static void a_panel_without_memory_is_dropped_and_counted(void **state)
{
    (void)state;
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_NO_MEMORY);
    toy_send(&toy, 1, TOY_YEAR_FINE);
    expect_computed(1);
    toy_wait_log(&toy, "error toy panel-dropped reason=\"no memory for the toy\"");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_dropped_total 1\n");
    toy_stop(&toy);
}

/* Each panel makes the allocation that is n after its own computation begins the failing one, be it
 * for this panel or for the next. */
static void an_allocation_that_fails_anywhere_costs_one_panel_at_most(void **state)
{
    (void)state;
    unsigned dropped = 0;
    unsigned delivered = 0;
    run(NULL);
    for (uint32_t n = 0; n < 100; n++) {
        toy_send(&toy, n, TOY_YEAR_COUNTDOWN + (int)n);
        bool arrived = toy_receive_or_dropped(&toy, dropped);
        delivered += arrived;
        dropped += !arrived;
    }
    assert_true(dropped > 5 && delivered > 5);
    toy_send(&toy, 100, TOY_YEAR_MEMORY_BACK);
    (void)toy_receive_or_dropped(&toy, dropped);
    toy_send(&toy, 101, TOY_YEAR_FINE);
    expect_computed(101);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_frames_refused_total 0\n");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_rejected_total 0\n");
    toy_stop(&toy);
}

static void a_broken_stage_ends_with_exit_code_1(void **state)
{
    (void)state;
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_BROKEN);
    assert_int_equal(toy_wait_exit(&toy), 1);
    assert_true(
        toy_has_logged(&toy, "error toy failed code=internal reason=\"the toy is broken\""));
}

static void a_stage_takes_no_more_than_its_queues_when_the_next_takes_nothing(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--queue-max", "1", NULL};
    uint32_t sent = 0;
    toy_run(&toy, arguments);
    toy_send(&toy, sent++, TOY_YEAR_FINE);
    toy_wait_page(&toy, "/readyz", "waiting: sink takes no panels");
    struct kf_envelope *envelope = toy_envelope(0, TOY_YEAR_FINE);
    for (bool room = true; room && sent < 1000;) { /* until every queue on the way is full */
        envelope->index = sent;
        toy_pack(&toy, envelope);
        struct kf_poll_item item = {.socket = toy.source, .want_out = true};
        assert_int_equal(kf_poll(&item, 1, 1000, NULL), KF_OK);
        room = toy_try_send_frame(&toy);
        sent += room;
    }
    kf_envelope_destroy(&envelope);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_total 1\n");
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_out_total 0\n");
    toy_open_sink(&toy);
    for (uint32_t i = 0; i < sent; i++) {
        expect_computed(i);
    }
    toy_wait_page(&toy, "/readyz", "ready");
    toy_stop(&toy);
}

static void a_finished_panel_is_delivered_before_leaving(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--drain-timeout", "5min", NULL};
    toy_run(&toy, arguments);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_progress 1\n");
    toy_signal(&toy, SIGTERM);
    toy_wait_page(&toy, "/readyz", "draining: ");
    toy_open_sink(&toy);
    expect_computed(0);
    assert_int_equal(toy_wait_exit(&toy), 0);
}

static void what_cannot_be_delivered_in_time_is_told_with_exit_code_1(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--drain-timeout", "100ms", NULL};
    toy_run(&toy, arguments);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_progress 1\n");
    toy_signal(&toy, SIGTERM);
    assert_int_equal(toy_wait_exit(&toy), 1);
    assert_true(toy_has_logged(&toy, "error toy undelivered panels=1"));
}

static void the_second_signal_leaves_at_once(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--drain-timeout", "5min", NULL};
    toy_run(&toy, arguments);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    toy_wait_page(&toy, "/metrics", "\nkostraflow_panels_in_progress 1\n");
    toy_signal(&toy, SIGTERM);
    toy_wait_page(&toy, "/readyz", "draining");
    toy_signal(&toy, SIGINT);
    assert_int_equal(toy_wait_exit(&toy), 1);
    assert_true(toy_has_logged(&toy, "action=leave-at-once"));
}

static void crash_points_kill_at_the_nth_call(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_CRASH_AT", "stage.computed:2", 1), 0);
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    expect_computed(0);
    toy_send(&toy, 1, TOY_YEAR_FINE);
    assert_int_equal(toy_wait_exit(&toy), -SIGKILL);
    assert_int_equal(unsetenv("KF_CRASH_AT"), 0);
    toy_run(&toy, NULL); /* what the killed one left does not stop the next */
    toy_send(&toy, 2, TOY_YEAR_FINE);
    expect_computed(2);
    toy_stop(&toy);
}

/* The signal that the toy stands still on; fails when it runs on, or ends. */
static int wait_stopped(void)
{
    int status = 0;
    const int64_t until = kf_clock_monotonic_ms() + STOPPED_MS;
    pid_t changed = 0;
    while (changed == 0 && kf_clock_monotonic_ms() < until) {
        changed = waitpid(toy.pid, &status, WUNTRACED | WNOHANG);
        (void)poll(NULL, 0, 5);
    }
    assert_int_equal(changed, toy.pid);
    assert_true(WIFSTOPPED(status));
    return WSTOPSIG(status);
}

static void stop_points_hold_at_the_nth_call_until_it_is_let_go_on(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_STOP_AT", "stage.computed:2", 1), 0);
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    expect_computed(0);
    toy_send(&toy, 1, TOY_YEAR_FINE);
    assert_int_equal(wait_stopped(), SIGSTOP);
    assert_true(toy_has_logged(&toy, "name=stage.computed call=2"));
    toy_signal(&toy, SIGCONT);
    expect_computed(1);
    toy_send(&toy, 2, TOY_YEAR_FINE);
    expect_computed(2);
    toy_stop(&toy);
}

static void a_stop_point_that_cannot_be_read_aborts(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_STOP_AT", "stage.received:0", 1), 0);
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    assert_int_equal(toy_wait_exit(&toy), -SIGABRT);
}

static void a_crash_point_that_cannot_be_read_aborts(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_CRASH_AT", "stage.received", 1), 0);
    run(NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    assert_int_equal(toy_wait_exit(&toy), -SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_stage_adds_to_any_year_is_a_number),
        cmocka_unit_test(a_panel_that_grows_beyond_its_limit_is_a_rejection_not_a_lack_of_memory),
        cmocka_unit_test_setup_teardown(a_panel_goes_through_and_takes_its_results_along, begin,
                                        end),
        cmocka_unit_test_setup_teardown(panels_keep_their_order, begin, end),
        cmocka_unit_test_setup_teardown(a_panel_that_cannot_be_computed_walks_on_as_a_rejection,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_rejection_passes_untouched, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_panel_is_refused_and_stops_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_flood_of_garbage_takes_few_lines_in_the_log, begin, end),
        cmocka_unit_test_setup_teardown(a_panel_without_memory_is_dropped_and_counted, begin, end),
        cmocka_unit_test_setup_teardown(an_allocation_that_fails_anywhere_costs_one_panel_at_most,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_broken_stage_ends_with_exit_code_1, begin, end),
        cmocka_unit_test_setup_teardown(
            a_stage_takes_no_more_than_its_queues_when_the_next_takes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_finished_panel_is_delivered_before_leaving, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_delivered_in_time_is_told_with_exit_code_1,
                                        begin, end),
        cmocka_unit_test_setup_teardown(the_second_signal_leaves_at_once, begin, end),
        cmocka_unit_test_setup_teardown(crash_points_kill_at_the_nth_call, begin, end),
        cmocka_unit_test_setup_teardown(a_crash_point_that_cannot_be_read_aborts, begin, end),
        cmocka_unit_test_setup_teardown(stop_points_hold_at_the_nth_call_until_it_is_let_go_on,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_stop_point_that_cannot_be_read_aborts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

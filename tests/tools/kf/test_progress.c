#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"
#include "tools/kf/progress.h"

static struct kf_fleet fleet;

static int set_up(void **state)
{
    const char *two = "need=2";
    (void)state;
    return kf_fleet_set_workers(&fleet, &two, 1, NULL) == KF_OK ? 0 : -1;
}

static struct kf_progress *silent(void)
{
    static const struct kf_progress_options options = {.quiet = true};
    struct kf_progress *progress = kf_progress_new(&fleet, &options);
    assert_non_null(progress);
    return progress;
}

struct beat {
    const char *service;
    unsigned instance;
    int64_t pid;
    enum kf_service_state state;
    const char *detail;
    unsigned in;
    unsigned out;
    unsigned in_progress;
};

static void send_beat(struct kf_progress *progress, const struct beat *beat)
{
    struct kf_status status = {
        .instance = beat->instance,
        .pid = beat->pid,
        .state = beat->state,
        .panels_in = beat->in,
        .panels_out = beat->out,
        .in_progress = beat->in_progress,
    };
    (void)snprintf(status.service, sizeof status.service, "%s", beat->service);
    (void)snprintf(status.detail, sizeof status.detail, "%s", beat->detail ? beat->detail : "");
    kf_progress_beat(progress, &status);
}

static void assert_line(const struct kf_progress *progress, enum kf_fleet_stage stage,
                        const char *expected)
{
    struct kf_text line;
    kf_text_init(&line, 1024);
    kf_progress_line(progress, stage, &line);
    assert_string_equal(line.bytes, expected);
    kf_text_clear(&line);
}

static const struct kf_fleet_process normalize = {KF_FLEET_NORMALIZE, 0};

static void a_line_holds_the_counters_and_the_state(void **state)
{
    (void)state;
    struct kf_progress *progress = silent();
    assert_line(progress, KF_FLEET_NORMALIZE,
                "  normalize          0 in      0 out    0 in progress  starting");
    kf_progress_started(progress, normalize, 10);
    send_beat(progress, &(struct beat){"normalize", 0, 10, KF_SERVICE_WAITING, "aggregate is slow",
                                       12, 10, 2});
    assert_line(
        progress, KF_FLEET_NORMALIZE,
        "  normalize         12 in     10 out    2 in progress  waiting: aggregate is slow");
    kf_progress_destroy(&progress);
}

static void a_stage_with_workers_shows_their_sum_and_the_worst_of_them(void **state)
{
    (void)state;
    struct kf_progress *progress = silent();
    kf_progress_started(progress, (struct kf_fleet_process){KF_FLEET_NEED, 0}, 10);
    kf_progress_started(progress, (struct kf_fleet_process){KF_FLEET_NEED, 1}, 11);
    send_beat(progress, &(struct beat){"need", 0, 10, KF_SERVICE_READY, "", 3, 2, 1});
    assert_line(progress, KF_FLEET_NEED,
                "  need       ×2      3 in      2 out    1 in progress  starting");
    send_beat(progress, &(struct beat){"need", 1, 11, KF_SERVICE_READY, "", 4, 4, 0});
    assert_line(progress, KF_FLEET_NEED,
                "  need       ×2      7 in      6 out    1 in progress  ready");
    kf_progress_ended(progress, (struct kf_fleet_process){KF_FLEET_NEED, 0});
    assert_line(progress, KF_FLEET_NEED,
                "  need       ×2      7 in      6 out    0 in progress  down");
    kf_progress_destroy(&progress);
}

static void what_a_dead_process_counted_is_not_forgotten(void **state)
{
    (void)state;
    struct kf_progress *progress = silent();
    kf_progress_started(progress, normalize, 10);
    send_beat(progress, &(struct beat){"normalize", 0, 10, KF_SERVICE_READY, "", 5, 5, 0});
    kf_progress_ended(progress, normalize);
    kf_progress_started(progress, normalize, 20);
    assert_line(progress, KF_FLEET_NORMALIZE,
                "  normalize          5 in      5 out    0 in progress  starting");
    send_beat(progress, &(struct beat){"normalize", 0, 20, KF_SERVICE_READY, "", 1, 1, 0});
    assert_line(progress, KF_FLEET_NORMALIZE,
                "  normalize          6 in      6 out    0 in progress  ready");
    kf_progress_destroy(&progress);
}

static void beats_of_strangers_and_of_the_dead_change_nothing(void **state)
{
    (void)state;
    struct kf_progress *progress = silent();
    kf_progress_started(progress, normalize, 10);
    send_beat(progress, &(struct beat){"normalize", 0, 9, KF_SERVICE_READY, "", 9, 9, 0});
    send_beat(progress, &(struct beat){"normalize", 7, 10, KF_SERVICE_READY, "", 9, 9, 0});
    send_beat(progress, &(struct beat){"board", 0, 10, KF_SERVICE_READY, "", 9, 9, 0});
    send_beat(progress, &(struct beat){"need", 0, 0, KF_SERVICE_READY, "", 9, 9, 0});
    assert_line(progress, KF_FLEET_NORMALIZE,
                "  normalize          0 in      0 out    0 in progress  starting");
    assert_line(progress, KF_FLEET_NEED,
                "  need       ×2      0 in      0 out    0 in progress  starting");
    kf_progress_destroy(&progress);
}

static void the_last_beat_counts_even_when_it_comes_after_the_end(void **state)
{
    (void)state;
    static const struct kf_fleet_process ingest = {KF_FLEET_INGEST, 0};
    struct kf_progress *progress = silent();
    assert_int_equal(kf_progress_open_panels(progress), 0);
    kf_progress_started(progress, ingest, 10);
    send_beat(progress, &(struct beat){"ingest", 0, 10, KF_SERVICE_READY, "", 3, 3, 3});
    assert_int_equal(kf_progress_open_panels(progress), 3);
    kf_progress_ended(progress, ingest);
    assert_int_equal(kf_progress_open_panels(progress), 3);
    send_beat(progress, &(struct beat){"ingest", 0, 10, KF_SERVICE_DRAINING, "", 3, 3, 1});
    assert_int_equal(kf_progress_open_panels(progress), 1);
    assert_line(progress, KF_FLEET_INGEST,
                "  ingest             3 in      3 out    0 in progress  down");
    kf_progress_destroy(&progress);
}

static void all_are_ready_when_each_has_said_so_since_it_was_started(void **state)
{
    (void)state;
    struct kf_progress *progress = silent();
    for (size_t stage = 0; stage < KF_FLEET_STAGES; stage++) {
        for (unsigned i = 0; i < fleet.workers[stage]; i++) {
            enum kf_fleet_stage which = (enum kf_fleet_stage)stage;
            assert_false(kf_progress_all_ready(progress));
            kf_progress_started(progress, (struct kf_fleet_process){which, i}, 10);
            send_beat(progress,
                      &(struct beat){kf_fleet_name(which), i, 10, KF_SERVICE_READY, "", 0, 0, 0});
        }
    }
    assert_true(kf_progress_all_ready(progress));
    kf_progress_ended(progress, normalize);
    assert_false(kf_progress_all_ready(progress));
    kf_progress_started(progress, normalize, 11);
    assert_false(kf_progress_all_ready(progress));
    send_beat(progress, &(struct beat){"normalize", 0, 11, KF_SERVICE_READY, "", 0, 0, 0});
    assert_true(kf_progress_all_ready(progress));
    kf_progress_destroy(&progress);
}

static void who_says_nothing_for_long_is_silent_until_it_is_heard_again(void **state)
{
    (void)state;
    static const struct beat beat = {"normalize", 0, 10, KF_SERVICE_READY, "", 3, 2, 1};
    struct kf_progress *progress = silent();
    kf_progress_started(progress, normalize, 10);
    kf_progress_tick(progress, 5000);
    send_beat(progress, &beat);
    kf_progress_tick(progress, 5000 + KF_PROGRESS_SILENT_MS - 1);
    assert_true(kf_progress_is_ready(progress, normalize));
    kf_progress_tick(progress, 5000 + KF_PROGRESS_SILENT_MS);
    assert_false(kf_progress_is_ready(progress, normalize));
    assert_line(progress, KF_FLEET_NORMALIZE,
                "  normalize          3 in      2 out    1 in progress  silent: no word for ten "
                "seconds; it computes for long, or stands still");
    send_beat(progress, &beat);
    assert_true(kf_progress_is_ready(progress, normalize));
    kf_progress_destroy(&progress);
}

static void without_a_terminal_only_lines_that_changed_are_printed(void **state)
{
    (void)state;
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    struct kf_progress_options options = {.out = out};
    struct kf_progress *progress = kf_progress_new(&fleet, &options);
    kf_progress_show(progress);
    kf_progress_started(progress, normalize, 10);
    send_beat(progress, &(struct beat){"normalize", 0, 10, KF_SERVICE_READY, "", 1, 0, 1});
    kf_progress_show(progress);
    kf_progress_show(progress);
    kf_progress_note(progress, "a note about %s", "it");
    kf_progress_close(progress);
    kf_progress_ended(progress, normalize);
    kf_progress_show(progress);
    kf_progress_destroy(&progress);
    (void)fclose(out);
    assert_string_equal(printed, "  normalize          1 in      0 out    1 in progress  ready\n"
                                 "a note about it\n");
    free(printed);
}

static void on_a_terminal_the_lines_stand_still_below_the_notes(void **state)
{
    (void)state;
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    struct kf_progress_options options = {.out = out, .live = true};
    struct kf_progress *progress = kf_progress_new(&fleet, &options);
    kf_progress_show(progress);
    kf_progress_note(progress, "note");
    (void)fflush(out);
    const char *lifted = strstr(printed, "\033[6A\033[J");
    assert_non_null(lifted);
    assert_int_equal(strncmp(printed, "  ingest", 8), 0);
    assert_int_equal(strncmp(lifted, "\033[6A\033[Jnote\n  ingest", 20), 0);
    kf_progress_destroy(&progress);
    (void)fclose(out);
    free(printed);
}

static void when_quiet_only_faults_are_told(void **state)
{
    (void)state;
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    struct kf_progress_options options = {.out = out, .quiet = true};
    struct kf_progress *progress = kf_progress_new(&fleet, &options);
    kf_progress_note(progress, "ready");
    kf_progress_started(progress, normalize, 10);
    send_beat(progress, &(struct beat){"normalize", 0, 10, KF_SERVICE_READY, "", 1, 0, 1});
    kf_progress_show(progress);
    kf_progress_fault(progress, "trouble");
    kf_progress_destroy(&progress);
    (void)fclose(out);
    assert_string_equal(printed, "trouble\n");
    free(printed);
}

static void it_notices_that_nobody_reads_any_more(void **state)
{
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    struct kf_progress_options options = {.out = out};
    struct kf_progress *progress = kf_progress_new(&fleet, &options);
    assert_false(kf_progress_is_cut_off(progress));
    kf_progress_note(progress, "ready");
    assert_true(kf_progress_is_cut_off(progress));
    kf_progress_destroy(&progress);
    (void)fclose(out);
}

static void without_memory_there_is_no_progress_and_nothing_leaks(void **state)
{
    (void)state;
    static const struct kf_progress_options options = {.quiet = true};
    kf_memory_fail_after(0);
    assert_null(kf_progress_new(&fleet, &options));
    kf_memory_fail_after(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_holds_the_counters_and_the_state),
        cmocka_unit_test(a_stage_with_workers_shows_their_sum_and_the_worst_of_them),
        cmocka_unit_test(what_a_dead_process_counted_is_not_forgotten),
        cmocka_unit_test(beats_of_strangers_and_of_the_dead_change_nothing),
        cmocka_unit_test(the_last_beat_counts_even_when_it_comes_after_the_end),
        cmocka_unit_test(all_are_ready_when_each_has_said_so_since_it_was_started),
        cmocka_unit_test(who_says_nothing_for_long_is_silent_until_it_is_heard_again),
        cmocka_unit_test(without_a_terminal_only_lines_that_changed_are_printed),
        cmocka_unit_test(on_a_terminal_the_lines_stand_still_below_the_notes),
        cmocka_unit_test(when_quiet_only_faults_are_told),
        cmocka_unit_test(it_notices_that_nobody_reads_any_more),
        cmocka_unit_test(without_memory_there_is_no_progress_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

/* The service as a process between the test's neighbours. Whatever is killed or lost, the release
 * is in the ledger once and reaches its end. */
#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "neighbours.h"
#include "scratch.h"
#include "services/ingest/ledger/ledger.h"

#define DEADLINE_MS 60000
#define TURN_MS     20
#define SAMPLE      KF_SOURCE_DIR "/data/asss-2010/asss-2010.csv"

static struct scratch scratch;
static struct neighbours neighbours;
static struct kf_error err;
static pid_t service;
static const char *redelivery; /* after which a panel without a receipt is sent again */

/* --- the process ---------------------------------------------------------------------------- */

static void redirect_output(void)
{
    int log = open(scratch_path(&scratch, "log"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
}

static pid_t start_with(const char *run_dir, const char *editions, const char *crash_at)
{
    char run[SCRATCH_PATH_SIZE * 2];
    (void)snprintf(run, sizeof run, "%s", scratch_path(&scratch, run_dir));
    pid_t child = fork();
    if (child == 0) {
        redirect_output();
        if (crash_at) {
            (void)setenv("KF_CRASH_AT", crash_at, 1);
        }
        (void)execl(KF_INGEST_PROGRAM, "kf-ingest", "--state-dir", scratch.path, "--run-dir", run,
                    "--editions", editions, "--redelivery-timeout", redelivery, "--settle", "50ms",
                    "--http-port", "off", "--drain-timeout", "20s", "--status", "off",
                    (char *)NULL);
        _exit(127);
    }
    assert_true(child > 0);
    return child;
}

/* What starts from here on sends a panel again as soon as its receipt does not come at once; else
 * it waits longer than any test is slow. */
static void resend_soon(void)
{
    redelivery = "300ms";
}

static void start(const char *crash_at)
{
    service = start_with("run", KF_SOURCE_DIR "/editions", crash_at);
}

static int exit_code_of(pid_t child)
{
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
}

static void stop(void)
{
    assert_int_equal(kill(service, SIGTERM), 0);
    assert_int_equal(exit_code_of(service), 0);
    service = 0;
}

static void give(const char *from, const char *name)
{
    char to[SCRATCH_PATH_SIZE];
    (void)snprintf(to, sizeof to, "inbox/%s", name);
    scratch_copy(&scratch, from, "given.tmp");
    scratch_rename(&scratch, "given.tmp", to);
}

static void turn(void)
{
    assert_int_equal(kf_poll(NULL, 0, TURN_MS, &err), KF_OK);
}

static enum kf_err copy_release(void *context, const struct kf_ledger_release *release,
                                struct kf_error *error)
{
    (void)error;
    *(struct kf_ledger_release *)context = *release;
    return KF_OK;
}

/* Waits until the newest release in the ledger is in `wanted`; answers whatever panels come. */
static struct kf_ledger_release wait_for(enum kf_ledger_state wanted)
{
    struct kf_ledger_release newest = {0};
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    while (kf_clock_monotonic_ms() < end_ms) {
        struct kf_ledger *ledger = NULL;
        struct kf_envelope *envelope = neighbours_panel_within(&neighbours, TURN_MS);
        if (envelope) {
            neighbours_commit(&neighbours, &envelope);
        }
        if (kf_ledger_open_readonly(scratch_path(&scratch, "ledger.db"), &ledger, &err) == KF_OK) {
            (void)kf_ledger_list(ledger, 1, copy_release, &newest, &err);
            kf_ledger_close(&ledger);
        }
        if (newest.state == wanted) {
            return newest;
        }
    }
    fail_msg("no release reached the state %s", kf_ledger_state_name(wanted));
    return newest;
}

static enum kf_err count_one(void *context, const struct kf_ledger_release *release,
                             struct kf_error *error)
{
    (void)release;
    (void)error;
    ++*(unsigned *)context;
    return KF_OK;
}

static unsigned releases_in_ledger(void)
{
    unsigned count = 0;
    struct kf_ledger *ledger = NULL;
    assert_int_equal(kf_ledger_open_readonly(scratch_path(&scratch, "ledger.db"), &ledger, &err),
                     KF_OK);
    assert_int_equal(kf_ledger_list(ledger, 100, count_one, &count, &err), KF_OK);
    kf_ledger_close(&ledger);
    return count;
}

static struct kf_ledger_release state_of(const char *id)
{
    struct kf_ledger *ledger = NULL;
    struct kf_ledger_release release = {0};
    assert_int_equal(kf_ledger_open_readonly(scratch_path(&scratch, "ledger.db"), &ledger, &err),
                     KF_OK);
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    kf_ledger_close(&ledger);
    return release;
}

static void wait_until_closed(const char *id)
{
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    while (state_of(id).state != KF_LEDGER_COMMITTED && state_of(id).state != KF_LEDGER_REJECTED) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        turn();
    }
}

static void wait_for_file(const char *name)
{
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    while (!scratch_has(&scratch, name)) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        turn();
    }
}

static bool log_has(const char *text)
{
    char *log = scratch_read(&scratch, "log");
    bool has = strstr(log, text) != NULL;
    free(log);
    return has;
}

static void wait_for_log(const char *text)
{
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    while (!scratch_has(&scratch, "log") || !log_has(text)) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        turn();
    }
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    scratch_folder(&scratch, "inbox");
    redelivery = "60s";
    scratch_folder(&scratch, "run");
    neighbours_open(&neighbours, scratch_path(&scratch, "run"), &service);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (service > 0) {
        (void)kill(service, SIGKILL);
        (void)exit_code_of(service);
        service = 0;
    }
    neighbours_close(&neighbours);
    scratch_remove(&scratch);
    return 0;
}

/* --- the tests ------------------------------------------------------------------------------ */

static void a_file_is_recorded_moved_sent_and_committed(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    assert_non_null(envelope->panel);
    assert_int_equal(envelope->attempt, 1);
    assert_true(scratch_has(&scratch, "done/a.csv"));
    assert_int_equal(state_of(id).state, KF_LEDGER_SENT);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    assert_int_equal(state_of(id).state, KF_LEDGER_COMMITTED);
    assert_int_equal(state_of(id).rows, 582);
    stop();
}

static void the_same_figures_again_send_nothing(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    give(SAMPLE, "b.csv");
    wait_for_file("done/b.csv");
    wait_for_log("already-published");
    assert_null(neighbours_panel_within(&neighbours, 500));
    assert_int_equal(releases_in_ledger(), 1);
    stop();
}

static void a_broken_file_becomes_a_rejection_with_its_findings(void **state)
{
    (void)state;
    start(NULL);
    give(KF_SOURCE_DIR "/data/broken/not_a_number.csv", "broken.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    assert_null(envelope->panel);
    assert_int_equal(kf_findings_count(&envelope->rejection->findings), 4);
    assert_true(scratch_has(&scratch, "rejected/broken.csv"));
    assert_true(scratch_has(&scratch, "rejected/broken.csv.errors.txt"));
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    assert_int_equal(state_of(id).state, KF_LEDGER_REJECTED);
    stop();
}

static void a_panel_that_is_lost_goes_again(void **state)
{
    (void)state;
    resend_soon();
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    kf_envelope_destroy(&envelope);
    envelope = neighbours_next_panel(&neighbours);
    assert_int_equal(envelope->attempt, 2);
    assert_non_null(envelope->panel);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    stop();
}

static void a_restarted_publisher_gets_the_panel_again(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    neighbours_answer(&neighbours, KF_RECEIPT_HELD, envelope->release.id, 0);
    kf_envelope_destroy(&envelope);
    neighbours.publisher = "publisher-two";
    neighbours_answer(&neighbours, KF_RECEIPT_STARTED, "", 0);
    envelope = neighbours_next_panel(&neighbours);
    assert_int_equal(envelope->attempt, 2);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    assert_true(log_has("publisher-restarted"));
    stop();
}

static void the_next_release_waits_for_the_commit_of_the_first(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *first = neighbours_next_panel(&neighbours);
    give(KF_SOURCE_DIR "/data/broken/empty.csv", "b.csv");
    wait_for_file("rejected/b.csv");
    neighbours_answer(&neighbours, KF_RECEIPT_HELD, first->release.id, 0);
    assert_null(neighbours_panel_within(&neighbours, 500));
    neighbours_commit(&neighbours, &first);
    struct kf_envelope *second = neighbours_next_panel(&neighbours);
    assert_non_null(second->rejection);
    neighbours_commit(&neighbours, &second);
    stop();
}

static void rubbish_among_the_receipts_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    kf_text_reset(&neighbours.frame);
    kf_text_add(&neighbours.frame, "rubbish that is no frame");
    neighbours_send(&neighbours, &neighbours.frame);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    neighbours_commit(&neighbours, &envelope);
    wait_until_closed(id);
    stop();
}

static void a_signal_waits_for_what_is_on_its_way(void **state)
{
    (void)state;
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    char id[KF_RELEASE_ID_SIZE];
    memcpy(id, envelope->release.id, sizeof id);
    assert_int_equal(kill(service, SIGTERM), 0);
    wait_for_log("draining");
    neighbours_commit(&neighbours, &envelope);
    assert_int_equal(exit_code_of(service), 0);
    service = 0;
    assert_int_equal(state_of(id).state, KF_LEDGER_COMMITTED);
}

static void what_was_open_goes_on_after_a_restart(void **state)
{
    (void)state;
    resend_soon();
    start(NULL);
    give(SAMPLE, "a.csv");
    struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
    kf_envelope_destroy(&envelope);
    assert_int_equal(kill(service, SIGKILL), 0);
    assert_int_equal(exit_code_of(service), -SIGKILL);
    start(NULL);
    struct kf_ledger_release release = wait_for(KF_LEDGER_COMMITTED);
    assert_true(release.attempts >= 2);
    assert_true(log_has("open=1"));
    stop();
}

/* Holds the panel whenever it comes, up to and with attempt `last`. */
static void hold_up_to(uint32_t last, char id[KF_RELEASE_ID_SIZE])
{
    for (uint32_t attempt = 0; attempt < last;) {
        struct kf_envelope *envelope = neighbours_next_panel(&neighbours);
        attempt = envelope->attempt;
        memcpy(id, envelope->release.id, KF_RELEASE_ID_SIZE);
        neighbours_answer(&neighbours, KF_RECEIPT_HELD, id, 0);
        kf_envelope_destroy(&envelope);
    }
}

static unsigned times_in_log(const char *text)
{
    unsigned times = 0;
    char *log = scratch_read(&scratch, "log");
    for (const char *c = strstr(log, text); c; c = strstr(c + 1, text)) {
        times++;
    }
    free(log);
    return times;
}

/* Whether every panel was held before the service missed its receipt, too, and said so: then what
 * it said of the commit can be counted. */
static bool held_in_time(void)
{
    return !log_has("no receipt comes from publish");
}

#define COMMIT_LATE "publish holds the whole release and has not committed it"

static void a_commit_that_does_not_come_is_told_until_it_comes(void **state)
{
    (void)state;
    char id[KF_RELEASE_ID_SIZE];
    resend_soon();
    start(NULL);
    give(SAMPLE, "a.csv");
    hold_up_to(3, id); /* held again in between, which is no commit */
    wait_for_log(COMMIT_LATE);
    unsigned before = times_in_log("state=ready");
    neighbours_answer(&neighbours, KF_RECEIPT_COMMITTED, id, 0);
    wait_until_closed(id);
    stop();
    if (held_in_time()) {
        assert_int_equal(before, 1);
        assert_int_equal(times_in_log("state=ready"), 2);
        assert_int_equal(times_in_log(COMMIT_LATE), 1);
    }
}

static void a_publisher_that_begins_anew_is_not_late(void **state)
{
    (void)state;
    char id[KF_RELEASE_ID_SIZE];
    resend_soon();
    start(NULL);
    give(SAMPLE, "a.csv");
    hold_up_to(2, id);
    wait_for_log(COMMIT_LATE);
    neighbours.publisher = "publisher-two";
    neighbours_answer(&neighbours, KF_RECEIPT_STARTED, "", 0);
    hold_up_to(3, id);
    wait_for_log("publisher-restarted");
    neighbours_answer(&neighbours, KF_RECEIPT_COMMITTED, id, 0);
    wait_until_closed(id);
    stop();
    assert_true(!held_in_time() || times_in_log("state=ready") == 2);
}

static void a_run_directory_too_long_for_its_sockets_is_told_before_anything_is_opened(void **state)
{
    (void)state;
    char run_dir[SCRATCH_PATH_SIZE] = "run";
    size_t length = strlen(scratch.path) + strlen("/run");
    for (size_t used = 3; length + strlen("/ingest-0.receipts") <= 107; length++) {
        run_dir[used++] = '/';
    }
    pid_t child = start_with(run_dir, KF_SOURCE_DIR "/editions", NULL);
    assert_int_equal(exit_code_of(child), 2);
    assert_true(log_has("the path has 108 bytes, the system allows 107"));
    assert_true(log_has("choose a shorter folder"));
    assert_false(scratch_has(&scratch, "ledger.db"));
}

#ifdef KF_CRASH_POINTS
/* Commits whatever comes until the service has killed itself. */
static void await_crash(void)
{
    int64_t end_ms = kf_clock_monotonic_ms() + DEADLINE_MS;
    int how = 0;
    while (waitpid(service, &how, WNOHANG) == 0) {
        struct kf_envelope *envelope = neighbours_panel_within(&neighbours, TURN_MS);
        if (envelope) {
            neighbours_commit(&neighbours, &envelope);
        }
        assert_true(kf_clock_monotonic_ms() < end_ms);
    }
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
}

/* Killed at the point while it takes a folder: it ends in one place, once, recorded once. */
static void kill_with_folder(const char *point, bool bad)
{
    resend_soon();
    start(point);
    scratch_folder(&scratch, "set.tmp");
    scratch_copy(&scratch, SAMPLE, "set.tmp/a.csv");
    scratch_write_text(&scratch, "set.tmp/b.csv",
                       bad ? "kommune;\xc3\xa5r;folkemengde\n0301;2009;-1\n"
                           : "kommune;\xc3\xa5r;folkemengde\n0301;2009;575 475\n");
    scratch_rename(&scratch, "set.tmp", "inbox/set");
    await_crash();
    start(NULL);
    (void)wait_for(bad ? KF_LEDGER_REJECTED : KF_LEDGER_COMMITTED);
    wait_for_file(bad ? "rejected/set/b.csv" : "done/set/b.csv");
    assert_false(scratch_has(&scratch, bad ? "rejected/set.2" : "done/set.2"));
    assert_false(scratch_has(&scratch, "inbox/set"));
    assert_int_equal(releases_in_ledger(), 1);
    stop();
}

static void killed_anywhere_a_folder_is_applied_or_refused_whole_and_once(void **state)
{
    static const char *const points[] = {"ingest.read:1", "ingest.recorded:1", "ingest.reported:1",
                                         "ingest.moved:1"};
    for (size_t i = 0; i < 2 * sizeof points / sizeof points[0]; i++) {
        kill_with_folder(points[i / 2], i % 2);
        tear_down(state);
        set_up(state);
    }
}

static void killed_anywhere_the_release_is_recorded_once_and_committed(void **state)
{
    static const char *const points[] = {"ingest.read:1", "ingest.recorded:1", "ingest.moved:1",
                                         "ingest.sent:1", "ingest.receipt:1"};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        resend_soon();
        start(points[i]);
        give(SAMPLE, "a.csv");
        await_crash();
        start(NULL);
        (void)wait_for(KF_LEDGER_COMMITTED);
        wait_for_file("done/a.csv");
        assert_int_equal(releases_in_ledger(), 1);
        assert_false(scratch_has(&scratch, "inbox/a.csv"));
        assert_false(scratch_has(&scratch, "done/a.2.csv"));
        stop();
        tear_down(state);
        set_up(state);
    }
}
#endif

static void faults_of_the_editions_are_told_and_exit_2(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(start_with("run", KF_SOURCE_DIR "/data/broken/editions", NULL)),
                     2);
    assert_true(log_has("edition-fault"));
}

static void a_second_ingest_on_the_same_ledger_exits_2(void **state)
{
    (void)state;
    start(NULL);
    wait_for_log("ledger-opened");
    assert_int_equal(exit_code_of(start_with("run2", KF_SOURCE_DIR "/editions", NULL)), 2);
    assert_true(log_has("another ingest uses this ledger"));
    stop();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_recorded_moved_sent_and_committed),
        TEST(the_same_figures_again_send_nothing),
        TEST(a_broken_file_becomes_a_rejection_with_its_findings),
        TEST(a_panel_that_is_lost_goes_again),
        TEST(a_restarted_publisher_gets_the_panel_again),
        TEST(the_next_release_waits_for_the_commit_of_the_first),
        TEST(rubbish_among_the_receipts_is_refused_and_changes_nothing),
        TEST(a_signal_waits_for_what_is_on_its_way),
        TEST(what_was_open_goes_on_after_a_restart),
        TEST(a_commit_that_does_not_come_is_told_until_it_comes),
        TEST(a_publisher_that_begins_anew_is_not_late),
        TEST(a_run_directory_too_long_for_its_sockets_is_told_before_anything_is_opened),
#ifdef KF_CRASH_POINTS
        TEST(killed_anywhere_the_release_is_recorded_once_and_committed),
        TEST(killed_anywhere_a_folder_is_applied_or_refused_whole_and_once),
#endif
        TEST(faults_of_the_editions_are_told_and_exit_2),
        TEST(a_second_ingest_on_the_same_ledger_exits_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

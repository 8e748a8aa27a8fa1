/* The dispatch: what is sent when. Times are milliseconds of a clock that the tests turn. */
#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/send/dispatch.h"
#include "tests/support/panel_fixture.h"

#define RELEASE   "00112233445566778899aabbccddeeff"
#define OTHER     "ffeeddccbbaa99887766554433221100"
#define PUBLISHER "publisher-one"
#define SECOND    "publisher-two"

static struct kf_dispatch *dispatch;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    const struct kf_dispatch_options options = kf_dispatch_options_usual(3, 1000);
    dispatch = kf_dispatch_new(&options);
    return dispatch ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_dispatch_destroy(&dispatch);
    return 0;
}

static void open_release(uint32_t panels)
{
    assert_int_equal(kf_dispatch_open(dispatch, RELEASE, panels, 0, &err), KF_OK);
}

/* Sends all that may be sent; returns how many, and the attempt of the last. */
static uint32_t send_all(int64_t now_ms, uint32_t *attempt)
{
    uint32_t index = 0;
    uint32_t sent = 0;
    for (; kf_dispatch_next(dispatch, &index, attempt); sent++) {
        kf_dispatch_sent(dispatch, index, now_ms);
    }
    return sent;
}

static enum kf_dispatch_event receive(enum kf_receipt_state what, const char *release,
                                      uint32_t index, const char *publisher, int64_t now_ms)
{
    struct kf_receipt receipt = {.state = what, .index = index};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", release);
    (void)snprintf(receipt.publisher, sizeof receipt.publisher, "%s", publisher);
    return kf_dispatch_receipt(dispatch, &receipt, now_ms);
}

static enum kf_dispatch_event held(uint32_t index, int64_t now_ms)
{
    return receive(KF_RECEIPT_HELD, RELEASE, index, PUBLISHER, now_ms);
}

static void expect_counts(uint32_t waiting, uint32_t in_flight, uint32_t held_panels)
{
    struct kf_dispatch_counts counts = kf_dispatch_counts(dispatch);
    assert_int_equal(counts.waiting, waiting);
    assert_int_equal(counts.in_flight, in_flight);
    assert_int_equal(counts.held, held_panels);
}

static void nothing_is_sent_while_nothing_is_open(void **state)
{
    (void)state;
    uint32_t index = 0;
    uint32_t attempt = 0;
    assert_false(kf_dispatch_is_open(dispatch));
    assert_false(kf_dispatch_next(dispatch, &index, &attempt));
    assert_string_equal(kf_dispatch_release(dispatch), "");
    assert_true(kf_dispatch_deadline_ms(dispatch) == INT64_MAX);
    assert_int_equal(kf_dispatch_expire(dispatch, INT64_MAX - 1), 0);
}

static void panels_go_out_in_order_up_to_the_window(void **state)
{
    (void)state;
    uint32_t index = 9;
    uint32_t attempt = 0;
    open_release(5);
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(kf_dispatch_next(dispatch, &index, &attempt));
        assert_int_equal(index, i);
        assert_int_equal(attempt, 1);
        kf_dispatch_sent(dispatch, index, 0);
    }
    assert_false(kf_dispatch_next(dispatch, &index, &attempt));
    expect_counts(2, 3, 0);
}

static void what_could_not_be_sent_is_named_again(void **state)
{
    (void)state;
    uint32_t index = 9;
    uint32_t attempt = 0;
    open_release(2);
    assert_true(kf_dispatch_next(dispatch, &index, &attempt));
    assert_true(kf_dispatch_next(dispatch, &index, &attempt));
    assert_int_equal(index, 0);
}

static void a_held_panel_frees_its_place_in_the_window(void **state)
{
    (void)state;
    uint32_t index = 0;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    assert_int_equal(held(1, 10), KF_DISPATCH_PROGRESS);
    expect_counts(2, 2, 1);
    assert_true(kf_dispatch_next(dispatch, &index, &attempt));
    assert_int_equal(index, 3);
}

static void a_receipt_that_comes_twice_counts_once(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    assert_int_equal(held(1, 10), KF_DISPATCH_PROGRESS);
    assert_int_equal(held(1, 11), KF_DISPATCH_NOTHING);
    expect_counts(2, 2, 1);
}

static void receipts_of_other_releases_and_absurd_indices_are_nothing(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(2);
    send_all(0, &attempt);
    assert_int_equal(receive(KF_RECEIPT_HELD, OTHER, 0, PUBLISHER, 1), KF_DISPATCH_NOTHING);
    assert_int_equal(receive(KF_RECEIPT_COMMITTED, OTHER, 0, PUBLISHER, 1), KF_DISPATCH_NOTHING);
    assert_int_equal(held(2, 1), KF_DISPATCH_NOTHING);
    assert_int_equal(held(UINT32_MAX, 1), KF_DISPATCH_NOTHING);
    assert_int_equal(receive((enum kf_receipt_state)77, RELEASE, 0, PUBLISHER, 1),
                     KF_DISPATCH_NOTHING);
    assert_int_equal(receive(KF_RECEIPT_HELD, RELEASE, 0, "", 1), KF_DISPATCH_NOTHING);
    expect_counts(0, 2, 0);
}

static void a_commit_closes_the_release(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(2);
    send_all(0, &attempt);
    assert_int_equal(receive(KF_RECEIPT_COMMITTED, RELEASE, 0, PUBLISHER, 5),
                     KF_DISPATCH_COMMITTED);
    assert_false(kf_dispatch_is_open(dispatch));
    assert_int_equal(send_all(6, &attempt), 0);
    assert_int_equal(receive(KF_RECEIPT_COMMITTED, RELEASE, 0, PUBLISHER, 7), KF_DISPATCH_NOTHING);
    assert_int_equal(kf_dispatch_open(dispatch, OTHER, 1, 8, &err), KF_OK);
}

static void a_rejection_closes_the_release(void **state)
{
    (void)state;
    open_release(2);
    assert_int_equal(receive(KF_RECEIPT_REJECTED, RELEASE, 0, PUBLISHER, 5), KF_DISPATCH_REJECTED);
    assert_false(kf_dispatch_is_open(dispatch));
}

static void without_progress_what_is_in_flight_goes_again(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    held(0, 100);
    assert_true(kf_dispatch_deadline_ms(dispatch) == 1100);
    assert_int_equal(kf_dispatch_expire(dispatch, 1099), 0);
    assert_int_equal(kf_dispatch_expire(dispatch, 1100), 2);
    expect_counts(4, 0, 1);
    assert_int_equal(send_all(1100, &attempt), 3);
}

static void the_wait_doubles_up_to_its_maximum(void **state)
{
    (void)state;
    static const int64_t waits_ms[] = {1000, 2000, 4000, 8000, 12000, 12000};
    uint32_t attempt = 0;
    int64_t now_ms = 0;
    open_release(1);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(send_all(now_ms, &attempt), 1);
        assert_int_equal(attempt, i + 1);
        assert_true(kf_dispatch_deadline_ms(dispatch) == now_ms + waits_ms[i]);
        now_ms += waits_ms[i];
        assert_int_equal(kf_dispatch_expire(dispatch, now_ms), 1);
    }
}

static void the_wait_starts_anew_only_with_a_panel_sent_once(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    kf_dispatch_expire(dispatch, 1000);
    send_all(1000, &attempt); /* 0–2 a second time */
    held(0, 1500);
    assert_true(kf_dispatch_deadline_ms(dispatch) == 1500 + 2000);
    send_all(1500, &attempt); /* 3 a first time */
    held(3, 1600);
    assert_true(kf_dispatch_deadline_ms(dispatch) == 1600 + 1000);
}

static void all_held_and_no_commit_for_long_means_all_again(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(2);
    send_all(0, &attempt);
    held(0, 10);
    held(1, 10);
    assert_true(kf_dispatch_deadline_ms(dispatch) == 10 + 6000);
    assert_int_equal(kf_dispatch_expire(dispatch, 6010), 2);
    assert_int_equal(send_all(6010, &attempt), 2);
    assert_int_equal(attempt, 2);
    held(0, 6020);
    held(1, 6020);
    assert_true(kf_dispatch_deadline_ms(dispatch) == 6020 + 12000);
}

static void a_restarted_publisher_gets_everything_again(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    held(0, 10);
    assert_int_equal(receive(KF_RECEIPT_STARTED, "", 0, SECOND, 20), KF_DISPATCH_RESTARTED);
    expect_counts(5, 0, 0);
    assert_string_equal(kf_dispatch_publisher(dispatch), SECOND);
    assert_int_equal(send_all(20, &attempt), 3);
}

static void a_new_name_on_any_receipt_means_a_restart(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(5);
    send_all(0, &attempt);
    held(0, 10);
    assert_int_equal(receive(KF_RECEIPT_HELD, RELEASE, 2, SECOND, 20), KF_DISPATCH_RESTARTED);
    expect_counts(4, 0, 1);
}

static void the_first_publisher_is_no_restart(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(2);
    send_all(0, &attempt);
    assert_int_equal(receive(KF_RECEIPT_STARTED, "", 0, PUBLISHER, 5), KF_DISPATCH_NOTHING);
    expect_counts(0, 2, 0);
}

static void late_words_of_a_publisher_that_is_gone_do_not_count(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    open_release(2);
    send_all(0, &attempt);
    held(0, 10);
    receive(KF_RECEIPT_STARTED, "", 0, SECOND, 20);
    assert_int_equal(held(1, 30), KF_DISPATCH_NOTHING);
    assert_int_equal(receive(KF_RECEIPT_STARTED, "", 0, PUBLISHER, 31), KF_DISPATCH_NOTHING);
    assert_string_equal(kf_dispatch_publisher(dispatch), SECOND);
    expect_counts(2, 0, 0);
}

static void a_commit_counts_whoever_says_it(void **state)
{
    (void)state;
    open_release(2);
    receive(KF_RECEIPT_STARTED, "", 0, PUBLISHER, 1);
    receive(KF_RECEIPT_STARTED, "", 0, SECOND, 2);
    assert_int_equal(receive(KF_RECEIPT_COMMITTED, RELEASE, 0, PUBLISHER, 3),
                     KF_DISPATCH_COMMITTED);
}

static void releases_of_no_or_too_many_panels_are_refused(void **state)
{
    (void)state;
    assert_int_equal(kf_dispatch_open(dispatch, RELEASE, 0, 0, &err), KF_ERR_DATA);
    assert_int_equal(kf_dispatch_open(dispatch, RELEASE, KF_RELEASE_PANELS_MAX + 1, 0, &err),
                     KF_ERR_DATA);
    assert_false(kf_dispatch_is_open(dispatch));
}

static void failing_allocations_are_errors(void **state)
{
    (void)state;
    const struct kf_dispatch_options options = kf_dispatch_options_usual(1, 1000);
    kf_memory_fail_after(0);
    assert_null(kf_dispatch_new(&options));
    kf_memory_fail_after(0);
    assert_int_equal(kf_dispatch_open(dispatch, RELEASE, 3, 0, &err), KF_ERR_MEMORY);
    assert_false(kf_dispatch_is_open(dispatch));
}

/* --- a world that loses, doubles, delays and restarts ---------------------------------------- */

#define PANELS_MAX   40
#define MAIL_MAX     4096
#define SIMULATED_MS (3 * 3600 * 1000)
#define RUNS         300

/* A panel on its way out, or a receipt on its way back. */
struct mail {
    int64_t due_ms; /* INT64_MAX: empty */
    bool receipt;
    struct kf_receipt content;
};

struct simulation {
    struct fixture_random random;
    struct mail mail[MAIL_MAX];
    uint32_t panels;
    uint32_t window;
    int loss; /* of a hundred, each way */
    int doubling;
    int restart;
    int64_t delay_ms;
    int64_t now_ms;
    unsigned publisher;
    bool holds[PANELS_MAX];
    bool committed;
    uint64_t sent;
};

static bool happens(struct simulation *self, int of_a_hundred)
{
    return fixture_random_whole(&self->random, 0, 99) < of_a_hundred;
}

static void post_one(struct simulation *self, const struct mail *mail)
{
    for (size_t i = 0; i < MAIL_MAX; i++) {
        if (self->mail[i].due_ms == INT64_MAX) {
            self->mail[i] = *mail;
            self->mail[i].due_ms =
                self->now_ms + fixture_random_whole(&self->random, 1, self->delay_ms);
            return;
        }
    }
}

static void post(struct simulation *self, const struct mail *mail)
{
    if (!happens(self, self->loss)) {
        post_one(self, mail);
    }
    if (happens(self, self->doubling)) {
        post_one(self, mail);
    }
}

static void say(struct simulation *self, enum kf_receipt_state what, uint32_t index)
{
    struct mail mail = {.receipt = true, .content = {.state = what, .index = index}};
    if (what != KF_RECEIPT_STARTED) {
        (void)snprintf(mail.content.release, sizeof mail.content.release, "%s", RELEASE);
    }
    (void)snprintf(mail.content.publisher, sizeof mail.content.publisher, "p%u", self->publisher);
    post(self, &mail);
}

static bool holds_all(const struct simulation *self)
{
    for (uint32_t i = 0; i < self->panels; i++) {
        if (!self->holds[i]) {
            return false;
        }
    }
    return true;
}

static void publisher_takes(struct simulation *self, uint32_t index)
{
    if (happens(self, self->restart)) {
        memset(self->holds, 0, sizeof self->holds);
        self->publisher++;
        say(self, KF_RECEIPT_STARTED, 0);
        return;
    }
    self->holds[index] = true;
    say(self, KF_RECEIPT_HELD, index);
    if (holds_all(self)) {
        self->committed = true;
        memset(self->holds, 0, sizeof self->holds);
        say(self, KF_RECEIPT_COMMITTED, 0);
    }
}

static void send_what_may_be_sent(struct simulation *self)
{
    uint32_t index = 0;
    uint32_t attempt = 0;
    while (kf_dispatch_next(dispatch, &index, &attempt)) {
        assert_true(kf_dispatch_is_open(dispatch));
        assert_true(index < self->panels);
        kf_dispatch_sent(dispatch, index, self->now_ms);
        assert_true(kf_dispatch_counts(dispatch).in_flight <= self->window);
        const struct mail mail = {.content = {.index = index}};
        post(self, &mail);
        self->sent++;
    }
}

static void check_counts(const struct simulation *self)
{
    struct kf_dispatch_counts counts = kf_dispatch_counts(dispatch);
    if (kf_dispatch_is_open(dispatch)) {
        assert_int_equal(counts.waiting + counts.in_flight + counts.held, self->panels);
    }
    assert_true(counts.in_flight <= self->window);
}

/* Turns the clock to the next thing that happens. False when nothing ever will. */
static bool turn_clock(struct simulation *self)
{
    int64_t next_ms = kf_dispatch_deadline_ms(dispatch);
    for (size_t i = 0; i < MAIL_MAX; i++) {
        next_ms = self->mail[i].due_ms < next_ms ? self->mail[i].due_ms : next_ms;
    }
    if (next_ms == INT64_MAX) {
        return false;
    }
    self->now_ms = next_ms > self->now_ms ? next_ms : self->now_ms;
    return true;
}

static void deliver(struct simulation *self)
{
    for (size_t i = 0; i < MAIL_MAX; i++) {
        struct mail mail = self->mail[i];
        if (mail.due_ms > self->now_ms) {
            continue;
        }
        self->mail[i].due_ms = INT64_MAX;
        if (mail.receipt) {
            (void)kf_dispatch_receipt(dispatch, &mail.content, self->now_ms);
        } else {
            publisher_takes(self, mail.content.index);
        }
    }
}

static void simulate(uint64_t seed)
{
    static struct simulation self;
    memset(&self, 0, sizeof self);
    self.random.state = seed;
    for (size_t i = 0; i < MAIL_MAX; i++) {
        self.mail[i].due_ms = INT64_MAX;
    }
    self.panels = (uint32_t)fixture_random_whole(&self.random, 1, PANELS_MAX);
    self.window = (uint32_t)fixture_random_whole(&self.random, 1, 16);
    self.loss = (int)fixture_random_whole(&self.random, 0, 40);
    self.doubling = (int)fixture_random_whole(&self.random, 0, 40);
    self.restart = (int)fixture_random_whole(&self.random, 0, 4);
    self.delay_ms = fixture_random_whole(&self.random, 1, 3000);
    const struct kf_dispatch_options options = kf_dispatch_options_usual(self.window, 500);
    kf_dispatch_destroy(&dispatch);
    dispatch = kf_dispatch_new(&options);
    open_release(self.panels);
    while (kf_dispatch_is_open(dispatch)) {
        send_what_may_be_sent(&self);
        check_counts(&self);
        if (!turn_clock(&self) || self.now_ms > SIMULATED_MS) {
            fail_msg("seed %" PRIu64 ": the release never closes", seed);
        }
        deliver(&self);
        (void)kf_dispatch_expire(dispatch, self.now_ms);
    }
    assert_true(self.committed);
    assert_true(self.sent >= self.panels);
    uint64_t sent = self.sent;
    while (turn_clock(&self)) { /* the rest of the mail arrives after the close */
        deliver(&self);
        send_what_may_be_sent(&self);
    }
    assert_int_equal(self.sent, sent);
}

static void whatever_is_lost_doubled_or_restarted_the_release_is_committed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        simulate(seed);
    }
}

static void without_faults_every_panel_goes_out_once(void **state)
{
    (void)state;
    uint32_t attempt = 0;
    uint32_t sent = 0;
    int64_t now_ms = 0;
    open_release(100);
    for (uint32_t i = 0; i < 100; i++) {
        now_ms += 5;
        sent += send_all(now_ms, &attempt);
        held(i, now_ms);
        assert_int_equal(kf_dispatch_expire(dispatch, now_ms), 0);
    }
    assert_int_equal(sent, 100);
    expect_counts(0, 0, 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_sent_while_nothing_is_open),
        TEST(panels_go_out_in_order_up_to_the_window),
        TEST(what_could_not_be_sent_is_named_again),
        TEST(a_held_panel_frees_its_place_in_the_window),
        TEST(a_receipt_that_comes_twice_counts_once),
        TEST(receipts_of_other_releases_and_absurd_indices_are_nothing),
        TEST(a_commit_closes_the_release),
        TEST(a_rejection_closes_the_release),
        TEST(without_progress_what_is_in_flight_goes_again),
        TEST(the_wait_doubles_up_to_its_maximum),
        TEST(the_wait_starts_anew_only_with_a_panel_sent_once),
        TEST(all_held_and_no_commit_for_long_means_all_again),
        TEST(a_restarted_publisher_gets_everything_again),
        TEST(a_new_name_on_any_receipt_means_a_restart),
        TEST(the_first_publisher_is_no_restart),
        TEST(late_words_of_a_publisher_that_is_gone_do_not_count),
        TEST(a_commit_counts_whoever_says_it),
        TEST(releases_of_no_or_too_many_panels_are_refused),
        TEST(failing_allocations_are_errors),
        TEST(whatever_is_lost_doubled_or_restarted_the_release_is_committed),
        TEST(without_faults_every_panel_goes_out_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

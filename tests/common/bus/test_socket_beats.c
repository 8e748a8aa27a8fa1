/* Beats: sockets that publish to whoever listens. */
#include <string.h>

#include "common/base/clock.h"
#include "socket_fixture.h"
#include "tests/support/cmocka.h"

static void beats_reach_who_subscribed_and_are_dropped_otherwise(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *beats = NULL;
    struct kf_socket *board = NULL;
    assert_int_equal(kf_socket_publish(fixture->bus, fixture->a, &beats, &fixture->err), KF_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(socket_fixture_send(fixture, beats, "nobody listens"), KF_OK);
    }
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->both, KF_ROLE_NEED, &board, &fixture->err),
        KF_OK);
    struct kf_poll_item item = {.socket = board, .want_in = true};
    for (int64_t start = kf_clock_monotonic_ms(); !item.in;) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        assert_int_equal(socket_fixture_send(fixture, beats, "beat"), KF_OK);
        assert_int_equal(kf_poll(&item, 1, 10, NULL), KF_OK);
    }
    socket_fixture_expect(fixture, board, "beat");
    kf_socket_destroy(&board);
    kf_socket_destroy(&beats);
}

/* Until the beats of the socket come through to the board. */
static void wait_heard(struct socket_fixture *fixture, struct kf_socket *beats,
                       struct kf_socket *board, const char *text)
{
    struct kf_poll_item item = {.socket = board, .want_in = true};
    bool heard = false;
    for (int64_t start = kf_clock_monotonic_ms(); !heard;) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        assert_int_equal(socket_fixture_send(fixture, beats, text), KF_OK);
        assert_int_equal(kf_poll(&item, 1, 10, NULL), KF_OK);
        heard = item.in && kf_socket_receive(board, &fixture->frame, &fixture->err) == KF_OK &&
                strcmp(fixture->frame.bytes, text) == 0;
    }
}

static void wait_ended(struct kf_socket *board, const char *endpoint)
{
    char ended[KF_ENDED_SIZE];
    int64_t start = kf_clock_monotonic_ms();
    while (!kf_socket_take_ended(board, ended)) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        assert_int_equal(kf_poll(NULL, 0, 5, NULL), KF_OK);
    }
    assert_string_equal(ended, endpoint);
    assert_false(kf_socket_take_ended(board, ended));
}

static void the_end_of_a_connection_is_told_once_and_by_its_endpoint(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *beats[2] = {NULL, NULL};
    struct kf_socket *board = NULL;
    char ended[KF_ENDED_SIZE];
    assert_int_equal(kf_socket_publish(fixture->bus, fixture->a, &beats[0], &fixture->err), KF_OK);
    assert_int_equal(kf_socket_publish(fixture->bus, fixture->b, &beats[1], &fixture->err), KF_OK);
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->both, KF_ROLE_NEED, &board, &fixture->err),
        KF_OK);
    wait_heard(fixture, beats[0], board, "from a");
    wait_heard(fixture, beats[1], board, "from b");
    assert_false(kf_socket_take_ended(board, ended));
    kf_socket_destroy(&beats[1]);
    wait_ended(board, fixture->b);
    kf_socket_destroy(&beats[0]);
    wait_ended(board, fixture->a);
    kf_socket_destroy(&board);
}

static void nobody_there_is_no_end_and_whoever_comes_back_ends_again(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *beats = NULL;
    struct kf_socket *board = NULL;
    char ended[KF_ENDED_SIZE];
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->both, KF_ROLE_NEED, &board, &fixture->err),
        KF_OK);
    for (int life = 0; life < 2; life++) {
        assert_int_equal(kf_socket_publish(fixture->bus, fixture->a, &beats, &fixture->err), KF_OK);
        wait_heard(fixture, beats, board, life == 0 ? "first" : "second");
        assert_false(kf_socket_take_ended(board, ended));
        kf_socket_destroy(&beats);
        wait_ended(board, fixture->a);
    }
    kf_socket_destroy(&board);
}

#define LAST_WORDS       60 /* below what a beats' socket queues, beyond what the kernel buffers */
#define LAST_WORD_LENGTH 60000

/* A service that is heard, says `count` times `word`, and is gone at once; how many of them arrive
 * at the board, which only looks when the connection has ended. */
static int last_words(struct socket_fixture *fixture, struct kf_socket *board, const char *word,
                      int count)
{
    struct kf_bus *service = NULL;
    struct kf_socket *beats = NULL;
    int heard = 0;
    assert_int_equal(kf_bus_new(&service, &fixture->err), KF_OK);
    assert_int_equal(kf_socket_publish(service, fixture->a, &beats, &fixture->err), KF_OK);
    wait_heard(fixture, beats, board, "ready");
    for (int i = 0; i < count; i++) {
        assert_int_equal(socket_fixture_send(fixture, beats, word), KF_OK);
    }
    kf_socket_destroy(&beats);
    kf_bus_destroy(&service);
    wait_ended(board, fixture->a);
    struct kf_poll_item item = {.socket = board, .want_in = true, .in = true};
    while (item.in) {
        assert_int_equal(kf_poll(&item, 1, 0, NULL), KF_OK);
        if (kf_socket_receive(board, &fixture->frame, &fixture->err) == KF_OK) {
            heard += strcmp(fixture->frame.bytes, word) == 0;
        }
    }
    return heard;
}

/* What is still queued when the socket is closed has a second to leave, and what has come is not
 * lost with the connection. Several times, for on a busy machine a second may be too short. */
static void the_last_words_of_who_stops_are_heard(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *board = NULL;
    static char word[LAST_WORD_LENGTH + 1];
    int heard = 0;
    memset(word, 'w', LAST_WORD_LENGTH);
    kf_text_clear(&fixture->frame);
    kf_text_init(&fixture->frame, sizeof word);
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->a, KF_ROLE_NEED, &board, &fixture->err), KF_OK);
    for (int life = 0; life < 5 && heard < LAST_WORDS; life++) {
        heard = last_words(fixture, board, word, LAST_WORDS);
    }
    assert_int_equal(heard, LAST_WORDS);
    kf_socket_destroy(&board);
}

static void the_last_word_outlives_its_connection(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *board = NULL;
    int heard = 0;
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->a, KF_ROLE_NEED, &board, &fixture->err), KF_OK);
    for (int life = 0; life < 6; life++) {
        heard += last_words(fixture, board, "draining", 1);
    }
    assert_true(heard >= 5);
    kf_socket_destroy(&board);
}

static void one_more_endpoint_is_connected_to_later(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *beats = NULL;
    struct kf_socket *board = NULL;
    assert_int_equal(
        kf_socket_subscribe(fixture->bus, fixture->a, KF_ROLE_NEED, &board, &fixture->err), KF_OK);
    assert_int_equal(kf_socket_connect_also(board, "http://b", &fixture->err), KF_ERR_CONFIG);
    assert_int_equal(kf_socket_connect_also(board, fixture->b, &fixture->err), KF_OK);
    assert_int_equal(kf_socket_publish(fixture->bus, fixture->b, &beats, &fixture->err), KF_OK);
    wait_heard(fixture, beats, board, "from b");
    kf_socket_destroy(&beats);
    wait_ended(board, fixture->b);
    kf_socket_destroy(&board);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, socket_fixture_open, socket_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(beats_reach_who_subscribed_and_are_dropped_otherwise),
        TEST(the_end_of_a_connection_is_told_once_and_by_its_endpoint),
        TEST(nobody_there_is_no_end_and_whoever_comes_back_ends_again),
        TEST(the_last_words_of_who_stops_are_heard),
        TEST(the_last_word_outlives_its_connection),
        TEST(one_more_endpoint_is_connected_to_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

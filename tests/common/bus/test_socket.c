/* Sockets that hand panels on, from one to one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/bus/socket.h"
#include "socket_fixture.h"
#include "tests/support/cmocka.h"

static const struct kf_socket_options limits = {
    .queue_max = 8,
    .message_bytes_max = 1024,
    .linger_ms = 0,
};

static struct kf_socket *pull(struct socket_fixture *fixture, const char *endpoint)
{
    struct kf_socket *socket = NULL;
    assert_int_equal(kf_socket_pull(fixture->bus, endpoint, &limits, &socket, &fixture->err),
                     KF_OK);
    return socket;
}

static struct kf_socket *push(struct socket_fixture *fixture, const char *endpoints)
{
    struct kf_socket *socket = NULL;
    assert_int_equal(kf_socket_push(fixture->bus, endpoints, &limits, &socket, &fixture->err),
                     KF_OK);
    return socket;
}

static void wait_out(struct kf_socket *socket)
{
    struct kf_poll_item item = {.socket = socket, .want_out = true};
    assert_int_equal(kf_poll(&item, 1, PATIENCE_MS, NULL), KF_OK);
    assert_true(item.out);
    assert_false(item.in);
}

/* --- passing messages ------------------------------------------------------------------------ */

static void messages_arrive_whole_and_in_order(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_socket *out = push(fixture, fixture->a);
    wait_out(out);
    assert_int_equal(socket_fixture_send(fixture, out, "first"), KF_OK);
    assert_int_equal(socket_fixture_send(fixture, out, ""), KF_OK);
    assert_int_equal(socket_fixture_send(fixture, out, "third"), KF_OK);
    socket_fixture_expect(fixture, in, "first");
    socket_fixture_expect(fixture, in, "");
    socket_fixture_expect(fixture, in, "third");
    assert_int_equal(kf_socket_receive(in, &fixture->frame, &fixture->err), KF_ERR_AGAIN);
    assert_int_equal(fixture->frame.length, 0);
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

static void nothing_is_queued_for_a_peer_that_is_not_there(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *out = push(fixture, fixture->a);
    assert_int_equal(socket_fixture_send(fixture, out, "lost?"), KF_ERR_AGAIN);
    assert_int_equal(fixture->err.disposition, KF_RETRY);
    assert_string_equal(fixture->frame.bytes, "lost?"); /* still the caller's */
    struct kf_socket *in = pull(fixture, fixture->a);
    wait_out(out);
    assert_int_equal(kf_socket_send(out, &fixture->frame, &fixture->err), KF_OK);
    socket_fixture_expect(fixture, in, "lost?");
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

static void a_peer_that_does_not_read_stops_the_sender(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_socket *out = push(fixture, fixture->a);
    /* The kernel's buffers hold some hundred kilobytes more than both queues. */
    static char large[1000];
    memset(large, 'x', sizeof large - 1);
    wait_out(out);
    size_t sent = 0;
    while (sent < 100000 && socket_fixture_send(fixture, out, large) == KF_OK) {
        sent++;
        struct kf_poll_item item = {.socket = out, .want_out = true};
        assert_int_equal(kf_poll(&item, 1, 50, NULL), KF_OK);
    }
    assert_true(sent >= 8 && sent < 100000);
    for (size_t i = 0; i < sent; i++) {
        socket_fixture_expect(fixture, in, large);
    }
    wait_out(out);
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

static void messages_go_round_all_workers(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *a = pull(fixture, fixture->a);
    struct kf_socket *b = pull(fixture, fixture->b);
    struct kf_socket *out = push(fixture, fixture->both);
    /* Until both connections stand all goes to the first; then it alternates. */
    bool seen[2] = {false, false};
    int64_t start = kf_clock_monotonic_ms();
    while (!(seen[0] && seen[1])) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        wait_out(out);
        assert_int_equal(socket_fixture_send(fixture, out, "work"), KF_OK);
        struct kf_poll_item items[] = {{.socket = a, .want_in = true},
                                       {.socket = b, .want_in = true}};
        assert_int_equal(kf_poll(items, 2, PATIENCE_MS, NULL), KF_OK);
        for (size_t i = 0; i < 2; i++) {
            if (items[i].in) {
                socket_fixture_expect(fixture, items[i].socket, "work");
                seen[i] = true;
            }
        }
    }
    kf_socket_destroy(&out);
    kf_socket_destroy(&b);
    kf_socket_destroy(&a);
}

static void a_restarted_worker_gets_the_next_message(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_socket *out = push(fixture, fixture->a);
    wait_out(out);
    assert_int_equal(socket_fixture_send(fixture, out, "one"), KF_OK);
    socket_fixture_expect(fixture, in, "one");
    kf_socket_destroy(&in);

    /* The sender notices that the peer is gone: it can no longer send. */
    int64_t start = kf_clock_monotonic_ms();
    for (bool gone = false; !gone;) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        struct kf_poll_item item = {.socket = out, .want_out = true};
        assert_int_equal(kf_poll(&item, 1, 0, NULL), KF_OK);
        gone = !item.out;
    }
    for (in = NULL; !in;) { /* the old socket closes in the background */
        enum kf_err code = kf_socket_pull(fixture->bus, fixture->a, &limits, &in, &fixture->err);
        assert_true(code == KF_OK || code == KF_ERR_PEER);
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
    }
    wait_out(out);
    assert_int_equal(socket_fixture_send(fixture, out, "two"), KF_OK);
    socket_fixture_expect(fixture, in, "two");
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

/* --- what must be refused -------------------------------------------------------------------- */

static void messages_of_several_parts_are_dropped_whole(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    void *context = zmq_ctx_new();
    void *foreign = zmq_socket(context, ZMQ_PUSH);
    int linger = PATIENCE_MS;
    assert_int_equal(zmq_setsockopt(foreign, ZMQ_LINGER, &linger, sizeof linger), 0);
    assert_int_equal(zmq_connect(foreign, fixture->a), 0);
    assert_int_equal(zmq_send(foreign, "one", 3, ZMQ_SNDMORE), 3);
    assert_int_equal(zmq_send(foreign, "two", 3, ZMQ_SNDMORE), 3);
    assert_int_equal(zmq_send(foreign, "three", 5, 0), 5);
    assert_int_equal(zmq_send(foreign, "good", 4, 0), 4);
    socket_fixture_wait_in(in);
    assert_int_equal(kf_socket_receive(in, &fixture->frame, &fixture->err), KF_ERR_DATA);
    assert_non_null(strstr(fixture->err.text, "3 parts"));
    assert_int_equal(fixture->frame.length, 0);
    socket_fixture_expect(fixture, in, "good");
    assert_int_equal(zmq_close(foreign), 0);
    assert_int_equal(zmq_ctx_term(context), 0);
    kf_socket_destroy(&in);
}

static void a_message_beyond_the_frames_room_is_refused(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_socket *out = push(fixture, fixture->a);
    struct kf_text small;
    kf_text_init(&small, 4);
    wait_out(out);
    assert_int_equal(socket_fixture_send(fixture, out, "12345"), KF_OK);
    assert_int_equal(socket_fixture_send(fixture, out, "1234"), KF_OK);
    socket_fixture_wait_in(in);
    assert_int_equal(kf_socket_receive(in, &small, &fixture->err), KF_ERR_LIMIT);
    socket_fixture_wait_in(in);
    kf_memory_fail_after(0);
    enum kf_err code = kf_socket_receive(in, &small, &fixture->err);
    kf_memory_fail_after(-1);
    assert_int_equal(code, KF_ERR_MEMORY);
    kf_text_clear(&small);
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

static void an_oversized_message_never_arrives(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_socket *out = push(fixture, fixture->a);
    wait_out(out);
    kf_text_reset(&fixture->frame);
    for (int i = 0; i < 1025; i++) {
        kf_text_add_char(&fixture->frame, 'x');
    }
    assert_int_equal(kf_socket_send(out, &fixture->frame, &fixture->err), KF_OK);
    /* The receiver closes the connection, which comes back by itself. */
    bool arrived = false;
    for (int64_t start = kf_clock_monotonic_ms(); !arrived;) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        (void)socket_fixture_send(fixture, out, "small");
        struct kf_poll_item item = {.socket = in, .want_in = true};
        assert_int_equal(kf_poll(&item, 1, 10, NULL), KF_OK);
        arrived = item.in;
    }
    socket_fixture_expect(fixture, in, "small");
    kf_socket_destroy(&out);
    kf_socket_destroy(&in);
}

static void a_frame_that_is_not_whole_is_not_sent(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *out = push(fixture, fixture->a);
    kf_text_reset(&fixture->frame);
    fixture->frame.failed = true;
    assert_int_equal(kf_socket_send(out, &fixture->frame, &fixture->err), KF_ERR_INTERNAL);
    kf_socket_destroy(&out);
}

static void bad_endpoints_and_limits_are_configuration_errors(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *socket = NULL;
    struct kf_error *err = &fixture->err;
    static const char *const bad[] = {"", "ipc://", "tcp://127.0.0.1:notaport", "need-0.in"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kf_socket_pull(fixture->bus, bad[i], &limits, &socket, err),
                         KF_ERR_CONFIG);
        assert_int_equal(kf_socket_push(fixture->bus, bad[i], &limits, &socket, err),
                         KF_ERR_CONFIG);
    }
    struct kf_socket_options options = limits;
    options.queue_max = 0;
    assert_int_equal(kf_socket_pull(fixture->bus, fixture->a, &options, &socket, err),
                     KF_ERR_CONFIG);
    options = limits;
    options.linger_ms = -1;
    assert_int_equal(kf_socket_push(fixture->bus, fixture->a, &options, &socket, err),
                     KF_ERR_CONFIG);
    options = limits;
    options.message_bytes_max = 0;
    assert_int_equal(kf_socket_pull(fixture->bus, fixture->a, &options, &socket, err),
                     KF_ERR_CONFIG);
    assert_null(socket);
}

static void more_endpoints_than_allowed_are_refused(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *socket = NULL;
    struct kf_text list;
    kf_text_init(&list, 64 * 1024);
    for (int i = 0; i < KF_ENDPOINTS_MAX; i++) {
        kf_text_add_format(&list, "%sipc://%s/%d", i ? "," : "", fixture->folder, i);
    }
    assert_int_equal(kf_socket_push(fixture->bus, list.bytes, &limits, &socket, &fixture->err),
                     KF_OK);
    kf_socket_destroy(&socket);
    kf_text_add_format(&list, ",%s", fixture->a);
    assert_int_equal(kf_socket_push(fixture->bus, list.bytes, &limits, &socket, &fixture->err),
                     KF_ERR_CONFIG);
    while (list.length < 9000) {
        kf_text_add(&list, ",ipc://a");
    }
    assert_int_equal(kf_socket_push(fixture->bus, list.bytes, &limits, &socket, &fixture->err),
                     KF_ERR_CONFIG);
    kf_text_clear(&list);
}

static void an_endpoint_is_served_by_one_alone(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *first = pull(fixture, fixture->a);
    struct kf_socket *second = NULL;
    assert_int_equal(kf_socket_pull(fixture->bus, fixture->a, &limits, &second, &fixture->err),
                     KF_ERR_PEER);
    assert_null(second);
    /* and the first still works */
    struct kf_socket *out = push(fixture, fixture->a);
    wait_out(out);
    assert_int_equal(socket_fixture_send(fixture, out, "still here"), KF_OK);
    socket_fixture_expect(fixture, first, "still here");
    kf_socket_destroy(&out);
    kf_socket_destroy(&first);
}

/* --- waiting and closing --------------------------------------------------------------------- */

static void descriptors_are_waited_for_beside_sockets(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    struct kf_poll_item items[] = {
        {.socket = in, .want_in = true},
        {.descriptor = ends[0], .want_in = true},
        {.descriptor = ends[1], .want_out = true},
    };
    assert_int_equal(kf_poll(items, 3, -1, &fixture->err), KF_OK);
    assert_false(items[0].in);
    assert_true(items[1].in && !items[1].out);
    assert_true(items[2].out && !items[2].in);
    (void)close(ends[1]);
    char byte = 0;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(kf_poll(&items[1], 1, PATIENCE_MS, &fixture->err), KF_OK);
    assert_true(items[1].in); /* the end of the pipe shows when it is read */
    (void)close(ends[0]);
    kf_socket_destroy(&in);
}

static void a_time_out_makes_nothing_ready(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_socket *in = pull(fixture, fixture->a);
    struct kf_poll_item item = {.socket = in, .want_in = true, .in = true, .out = true};
    assert_int_equal(kf_poll(&item, 1, 0, &fixture->err), KF_OK);
    assert_false(item.in || item.out);
    assert_int_equal(kf_poll(NULL, 0, 0, &fixture->err), KF_OK);
    struct kf_poll_item many[65] = {{.descriptor = 0}};
    assert_int_equal(kf_poll(many, 65, 0, &fixture->err), KF_ERR_INTERNAL);
    kf_socket_destroy(&in);
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    struct kf_socket *socket = NULL;
    struct kf_bus *bus = NULL;
    kf_socket_destroy(&socket);
    kf_socket_destroy(NULL);
    kf_bus_destroy(&bus);
    kf_bus_destroy(NULL);
}

static void closing_lingers_no_longer_than_it_was_told(void **state)
{
    struct socket_fixture *fixture = *state;
    struct kf_bus *bus = NULL;
    struct kf_socket *in = pull(fixture, fixture->a); /* never reads */
    struct kf_socket *out = NULL;
    struct kf_socket_options options = {
        .queue_max = 100000, .message_bytes_max = 1024, .linger_ms = 100};
    assert_int_equal(kf_bus_new(&bus, &fixture->err), KF_OK);
    assert_int_equal(kf_socket_push(bus, fixture->a, &options, &out, &fixture->err), KF_OK);
    wait_out(out);
    static char large[1000];
    memset(large, 'x', sizeof large - 1);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(socket_fixture_send(fixture, out, large), KF_OK);
    }
    int64_t start = kf_clock_monotonic_ms();
    kf_socket_destroy(&out);
    kf_bus_destroy(&bus);
    assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
    assert_null(out);
    assert_null(bus);
    kf_socket_destroy(&in);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    struct socket_fixture *fixture = *state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_bus *bus = NULL;
        struct kf_socket *in = NULL;
        struct kf_socket *out = NULL;
        kf_memory_fail_after(n);
        code = kf_bus_new(&bus, &fixture->err);
        if (!code) {
            code = kf_socket_pull(bus, fixture->a, &limits, &in, &fixture->err);
        }
        if (!code) {
            code = kf_socket_push(bus, fixture->a, &limits, &out, &fixture->err);
        }
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK ? n >= 3 : code == KF_ERR_MEMORY);
        kf_socket_destroy(&out);
        kf_socket_destroy(&in);
        kf_bus_destroy(&bus);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, socket_fixture_open, socket_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(messages_arrive_whole_and_in_order),
        TEST(nothing_is_queued_for_a_peer_that_is_not_there),
        TEST(a_peer_that_does_not_read_stops_the_sender),
        TEST(messages_go_round_all_workers),
        TEST(a_restarted_worker_gets_the_next_message),
        TEST(messages_of_several_parts_are_dropped_whole),
        TEST(a_message_beyond_the_frames_room_is_refused),
        TEST(an_oversized_message_never_arrives),
        TEST(a_frame_that_is_not_whole_is_not_sent),
        TEST(bad_endpoints_and_limits_are_configuration_errors),
        TEST(more_endpoints_than_allowed_are_refused),
        TEST(an_endpoint_is_served_by_one_alone),
        TEST(descriptors_are_waited_for_beside_sockets),
        TEST(a_time_out_makes_nothing_ready),
        TEST(closing_nothing_is_fine),
        TEST(closing_lingers_no_longer_than_it_was_told),
        TEST(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/bus/frame.h"
#include "common/service/beat.h"
#include "tests/support/cmocka.h"

#define PATIENCE_MS 20000

static char folder[32];
static struct kf_bus *bus;
static struct kf_socket *service;
static struct kf_socket *watcher;
static struct kf_text frame;
static struct kf_status heard;
static struct kf_error err;

static struct kf_status status_of(uint32_t instance)
{
    struct kf_status status = {.service = "need", .instance = instance, .state = KF_SERVICE_READY};
    return status;
}

static enum kf_err next_message(void)
{
    struct kf_poll_item item = {.socket = watcher, .want_in = true};
    assert_int_equal(kf_poll(&item, 1, PATIENCE_MS, NULL), KF_OK);
    assert_true(item.in);
    return kf_beat_receive(watcher, &frame, &heard, &err);
}

/* Until the beats come through: what is sent before the watcher is connected is lost. */
static void wait_connected(void)
{
    struct kf_status hello = status_of(0);
    struct kf_poll_item item = {.socket = watcher, .want_in = true};
    for (int64_t start = kf_clock_monotonic_ms(); !item.in;) {
        assert_true(kf_clock_monotonic_ms() - start < PATIENCE_MS);
        kf_beat_send(service, &frame, &hello);
        assert_int_equal(kf_poll(&item, 1, 10, NULL), KF_OK);
    }
}

static int begin(void **state)
{
    char endpoint[64];
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kf-beat-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/beats", folder);
    kf_text_init(&frame, 4096);
    assert_int_equal(kf_bus_new(&bus, &err), KF_OK);
    assert_int_equal(kf_socket_publish(bus, endpoint, &service, &err), KF_OK);
    assert_int_equal(kf_socket_subscribe(bus, endpoint, KF_ROLE_NEED, &watcher, &err), KF_OK);
    wait_connected();
    return 0;
}

static int end(void **state)
{
    char path[64];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/beats", folder);
    kf_socket_destroy(&service);
    kf_socket_destroy(&watcher);
    kf_bus_destroy(&bus);
    kf_text_clear(&frame);
    (void)unlink(path);
    return rmdir(folder);
}

static void a_beat_arrives_as_it_was_sent(void **state)
{
    (void)state;
    struct kf_status status = status_of(7);
    status.pid = 4711;
    status.panels_in = 12;
    (void)snprintf(status.detail, sizeof status.detail, "aggregate takes no panels");
    kf_beat_send(service, &frame, &status);
    do {
        assert_int_equal(next_message(), KF_OK);
    } while (heard.instance == 0);
    assert_string_equal(heard.service, "need");
    assert_int_equal(heard.instance, 7);
    assert_int_equal(heard.pid, 4711);
    assert_int_equal(heard.panels_in, 12);
    assert_int_equal(heard.state, KF_SERVICE_READY);
    assert_string_equal(heard.detail, "aggregate takes no panels");
    assert_int_equal(kf_beat_receive(watcher, &frame, &heard, &err), KF_ERR_AGAIN);
}

/* Another kind of frame, a seal without a beat, and no frame at all: the next beat is not lost. */
static void what_is_no_beat_is_told_and_passed_over(void **state)
{
    (void)state;
    struct kf_status stateless = status_of(8);
    struct kf_status last = status_of(9);
    kf_frame_begin(&frame);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_RECEIPT, &err), KF_OK);
    assert_int_equal(kf_socket_send(service, &frame, &err), KF_OK);
    kf_frame_begin(&frame);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_STATUS, &err), KF_OK);
    assert_int_equal(kf_socket_send(service, &frame, &err), KF_OK);
    kf_text_reset(&frame);
    kf_text_add(&frame, "hello");
    assert_int_equal(kf_socket_send(service, &frame, &err), KF_OK);
    stateless.state = (enum kf_service_state)0;
    kf_beat_send(service, &frame, &stateless); /* never leaves */
    kf_beat_send(service, &frame, &last);
    int refused = 0;
    do {
        enum kf_err code = next_message();
        assert_true(code == KF_OK || code == KF_ERR_DATA);
        refused += code != KF_OK;
        assert_true(code != KF_OK || heard.instance == 0 || heard.instance == 9);
    } while (heard.instance != 9);
    assert_int_equal(refused, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_beat_arrives_as_it_was_sent, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_beat_is_told_and_passed_over, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

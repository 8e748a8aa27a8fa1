#include "services/publish/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-outbox-XXXXXX";
static char endpoint[64];
static unsigned endpoints;
static struct kf_recent recent;
static struct kf_bus *bus;
static struct kf_error err;

static const struct kf_socket_options limits = {
    .queue_max = 1000, .message_bytes_max = 4096, .linger_ms = 0};

/* One for each test, because a closed socket may hold its address for a moment. */
static void name_endpoint(unsigned number)
{
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/%u", folder, number);
}

static int setup(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    return kf_bus_new(&bus, &err) == KF_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kf_bus_destroy(&bus);
    for (unsigned number = 1; number <= endpoints; number++) {
        name_endpoint(number);
        (void)unlink(endpoint + strlen("ipc://"));
    }
    return rmdir(folder);
}

static void add(struct kf_outbox *outbox, uint32_t index)
{
    const struct kf_receipt receipt = {.state = KF_RECEIPT_HELD, .index = index};

    kf_outbox_add(outbox, &receipt);
}

/* The next receipt that reaches the other side, within seconds. */
static struct kf_receipt next_receipt(struct kf_socket *pull, struct kf_outbox *outbox)
{
    struct kf_receipt receipt = {.index = UINT32_MAX};
    struct kf_text frame;
    const void *payload;
    size_t length;

    kf_text_init(&frame, 4096);
    for (int i = 0; i < 6000; i++) {
        struct kf_poll_item item = {.socket = pull, .want_in = true};
        enum kf_err sent = kf_outbox_send(outbox, &err);
        assert_true(sent == KF_OK || sent == KF_ERR_AGAIN);
        assert_int_equal(kf_poll(&item, 1, 10, &err), KF_OK);
        if (kf_socket_receive(pull, &frame, &err) == KF_OK) {
            break;
        }
    }
    assert_int_equal(
        kf_frame_open(frame.bytes, frame.length, KF_FRAME_RECEIPT, &payload, &length, &err), KF_OK);
    assert_int_equal(kf_receipt_unpack(payload, length, &receipt, &err), KF_OK);
    kf_text_clear(&frame);
    return receipt;
}

static void receipts_wait_for_ingest_and_arrive_in_order_with_the_publishers_name(void **state)
{
    struct kf_socket *push = NULL;
    struct kf_socket *pull = NULL;

    (void)state;
    name_endpoint(++endpoints);
    assert_int_equal(kf_socket_push(bus, endpoint, &limits, &push, &err), KF_OK);
    struct kf_outbox *outbox = kf_outbox_new(push, "publisher-1", &recent);
    for (uint32_t i = 0; i < 3; i++) {
        add(outbox, i);
    }
    assert_int_equal(kf_outbox_send(outbox, &err), KF_ERR_AGAIN);
    assert_int_equal(kf_outbox_length(outbox), 3);
    assert_int_equal(kf_socket_pull(bus, endpoint, &limits, &pull, &err), KF_OK);
    for (uint32_t i = 0; i < 3; i++) {
        struct kf_receipt receipt = next_receipt(pull, outbox);
        assert_int_equal(receipt.index, i);
        assert_string_equal(receipt.publisher, "publisher-1");
    }
    assert_int_equal(kf_outbox_length(outbox), 0);
    kf_outbox_destroy(&outbox);
    kf_socket_destroy(&push);
    kf_socket_destroy(&pull);
}

static void a_full_outbox_lets_the_oldest_go(void **state)
{
    struct kf_socket *push = NULL;
    struct kf_socket *pull = NULL;

    (void)state;
    name_endpoint(++endpoints);
    assert_int_equal(kf_socket_push(bus, endpoint, &limits, &push, &err), KF_OK);
    struct kf_outbox *outbox = kf_outbox_new(push, "p", &recent);
    for (uint32_t i = 0; i < KF_OUTBOX_MAX; i++) {
        assert_true(kf_outbox_has_room(outbox, 1));
        add(outbox, i);
    }
    assert_false(kf_outbox_has_room(outbox, 1));
    add(outbox, KF_OUTBOX_MAX);
    assert_int_equal(kf_outbox_length(outbox), KF_OUTBOX_MAX);
    assert_int_equal(kf_socket_pull(bus, endpoint, &limits, &pull, &err), KF_OK);
    assert_int_equal(next_receipt(pull, outbox).index, 1);
    kf_outbox_destroy(&outbox);
    kf_socket_destroy(&push);
    kf_socket_destroy(&pull);
}

static void without_memory_there_is_no_outbox(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    assert_null(kf_outbox_new(NULL, "p", &recent));
    kf_memory_fail_after(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipts_wait_for_ingest_and_arrive_in_order_with_the_publishers_name),
        cmocka_unit_test(a_full_outbox_lets_the_oldest_go),
        cmocka_unit_test(without_memory_there_is_no_outbox),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

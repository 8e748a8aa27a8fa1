#include <string.h>

#include "common/base/memory.h"
#include "common/codec/status.h"
#include "tests/support/cmocka.h"

static void a_beat_in_an_unknown_state_is_refused(void **state)
{
    (void)state;
    struct kf_status status;
    struct kf_error err = {0};
    assert_int_equal(kf_status_unpack("", 0, &status, &err), KF_ERR_DATA);
    assert_int_equal(kf_status_unpack("\x20\x05", 2, &status, &err), KF_ERR_DATA);
    assert_int_equal(kf_status_unpack("\x20\x04", 2, &status, &err), KF_OK);
    assert_int_equal(status.state, KF_SERVICE_DRAINING);
}

static void a_beat_without_a_state_is_not_packed(void **state)
{
    (void)state;
    const struct kf_status status = {.service = "need"};
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_ERR_INTERNAL);
    kf_text_clear(&bytes);
}

static void a_beat_comes_back_as_it_was(void **state)
{
    (void)state;
    struct kf_status status = {.service = "need",
                               .instance = 2,
                               .pid = 1,
                               .state = KF_SERVICE_READY,
                               .panels_in = UINT64_MAX,
                               .in_progress = UINT32_MAX,
                               .time_ms = -1};
    struct kf_status back;
    struct kf_text bytes;
    struct kf_error err = {0};
    memset(status.detail, 'd', sizeof status.detail - 1);
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_OK);
    assert_int_equal(kf_status_unpack(bytes.bytes, bytes.length, &back, &err), KF_OK);
    assert_string_equal(back.service, "need");
    assert_int_equal(back.instance, 2);
    assert_int_equal(back.pid, 1);
    assert_int_equal(back.state, KF_SERVICE_READY);
    assert_string_equal(back.detail, status.detail);
    assert_true(back.panels_in == UINT64_MAX);
    assert_true(back.in_progress == UINT32_MAX);
    assert_int_equal(back.time_ms, -1);
    kf_text_clear(&bytes);
}

/* Seventeen held releases and nine with phases: what a newer program may tell. */
static void longer_lists_than_are_kept_are_cut(void **state)
{
    (void)state;
    static const unsigned char head[] = {0x20, 0x02, 0x6a, 17 * 2 + 9 * 2};
    unsigned char bytes[sizeof head + 17 * 2 + 9 * 2];
    struct kf_status status;
    struct kf_error err = {0};
    size_t length = sizeof head;
    memcpy(bytes, head, sizeof head);
    for (int i = 0; i < 17 + 9; i++) {
        bytes[length++] = i < 17 ? 0x3a : 0x5a; /* held = 7, phases = 11, each empty */
        bytes[length++] = 0;
    }
    assert_int_equal(kf_status_unpack(bytes, length, &status, &err), KF_OK);
    assert_int_equal(status.ingest.held_len, KF_STATUS_HELD_MAX);
    assert_int_equal(status.ingest.phases_len, KF_STATUS_PHASES_MAX);
}

static void a_state_of_kafka_that_is_unknown_leaves_that_part_out(void **state)
{
    (void)state;
    struct kf_status status;
    struct kf_error err = {0};
    assert_int_equal(kf_status_unpack("\x20\x02\x72\x02\x08\x06", 6, &status, &err), KF_OK);
    assert_false(status.has_publish);
    assert_int_equal(kf_status_unpack("\x20\x02\x72\x02\x08\x05", 6, &status, &err), KF_OK);
    assert_true(status.has_publish);
    assert_int_equal(status.publish.kafka, KF_STATUS_KAFKA_REPLACED);
}

static void a_part_without_a_state_of_kafka_is_not_packed(void **state)
{
    (void)state;
    const struct kf_status status = {.state = KF_SERVICE_READY, .has_publish = true};
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_ERR_INTERNAL);
    kf_text_clear(&bytes);
}

/* The largest beat that ingest can send. */
static void a_beat_that_is_full_fits_the_frame_of_beats(void **state)
{
    (void)state;
    static struct kf_status status;
    struct kf_text bytes;
    struct kf_error err = {0};
    status.state = KF_SERVICE_READY;
    status.has_ingest = true;
    memset(status.detail, 'd', sizeof status.detail - 1);
    status.ingest.held_len = KF_STATUS_HELD_MAX;
    status.ingest.phases_len = KF_STATUS_PHASES_MAX;
    for (size_t i = 0; i < KF_STATUS_HELD_MAX; i++) {
        struct kf_status_held *held = &status.ingest.held[i];
        memset(held->release, 'f', sizeof held->release - 1);
        memset(held->input, 'i', sizeof held->input - 1);
        memset(held->reason, 'r', sizeof held->reason - 1);
        held->since_ms = -1;
    }
    for (size_t i = 0; i < KF_STATUS_PHASES_MAX; i++) {
        struct kf_phases *phases = &status.ingest.phases[i];
        *phases = (struct kf_phases){"", -1, -1, -1, -1, -1, UINT32_MAX};
        memset(phases->release, 'f', sizeof phases->release - 1);
    }
    kf_text_init(&bytes, (size_t)16 * 1024); /* half of what the frame has */
    assert_int_equal(kf_status_pack(&status, &bytes, &err), KF_OK);
    kf_text_clear(&bytes);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x0a, 0x01, 'n',  0x20, 0x01,            /* ready */
                                          0x6a, 0x05, 0x3a, 0x03, 0x0a, 0x01, 'r', /* held */
                                          0x72, 0x02, 0x08, 0x01};                 /* Kafka */
    for (int64_t n = 0;; n++) {
        struct kf_status status;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_status_unpack(bytes, sizeof bytes, &status, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK) {
            assert_true(n > 0);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_beat_in_an_unknown_state_is_refused),
        cmocka_unit_test(a_beat_without_a_state_is_not_packed),
        cmocka_unit_test(a_beat_comes_back_as_it_was),
        cmocka_unit_test(longer_lists_than_are_kept_are_cut),
        cmocka_unit_test(a_state_of_kafka_that_is_unknown_leaves_that_part_out),
        cmocka_unit_test(a_part_without_a_state_of_kafka_is_not_packed),
        cmocka_unit_test(a_beat_that_is_full_fits_the_frame_of_beats),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

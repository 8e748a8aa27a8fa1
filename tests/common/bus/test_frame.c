#include <string.h>

#include "common/base/memory.h"
#include "common/bus/frame.h"
#include "tests/support/cmocka.h"

#define PAYLOAD "abc"

/* The frame of an envelope "abc". The checksum is XXH3-64 of "abc" with seed 0, as the published
 * tool prints it (`xxhsum -H3`): 78af5f94892f3950. */
static const unsigned char golden[] = {'K',  'F',  1,    1,    3,    0,    0,   0,   0x50, 0x39,
                                       0x2f, 0x89, 0x94, 0x5f, 0xaf, 0x78, 'a', 'b', 'c'};

static void assert_refused(const void *bytes, size_t length, const char *why)
{
    const void *payload = &golden;
    size_t payload_length = 77;
    struct kf_error err = {0};
    assert_int_equal(
        kf_frame_open(bytes, length, KF_FRAME_ENVELOPE, &payload, &payload_length, &err),
        KF_ERR_DATA);
    assert_non_null(strstr(err.text, why));
    assert_ptr_equal(payload, &golden);
    assert_int_equal(payload_length, 77);
}

static void a_frame_has_the_documented_bytes(void **state)
{
    (void)state;
    struct kf_text frame;
    struct kf_error err = {0};
    kf_text_init(&frame, 1024);
    kf_text_add(&frame, "left over");
    kf_frame_begin(&frame);
    kf_text_add(&frame, PAYLOAD);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_ENVELOPE, &err), KF_OK);
    assert_int_equal(frame.length, sizeof golden);
    assert_memory_equal(frame.bytes, golden, sizeof golden);
    kf_text_clear(&frame);
}

static void a_frame_opens_to_its_payload_in_place(void **state)
{
    (void)state;
    const void *payload = NULL;
    size_t length = 0;
    struct kf_error err = {0};
    assert_int_equal(
        kf_frame_open(golden, sizeof golden, KF_FRAME_ENVELOPE, &payload, &length, &err), KF_OK);
    assert_ptr_equal(payload, golden + KF_FRAME_HEADER_SIZE);
    assert_int_equal(length, 3);
}

static void a_frame_may_be_empty(void **state)
{
    (void)state;
    struct kf_text frame;
    struct kf_error err = {0};
    const void *payload = NULL;
    size_t length = 1;
    kf_text_init(&frame, 1024);
    kf_frame_begin(&frame);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_STATUS, &err), KF_OK);
    assert_int_equal(
        kf_frame_open(frame.bytes, frame.length, KF_FRAME_STATUS, &payload, &length, &err), KF_OK);
    assert_int_equal(length, 0);
    kf_text_clear(&frame);
}

static void every_shorter_frame_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < KF_FRAME_HEADER_SIZE; length++) {
        assert_refused(golden, length, "at least 16");
    }
    for (size_t length = KF_FRAME_HEADER_SIZE; length < sizeof golden; length++) {
        assert_refused(golden, length, "truncated");
    }
}

static void every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < sizeof golden * 8; bit++) {
        unsigned char bytes[sizeof golden];
        memcpy(bytes, golden, sizeof golden);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_refused(bytes, sizeof bytes, "");
    }
}

static void refusals_say_why(void **state)
{
    (void)state;
    unsigned char bytes[sizeof golden + 1] = {0};
    memcpy(bytes, golden, sizeof golden);
    assert_refused(bytes, sizeof bytes, "overlong");
    bytes[18] = 'd';
    assert_refused(bytes, sizeof golden, "corrupt");
    bytes[3] = KF_FRAME_RECEIPT;
    assert_refused(bytes, sizeof golden, "receipt");
    bytes[3] = 200;
    assert_refused(bytes, sizeof golden, "unknown");
    bytes[2] = 2;
    assert_refused(bytes, sizeof golden, "version 2");
    assert_refused("GET / HTTP/1.1\r\n\r\n", 18, "foreign");
}

static void a_failed_append_shows_when_sealing(void **state)
{
    (void)state;
    struct kf_text frame;
    struct kf_error err = {0};
    kf_text_init(&frame, 1024);
    kf_memory_fail_after(0);
    kf_frame_begin(&frame);
    kf_memory_fail_after(-1);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_ENVELOPE, &err), KF_ERR_MEMORY);
    kf_text_reset(&frame);
    assert_int_equal(kf_frame_seal(&frame, KF_FRAME_ENVELOPE, &err), KF_ERR_INTERNAL);
    kf_text_clear(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_the_documented_bytes),
        cmocka_unit_test(a_frame_opens_to_its_payload_in_place),
        cmocka_unit_test(a_frame_may_be_empty),
        cmocka_unit_test(every_shorter_frame_is_refused),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(refusals_say_why),
        cmocka_unit_test(a_failed_append_shows_when_sealing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

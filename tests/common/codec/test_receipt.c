#include <string.h>

#include "common/base/memory.h"
#include "common/codec/receipt.h"
#include "tests/support/cmocka.h"

static void assert_refused(const unsigned char *bytes, size_t length)
{
    struct kf_receipt receipt;
    struct kf_receipt untouched;
    struct kf_error err = {0};
    memset(&receipt, 0x55, sizeof receipt);
    memset(&untouched, 0x55, sizeof untouched);
    assert_int_equal(kf_receipt_unpack(bytes, length, &receipt, &err), KF_ERR_DATA);
    assert_memory_equal(&receipt, &untouched, sizeof receipt);
}

static void a_receipt_without_a_known_state_is_refused(void **state)
{
    (void)state;
    assert_refused((const unsigned char *)"", 0);
    assert_refused((const unsigned char[]){0x08, 0x05}, 2);
    assert_refused((const unsigned char[]){0x08, 0x00}, 2);
    /* state −1, ten bytes as a varint */
    assert_refused(
        (const unsigned char[]){0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
        11);
}

static void bytes_that_are_no_receipt_are_refused(void **state)
{
    (void)state;
    assert_refused((const unsigned char *)"GET / HTTP/1.1\r\n", 16);
}

static void fields_of_a_newer_version_are_passed_over(void **state)
{
    (void)state;
    /* state HELD, index 3, and a field 100 (varint) that this version does not know */
    static const unsigned char bytes[] = {0x08, 0x02, 0x18, 0x03, 0xa0, 0x06, 0x2a};
    struct kf_receipt receipt;
    struct kf_error err = {0};
    assert_int_equal(kf_receipt_unpack(bytes, sizeof bytes, &receipt, &err), KF_OK);
    assert_int_equal(receipt.state, KF_RECEIPT_HELD);
    assert_int_equal(receipt.index, 3);
}

static void texts_that_are_too_long_are_cut(void **state)
{
    (void)state;
    /* state STARTED and a publisher of 40 bytes, one more than fits twenty times "ø" */
    unsigned char bytes[4 + 40] = {0x08, 0x01, 0x22, 40};
    for (size_t i = 0; i < 20; i++) {
        memcpy(bytes + 4 + 2 * i, "ø", 2);
    }
    struct kf_receipt receipt;
    struct kf_error err = {0};
    assert_int_equal(kf_receipt_unpack(bytes, sizeof bytes, &receipt, &err), KF_OK);
    assert_int_equal(strlen(receipt.publisher), 32); /* sixteen whole characters */
}

static void a_receipt_without_a_state_is_not_packed(void **state)
{
    (void)state;
    const struct kf_receipt receipt = {.release = "a"};
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_receipt_pack(&receipt, &bytes, &err), KF_ERR_INTERNAL);
    assert_int_equal(bytes.length, 0);
    kf_text_clear(&bytes);
}

static void a_reason_cut_inside_a_character_still_arrives(void **state)
{
    (void)state;
    const struct kf_receipt receipt = {.state = KF_RECEIPT_REJECTED, .reason = "brutt \xc3"};
    struct kf_receipt arrived;
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 1024);
    assert_int_equal(kf_receipt_pack(&receipt, &bytes, &err), KF_OK);
    assert_int_equal(kf_receipt_unpack(bytes.bytes, bytes.length, &arrived, &err), KF_OK);
    assert_string_equal(arrived.reason, "brutt ?");
    kf_text_clear(&bytes);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x08, 0x02, 0x3a, 0x02, 'o', 'k'};
    for (int64_t n = 0;; n++) {
        struct kf_receipt receipt;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_receipt_unpack(bytes, sizeof bytes, &receipt, &err);
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
        cmocka_unit_test(a_receipt_without_a_known_state_is_refused),
        cmocka_unit_test(bytes_that_are_no_receipt_are_refused),
        cmocka_unit_test(fields_of_a_newer_version_are_passed_over),
        cmocka_unit_test(texts_that_are_too_long_are_cut),
        cmocka_unit_test(a_receipt_without_a_state_is_not_packed),
        cmocka_unit_test(a_reason_cut_inside_a_character_still_arrives),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

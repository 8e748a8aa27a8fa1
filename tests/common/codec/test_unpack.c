#include <string.h>

#include "common/base/memory.h"
#include "common/codec/unpack.h"
#include "kf/v1/envelope.pb-c.h"
#include "kf/v1/receipt.pb-c.h"
#include "tests/support/cmocka.h"

/* Field 7 (reason) of a receipt, a text of two bytes. */
static const unsigned char reason_ok[] = {0x3a, 0x02, 'o', 'k'};
static const unsigned char reason_not_utf8[] = {0x3a, 0x02, 0xc3, 0x28};
static const unsigned char reason_truncated[] = {0x3a, 0x05, 'o', 'k'};

static enum kf_err unpack_receipt(const void *bytes, size_t length, struct kf_error *err)
{
    struct kf_unpack unpack;
    ProtobufCMessage *message = NULL;
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__receipt__descriptor, bytes, length, &message, err);
    assert_int_equal(code == KF_OK, message != NULL);
    if (message) {
        protobuf_c_message_free_unpacked(message, &unpack.allocator);
    }
    return code;
}

static void a_message_is_unpacked_with_its_text(void **state)
{
    (void)state;
    struct kf_unpack unpack;
    struct kf_error err = {0};
    ProtobufCMessage *message = NULL;
    kf_unpack_init(&unpack, 1024);
    assert_int_equal(kf_unpack(&unpack, &kf__v1__receipt__descriptor, reason_ok, sizeof reason_ok,
                               &message, &err),
                     KF_OK);
    const Kf__V1__Receipt *receipt = (const Kf__V1__Receipt *)(const void *)message;
    assert_string_equal(receipt->reason, "ok");
    assert_string_equal(receipt->release, "");
    assert_true(unpack.used >= sizeof *receipt && unpack.used <= 1024);
    protobuf_c_message_free_unpacked(message, &unpack.allocator);
}

static void nothing_at_all_is_a_message_of_defaults(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(unpack_receipt(NULL, 0, &err), KF_OK);
}

static void a_truncated_message_is_bad_data(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(unpack_receipt(reason_truncated, sizeof reason_truncated, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_non_null(strstr(err.text, "kf.v1.Receipt"));
}

static void a_text_that_is_not_utf8_is_bad_data(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(unpack_receipt(reason_not_utf8, sizeof reason_not_utf8, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "reason"));
}

static void a_text_that_is_not_utf8_is_found_in_nested_lists_too(void **state)
{
    (void)state;
    /* Envelope.release (1) → Release.sources (4) → Source.name (1) = 0xff */
    static const unsigned char bytes[] = {0x0a, 0x05, 0x22, 0x03, 0x0a, 0x01, 0xff};
    struct kf_unpack unpack;
    struct kf_error err = {0};
    ProtobufCMessage *message = NULL;
    kf_unpack_init(&unpack, 4096);
    assert_int_equal(
        kf_unpack(&unpack, &kf__v1__envelope__descriptor, bytes, sizeof bytes, &message, &err),
        KF_ERR_DATA);
    assert_non_null(strstr(err.text, "name"));
}

static void a_text_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    struct kf_error err = {0};
    static unsigned char bytes[3 + KF_CODEC_TEXT_MAX + 1];
    memset(bytes, 'a', sizeof bytes);
    bytes[0] = 0x3a; /* 4096 = 0x80 0x20 as a varint, 4097 = 0x81 0x20 */
    bytes[1] = 0x80;
    bytes[2] = 0x20;
    assert_int_equal(unpack_receipt(bytes, 3 + KF_CODEC_TEXT_MAX, &err), KF_OK);
    bytes[1] = 0x81;
    assert_int_equal(unpack_receipt(bytes, 3 + KF_CODEC_TEXT_MAX + 1, &err), KF_ERR_LIMIT);
}

static void the_ceiling_stops_a_message_that_blows_up(void **state)
{
    (void)state;
    struct kf_unpack unpack;
    struct kf_error err = {0};
    ProtobufCMessage *message = NULL;
    kf_unpack_init(&unpack, 8);
    assert_int_equal(kf_unpack(&unpack, &kf__v1__receipt__descriptor, reason_ok, sizeof reason_ok,
                               &message, &err),
                     KF_ERR_LIMIT);
    assert_null(message);
    assert_int_equal(err.disposition, KF_REJECT);
}

static void the_ceiling_grows_with_the_message_up_to_128_megabytes(void **state)
{
    (void)state;
    size_t megabyte = 1024 * 1024;
    assert_int_equal(kf_unpack_ceiling(0), megabyte);
    assert_int_equal(kf_unpack_ceiling(megabyte), 9 * megabyte);
    assert_int_equal(kf_unpack_ceiling(32 * megabyte), 128 * megabyte);
    assert_int_equal(kf_unpack_ceiling(SIZE_MAX), 128 * megabyte);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    for (int64_t n = 0;; n++) {
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = unpack_receipt(reason_ok, sizeof reason_ok, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK) {
            assert_true(n >= 2); /* the message and its text */
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
    }
}

static void packing_beyond_the_texts_size_is_a_limit_and_takes_nothing(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.reason = kf_borrow("abcdefgh");
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 11);
    kf_text_add(&bytes, "12");
    assert_int_equal(kf_pack(&receipt.base, &bytes, &err), KF_ERR_LIMIT); /* 10 bytes, 9 left */
    assert_string_equal(bytes.bytes, "12");
    kf_text_clear(&bytes);
    kf_text_init(&bytes, 12);
    kf_text_add(&bytes, "12");
    assert_int_equal(kf_pack(&receipt.base, &bytes, &err), KF_OK);
    assert_int_equal(bytes.length, 12);
    kf_text_clear(&bytes);
}

static void packing_without_memory_says_so(void **state)
{
    (void)state;
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.index = 1;
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 100);
    kf_memory_fail_after(0);
    assert_int_equal(kf_pack(&receipt.base, &bytes, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    kf_text_clear(&bytes);
}

static void assert_clean(size_t size, const char *text, const char *expected)
{
    char copy[64];
    memset(copy, 'x', sizeof copy);
    kf_clean_copy(copy, size, text);
    assert_string_equal(copy, expected);
}

static void clean_copies_are_cut_between_characters(void **state)
{
    (void)state;
    assert_clean(64, "Tromsø", "Tromsø");
    assert_clean(8, "Tromsø", "Tromsø"); /* seven bytes and the NUL */
    assert_clean(7, "Tromsø", "Troms");
    assert_clean(1, "Tromsø", "");
}

static void clean_copies_replace_what_is_not_utf8(void **state)
{
    (void)state;
    assert_clean(64, "Troms\xf8", "Troms?"); /* Latin-1 */
    assert_clean(64, "a\xe2\x82", "a??");    /* cut in the middle of € */
    assert_clean(64, "\xed\xa0\x80!",
                 "??"
                 "?!");                              /* a surrogate */
    assert_clean(64, "\xf0\x9f\x98\x80 ok", "😀 ok"); /* four bytes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_unpacked_with_its_text),
        cmocka_unit_test(nothing_at_all_is_a_message_of_defaults),
        cmocka_unit_test(a_truncated_message_is_bad_data),
        cmocka_unit_test(a_text_that_is_not_utf8_is_bad_data),
        cmocka_unit_test(a_text_that_is_not_utf8_is_found_in_nested_lists_too),
        cmocka_unit_test(a_text_beyond_the_limit_is_refused),
        cmocka_unit_test(the_ceiling_stops_a_message_that_blows_up),
        cmocka_unit_test(the_ceiling_grows_with_the_message_up_to_128_megabytes),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
        cmocka_unit_test(packing_beyond_the_texts_size_is_a_limit_and_takes_nothing),
        cmocka_unit_test(packing_without_memory_says_so),
        cmocka_unit_test(clean_copies_are_cut_between_characters),
        cmocka_unit_test(clean_copies_replace_what_is_not_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

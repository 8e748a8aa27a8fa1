/* The depth of packed messages, worked out on bytes written by hand. */
#include <string.h>

#include "common/codec/nesting.h"
#include "common/codec/unpack.h"
#include "kf/v1/envelope.pb-c.h"
#include "tests/support/cmocka.h"

#define PREVIOUS 0x3a /* field 7 of a panel, with a length */
#define PANEL    0x22 /* field 4 of an envelope, with a length */
#define BYTES    (1024 * 1024)

static unsigned char bytes[BYTES]; /* filled from the end: messages wrap what is inside */
static size_t length;

static void prepend(unsigned char byte)
{
    assert_true(length < BYTES);
    length++;
    bytes[BYTES - length] = byte;
}

/* Wraps what there is into a field. */
static void wrap(unsigned char key)
{
    unsigned char size[5];
    size_t count = 0;
    for (size_t left = length; count == 0 || left > 0; left >>= 7) {
        size[count] = (unsigned char)((left & 0x7f) | (left >> 7 ? 0x80 : 0));
        count++;
    }
    while (count > 0) {
        prepend(size[--count]);
    }
    prepend(key);
}

/* An envelope whose panel has `years` before it. */
static void make_envelope(size_t years)
{
    length = 0;
    for (size_t i = 0; i < years; i++) {
        wrap(PREVIOUS);
    }
    wrap(PANEL);
}

static enum kf_err check(struct kf_error *err)
{
    return kf_nesting_check(&kf__v1__envelope__descriptor, bytes + BYTES - length, length, err);
}

static void as_many_levels_as_allowed_pass_and_one_more_does_not(void **state)
{
    (void)state;
    struct kf_error err = {.text = ""};
    make_envelope(KF_CODEC_LEVELS_MAX - 2);
    assert_int_equal(check(&err), KF_OK);
    make_envelope(KF_CODEC_LEVELS_MAX - 1);
    assert_int_equal(check(&err), KF_ERR_LIMIT);
    assert_non_null(strstr(err.text, "16 levels"));
}

static void a_bottomless_panel_does_not_touch_the_bottom_of_the_stack(void **state)
{
    (void)state;
    struct kf_unpack unpack;
    struct kf_error err = {.text = ""};
    ProtobufCMessage *message = NULL;
    make_envelope(200000);
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    assert_int_equal(kf_unpack(&unpack, &kf__v1__envelope__descriptor, bytes + BYTES - length,
                               length, &message, &err),
                     KF_ERR_LIMIT);
    assert_null(message);
    assert_int_equal(unpack.used, 0); /* refused before anything was unpacked */
}

static enum kf_err check_bytes(const char *text, size_t size)
{
    return kf_nesting_check(&kf__v1__envelope__descriptor, text, size, NULL);
}

static void every_kind_of_value_is_skipped(void **state)
{
    (void)state;
    static const char sound[] = "\x10\x96\x01"                         /* a number */
                                "\x59\x01\x02\x03\x04\x05\x06\x07\x08" /* eight bytes */
                                "\x65\x01\x02\x03\x04"                 /* four bytes */
                                "\x6a\x03\xff\xff\xff"                 /* bytes of a field that
                                                                         nobody knows */
                                "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" /* ten bytes */
                                "\x22\x00";                                    /* an empty panel */
    assert_int_equal(check_bytes(sound, sizeof sound - 1), KF_OK);
    assert_int_equal(check_bytes("", 0), KF_OK);
}

static void what_is_no_message_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {
        {"\x10", 1},                                              /* no number */
        {"\x10\x80", 2},                                          /* half a number */
        {"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12}, /* eleven bytes */
        {"\x59\x01\x02\x03\x04\x05\x06\x07", 8},                  /* seven of eight */
        {"\x65\x01\x02\x03", 4},                                  /* three of four */
        {"\x22\x02\x10", 3},                                      /* cut */
        {"\x22\xff\xff\xff\xff\x7f", 6},                          /* a length beyond all */
        {"\x22\x80\x80\x80\x80\x80\x00", 7},                      /* a length in six bytes */
        {"\xa2\x80\x80\x80\x80\x00\x00", 7},                      /* a key in six bytes */
        {"\x23\x24", 2},                                          /* a group */
        {"\x27\x00", 2},                                          /* no such kind */
        {"\x22\x02\x3a\x01", 4},                                  /* cut inside */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(check_bytes(cases[i].text, cases[i].size), KF_ERR_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_levels_as_allowed_pass_and_one_more_does_not),
        cmocka_unit_test(a_bottomless_panel_does_not_touch_the_bottom_of_the_stack),
        cmocka_unit_test(every_kind_of_value_is_skipped),
        cmocka_unit_test(what_is_no_message_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tools/kf/base64.h"

#include <string.h>

#include "tests/support/cmocka.h"

/* The test vectors of RFC 4648, section 10. */
static void the_vectors_of_the_rfc_are_decoded(void **state)
{
    static const char *const vectors[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        unsigned char bytes[16];
        size_t length = 99;
        assert_true(kf_base64_decode(vectors[i][1], strlen(vectors[i][1]), bytes, &length));
        assert_int_equal(length, strlen(vectors[i][0]));
        assert_memory_equal(bytes, vectors[i][0], length);
    }
}

static void all_sixty_four_characters_have_their_bits(void **state)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char bytes[KF_BASE64_ROOM(sizeof all)];
    size_t length = 0;
    (void)state;
    assert_true(kf_base64_decode(all, sizeof all - 1, bytes, &length));
    assert_int_equal(length, 48);
    for (unsigned i = 0; i < 64; i++) {
        unsigned bit = i * 6;
        unsigned pair = (unsigned)bytes[bit / 8] << 8 | (bit / 8 < 47 ? bytes[bit / 8 + 1] : 0u);
        assert_int_equal(pair >> (10 - bit % 8) & 63, i);
    }
}

static void what_is_no_base64_is_refused(void **state)
{
    static const char *const wrong[] = {"A",    "AB",   "ABC",  "ABCDE",    "AB?=",  "=ABC",
                                        "A=BC", "A===", "====", "Zg==Zg==", "Zm9\n", "Zm 9"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        unsigned char bytes[16];
        size_t length = 99;
        if (kf_base64_decode(wrong[i], strlen(wrong[i]), bytes, &length)) {
            fail_msg("%s is taken", wrong[i]);
        }
        assert_int_equal(length, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_are_decoded),
        cmocka_unit_test(all_sixty_four_characters_have_their_bits),
        cmocka_unit_test(what_is_no_base64_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

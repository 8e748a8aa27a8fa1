/* Windows-1252 as UTF-8; expectations from the code page's table. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/text.h"
#include "services/ingest/csv/sheet_text.h"

static char to[3 * 256];
static size_t length;
static unsigned char strange;

static void letters_of_norwegian_and_special_characters_become_utf_8(void **state)
{
    (void)state;
    static const char from[] = "\xe6\xf8\xe5 \xc6\xd8\xc5 1\xa0"
                               "234 \x80 \x96 \x92 \xff";
    static const char expected[] = "\xc3\xa6\xc3\xb8\xc3\xa5 \xc3\x86\xc3\x98\xc3\x85 1\xc2\xa0"
                                   "234 \xe2\x82\xac \xe2\x80\x93 \xe2\x80\x99 \xc3\xbf";
    assert_true(kf_sheet_text_to_utf8(from, sizeof from - 1, to, &length, &strange));
    assert_int_equal(length, sizeof expected - 1);
    assert_memory_equal(to, expected, length);
}

static void each_byte_becomes_one_character_or_is_told(void **state)
{
    (void)state;
    size_t refused = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        char from = (char)byte;
        if (kf_sheet_text_to_utf8(&from, 1, to, &length, &strange)) {
            assert_true(length >= 1 && length <= KF_SHEET_TEXT_FACTOR);
            assert_true(kf_text_is_utf8(to, length));
        } else {
            assert_int_equal(strange, byte);
            refused++;
        }
    }
    assert_int_equal(refused, 6); /* zero, and 81 8D 8F 90 9D that the code page has not */
}

static void only_ascii_without_zero_is_plain(void **state)
{
    (void)state;
    assert_true(kf_sheet_text_is_plain("abc,1\t", 6));
    assert_false(kf_sheet_text_is_plain("a\0b", 3));
    assert_false(kf_sheet_text_is_plain("\xc3\xa5", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_norwegian_and_special_characters_become_utf_8),
        cmocka_unit_test(each_byte_becomes_one_character_or_is_told),
        cmocka_unit_test(only_ascii_without_zero_is_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <limits.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "tests/support/cmocka.h"

static void a_text_grows_as_it_is_appended_to(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 100000);
    assert_string_equal(text.bytes, "");
    for (int i = 0; i < 1000; i++) {
        kf_text_add(&text, "ab");
        kf_text_add_char(&text, ',');
        kf_text_add_bytes(&text,
                          "1\0"
                          "2",
                          3);
        kf_text_add_format(&text, "%03d", i);
        assert_int_equal(text.length, (size_t)(i + 1) * 9);
        assert_int_equal(text.bytes[text.length], '\0');
    }
    assert_false(text.failed);
    assert_memory_equal(text.bytes + 999 * 9, "ab,1\0002999", 9);
    kf_text_clear(&text);
}

static void a_text_stops_at_its_ceiling_and_remembers(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 5);
    kf_text_add(&text, "12345");
    assert_false(text.failed);
    assert_true(text.room <= 6);
    kf_text_add_char(&text, '6');
    assert_true(text.failed);
    kf_text_add(&text, "");
    assert_string_equal(text.bytes, "12345");
    kf_text_reset(&text);
    assert_false(text.failed);
    assert_string_equal(text.bytes, "");
    kf_text_add_format(&text, "%s", "123456");
    assert_true(text.failed);
    kf_text_add_format(&text, "%s", "1");
    assert_string_equal(text.bytes, "");
    kf_text_clear(&text);
    assert_false(text.failed);
    assert_int_equal(text.size_max, 5);
}

static void a_text_takes_no_more_memory_than_its_ceiling(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    while (!text.failed) {
        kf_text_add_char(&text, 'x');
        assert_true(text.room <= 1001);
    }
    assert_int_equal(text.length, 1000);
    kf_text_clear(&text);
}

static void absurd_lengths_are_refused_even_without_a_ceiling(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, SIZE_MAX);
    kf_text_add(&text, "x");
    kf_text_add_bytes(&text, "y", SIZE_MAX);
    assert_true(text.failed);
    kf_text_reset(&text);
    kf_text_add_bytes(&text, "y", SIZE_MAX - 1);
    assert_true(text.failed);
    assert_string_equal(text.bytes, "");
    kf_text_clear(&text);
}

static void nothing_can_be_appended(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 10);
    kf_text_add(&text, "");
    kf_text_add_bytes(&text, NULL, 0);
    kf_text_add_format(&text, "%s", "");
    assert_false(text.failed);
    assert_string_equal(text.bytes, "");
    kf_text_clear(&text);
    kf_text_clear(&text);
}

static void a_failed_allocation_leaves_what_was_there(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    kf_text_add(&text, "there");
    kf_memory_fail_after(0);
    kf_text_add_format(&text, "%200s", "more");
    assert_true(text.failed);
    assert_string_equal(text.bytes, "there");
    kf_text_reset(&text);
    kf_text_add(&text, "again");
    assert_false(text.failed);
    assert_string_equal(text.bytes, "again");
    kf_text_clear(&text);
}

static void equality_knows_nothing_from_empty(void **state)
{
    (void)state;
    assert_true(kf_text_equal("a", "a"));
    assert_false(kf_text_equal("a", "A"));
    assert_false(kf_text_equal("a", "ab"));
    assert_true(kf_text_equal(NULL, NULL));
    assert_false(kf_text_equal(NULL, ""));
    assert_false(kf_text_equal("", NULL));
}

static void distance_is_the_number_of_edits(void **state)
{
    (void)state;
    assert_int_equal(kf_text_distance("", ""), 0);
    assert_int_equal(kf_text_distance("", "abc"), 3);
    assert_int_equal(kf_text_distance("abc", ""), 3);
    assert_int_equal(kf_text_distance("kitten", "sitting"), 3);
    assert_int_equal(kf_text_distance("sitting", "kitten"), 3);
    assert_int_equal(kf_text_distance("flaw", "lawn"), 2);
    assert_int_equal(kf_text_distance("barnehage", "barnehage"), 0);
}

static void texts_beyond_64_bytes_are_far_apart(void **state)
{
    (void)state;
    char fits[65];
    char beyond[66];
    memset(fits, 'a', 64);
    memset(beyond, 'a', 65);
    fits[64] = beyond[65] = '\0';
    assert_int_equal(kf_text_distance(fits, ""), 64);
    assert_int_equal(kf_text_distance("", fits), 64);
    assert_int_equal(kf_text_distance(fits, beyond), SIZE_MAX);
    assert_int_equal(kf_text_distance(beyond, beyond), SIZE_MAX);
}

static void utf8_is_what_the_standard_says(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool well_formed;
    } cases[] = {
        {"", true},
        {"Bærum", true},
        {"\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},                 /* continuation alone */
        {"\xc0\x80", false},             /* overlong NUL */
        {"\xc1\xbf", false},             /* overlong */
        {"\xe0\x9f\xbf", false},         /* overlong */
        {"\xf0\x8f\xbf\xbf", false},     /* overlong */
        {"\xed\xa0\x80", false},         /* surrogate */
        {"\xf4\x90\x80\x80", false},     /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", false},     /* beyond */
        {"\xff", false},                 /* never */
        {"B\xe6rum", false},             /* Latin-1 */
        {"a\xc3", false},                /* cut */
        {"a\xe2\x82", false},            /* cut */
        {"a\xf0\x90\x80", false},        /* cut */
        {"\xe2\x28\xa1", false},         /* no continuation */
        {"\xf0\x90\x80\x80\x80", false}, /* one too many */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(kf_text_is_utf8(cases[i].bytes, strlen(cases[i].bytes)),
                         cases[i].well_formed);
    }
    assert_false(kf_text_is_utf8("a\0b", 3));
}

static void utf8_of_every_code_point_is_well_formed_but_surrogates(void **state)
{
    (void)state;
    for (uint32_t point = 0x80; point <= 0x10ffff; point++) {
        char b[4];
        size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        uint32_t rest = point;
        for (size_t i = length - 1; i > 0; i--) {
            b[i] = (char)(0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        b[0] = (char)((length == 2 ? 0xc0u : length == 3 ? 0xe0u : 0xf0u) | rest);
        bool surrogate = point >= 0xd800 && point <= 0xdfff;
        if (kf_text_is_utf8(b, length) == surrogate || kf_text_is_utf8(b, length - 1) ||
            kf_text_whole(b, length) != length || kf_text_whole(b, length - 1) != 0) {
            fail_msg("U+%04X", point);
        }
    }
}

static void a_shortened_text_loses_only_the_character_that_was_cut(void **state)
{
    (void)state;
    assert_int_equal(kf_text_whole("", 0), 0);
    assert_int_equal(kf_text_whole("abc", 3), 3);
    assert_int_equal(kf_text_whole("aø", 3), 3);
    assert_int_equal(kf_text_whole("aø", 2), 1);
    assert_int_equal(kf_text_whole("a€b", 4), 4);
    assert_int_equal(kf_text_whole("a€b", 3), 1);
    assert_int_equal(kf_text_whole("a€b", 2), 1);
    /* What was not UTF-8 before keeps its length. */
    assert_int_equal(kf_text_whole("\x80\x80\x80\x80\x80", 5), 5);
    assert_int_equal(kf_text_whole("\x80", 1), 1);
}

static void what_a_terminal_would_obey_becomes_question_marks(void **state)
{
    (void)state;
    char text[] = "a\n\x1b[31m\x7f æ\xc2\x9b"
                  "2J\xc2\x80\xc2\xa0€\xc2";
    kf_text_defuse(text);
    assert_string_equal(text, "a??[31m? æ??2J??\xc2\xa0€?");
}

static void bytes_that_are_no_utf_8_become_question_marks(void **state)
{
    (void)state;
    char text[] = "\x9b"
                  "2J Br\xf8nn\xf8y \xed\xa0\x80 \xe2\x82";
    kf_text_defuse(text);
    assert_string_equal(text, "?2J Br?nn?y ??? ??");
}

static void whole_numbers_are_read_up_to_the_maximum(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned long maximum;
        bool read;
        unsigned long number;
    } cases[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"2010", 9999, true, 2010},
        {"0301", 9999, true, 301},
        {"10000", 9999, false, 0},
        {"9999", 9999, true, 9999},
        {"18446744073709551615", ULONG_MAX, true, ULONG_MAX},
        {"18446744073709551616", ULONG_MAX, false, 0},
        {"28446744073709551615", ULONG_MAX, false, 0},
        {"99999999999999999999999999", ULONG_MAX, false, 0},
        {"00000000000000000000000000007", 7, true, 7},
        {"07", 5, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"1.0", 99, false, 0},
        {"0x1", 99, false, 0},
        {"1e1", 99, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned long number = 4711;
        bool read =
            kf_text_to_unsigned(cases[i].text, strlen(cases[i].text), cases[i].maximum, &number);
        assert_int_equal(read, cases[i].read);
        assert_int_equal(number, cases[i].read ? cases[i].number : 4711);
    }
    unsigned long number = 4711;
    assert_false(kf_text_to_unsigned("1\0002", 3, 999, &number));
    assert_true(kf_text_to_unsigned("123", 2, 999, &number));
    assert_int_equal(number, 12);
}

static void the_name_of_a_file_stands_behind_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(kf_text_file_name("a/b/c.csv"), "c.csv");
    assert_string_equal(kf_text_file_name("/c.csv"), "c.csv");
    assert_string_equal(kf_text_file_name("c.csv"), "c.csv");
    assert_string_equal(kf_text_file_name("a/"), "");
}

static void a_text_that_is_too_long_and_one_without_memory_are_told_apart(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_text text;
    kf_text_init(&text, 4);
    kf_text_add(&text, "12345");
    assert_true(text.failed);
    assert_int_equal(kf_text_error(&text, &err, KF_ERR_CONFIG, "%s is too long", "it"),
                     KF_ERR_CONFIG);
    assert_string_equal(err.text, "it is too long");
    kf_text_reset(&text);
    kf_memory_fail_after(0);
    kf_text_add(&text, "1234");
    kf_memory_fail_after(-1);
    assert_true(text.failed);
    assert_int_equal(kf_text_error(&text, &err, KF_ERR_CONFIG, "it is too long"), KF_ERR_MEMORY);
    assert_null(strstr(err.text, "too long"));
    kf_text_reset(&text);
    kf_text_add(&text, "12345");
    assert_int_equal(kf_text_error(&text, &err, KF_ERR_LIMIT, "it is too long"), KF_ERR_LIMIT);
    kf_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_is_too_long_and_one_without_memory_are_told_apart),
        cmocka_unit_test(the_name_of_a_file_stands_behind_the_last_slash),
        cmocka_unit_test(a_text_grows_as_it_is_appended_to),
        cmocka_unit_test(a_text_stops_at_its_ceiling_and_remembers),
        cmocka_unit_test(a_text_takes_no_more_memory_than_its_ceiling),
        cmocka_unit_test(absurd_lengths_are_refused_even_without_a_ceiling),
        cmocka_unit_test(nothing_can_be_appended),
        cmocka_unit_test(a_failed_allocation_leaves_what_was_there),
        cmocka_unit_test(equality_knows_nothing_from_empty),
        cmocka_unit_test(distance_is_the_number_of_edits),
        cmocka_unit_test(texts_beyond_64_bytes_are_far_apart),
        cmocka_unit_test(utf8_is_what_the_standard_says),
        cmocka_unit_test(utf8_of_every_code_point_is_well_formed_but_surrogates),
        cmocka_unit_test(a_shortened_text_loses_only_the_character_that_was_cut),
        cmocka_unit_test(what_a_terminal_would_obey_becomes_question_marks),
        cmocka_unit_test(bytes_that_are_no_utf_8_become_question_marks),
        cmocka_unit_test(whole_numbers_are_read_up_to_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

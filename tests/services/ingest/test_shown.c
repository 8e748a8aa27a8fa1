#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/text.h"
#include "services/ingest/shown.h"

static char shown[KF_SHOWN_SIZE];

static void sound_text_is_shown_as_it_is(void **state)
{
    (void)state;
    const char *text = "Bærum – Tråante";
    assert_string_equal(kf_shown(text, strlen(text), shown), text);
}

static void control_characters_become_question_marks(void **state)
{
    (void)state;
    assert_string_equal(kf_shown("a\nb\x1b[2Jc\x7f", 9, shown), "a?b?[2Jc?");
}

static void bytes_that_are_not_utf8_become_question_marks(void **state)
{
    (void)state;
    assert_string_equal(kf_shown("l\xe6ring", 6, shown), "l?ring");
    assert_string_equal(kf_shown("a\0b", 3, shown), "a?b");
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char text[600];
    for (size_t i = 0; i < sizeof text; i += 2) {
        memcpy(text + i, "\xc3\xa6", 2);
    }
    kf_shown(text, sizeof text, shown);
    assert_int_equal(strlen(shown), KF_SHOWN_SIZE - 2);
    assert_true(kf_text_is_utf8(shown, strlen(shown)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_text_is_shown_as_it_is),
        cmocka_unit_test(control_characters_become_question_marks),
        cmocka_unit_test(bytes_that_are_not_utf8_become_question_marks),
        cmocka_unit_test(long_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "fixture.h"

#include <string.h>

#include "common/model/cell.h"

static void statistics_norways_marks_are_read(void **state)
{
    (void)state;
    uint8_t status = 0xee;
    assert_true(kf_cell_parse("", 0, &status));
    assert_int_equal(status, KF_CELL_VALUE);
    assert_true(kf_cell_parse(".", 1, &status));
    assert_int_equal(status, KF_CELL_NOT_APPLICABLE);
    assert_true(kf_cell_parse("..x", 2, &status)); /* the length counts, not the NUL */
    assert_int_equal(status, KF_CELL_MISSING);
    assert_true(kf_cell_parse(":", 1, &status));
    assert_int_equal(status, KF_CELL_CONFIDENTIAL);
}

/* The mark stands beside the figure: it may yet change, but it is one. */
static void an_asterisk_marks_a_figure_that_is_preliminary(void **state)
{
    (void)state;
    uint8_t status = 0xee;
    assert_true(kf_cell_parse("*", 1, &status));
    assert_int_equal(status, KF_CELL_PRELIMINARY);
    assert_true(kf_cell_has_value(status));
    assert_string_equal(kf_cell_flag(status, 0), "preliminary");
    assert_null(kf_cell_flag(status, 1));
}

static void any_other_mark_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {"?", "...", " ", "::", "-", "n/a", "**", "* ", "*."};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t status = 0x7f;
        assert_false(kf_cell_parse(wrong[i], strlen(wrong[i]), &status));
        assert_int_equal(status, 0x7f);
    }
}

static void only_the_low_bits_say_whether_there_is_a_value(void **state)
{
    (void)state;
    assert_true(kf_cell_has_value(KF_CELL_VALUE));
    assert_true(kf_cell_has_value(KF_CELL_IMPUTED | KF_CELL_PRELIMINARY));
    assert_false(kf_cell_has_value(KF_CELL_MISSING | KF_CELL_PRELIMINARY));
    assert_false(kf_cell_has_value(KF_CELL_CONFIDENTIAL));
}

static void what_rests_on_two_cells_has_the_flags_of_both_or_no_value(void **state)
{
    (void)state;
    assert_int_equal(kf_cell_join(KF_CELL_PRELIMINARY, KF_CELL_INFERRED),
                     KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    assert_int_equal(kf_cell_join(KF_CELL_PRELIMINARY, KF_CELL_CONFIDENTIAL), KF_CELL_CONFIDENTIAL);
    assert_int_equal(kf_cell_join(KF_CELL_MISSING, KF_CELL_PRELIMINARY), KF_CELL_MISSING);
    assert_int_equal(kf_cell_join(KF_CELL_MISSING, KF_CELL_CONFIDENTIAL), KF_CELL_MISSING);
}

static void flags_print_in_their_order(void **state)
{
    (void)state;
    static const struct {
        uint8_t status;
        const char *text;
    } cases[] = {
        {KF_CELL_VALUE, ""},
        {KF_CELL_MISSING, "missing"},
        {KF_CELL_NOT_APPLICABLE, "not_applicable"},
        {KF_CELL_CONFIDENTIAL, "suppressed"},
        {KF_CELL_IMPUTED, "imputed"},
        {KF_CELL_INCOMPLETE | KF_CELL_PRELIMINARY, "preliminary;incomplete"},
        {KF_CELL_MISSING | 0xf0, "missing;imputed;preliminary;inferred;incomplete"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_text text;
        kf_text_init(&text, 256);
        kf_cell_print(cases[i].status, ';', &text);
        assert_string_equal(text.bytes, cases[i].text);
        kf_text_clear(&text);
    }
}

static void flags_are_counted_from_the_first(void **state)
{
    (void)state;
    uint8_t status = KF_CELL_CONFIDENTIAL | KF_CELL_INFERRED;
    assert_string_equal(kf_cell_flag(status, 0), "suppressed");
    assert_string_equal(kf_cell_flag(status, 1), "inferred");
    assert_null(kf_cell_flag(status, 2));
    assert_null(kf_cell_flag(KF_CELL_VALUE, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_norways_marks_are_read),
        cmocka_unit_test(an_asterisk_marks_a_figure_that_is_preliminary),
        cmocka_unit_test(any_other_mark_is_refused_and_changes_nothing),
        cmocka_unit_test(only_the_low_bits_say_whether_there_is_a_value),
        cmocka_unit_test(what_rests_on_two_cells_has_the_flags_of_both_or_no_value),
        cmocka_unit_test(flags_print_in_their_order),
        cmocka_unit_test(flags_are_counted_from_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

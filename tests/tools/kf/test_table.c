#include <stdbool.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"
#include "tools/kf/table.h"

static void assert_prints(struct kf_table *table, const char *expected)
{
    struct kf_text text;
    struct kf_error err = {0};
    kf_text_init(&text, 65536);
    assert_int_equal(kf_table_print(table, "", "", &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
    kf_table_destroy(&table);
    assert_null(table);
}

static void names_stand_left_numbers_right_and_no_line_ends_in_spaces(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "Name", KF_TABLE_LEFT);
    kf_table_add_column(table, "Index", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Note", KF_TABLE_LEFT);
    kf_table_add_cell(table, "Oslo", "");
    kf_table_add_number(table, 97.94, 1, "");
    kf_table_add_cell(table, "", "");
    kf_table_add_cell(table, "Kristiansand", "");
    kf_table_add_number(table, 105.25, 1, "");
    kf_table_add_cell(table, "south", "");
    assert_prints(table, "  Name          Index  Note\n"
                         "  Oslo           97.9\n"
                         "  Kristiansand  105.2  south\n");
}

static void letters_of_several_bytes_take_one_column(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "Å", KF_TABLE_LEFT);
    kf_table_add_column(table, "B", KF_TABLE_RIGHT);
    kf_table_add_cell(table, "Bærum", "");
    kf_table_add_cell(table, "1", "");
    kf_table_add_cell(table, "Moss", "");
    kf_table_add_cell(table, "2", "");
    assert_prints(table, "  Å      B\n"
                         "  Bærum  1\n"
                         "  Moss   2\n");
}

static void marks_do_not_push_digits_out_of_line(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "A", KF_TABLE_RIGHT);
    kf_table_add_column(table, "B", KF_TABLE_RIGHT);
    kf_table_add_number(table, 98.14, 1, "*");
    kf_table_add_number(table, 1, 0, "");
    kf_table_add_number(table, 104, 1, "");
    kf_table_add_number(table, 2, 0, "*p");
    assert_prints(table, "      A   B\n"
                         "   98.1*  1\n"
                         "  104.0   2*p\n");
}

static void long_headings_are_wrapped_at_words_and_start_at_the_top(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "Name", KF_TABLE_LEFT);
    kf_table_add_column(table, "Pleie og omsorg i alt", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Kommunehelsetjenesten", KF_TABLE_RIGHT);
    kf_table_add_cell(table, "x", "");
    kf_table_add_cell(table, "1", "");
    kf_table_add_cell(table, "2", "");
    assert_prints(table, "  Name  Pleie og  Kommunehelsetjenesten\n"
                         "        omsorg i\n"
                         "             alt\n"
                         "  x            1                      2\n");
}

static void zero_has_no_sign_and_huge_numbers_still_fit(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "A", KF_TABLE_RIGHT);
    kf_table_add_number(table, -0.04, 1, "");
    kf_table_add_number(table, -0.06, 1, "");
    kf_table_add_number(table, -1e300, 1, "");
    kf_table_add_number(table, 2.5, 99, "");
    assert_prints(table, "             A\n"
                         "           0.0\n"
                         "          -0.1\n"
                         "     -1.0e+300\n"
                         "  2.5000000000\n");
}

static void the_last_row_may_be_short(void **state)
{
    (void)state;
    struct kf_table *table = kf_table_new();
    kf_table_add_column(table, "A", KF_TABLE_LEFT);
    kf_table_add_column(table, "B", KF_TABLE_LEFT);
    kf_table_add_cell(table, "1", "");
    assert_prints(table, "  A  B\n"
                         "  1\n");
}

static void a_table_beyond_its_limits_fails_when_printed(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_table *table = kf_table_new();
    for (size_t i = 0; i <= KF_TABLE_COLUMNS_MAX; i++) {
        kf_table_add_column(table, "A", KF_TABLE_LEFT);
    }
    kf_text_init(&text, 65536);
    assert_int_equal(kf_table_print(table, "", "", &text, &err), KF_ERR_MEMORY);
    kf_table_destroy(&table);
    table = kf_table_new();
    kf_table_add_cell(table, "a cell without a column", "");
    assert_int_equal(kf_table_print(table, "", "", &text, &err), KF_ERR_MEMORY);
    kf_table_destroy(&table);
    kf_text_clear(&text);
}

static enum kf_err fill_and_print(void)
{
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_table *table = kf_table_new();
    if (!table) {
        return KF_ERR_MEMORY;
    }
    kf_text_init(&text, 65536);
    kf_table_add_column(table, "A", KF_TABLE_LEFT);
    kf_table_add_column(table, "B", KF_TABLE_RIGHT);
    for (int i = 0; i < 2000; i++) {
        kf_table_add_number(table, i, 1, "*");
    }
    enum kf_err code = kf_table_print(table, "", "", &text, &err);
    kf_text_clear(&text);
    kf_table_destroy(&table);
    return code;
}

static void it_prints_or_says_that_memory_is_short_whichever_allocation_fails(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        assert_true(n < 1000);
        kf_memory_fail_after(n);
        code = fill_and_print();
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_left_numbers_right_and_no_line_ends_in_spaces),
        cmocka_unit_test(letters_of_several_bytes_take_one_column),
        cmocka_unit_test(marks_do_not_push_digits_out_of_line),
        cmocka_unit_test(long_headings_are_wrapped_at_words_and_start_at_the_top),
        cmocka_unit_test(zero_has_no_sign_and_huge_numbers_still_fit),
        cmocka_unit_test(the_last_row_may_be_short),
        cmocka_unit_test(a_table_beyond_its_limits_fails_when_printed),
        cmocka_unit_test(it_prints_or_says_that_memory_is_short_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Cells that a spreadsheet has spoilt. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/csv/sheet_slip.h"

static void expect(const char *text, const char *fragment)
{
    struct kf_sheet_slip slip = {.problem = ""};
    bool found = kf_sheet_slip_of(text, strlen(text), &slip);
    if (found != (fragment != NULL) || (fragment && !strstr(slip.problem, fragment))) {
        fail_msg("%s: %s", text, found ? slip.problem : "nothing");
    }
}

static void errors_of_formulas_are_known_in_both_languages(void **state)
{
    (void)state;
    static const char *const errors[] = {"#N/A",    "#DIV/0!", "#REF!", "#VALUE!", "#I/T",
                                         "#VERDI!", "#NAVN?",  "#n/a",  "Err:502", "#NUM!"};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        expect(errors[i], "error of a spreadsheet's formula");
    }
}

static void a_column_too_narrow_is_known(void **state)
{
    (void)state;
    expect("####", "too narrow");
    expect("##########", "too narrow");
    expect("#", NULL);
}

static void dates_are_known(void **state)
{
    (void)state;
    static const char *const dates[] = {"1.mar",    "01.mar",     "1-Mar",       "mar.12",
                                        "jan. 05",  "3. mai",     "12.des.2024", "01.03.12",
                                        "1.3.2012", "2012-03-01", "1/3/2012",    "okt.30"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        expect(dates[i], "a date");
    }
}

static void parentheses_are_known(void **state)
{
    (void)state;
    expect("(123)", "parentheses");
    expect("(kr)", NULL);
}

static void what_is_a_figure_or_a_word_is_left_alone(void **state)
{
    (void)state;
    static const char *const others[] = {"1.234.567", "12.5",  "1,5",       "",         "..",
                                         "-3",        "1.2.3", "maria",     "summer 5", "12 kr",
                                         "1-2",       "0301",  "12.34.567", "1e-7"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        expect(others[i], NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_formulas_are_known_in_both_languages),
        cmocka_unit_test(a_column_too_narrow_is_known),
        cmocka_unit_test(dates_are_known),
        cmocka_unit_test(parentheses_are_known),
        cmocka_unit_test(what_is_a_figure_or_a_word_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

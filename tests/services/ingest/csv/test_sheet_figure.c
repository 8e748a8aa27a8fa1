/* Figures as spreadsheets write them; expectations by hand. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/csv/sheet_figure.h"

static struct kf_sheet_figure read;

static enum kf_sheet_reading take(const char *text, char mark)
{
    return kf_sheet_figure_read(text, strlen(text), mark, &read);
}

static void expect(const char *text, char mark, const char *figure)
{
    if (take(text, mark) != KF_SHEET_SOUND || strcmp(read.figure, figure) != 0) {
        fail_msg("%s: not read as %s but %s", text, figure, read.figure);
    }
}

static void what_can_be_read_in_one_way_needs_no_help(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"0", "0"},
                                           {"586860", "586860"},
                                           {"-12", "-12"},
                                           {"12,5", "12.5"},
                                           {"12.5", "12.5"},
                                           {"0,123", "0.123"},
                                           {"0.123", "0.123"},
                                           {"1234,567", "1234.567"},
                                           {"1.234,5", "1234.5"},
                                           {"1,234.5", "1234.5"},
                                           {"1.234.567", "1234567"},
                                           {"1,234,567", "1234567"},
                                           {"1 234 567,25", "1234567.25"},
                                           {"1'234.5", "1234.5"},
                                           {"1 234,567", "1234.567"},
                                           {"12,3456", "12.3456"},
                                           {"1.234.567,125", "1234567.125"},
                                           {"1e-07", "1e-07"},
                                           {"1,5e+3", "1.5e+3"},
                                           {"007", "007"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i][0], KF_SHEET_MARK_UNKNOWN, cases[i][1]);
    }
}

static void every_kind_of_space_apostrophe_and_minus_is_known(void **state)
{
    (void)state;
    expect("1\xc2\xa0"
           "234,5",
           ',', "1234.5");
    expect("1\xe2\x80\xaf"
           "234,5",
           ',', "1234.5");
    expect("1\xe2\x80\x89"
           "234,5",
           ',', "1234.5");
    expect("1\xe2\x80\x99"
           "234,5",
           ',', "1234.5");
    expect("\xe2\x88\x92"
           "3,2",
           ',', "-3.2");
    expect("\xc2\xa0 12 \xc2\xa0", ',', "12");
}

static void a_lone_mark_before_three_digits_is_ambiguous_until_the_file_says(void **state)
{
    (void)state;
    assert_int_equal(take("1,234", KF_SHEET_MARK_UNKNOWN), KF_SHEET_AMBIGUOUS);
    assert_string_equal(read.figure, "1.234");
    assert_string_equal(read.other, "1234");
    assert_int_equal(take("1.234", KF_SHEET_MARK_UNKNOWN), KF_SHEET_AMBIGUOUS);
    expect("1,234", ',', "1.234");
    expect("1,234", '.', "1234");
    expect("1.234", ',', "1234");
    expect("1.234", '.', "1.234");
}

static void the_files_mark_holds_for_every_figure(void **state)
{
    (void)state;
    assert_int_equal(take("12.5", ','), KF_SHEET_NO_NUMBER);
    assert_int_equal(take("12,5", '.'), KF_SHEET_NO_NUMBER);
    assert_int_equal(take("1,234,567", ','), KF_SHEET_NO_NUMBER);
}

static void groups_have_three_digits_and_one_mark(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "12 34", "1 2345", "1234 567", "1 234'567", "1  234", "0 123",      "1.23.456",  "1,23,456",
        " ",     "",       "-",        ",5",        "5,",     "1,2,3",      "1 234,5 6", "--5",
        "+5",    "5-",     "5 e3",     "1e",        "e5",     "1,5e-",      "0x10",      "12 kr",
        "nan",   "12**",   "1e999",    "12%%",      "1;2",    "1.234,567.8"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (take(wrong[i], KF_SHEET_MARK_UNKNOWN) != KF_SHEET_NO_NUMBER) {
            fail_msg("%s was read as %s", wrong[i], read.figure);
        }
    }
}

static void stars_and_percent_signs_are_taken_off_and_told(void **state)
{
    (void)state;
    expect("12,5*", ',', "12.5");
    assert_true(read.starred && !read.percent);
    expect("12,5 %", ',', "12.5");
    assert_true(read.percent && !read.starred);
    expect("12,5\xc2\xa0% *", ',', "12.5");
    assert_true(read.percent && read.starred);
}

static void an_exponent_of_a_spreadsheet_has_lost_digits(void **state)
{
    (void)state;
    assert_int_equal(take("1,23457E+11", ','), KF_SHEET_ROUNDED);
    assert_int_equal(take("1E-07", KF_SHEET_MARK_UNKNOWN), KF_SHEET_ROUNDED);
}

static void a_number_too_long_for_any_figure_is_none(void **state)
{
    (void)state;
    char text[400];
    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t length = 1; length < sizeof text; length++) {
        bool sound = kf_sheet_figure_read(text, length, ',', &read) == KF_SHEET_SOUND;
        assert_int_equal(sound, length < KF_SHEET_FIGURE_SIZE);
    }
}

static void only_a_figure_that_can_be_read_in_one_way_shows_the_mark(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char mark;
    } cases[] = {{"12,5", ','},   {"1.234.567", ','}, {"1 234,567", ','},  {"0,125", ','},
                 {"12.5", '.'},   {"1,234,567", '.'}, {"1'234.567*", '.'}, {"1,234", '\0'},
                 {"1.234", '\0'}, {"12", '\0'},       {"1 234", '\0'},     {"..", '\0'},
                 {"", '\0'},      {"12,5 kr", '\0'},  {"1,2E+05", ','},    {"12,5 %", ','}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(kf_sheet_figure_mark(cases[i].text, strlen(cases[i].text)), cases[i].mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_read_in_one_way_needs_no_help),
        cmocka_unit_test(every_kind_of_space_apostrophe_and_minus_is_known),
        cmocka_unit_test(a_lone_mark_before_three_digits_is_ambiguous_until_the_file_says),
        cmocka_unit_test(the_files_mark_holds_for_every_figure),
        cmocka_unit_test(groups_have_three_digits_and_one_mark),
        cmocka_unit_test(stars_and_percent_signs_are_taken_off_and_told),
        cmocka_unit_test(an_exponent_of_a_spreadsheet_has_lost_digits),
        cmocka_unit_test(a_number_too_long_for_any_figure_is_none),
        cmocka_unit_test(only_a_figure_that_can_be_read_in_one_way_shows_the_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

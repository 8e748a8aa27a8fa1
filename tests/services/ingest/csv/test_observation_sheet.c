/* Files as spreadsheets save them, through the reader; expectations by hand. */
#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/csv/observation_sheet.h"

#define HEADER "kommune;\xc3\xa5r;variabel;verdi;status\n"
#define SURE   "1103;2010;areal;12,5;\n" /* the file has decimal commas */

static const struct kf_observation *row_of(size_t expected, size_t i)
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, expected);
    return &rows[i];
}

static void expect_sound(const char *text)
{
    if (read_text(text) != KF_OK) {
        fail_msg("refused: %s", world.report.bytes);
    }
}

static void expect_figure(const char *cell, double value)
{
    char text[256];
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 10);
    (void)snprintf(text, sizeof text, HEADER SURE "0301;2010;areal;%s;\n", cell);
    expect_sound(text);
    if (row_of(2, 1)->value != value) {
        fail_msg("%s was read as %g", cell, row_of(2, 1)->value);
    }
}

/* --- which separator ---------------------------------------------------------------------------
 */

static void the_header_alone_says_the_separator(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        char separator;
    } cases[] = {{"a;b", ';'},       {"a\tb", '\t'}, {"a,b", ','},
                 {"a", ','},         {"a;b,c", ','}, {"a;b\tc", '\0'},
                 {"a;\"b,c\"", ';'}, {"", ','},      {"a\t\"b;c\"", '\t'}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(kf_sheet_separator(cases[i].line, strlen(cases[i].line)),
                         cases[i].separator);
    }
}

static void semicolons_and_tabs_separate(void **state)
{
    (void)state;
    expect_sound("municipality;year;variable;value;status\n0301;2010;areal;12,5;\n");
    expect_sound("municipality\tyear\tvariable\tvalue\tstatus\n0219\t2010\tareal\t12,5\t\n");
    assert_true(row_of(2, 0)->value == 12.5 && row_of(2, 1)->value == 12.5);
    EXPECT_FAULT("municipality;year\tvariable;value;status\n", "by semicolons and by tabs");
}

static void excels_first_line_names_the_separator(void **state)
{
    (void)state;
    expect_sound("sep=;\r\nkommune;\xc3\xa5r;areal\r\n0301;2010;1,5\r\n");
    expect_sound("\xef\xbb\xbfSEP=\t\nkommune\t\xc3\xa5r\tareal\n0219\t2010\t2,5\n");
    expect_sound("sep=,\nmunicipality,year,areal\n1103,2010,3.5\n");
    assert_true(row_of(3, 2)->value == 3.5);
    assert_int_equal(row_of(3, 0)->line, 3);
    EXPECT_FAULT("sep=;\n", "the file is empty");
    forget();
    EXPECT_FAULT("sep=,\nmunicipality,year,areal\n0301,2010,\"1,5\"\n", "use a point: 1.5");
}

/* --- figures -----------------------------------------------------------------------------------
 */

static void decimal_commas_and_groups_of_three_are_read(void **state)
{
    (void)state;
    expect_figure("1 234,5", 1234.5);
    expect_figure("1.234,5", 1234.5);
    expect_figure("1.234", 1234);
    expect_figure("1,234", 1.234);
    expect_figure("1'234", 1234);
    expect_figure("\"1 234,5\"", 1234.5);
    expect_figure(" 7 ", 7);
    expect_figure("1\xc2\xa0"
                  "234\xe2\x80\xaf"
                  "567,5",
                  1234567.5);
}

static void a_later_figure_says_what_an_earlier_comma_means(void **state)
{
    (void)state;
    expect_sound(HEADER "0301;2010;areal;1,234;\n0219;2010;areal;1,5;\n");
    assert_true(row_of(2, 0)->value == 1.234);
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 10);
    expect_sound(HEADER "0301;2010;areal;1,234;\n0219;2010;areal;1.5;\n");
    assert_true(row_of(2, 0)->value == 1234);
}

static void a_comma_that_no_figure_explains_is_refused(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301;2010;areal;1,234;\n0219;2010;areal;5;\n", "in.csv:2: 0301 areal",
                 "\"1,234\"", "no figure of the file shows which", "meant is 1.234 or 1234");
    forget();
    EXPECT_FAULT(HEADER "0301;2010;areal;1.234;\n", "no figure of the file shows which");
}

static void two_decimal_marks_in_one_file_are_refused_naming_both_lines(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301;2010;areal;1,5;\n0219;2010;areal;1.5;\n1103;2010;areal;x;\n",
                 "in.csv:3: line 2 has a decimal comma and line 3 a decimal point");
    expect_rows(0);
}

static void texts_that_are_no_figures_say_nothing_of_the_mark(void **state)
{
    (void)state;
    expect_sound("kommune;\xc3\xa5r;variabel;navn;enhet;verdi;status;kommentar\n"
                 "0301;2010;areal;\"1.5; x\";;1,5;;2.5\n");
    assert_true(row_of(1, 0)->value == 1.5);
}

struct refused {
    const char *cell;
    const char *told;
};

static void what_a_spreadsheet_spoils_is_told_with_what_to_do_there(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"#N/A", "an error of a spreadsheet's formula"},
        {"#DIV/0!", "correct the formula in the spreadsheet"},
        {"#REF!", "an error of a spreadsheet's formula"},
        {"####", "make the column wider"},
        {"1.mar", "format the column as a number"},
        {"01.03.2012", "a date"},
        {"(12)", "shows a minus"},
        {"1,2E+05", "its further digits are lost; format the column as a number without exponent"},
        {"12 %", "a percent sign, and the unit of areal is"},
        {"12 34", "this is no number"},
        {"12 kr", "this is no number"},
        {"NaN", "not a number and infinity"},
        {"...", "not been in use since 2021"},
        {"-", "not been in use since 2021"},
        {"1,5**", "this is no number"},
        {"SANN", "this is no number"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, HEADER SURE "0301;2010;areal;%s;\n", cases[i].cell);
        EXPECT_FAULT(text, "in.csv:3: 0301 areal", cases[i].told);
        forget();
    }
}

static void a_comma_file_is_read_as_strictly_as_ever(void **state)
{
    (void)state;
    static const char *const rows[] = {"0301,2010,areal,\"1 234\",",
                                       "0301,2010,areal,\"1,5\",",
                                       "301,2010,areal,1,",
                                       "0301 Oslo,2010,areal,1,",
                                       "0301,2010,areal,12*,",
                                       "0301,2010,areal,..,",
                                       "0301,2010,areal,\xe2\x88\x92"
                                       "1,",
                                       "0301,2010,areal,1,,",
                                       ",,,,",
                                       "0301,2010,areal,1",
                                       " 0301,2010,areal,1,",
                                       "0301,2010,areal,12 %,"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, KF_OBSERVATION_CSV_HEADER "\n%s\n", rows[i]);
        assert_int_equal(read_text(text), KF_ERR_DATA);
        forget();
    }
    EXPECT_FAULT("kommune,\xc3\xa5r,variabel,verdi,status\n", "columns have English names");
    expect_rows(0);
}

/* --- marks and places --------------------------------------------------------------------------
 */

static void stars_and_marks_stand_beside_the_figure_or_in_the_status(void **state)
{
    (void)state;
    expect_sound(HEADER "0301;2010;areal;12,5*;\n0219;2010;areal;12,5;*\n1103;2010;areal;..;\n"
                        "1201;2010;areal;;:\n1601;2010;areal;12,5*;*\n");
    assert_int_equal(row_of(5, 0)->status, KF_CELL_PRELIMINARY);
    assert_int_equal(row_of(5, 1)->status, KF_CELL_PRELIMINARY);
    assert_int_equal(row_of(5, 2)->status, KF_CELL_MISSING);
    assert_int_equal(row_of(5, 4)->status, KF_CELL_PRELIMINARY);
    assert_true(row_of(5, 4)->value == 12.5);
    EXPECT_FAULT(HEADER "0301;2011;areal;..;*\n", "there is none");
    forget();
    EXPECT_FAULT(HEADER "0301;2011;areal;5;..\n", "says there is none");
    forget();
    EXPECT_FAULT(HEADER "0301;2011;areal;;\n", "value and status are both empty");
}

static void municipalities_may_have_their_names_or_lack_a_zero(void **state)
{
    (void)state;
    expect_sound(
        "region;\xc3\x85r;areal\n301;2010;1\n0219 B\xc3\xa6rum (-2019);2010;2\nEAK;2010;3\n");
    assert_int_equal(row_of(3, 0)->municipality, 301);
    assert_int_equal(row_of(3, 1)->municipality, 219);
    EXPECT_FAULT("region;\xc3\xa5r;areal\n0301 Bergen;2010;1\n", "this code as Oslo");
    forget();
    EXPECT_FAULT("region;\xc3\xa5r;areal\n999;2010;1\n", "has four digits: 0999?");
}

static void norwegian_names_of_columns_are_those_of_every_form(void **state)
{
    (void)state;
    expect_sound("Kommunenr;\xc3\xa5r;konto;funksjon;art;bel\xc3\xb8p;omfang\n"
                 "0301;2015;D;222;380;1 965 465,5;\n");
    expect_sound("kommune;\xc3\xa5r;netto_lonnskostnad_kr;alder\n0219;2017;2 345 678;34\n");
    size_t count = 0;
    (void)kf_observations_rows(world.table, &count);
    assert_true(count > 2);
    EXPECT_FAULT("kommune;kommunenr;\xc3\xa5r;areal\n", "column municipality is there twice");
}

static void amounts_and_users_are_read_and_refused_alike(void **state)
{
    (void)state;
#define ACCOUNTS "municipality;year;account;function;art;amount\n0301;2015;D;222;380;"
    EXPECT_FAULT(ACCOUNTS "1,234\n", "no amount of the file shows which");
    forget();
    EXPECT_FAULT(ACCOUNTS "1,2E+05\n", "its further digits are lost");
    forget();
    EXPECT_FAULT(ACCOUNTS "#REF!\n", "an error of a spreadsheet's formula");
    forget();
    EXPECT_FAULT(ACCOUNTS "5*\n", "is no number");
    forget();
    EXPECT_FAULT("municipality;year;net_wage_cost_kr;age\n0138;2017;1,234;\n", "meant is ");
    forget();
    EXPECT_FAULT("municipality;year;net_wage_cost_kr;age\n0138;2017;Kari Nordmann;\n",
                 "this is no number");
    assert_null(strstr(world.report.bytes, "Kari"));
}

/* --- lines, columns and encodings --------------------------------------------------------------
 */

static void empty_columns_and_lines_at_the_end_are_passed_over(void **state)
{
    (void)state;
    expect_sound("kommune;\xc3\xa5r;areal;;\n0301;2010;1;;\n;;;;\n0219;2010;2\n\n;;\n");
    expect_rows(2);
    EXPECT_FAULT("kommune;\xc3\xa5r;areal;;\n0301;2010;1;;x\n",
                 "the line has 5 fields, the header 3");
    forget();
    EXPECT_FAULT("kommune;\xc3\xa5r;;areal\n", "column 3 of the header has no name");
    forget();
    EXPECT_FAULT("kommune;\xc3\xa5r;areal\n;;\n", "a header and no rows");
}

static void cells_that_excel_leaves_out_at_the_end_are_empty_but_not_in_a_file_cut_off(void **state)
{
    (void)state;
    expect_sound(HEADER "0301;2010;areal;12\n0219;2010;areal;13;\n");
    expect_rows(2);
    EXPECT_FAULT(HEADER "0301;2011;areal;12\n0219;2011;areal;1",
                 "in.csv:3:", "ends in the middle of its line");
    forget();
    EXPECT_FAULT(HEADER "0301;2012;areal;12\nKilde: SSB\n", "in.csv:3: the line has 1 field,",
                 "leave titles and notes out");
}

static void windows_1252_is_told_by_bytes_that_are_no_utf_8(void **state)
{
    (void)state;
    expect_sound("kommune;\xe5r;areal\n0219 B\xe6rum;2010;1\xa0"
                 "234,5\n");
    assert_int_equal(row_of(1, 0)->municipality, 219);
    assert_true(row_of(1, 0)->value == 1234.5);
    EXPECT_FAULT("kommune;\xe5r;areal\n0301;2010;\x81\n", "neither UTF-8 nor Windows-1252",
                 "byte 0x81");
    forget();
    EXPECT_FAULT("kommune;\xc3\xa5r;areal\n0219 B\xe6rum;2011;1\n",
                 "line 1 is UTF-8 and line 2 is not");
}

static void utf_16_workbooks_and_old_macintosh_lines_are_told(void **state)
{
    (void)state;
    EXPECT_FAULT("PK\x03\x04 something\n", "workbook (.xlsx, .ods)", "CSV UTF-8");
    forget();
    EXPECT_FAULT("\xff\xfek;m;m\n", "UTF-16", "CSV UTF-8");
    forget();
    EXPECT_FAULT("municipality,year,areal\r0301,2010,1\r", "carriage returns alone", "CSV UTF-8");
    forget();
    EXPECT_FAULT("kommune;\xc3\xa5r;areal\n0301;2010;1\n\n0301;2011;\"1\n",
                 "a quote is not closed");
    expect_rows(1);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    expect_failing_allocations("kommune;\xe5r;areal\n0219 B\xe6rum;2010;x\n", 5, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_header_alone_says_the_separator),
        TEST(semicolons_and_tabs_separate),
        TEST(excels_first_line_names_the_separator),
        TEST(decimal_commas_and_groups_of_three_are_read),
        TEST(a_later_figure_says_what_an_earlier_comma_means),
        TEST(a_comma_that_no_figure_explains_is_refused),
        TEST(two_decimal_marks_in_one_file_are_refused_naming_both_lines),
        TEST(texts_that_are_no_figures_say_nothing_of_the_mark),
        TEST(what_a_spreadsheet_spoils_is_told_with_what_to_do_there),
        TEST(a_comma_file_is_read_as_strictly_as_ever),
        TEST(stars_and_marks_stand_beside_the_figure_or_in_the_status),
        TEST(municipalities_may_have_their_names_or_lack_a_zero),
        TEST(norwegian_names_of_columns_are_those_of_every_form),
        TEST(amounts_and_users_are_read_and_refused_alike),
        TEST(empty_columns_and_lines_at_the_end_are_passed_over),
        TEST(cells_that_excel_leaves_out_at_the_end_are_empty_but_not_in_a_file_cut_off),
        TEST(windows_1252_is_told_by_bytes_that_are_no_utf_8),
        TEST(utf_16_workbooks_and_old_macintosh_lines_are_told),
        TEST(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}

/* Reading observation files: what is sound is taken, every fault is told with its place. */
#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"

#define HEADER "municipality,year,variable,value,status\n"

/* --- sound files --------------------------------------------------------------------------- */

static void a_row_is_read_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,folkemengde,111213,\n"), KF_OK);
    const struct kf_observation *row = only_row();
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(world.variables, &count);
    assert_int_equal(row->municipality, 219);
    assert_int_equal(row->year, 2010);
    assert_string_equal(all[row->variable].id, "folkemengde");
    assert_true(row->value == 111213.0);
    assert_int_equal(row->status, KF_CELL_VALUE);
    assert_int_equal(row->line, 2);
}

static void the_source_is_digested(void **state)
{
    (void)state;
    const char *text = HEADER "0219,2010,folkemengde,111213,\n";
    char expected[KF_DIGEST_SIZE];
    assert_int_equal(read_text(text), KF_OK);
    kf_digest_of(text, strlen(text), expected);
    assert_string_equal(world.source.digest, expected);
    assert_int_equal(world.source.bytes, strlen(text));
}

static void columns_may_stand_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(read_text("status,value,variable,municipality,year\n"
                               ",111213,folkemengde,0219,2010\n"),
                     KF_OK);
    assert_int_equal(only_row()->municipality, 219);
    assert_true(only_row()->value == 111213.0);
}

static void byte_order_mark_carriage_returns_and_quotes_are_fine(void **state)
{
    (void)state;
    assert_int_equal(read_text("\xef\xbb\xbfmunicipality,year,\"variable\",value,status\r\n"
                               "\"0219\",2010,\"folkemengde\",111213,\"\"\r\n"),
                     KF_OK);
    assert_int_equal(only_row()->municipality, 219);
}

static void the_last_line_may_lack_its_end_and_blank_lines_are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "\n0219,2010,folkemengde,1,\n\n0301,2010,folkemengde,2,"),
                     KF_OK);
    expect_rows(2);
}

static void marks_say_why_there_is_no_value(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,areal,,.\n0301,2010,areal,,..\n"
                                      "1103,2010,areal,,:\n"),
                     KF_OK);
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].status, KF_CELL_NOT_APPLICABLE);
    assert_int_equal(rows[1].status, KF_CELL_MISSING);
    assert_int_equal(rows[2].status, KF_CELL_CONFIDENTIAL);
    assert_true(rows[0].value == 0);
}

static void a_reported_zero_is_a_value(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,areal,0,\n"), KF_OK);
    assert_int_equal(only_row()->status, KF_CELL_VALUE);
}

static void the_country_has_its_own_code(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "EAK,2010,folkemengde,4858199,\n"), KF_OK);
    assert_int_equal(only_row()->municipality, KF_OBSERVATION_COUNTRY);
}

static void a_code_of_another_year_is_for_the_edition_to_judge(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "3024,2010,folkemengde,111213,\n"), KF_OK);
    expect_rows(1);
}

static void binary_noise_of_an_exporter_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,areal,0.30000000000000004,\n"), KF_OK);
    assert_true(only_row()->value == 0.3);
}

static void several_files_go_into_one_table(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,folkemengde,1,\n"), KF_OK);
    world.options.name = "second.csv";
    assert_int_equal(read_text(HEADER "0301,2010,folkemengde,2,\n"), KF_OK);
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, 2);
    assert_string_equal(kf_observations_file(world.table, rows[0].file), "in.csv");
    assert_string_equal(kf_observations_file(world.table, rows[1].file), "second.csv");
}

static void a_star_beside_a_figure_says_that_it_is_preliminary(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0219,2010,areal,98.5,*\n"), KF_OK);
    assert_int_equal(only_row()->status, KF_CELL_PRELIMINARY);
    assert_true(only_row()->value == 98.5);
}

#define NAMED "municipality,year,variable,name,unit,value,status\n"

static void a_form_has_names_for_people_and_units_to_hold_figures_against(void **state)
{
    (void)state;
    assert_int_equal(read_text(NAMED "0219,2010,folkemengde,\"All, also \"\"new\"\"\",persons,"
                                     "111213,\n"),
                     KF_OK);
    assert_true(only_row()->value == 111213.0);
    assert_int_equal(world.source.blank, 0);
}

static void name_and_unit_may_stand_anywhere_and_each_alone(void **state)
{
    (void)state;
    assert_int_equal(read_text("unit,status,value,variable,municipality,year\n"
                               "persons,,1,folkemengde,0219,2010\n,,2,folkemengde,0301,2010\n"),
                     KF_OK);
    assert_int_equal(read_text("status,name,value,variable,municipality,year\n"
                               ",x,3,folkemengde,1103,2010\n"),
                     KF_OK);
    expect_rows(3);
}

static void lines_of_a_form_that_nobody_has_filled_in_are_counted_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(read_text(NAMED "0219,2010,folkemengde,A,persons,,\n"
                                     "0219,2010,areal,B,index,0,\n"
                                     "0219,2010,eksamen,C,index,,..\n"
                                     "0219,2010,sfo,D,index,,\n"),
                     KF_OK);
    expect_rows(2);
    assert_int_equal(world.source.blank, 2);
}

static void a_form_of_blanks_alone_is_sound(void **state)
{
    (void)state;
    assert_int_equal(read_text(NAMED "0219,2010,folkemengde,A,persons,,\n"), KF_OK);
    expect_rows(0);
    assert_int_equal(world.source.blank, 1);
}

/* --- headers ------------------------------------------------------------------------------- */

static void a_missing_column_is_told_with_the_expected_header(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,variable,status\n0219,2010,folkemengde,\n",
                 "in.csv:1:", "column value is missing", "municipality,year,variable,value,status");
}

static void an_unknown_column_is_told_with_the_likely_one(void **state)
{
    (void)state;
    assert_int_equal(read_text("municipality,year,varable,value,status\n"), KF_ERR_DATA);
    assert_non_null(strstr(world.report.bytes, "unknown column varable; did you mean variable?"));
    assert_non_null(strstr(world.report.bytes, "column variable is missing"));
}

static void a_blank_at_the_end_of_a_column_is_seen(void **state)
{
    (void)state;
    assert_int_equal(read_text("municipality,year,folkemengde \n0301,2010,5\n"), KF_ERR_DATA);
    assert_non_null(strstr(world.report.bytes, "column \"folkemengde \" is no registered"));
}

static void a_column_given_twice_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,variable,value,status,value\n", "column value is there twice");
}

static void a_column_without_a_name_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,variable,value,status,\n",
                 "column 6 of the header has no name");
}

static void bars_are_told_with_how_to_save(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality|year|variable|value|status\n0219|2010|folkemengde|1|\n",
                 "in.csv:1: the columns are separated by bars", "by commas or semicolons",
                 "LibreOffice: Save as");
}

static void norwegian_names_of_columns_are_one_finding(void **state)
{
    (void)state;
    EXPECT_FAULT("kommune,\xc3\xa5r,variabel,verdi,status\n0219,2010,folkemengde,1,\n",
                 "in.csv:1: columns have English names, only variables Norwegian ones, and here is "
                 "\"kommune\"",
                 "the header is " KF_OBSERVATION_CSV_HEADER);
    forget();
    EXPECT_FAULT("municipality,year,net_wage_cost_kr,alder\n", "here is \"alder\"",
                 "the header is " KF_USER_CSV_HEADER);
}

static void names_of_columns_may_have_capitals(void **state)
{
    (void)state;
    assert_int_equal(read_text("Municipality,YEAR,Variable,Value,Status\n"
                               "0219,2010,folkemengde,1,\n"),
                     KF_OK);
    assert_int_equal(read_text("Municipality,Year,folkemengde\n0301,2010,1\n"), KF_OK);
    assert_int_equal(read_text("MUNICIPALITY,YEAR,NET_WAGE_COST_KR,Age\n0301,2010,1,\n"), KF_OK);
    expect_rows(3);
    assert_int_equal(read_text("Municipality,Year,Account,Function,Art,Amount\n"
                               "0301,2015,D,222,380,1965465\n"),
                     KF_OK);
    EXPECT_FAULT("Municipality,year,variable,value,status,Year\n", "column year is there twice");
}

static void comments_in_a_form_are_not_read(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("municipality,year,variable,name,unit,value,status,comment,Kommentar\n"
                  "0219,2010,folkemengde,A,persons,1,,\"yes, sure\",x\n"),
        KF_OK);
    expect_rows(1);
    EXPECT_FAULT("municipality,year,variable,value,status,comment\n", "unknown column comment");
}

static void an_empty_file_and_a_header_alone_are_told(void **state)
{
    (void)state;
    EXPECT_FAULT("", "the file is empty");
    forget();
    EXPECT_FAULT(HEADER, "in.csv:1:", "a header and no rows");
}

/* --- rows ---------------------------------------------------------------------------------- */

static void a_wrong_number_of_fields_is_told_with_the_line(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0219,2010,folkemengde,1\n", "in.csv:2:", "the line has 4 fields");
    forget();
    EXPECT_FAULT(HEADER "0219,2010,areal,1,5,\n", "in.csv:2:", "the line has 6 fields",
                 "decimal comma");
}

static void a_code_without_its_leading_zero_is_told_so(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "219,2010,folkemengde,1,\n", "in.csv:2:", "\"219\"", "0219?",
                 "leading zeros");
}

static void a_code_that_never_was_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0199,2010,folkemengde,1,\n", "0199 folkemengde",
                 "no municipality has ever");
}

static void regions_are_told_apart_from_municipalities(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "EAKUO,2010,folkemengde,1,\n", "not a municipality");
    forget();
    EXPECT_FAULT(HEADER "EKG13,2010,folkemengde,1,\n", "KOSTRA group");
    forget();
    EXPECT_FAULT(HEADER "Oslo,2010,folkemengde,1,\n", "no municipality code");
}

static void a_year_out_of_range_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301,20100,folkemengde,1,\n", "\"20100\"", "1900–2100");
    forget();
    EXPECT_FAULT(HEADER "0301,to tusen,folkemengde,1,\n", "this is no year");
}

static void an_unknown_variable_is_told_with_the_likely_one(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301,2010,folkemenge,1,\n", "0301 folkemenge",
                 "did you mean folkemengde?");
}

struct wrong_value {
    const char *cell;
    const char *told;
};

static void values_that_are_no_numbers_are_told_with_their_remedy(void **state)
{
    (void)state;
    static const struct wrong_value cases[] = {
        {"\"1,5\"", "use a point: 1.5"},
        {"\"4,917\"", "write 4917 or 4.917, whichever is meant"},
        {"\"1,234,567\"", "commas in a number are not read; write 1234567"},
        {"4917 kr", "letters or signs stand beside it; write 4917 alone"},
        {"ca 4917", "letters or signs stand beside it; write 4917 alone"},
        {"586 860", "spaces in a number are not read; write 586860"},
        {"586\xc2\xa0"
         "860",
         "spaces in a number"},
        {"NaN", "are no figures"},
        {"nan", "are no figures"},
        {"inf", "are no figures"},
        {"-Infinity", "are no figures"},
        {"12abc", "this is no number"},
        {"+5", "this is no number"},
        {"1e999", "this is no number"},
        {"0x10", "this is no number"},
        {"..", "this mark is a status"},
        {"*", "this mark is a status"},
        {"12.5*", "write the figure alone and put * in status"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, HEADER "0301,2010,areal,%s,\n", cases[i].cell);
        EXPECT_FAULT(text, "in.csv:2: 0301 areal", cases[i].told);
        forget();
    }
    expect_rows(0);
}

static void value_and_status_must_fit_each_other(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301,2010,areal,,\n", "value and status are both empty");
    forget();
    EXPECT_FAULT(HEADER "0301,2010,areal,5,..\n", "\"5\"", "says there is none");
    forget();
    EXPECT_FAULT(HEADER "0301,2010,areal,,?\n", "\"?\"", "unknown status");
    forget();
    EXPECT_FAULT(HEADER "0301,2010,areal,,-\n", "not been in use since 2021");
}

static void a_star_without_a_figure_is_told_with_its_remedy(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301,2010,areal,,*\n", "in.csv:2: 0301 areal \"*\"",
                 "`*` says that a figure is preliminary, and there is none", "give the figure");
    forget();
    EXPECT_FAULT(NAMED "0301,2010,areal,A,index,,*\n", "and there is none");
    expect_rows(0);
}

static void a_unit_that_is_not_the_registers_is_told_with_it(void **state)
{
    (void)state;
    EXPECT_FAULT(NAMED "0301,2010,folkemengde,A,1000 persons,586,\n",
                 "in.csv:2: 0301 folkemengde \"1000 persons\"",
                 "the unit of folkemengde is persons",
                 "write persons, as the register has it, or convert");
    forget();
    EXPECT_FAULT(NAMED "0301,2010,folkemengde,A,Persons,,..\n",
                 "the unit of folkemengde is persons");
    expect_rows(0);
}

static void a_norwegian_word_for_the_unit_needs_no_conversion(void **state)
{
    (void)state;
    EXPECT_FAULT(NAMED "0138,2017,sio_mengde_ol,A,timer,5,\n",
                 "\"timer\": the unit of sio_mengde_ol is hours",
                 "write hours: units have the register's words in Norwegian forms, too");
    forget();
    EXPECT_FAULT(NAMED "0138,2017,sio_mengde_ol,A,d\xc3\xb8gn,5,\n", "or convert the figure to it");
    forget();
    EXPECT_FAULT(NAMED "0138,2017,sio_netto_bpa,A,Tusen kroner,5,\n", "write 1000 kr: units");
}

static void without_names_a_row_without_figure_and_mark_stays_a_fault(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,variable,unit,value,status\n0301,2010,folkemengde,persons,,\n",
                 "value and status are both empty");
}

static void a_name_with_a_comma_that_is_not_quoted_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT(NAMED "0301,2010,folkemengde,All, also new,persons,5,\n",
                 "the line has 8 fields, the header 7", "a name with a comma needs quotes");
}

static void a_value_outside_its_bounds_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0219,2010,folkemengde,-111213,\n", "0219 folkemengde \"-111213\"",
                 "below 0", "check sign");
    forget();
    EXPECT_FAULT(HEADER "0219,2010,folkemengde,1e9,\n", "above 10000000");
}

static void all_faults_of_a_row_are_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "12,1,no_such_variable_at_all,x,\n"), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(&world.findings), 4);
}

static void sound_rows_between_faults_are_still_taken(void **state)
{
    (void)state;
    assert_int_equal(
        read_text(HEADER "0301,2010,areal,1,\n0301,2010,areal,x,\n1103,2010,areal,2,\n"),
        KF_ERR_DATA);
    expect_rows(2);
}

static void open_quotes_are_told(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "\"0301,2010,areal,1,\n", "in.csv:2:", "a quote is not closed");
}

static void faults_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_text_add(&text, HEADER);
    for (int i = 0; i < 250; i++) {
        kf_text_add(&text, "0301,2010,areal,x,\n0301,2010,arel,1,\n");
    }
    assert_int_equal(read_text(text.bytes), KF_ERR_DATA);
    assert_int_equal(world.findings.length, KF_FINDINGS_MAX);
    assert_int_equal(kf_findings_count(&world.findings), 500);
    assert_non_null(strstr(world.report.bytes, "and 400 more"));
    kf_text_clear(&text);
}

/* --- foreign and huge files ---------------------------------------------------------------- */

static void latin_1_is_told_once_with_the_count_of_further_lines(void **state)
{
    (void)state;
    EXPECT_FAULT(HEADER "0301,2010,l\xe6ringsmilj\xf8,98.4,\n0301,2010,areal,1,\n",
                 "in.csv:2:", "not UTF-8;", "Latin-1");
    expect_rows(1);
    forget();
    EXPECT_FAULT(HEADER "0301,2010,areal,1,\n0301,2010,l\xe6,98.4,\n1103,2010,areal,1,\n"
                        "0301,2010,l\xe6,98.4,\n0301,2010,l\xe6,98.4,\n",
                 "in.csv:3:", "not UTF-8, nor are 2 further lines");
    forget();
    EXPECT_FAULT(HEADER "0301,2010,l\xe6,98.4,\n", "in.csv:2:", "the line is not UTF-8;");
}

static void utf_16_and_binary_files_stop_at_once(void **state)
{
    (void)state;
    static const char utf16[] = "\xff\xfem\0u\0n\0i\0,\0\n\0x\0\n\0";
    assert_int_equal(read_bytes(utf16, sizeof utf16 - 1), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(&world.findings), 1);
    assert_non_null(strstr(world.report.bytes, "UTF-16"));
    forget();
    char binary[5000];
    for (size_t i = 0; i < sizeof binary; i++) {
        binary[i] = (char)(i * 37 % 256);
    }
    assert_int_equal(read_bytes(binary, sizeof binary), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(&world.findings), 1);
    assert_non_null(strstr(world.report.bytes, "not text"));
}

static void a_line_too_long_is_told_with_its_number_and_the_limit(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_text_add(&text, HEADER "0301,2010,areal,1,\n");
    for (int i = 0; i < 600000; i++) {
        kf_text_add_char(&text, '1');
    }
    EXPECT_FAULT(text.bytes, "in.csv:3:", "line 3", "524288");
    kf_text_clear(&text);
}

static void a_file_too_large_is_told(void **state)
{
    (void)state;
    world.options.file_bytes_max = 64;
    EXPECT_FAULT(HEADER "0301,2010,areal,1,\n1103,2010,areal,1,\n", "64 bytes");
}

static void rows_beyond_the_limit_are_told(void **state)
{
    (void)state;
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 2);
    EXPECT_FAULT(HEADER "0301,2010,areal,1,\n1103,2010,areal,1,\n0219,2010,areal,1,\n"
                        "0602,2010,areal,1,\n",
                 "in.csv:4:");
}

static void what_is_no_file_is_an_error_and_not_a_crash(void **state)
{
    (void)state;
    scratch_folder(&world.scratch, "folder");
    assert_int_equal(kf_observation_csv_read(scratch_path(&world.scratch, "none"), &world.options,
                                             world.table, &world.source, &world.findings,
                                             &world.err),
                     KF_ERR_IO);
    assert_int_equal(kf_observation_csv_read(scratch_path(&world.scratch, "folder"), &world.options,
                                             world.table, &world.source, &world.findings,
                                             &world.err),
                     KF_ERR_DATA);
    assert_int_equal(world.source.bytes, 0);
}

static void every_broken_sample_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"missing_column",   "unknown_municipality",
                                        "unknown_variable", "negative_population",
                                        "not_a_number",     "unknown_status",
                                        "wrong_year",       "empty",
                                        "not_utf8",         "ragged_row"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/data/broken/%s.csv", names[i]);
        enum kf_err code = kf_observation_csv_read(path, &world.options, world.table, &world.source,
                                                   &world.findings, &world.err);
        assert_int_equal(code, KF_ERR_DATA);
    }
}

static void the_sample_of_2010_is_sound(void **state)
{
    (void)state;
    const char *path = KF_SOURCE_DIR "/data/asss-2010/asss-2010.csv";
    enum kf_err code = kf_observation_csv_read(path, &world.options, world.table, &world.source,
                                               &world.findings, &world.err);
    kf_findings_print(&world.findings, &world.report);
    assert_string_equal(world.report.bytes, "");
    assert_int_equal(code, KF_OK);
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    expect_failing_allocations(HEADER "0219,2010,folkemengde,111213,\n0219,2010,x,\"a\"\"b\",\n", 3,
                               2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_is_read_with_its_line),
        TEST(the_source_is_digested),
        TEST(columns_may_stand_in_any_order),
        TEST(byte_order_mark_carriage_returns_and_quotes_are_fine),
        TEST(the_last_line_may_lack_its_end_and_blank_lines_are_passed_over),
        TEST(marks_say_why_there_is_no_value),
        TEST(a_reported_zero_is_a_value),
        TEST(a_star_beside_a_figure_says_that_it_is_preliminary),
        TEST(a_form_has_names_for_people_and_units_to_hold_figures_against),
        TEST(name_and_unit_may_stand_anywhere_and_each_alone),
        TEST(lines_of_a_form_that_nobody_has_filled_in_are_counted_and_nothing_else),
        TEST(a_form_of_blanks_alone_is_sound),
        TEST(a_star_without_a_figure_is_told_with_its_remedy),
        TEST(a_unit_that_is_not_the_registers_is_told_with_it),
        TEST(a_norwegian_word_for_the_unit_needs_no_conversion),
        TEST(without_names_a_row_without_figure_and_mark_stays_a_fault),
        TEST(a_name_with_a_comma_that_is_not_quoted_is_told),
        TEST(the_country_has_its_own_code),
        TEST(a_code_of_another_year_is_for_the_edition_to_judge),
        TEST(binary_noise_of_an_exporter_is_dropped),
        TEST(several_files_go_into_one_table),
        TEST(a_missing_column_is_told_with_the_expected_header),
        TEST(an_unknown_column_is_told_with_the_likely_one),
        TEST(a_blank_at_the_end_of_a_column_is_seen),
        TEST(a_column_given_twice_is_told),
        TEST(a_column_without_a_name_is_told),
        TEST(bars_are_told_with_how_to_save),
        TEST(norwegian_names_of_columns_are_one_finding),
        TEST(names_of_columns_may_have_capitals),
        TEST(comments_in_a_form_are_not_read),
        TEST(an_empty_file_and_a_header_alone_are_told),
        TEST(a_wrong_number_of_fields_is_told_with_the_line),
        TEST(a_code_without_its_leading_zero_is_told_so),
        TEST(a_code_that_never_was_is_told),
        TEST(regions_are_told_apart_from_municipalities),
        TEST(a_year_out_of_range_is_told),
        TEST(an_unknown_variable_is_told_with_the_likely_one),
        TEST(values_that_are_no_numbers_are_told_with_their_remedy),
        TEST(value_and_status_must_fit_each_other),
        TEST(a_value_outside_its_bounds_is_told),
        TEST(all_faults_of_a_row_are_told_at_once),
        TEST(sound_rows_between_faults_are_still_taken),
        TEST(open_quotes_are_told),
        TEST(faults_beyond_the_limit_are_counted),
        TEST(latin_1_is_told_once_with_the_count_of_further_lines),
        TEST(utf_16_and_binary_files_stop_at_once),
        TEST(a_line_too_long_is_told_with_its_number_and_the_limit),
        TEST(a_file_too_large_is_told),
        TEST(rows_beyond_the_limit_are_told),
        TEST(what_is_no_file_is_an_error_and_not_a_crash),
        TEST(every_broken_sample_is_refused),
        TEST(the_sample_of_2010_is_sound),
        TEST(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}

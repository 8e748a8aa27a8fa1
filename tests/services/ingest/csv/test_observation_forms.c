/* The forms of observation files: which one a header is, and the wide one. */
#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "services/ingest/csv/observation_file.h"

#define WIDE "municipality,year,folkemengde,areal\n"

static const struct kf_observation *rows_of(size_t expected)
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, expected);
    return rows;
}

static const char *variable_of(const struct kf_observation *row)
{
    size_t count = 0;
    return kf_variables_all(world.variables, &count)[row->variable].id;
}

/* --- sound files --------------------------------------------------------------------------- */

static void a_row_gives_an_observation_for_each_column(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "0219,2010,111213,98.5\nEAK,2011,4920305,100\n"), KF_OK);
    const struct kf_observation *rows = rows_of(4);
    assert_int_equal(rows[0].municipality, 219);
    assert_int_equal(rows[0].year, 2010);
    assert_string_equal(variable_of(&rows[0]), "folkemengde");
    assert_true(rows[0].value == 111213);
    assert_int_equal(rows[0].line, 2);
    assert_string_equal(variable_of(&rows[1]), "areal");
    assert_true(rows[1].value == 98.5);
    assert_int_equal(rows[2].municipality, KF_OBSERVATION_COUNTRY);
    assert_int_equal(rows[3].year, 2011);
    assert_int_equal(rows[3].line, 3);
    assert_true(rows[3].value == 100);
}

static void columns_of_the_wide_form_may_stand_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(read_text("areal,year,folkemengde,municipality\n98.5,2010,111213,0219\n"),
                     KF_OK);
    const struct kf_observation *rows = rows_of(2);
    assert_int_equal(rows[0].municipality, 219);
    assert_int_equal(rows[1].year, 2010);
    assert_string_equal(variable_of(&rows[0]), "areal");
    assert_true(rows[0].value == 98.5);
    assert_true(rows[1].value == 111213);
}

static void an_empty_cell_is_no_observation_and_a_zero_is_one(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "0219,2010,,0\n0301,2010,,\n"), KF_OK);
    assert_string_equal(variable_of(only_row()), "areal");
    assert_true(only_row()->value == 0);
    assert_int_equal(only_row()->status, KF_CELL_VALUE);
}

static void marks_stand_in_place_of_figures(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "0219,2010,.,..\n0301,2010,:,5\n"), KF_OK);
    const struct kf_observation *rows = rows_of(4);
    assert_int_equal(rows[0].status, KF_CELL_NOT_APPLICABLE);
    assert_int_equal(rows[1].status, KF_CELL_MISSING);
    assert_int_equal(rows[2].status, KF_CELL_CONFIDENTIAL);
    assert_int_equal(rows[3].status, KF_CELL_VALUE);
    assert_true(rows[1].value == 0 && rows[3].value == 5);
}

static void a_star_behind_a_figure_says_that_it_is_preliminary(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "0219,2010,111213,12.5*\n0301,2010,7*,0\n"), KF_OK);
    const struct kf_observation *rows = rows_of(4);
    assert_int_equal(rows[0].status, KF_CELL_VALUE);
    assert_int_equal(rows[1].status, KF_CELL_PRELIMINARY);
    assert_true(rows[1].value == 12.5);
    assert_int_equal(rows[2].status, KF_CELL_PRELIMINARY);
    assert_true(rows[2].value == 7);
    assert_int_equal(rows[3].status, KF_CELL_VALUE);
}

static void figures_of_both_forms_are_the_same_bytes(void **state)
{
    (void)state;
    static const char *const figures[] = {"0",    "7",        "123456789012345",    "0.1",
                                          "1e-7", "98.50000", "0.30000000000000004"};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "municipality,year,areal\n0219,2010,%s\n", figures[i]);
        assert_int_equal(read_text(text), KF_OK);
        (void)snprintf(text, sizeof text,
                       "municipality,year,variable,value,status\n0219,2010,areal,%s,\n",
                       figures[i]);
        assert_int_equal(read_text(text), KF_OK);
        const struct kf_observation *rows = rows_of(2 * (i + 1));
        assert_memory_equal(&rows[2 * i].value, &rows[2 * i + 1].value, sizeof rows->value);
    }
}

static void quotes_marks_and_carriage_returns_are_fine_in_the_wide_form(void **state)
{
    (void)state;
    assert_int_equal(read_text("\xef\xbb\xbfmunicipality,\"year\",folkemengde,areal\r\n"
                               "\"0219\",2010,\"111213\",\"\"\r\n\r\n"),
                     KF_OK);
    assert_true(only_row()->value == 111213);
}

/* --- headers ------------------------------------------------------------------------------- */

static void a_column_that_is_no_variable_is_told_with_the_likely_one(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,folkemenge\n0219,2010,1\n", "in.csv:1:", "folkemenge",
                 "did you mean folkemengde?", "variables.yaml");
    forget();
    EXPECT_FAULT("municipality,yaer,folkemengde,year\n", "yaer", "did you mean year?");
    forget();
    EXPECT_FAULT("municipality,year,folkemengde,\n", "column 4 of the header has no name");
    expect_rows(0);
}

static void a_column_given_twice_is_told_once(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,areal,folkemengde,areal,areal\n0219,2010,1,2,3,4\n",
                 "column areal is there twice");
    forget();
    EXPECT_FAULT("municipality,year,areal,year\n", "column year is there twice");
}

static void a_wide_header_needs_its_place_and_a_variable(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,areal\n0219,1\n", "column year is missing",
                 KF_OBSERVATION_WIDE_HEADER);
    forget();
    EXPECT_FAULT("areal,year\n1,2010\n", "column municipality is missing");
    forget();
    EXPECT_FAULT("municipality,year\n0219,2010\n", "no column of a variable");
}

static void a_header_of_no_form_is_told_with_both(void **state)
{
    (void)state;
    EXPECT_FAULT("kommunenummer,aar,a0,a1\n0301,2005,1,2\n", "in.csv:1:", "kommunenummer",
                 KF_OBSERVATION_CSV_HEADER, KF_OBSERVATION_WIDE_HEADER);
    forget();
    EXPECT_FAULT("0219,2010,1\n", "is of no form", KF_OBSERVATION_WIDE_HEADER);
}

/* A header of `columns` times the same variable. */
static enum kf_err read_columns(size_t columns)
{
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_text_add(&text, "municipality,year");
    for (size_t i = 0; i < columns; i++) {
        kf_text_add(&text, ",areal");
    }
    kf_text_add(&text, "\n");
    enum kf_err code = read_text(text.bytes);
    kf_text_clear(&text);
    return code;
}

static void more_columns_than_the_limit_are_told(void **state)
{
    (void)state;
    assert_int_equal(read_columns(KF_WIDE_VARIABLES_MAX), KF_ERR_DATA);
    assert_non_null(strstr(world.report.bytes, "there twice"));
    forget();
    assert_int_equal(read_columns(KF_WIDE_VARIABLES_MAX + 1), KF_ERR_DATA);
    assert_non_null(strstr(world.report.bytes, "the header has 4099 columns, more than 4098"));
    assert_int_equal(kf_findings_count(&world.findings), 1);
}

/* --- rows ---------------------------------------------------------------------------------- */

static void a_row_of_another_width_is_told_with_both(void **state)
{
    (void)state;
    EXPECT_FAULT(WIDE "0219,2010,1\n", "in.csv:2:", "the line has 3 fields, the header 4");
    forget();
    EXPECT_FAULT(WIDE "0219,2010,1,98,5\n", "in.csv:2:", "the line has 5 fields", "decimal comma");
}

struct wrong_cell {
    const char *cell;
    const char *told;
};

static void cells_that_are_no_figures_are_told_with_place_variable_and_remedy(void **state)
{
    (void)state;
    static const struct wrong_cell cases[] = {
        {"\"98,5\"", "use a point"},
        {"98 5", "spaces in a number"},
        {"NaN", "are no figures"},
        {"x", "this is no number"},
        {"-1", "below 0"},
        {"...", "not been in use since 2021"},
        {"-", "not been in use"},
        {"?", "this is no number"},
        {"*", "and there is none"},
        {"..*", "and there is none"},
        {"12.5**", "this is no number"},
        {"-1*", "below 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, WIDE "0219,2010,1,2\n0301,2010,3,%s\n", cases[i].cell);
        EXPECT_FAULT(text, "in.csv:3: 0301 areal", cases[i].told);
        forget();
    }
}

static void a_fault_of_the_place_is_told_once_and_the_cells_are_checked_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "219,20100,x,5\n0301,2010,1,2\n"), KF_ERR_DATA);
    assert_non_null(strstr(world.report.bytes, "in.csv:2: 219 \"219\": a municipality has four"));
    assert_non_null(strstr(world.report.bytes, "in.csv:2: 219 \"20100\": the year is not in"));
    assert_non_null(strstr(world.report.bytes, "in.csv:2: 219 folkemengde \"x\": this is no"));
    assert_int_equal(kf_findings_count(&world.findings), 3);
    expect_rows(2);
}

static void a_cell_given_in_both_forms_is_told_with_both_lines(void **state)
{
    (void)state;
    assert_int_equal(read_text(WIDE "0219,2010,111213,1\n"), KF_OK);
    assert_int_equal(
        read_text("municipality,year,variable,value,status\n0219,2010,folkemengde,111213,\n"),
        KF_OK);
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &world.err), KF_ERR_DATA);
    kf_findings_print(&world.findings, &world.report);
    assert_non_null(strstr(world.report.bytes, "in.csv:2: 0219 folkemengde \"111213\""));
}

static void rows_beyond_the_limit_end_the_wide_form(void **state)
{
    (void)state;
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 3);
    EXPECT_FAULT(WIDE "0219,2010,1,2\n0301,2010,3,4\n1103,2010,5,6\n", "in.csv:3:", "more than 3");
}

static void every_failing_allocation_of_the_wide_form_is_an_error(void **state)
{
    (void)state;
    expect_failing_allocations(WIDE "0219,2010,111213,x\n0301,2010,1,\n", 5, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_gives_an_observation_for_each_column),
        TEST(columns_of_the_wide_form_may_stand_in_any_order),
        TEST(an_empty_cell_is_no_observation_and_a_zero_is_one),
        TEST(marks_stand_in_place_of_figures),
        TEST(a_star_behind_a_figure_says_that_it_is_preliminary),
        TEST(figures_of_both_forms_are_the_same_bytes),
        TEST(quotes_marks_and_carriage_returns_are_fine_in_the_wide_form),
        TEST(a_column_that_is_no_variable_is_told_with_the_likely_one),
        TEST(a_column_given_twice_is_told_once),
        TEST(a_wide_header_needs_its_place_and_a_variable),
        TEST(a_header_of_no_form_is_told_with_both),
        TEST(more_columns_than_the_limit_are_told),
        TEST(a_row_of_another_width_is_told_with_both),
        TEST(cells_that_are_no_figures_are_told_with_place_variable_and_remedy),
        TEST(a_fault_of_the_place_is_told_once_and_the_cells_are_checked_all_the_same),
        TEST(a_cell_given_in_both_forms_is_told_with_both_lines),
        TEST(rows_beyond_the_limit_end_the_wide_form),
        TEST(every_failing_allocation_of_the_wide_form_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}

/* Users of resource-intensive services: a row a person, without names. */
#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "services/ingest/csv/observation_file.h"

#define HEADER "municipality,year,net_wage_cost_kr,age\n"

/* The observation of a variable, or NULL. */
static const struct kf_observation *row_of(unsigned municipality, int year, const char *variable)
{
    size_t count = 0;
    size_t variables = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    const struct kf_variable *all = kf_variables_all(world.variables, &variables);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].municipality == municipality && rows[i].year == year &&
            strcmp(all[rows[i].variable].id, variable) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static void expect(unsigned municipality, int year, const char *variable, double value)
{
    const struct kf_observation *row = row_of(municipality, year, variable);
    assert_non_null(row);
    assert_true(row->value == value);
}

/* --- sound files --------------------------------------------------------------------------- */

static void rows_are_numbered_within_municipality_and_year(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0138,2017,2345678,34\n0926,2017,1500000,61\n"
                                      "0138,2016,900000.5,\n0138,2017,1410000,66\n"),
                     KF_OK);
    expect_rows(7);
    expect(138, 2017, "ressurskrevende_kostnad_1", 2345678);
    expect(138, 2017, "ressurskrevende_alder_1", 34);
    expect(138, 2017, "ressurskrevende_kostnad_2", 1410000);
    expect(138, 2017, "ressurskrevende_alder_2", 66);
    expect(926, 2017, "ressurskrevende_kostnad_1", 1500000);
    expect(926, 2017, "ressurskrevende_alder_1", 61);
    expect(138, 2016, "ressurskrevende_kostnad_1", 900000.5);
    assert_null(row_of(138, 2016, "ressurskrevende_alder_1"));
    assert_int_equal(row_of(138, 2017, "ressurskrevende_kostnad_2")->line, 5);
}

static void ages_may_be_left_out_with_their_column(void **state)
{
    (void)state;
    assert_int_equal(read_text("net_wage_cost_kr,year,municipality\n0,2017,0138\n"), KF_OK);
    assert_string_equal(kf_variables_all(world.variables, &(size_t){0})[only_row()->variable].id,
                        "ressurskrevende_kostnad_1");
    assert_true(only_row()->value == 0);
}

static void an_uncertain_cost_is_preliminary(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0138,2017,1410000*,34\n"), KF_OK);
    assert_int_equal(row_of(138, 2017, "ressurskrevende_kostnad_1")->status, KF_CELL_PRELIMINARY);
    expect(138, 2017, "ressurskrevende_kostnad_1", 1410000);
}

static void as_many_users_as_the_register_has_variables_for_are_read(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_text_add(&text, HEADER);
    for (int i = 1; i <= 600; i++) {
        kf_text_add_format(&text, "0138,2017,%d,\n", i);
    }
    assert_int_equal(read_text(text.bytes), KF_OK);
    expect(138, 2017, "ressurskrevende_kostnad_600", 600);
    kf_text_clear(&text);
}

/* --- faults -------------------------------------------------------------------------------- */

static void one_user_too_many_is_told_once_with_the_line(void **state)
{
    (void)state;
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 5000);
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_text_add(&text, HEADER);
    for (int i = 1; i <= 604; i++) {
        kf_text_add_format(&text, "0138,2017,%d,40\n", i);
    }
    EXPECT_FAULT(text.bytes, "in.csv:602: 0138 net_wage_cost_kr \"601\"",
                 "more users than the register has variables for", "give the aggregates");
    kf_text_clear(&text);
}

struct wrong_row {
    const char *row;
    const char *place;
    const char *told;
};

static void rows_at_fault_are_told_with_line_and_cell(void **state)
{
    (void)state;
    static const struct wrong_row cases[] = {
        {"0138,2017,-5,30", "in.csv:3: 0138 net_wage_cost_kr \"-5\"", "below 0"},
        {"0138,2017,1e6,670", "in.csv:3: 0138 age \"670\"",
         "above 120, the most that age can be; a birth year?"},
        {"0138,2017,1e6,-1", "in.csv:3: 0138 age \"-1\"", "below 0"},
        {"0138,2017,1e6,66.5", "in.csv:3: 0138 age \"66.5\"", "whole years"},
        {"0138,2017,,30", "in.csv:3: 0138 net_wage_cost_kr", "the person has no cost"},
        {"0138,2017,..,30", "in.csv:3: 0138 net_wage_cost_kr", "the person has no cost"},
        {"0138,2017,1 410 000,30", "in.csv:3: 0138", "spaces in a number"},
        {"0138,2017,many,30", "in.csv:3: 0138", "this is no number"},
        {"0138,2017,1410000,5,30", "in.csv:3:", "a decimal comma splits"},
        {"138,2017,1410000,30", "in.csv:3: 138", "0138?"},
        {"0138,17,1410000,30", "in.csv:3: 0138", "the year is not in"},
        {"EAK,2017,1410000,30", "in.csv:3: EAK", "no users of its own"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, HEADER "0138,2017,1,\n%s\n", cases[i].row);
        EXPECT_FAULT(text, cases[i].place, cases[i].told);
        forget();
    }
}

static void what_may_name_a_person_is_not_repeated(void **state)
{
    (void)state;
    static const struct wrong_row cases[] = {
        {"0138,2017,Kari Nordmann,30", "in.csv:3: 0138 net_wage_cost_kr \"…\"", "no number"},
        {"0138,2017,1e6,Kari 34", "in.csv:3: 0138 age \"…\"", "write the number alone"},
        {"0138,2017,1e6,34 \xc3\xa5r", "in.csv:3: 0138 age \"…\"", "letters or signs"},
        {"Kari,2017,1e6,34", "in.csv:3: … \"…\"", "no municipality code"},
        {"0138,Kari,1e6,34", "in.csv:3: 0138 \"…\"", "this is no year"},
        {"0138,2017,01017012345,34", "in.csv:3: 0138 net_wage_cost_kr \"…\"", "above "},
        {"0138,2017,010170 12345,34", "\"…\"", "spaces in a number are not read; write the number"},
        {"0138,2017,1e6,01017012345", "in.csv:3: 0138 age \"…\"", "above 120"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, HEADER "0138,2017,1,\n%s\n", cases[i].row);
        EXPECT_FAULT(text, cases[i].place, cases[i].told);
        assert_null(strstr(world.report.bytes, "Kari"));
        assert_null(strstr(world.report.bytes, "01017012345"));
        forget();
    }
}

static void faults_of_place_cost_and_age_are_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0199,2017,x,670\n"), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(&world.findings), 3);
    expect_rows(0);
}

static void a_column_of_names_is_refused(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,net_wage_cost_kr,age,person\n0138,2017,5,40,x\n",
                 "in.csv:1:", "unknown column person", "no names, no numbers of persons");
}

static void a_header_without_costs_is_told(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,age\n0138,2017,40\n", "column net_wage_cost_kr is missing",
                 KF_USER_CSV_HEADER);
}

static void read_second(const char *text, uint64_t told)
{
    world.options.name = "second.csv";
    assert_int_equal(read_text(text), KF_OK);
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &world.err), KF_ERR_DATA);
    kf_findings_print(&world.findings, &world.report);
    assert_int_equal(kf_findings_count(&world.findings), told);
    assert_null(strstr(world.report.bytes, "keep one of the two rows"));
    assert_non_null(strstr(world.report.bytes, "drop none: put all persons of a municipality and "
                                               "year in one file"));
}

static void
users_in_two_files_are_told_once_a_municipality_and_year_and_none_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0138,2017,5,40\n0138,2017,7,41\n0926,2017,1,1\n"), KF_OK);
    read_second(HEADER "0926,2016,8,\n0926,2017,4,9\n0138,2017,6,44\n0138,2017,9,50\n", 2);
    assert_non_null(strstr(world.report.bytes, "second.csv:4: 0138 ressurskrevende_kostnad_1"));
    assert_non_null(strstr(world.report.bytes, "second.csv:3: 0926 ressurskrevende_kostnad_1"));
    assert_non_null(strstr(world.report.bytes, "line 2 of in.csv"));
}

static void users_beside_a_file_that_numbers_them_itself_are_told_row_by_row(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "0138,2017,5,\n0138,2017,7,41\n"), KF_OK);
    read_second("municipality,year,variable,value,status\n"
                "0138,2017,ressurskrevende_kostnad_2,8,\n",
                1);
}

static void a_register_without_users_is_told(void **state)
{
    (void)state;
    struct kf_variables *few = NULL;
    scratch_write_text(&world.scratch, "variables.yaml",
                       "variables:\n  - {id: folkemengde, unit: persons, minimum: 0,\n"
                       "     name: {nb: a, en: b}}\n");
    assert_int_equal(kf_variables_read(scratch_path(&world.scratch, "variables.yaml"), &few,
                                       &world.findings, &world.err),
                     KF_OK);
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(few, 100);
    EXPECT_FAULT(HEADER "0138,2017,5,40\n", "in.csv:1:", "the register has no variables for users");
    kf_observations_destroy(&world.table);
    kf_variables_destroy(&few);
}

static void every_failing_allocation_of_the_form_is_an_error(void **state)
{
    (void)state;
    expect_failing_allocations(HEADER "0138,2017,1410000,34\n0138,2017,5,670\n", 5, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_numbered_within_municipality_and_year),
        TEST(ages_may_be_left_out_with_their_column),
        TEST(an_uncertain_cost_is_preliminary),
        TEST(as_many_users_as_the_register_has_variables_for_are_read),
        TEST(one_user_too_many_is_told_once_with_the_line),
        TEST(rows_at_fault_are_told_with_line_and_cell),
        TEST(what_may_name_a_person_is_not_repeated),
        TEST(faults_of_place_cost_and_age_are_told_at_once),
        TEST(a_column_of_names_is_refused),
        TEST(a_header_without_costs_is_told),
        TEST(users_in_two_files_are_told_once_a_municipality_and_year_and_none_is_dropped),
        TEST(users_beside_a_file_that_numbers_them_itself_are_told_row_by_row),
        TEST(a_register_without_users_is_told),
        TEST(every_failing_allocation_of_the_form_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}

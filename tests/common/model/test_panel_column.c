/* Which figures stand in a panel's cells when the municipal structure is another than the data's.
 */
#include <string.h>

#include "common/base/memory.h"
#include "structure_fixture.h"

/* Stavanger took Finnøy (1141) and Rennesøy (1142) in 2020 and kept its code; Bærum became 3024;
 * Kristiansand (4204) came of 1001, 1017, 1018. */
static void rows_of_2019(void)
{
    static const unsigned codes[] = {219, 1001, 1017, 1018, 1103, 1141, 1142};
    for (unsigned i = 0; i < 7; i++) {
        structure_row(codes[i], 2019, "folkemengde", 1000 * (i + 1));
        structure_row(codes[i], 2019, "timer", 0.1 * (i + 1));
        structure_row(codes[i], 2019, "barn", 10 * (i + 1));
        structure_row(codes[i], 2019, "andel", 0.125 * (i + 1));
    }
    structure_row(KF_OBSERVATION_COUNTRY, 2019, "barn", 1000);
    structure_edition()->structure_year = 2020;
}

static void amounts_are_summed_over_what_was_merged(void **state)
{
    (void)state;
    rows_of_2019();
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->members_len, 3);
    assert_true(structure_value(panel, "3024", "folkemengde") == 1000);
    assert_true(structure_value(panel, "4204", "folkemengde") == 9000);
    assert_true(structure_value(panel, "1103", "folkemengde") == 18000);
    assert_true(structure_value(panel, "4204", "barn") == 90);
    assert_int_equal(structure_status(panel, "4204", "barn"), KF_CELL_VALUE);
    /* .2 + .3 + .4 and .5 + .6 + .7 as decimals: no binary noise. */
    assert_true(structure_value(panel, "4204", "timer") == 0.9);
    assert_true(structure_value(panel, "1103", "timer") == 1.8);
    /* The country's figure is what it was. */
    assert_true(kf_panel_column(panel, "barn")->country_value == 1000);
    kf_panel_destroy(&panel);
}

static void ratios_are_never_added(void **state)
{
    (void)state;
    rows_of_2019();
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_true(structure_value(panel, "3024", "andel") == 0.125); /* only renamed */
    assert_int_equal(structure_status(panel, "3024", "andel"), KF_CELL_VALUE);
    assert_int_equal(structure_status(panel, "4204", "andel"), KF_CELL_MISSING);
    assert_int_equal(structure_status(panel, "1103", "andel"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_sum_with_a_missing_part_is_missing(void **state)
{
    (void)state;
    structure_edition()->structure_year = 2020;
    structure_row(219, 2019, "timer", 7);
    structure_row(219, 2019, "folkemengde", 7);
    structure_row(1001, 2019, "folkemengde", 1);
    structure_row(1017, 2019, "folkemengde", 2);
    structure_row(1018, 2019, "folkemengde", 3);
    structure_row(1001, 2019, "timer", 1);
    structure_row(1018, 2019, "timer", 3); /* 1017 has no row */
    structure_row(1001, 2019, "barn", 1);
    structure_row_status(1017, 2019, "barn", 0, KF_CELL_CONFIDENTIAL);
    structure_row(1018, 2019, "barn", 3);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(structure_status(panel, "4204", "timer"), KF_CELL_MISSING);
    assert_true(structure_value(panel, "4204", "timer") == 0);
    assert_int_equal(structure_status(panel, "4204", "barn"), KF_CELL_CONFIDENTIAL);
    assert_true(structure_value(panel, "4204", "folkemengde") == 6);
    kf_panel_destroy(&panel);
}

static void a_member_is_told_which_part_has_no_population(void **state)
{
    (void)state;
    structure_edition()->structure_year = KF_STRUCTURE_TODAY;
    structure_row(1102, 2017, "folkemengde", 75497); /* Sandnes, with Forsand (1129) since 2020 */
    structure_row(1102, 2017, "timer", 1);
    assert_null(structure_build(2017, KF_ERR_DATA));
    fixture_told("1129 folkemengde: is part of 1108 and has no population", "1 January 2017",
                 "leave it out: except: [\"1108\"] in the group", NULL);
    fixture_found(1);
    static const char *members[] = {"1108"};
    structure_edition()->members = members;
    structure_edition()->members_len = 1;
    assert_null(structure_build(2017, KF_ERR_DATA));
    fixture_told("1129 folkemengde: is part of 1108", "or take 1108 out of the group", NULL);
    fixture_found(1);
}

static void a_reported_zero_is_a_part_and_flags_travel(void **state)
{
    (void)state;
    rows_of_2019();
    structure_row(219, 2019, "lonn", 1);
    struct kf_term wages = {.variable = "lonn", .factor = 1};
    structure_edition()->expenditure.wages = (struct kf_terms){&wages, 1};
    structure_row(1001, 2019, "lonn", 0);
    structure_row_status(1017, 2019, "lonn", 2, KF_CELL_PRELIMINARY);
    structure_row(1018, 2019, "lonn", 3);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_true(structure_value(panel, "4204", "lonn") == 5);
    assert_int_equal(structure_status(panel, "4204", "lonn"), KF_CELL_PRELIMINARY);
    kf_panel_destroy(&panel);
}

static void a_split_multiplies_by_the_weight_and_says_so(void **state)
{
    (void)state;
    structure_edition()->structure_year = KF_STRUCTURE_TODAY;
    structure_row(1507, 2023, "folkemengde", 67000);
    structure_row(1507, 2023, "timer", 1000);
    structure_row(1507, 2023, "andel", 0.5);
    struct kf_panel *panel = structure_build(2023, KF_OK);
    assert_int_equal(panel->members_len, 2);
    assert_true(structure_value(panel, "1508", "timer") == 862.125);
    assert_true(structure_value(panel, "1580", "timer") == 137.875);
    assert_int_equal(structure_status(panel, "1580", "timer"), KF_CELL_INFERRED);
    assert_int_equal(structure_status(panel, "1580", "andel"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_split_that_nobody_knows_is_told(void **state)
{
    (void)state;
    structure_edition()->structure_year = 1977;
    structure_row(601, 1976, "folkemengde", 30000);
    structure_row(601, 1976, "timer", 5);
    assert_null(structure_build(1976, KF_ERR_DATA));
    fixture_told("figures.csv:1: ", "0601", "folkemengde", "nobody knows", "0605", NULL);
    fixture_told("figures.csv:2: ", "0601", "timer", "nobody knows", NULL);
    fixture_found(4); /* once for each of the two municipalities that it became */
}

static void what_is_recut_already_is_taken_as_it_is(void **state)
{
    (void)state;
    structure_edition()->structure_year = 2020;
    structure_row(3024, 2019, "folkemengde", 100);
    structure_row(1103, 2019, "folkemengde", 200); /* lives on: no row is of a code that is gone */
    structure_row(3024, 2019, "andel", 0.25);
    structure_row(1103, 2019, "andel", 0.5);
    structure_row(3024, 2019, "timer", 3);
    structure_row(1103, 2019, "timer", 4); /* on old codes: 1141 says so */
    structure_row(1141, 2019, "timer", 5);
    structure_row(1142, 2019, "timer", 6);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_true(structure_value(panel, "3024", "folkemengde") == 100);
    assert_true(structure_value(panel, "1103", "folkemengde") == 200);
    assert_true(structure_value(panel, "1103", "andel") == 0.5);
    assert_true(structure_value(panel, "3024", "timer") == 3);
    assert_true(structure_value(panel, "1103", "timer") == 15);
    kf_panel_destroy(&panel);
}

static void a_municipality_and_its_parts_are_not_both_taken(void **state)
{
    (void)state;
    rows_of_2019();
    structure_row(4204, 2019, "timer", 1);
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("figures.csv:30: ", "4204", "timer", "so has 1001", NULL);
    fixture_found(1);
}

static void an_older_structure_takes_what_was_renamed_and_refuses_the_rest(void **state)
{
    (void)state;
    static const char *members[] = {"0219", "0301"};
    structure_edition()->structure_year = 2019;
    structure_edition()->members = members;
    structure_edition()->members_len = 2;
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(3024, 2020, "folkemengde", 6);
    structure_row(4204, 2020, "folkemengde", 7); /* nobody's business */
    structure_row(3024, 2020, "andel", 0.25);
    struct kf_panel *panel = structure_build(2020, KF_OK);
    assert_true(structure_value(panel, "0219", "folkemengde") == 6);
    assert_true(structure_value(panel, "0219", "andel") == 0.25);
    kf_panel_destroy(&panel);
    members[1] = "1001";
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("figures.csv:3: ", "4204", "put together", "2019", NULL);
}

static void a_part_outside_its_bounds_is_told_where_it_stands(void **state)
{
    (void)state;
    structure_edition()->structure_year = 2020;
    structure_row(1001, 2019, "folkemengde", 1);
    structure_row(1017, 2019, "folkemengde", -2);
    structure_row(1018, 2019, "folkemengde", 3);
    structure_row(1018, 2019, "timer", 3);
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("figures.csv:2: ", "1017", "\"-2\"", "below 0", NULL);
    fixture_found(1);
}

/* --- the years before ------------------------------------------------------------------------ */

static void the_year_before_has_the_same_members_and_structure(void **state)
{
    (void)state;
    rows_of_2019();
    structure_edition()->structure_year = KF_STRUCTURE_DATA_YEAR;
    structure_edition()->change.computed = true;
    static const unsigned codes[] = {1103, 3024, 4204, 5001};
    for (size_t i = 0; i < 4; i++) {
        structure_row(codes[i], 2020, "folkemengde", 50);
        structure_row(codes[i], 2020, "timer", 1);
    }
    struct kf_panel *panel = structure_build(2020, KF_OK);
    const struct kf_panel *before = panel->previous;
    assert_non_null(before);
    assert_null(before->previous);
    assert_int_equal(before->year, 2019);
    assert_int_equal(before->members_len, 4);
    assert_ptr_equal(before->members, panel->members);
    assert_true(panel->country_municipalities > 0); /* of 2020, also in the panel of 2019 */
    assert_int_equal(panel->country_municipalities,
                     kf_municipalities_count(structure_municipalities(), 2020));
    assert_int_equal(before->country_municipalities, panel->country_municipalities);
    assert_int_not_equal(before->country_municipalities,
                         kf_municipalities_count(structure_municipalities(), 2019));
    assert_true(structure_value(before, "4204", "folkemengde") == 9000);
    assert_true(structure_value(before, "1103", "timer") == 1.8);
    assert_int_equal(structure_status(before, "4204", "andel"), KF_CELL_MISSING);
    /* Trondheim has nothing in 2019: missing cells, no fault. */
    assert_int_equal(structure_status(before, "5001", "folkemengde"), KF_CELL_MISSING);
    assert_null(kf_panel_population(before));
    assert_non_null(kf_panel_population(panel));
    assert_true(kf_panel_column(before, "barn")->country_value == 1000);
    kf_panel_destroy(&panel);
}

static void without_earlier_figures_there_is_no_earlier_panel(void **state)
{
    (void)state;
    structure_edition()->change.computed = true;
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(301, 2020, "timer", 5);
    structure_row(301, 2019, "folkemengde", 5); /* a population is no indicator */
    struct kf_panel *panel = structure_build(2020, KF_OK);
    assert_null(panel->previous);
    kf_panel_destroy(&panel);
}

static void the_rule_latest_looks_back_to_the_earliest_figure(void **state)
{
    (void)state;
    structure_edition()->sectors[0].indicators[0].missing = KF_MISSING_LATEST;
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(301, 2020, "andel", 0.5);
    structure_row(301, 2017, "timer", 7);
    structure_row(301, 2014, "timer", 9); /* further back than the rule looks */
    struct kf_panel *panel = structure_build(2020, KF_OK);
    const struct kf_panel *before = panel;
    for (int year = 2019; year >= 2017; year--) {
        before = before->previous;
        assert_non_null(before);
        assert_int_equal(before->year, year);
        assert_int_equal(structure_status(before, "0301", "timer"),
                         year == 2017 ? KF_CELL_VALUE : KF_CELL_MISSING);
    }
    assert_true(structure_value(before, "0301", "timer") == 7);
    assert_null(before->previous);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    rows_of_2019();
    structure_row(3024, 2020, "folkemengde", 50);
    structure_row(3024, 2020, "timer", 1);
    struct kf_correction correction = {.id = "k", .outcome = "andel"};
    structure_edition()->corrections = &correction;
    structure_edition()->corrections_len = 1;
    structure_edition()->change.computed = true;
    struct kf_panel *panel = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(panel);
        kf_memory_fail_after(n);
        code = structure_try(2020, &panel, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2);
    kf_panel_destroy(&panel);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, structure_reset)
    const struct CMUnitTest tests[] = {
        TEST(amounts_are_summed_over_what_was_merged),
        TEST(ratios_are_never_added),
        TEST(a_sum_with_a_missing_part_is_missing),
        TEST(a_member_is_told_which_part_has_no_population),
        TEST(a_reported_zero_is_a_part_and_flags_travel),
        TEST(a_split_multiplies_by_the_weight_and_says_so),
        TEST(a_split_that_nobody_knows_is_told),
        TEST(what_is_recut_already_is_taken_as_it_is),
        TEST(a_municipality_and_its_parts_are_not_both_taken),
        TEST(an_older_structure_takes_what_was_renamed_and_refuses_the_rest),
        TEST(a_part_outside_its_bounds_is_told_where_it_stands),
        TEST(the_year_before_has_the_same_members_and_structure),
        TEST(without_earlier_figures_there_is_no_earlier_panel),
        TEST(the_rule_latest_looks_back_to_the_earliest_figure),
        TEST(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, structure_open, structure_close);
}

/* Who is in a panel: lists, KOSTRA groups, everybody, and the others that corrections are made on.
 */
#include <string.h>

#include "structure_fixture.h"

static void expect_members(const struct kf_panel *panel, const char *const *codes, size_t count)
{
    assert_int_equal(panel->members_len, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(panel->members[i], codes[i]);
    }
}

/* --- codes that are no municipality ----------------------------------------------------------- */

static void an_outdated_member_is_told_with_its_successor(void **state)
{
    (void)state;
    static const char *members[] = {"0219", "0301"};
    structure_edition()->members = members;
    structure_edition()->members_len = 2;
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(219, 2020, "folkemengde", 6);
    structure_row(219, 2020, "timer", 6);
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("figures.csv:2: ",
                 "0219 Bærum was a municipality until 2019, not in 2020; since then 3024 Bærum",
                 "codes of 2020", NULL);
    fixture_found(1);
}

static void outdated_figures_of_a_member_are_told_with_their_place(void **state)
{
    (void)state;
    static const char *members[] = {"0301", "3024"};
    structure_edition()->members = members;
    structure_edition()->members_len = 2;
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(219, 2020, "timer", 7);
    structure_row(3024, 2020, "folkemengde", 6);
    structure_row(1001, 2020, "timer", 8); /* became nobody who is a member */
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("figures.csv:2: ", "0219", "timer",
                 "was a municipality until 2019, not in 2020; since then 3024 Bærum", NULL);
    fixture_found(1);
}

static void everybody_includes_those_who_are_nobody_yet(void **state)
{
    (void)state;
    structure_row(301, 2019, "folkemengde", 5);
    structure_row(301, 2019, "timer", 5);
    structure_row(4204, 2019, "folkemengde", 6);
    structure_row(4204, 2019, "timer", 6);                                /* told once */
    structure_row_status(3024, 2019, "timer", 0, KF_CELL_NOT_APPLICABLE); /* says nothing */
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("figures.csv:3: ", "4204 Kristiansand is a municipality since 2020, not in 2019",
                 "before that 1001 Kristiansand", NULL);
    fixture_found(1);
}

static void everybody_in_todays_structure_comes_from_every_code(void **state)
{
    (void)state;
    structure_edition()->structure_year = KF_STRUCTURE_TODAY;
    static const unsigned codes[] = {106, 219, 301, 1507, 1534};
    static const char *const expected[] = {"0301", "1580", "3107", "3201"};
    for (size_t i = 0; i < 5; i++) {
        if (codes[i] != 1507) {
            structure_row(codes[i], 2019, "folkemengde", 5);
        }
    }
    structure_row(301, 2019, "timer", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    expect_members(panel, expected, 4);
    kf_panel_destroy(&panel);
    static const char *const listed[] = {"0301", "3201"};
    structure_edition()->members = (const char **)(uintptr_t)listed;
    structure_edition()->members_len = 2;
    panel = structure_build(2019, KF_OK);
    expect_members(panel, listed, 2);
    kf_panel_destroy(&panel);
}

/* --- KOSTRA groups ---------------------------------------------------------------------------- */

static void group(const char **groups, size_t count)
{
    structure_edition()->kostra_groups = groups;
    structure_edition()->kostra_groups_len = count;
}

static void a_kostra_group_gives_the_members(void **state)
{
    (void)state;
    static const char *groups[] = {"14", "15"};
    group(groups, 2);
    /* In 2016 counts the register of 2015. */
    for (int year = 2015; year <= 2017; year++) {
        static const unsigned codes[] = {106, 301, 1103, 1201, 1601};
        for (size_t i = 0; i < 5; i++) {
            structure_row(codes[i], year, "folkemengde", 5);
            structure_row(codes[i], year, "timer", 5);
        }
    }
    static const char *const expected[] = {"0301", "1103", "1201", "1601"};
    for (int year = 2015; year <= 2017; year++) {
        struct kf_panel *panel = structure_build(year, KF_OK);
        expect_members(panel, expected, 4);
        kf_panel_destroy(&panel);
    }
}

static void a_group_follows_its_municipalities_through_renaming(void **state)
{
    (void)state;
    static const char *groups[] = {"15"};
    group(groups, 1);
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(301, 2020, "timer", 5);
    struct kf_panel *panel = structure_build(2020, KF_OK);
    static const char *const oslo[] = {"0301"};
    expect_members(panel, oslo, 1);
    kf_panel_destroy(&panel);
    /* Stavanger grew in 2020 by Finnøy and Rennesøy, which were in other groups. */
    groups[0] = "14";
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("1103", "put together after 2017", "its group is not known", NULL);
    /* Trondheim (5001 of 1601 in 2018) was not put together until 2020, with Klæbu. */
    structure_row(1103, 2018, "folkemengde", 5);
    structure_row(1103, 2018, "timer", 5);
    structure_row(1201, 2018, "folkemengde", 5);
    structure_row(5001, 2018, "folkemengde", 5);
    panel = structure_build(2018, KF_OK);
    static const char *const cities[] = {"1103", "1201", "5001"};
    expect_members(panel, cities, 3);
    kf_panel_destroy(&panel);
}

static void who_is_left_out_is_no_member_of_all_or_of_a_group(void **state)
{
    (void)state;
    static const char *groups[] = {"14"};
    static const char *excluded[] = {"1103", "1201"};
    static const char *const expected[] = {"0106", "0301"};
    static const unsigned codes[] = {106, 301, 1103, 1201};
    structure_edition()->excluded = excluded;
    structure_edition()->excluded_len = 2;
    for (size_t i = 0; i < 4; i++) {
        structure_row(codes[i], 2017, "folkemengde", 5);
        structure_row(codes[i], 2017, "timer", 5);
    }
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, expected, 2);
    kf_panel_destroy(&panel);
    /* Stavanger's group is not known in 2020, which is nothing to one who leaves it out. */
    group(groups, 1);
    structure_row(301, 2020, "folkemengde", 5);
    structure_row(301, 2020, "timer", 5);
    structure_row(4601, 2020, "folkemengde", 5);
    structure_row(5001, 2020, "folkemengde", 5);
    static const char *rest[] = {"1103", "4601", "5001"};
    structure_edition()->excluded = rest;
    structure_edition()->excluded_len = 3;
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("no municipality is in the KOSTRA groups", NULL);
    fixture_found(1);
}

static void a_group_before_the_register_is_told(void **state)
{
    (void)state;
    static const char *groups[] = {"15"};
    group(groups, 1);
    structure_row(301, 2010, "folkemengde", 5);
    structure_row(301, 2010, "timer", 5);
    assert_null(structure_build(2010, KF_ERR_DATA));
    fixture_told("kostra_groups", "not known", NULL);
    fixture_found(1);
}

/* --- others ----------------------------------------------------------------------------------- */

static void corrections_get_everybody_else_who_has_a_figure(void **state)
{
    (void)state;
    static const char *members[] = {"0301", "3024"};
    static const char *regressors[] = {"barn"};
    struct kf_correction correction = {
        .id = "skole", .outcome = "andel", .regressors = regressors, .regressors_len = 1};
    structure_edition()->members = members;
    structure_edition()->members_len = 2;
    structure_edition()->structure_year = 2020;
    structure_edition()->corrections = &correction;
    structure_edition()->corrections_len = 1;
    structure_row(219, 2019, "folkemengde", 5);
    structure_row(301, 2019, "folkemengde", 5);
    structure_row(219, 2019, "andel", 0.25);
    structure_row(301, 2019, "andel", 0.5);
    structure_row(1001, 2019, "barn", 1);
    structure_row(1017, 2019, "barn", 2);
    structure_row(1018, 2019, "barn", 3);
    structure_row(1120, 2019, "andel", 0.75);
    structure_row_status(1121, 2019, "andel", 0, KF_CELL_MISSING);
    structure_row(1122, 2019, "timer", 1); /* no variable of the correction */
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->others_len, 2);
    assert_string_equal(panel->others[0], "1120");
    assert_string_equal(panel->others[1], "4204");
    const struct kf_column *share = kf_panel_column(panel, "andel");
    assert_true(share->other_values[0] == 0.75);
    assert_int_equal(share->other_status[1], KF_CELL_MISSING);
    const struct kf_column *children = kf_panel_column(panel, "barn");
    assert_int_equal(children->other_status[0], KF_CELL_MISSING);
    assert_true(children->other_values[1] == 6);
    assert_null(kf_panel_column(panel, "timer")->other_values);
    kf_panel_destroy(&panel);
}

static void figures_that_a_correction_goes_without_are_told(void **state)
{
    (void)state;
    static const char *members[] = {"0301"};
    struct kf_correction correction = {.id = "skole", .outcome = "andel"};
    structure_edition()->members = members;
    structure_edition()->members_len = 1;
    structure_edition()->corrections = &correction;
    structure_edition()->corrections_len = 1;
    structure_row(301, 2019, "folkemengde", 5);
    structure_row(301, 2019, "andel", 0.5);
    structure_row(4204, 2019, "timer", 5); /* nobody's business */
    struct kf_panel *panel = structure_build(2019, KF_OK);
    kf_panel_destroy(&panel);
    structure_row(4204, 2019, "andel", 0.5);
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("figures.csv:4: ", "4204", "andel", "since 2020, not in 2019", NULL);
    fixture_found(1);
}

static void without_a_correction_there_are_no_others(void **state)
{
    (void)state;
    static const char *members[] = {"0301"};
    structure_edition()->members = members;
    structure_edition()->members_len = 1;
    structure_row(301, 2019, "folkemengde", 5);
    structure_row(1120, 2019, "timer", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->others_len, 0);
    assert_null(kf_panel_column(panel, "timer")->other_values);
    kf_panel_destroy(&panel);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, structure_reset)
    const struct CMUnitTest tests[] = {
        TEST(an_outdated_member_is_told_with_its_successor),
        TEST(outdated_figures_of_a_member_are_told_with_their_place),
        TEST(everybody_includes_those_who_are_nobody_yet),
        TEST(everybody_in_todays_structure_comes_from_every_code),
        TEST(a_kostra_group_gives_the_members),
        TEST(a_group_follows_its_municipalities_through_renaming),
        TEST(who_is_left_out_is_no_member_of_all_or_of_a_group),
        TEST(a_group_before_the_register_is_told),
        TEST(corrections_get_everybody_else_who_has_a_figure),
        TEST(figures_that_a_correction_goes_without_are_told),
        TEST(without_a_correction_there_are_no_others),
    };
    return cmocka_run_group_tests(tests, structure_open, structure_close);
}

/* Panels of editions that count nobody: unit costs and a trial alone. Figures of 0301 Oslo, 1101
 * Eigersund, which did not change, and 0219 Bærum, which became 3024 in 2020. */
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "structure_fixture.h"

#define OSLO      301
#define EIGERSUND 1101

static struct kf_term term_net = {"bdu", 1, false};
static struct kf_term term_hours = {"timer", 1, false};
static struct kf_term term_before = {"barn", 1, false};
static struct kf_delivery delivery = {"HTAMDK", {&term_hours, 1}};
static struct kf_cost_group group;
static struct kf_real_growth growth;
static struct kf_year_figure thresholds[] = {{2017, 1235000}};

/* One cost group: its accounts and what it delivers. */
static struct kf_edition *costs(void)
{
    struct kf_edition *edition = structure_edition();
    group = (struct kf_cost_group){
        .id = "hjemme", .net = {&term_net, 1}, .deliveries = &delivery, .deliveries_len = 1};
    term_net.country = false;
    edition->sectors_len = 0;
    edition->population = "";
    edition->unit_costs = (struct kf_unit_costs){.groups = &group, .groups_len = 1};
    return edition;
}

static void expect_members(const struct kf_panel *panel, const char *const *codes, size_t count)
{
    assert_int_equal(panel->members_len, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(panel->members[i], codes[i]);
    }
}

static void who_has_any_figure_of_the_edition_is_a_member(void **state)
{
    (void)state;
    (void)costs();
    structure_row(OSLO, 2017, "bdu", 7);
    structure_row(EIGERSUND, 2017, "timer", 3);
    structure_row(219, 2017, "barn", 2); /* which the edition does not name */
    structure_row_status(1103, 2017, "timer", 0, KF_CELL_MISSING);
    structure_row(KF_OBSERVATION_COUNTRY, 2017, "bdu", 100);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, (const char *const[]){"0301", "1101"}, 2);
    assert_null(kf_panel_population(panel));
    assert_int_equal(panel->columns_len, 2);
    assert_true(structure_value(panel, "0301", "bdu") == 7);
    assert_true(structure_value(panel, "1101", "timer") == 3);
    assert_int_equal(structure_status(panel, "0301", "timer"), KF_CELL_MISSING);
    assert_int_equal(structure_status(panel, "1101", "bdu"), KF_CELL_MISSING);
    assert_true(kf_panel_column(panel, "bdu")->country_value == 100);
    assert_null(panel->previous);
    assert_null(panel->further);
    kf_panel_destroy(&panel);
}

static void a_named_member_is_in_with_figures_or_without(void **state)
{
    (void)state;
    static const char *members[] = {"0301", "1101"};
    struct kf_edition *edition = costs();
    edition->members = members;
    edition->members_len = 2;
    structure_row(OSLO, 2017, "bdu", 7);
    structure_row(1103, 2017, "bdu", 8);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, members, 2);
    assert_int_equal(structure_status(panel, "1101", "bdu"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_named_member_that_is_no_municipality_is_told(void **state)
{
    (void)state;
    static const char *members[] = {"0219", "0301"};
    struct kf_edition *edition = costs();
    edition->members = members;
    edition->members_len = 2;
    structure_row(OSLO, 2020, "bdu", 7);
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("0219 Bærum was a municipality until 2019, not in 2020", NULL);
    fixture_found(1);
}

static void who_is_left_out_is_no_member(void **state)
{
    (void)state;
    static const char *excluded[] = {"0301"};
    struct kf_edition *edition = costs();
    edition->excluded = excluded;
    edition->excluded_len = 1;
    structure_row(OSLO, 2017, "bdu", 7);
    structure_row(EIGERSUND, 2017, "bdu", 8);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, (const char *const[]){"1101"}, 1);
    kf_panel_destroy(&panel);
}

/* 0301 Oslo is KOSTRA group 15 of 2019, alone. */
static void kostra_groups_are_members_as_ever(void **state)
{
    (void)state;
    static const char *groups[] = {"15"};
    struct kf_edition *edition = costs();
    edition->kostra_groups = groups;
    edition->kostra_groups_len = 1;
    structure_row(EIGERSUND, 2019, "bdu", 8);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    expect_members(panel, (const char *const[]){"0301"}, 1);
    assert_int_equal(structure_status(panel, "0301", "bdu"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void members_are_those_of_the_structure_year(void **state)
{
    (void)state;
    costs()->structure_year = 2020;
    structure_row(219, 2017, "bdu", 7);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, (const char *const[]){"3024"}, 1);
    assert_true(structure_value(panel, "3024", "bdu") == 7);
    kf_panel_destroy(&panel);
}

static void a_code_that_is_nobody_is_told_once_with_its_place(void **state)
{
    (void)state;
    (void)costs();
    structure_row(OSLO, 2020, "bdu", 7);
    structure_row(219, 2020, "bdu", 7);
    structure_row(219, 2020, "timer", 7);
    assert_null(structure_build(2020, KF_ERR_DATA));
    fixture_told("figures.csv:2: ", "0219", "since then 3024 Bærum", NULL);
    fixture_found(1);
}

static void a_year_without_a_figure_is_nothing_to_compute(void **state)
{
    (void)state;
    (void)costs();
    structure_row(OSLO, 2016, "bdu", 7);
    structure_row(OSLO, 2017, "barn", 7);
    structure_row(OSLO, 2017, "folkemengde", 7);
    assert_null(structure_build(2017, KF_ERR_AGAIN));
    fixture_found(0);
}

static void the_countrys_figure_of_a_sum_is_nobodys(void **state)
{
    (void)state;
    (void)costs();
    term_net.country = true;
    structure_row(KF_OBSERVATION_COUNTRY, 2017, "bdu", 7);
    assert_null(structure_build(2017, KF_ERR_AGAIN));
    term_net.country = false;
    assert_null(structure_build(2017, KF_ERR_DATA));
    fixture_told("no municipality has a figure of what the edition names",
                 "add a municipality's figures of the year", NULL);
    fixture_found(1);
}

static void growth_of_an_amount_takes_the_year_before(void **state)
{
    (void)state;
    struct kf_edition *edition = costs();
    growth = (struct kf_real_growth){
        .id = "beregnet", .gross = "", .expenditure = {&term_before, 1}, .demographic = "andel"};
    edition->unit_costs.growths = &growth;
    edition->unit_costs.growths_len = 1;
    structure_row(OSLO, 2017, "bdu", 7);
    structure_row(OSLO, 2016, "barn", 6);
    structure_row(EIGERSUND, 2016, "barn", 5); /* nobody in the year itself */
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, (const char *const[]){"0301"}, 1);
    assert_int_equal(panel->previous->year, 2016);
    assert_null(kf_panel_population(panel->previous));
    assert_true(structure_value(panel->previous, "0301", "barn") == 6);
    kf_panel_destroy(&panel);
}

static void a_trial_takes_the_year_that_it_compares_with(void **state)
{
    (void)state;
    struct kf_edition *edition = costs();
    edition->unit_costs = (struct kf_unit_costs){.groups_len = 0};
    edition->trial.resource_intensive =
        (struct kf_resource_intensive){.thresholds = {thresholds, 1},
                                       .refund = 0.8,
                                       .users = {&term_hours, 1},
                                       .net = {&term_net, 1},
                                       .base_year = 2015};
    structure_row(OSLO, 2017, "bdu", 7);
    structure_row(OSLO, 2015, "bdu", 5);
    structure_row(OSLO, 2015, "timer", 3);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    assert_null(panel->previous);
    assert_int_equal(panel->further->year, 2015);
    assert_true(structure_value(panel->further, "0301", "bdu") == 5);
    assert_ptr_equal(kf_panel_of_year(panel, 2015), panel->further);
    kf_panel_destroy(&panel);
    structure_edition()->trial.resource_intensive.base_year = 2014;
    panel = structure_build(2017, KF_OK);
    assert_null(panel->further);
    kf_panel_destroy(&panel);
}

/* --- editions that count people, too ---------------------------------------------------------- */

/* A sector that only spends, and unit costs beside it. */
static void spending_too(void)
{
    static struct kf_term spent = {"barn", 1, false};
    struct kf_edition *edition = costs();
    edition->population = "folkemengde";
    edition->sectors_len = 1;
    edition->sectors[0].indicators_len = 0;
    edition->sectors[0].weight = 0;
    edition->sectors[0].resources.net = (struct kf_terms){&spent, 1};
}

static void unit_costs_are_something_to_compute_beside_sectors(void **state)
{
    (void)state;
    spending_too();
    structure_row(OSLO, 2017, "bdu", 7);
    assert_null(structure_build(2017, KF_ERR_AGAIN)); /* nobody lives there */
    structure_row(OSLO, 2017, "folkemengde", 666759);
    structure_row(EIGERSUND, 2017, "folkemengde", 14899);
    structure_row(OSLO, 2016, "timer", 5);
    struct kf_panel *panel = structure_build(2017, KF_OK);
    expect_members(panel, (const char *const[]){"0301", "1101"}, 2);
    assert_non_null(kf_panel_population(panel));
    assert_int_equal(structure_status(panel, "1101", "bdu"), KF_CELL_MISSING);
    assert_int_equal(panel->previous->year, 2016); /* resource use looks back */
    kf_panel_destroy(&panel);
}

static void unit_costs_alone_are_no_index(void **state)
{
    (void)state;
    struct kf_edition *edition = costs();
    edition->population = "folkemengde";
    edition->sectors_len = 1;
    structure_row(OSLO, 2017, "folkemengde", 666759);
    structure_row(OSLO, 2017, "bdu", 7);
    assert_null(structure_build(2017, KF_ERR_AGAIN));
}

/* --- the promise ------------------------------------------------------------------------------ */

static void a_sector(struct kf_edition *edition)
{
    edition->sectors_len = 1;
}

static void no_unit_costs(struct kf_edition *edition)
{
    edition->unit_costs.groups_len = 0;
}

static void a_base_year(struct kf_edition *edition)
{
    edition->demography.base_year = 2015;
}

static void a_total(struct kf_edition *edition)
{
    edition->given_total = "andel";
}

static void an_income(struct kf_edition *edition)
{
    edition->income = (struct kf_terms){&term_net, 1};
}

static void a_change(struct kf_edition *edition)
{
    edition->change.computed = true;
}

static void published_needs(struct kf_edition *edition)
{
    edition->published_need = "andel";
}

static void a_population(struct kf_edition *edition)
{
    edition->population = "folkemengde";
}

static void only_unit_costs_go_without_a_population(void **state)
{
    (void)state;
    static void (*const breaches[])(struct kf_edition *) = {
        a_sector,  no_unit_costs, a_base_year,     a_total,
        an_income, a_change,      published_needs, a_population};
    for (size_t i = 0; i < sizeof breaches / sizeof breaches[0]; i++) {
        assert_int_equal(structure_reset(NULL), 0);
        struct kf_edition *edition = costs();
        edition->demography = (struct kf_demography){.base_year = 0};
        structure_row(OSLO, 2017, "bdu", 7);
        struct kf_panel *panel = structure_build(2017, KF_OK); /* which checks it */
        struct kf_error err = {.text = ""};
        breaches[i](edition);
        assert_int_equal(kf_panel_check(panel, &err), KF_ERR_DATA);
        assert_non_null(strstr(err.text, breaches[i] == a_population ? "folkemengde is absent"
                                                                     : "names no population"));
        kf_panel_destroy(&panel);
    }
}

static void building_survives_every_failing_allocation(void **state)
{
    (void)state;
    costs()->structure_year = 2020;
    structure_row(219, 2017, "bdu", 7);
    structure_row(OSLO, 2017, "timer", 7);
    struct kf_panel *panel = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(panel);
        kf_memory_fail_after(n);
        code = structure_try(2017, &panel, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 4);
    assert_int_equal(panel->members_len, 2);
    kf_panel_destroy(&panel);
}

#define TEST(name) cmocka_unit_test_setup(name, structure_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_any_figure_of_the_edition_is_a_member),
        TEST(a_named_member_is_in_with_figures_or_without),
        TEST(a_named_member_that_is_no_municipality_is_told),
        TEST(who_is_left_out_is_no_member),
        TEST(kostra_groups_are_members_as_ever),
        TEST(members_are_those_of_the_structure_year),
        TEST(a_code_that_is_nobody_is_told_once_with_its_place),
        TEST(a_year_without_a_figure_is_nothing_to_compute),
        TEST(the_countrys_figure_of_a_sum_is_nobodys),
        TEST(growth_of_an_amount_takes_the_year_before),
        TEST(a_trial_takes_the_year_that_it_compares_with),
        TEST(unit_costs_are_something_to_compute_beside_sectors),
        TEST(unit_costs_alone_are_no_index),
        TEST(only_unit_costs_go_without_a_population),
        TEST(building_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, structure_open, structure_close);
}

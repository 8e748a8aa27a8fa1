#include "structure_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

/* Editions without production on figures of Norwegian municipalities that did not change: 0301
 * Oslo and 1101 Eigersund. */

#define OSLO      301
#define EIGERSUND 1101

static struct kf_term term_barn = {"barn", 1, false};
static struct kf_term term_projected = {"framskrevet_barn", 1, false};
static struct kf_term term_bdu = {"bdu", 1, false};
static struct kf_criterion criterion;
static struct kf_age_group group;
static struct kf_use use;

/* The sector of the edition, which produces nothing. */
static struct kf_sector *bare_sector(void)
{
    struct kf_sector *sector = structure_edition()->sectors;
    sector->indicators_len = 0;
    sector->weight = 0;
    return sector;
}

/* A cost key of one criterion. */
static void key_of(const char *variable)
{
    struct kf_sector *sector = bare_sector();
    criterion = (struct kf_criterion){.id = "barn", .variable = variable, .weight = 1};
    sector->criteria = &criterion;
    sector->criteria_len = 1;
    sector->need_weight = 1;
}

/* Demography of one group of children, projected after `through` unless that is 0. */
static void demography_of(int base, int through)
{
    struct kf_edition *edition = structure_edition();
    group = (struct kf_age_group){.id = "barn", .people = {&term_barn, 1}};
    edition->sectors_len = 0;
    edition->demography =
        (struct kf_demography){.base_year = base, .groups = &group, .groups_len = 1};
    if (through) {
        group.projected = (struct kf_terms){&term_projected, 1};
        edition->demography.projected_population = "framskrevet";
        edition->demography.observed_through = through;
    }
}

static void people(int year, double oslo, double eigersund)
{
    structure_row(OSLO, year, "folkemengde", oslo);
    structure_row(EIGERSUND, year, "folkemengde", eigersund);
}

static void nothing_but_a_population_is_nothing_to_compute(void **state)
{
    (void)state;
    key_of("barn");
    people(2019, 681071, 14898);
    assert_null(structure_build(2019, KF_ERR_AGAIN));
}

static void a_criterion_is_enough_for_an_edition_that_produces_nothing(void **state)
{
    (void)state;
    key_of("barn");
    people(2019, 681071, 14898);
    structure_row(OSLO, 2019, "barn", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_true(structure_value(panel, "0301", "barn") == 5);
    assert_null(panel->previous);
    assert_null(panel->further);
    kf_panel_destroy(&panel);
}

static void people_by_age_are_a_criterion_too(void **state)
{
    (void)state;
    key_of("");
    criterion.ages = (struct kf_terms){&term_barn, 1};
    people(2019, 681071, 14898);
    structure_row(OSLO, 2019, "barn", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_true(structure_value(panel, "0301", "barn") == 5);
    kf_panel_destroy(&panel);
}

static void people_by_age_alone_are_no_key_that_counts_more(void **state)
{
    (void)state;
    static struct kf_criterion criteria[2];
    key_of("");
    criteria[0] = criterion;
    criteria[0].ages = (struct kf_terms){&term_barn, 1};
    criteria[1] = (struct kf_criterion){.id = "prod", .variable = "prod", .weight = 1};
    structure_edition()->sectors->criteria = criteria;
    structure_edition()->sectors->criteria_len = 2;
    people(2019, 681071, 14898);
    structure_row(OSLO, 2019, "barn", 5);
    assert_null(structure_build(2019, KF_ERR_AGAIN));
    structure_row(OSLO, 2019, "prod", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    kf_panel_destroy(&panel);
}

static void so_are_published_need_net_expenditure_and_uses(void **state)
{
    (void)state;
    people(2019, 681071, 14898);
    people(2018, 673469, 14811);
    people(2017, 666759, 14899);
    structure_row(OSLO, 2019, "prod", 1.01);
    structure_row(OSLO, 2018, "bdu", 5);
    struct kf_sector *sector = bare_sector();
    assert_null(structure_build(2019, KF_ERR_AGAIN));
    sector->published_need = "prod";
    struct kf_panel *panel = structure_build(2019, KF_OK);
    kf_panel_destroy(&panel);
    sector->published_need = NULL;
    structure_edition()->published_need = "prod";
    panel = structure_build(2019, KF_OK);
    kf_panel_destroy(&panel);
    assert_null(structure_build(2018, KF_ERR_AGAIN));
    sector->resources.net = (struct kf_terms){&term_bdu, 1};
    panel = structure_build(2018, KF_OK);
    assert_null(panel->previous); /* 2017 has nothing that is spent */
    kf_panel_destroy(&panel);
    sector->resources.net.count = 0;
    use = (struct kf_use){.id = "renter", .amount = {&term_bdu, 1}};
    structure_edition()->uses = &use;
    structure_edition()->uses_len = 1;
    panel = structure_build(2018, KF_OK);
    kf_panel_destroy(&panel);
    assert_null(structure_build(2017, KF_ERR_AGAIN));
}

static void an_edition_that_produces_needs_something_produced(void **state)
{
    (void)state;
    struct kf_sector *sector = structure_edition()->sectors;
    sector->resources.net = (struct kf_terms){&term_bdu, 1};
    people(2019, 681071, 14898);
    people(2018, 673469, 14811);
    structure_row(OSLO, 2019, "bdu", 5);
    structure_row(OSLO, 2018, "bdu", 4);
    assert_null(structure_build(2019, KF_ERR_AGAIN));
    structure_row(OSLO, 2019, "timer", 1);
    structure_row(OSLO, 2019, "barn", 1);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_non_null(panel->previous); /* for the change of what is spent (METHOD R13) */
    assert_true(structure_value(panel->previous, "0301", "bdu") == 4);
    kf_panel_destroy(&panel);
}

/* METHOD N5: need of 2018 is that of the Grønt hefte of 2019. */
static void need_of_the_next_year_stands_in_a_further_panel(void **state)
{
    (void)state;
    key_of("barn");
    structure_edition()->need_year = KF_NEED_YEAR_NEXT;
    people(2018, 673469, 14811);
    people(2019, 681071, 14898);
    structure_row(OSLO, 2018, "barn", 4);
    structure_row(OSLO, 2019, "barn", 5);
    structure_row(EIGERSUND, 2019, "barn", 3);
    struct kf_panel *panel = structure_build(2018, KF_OK);
    const struct kf_panel *next = kf_panel_of_year(panel, 2019);
    assert_non_null(next);
    assert_ptr_equal(panel->further, next);
    assert_null(next->further);
    assert_null(next->previous);
    assert_null(panel->previous);
    assert_ptr_equal(next->members, panel->members);
    assert_ptr_equal(next->arena, panel->arena);
    assert_true(structure_value(next, "1101", "barn") == 3);
    assert_true(structure_value(next, "0301", "folkemengde") == 681071);
    assert_int_equal(structure_status(panel, "1101", "barn"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
    assert_null(structure_build(2019, KF_ERR_AGAIN)); /* nothing of 2020 is known */
}

static void a_year_without_figures_is_left_out_of_the_further_ones(void **state)
{
    (void)state;
    demography_of(2015, 0);
    structure_edition()->demography.rate_year = 2016;
    people(2015, 647676, 14934);
    people(2016, 658390, 14938); /* a population, and nobody by age */
    people(2019, 681071, 14898);
    structure_row(OSLO, 2015, "barn", 1);
    structure_row(OSLO, 2019, "barn", 5);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->further->year, 2015);
    assert_null(panel->further->further);
    kf_panel_destroy(&panel);
    structure_row(EIGERSUND, 2016, "barn", 2);
    panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->further->year, 2015);
    assert_int_equal(panel->further->further->year, 2016);
    assert_true(structure_value(panel->further->further, "1101", "barn") == 2);
    kf_panel_destroy(&panel);
    panel = structure_build(2016, KF_OK); /* 2015 is the year before, 2016 the panel itself */
    assert_null(panel->further);
    assert_int_equal(panel->previous->year, 2015);
    kf_panel_destroy(&panel);
}

/* Verran 5039 went into Steinkjer, 5004 and now 5006, in 2020: re-cut as in any other year. */
static void a_further_year_has_the_structure_of_the_panel(void **state)
{
    (void)state;
    key_of("barn");
    structure_edition()->need_year = 2019;
    structure_row(OSLO, 2020, "folkemengde", 693494);
    structure_row(5006, 2020, "folkemengde", 24357);
    structure_row(OSLO, 2019, "folkemengde", 681071);
    structure_row(5004, 2019, "folkemengde", 22096);
    structure_row(5039, 2019, "folkemengde", 2430);
    structure_row(5004, 2019, "barn", 7);
    structure_row(5039, 2019, "barn", 2);
    struct kf_panel *panel = structure_build(2020, KF_OK);
    const struct kf_panel *further = panel->further;
    assert_int_equal(further->year, 2019);
    assert_true(structure_value(further, "5006", "barn") == 9);
    assert_true(structure_value(further, "5006", "folkemengde") == 24526);
    kf_panel_destroy(&panel);
}

static void who_lacks_a_figure_in_a_further_year_is_not_told(void **state)
{
    (void)state;
    demography_of(2015, 0);
    people(2019, 681071, 14898);
    structure_row(OSLO, 2019, "barn", 5);
    structure_row(OSLO, 2015, "folkemengde", 647676);
    structure_row(OSLO, 2015, "barn", 4);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_null(kf_panel_population(panel->further));
    assert_int_equal(structure_status(panel->further, "1101", "folkemengde"), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

/* --- projections ------------------------------------------------------------------------------ */

static void a_projected_year_has_the_population_of_the_projection(void **state)
{
    (void)state;
    demography_of(2018, 2018);
    people(2018, 673469, 14811);
    structure_row(OSLO, 2018, "barn", 4);
    structure_row(OSLO, 2019, "folkemengde", 681071); /* observed by now, for the errors */
    structure_row(OSLO, 2019, "barn", 5);
    structure_row(EIGERSUND, 2019, "framskrevet", 14850);
    structure_row(EIGERSUND, 2019, "framskrevet_barn", 900);
    structure_row_status(KF_OBSERVATION_COUNTRY, 2019, "framskrevet", 5300000, 0);
    struct kf_panel *panel = structure_build(2019, KF_OK);
    assert_int_equal(panel->members_len, 1); /* who is projected, not who is observed */
    assert_string_equal(panel->members[0], "1101");
    assert_true(structure_value(panel, "1101", "folkemengde") == 14850);
    assert_int_equal(structure_status(panel, "1101", "folkemengde"), KF_CELL_PROJECTED);
    const struct kf_column *country = kf_panel_column(panel, "folkemengde");
    assert_true(country->country_value == 5300000);
    assert_int_equal(country->country_status, KF_CELL_PROJECTED);
    /* The projection by itself, and what was observed, are columns like any other. */
    assert_int_equal(structure_status(panel, "1101", "framskrevet_barn"), KF_CELL_VALUE);
    assert_int_equal(structure_status(panel, "1101", "framskrevet"), KF_CELL_VALUE);
    assert_int_equal(structure_status(panel, "1101", "barn"), KF_CELL_MISSING);
    /* The year before was observed. */
    assert_int_equal(structure_status(panel->previous, "1101", "folkemengde"), KF_CELL_VALUE);
    assert_true(structure_value(panel->previous, "1101", "folkemengde") == 14811);
    kf_panel_destroy(&panel);
    panel = structure_build(2018, KF_OK);
    assert_int_equal(panel->members_len, 2);
    kf_panel_destroy(&panel);
}

static void a_projected_year_without_a_projection_is_nothing_to_compute(void **state)
{
    (void)state;
    demography_of(2018, 2018);
    people(2019, 681071, 14898);
    structure_row(OSLO, 2019, "barn", 5);
    assert_null(structure_build(2019, KF_ERR_AGAIN));
}

static void without_its_projection_an_edition_leaves_observed_years_to_others(void **state)
{
    (void)state;
    demography_of(2018, 2018);
    people(2018, 673469, 14811);
    structure_row(OSLO, 2018, "barn", 5);
    assert_null(structure_build(2018, KF_ERR_AGAIN));
    structure_row(OSLO, 2030, "framskrevet", 700000);
    struct kf_panel *panel = structure_build(2018, KF_OK);
    kf_panel_destroy(&panel);
}

static void figures_without_inhabitants_are_nothing_to_compute(void **state)
{
    (void)state;
    key_of("barn");
    structure_row(OSLO, 2019, "barn", 5);
    assert_null(structure_build(2019, KF_ERR_AGAIN));
}

static void a_named_member_that_is_not_projected_is_told(void **state)
{
    (void)state;
    static const char *members[] = {"0301", "1101"};
    demography_of(2018, 2018);
    structure_edition()->members = members;
    structure_edition()->members_len = 2;
    people(2019, 681071, 14898);
    structure_row(EIGERSUND, 2019, "framskrevet", 14850);
    structure_row(EIGERSUND, 2019, "framskrevet_barn", 900);
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("0301", "framskrevet", "no population", NULL);
    fixture_found(1);
}

static void a_projection_that_cannot_be_is_told_where_it_stands(void **state)
{
    (void)state;
    demography_of(2018, 2018);
    structure_row(OSLO, 2019, "framskrevet", -1);
    structure_row(EIGERSUND, 2019, "framskrevet", 14850);
    structure_row(EIGERSUND, 2019, "framskrevet_barn", 900);
    assert_null(structure_build(2019, KF_ERR_DATA));
    fixture_told("figures.csv:1: ", "framskrevet \"-1\"", "below 0", NULL);
}

static void every_failing_allocation_of_further_years_is_survived(void **state)
{
    (void)state;
    demography_of(2015, 2018);
    people(2015, 647676, 14934);
    people(2018, 673469, 14811);
    structure_row(OSLO, 2015, "barn", 1);
    structure_row(OSLO, 2018, "barn", 4);
    structure_row(EIGERSUND, 2020, "framskrevet", 14850);
    structure_row(EIGERSUND, 2020, "framskrevet_barn", 900);
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
    assert_true(n > 4);
    assert_int_equal(panel->further->year, 2015);
    assert_int_equal(panel->further->further->year, 2018);
    kf_panel_destroy(&panel);
}

/* --- the whole country ------------------------------------------------------------------------ */

/* Every municipality of 2024 with figures that tell who they are of, rows in no order. */
static void a_national_panel_has_every_figure_in_its_place(void **state)
{
    (void)state;
    static const char *const variables[] = {"folkemengde", "barn", "timer", "bdu", "reise"};
    static const int years[] = {2024, 2023, 2022, 2026};
    struct kf_edition *edition = structure_edition();
    demography_of(2022, 0);
    key_of("bdu");
    edition->sectors_len = 1;
    edition->need_year = 2026;
    edition->structure_year = 2024;
    edition->sectors->resources.net = (struct kf_terms){&term_bdu, 1};
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(structure_municipalities(), &count);
    for (size_t m = count; m-- > 0;) {
        bool now = all[m].from_year <= 2024 && 2024 <= all[m].to_year;
        bool again =
            m + 1 < count && all[m + 1].number == all[m].number && all[m + 1].from_year <= 2024;
        for (size_t y = 0; now && !again && y < 4; y++) {
            for (size_t v = 0; v < 5 && (v < 4 || y == 0); v++) {
                structure_row(all[m].number, years[y], variables[v],
                              (years[y] - 2000) * 1e5 + all[m].number * 10.0 + (double)v);
            }
        }
    }
    struct kf_panel *panel = structure_build(2024, KF_OK);
    assert_int_equal(panel->members_len, 357);
    for (size_t y = 0; y < 4; y++) {
        const struct kf_panel *of = kf_panel_of_year(panel, years[y]);
        assert_non_null(of);
        for (size_t i = 0; i < 357; i++) {
            uint16_t number = 0;
            assert_true(kf_municipality_parse(panel->members[i], 4, &number));
            const double base = (years[y] - 2000) * 1e5 + number * 10.0;
            assert_true(kf_panel_column(of, "folkemengde")->values[i] == base);
            assert_true(kf_panel_column(of, "barn")->values[i] == base + 1);
            assert_true(kf_panel_column(of, "bdu")->values[i] == base + 3);
        }
        assert_null(kf_panel_column(of, "timer")); /* not the edition's */
    }
    assert_ptr_equal(panel->previous, kf_panel_of_year(panel, 2023));
    assert_int_equal(panel->further->year, 2022);
    kf_panel_destroy(&panel);
}

#define on_structure(test) cmocka_unit_test_setup(test, structure_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_structure(nothing_but_a_population_is_nothing_to_compute),
        on_structure(a_criterion_is_enough_for_an_edition_that_produces_nothing),
        on_structure(people_by_age_are_a_criterion_too),
        on_structure(people_by_age_alone_are_no_key_that_counts_more),
        on_structure(so_are_published_need_net_expenditure_and_uses),
        on_structure(an_edition_that_produces_needs_something_produced),
        on_structure(need_of_the_next_year_stands_in_a_further_panel),
        on_structure(a_year_without_figures_is_left_out_of_the_further_ones),
        on_structure(a_further_year_has_the_structure_of_the_panel),
        on_structure(who_lacks_a_figure_in_a_further_year_is_not_told),
        on_structure(a_projected_year_has_the_population_of_the_projection),
        on_structure(a_projected_year_without_a_projection_is_nothing_to_compute),
        on_structure(without_its_projection_an_edition_leaves_observed_years_to_others),
        on_structure(figures_without_inhabitants_are_nothing_to_compute),
        on_structure(a_named_member_that_is_not_projected_is_told),
        on_structure(a_projection_that_cannot_be_is_told_where_it_stands),
        on_structure(every_failing_allocation_of_further_years_is_survived),
        on_structure(a_national_panel_has_every_figure_in_its_place),
    };
    return cmocka_run_group_tests(tests, structure_open, structure_close);
}

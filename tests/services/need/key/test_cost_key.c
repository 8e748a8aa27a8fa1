#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/need.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-12

/* Two members of 1000 and 3000 inhabitants. Children: 100 and 100, so 200 of 4000 = .05 in all:
 * c = (100/1000)/.05 = 2 and (100/3000)/.05 = 2/3. Basis: (1/1000)/(2/4000) = 2 and 2/3. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "barn", (double[]){100, 100});
    struct kf_sector *sector = fixture_sector(panel, "barnehage", 1);
    sector->need_weight = 1;
    fixture_criterion(panel, "barnehage", "barn", 0.75);
    struct kf_criterion *basis = fixture_criterion(panel, "barnehage", "basis", 0.25);
    basis->variable = "";
    basis->cost_disadvantage = true;
    return panel;
}

static void need_index_is_the_weighted_sum_of_criterion_indices(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 2.0,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1), 2.0 / 3,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 1), 2.0 / 3,
                 EPSILON);
    kf_panel_destroy(&panel);
}

static void population_weighted_mean_of_need_is_one(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    double first = fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 0);
    double second = fixture_value(panel, KF_TOPIC_NEED, "total", "", "need_index", 1);
    assert_close((1000 * first + 3000 * second) / 4000, 1, EPSILON);
    kf_panel_destroy(&panel);
}

static void drivers_add_up_to_the_deviation_exactly(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "barn", (double[]){137, 211});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    for (size_t k = 0; k < 2; k++) {
        double drivers = fixture_value(panel, KF_TOPIC_NEED, "barnehage", "barn", "driver", k) +
                         fixture_value(panel, KF_TOPIC_NEED, "barnehage", "basis", "driver", k);
        double index = fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", k);
        assert_true(drivers == index - 1);
    }
    kf_panel_destroy(&panel);
}

static void need_population_leaves_out_criteria_of_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    /* Without basis only the children count: P = N·c = 1000·2 and 3000·2/3; it keeps ΣP = ΣN. */
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_population", 0), 2000,
                 1e-9);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_population", 1), 2000,
                 1e-9);
    kf_panel_destroy(&panel);
}

static void the_countrys_own_rows_are_the_measure(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->sectors[0].criteria_len = 1; /* children alone */
    fixture_edition(panel)->sectors[0].criteria[0].weight = 1;
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "barn", 2500); /* .025: c = .1/.025 = 4 */
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 4, EPSILON);
    kf_panel_destroy(&panel);
}

/* 50 municipalities and 100000 inhabitants in the country. Children: 4 and 4/3. Basis:
 * (1/1000)/(50/100000) = 2 and (1/3000)/.0005 = 2/3. K = .75·4 + .25·2 = 3.5 and
 * .75·4/3 + .25·2/3 = 7/6. */
static void the_basis_criterion_counts_the_municipalities_of_the_country(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "barn", 2500);
    panel->country_municipalities = 50;
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 3.5,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1), 7.0 / 6,
                 EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "basis", "driver", 0), 0.25,
                 EPSILON);
    kf_panel_destroy(&panel);
}

static void without_the_countrys_rows_its_municipalities_are_the_members(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    panel->country_municipalities = 50;
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0), 2.0,
                 EPSILON);
    kf_panel_destroy(&panel);
}

static void a_country_of_unknown_many_municipalities_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "barn", 2500);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "basis");
    assert_string_equal(findings->list[0].problem,
                        "the number of municipalities in the country is not known");
    kf_panel_destroy(&panel);
}

static void a_country_without_the_criterion_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_country(panel, "folkemengde", 100000);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_string_equal(findings->list[0].variable, "barn");
    kf_panel_destroy(&panel);
}

static void a_key_with_only_some_criteria_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_criterion(panel, "barnehage", "eldre", 0.1);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "eldre");
    kf_panel_destroy(&panel);
}

static void faults_of_all_criteria_and_sectors_are_told_at_once(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_sector(panel, "skole", 1);
    fixture_criterion(panel, "skole", "elever", 0.5); /* nobody has any */
    fixture_criterion(panel, "skole", "eldre", 0.5);  /* not there at all */
    fixture_sector(panel, "helse", 1);
    fixture_criterion(panel, "helse", "senger", 1);
    fixture_column(panel, "elever", (double[]){0, 0});
    fixture_column(panel, "senger", (double[]){0, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 3);
    assert_string_equal(findings->list[0].variable, "elever");
    assert_string_equal(findings->list[1].variable, "eldre");
    assert_string_equal(findings->list[2].variable, "senger");
    assert_non_null(strstr(err.text, "elever"));
    kf_panel_destroy(&panel);
}

/* Children are a criterion of both sectors. */
static void a_country_figure_that_two_keys_lack_is_told_once(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_sector(panel, "skole", 1);
    fixture_criterion(panel, "skole", "barn", 1);
    fixture_country(panel, "folkemengde", 100000);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 2);
    assert_string_equal(findings->list[0].variable, "barn");
    assert_string_equal(findings->list[1].variable, "basis");
    kf_panel_destroy(&panel);
}

static void a_missing_criterion_makes_that_members_need_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "barn", (double[]){100, FIXTURE_MISSING});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1),
                     KF_CELL_MISSING);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "total", "", "need_index", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void an_edition_without_figures_for_its_key_passes_unchanged(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){1000});
    fixture_sector(panel, "barnehage", 1);
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

/* Three sectors of the total key, .5, .3 and .2, the last of them administration. Their need is 2,
 * 1.2 and .8 for the first member, a quarter of the population with 100, 60 and 40 of 200. */
static struct kf_panel *with_administration(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "barnehage", 1)->need_weight = 0.5;
    fixture_sector(panel, "skole", 0)->need_weight = 0.3;
    struct kf_sector *administration = fixture_sector(panel, "administrasjon", 0);
    administration->need_weight = 0.2;
    administration->administration = true;
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_criterion(panel, "skole", "elever", 1);
    fixture_criterion(panel, "administrasjon", "ansatte", 1);
    fixture_column(panel, "barn", (double[]){100, 100});
    fixture_column(panel, "elever", (double[]){60, 140});
    fixture_column(panel, "ansatte", (double[]){40, 160});
    return panel;
}

static void compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
}

static double total(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, sector, "", "need_index", k);
}

static void the_total_is_told_with_and_without_administration(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    compute(panel);
    /* Without: (.5·2 + .3·1.2)/.8 = 1.7; with: 1 + .36 + .2·.8 = 1.52. */
    assert_close(total(panel, "total", 0), 1.7, EPSILON);
    assert_close(total(panel, "total_with_administration", 0), 1.52, EPSILON);
    const char *totals[] = {"total", "total_with_administration"};
    for (size_t t = 0; t < 2; t++) {
        double mean =
            (1000 * total(panel, totals[t], 0) + 3000 * total(panel, totals[t], 1)) / 4000;
        assert_close(mean, 1, EPSILON);
    }
    kf_panel_destroy(&panel);
}

static void without_an_administrative_sector_there_is_one_total(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    fixture_edition(panel)->sectors[2].administration = false;
    compute(panel);
    assert_close(total(panel, "total", 0), 1.52, EPSILON);
    assert_null(
        kf_panel_result(panel, KF_TOPIC_NEED, "total_with_administration", "", "need_index"));
    kf_panel_destroy(&panel);
}

static void without_figures_of_administration_the_total_stands_alone(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    fixture_edition(panel)->sectors[2].criteria[0].variable = "finnes_ikke";
    compute(panel);
    assert_close(total(panel, "total", 0), 1.7, EPSILON);
    assert_null(
        kf_panel_result(panel, KF_TOPIC_NEED, "total_with_administration", "", "need_index"));
    kf_panel_destroy(&panel);
}

static void every_earlier_year_gets_need_without_drivers(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){2000, 2000});
    fixture_column(last, "barn", (double[]){30, 10});
    fixture_column(last, "elever", (double[]){30, 70});
    fixture_column(last, "ansatte", (double[]){10, 10});
    compute(panel);
    /* Equal populations: the share of the figures, twice: 1.5, .6, 1. */
    assert_close(total(last, "barnehage", 0), 1.5, EPSILON);
    assert_close(total(last, "total", 0), (0.75 + 0.18) / 0.8, EPSILON);
    assert_close(total(last, "total_with_administration", 0), 0.75 + 0.18 + 0.2, EPSILON);
    assert_close(fixture_value(last, KF_TOPIC_NEED, "skole", "", "need_population", 1), 2800, 1e-9);
    assert_null(kf_panel_result(last, KF_TOPIC_NEED, "skole", "elever", "driver"));
    assert_non_null(kf_panel_result(panel, KF_TOPIC_NEED, "skole", "elever", "driver"));
    /* The change in need that they are for: 2/1.5 − 1 = 33.3 %. */
    assert_close(total(panel, "barnehage", 0) / total(last, "barnehage", 0), 4.0 / 3, EPSILON);
    kf_panel_destroy(&panel);
}

/* The country's level is that of those who have the figure: 20 children of 400, not of 1000. */
static void the_country_is_those_who_have_the_figure(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){100, 300, 600});
    fixture_column(panel, "barn", (double[]){10, 10, FIXTURE_MISSING});
    fixture_sector(panel, "barnehage", 1)->need_weight = 1;
    fixture_criterion(panel, "barnehage", "barn", 1);
    compute(panel);
    assert_close(total(panel, "barnehage", 0), 2, EPSILON);
    assert_close(total(panel, "barnehage", 1), 2.0 / 3, EPSILON);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 2),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

/* A municipality that is new in the data year costs nobody the year before. */
static void an_earlier_year_of_some_inhabitants_has_need_for_them(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, FIXTURE_MISSING});
    fixture_column(last, "barn", (double[]){100, 50});
    compute(panel);
    assert_close(total(last, "barnehage", 0), 1, EPSILON);
    assert_close(fixture_value(last, KF_TOPIC_NEED, "barnehage", "", "need_population", 0), 1000,
                 1e-9);
    assert_int_equal(fixture_status(last, KF_TOPIC_NEED, "barnehage", "", "need_index", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void the_country_must_be_given_in_both_years_or_in_none(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){100, 300});
    fixture_column(panel, "barn", (double[]){10, 10});
    fixture_country(panel, "folkemengde", 4000);
    fixture_country(panel, "barn", 200);
    fixture_sector(panel, "barnehage", 1)->need_weight = 1;
    fixture_criterion(panel, "barnehage", "barn", 1);
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){100, 300});
    fixture_column(last, "barn", (double[]){10, 10});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    assert_non_null(strstr(findings->list[0].problem, "given for 2010 and not for 2009"));
    kf_panel_destroy(&panel);
}

static void an_earlier_year_without_figures_has_no_need(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    struct kf_panel *last = fixture_previous(panel);
    compute(panel);
    assert_int_equal(last->results_len, 0);
    kf_panel_destroy(&panel);
}

static void an_earlier_year_with_some_criteria_is_rejected_with_its_year(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_criterion(panel, "barnehage", "eldre", 0.1);
    fixture_column(panel, "eldre", (double[]){100, 200});
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, 3000});
    fixture_column(last, "eldre", (double[]){100, 200});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "barn");
    assert_non_null(strstr(findings->list[0].problem, "2009"));
    kf_panel_destroy(&panel);
}

static void flags_of_the_criteria_travel_to_the_total(void **state)
{
    (void)state;
    struct kf_panel *panel = with_administration();
    fixture_seal(panel);
    assert_string_equal(panel->columns[1].variable, "barn");
    panel->columns[1].status[0] = KF_CELL_PRELIMINARY;
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    static const char *const measures[][2] = {{"barnehage", "need_index"},
                                              {"barnehage", "need_population"},
                                              {"total", "need_index"},
                                              {"total_with_administration", "need_index"}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            fixture_status(panel, KF_TOPIC_NEED, measures[i][0], "", measures[i][1], 0),
            KF_CELL_PRELIMINARY);
        assert_int_equal(
            fixture_status(panel, KF_TOPIC_NEED, measures[i][0], "", measures[i][1], 1),
            KF_CELL_VALUE);
    }
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "skole", "", "need_index", 0),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_index_is_the_weighted_sum_of_criterion_indices),
        cmocka_unit_test(population_weighted_mean_of_need_is_one),
        cmocka_unit_test(drivers_add_up_to_the_deviation_exactly),
        cmocka_unit_test(need_population_leaves_out_criteria_of_cost),
        cmocka_unit_test(the_countrys_own_rows_are_the_measure),
        cmocka_unit_test(the_basis_criterion_counts_the_municipalities_of_the_country),
        cmocka_unit_test(without_the_countrys_rows_its_municipalities_are_the_members),
        cmocka_unit_test(a_country_of_unknown_many_municipalities_is_told),
        cmocka_unit_test(a_country_without_the_criterion_is_rejected),
        cmocka_unit_test(a_key_with_only_some_criteria_is_rejected),
        cmocka_unit_test(faults_of_all_criteria_and_sectors_are_told_at_once),
        cmocka_unit_test(a_country_figure_that_two_keys_lack_is_told_once),
        cmocka_unit_test(a_missing_criterion_makes_that_members_need_missing),
        cmocka_unit_test(an_edition_without_figures_for_its_key_passes_unchanged),
        cmocka_unit_test(the_total_is_told_with_and_without_administration),
        cmocka_unit_test(without_an_administrative_sector_there_is_one_total),
        cmocka_unit_test(without_figures_of_administration_the_total_stands_alone),
        cmocka_unit_test(every_earlier_year_gets_need_without_drivers),
        cmocka_unit_test(the_country_is_those_who_have_the_figure),
        cmocka_unit_test(an_earlier_year_of_some_inhabitants_has_need_for_them),
        cmocka_unit_test(the_country_must_be_given_in_both_years_or_in_none),
        cmocka_unit_test(an_earlier_year_without_figures_has_no_need),
        cmocka_unit_test(an_earlier_year_with_some_criteria_is_rejected_with_its_year),
        cmocka_unit_test(flags_of_the_criteria_travel_to_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

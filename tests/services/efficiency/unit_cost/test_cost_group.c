#include "tests/support/cmocka.h"

#include "tests/services/efficiency/unit_cost/unit_fixture.h"

#define GRID 2e-10 /* million kr */

static const char group[] = "hjemmetjenester";

/* Two services at 500 and 1000 kr. The first member has 6 million for 4000 and 3000 hours, worth 5
 * million; the second 3 million for 1000 and 3000, worth 3.5. */
static struct kf_panel *home_services(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 2);
    unit_service(panel, "HTBODK", "hours", 500);
    unit_service(panel, "HTAMN", "hours", 1000);
    unit_group(panel, group, (double[]){6000000, 3000000});
    unit_delivers(panel, group, "HTBODK", (double[]){4000, 1000});
    unit_delivers(panel, group, "HTAMN", (double[]){3000, 3000});
    return panel;
}

static double of_service(const struct kf_panel *panel, const char *service, const char *measure,
                         size_t k)
{
    return unit_value(panel, group, service, measure, k);
}

static double whole(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_value(panel, group, "", measure, k);
}

static void services_have_quantity_unit_cost_deviation_and_calculated_grant(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_compute(panel);
    assert_true(of_service(panel, "HTBODK", "quantity", 0) == 4000);
    assert_true(of_service(panel, "HTBODK", "unit_cost_kr", 0) == 600);
    assert_true(of_service(panel, "HTAMN", "unit_cost_kr", 0) == 1200);
    assert_true(of_service(panel, "HTAMN", "deviation_kr", 0) == -200);
    assert_close(of_service(panel, "HTBODK", "calculated_grant_million_kr", 0), 2, GRID);
    assert_close(of_service(panel, "HTAMN", "unit_cost_kr", 1), 1000 * 3 / 3.5, 1e-12);
    assert_close(of_service(panel, "HTAMN", "deviation_kr", 1), 1000 - 1000 * 3 / 3.5, 1e-12);
    kf_panel_destroy(&panel);
}

static void the_group_has_its_balance_against_the_calculated_grant(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_compute(panel);
    assert_true(whole(panel, "net_expenditure_million_kr", 0) == 6);
    assert_true(whole(panel, "calculated_grant_million_kr", 0) == 5);
    assert_true(whole(panel, "grant_million_kr", 0) == 5);
    assert_true(whole(panel, "gain_million_kr", 0) == -1);
    assert_true(whole(panel, "gain_percent", 0) == -20);
    assert_true(whole(panel, "ratio", 0) == 1.2);
    assert_true(whole(panel, "gain_million_kr", 1) == 0.5);
    assert_close(whole(panel, "ratio", 1), 3 / 3.5, 1e-15);
    kf_panel_destroy(&panel);
}

static void units_are_those_of_the_service(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_compute(panel);
    static const char *const units[][2] = {{"quantity", "hours"},
                                           {"unit_cost_kr", "kr/hours"},
                                           {"deviation_kr", "kr/hours"},
                                           {"calculated_grant_million_kr", "million kr"}};
    for (size_t i = 0; i < 4; i++) {
        const struct kf_result *result =
            kf_panel_result(panel, KF_TOPIC_UNIT_COST, group, "HTBODK", units[i][0]);
        assert_string_equal(result->unit, units[i][1]);
    }
    kf_panel_destroy(&panel);
}

static void a_given_grant_counts_and_the_calculated_one_stands_beside(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_grant(panel, group, (double[]){7500000, FIXTURE_MISSING});
    unit_compute(panel);
    assert_true(whole(panel, "grant_million_kr", 0) == 7.5);
    assert_true(whole(panel, "calculated_grant_million_kr", 0) == 5);
    assert_true(whole(panel, "gain_million_kr", 0) == 1.5);
    assert_true(whole(panel, "ratio", 0) == 0.8);
    assert_true(of_service(panel, "HTBODK", "unit_cost_kr", 0) == 600); /* by rates, as ever */
    assert_true(whole(panel, "grant_million_kr", 1) == 3.5);
    kf_panel_destroy(&panel);
}

static void a_group_without_services_has_its_balance_alone(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 1);
    unit_group(panel, "omsorgslonn", (double[]){1300000});
    unit_grant(panel, "omsorgslonn", (double[]){1900000});
    unit_compute(panel);
    assert_close(unit_value(panel, "omsorgslonn", "", "gain_million_kr", 0), 0.6, GRID);
    assert_false(unit_has(panel, "omsorgslonn", "", "calculated_grant_million_kr"));
    kf_panel_destroy(&panel);
}

static void zero_grant_has_a_gain_and_no_ratio(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_grant(panel, group, (double[]){0, 6000000});
    unit_compute(panel);
    assert_true(whole(panel, "grant_million_kr", 0) == 0);
    assert_true(whole(panel, "gain_million_kr", 0) == -6);
    assert_int_equal(unit_status(panel, group, "", "ratio", 0), KF_CELL_MISSING);
    assert_int_equal(unit_status(panel, group, "", "gain_percent", 0), KF_CELL_MISSING);
    assert_true(whole(panel, "ratio", 1) == 0.5);
    kf_panel_destroy(&panel);
}

static void income_beyond_expenditure_is_a_gain_beyond_the_grant(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 1);
    unit_group(panel, "dag", (double[]){-1000000});
    unit_grant(panel, "dag", (double[]){2000000});
    unit_compute(panel);
    assert_true(unit_value(panel, "dag", "", "gain_million_kr", 0) == 3);
    assert_true(unit_value(panel, "dag", "", "gain_percent", 0) == 150);
    assert_true(unit_value(panel, "dag", "", "ratio", 0) == -0.5);
    kf_panel_destroy(&panel);
}

static void a_service_without_volume_is_missing_not_zero_or_infinite(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    fixture_column(panel, "hjemmetjenester_HTBODK", (double[]){0, FIXTURE_MISSING});
    unit_compute(panel);
    static const char *const measures[] = {"unit_cost_kr", "deviation_kr"};
    for (size_t m = 0; m < 2; m++) {
        for (size_t k = 0; k < 2; k++) {
            const struct kf_result *result =
                kf_panel_result(panel, KF_TOPIC_UNIT_COST, group, "HTBODK", measures[m]);
            assert_null(result); /* neither member has one */
        }
    }
    assert_true(of_service(panel, "HTBODK", "quantity", 0) == 0);
    assert_true(of_service(panel, "HTBODK", "calculated_grant_million_kr", 0) == 0);
    assert_int_equal(unit_status(panel, group, "HTBODK", "calculated_grant_million_kr", 1),
                     KF_CELL_MISSING);
    assert_true(of_service(panel, "HTAMN", "unit_cost_kr", 0) == 2000); /* all of 6 million */
    kf_panel_destroy(&panel);
}

static void flags_travel_to_all_that_rests_on_a_figure(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_seal(panel);
    unit_mark(panel, "hjemmetjenester_netto", 0, KF_CELL_PRELIMINARY);
    unit_mark(panel, "hjemmetjenester_HTAMN", 1, KF_CELL_INFERRED);
    unit_compute(panel);
    assert_int_equal(unit_status(panel, group, "HTBODK", "unit_cost_kr", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(unit_status(panel, group, "HTBODK", "deviation_kr", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(unit_status(panel, group, "", "ratio", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(unit_status(panel, group, "", "gain_percent", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(unit_status(panel, group, "", "grant_million_kr", 0), KF_CELL_VALUE);
    assert_int_equal(unit_status(panel, group, "HTBODK", "unit_cost_kr", 1), KF_CELL_INFERRED);
    assert_int_equal(unit_status(panel, group, "HTBODK", "quantity", 1), KF_CELL_VALUE);
    assert_int_equal(unit_status(panel, group, "", "grant_million_kr", 1), KF_CELL_INFERRED);
    assert_int_equal(unit_status(panel, group, "", "net_expenditure_million_kr", 1), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void what_nobody_has_figures_of_is_not_appended(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    unit_group(panel, "tom", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    unit_delivers(panel, "tom", "HTBODK", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    unit_compute(panel);
    for (size_t i = 0; i < panel->results_len; i++) {
        assert_string_not_equal(panel->results[i].sector, "tom");
    }
    kf_panel_destroy(&panel);
}

static void without_rates_quantities_and_expenditure_are_shown(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    panel->year = 2016; /* no rate, and nothing to index */
    unit_compute(panel);
    assert_true(of_service(panel, "HTAMN", "quantity", 0) == 3000);
    assert_true(whole(panel, "net_expenditure_million_kr", 0) == 6);
    assert_false(unit_has(panel, group, "HTAMN", "unit_cost_kr"));
    assert_false(unit_has(panel, group, "", "grant_million_kr"));
    assert_false(unit_has(panel, group, "", "gain_million_kr"));
    kf_panel_destroy(&panel);
}

static void rates_of_the_year_before_are_indexed(void **state)
{
    (void)state;
    struct kf_panel *panel = home_services();
    panel->year = 2018;
    unit_year(panel, &unit_costs(panel)->rate_growth, 2018, 20);
    unit_compute(panel);
    assert_true(whole(panel, "grant_million_kr", 0) == 6);
    assert_true(of_service(panel, "HTBODK", "unit_cost_kr", 0) == 600);
    assert_true(of_service(panel, "HTBODK", "deviation_kr", 0) == 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services_have_quantity_unit_cost_deviation_and_calculated_grant),
        cmocka_unit_test(the_group_has_its_balance_against_the_calculated_grant),
        cmocka_unit_test(units_are_those_of_the_service),
        cmocka_unit_test(a_given_grant_counts_and_the_calculated_one_stands_beside),
        cmocka_unit_test(a_group_without_services_has_its_balance_alone),
        cmocka_unit_test(zero_grant_has_a_gain_and_no_ratio),
        cmocka_unit_test(income_beyond_expenditure_is_a_gain_beyond_the_grant),
        cmocka_unit_test(a_service_without_volume_is_missing_not_zero_or_infinite),
        cmocka_unit_test(flags_travel_to_all_that_rests_on_a_figure),
        cmocka_unit_test(what_nobody_has_figures_of_is_not_appended),
        cmocka_unit_test(without_rates_quantities_and_expenditure_are_shown),
        cmocka_unit_test(rates_of_the_year_before_are_indexed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

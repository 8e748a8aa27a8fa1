/* Costly users as rows, and the gain by them (METHOD G4–G6). */
#include "tests/support/cmocka.h"

#include <string.h>

#include "tests/services/efficiency/trial/trial_fixture.h"
#include "tests/support/decimals.h"

#define GRID   1e-9
#define SECTOR "resource_intensive"
#define GAIN   "gain_million_kr"

/* The gain is compared with 2015, whose threshold the report does not print. */
static struct kf_panel *with_base(double threshold_2015)
{
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    struct kf_resource_intensive *rule = &fixture_edition(panel)->trial.resource_intensive;
    rule->thresholds = trial_years(panel, 3, (int[]){2015, 2016, 2017},
                                   (double[]){threshold_2015, 1157000, 1235000});
    rule->base_year = 2015;
    rule->growth = trial_years(panel, 2, (int[]){2016, 2017}, (double[]){1.6, 0.695});
    rule->gain = fixture_term(panel, "gevinst", 1e6);
    trial_costly(panel, &sio_costly_2017);
    return panel;
}

static double value(const struct kf_panel *panel, const char *measure, size_t k)
{
    return trial_value(panel, SECTOR, measure, k);
}

static void the_rows_are_those_of_table_3_7(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    trial_costly(panel, &sio_costly_2017);
    trial_compute(panel);
    assert_int_equal(panel->results_len, 7);
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        const struct sio_costly *printed = &sio_costly_2017;
        assert_true(value(panel, "users", k) == printed->users[k]);
        assert_close(value(panel, "net_expenditure_million_kr", k), printed->net[k], GRID);
        assert_close(value(panel, "net_above_threshold_million_kr", k), printed->above[k], 0.1);
        assert_close(value(panel, "own_share_threshold_million_kr", k), printed->own_threshold[k],
                     0.1);
        assert_close(value(panel, "own_share_above_million_kr", k), printed->own_above[k], 0.1);
        assert_close(value(panel, "own_share_million_kr", k), printed->own[k], 0.1);
        assert_close(value(panel, "refund_million_kr", k), printed->refund[k], 0.1);
        assert_true(decimals_add(value(panel, "own_share_million_kr", k),
                                 value(panel, "refund_million_kr", k)) ==
                    value(panel, "net_expenditure_million_kr", k));
    }
    kf_panel_destroy(&panel);
}

/* One user of 2 million kr in 2015, threshold 1: own 1.2; grown by 1.016·1.00695. One of 2.235
 * million kr in 2017: own 1.435. */
static void the_gain_is_what_the_own_share_grew_beyond_need(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1000000);
    struct kf_panel *base = fixture_further(panel, 2015);
    fixture_column(panel, "brukere", (double[]){1, 1, 1, FIXTURE_MISSING});
    fixture_column(panel, "kostnad", (double[]){2.235, 2.235, 2.235, FIXTURE_MISSING});
    fixture_column(base, "brukere", (double[]){1, 0, FIXTURE_MISSING, 1});
    fixture_column(base, "kostnad", (double[]){2, 0, FIXTURE_MISSING, 2});
    trial_compute(panel);
    assert_close(value(panel, GAIN, 0), 1.435 - 1.2 * 1.016 * 1.00695, GRID);
    assert_close(value(panel, GAIN, 1), 1.435, GRID);
    assert_int_equal(trial_status(panel, SECTOR, GAIN, 0), KF_CELL_INFERRED);
    assert_int_equal(trial_status(panel, SECTOR, GAIN, 2), KF_CELL_MISSING);
    assert_int_equal(trial_status(panel, SECTOR, GAIN, 3), KF_CELL_MISSING);
    assert_int_equal(trial_status(panel, SECTOR, "own_share_million_kr", 0), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

/* Table 6.1 prints 5.1 for Stjørdal. That is what the rule gives with the own share of 2016 in
 * place of that of 2015: 64.016 − 57.638·1.016·1.00695 = 5.05. With 2015's own it would be 10.1
 * (METHOD section 9), and that share 52.7 million kr. Of the others the same mistake does not make
 * what is printed: −.5, 4.7, −1.9 against 3.3, 7.7, 6.0. */
static void table_6_1_takes_stjordals_own_share_of_the_wrong_year(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    trial_costly(fixture_further(panel, 2015), &sio_costly_2016);
    trial_compute(panel);
    assert_close(value(panel, GAIN, STJORDAL), 64.016 - 57.638 * 1.016 * 1.00695, 0.001);
    assert_close(value(panel, GAIN, STJORDAL), sio_resource_intensive[STJORDAL],
                 PRINTED + 0.02); /* costs are rounded, too: a fifth of .05, of two years */
    assert_close(value(panel, GAIN, HOBOL), -0.542, 0.001);
    assert_close(value(panel, GAIN, LILLESAND), 4.666, 0.001);
    assert_close(value(panel, GAIN, OS), -1.941, 0.001);
    kf_panel_destroy(&panel);
}

/* 52.7 million kr, all below some threshold, so that all of it is the municipality's own. */
static void with_the_own_share_of_2015_stjordal_gains_twice_as_much(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    struct kf_panel *base = fixture_further(panel, 2015);
    fixture_column(base, "brukere", (double[]){50, 50, 50, 50});
    fixture_column(base, "kostnad", (double[]){52.7, 52.7, 52.7, 52.7});
    trial_compute(panel);
    assert_close(value(panel, GAIN, STJORDAL), 10.1, PRINTED);
    kf_panel_destroy(&panel);
}

static void the_published_gain_stands_in_where_the_base_year_has_no_figures(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    fixture_column(panel, "gevinst", sio_resource_intensive);
    struct kf_panel *base = fixture_further(panel, 2015);
    fixture_column(base, "brukere", (double[]){1, FIXTURE_MISSING, 1, 1});
    fixture_column(base, "kostnad", (double[]){17.6, FIXTURE_MISSING, 10, 10});
    trial_compute(panel);
    assert_int_equal(trial_status(panel, SECTOR, GAIN, HOBOL), KF_CELL_INFERRED);
    assert_int_equal(trial_status(panel, SECTOR, GAIN, LILLESAND), KF_CELL_PUBLISHED);
    assert_close(value(panel, GAIN, LILLESAND), 7.7, GRID);
    assert_close(value(panel, "published_gain_million_kr", HOBOL), 3.3, GRID);
    kf_panel_destroy(&panel);
}

static void check_no_gain(struct kf_panel *panel)
{
    trial_compute(panel);
    assert_false(trial_has(panel, SECTOR, GAIN));
    kf_panel_destroy(&panel);
}

static void a_base_year_without_threshold_or_growth_has_no_gain(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    trial_costly(fixture_further(panel, 2015), &sio_costly_2016);
    fixture_edition(panel)->trial.resource_intensive.thresholds =
        trial_years(panel, 1, (int[]){2017}, (double[]){1235000});
    check_no_gain(panel);
    panel = with_base(1157000);
    trial_costly(fixture_further(panel, 2015), &sio_costly_2016);
    fixture_edition(panel)->trial.resource_intensive.growth.count = 1;
    check_no_gain(panel);
    panel = with_base(1157000);
    check_no_gain(panel);
}

static void the_base_year_itself_and_years_before_it_have_no_gain(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    fixture_edition(panel)->trial.resource_intensive.base_year = 2017;
    check_no_gain(panel);
    panel = with_base(1157000);
    fixture_edition(panel)->trial.resource_intensive.base_year = 2018;
    trial_costly(fixture_further(panel, 2018), &sio_costly_2016);
    check_no_gain(panel);
}

static void faults_of_the_base_year_are_told_with_it(void **state)
{
    (void)state;
    struct kf_panel *panel = with_base(1157000);
    struct kf_panel *base = fixture_further(panel, 2015);
    fixture_column(base, "brukere", (double[]){1, 0, 1, 1});
    fixture_column(base, "kostnad", (double[]){2, 2, 2, 2});
    struct kf_error err = {0};
    assert_int_equal(trial_try(panel, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "0002 in 2015"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_are_those_of_table_3_7),
        cmocka_unit_test(the_gain_is_what_the_own_share_grew_beyond_need),
        cmocka_unit_test(table_6_1_takes_stjordals_own_share_of_the_wrong_year),
        cmocka_unit_test(with_the_own_share_of_2015_stjordal_gains_twice_as_much),
        cmocka_unit_test(the_published_gain_stands_in_where_the_base_year_has_no_figures),
        cmocka_unit_test(a_base_year_without_threshold_or_growth_has_no_gain),
        cmocka_unit_test(the_base_year_itself_and_years_before_it_have_no_gain),
        cmocka_unit_test(faults_of_the_base_year_are_told_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

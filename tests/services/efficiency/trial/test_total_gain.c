/* What is gained in all: the sum of its parts, and table 6.1 of the report (METHOD G8). */
#include "tests/support/cmocka.h"

#include "tests/services/efficiency/given.h"
#include "tests/services/efficiency/trial/trial_fixture.h"
#include "tests/support/decimals.h"

#define GRID 1e-9
#define GAIN "gain_million_kr"

static void give_services(struct kf_panel *panel, const double *gain)
{
    static struct kf_cost_group group = {.id = "hjemmetjenester"};
    struct kf_edition *edition = fixture_edition(panel);
    edition->unit_costs.groups = &group;
    edition->unit_costs.groups_len = 1;
    given_result(panel, KF_TOPIC_UNIT_COST, "services", "", GAIN, gain);
}

/* Demography and costly users as published in table 6.1, for 2017; the services computed. */
static struct kf_panel *table_6_1(void)
{
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->demography.gain = fixture_term(panel, "demografi", 1e6);
    trial->resource_intensive.gain = fixture_term(panel, "ressurskrevende", 1e6);
    trial->gain = fixture_term(panel, "samlet", 1e6);
    fixture_column(panel, "demografi", sio_demography[1]);
    fixture_column(panel, "ressurskrevende", sio_resource_intensive);
    fixture_column(panel, "samlet", sio_total);
    give_services(panel, sio_unit_cost);
    return panel;
}

static double value(const struct kf_panel *panel, const char *measure, size_t k)
{
    return trial_value(panel, "total", measure, k);
}

/* 8.3, 21.1 and 40.1 are the sums of what is printed; Stjørdal's is 49.3, and 49.2 is printed. */
static void the_rows_of_table_6_1_add_up_but_for_a_tenth_in_stjordal(void **state)
{
    (void)state;
    struct kf_panel *panel = table_6_1();
    trial_compute(panel);
    for (size_t k = 0; k < STJORDAL; k++) {
        assert_close(value(panel, GAIN, k), sio_total[k], GRID);
    }
    assert_close(value(panel, GAIN, STJORDAL), 49.3, GRID);
    assert_close(value(panel, "published_gain_million_kr", STJORDAL), 49.2, GRID);
    assert_int_equal(trial_status(panel, "total", GAIN, OS), KF_CELL_PUBLISHED);
    kf_panel_destroy(&panel);
}

static double sum(const double *list)
{
    return list[0] + list[1] + list[2] + list[3];
}

/* A mistake of the report: its row of totals is not the sum of its rows. It prints 15.5, 45.5,
 * 59.5 and 120.5 where the columns add up to 14.0, 43.8, 59.7 and 118.7; the other two are right,
 * and the row adds up across (45.5 + 22.1 + 52.9). */
static void the_row_of_totals_in_table_6_1_does_not_add_its_columns(void **state)
{
    (void)state;
    assert_close(sum(sio_demography[0]), 14.0, GRID);
    assert_close(sum(sio_demography[1]), 43.8, GRID);
    assert_close(sum(sio_demography[2]), 59.7, GRID);
    assert_close(sum(sio_total), 118.7, GRID);
    assert_close(sum(sio_resource_intensive), 22.1, GRID);
    assert_close(sum(sio_unit_cost), 52.9, GRID);
    struct kf_panel *panel = table_6_1();
    trial_compute(panel);
    double all = 0;
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        all += value(panel, GAIN, k);
    }
    assert_close(all, 118.8, GRID); /* with Stjørdal's 49.3 */
    kf_panel_destroy(&panel);
}

/* Some gain of the services in million kr, from −500 to 500. */
static double some_gain(struct fixture_random *random)
{
    return (double)fixture_random_whole(random, -500000000000, 500000000000) / 1e9;
}

static void the_total_is_exactly_the_sum_of_its_parts(void **state)
{
    (void)state;
    struct fixture_random random = {6102};
    for (int i = 0; i < 100; i++) {
        struct kf_panel *panel = trial_of_demography(2017);
        struct kf_trial *trial = &fixture_edition(panel)->trial;
        trial_costly(panel, &sio_costly_2017);
        trial->resource_intensive.base_year = 2016;
        trial->resource_intensive.growth =
            trial_years(panel, 1, (int[]){2017},
                        (double[]){(double)fixture_random_whole(&random, -999, 999) / 100});
        give_services(panel, (double[]){some_gain(&random), some_gain(&random), some_gain(&random),
                                        some_gain(&random)});
        trial_compute(panel);
        for (size_t k = 0; k < SIO_MEMBERS; k++) {
            double parts = decimals_add(trial_value(panel, "services", GAIN, k),
                                        trial_value(panel, "demography", GAIN, k));
            parts = decimals_add(parts, trial_value(panel, "resource_intensive", GAIN, k));
            assert_true(value(panel, GAIN, k) == parts);
            assert_int_equal(trial_status(panel, "total", GAIN, k), KF_CELL_INFERRED);
        }
        kf_panel_destroy(&panel);
    }
}

static void a_missing_part_leaves_the_published_total_or_none(void **state)
{
    (void)state;
    struct kf_panel *panel = table_6_1();
    fixture_column(panel, "ressurskrevende", (double[]){3.3, FIXTURE_MISSING, FIXTURE_MISSING, 5});
    fixture_column(panel, "samlet", (double[]){8.3, 21.1, FIXTURE_MISSING, 49.2});
    trial_compute(panel);
    assert_close(value(panel, GAIN, LILLESAND), 21.1, GRID);
    assert_int_equal(trial_status(panel, "total", GAIN, LILLESAND), KF_CELL_PUBLISHED);
    assert_int_equal(trial_status(panel, "total", GAIN, OS), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_part_that_nobody_has_is_missing_for_all(void **state)
{
    (void)state;
    struct kf_panel *panel = table_6_1();
    static const double nobody[SIO_MEMBERS] = {FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING,
                                               FIXTURE_MISSING};
    fixture_column(panel, "demografi", nobody);
    fixture_column(panel, "samlet", nobody);
    trial_compute(panel);
    assert_false(trial_has(panel, "total", GAIN));
    kf_panel_destroy(&panel);
}

static void a_part_that_the_edition_does_not_have_is_not_missed(void **state)
{
    (void)state;
    struct kf_panel *panel = table_6_1();
    fixture_edition(panel)->trial.resource_intensive = (struct kf_resource_intensive){0};
    fixture_edition(panel)->trial.gain = (struct kf_terms){0};
    trial_compute(panel);
    assert_close(value(panel, GAIN, HOBOL), 7.1 - 2.1, GRID);
    assert_false(trial_has(panel, "total", "published_gain_million_kr"));
    kf_panel_destroy(&panel);
}

/* A published total does not hide what can be computed. */
static void with_a_published_total_alone_the_services_are_the_total(void **state)
{
    (void)state;
    struct kf_panel *panel = table_6_1();
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->resource_intensive = (struct kf_resource_intensive){0};
    trial->demography = (struct kf_demography_gain){0};
    trial_compute(panel);
    assert_close(value(panel, GAIN, HOBOL), -2.1, GRID);
    assert_close(value(panel, "published_gain_million_kr", HOBOL), 8.3, GRID);
    kf_panel_destroy(&panel);
}

static void unit_costs_alone_have_no_total(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    fixture_edition(panel)->trial = (struct kf_trial){0};
    give_services(panel, sio_unit_cost);
    trial_compute(panel);
    assert_int_equal(panel->results_len, 1);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_of_table_6_1_add_up_but_for_a_tenth_in_stjordal),
        cmocka_unit_test(the_row_of_totals_in_table_6_1_does_not_add_its_columns),
        cmocka_unit_test(the_total_is_exactly_the_sum_of_its_parts),
        cmocka_unit_test(a_missing_part_leaves_the_published_total_or_none),
        cmocka_unit_test(a_part_that_nobody_has_is_missing_for_all),
        cmocka_unit_test(a_part_that_the_edition_does_not_have_is_not_missed),
        cmocka_unit_test(with_a_published_total_alone_the_services_are_the_total),
        cmocka_unit_test(unit_costs_alone_have_no_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

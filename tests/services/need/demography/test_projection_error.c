#include "tests/support/cmocka.h"

#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-9

/* All ages in two groups. Projected for 2010: 60 young and 12 old; there came 50 and 15. Nobody old
 * was observed in the second member, where 1 was projected. */
static struct kf_panel *came_otherwise(void)
{
    struct kf_panel *panel = demography_panel_new(2, 2009);
    demography_group(panel, "ung", 0, 66);
    demography_group(panel, "gammel", 67, 105);
    demography_cost_group(panel, "ung", 0, 66);
    demography_cost_group(panel, "gammel", 67, 105);
    demography_service(panel, "skole", (double[]){100000, 0});
    demography_service(panel, "omsorg", (double[]){10000, 300000});
    demography_project(panel, 2009, false);
    fixture_population(panel, (double[]){72, 11});
    fixture_column(panel, "p_ung", (double[]){60, 10});
    fixture_column(panel, "p_gammel", (double[]){12, 1});
    for (int age = 0; age <= 105; age++) {
        demography_age(panel, age, (double[]){0, 0});
    }
    demography_age(panel, 8, (double[]){50, 10});
    demography_age(panel, 91, (double[]){15, 0});
    return panel;
}

static void the_error_is_projected_over_observed(void **state)
{
    (void)state;
    struct kf_panel *panel = came_otherwise();
    demography_compute(panel);
    static const char measure[] = "projection_error_percent";
    assert_close(demography_value(panel, "total", "ung", measure, 0), 20, EPSILON);
    assert_close(demography_value(panel, "total", "gammel", measure, 0), -20, EPSILON);
    assert_close(demography_value(panel, "total", "", measure, 0), 100 * (72.0 / 65 - 1), EPSILON);
    assert_int_equal(demography_status(panel, "total", "gammel", measure, 0), KF_CELL_PROJECTED);
    assert_int_equal(demography_status(panel, "total", "gammel", measure, 1), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

/* 10 young too many: 1 and .1 million; 3 old too few: −.9. One old too many at the second: .3. */
static void the_error_of_cost_is_at_the_rates(void **state)
{
    (void)state;
    struct kf_panel *panel = came_otherwise();
    demography_compute(panel);
    static const char measure[] = "cost_error_million_kr";
    assert_close(demography_value(panel, "skole", "", measure, 0), 1, EPSILON);
    assert_close(demography_value(panel, "omsorg", "", measure, 0), -0.8, EPSILON);
    assert_close(demography_value(panel, "total", "", measure, 0), 0.2, EPSILON);
    assert_close(demography_value(panel, "total", "", measure, 1), 0.3, EPSILON);
    kf_panel_destroy(&panel);
}

static void without_observed_figures_there_is_no_error(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2009);
    demography_group(panel, "ung", 0, 66);
    demography_cost_group(panel, "ung", 0, 66);
    demography_service(panel, "skole", (double[]){100000});
    demography_project(panel, 2009, false);
    fixture_population(panel, (double[]){72});
    fixture_column(panel, "p_ung", (double[]){60});
    demography_compute(panel);
    assert_true(demography_value(panel, "total", "ung", "population", 0) == 60);
    assert_false(demography_has(panel, "total", "ung", "projection_error_percent"));
    assert_false(demography_has(panel, "total", "", "projection_error_percent"));
    assert_false(demography_has(panel, "total", "", "cost_error_million_kr"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_is_projected_over_observed),
        cmocka_unit_test(the_error_of_cost_is_at_the_rates),
        cmocka_unit_test(without_observed_figures_there_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

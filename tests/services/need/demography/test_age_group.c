#include "tests/support/cmocka.h"

#include "services/need/demography/age_group.h"
#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-9

/* A projection of 2007 seen in 2010. One group of two ages.
 *             observed 2007   projected 2007   projected 2009   projected 2010   observed 2010
 * first             20              16               24               28             30 */
static struct kf_panel *projected_year(bool rebased)
{
    struct kf_panel *panel = demography_panel_new(2, 2007);
    demography_group(panel, "a", 6, 7);
    demography_cost_group(panel, "a", 6, 7);
    demography_service(panel, "skole", (double[]){200000});
    demography_project(panel, 2007, rebased);
    fixture_population(panel, (double[]){112, 210});
    fixture_column(panel, "p_a", (double[]){28, 50});
    demography_age(panel, 6, (double[]){10, 30});
    demography_age(panel, 7, (double[]){20, 31});
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){108, 209});
    fixture_column(last, "p_a", (double[]){24, 49});
    struct kf_panel *through = fixture_further(panel, 2007);
    fixture_population(through, (double[]){100, 200});
    fixture_column(through, "p_folkemengde", (double[]){80, 200});
    fixture_column(through, "p_a", (double[]){16, 0});
    demography_age(through, 6, (double[]){5, 0});
    demography_age(through, 7, (double[]){15, 3});
    return panel;
}

static double people(const struct kf_panel *panel, size_t k)
{
    return demography_value(panel, "total", "a", "population", k);
}

static void years_after_the_last_observed_one_are_projected(void **state)
{
    (void)state;
    struct kf_panel *panel = projected_year(false);
    demography_compute(panel);
    assert_true(people(panel, 0) == 28);
    assert_int_equal(demography_status(panel, "total", "a", "population", 0), KF_CELL_PROJECTED);
    assert_true(demography_value(panel, "total", "", "population", 0) == 112);
    assert_int_equal(demography_status(panel, "total", "", "population", 0), KF_CELL_PROJECTED);
    /* Index and cost rest on it: 28/20, and (28 − 24)·200,000. */
    assert_true(demography_value(panel, "total", "a", "population_index", 0) == 1.4);
    assert_close(demography_value(panel, "skole", "a", "cost_million_kr", 0), 0.8, EPSILON);
    assert_int_equal(demography_status(panel, "skole", "a", "cost_million_kr", 0),
                     KF_CELL_PROJECTED);
    assert_int_equal(demography_status(panel, "total", "a", "population_index_others", 0),
                     KF_CELL_PROJECTED);
    kf_panel_destroy(&panel);
}

/* 20/16 = 1.25 times what was projected: 35, and 30 the year before; everybody 100/80 times. */
static void a_rebased_projection_is_scaled_to_the_observed_year(void **state)
{
    (void)state;
    struct kf_panel *panel = projected_year(true);
    demography_compute(panel);
    assert_close(people(panel, 0), 35, EPSILON);
    assert_close(demography_value(panel, "skole", "a", "cost_million_kr", 0), 1, EPSILON);
    assert_close(demography_value(panel, "total", "", "population", 0), 140, EPSILON);
    assert_close(demography_value(panel, "total", "a", "projection_error_percent", 0),
                 100 * (35.0 / 30 - 1), EPSILON);
    kf_panel_destroy(&panel);
}

/* The second member was projected to have none, and had 3: nothing can be scaled. */
static void what_cannot_be_scaled_stands_as_projected_and_is_flagged(void **state)
{
    (void)state;
    struct kf_panel *panel = projected_year(true);
    demography_compute(panel);
    assert_true(people(panel, 1) == 50);
    assert_int_equal(demography_status(panel, "total", "a", "population", 1),
                     KF_CELL_PROJECTED | KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void without_the_observed_year_nothing_can_be_rebased(void **state)
{
    (void)state;
    struct kf_panel *panel = projected_year(true);
    panel->further = NULL;
    demography_compute(panel);
    assert_false(demography_has(panel, "total", "a", "population"));
    assert_false(demography_has(panel, "skole", "", "cost_million_kr"));
    kf_panel_destroy(&panel);
}

/* Of the last observed year itself the figures are observed, whatever the projection says. */
static void in_the_last_observed_year_the_figures_are_the_observed_ones(void **state)
{
    (void)state;
    for (int rebased = 0; rebased < 2; rebased++) {
        struct kf_panel *panel = demography_panel_new(1, 2010);
        demography_group(panel, "a", 6, 6);
        demography_project(panel, 2010, rebased == 1);
        fixture_population(panel, (double[]){100});
        fixture_column(panel, "p_a", (double[]){17});
        demography_age(panel, 6, (double[]){20});
        demography_compute(panel);
        assert_true(people(panel, 0) == 20);
        assert_int_equal(demography_status(panel, "total", "a", "population", 0), KF_CELL_VALUE);
        assert_false(demography_has(panel, "total", "a", "projection_error_percent"));
        kf_panel_destroy(&panel);
    }
}

/* A projection that said the same for every year is the observed figure of the last observed year
 * in every year, once it is rebased. */
static void a_rebased_level_projection_repeats_the_observed_figure(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 31};
    for (int i = 0; i < 100; i++) {
        double projected = (double)fixture_random_whole(&random, 1, 90000);
        double observed = (double)fixture_random_whole(&random, 0, 90000);
        struct kf_panel *panel = demography_panel_new(1, 2006);
        demography_group(panel, "a", 6, 6);
        demography_project(panel, 2006, true);
        fixture_population(panel, (double[]){100});
        fixture_column(panel, "p_a", (double[]){projected});
        struct kf_panel *through = fixture_further(panel, 2006);
        fixture_column(through, "p_a", (double[]){projected});
        demography_age(through, 6, (double[]){observed});
        demography_compute(panel);
        assert_close(people(panel, 0), observed, EPSILON);
        kf_panel_destroy(&panel);
    }
}

/* --- groups of cost groups -------------------------------------------------------------------- */

static struct kf_terms old_people(struct kf_panel *panel)
{
    return fixture_plus(panel, fixture_term(panel, "p_80-89", 1), "p_90+", 1);
}

static void projected_old(struct kf_panel *panel, const double *young, const double *old,
                          const double *oldest)
{
    fixture_column(panel, "p_0-79", young);
    fixture_column(panel, "p_80-89", old);
    fixture_column(panel, "p_90+", oldest);
}

/* Everybody in three cost groups of which the last two are also counted together, projected as the
 * two are, and with the oldest alone. Figures of the ages stand at 5, 85 and 95. */
static struct kf_panel *old_and_oldest(void)
{
    struct kf_panel *panel = demography_panel_new(1, 2007);
    demography_group(panel, "80-89", 80, 89);
    demography_group(panel, "90+", 90, 105);
    demography_group(panel, "80+", 80, 105);
    demography_cost_group(panel, "0-79", 0, 79);
    demography_cost_group(panel, "80-89", 80, 89);
    demography_cost_group(panel, "90+", 90, 105);
    demography_project(panel, 2007, true);
    fixture_edition(panel)->demography.groups[2].projected = old_people(panel);
    return panel;
}

static void observed(struct kf_panel *panel, double young, double old, double oldest)
{
    for (int age = 0; age <= 105; age++) {
        double here = age == 5 ? young : age == 85 ? old : age == 95 ? oldest : 0;
        demography_age(panel, age, (double[]){here});
    }
}

static double total(const struct kf_panel *panel, const char *group)
{
    return demography_value(panel, "total", group, "population", 0);
}

/* In 2007 there were 90, 30 and 10, projected 100, 20 and 20: 0.9, 1.5 and 0.5 times what is
 * projected for 2010. The old together are 1.5·40 + 0.5·10 = 65; scaled as one group they would be
 * 50·40/40 = 50. */
static void groups_of_cost_groups_add_up_with_them_when_rebased(void **state)
{
    (void)state;
    struct kf_panel *panel = old_and_oldest();
    fixture_population(panel, (double[]){150});
    projected_old(panel, (double[]){100}, (double[]){40}, (double[]){10});
    struct kf_panel *through = fixture_further(panel, 2007);
    projected_old(through, (double[]){100}, (double[]){20}, (double[]){20});
    observed(through, 90, 30, 10);
    demography_compute(panel);
    assert_close(total(panel, "80-89"), 60, EPSILON);
    assert_close(total(panel, "90+"), 5, EPSILON);
    assert_close(total(panel, "80+"), 65, EPSILON);
    assert_close(total(panel, ""), 90 + 60 + 5, EPSILON);
    kf_panel_destroy(&panel);
}

/* What is in no cost group is scaled with its own group: 40 projected of 50 observed then. */
static void a_variable_of_no_cost_group_is_scaled_with_its_own_group(void **state)
{
    (void)state;
    struct kf_panel *panel = old_and_oldest();
    fixture_edition(panel)->demography.groups[2].projected =
        fixture_plus(panel, fixture_term(panel, "p_90+", 1), "p_andre", 1);
    fixture_population(panel, (double[]){150});
    projected_old(panel, (double[]){100}, (double[]){40}, (double[]){10});
    fixture_column(panel, "p_andre", (double[]){48});
    struct kf_panel *through = fixture_further(panel, 2007);
    projected_old(through, (double[]){100}, (double[]){20}, (double[]){20});
    fixture_column(through, "p_andre", (double[]){30});
    observed(through, 90, 30, 10);
    demography_compute(panel);
    /* 10·10/20 + 48·(30 + 10)/(20 + 30) */
    assert_close(total(panel, "80+"), 5 + 38.4, EPSILON);
    kf_panel_destroy(&panel);
}

static double any(struct fixture_random *random)
{
    return (double)fixture_random_whole(random, 0, 9000);
}

/* Of any figures, in which nobody may be projected or observed: 80–89 and 90+ are 80+, and with the
 * rest everybody; and a projection that stays level is what was observed of every group. */
static void rebased_groups_add_up_whatever_the_figures(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 77};
    for (int i = 0; i < 200; i++) {
        bool level = i % 2 == 0;
        struct kf_panel *panel = old_and_oldest();
        double then[] = {1 + any(&random), 1 + any(&random), any(&random) + level};
        double here[] = {any(&random), any(&random), any(&random)};
        double now[] = {level ? then[0] : any(&random), level ? then[1] : any(&random),
                        level ? then[2] : any(&random)};
        fixture_population(panel, (double[]){1});
        projected_old(panel, &now[0], &now[1], &now[2]);
        struct kf_panel *through = fixture_further(panel, 2007);
        projected_old(through, &then[0], &then[1], &then[2]);
        observed(through, here[0], here[1], here[2]);
        demography_compute(panel);
        double old = total(panel, "80-89") + total(panel, "90+");
        assert_close(total(panel, "80+"), old, EPSILON);
        assert_close(total(panel, ""), old + now[0] * here[0] / then[0], 1e-8);
        if (level) {
            assert_close(total(panel, "80+"), here[1] + here[2], EPSILON);
            assert_close(total(panel, ""), here[0] + here[1] + here[2], EPSILON);
        }
        kf_panel_destroy(&panel);
    }
}

/* When the cost groups hold every age the population is their sum, in all years. */
static void groups_of_all_ages_are_the_population(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2010);
    demography_cost_group(panel, "0-66", 0, 66);
    demography_cost_group(panel, "67+", 67, 105);
    fixture_population(panel, (double[]){1000});
    for (int age = 0; age <= 105; age++) {
        demography_age(panel, age, (double[]){age == 70 ? 5 : 2});
    }
    demography_compute(panel);
    assert_true(demography_value(panel, "total", "", "population", 0) == 215);
    kf_panel_destroy(&panel);
}

static void groups_without_the_oldest_are_not_the_population(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2010);
    demography_cost_group(panel, "0-104", 0, 104);
    fixture_population(panel, (double[]){1000});
    for (int age = 0; age <= 105; age++) {
        demography_age(panel, age, (double[]){2});
    }
    demography_compute(panel);
    assert_true(demography_value(panel, "total", "", "population", 0) == 1000);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(years_after_the_last_observed_one_are_projected),
        cmocka_unit_test(a_rebased_projection_is_scaled_to_the_observed_year),
        cmocka_unit_test(what_cannot_be_scaled_stands_as_projected_and_is_flagged),
        cmocka_unit_test(without_the_observed_year_nothing_can_be_rebased),
        cmocka_unit_test(in_the_last_observed_year_the_figures_are_the_observed_ones),
        cmocka_unit_test(a_rebased_level_projection_repeats_the_observed_figure),
        cmocka_unit_test(groups_of_cost_groups_add_up_with_them_when_rebased),
        cmocka_unit_test(a_variable_of_no_cost_group_is_scaled_with_its_own_group),
        cmocka_unit_test(rebased_groups_add_up_whatever_the_figures),
        cmocka_unit_test(groups_of_all_ages_are_the_population),
        cmocka_unit_test(groups_without_the_oldest_are_not_the_population),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

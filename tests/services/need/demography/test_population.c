#include "tests/support/cmocka.h"

#include "services/need/demography/population.h"
#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-12

/* --- growth ---------------------------------------------------------------------------------- */

static double growth(double people, double base, int years)
{
    struct kf_wide percent = {0};
    assert_true(kf_population_growth(kf_wide_from_figure(people), kf_wide_from_figure(base), years,
                                     &percent));
    return kf_wide_value(percent);
}

/* The checks that METHOD D2 prints, each told there with one decimal. */
static void mean_yearly_growth_is_as_published(void **state)
{
    (void)state;
    assert_close(growth(121.6, 100, 6), 3.3, 0.05);
    assert_close(growth(92.3, 100, 6), -1.3, 0.05);
    assert_close(growth(97.8, 100, 6), -0.4, 0.05);
    assert_close(growth(104.1, 100, 6), 0.7, 0.05);
}

/* 1.1² = 1.21 and 0.5³ = 0.125, in decimals. */
static void growth_of_whole_roots_is_exact(void **state)
{
    (void)state;
    assert_true(growth(121, 100, 2) == 10);
    assert_true(growth(125, 1000, 3) == -50);
    assert_true(growth(700, 700, 17) == 0);
}

/* From the earlier year to the later, whichever is the base. */
static void a_base_after_the_year_has_the_growth_of_the_calendar(void **state)
{
    (void)state;
    assert_true(growth(100, 121, -2) == 10);
    assert_true(growth(100, 121, -2) == growth(121, 100, 2));
}

static void growth_from_nobody_is_none_and_to_nobody_is_all(void **state)
{
    (void)state;
    struct kf_wide percent = {0};
    assert_false(kf_population_growth(kf_wide_from(5), kf_wide_from(0), 3, &percent));
    assert_false(kf_population_growth(kf_wide_from(0), kf_wide_from(5), -3, &percent));
    assert_true(growth(0, 5, 3) == -100);
    assert_true(growth(5, 0, -3) == -100);
}

/* Compounded over the years the growth is the whole growth. */
static void compound_growth_is_the_whole_growth(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 20260101};
    for (int i = 0; i < 500; i++) {
        double base = (double)fixture_random_whole(&random, 1, 700000);
        double people = (double)fixture_random_whole(&random, 1, 700000);
        int years = (int)fixture_random_whole(&random, 1, 40);
        double factor = 1 + growth(people, base, years) / 100;
        double compounded = 1;
        for (int y = 0; y < years; y++) {
            compounded *= factor;
        }
        assert_close(compounded * base / people, 1, 1e-12);
    }
}

/* --- the columns ----------------------------------------------------------------------------- */

/* Three members, base 2004, one group of two ages: 20, 40, 0 people then, 30, 10, 7 now. */
static struct kf_panel *three_members(void)
{
    struct kf_panel *panel = demography_panel_new(3, 2004);
    fixture_population(panel, (double[]){110, 220, 330});
    demography_group(panel, "6-7", 6, 7);
    demography_age(panel, 6, (double[]){10, 4, 7});
    demography_age(panel, 7, (double[]){20, 6, 0});
    struct kf_panel *base = fixture_further(panel, 2004);
    fixture_population(base, (double[]){100, 200, 300});
    demography_age(base, 6, (double[]){15, 20, 0});
    demography_age(base, 7, (double[]){5, 20, 0});
    return panel;
}

static double total(const struct kf_panel *panel, const char *group, const char *measure, size_t k)
{
    return demography_value(panel, "total", group, measure, k);
}

static void people_and_index_are_sums_over_ages_and_their_ratio(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    demography_compute(panel);
    assert_true(total(panel, "6-7", "population", 0) == 30);
    assert_true(total(panel, "6-7", "population_index", 0) == 1.5);
    assert_true(total(panel, "6-7", "population_index", 1) == 0.25);
    assert_true(total(panel, "", "population", 2) == 330);
    assert_close(total(panel, "", "population_index", 2), 1.1, EPSILON);
    kf_panel_destroy(&panel);
}

/* Others than the first: (10 + 7)/(40 + 0); than the second (30 + 7)/20; than the third 40/60. */
static void the_index_of_the_others_excludes_the_own(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    demography_compute(panel);
    assert_close(total(panel, "6-7", "population_index_others", 0), 17.0 / 40, EPSILON);
    assert_close(total(panel, "6-7", "population_index_others", 1), 37.0 / 20, EPSILON);
    assert_close(total(panel, "6-7", "population_index_others", 2), 40.0 / 60, EPSILON);
    kf_panel_destroy(&panel);
}

static void the_others_do_not_notice_the_own_figure(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    demography_age(panel, 6, (double[]){100000, 4, 7});
    demography_compute(panel);
    assert_close(total(panel, "6-7", "population_index_others", 0), 17.0 / 40, EPSILON);
    kf_panel_destroy(&panel);
}

static void nobody_in_the_base_year_gives_no_index_and_no_percentage(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    demography_compute(panel);
    assert_true(total(panel, "6-7", "population", 2) == 7);
    static const char *const measures[] = {"population_index", "population_growth_percent"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(demography_status(panel, "total", "6-7", measures[i], 2), KF_CELL_MISSING);
    }
    assert_close(total(panel, "6-7", "population_growth_persons", 2), 7.0 / 6, EPSILON);
    kf_panel_destroy(&panel);
}

/* Alone there is nobody to be compared with. */
static void a_single_member_has_no_others(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2010);
    fixture_population(panel, (double[]){100});
    demography_compute(panel);
    assert_true(total(panel, "", "population_index", 0) == 1);
    assert_false(demography_has(panel, "total", "", "population_index_others"));
    kf_panel_destroy(&panel);
}

static void the_base_year_has_index_one_and_no_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_edition(panel)->demography.base_year = 2010;
    demography_compute(panel);
    for (size_t k = 0; k < 3; k++) {
        assert_true(total(panel, "6-7", "population_index", k) == 1);
        assert_true(total(panel, "", "population_index", k) == 1);
    }
    assert_false(demography_has(panel, "total", "6-7", "population_growth_percent"));
    assert_false(demography_has(panel, "total", "", "population_growth_persons"));
    kf_panel_destroy(&panel);
}

static void without_figures_of_the_base_year_there_are_people_alone(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_edition(panel)->demography.base_year = 2003;
    demography_compute(panel);
    assert_true(total(panel, "6-7", "population", 0) == 30);
    assert_false(demography_has(panel, "total", "6-7", "population_index"));
    assert_false(demography_has(panel, "total", "6-7", "population_index_others"));
    assert_false(demography_has(panel, "total", "6-7", "population_growth_persons"));
    kf_panel_destroy(&panel);
}

/* Missing in one age: not counted, and out of the others' sums in both years. */
static void a_member_without_one_age_is_missing_and_left_out(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    demography_age(panel, 7, (double[]){20, FIXTURE_MISSING, 0});
    demography_compute(panel);
    assert_int_equal(demography_status(panel, "total", "6-7", "population", 1), KF_CELL_MISSING);
    assert_int_equal(demography_status(panel, "total", "6-7", "population_index", 1),
                     KF_CELL_MISSING);
    assert_close(total(panel, "6-7", "population_index_others", 2), 30.0 / 20, EPSILON);
    assert_close(total(panel, "6-7", "population_index_others", 1), 37.0 / 20, EPSILON);
    kf_panel_destroy(&panel);
}

/* Published by Statistics Norway: Oslo 693,494 on 1 January 2020 and 728,714 in 2026, the country
 * 5,550,203 in 2024 and 5,627,400 in 2026. 35,220 people in six years are 5870 a year; the country
 * grew by 77,197 in two. */
static void oslo_grew_by_5870_people_a_year(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2004);
    fixture_population(panel, (double[]){728714});
    fixture_population(fixture_further(panel, 2004), (double[]){693494});
    demography_compute(panel);
    assert_true(total(panel, "", "population_growth_persons", 0) == 5870);
    assert_close(total(panel, "", "population_index", 0), 1.05079, 0.000005);
    kf_panel_destroy(&panel);
}

static void a_base_after_the_year_counts_from_now_on(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2012);
    fixture_population(panel, (double[]){5550203});
    fixture_population(fixture_further(panel, 2012), (double[]){5627400});
    demography_compute(panel);
    assert_true(total(panel, "", "population_growth_persons", 0) == 38598.5);
    assert_close(total(panel, "", "population_index", 0), 5550203.0 / 5627400, EPSILON);
    assert_true(total(panel, "", "population_growth_percent", 0) > 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_yearly_growth_is_as_published),
        cmocka_unit_test(growth_of_whole_roots_is_exact),
        cmocka_unit_test(a_base_after_the_year_has_the_growth_of_the_calendar),
        cmocka_unit_test(growth_from_nobody_is_none_and_to_nobody_is_all),
        cmocka_unit_test(compound_growth_is_the_whole_growth),
        cmocka_unit_test(people_and_index_are_sums_over_ages_and_their_ratio),
        cmocka_unit_test(the_index_of_the_others_excludes_the_own),
        cmocka_unit_test(the_others_do_not_notice_the_own_figure),
        cmocka_unit_test(nobody_in_the_base_year_gives_no_index_and_no_percentage),
        cmocka_unit_test(a_single_member_has_no_others),
        cmocka_unit_test(the_base_year_has_index_one_and_no_growth),
        cmocka_unit_test(without_figures_of_the_base_year_there_are_people_alone),
        cmocka_unit_test(a_member_without_one_age_is_missing_and_left_out),
        cmocka_unit_test(oslo_grew_by_5870_people_a_year),
        cmocka_unit_test(a_base_after_the_year_counts_from_now_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

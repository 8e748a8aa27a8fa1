#include "tests/support/cmocka.h"

#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-9

/* The four groups of METHOD D8, with one age each that has people, base 2008. */
static struct kf_panel *four_groups(void)
{
    struct kf_panel *panel = demography_panel_new(2, 2008);
    demography_group(panel, "0-66", 0, 0)->care_weight = 0.4;
    demography_group(panel, "67-79", 70, 70)->care_weight = 0.2;
    demography_group(panel, "80-89", 80, 80)->care_weight = 0.6;
    demography_group(panel, "90+", 90, 90)->care_weight = 0.8;
    demography_group(panel, "6-15", 6, 6); /* not in the index */
    fixture_population(panel, (double[]){1000, 100});
    struct kf_panel *base = fixture_further(panel, 2008);
    static const int ages[] = {0, 70, 80, 90, 6};
    static const double now[][2] = {{110, 1}, {240, 1}, {30, 1}, {5, 1}, {900, 1}};
    static const double then[][2] = {{100, 1}, {200, 1}, {40, 1}, {4, 0}, {1, 1}};
    for (size_t i = 0; i < 5; i++) {
        demography_age(panel, ages[i], now[i]);
        demography_age(base, ages[i], then[i]);
    }
    return panel;
}

/* .4·1.1 + .2·1.2 + .6·.75 + .8·1.25 = .44 + .24 + .45 + 1 = 2.13 of 2. */
static void care_need_is_the_weighted_growth_of_the_groups(void **state)
{
    (void)state;
    struct kf_panel *panel = four_groups();
    demography_compute(panel);
    assert_close(demography_value(panel, "total", "", "care_need_index", 0), 106.5, EPSILON);
    kf_panel_destroy(&panel);
}

static void nobody_above_ninety_in_the_base_year_gives_no_index(void **state)
{
    (void)state;
    struct kf_panel *panel = four_groups();
    demography_compute(panel);
    assert_int_equal(demography_status(panel, "total", "", "care_need_index", 1), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void care_need_is_100_in_the_base_year(void **state)
{
    (void)state;
    struct kf_panel *panel = four_groups();
    fixture_edition(panel)->demography.base_year = 2010;
    demography_compute(panel);
    assert_close(demography_value(panel, "total", "", "care_need_index", 0), 100, EPSILON);
    assert_close(demography_value(panel, "total", "", "care_need_index", 1), 100, EPSILON);
    kf_panel_destroy(&panel);
}

/* Twice the weights: the same index. All groups up by a tenth: 110, whatever the weights. */
static void care_need_knows_only_the_proportions_of_weights(void **state)
{
    (void)state;
    struct kf_panel *panel = four_groups();
    for (size_t g = 0; g < 4; g++) {
        fixture_edition(panel)->demography.groups[g].care_weight *= 2;
    }
    demography_compute(panel);
    assert_close(demography_value(panel, "total", "", "care_need_index", 0), 106.5, EPSILON);
    kf_panel_destroy(&panel);

    panel = four_groups();
    demography_age(panel, 70, (double[]){220, 1});
    demography_age(panel, 80, (double[]){44, 1});
    demography_age(panel, 90, (double[]){4.4, 1});
    demography_compute(panel);
    assert_close(demography_value(panel, "total", "", "care_need_index", 0), 110, EPSILON);
    kf_panel_destroy(&panel);
}

static void without_care_weights_there_is_no_care_need(void **state)
{
    (void)state;
    struct kf_panel *panel = four_groups();
    for (size_t g = 0; g < 4; g++) {
        fixture_edition(panel)->demography.groups[g].care_weight = 0;
    }
    demography_compute(panel);
    assert_false(demography_has(panel, "total", "", "care_need_index"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(care_need_is_the_weighted_growth_of_the_groups),
        cmocka_unit_test(nobody_above_ninety_in_the_base_year_gives_no_index),
        cmocka_unit_test(care_need_is_100_in_the_base_year),
        cmocka_unit_test(care_need_knows_only_the_proportions_of_weights),
        cmocka_unit_test(without_care_weights_there_is_no_care_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

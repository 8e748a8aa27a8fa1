#include "tests/support/cmocka.h"

#include <string.h>

#include "services/normalize/scale.h"
#include "tests/support/panel_fixture.h"

/* Three members of 100, 200 and 100 inhabitants with the values of indicator `x`. */
struct setup {
    struct kf_panel *panel;
    struct kf_values values;
    double normalized[3];
};

static struct setup setup_of(double scale, const double *x)
{
    struct setup setup = {.panel = fixture_panel_new(scale, 3)};
    fixture_population(setup.panel, (double[]){100, 200, 100});
    fixture_sector(setup.panel, "skole", 1);
    fixture_indicator(setup.panel, "skole", "x", 1);
    fixture_column(setup.panel, "x", x);
    fixture_seal(setup.panel);
    return setup;
}

static enum kf_err normalize(struct setup *setup)
{
    const struct kf_indicator *indicator = &setup->panel->edition->sectors[0].indicators[0];
    struct kf_error err = {0};
    enum kf_err code =
        kf_indicator_raw(setup->panel, indicator, setup->panel->arena, &setup->values, &err);
    assert_int_equal(code, KF_OK);
    return kf_indicator_normalize(setup->panel, indicator, &setup->values, setup->normalized,
                                  fixture_findings(), &err);
}

static void values_are_divided_by_the_groups_mean(void **state)
{
    (void)state;
    /* (100·2 + 200·5 + 100·8)/400 = 5. */
    struct setup setup = setup_of(100, (double[]){2, 5, 8});
    assert_int_equal(normalize(&setup), KF_OK);
    assert_true(setup.normalized[0] == 40);
    assert_true(setup.normalized[1] == 100);
    assert_true(setup.normalized[2] == 160);
    kf_panel_destroy(&setup.panel);
}

static void who_has_no_value_counts_nowhere(void **state)
{
    (void)state;
    struct setup setup = setup_of(1, (double[]){2, FIXTURE_MISSING, 8});
    assert_int_equal(normalize(&setup), KF_OK);
    assert_true(setup.normalized[0] == 0.4);
    assert_true(setup.normalized[1] == 0);
    assert_true(setup.normalized[2] == 1.6);
    kf_panel_destroy(&setup.panel);
}

static void the_countrys_own_value_may_be_the_scale(void **state)
{
    (void)state;
    struct setup setup = setup_of(1, (double[]){2, 5, 8});
    fixture_edition(setup.panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(setup.panel, "x", 4);
    assert_int_equal(normalize(&setup), KF_OK);
    assert_true(setup.normalized[0] == 0.5);
    assert_true(setup.normalized[1] == 1.25);
    assert_true(setup.normalized[2] == 2);
    kf_panel_destroy(&setup.panel);
}

static void a_mean_that_is_not_above_zero_is_refused(void **state)
{
    (void)state;
    struct setup zero = setup_of(100, (double[]){0, 0, 0});
    assert_int_equal(normalize(&zero), KF_ERR_DATA);
    kf_panel_destroy(&zero.panel);
    struct setup negative = setup_of(100, (double[]){-5, 1, 1});
    assert_int_equal(normalize(&negative), KF_ERR_DATA);
    kf_panel_destroy(&negative.panel);
    struct setup country = setup_of(100, (double[]){1, 1, 1});
    fixture_edition(country.panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(country.panel, "x", 0);
    assert_int_equal(normalize(&country), KF_ERR_DATA);
    kf_panel_destroy(&country.panel);
}

static struct setup standardized(double scale, double spread, const double *x)
{
    struct setup setup = setup_of(scale, x);
    fixture_edition(setup.panel)->normalization = KF_NORMALIZE_STANDARDIZED;
    fixture_edition(setup.panel)->spread = spread;
    return setup;
}

static void standardized_values_are_distances_in_standard_deviations(void **state)
{
    (void)state;
    /* METHOD A8 with S1's deviation: mean 5; 3/2·(100·9 + 200·0 + 100·9)/400 = 6.75;
     * 100·(1 − .1·3/√6.75) = 100 − 11.547 = 88.453. */
    struct setup setup = standardized(100, 0.1, (double[]){2, 5, 8});
    assert_int_equal(normalize(&setup), KF_OK);
    assert_close(setup.normalized[0], 100 - 20 / sqrt(3), 1e-13);
    assert_true(setup.normalized[1] == 100);
    assert_close(setup.normalized[2], 100 + 20 / sqrt(3), 1e-13);
    kf_panel_destroy(&setup.panel);
}

static void standardizing_forgets_level_and_unit(void **state)
{
    (void)state;
    struct setup setup = standardized(1, 0.25, (double[]){0.2, 0.5, 0.9});
    struct setup moved = standardized(1, 0.25, (double[]){1020, 1050, 1090});
    assert_int_equal(normalize(&setup), KF_OK);
    assert_int_equal(normalize(&moved), KF_OK);
    assert_memory_equal(setup.normalized, moved.normalized, sizeof setup.normalized);
    assert_true(setup.normalized[0] < 1 && setup.normalized[2] > 1);
    kf_panel_destroy(&setup.panel);
    kf_panel_destroy(&moved.panel);
}

static void without_differences_everybody_stands_at_the_scale(void **state)
{
    (void)state;
    /* .1/.3 three times from different figures: equal, though not in the last bits. */
    struct setup setup = standardized(100, 0.1, (double[]){0.1, 1, 0.7});
    fixture_edition(setup.panel)->sectors[0].indicators[0].per = KF_PER_TERMS;
    fixture_edition(setup.panel)->sectors[0].indicators[0].denominator =
        fixture_term(setup.panel, "y", 1);
    fixture_column(setup.panel, "y", (double[]){0.3, 3, 2.1});
    fixture_seal(setup.panel);
    assert_int_equal(normalize(&setup), KF_OK);
    for (size_t k = 0; k < 3; k++) {
        assert_true(setup.normalized[k] == 100);
    }
    kf_panel_destroy(&setup.panel);
}

static void zero_and_negative_means_can_be_standardized(void **state)
{
    (void)state;
    struct setup setup = standardized(100, 0.1, (double[]){-3, 0, 3});
    assert_int_equal(normalize(&setup), KF_OK);
    assert_close(setup.normalized[0], 100 - 20 / sqrt(3), 1e-13);
    kf_panel_destroy(&setup.panel);
    struct setup zero = standardized(100, 0.1, (double[]){0, 0, 0});
    assert_int_equal(normalize(&zero), KF_OK);
    assert_true(zero.normalized[0] == 100 && zero.normalized[2] == 100);
    kf_panel_destroy(&zero.panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_divided_by_the_groups_mean),
        cmocka_unit_test(who_has_no_value_counts_nowhere),
        cmocka_unit_test(the_countrys_own_value_may_be_the_scale),
        cmocka_unit_test(a_mean_that_is_not_above_zero_is_refused),
        cmocka_unit_test(standardized_values_are_distances_in_standard_deviations),
        cmocka_unit_test(standardizing_forgets_level_and_unit),
        cmocka_unit_test(without_differences_everybody_stands_at_the_scale),
        cmocka_unit_test(zero_and_negative_means_can_be_standardized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

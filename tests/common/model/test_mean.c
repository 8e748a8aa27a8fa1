#include "tests/support/cmocka.h"

#include "common/model/mean.h"
#include "tests/support/panel_fixture.h"

/* Members of 10, 30 and 60 inhabitants with the figures 3, 1 and none; the country 2. */
static struct kf_panel *panel;
static struct kf_values values;

static int begin(void **state)
{
    (void)state;
    panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){10, 30, 60});
    fixture_column(panel, "x", (double[]){3, 1, FIXTURE_MISSING});
    fixture_country(panel, "x", 2);
    fixture_seal(panel);
    struct kf_terms terms = fixture_term(panel, "x", 1);
    return kf_terms_sum(panel, &terms, panel->arena, &values, NULL) != KF_OK;
}

static int end(void **state)
{
    (void)state;
    kf_panel_destroy(&panel);
    return 0;
}

/* (10·3 + 30·1)/40 = 1.5. */
static void the_mean_is_of_those_that_have_a_value_by_inhabitants(void **state)
{
    (void)state;
    struct kf_mean mean = kf_values_mean(panel, &values);
    assert_int_equal(mean.count, 2);
    assert_true(kf_wide_value(mean.weights) == 40);
    assert_true(kf_wide_value(kf_mean_value(&mean)) == 1.5);
}

static void without_a_population_nobody_counts(void **state)
{
    (void)state;
    fixture_population(panel, (double[]){10, 30, FIXTURE_MISSING});
    struct kf_mean mean = kf_values_mean(panel, &values);
    assert_int_equal(mean.count, 0);
}

static void the_factor_brings_the_mean_to_the_scale(void **state)
{
    (void)state;
    struct kf_mean mean = kf_values_mean(panel, &values);
    double scaled[3] = {-1, -1, -1};
    uint8_t status[3] = {0};
    kf_values_scale(&values, kf_mean_factor(&mean, 150), scaled, status);
    assert_true(scaled[0] == 300);
    assert_true(scaled[1] == 100);
    assert_true(scaled[2] == 0);
    assert_int_equal(status[1], KF_CELL_VALUE);
    assert_int_equal(status[2], KF_CELL_MISSING);
}

static void the_country_may_be_the_scale(void **state)
{
    (void)state;
    struct kf_mean country = kf_values_country(&values);
    double scaled[3] = {0};
    kf_values_scale(&values, kf_mean_factor(&country, 100), scaled, NULL);
    assert_true(scaled[0] == 150);
    assert_true(scaled[1] == 50);
    kf_values_clear(&values, 3, KF_CELL_MISSING);
    country = kf_values_country(&values);
    assert_int_equal(country.count, 0);
}

/* The small value is lost in a double: 1e20 + 1 − 1e20. */
static void a_mean_keeps_32_digits(void **state)
{
    (void)state;
    struct kf_mean mean = {0};
    kf_mean_add(&mean, kf_wide_from(1), kf_wide_from(1e20));
    kf_mean_add(&mean, kf_wide_from(1), kf_wide_from(1));
    kf_mean_add(&mean, kf_wide_from(2), kf_wide_from(-5e19));
    assert_true(kf_wide_value(kf_mean_value(&mean)) == 0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_mean_is_of_those_that_have_a_value_by_inhabitants,
                                        begin, end),
        cmocka_unit_test_setup_teardown(without_a_population_nobody_counts, begin, end),
        cmocka_unit_test_setup_teardown(the_factor_brings_the_mean_to_the_scale, begin, end),
        cmocka_unit_test_setup_teardown(the_country_may_be_the_scale, begin, end),
        cmocka_unit_test(a_mean_keeps_32_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

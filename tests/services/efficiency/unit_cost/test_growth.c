#include "tests/support/cmocka.h"

#include "tests/services/efficiency/unit_cost/unit_fixture.h"

static double cell(const struct kf_panel *panel, const char *kind, const char *measure, size_t k)
{
    return unit_value(panel, "growth", kind, measure, k);
}

static struct kf_real_growth *add(struct kf_panel *panel, const char *id, const char *gross,
                                  const char *demographic)
{
    struct kf_unit_costs *costs = unit_costs(panel);
    struct kf_real_growth *growth = &costs->growths[costs->growths_len++];
    *growth = (struct kf_real_growth){
        .id = id, .name = {"", ""}, .gross = gross, .demographic = demographic};
    return growth;
}

/* AK table 3.6: Hobøl, Lillesand, Os, Stjørdal; yearly 2010–2015, 2016 and 2017. */
#define PERIODS 3
static const char *const ids[PERIODS] = {"a2010_2015", "a2016", "a2017"};
static const char *const gross_ids[PERIODS] = {"b0", "b1", "b2"};
static const char *const demographic_ids[PERIODS] = {"d0", "d1", "d2"};
static const double gross[PERIODS][4] = {
    {5.9, 3.1, 3.9, 3.2}, {-2.0, 3.5, 7.7, 3.7}, {5.0, 6.1, 7.3, 6.6}};
static const double demographic[PERIODS][4] = {
    {2.7, 2.3, 2.9, 2.5}, {6.5, 3.4, 3.9, 4.4}, {3.6, 1.2, 6.2, 2.4}};
static const double real[PERIODS][4] = {
    {3.2, 0.8, 1.0, 0.8}, {-8.5, 0.1, 3.8, -0.6}, {1.4, 4.9, 1.1, 4.2}};

static struct kf_panel *table_3_6(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 4);
    for (size_t p = 0; p < PERIODS; p++) {
        fixture_column(panel, gross_ids[p], gross[p]);
        fixture_column(panel, demographic_ids[p], demographic[p]);
        add(panel, ids[p], gross_ids[p], demographic_ids[p]);
    }
    unit_compute(panel);
    return panel;
}

/* Growth is printed with one decimal; Stjørdal's .8 and −.6 are .7 and −.7 of the printed figures.
 */
static void real_growth_of_table_3_6_is_a_difference_of_percentage_points(void **state)
{
    (void)state;
    struct kf_panel *panel = table_3_6();
    size_t off = 0;
    for (size_t p = 0; p < PERIODS; p++) {
        for (size_t k = 0; k < 4; k++) {
            double made = cell(panel, ids[p], "real_growth_percent", k);
            assert_true(cell(panel, ids[p], "gross_growth_percent", k) == gross[p][k]);
            assert_true(cell(panel, ids[p], "demographic_growth_percent", k) == demographic[p][k]);
            assert_close(made, real[p][k], 0.1 + 1e-9);
            bool differs = fabs(made - real[p][k]) > 1e-9;
            assert_true(!differs || (k == 3 && p < 2));
            off += differs;
        }
    }
    assert_int_equal(off, 2);
    kf_panel_destroy(&panel);
}

/* Differences of decimals, not of binary fractions: 7.3 − 6.2 is 1.1. */
static void a_difference_is_rounded_once(void **state)
{
    (void)state;
    struct kf_panel *panel = table_3_6();
    assert_true(cell(panel, "a2017", "real_growth_percent", 2) == 1.1);
    assert_true(7.3 - 6.2 != 1.1);
    kf_panel_destroy(&panel);
}

/* From 200 to 220 while prices grow by 2.5 percent: 1.1/1.025 − 1. */
static struct kf_panel *amounts(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 3);
    struct kf_panel *before = fixture_previous(panel);
    fixture_column(panel, "brutto", (double[]){220, 205, 100});
    fixture_column(panel, "behov", (double[]){3.6, 0, 1});
    fixture_column(before, "brutto", (double[]){200, 200, 0});
    add(panel, "beregnet", "", "behov")->expenditure = fixture_term(panel, "brutto", 1000);
    unit_year(panel, &unit_costs(panel)->prices, 2016, 9);
    unit_year(panel, &unit_costs(panel)->prices, 2017, 2.5);
    return panel;
}

static void growth_of_an_amount_is_at_fixed_prices(void **state)
{
    (void)state;
    struct kf_panel *panel = amounts();
    unit_compute(panel);
    assert_close(cell(panel, "beregnet", "gross_growth_percent", 0), 100 * (1.1 / 1.025 - 1),
                 1e-13);
    assert_close(cell(panel, "beregnet", "real_growth_percent", 0), 100 * (1.1 / 1.025 - 1) - 3.6,
                 1e-13);
    assert_true(cell(panel, "beregnet", "gross_growth_percent", 1) == 0);
    assert_true(cell(panel, "beregnet", "real_growth_percent", 1) == 0);
    kf_panel_destroy(&panel);
}

static void growth_from_nothing_is_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = amounts();
    unit_compute(panel);
    static const char *const measures[] = {"gross_growth_percent", "real_growth_percent"};
    for (size_t m = 0; m < 2; m++) {
        assert_int_equal(unit_status(panel, "growth", "beregnet", measures[m], 2), KF_CELL_MISSING);
    }
    assert_true(cell(panel, "beregnet", "demographic_growth_percent", 2) == 1);
    kf_panel_destroy(&panel);
}

static void without_prices_or_the_year_before_there_is_no_growth_of_an_amount(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct kf_panel *panel = amounts();
        if (i == 0) {
            panel->previous = NULL;
        } else {
            unit_costs(panel)->prices.count = 1;
        }
        unit_compute(panel);
        assert_false(unit_has(panel, "growth", "beregnet", "gross_growth_percent"));
        assert_false(unit_has(panel, "growth", "beregnet", "real_growth_percent"));
        assert_true(unit_has(panel, "growth", "beregnet", "demographic_growth_percent"));
        kf_panel_destroy(&panel);
    }
}

static void flags_of_both_years_stay(void **state)
{
    (void)state;
    struct kf_panel *panel = amounts();
    unit_seal(panel);
    unit_mark(panel, "brutto", 0, KF_CELL_PRELIMINARY);
    unit_mark(panel->previous, "brutto", 0, KF_CELL_INFERRED);
    unit_mark(panel, "behov", 1, KF_CELL_PROJECTED);
    unit_compute(panel);
    assert_int_equal(unit_status(panel, "growth", "beregnet", "real_growth_percent", 0),
                     KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    assert_int_equal(unit_status(panel, "growth", "beregnet", "real_growth_percent", 1),
                     KF_CELL_PROJECTED);
    assert_int_equal(unit_status(panel, "growth", "beregnet", "gross_growth_percent", 1),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_growth_of_table_3_6_is_a_difference_of_percentage_points),
        cmocka_unit_test(a_difference_is_rounded_once),
        cmocka_unit_test(growth_of_an_amount_is_at_fixed_prices),
        cmocka_unit_test(growth_from_nothing_is_missing),
        cmocka_unit_test(without_prices_or_the_year_before_there_is_no_growth_of_an_amount),
        cmocka_unit_test(flags_of_both_years_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Disposable income and its uses, worked by hand, and the figures that the KS articles tell (METHOD
 * R10–R12). */
#include "tests/support/cmocka.h"

#include <math.h>

#include "services/need/need.h"
#include "tests/services/need/use/use_fixture.h"

#define GRID 1e-7 /* kr: a few steps of the grid */

/* 1000 and 3000 inhabitants. In kr each, the country last: school 20 000, 13 333.33, 15 000;
 * culture 1000 everywhere; interest 3000, 333.33, 1000. The first uses 5000 + 0 + 2000 more than
 * the country's 17 000. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    use_sector(panel, "skole", (double[]){20e6, 40e6});
    use_sector(panel, "kultur", (double[]){1e6, 3e6})->resources.outside = true;
    use_income(panel, "renter", (double[]){3e6, 1e6});
    return panel;
}

static double deviation(const struct kf_panel *panel, const char *sector, size_t k)
{
    return use_value(panel, sector, "deviation_kr_per_capita", k);
}

static double adjusted(const struct kf_panel *panel, const char *sector, size_t k)
{
    return use_value(panel, sector, "income_adjusted_kr_per_capita", k);
}

static double share(const struct kf_panel *panel, const char *sector)
{
    return use_value(panel, sector, "income_share", 0);
}

static void disposable_income_is_the_sum_of_its_uses(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_compute(panel);
    assert_close(deviation(panel, "inside", 0), 5000, GRID);
    assert_close(deviation(panel, "outside", 0), 0, GRID);
    assert_close(deviation(panel, "renter", 0), 2000, GRID);
    assert_close(deviation(panel, "disposable_income", 0), 7000, GRID);
    assert_close(deviation(panel, "disposable_income", 1), -7000.0 / 3, GRID);
    assert_close(use_value(panel, "disposable_income", "deviation_million_kr", 1), -7, GRID);
    assert_false(use_has(panel, "residual", "deviation_kr_per_capita"));
    assert_false(use_has(panel, "renter", "deviation_percent"));
    kf_panel_destroy(&panel);
}

/* 30 000 and 16 666.67 kr, 20 000 in all: 10 000 and −3333.33. */
static void of_a_given_income_the_rest_is_a_residual(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->income = fixture_term(panel, "inntekt", 1);
    fixture_column(panel, "inntekt", (double[]){30e6, 50e6});
    use_compute(panel);
    assert_close(deviation(panel, "disposable_income", 0), 10000, GRID);
    assert_close(deviation(panel, "residual", 0), 3000, GRID);
    assert_close(deviation(panel, "residual", 1), -1000, GRID);
    assert_close(use_value(panel, "residual", "deviation_million_kr", 1), -3, GRID);
    kf_panel_destroy(&panel);
}

/* Shares 15/17, 1/17, 1/17 of 7000: 5000 − 6176.47, 0 − 411.76, 2000 − 411.76. */
static void what_richer_municipalities_would_use_is_taken_off(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_compute(panel);
    assert_close(share(panel, "skole"), 15.0 / 17, 1e-12);
    assert_close(share(panel, "kultur"), 1.0 / 17, 1e-12);
    assert_close(share(panel, "inside"), 15.0 / 17, 1e-12);
    assert_close(share(panel, "outside"), 1.0 / 17, 1e-12);
    assert_true(share(panel, "skole") + share(panel, "kultur") + share(panel, "renter") == 1);
    assert_close(adjusted(panel, "skole", 0), -20000.0 / 17, 1e-6);
    assert_close(adjusted(panel, "inside", 0), -20000.0 / 17, 1e-6);
    assert_close(adjusted(panel, "kultur", 0), -7000.0 / 17, 1e-6);
    assert_close(adjusted(panel, "renter", 0), 27000.0 / 17, 1e-6);
    for (size_t k = 0; k < 2; k++) {
        assert_true(adjusted(panel, "skole", k) + adjusted(panel, "kultur", k) +
                        adjusted(panel, "renter", k) ==
                    0);
    }
    assert_int_equal(use_status(panel, "skole", "income_adjusted_kr_per_capita", 0),
                     KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void an_edition_without_uses_has_no_disposable_income(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->uses_len = 0;
    use_compute(panel);
    assert_true(use_has(panel, "inside", "deviation_kr_per_capita"));
    assert_false(use_has(panel, "disposable_income", "deviation_kr_per_capita"));
    assert_false(use_has(panel, "skole", "income_share"));
    kf_panel_destroy(&panel);
}

static void a_member_without_one_use_has_no_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "renter", (double[]){3e6, FIXTURE_MISSING});
    use_compute(panel);
    assert_int_equal(use_status(panel, "renter", "deviation_kr_per_capita", 1), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "disposable_income", "deviation_kr_per_capita", 1),
                     KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "skole", "income_adjusted_kr_per_capita", 1),
                     KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 1), KF_CELL_VALUE);
    assert_close(deviation(panel, "disposable_income", 0), 5000,
                 GRID); /* alone with its interest */
    kf_panel_destroy(&panel);
}

static void a_use_that_nobody_reports_makes_the_sum_incomplete(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_income(panel, "resultat", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    use_compute(panel);
    assert_false(use_has(panel, "resultat", "deviation_kr_per_capita"));
    assert_int_equal(use_status(panel, "disposable_income", "deviation_kr_per_capita", 0),
                     KF_CELL_INCOMPLETE);
    assert_int_equal(use_status(panel, "skole", "income_share", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 0), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void shares_of_an_income_that_is_not_above_zero_are_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "renter", (double[]){-60e6, -60e6});
    use_compute(panel);
    assert_int_equal(use_status(panel, "skole", "income_share", 0), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "skole", "income_adjusted_kr_per_capita", 0),
                     KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "disposable_income", "deviation_kr_per_capita", 0),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

/* One municipality beside the country. Of a sector: what the country spends an inhabitant, the need
 * index, what the municipality spends an inhabitant. */
struct told {
    const char *sector;
    double level;
    double index;
    double spent;
};

#define COUNTRY 5400000.0

static struct kf_panel *told_panel(double people, const struct told *told, size_t count)
{
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, &people);
    fixture_country(panel, "folkemengde", COUNTRY);
    for (size_t i = 0; i < count; i++) {
        const char *criterion = kf_arena_printf(panel->arena, "behov_%s", told[i].sector);
        double spent = told[i].spent * people;
        double need = told[i].index * people;
        use_sector(panel, told[i].sector, &spent);
        use_key(panel, told[i].sector, criterion, &need);
        fixture_country(panel, told[i].sector, told[i].level * COUNTRY);
        fixture_country(panel, criterion, COUNTRY);
    }
    return panel;
}

static double percent(const struct kf_panel *panel, const char *sector)
{
    return use_value(panel, sector, "deviation_percent", 0);
}

/* Stavanger 2019 in KS-S: +1364 kr = 183 mill., 2.5 % over need, school −8.4 %, administration
 * +15.3 %, child welfare +10.2 %. Accounts made up so that need is 11 000, 4500, 2500 and 54 560 kr
 * in all. The inhabitants that make 183 of 1364 are those of 1 January 2019, in the borders of
 * then: 134 037. One year later, with Finnøy and Rennesøy, 143 574 make 196. */
static void stavanger_2019_is_183_million_over_need(void **state)
{
    (void)state;
    static const struct told told[] = {{"skole", 10000, 1.1, 11000 - 924},
                                       {"administrasjon", 5000, 0.9, 4500 + 688.5},
                                       {"barnevern", 2000, 1.25, 2500 + 255},
                                       {"ovrige", 40000, 0.914, 36560 + 1344.5}};
    struct kf_panel *panel = told_panel(134037, told, 4);
    use_compute(panel);
    assert_close(deviation(panel, "inside", 0), 1364, 1e-6);
    assert_close(use_value(panel, "inside", "deviation_million_kr", 0), 183, 0.5);
    assert_close(percent(panel, "inside"), 2.5, 0.05);
    assert_close(percent(panel, "skole"), -8.4, 0.05);
    assert_close(percent(panel, "administrasjon"), 15.3, 0.05);
    assert_close(percent(panel, "barnevern"), 10.2, 0.05);
    assert_close(use_need(panel, "total", 0), 54560, 1e-6);
    assert_true(fabs(1364 * 143574 / 1e6 - 183) > 12);
    kf_panel_destroy(&panel);
}

/* Sandnes 2022 in KS-N: −4370 kr = 360 mill., −7.0 %, child welfare −29.3 %, social services +7.4
 * %. 360 of 4370 fits the 82 548 inhabitants of 1 January 2023 (360.7), as the kroner are rounded
 * to tens; the 81 305 of 1 January 2022 make 355.3. Need: 2400, 5200 and 62 400 kr in all. */
static void sandnes_2022_is_360_million_under_need(void **state)
{
    (void)state;
    static const struct told told[] = {{"barnevern", 3000, 0.8, 2400 - 703.2},
                                       {"sosial", 5000, 1.04, 5200 + 384.8},
                                       {"ovrige", 50000, 1.096, 54800 - 4051.6}};
    struct kf_panel *panel = told_panel(82548, told, 3);
    use_compute(panel);
    assert_close(deviation(panel, "inside", 0), -4370, 1e-6);
    assert_close(use_value(panel, "inside", "deviation_million_kr", 0), -360, 1);
    assert_close(percent(panel, "inside"), -7.0, 0.05);
    assert_close(percent(panel, "barnevern"), -29.3, 0.05);
    assert_close(percent(panel, "sosial"), 7.4, 0.05);
    kf_panel_destroy(&panel);
}

/* The country spends 47 000 kr inside and 3000 outside the income system: 94 and 6 percent of what
 * services cost; of an income of 52 000 that interest and the result share, 90.4 and 5.8. */
static void the_country_splits_94_to_6(void **state)
{
    (void)state;
    static const struct told told[] = {
        {"skole", 40000, 1, 41000}, {"administrasjon", 7000, 1, 7000}, {"kultur", 3000, 1, 2500}};
    struct kf_panel *panel = told_panel(100000, told, 3);
    fixture_edition(panel)->sectors[2].resources.outside = true;
    use_income(panel, "renter", (double[]){150e6});
    use_income(panel, "resultat", (double[]){70e6});
    fixture_country(panel, "renter", 1500 * COUNTRY);
    fixture_country(panel, "resultat", 500 * COUNTRY);
    use_compute(panel);
    double inside = share(panel, "inside");
    double outside = share(panel, "outside");
    assert_close(inside, 47.0 / 52, 1e-12);
    assert_close(inside / (inside + outside), 0.94, 1e-12);
    assert_close(outside / (inside + outside), 0.06, 1e-12);
    /* 1000 + 0 − 500 + 0 + 200 */
    assert_close(deviation(panel, "disposable_income", 0), 700, GRID);
    assert_close(adjusted(panel, "kultur", 0), -500 - 700.0 * 3 / 52, 1e-6);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disposable_income_is_the_sum_of_its_uses),
        cmocka_unit_test(of_a_given_income_the_rest_is_a_residual),
        cmocka_unit_test(what_richer_municipalities_would_use_is_taken_off),
        cmocka_unit_test(an_edition_without_uses_has_no_disposable_income),
        cmocka_unit_test(a_member_without_one_use_has_no_sum),
        cmocka_unit_test(a_use_that_nobody_reports_makes_the_sum_incomplete),
        cmocka_unit_test(shares_of_an_income_that_is_not_above_zero_are_missing),
        cmocka_unit_test(stavanger_2019_is_183_million_over_need),
        cmocka_unit_test(sandnes_2022_is_360_million_under_need),
        cmocka_unit_test(the_country_splits_94_to_6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

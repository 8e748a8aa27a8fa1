#include "tests/support/cmocka.h"

#include "services/efficiency/unit_cost/million.h"
#include "tests/support/decimals.h"
#include "tests/support/panel_fixture.h"

static void a_million_is_a_million_kroner(void **state)
{
    (void)state;
    assert_true(kf_wide_value(kf_million_from_kr(kf_wide_from(1e6))) == 1);
    assert_true(kf_wide_value(kf_million_from_kr(kf_wide_from(-2500000))) == -2.5);
    assert_close(kf_wide_value(kf_million_from_kr(kf_wide_from(61800123))), 61.800123, 0);
}

/* Figures that are no binary fractions: in any order, the same sum to the last bit, and that of the
 * amounts in øre. */
static void sums_of_millions_are_exact(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 20180831};
    double parts[200];
    double forwards = 0;
    double backwards = 0;
    long long ore = 0;
    for (size_t i = 0; i < 200; i++) {
        long long drawn = fixture_random_whole(&random, -900000000000, 900000000000);
        double kr = (double)drawn / 100;
        ore += drawn;
        parts[i] = kf_wide_value(kf_million_from_kr(kf_wide_from_figure(kr)));
        forwards = decimals_add(forwards, parts[i]);
    }
    for (size_t i = 200; i > 0; i--) {
        backwards = decimals_add(backwards, parts[i - 1]);
    }
    assert_true(forwards == backwards);
    assert_true(forwards == (double)ore / 1e8);
}

static void a_sum_of_terms_is_of_the_members_and_keeps_their_status(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1, 1});
    fixture_column(panel, "netto", (double[]){61800, FIXTURE_MISSING});
    fixture_column(panel, "inntekt", (double[]){800, 5});
    fixture_country(panel, "netto", 1);
    fixture_seal(panel);
    kf_panel_column(panel, "netto")->status[0] = KF_CELL_PRELIMINARY;
    struct kf_terms terms = fixture_plus(panel, fixture_term(panel, "netto", 1000), "inntekt", -1);
    struct kf_values million = {0};
    assert_int_equal(kf_million_of(panel, &terms, panel->arena, &million, NULL), KF_OK);
    assert_close(kf_wide_value(million.values[0]), 61.7992, 1.2e-10);
    assert_int_equal(million.status[0], KF_CELL_PRELIMINARY);
    assert_int_equal(million.status[1], KF_CELL_MISSING);
    assert_int_equal(million.status[2], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void no_term_is_nobodys_amount_not_zero(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    struct kf_terms none = {0};
    struct kf_values million = {0};
    assert_int_equal(kf_million_of(panel, &none, panel->arena, &million, NULL), KF_OK);
    assert_false(kf_values_any(&million));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_is_a_million_kroner),
        cmocka_unit_test(sums_of_millions_are_exact),
        cmocka_unit_test(a_sum_of_terms_is_of_the_members_and_keeps_their_status),
        cmocka_unit_test(no_term_is_nobodys_amount_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

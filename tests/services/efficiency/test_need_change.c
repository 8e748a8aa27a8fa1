#include "tests/support/cmocka.h"

#include "services/efficiency/need_change.h"
#include "tests/services/efficiency/given.h"

static void need_changes_relative_to_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){10, 20});
    struct kf_panel *before = fixture_previous(panel);
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){1.02, 0.9});
    given_need(before, KF_SECTOR_TOTAL, (double[]){0.96, FIXTURE_MISSING});
    struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_need_change(panel, &whole, &ratios, &err), KF_OK);
    assert_non_null(ratios.values);
    assert_close(kf_wide_value(ratios.values[0]), 1.0625, 1e-14);
    assert_int_equal(ratios.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void need_that_was_computed_for_one_year_only_has_no_change(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, (double[]){10});
    (void)fixture_previous(panel);
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){1.02});
    struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_need_change(panel, &whole, &ratios, &err), KF_OK);
    assert_null(ratios.values);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_changes_relative_to_the_year_before),
        cmocka_unit_test(need_that_was_computed_for_one_year_only_has_no_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

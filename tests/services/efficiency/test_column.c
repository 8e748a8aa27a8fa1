#include "tests/support/cmocka.h"

#include "services/efficiency/column.h"
#include "tests/services/efficiency/given.h"

static struct kf_panel *three_members(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){10, 30, 60});
    fixture_seal(panel);
    return panel;
}

static struct kf_values cells_of(const struct kf_panel *panel, const double *values)
{
    struct kf_values cells = {0};
    assert_int_equal(kf_values_new_missing(panel, panel->arena, &cells, NULL), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!isnan(values[k])) {
            cells.values[k] = kf_wide_from_figure(values[k]);
            cells.status[k] = KF_CELL_VALUE;
        }
    }
    return cells;
}

static void the_mean_of_those_that_have_a_value_comes_to_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_values cells = cells_of(panel, (double[]){3, 1, FIXTURE_MISSING});
    struct kf_result column = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_efficiency_column(panel, "skole", "efficiency", &column, &err), KF_OK);
    assert_int_equal(kf_efficiency_scale(panel, &cells, &column, fixture_findings(), &err), KF_OK);
    /* Mean (10·3 + 30·1)/40 = 1.5. */
    assert_close(column.values[0], 200, 1e-12);
    assert_close(column.values[1], 100 / 1.5, 1e-12);
    assert_int_equal(column.status[2], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_mean_that_is_not_above_zero_is_a_finding(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_values cells = cells_of(panel, (double[]){3, -1, FIXTURE_MISSING});
    struct kf_result column = {0};
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_efficiency_column(panel, "skole", "efficiency", &column, &err), KF_OK);
    assert_int_equal(kf_efficiency_scale(panel, &cells, &column, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "efficiency");
    kf_panel_destroy(&panel);
}

static void a_divisor_that_is_missing_or_not_above_zero_leaves_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_values cells = cells_of(panel, (double[]){3, 1, 8});
    struct kf_values divisor = cells_of(panel, (double[]){0, FIXTURE_MISSING, 2});
    divisor.status[2] = KF_CELL_PRELIMINARY;
    kf_efficiency_divide(&cells, &divisor);
    assert_int_equal(cells.status[0], KF_CELL_MISSING);
    assert_int_equal(cells.status[1], KF_CELL_MISSING);
    assert_int_equal(cells.status[2], KF_CELL_PRELIMINARY);
    assert_true(kf_wide_value(cells.values[2]) == 4);
    kf_panel_destroy(&panel);
}

static void members_without_a_population_have_none(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    fixture_population(panel, (double[]){10, FIXTURE_MISSING, 0});
    struct kf_values people = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_efficiency_population(panel, &people, &err), KF_OK);
    assert_int_equal(people.status[0], KF_CELL_VALUE);
    assert_int_equal(people.status[1], KF_CELL_MISSING);
    assert_int_equal(people.status[2], KF_CELL_MISSING);
    assert_int_equal(people.status[3], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_of_those_that_have_a_value_comes_to_scale),
        cmocka_unit_test(a_mean_that_is_not_above_zero_is_a_finding),
        cmocka_unit_test(a_divisor_that_is_missing_or_not_above_zero_leaves_nothing),
        cmocka_unit_test(members_without_a_population_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

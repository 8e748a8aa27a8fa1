#include "tests/support/cmocka.h"

#include "tests/services/efficiency/unit_cost/unit_fixture.h"

/* Ambulatory services with the norm of 60 percent, homes with 80, and a kind without a norm. */
static struct kf_panel *times(void)
{
    static const struct {
        const char *id;
        double norm;
    } kinds[] = {{"ambulerende", 0.6}, {"bolig", 0.8}, {"annet", 0}};
    struct kf_panel *panel = unit_panel_new(2017, 3);
    struct kf_unit_costs *costs = unit_costs(panel);
    for (size_t i = 0; i < 3; i++) {
        costs->user_times[costs->user_times_len++] = (struct kf_user_time){
            .id = kinds[i].id,
            .name = {"", ""},
            .approved =
                fixture_term(panel, kf_arena_printf(panel->arena, "%s_vedtak", kinds[i].id), 1),
            .available =
                fixture_term(panel, kf_arena_printf(panel->arena, "%s_tid", kinds[i].id), 1),
            .norm = kinds[i].norm,
        };
    }
    fixture_column(panel, "ambulerende_vedtak", (double[]){450, 700, FIXTURE_MISSING});
    fixture_column(panel, "ambulerende_tid", (double[]){1000, 1000, 1000});
    fixture_column(panel, "bolig_vedtak", (double[]){400, 300, 0});
    fixture_column(panel, "bolig_tid", (double[]){500, 0, 500});
    fixture_column(panel, "annet_vedtak", (double[]){1, 1, 1});
    fixture_column(panel, "annet_tid", (double[]){4, 4, 4});
    return panel;
}

static double cell(const struct kf_panel *panel, const char *kind, const char *measure, size_t k)
{
    return unit_value(panel, "user_time", kind, measure, k);
}

static void time_with_the_user_is_a_share_of_the_time_there_is(void **state)
{
    (void)state;
    struct kf_panel *panel = times();
    unit_compute(panel);
    assert_true(cell(panel, "ambulerende", "user_time_share", 0) == 0.45);
    assert_true(cell(panel, "ambulerende", "user_time_share", 1) == 0.7);
    assert_true(cell(panel, "bolig", "user_time_share", 0) == 0.8);
    assert_true(cell(panel, "bolig", "user_time_share", 2) == 0); /* none at all is a figure */
    kf_panel_destroy(&panel);
}

static void what_is_beyond_the_norm_is_percentage_points(void **state)
{
    (void)state;
    struct kf_panel *panel = times();
    unit_compute(panel);
    static const char beyond[] = "user_time_beyond_norm_percent";
    assert_true(cell(panel, "ambulerende", beyond, 0) == -15);
    assert_true(cell(panel, "ambulerende", beyond, 1) == 10);
    assert_true(cell(panel, "bolig", beyond, 0) == 0);
    assert_true(cell(panel, "bolig", beyond, 2) == -80);
    assert_true(unit_group_cell(panel, "user_time", "bolig", "user_time_norm")->values[0] == 0.8);
    kf_panel_destroy(&panel);
}

static void without_a_norm_nothing_is_compared(void **state)
{
    (void)state;
    struct kf_panel *panel = times();
    unit_compute(panel);
    assert_true(cell(panel, "annet", "user_time_share", 0) == 0.25);
    assert_false(unit_has(panel, "user_time", "annet", "user_time_beyond_norm_percent"));
    assert_null(unit_group_cell(panel, "user_time", "annet", "user_time_norm"));
    kf_panel_destroy(&panel);
}

static void without_time_there_is_no_share(void **state)
{
    (void)state;
    struct kf_panel *panel = times();
    unit_compute(panel);
    assert_int_equal(unit_status(panel, "user_time", "ambulerende", "user_time_share", 2),
                     KF_CELL_MISSING);
    assert_int_equal(unit_status(panel, "user_time", "bolig", "user_time_share", 1),
                     KF_CELL_MISSING);
    assert_int_equal(unit_status(panel, "user_time", "bolig", "user_time_beyond_norm_percent", 1),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_kind_that_nobody_reports_has_no_norm_either(void **state)
{
    (void)state;
    struct kf_panel *panel = times();
    fixture_column(panel, "bolig_tid",
                   (double[]){FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING});
    unit_compute(panel);
    assert_false(unit_has(panel, "user_time", "bolig", "user_time_share"));
    assert_null(unit_group_cell(panel, "user_time", "bolig", "user_time_norm"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_with_the_user_is_a_share_of_the_time_there_is),
        cmocka_unit_test(what_is_beyond_the_norm_is_percentage_points),
        cmocka_unit_test(without_a_norm_nothing_is_compared),
        cmocka_unit_test(without_time_there_is_no_share),
        cmocka_unit_test(a_kind_that_nobody_reports_has_no_norm_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

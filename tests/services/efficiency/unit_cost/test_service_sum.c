#include "tests/support/cmocka.h"

#include "tests/services/efficiency/unit_cost/unit_fixture.h"

/* Places in two homes, at a rate of 2000 kr a day, and three members:
 *     first    800 days for 2 million; 200 days for 0.4 million    1000 days, 2400 kr each
 *     second   500 days for 0.9 million                             500 days, 1800 kr
 *     third    nothing in the first; 250 days for 0.7 million       250 days, 2800 kr            */
static struct kf_panel *two_homes(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 3);
    unit_service(panel, "LOKO", "days", 2000);
    unit_service(panel, "AKO", "days", 1800);
    unit_group(panel, "sentrum", (double[]){2000000, 900000, FIXTURE_MISSING});
    unit_delivers(panel, "sentrum", "LOKO", (double[]){800, 500, FIXTURE_MISSING});
    unit_group(panel, "hovag", (double[]){400000, FIXTURE_MISSING, 700000});
    unit_delivers(panel, "hovag", "LOKO", (double[]){200, FIXTURE_MISSING, 250});
    return panel;
}

static double of(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_value(panel, "services", "LOKO", measure, k);
}

static uint8_t status(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_status(panel, "services", "LOKO", measure, k);
}

static void groups_that_deliver_a_service_are_taken_together(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    unit_compute(panel);
    static const double quantities[] = {1000, 500, 250};
    static const double costs[] = {2400, 1800, 2800};
    for (size_t k = 0; k < 3; k++) {
        assert_true(of(panel, "quantity", k) == quantities[k]);
        assert_true(of(panel, "unit_cost_kr", k) == costs[k]);
        assert_true(of(panel, "deviation_kr", k) == 2000 - costs[k]);
        assert_int_equal(status(panel, "unit_cost_kr", k), KF_CELL_VALUE);
    }
    kf_panel_destroy(&panel);
}

/* (0.9 + 0.7)/750, (2.4 + 0.7)/1250, (2.4 + 0.9)/1500 million kr a day. */
static void others_are_all_but_oneself(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    unit_compute(panel);
    assert_close(of(panel, "unit_cost_others_kr", 0), 1600000.0 / 750, 1e-12);
    assert_true(of(panel, "unit_cost_others_kr", 1) == 2480);
    assert_true(of(panel, "unit_cost_others_kr", 2) == 2200);
    kf_panel_destroy(&panel);
}

static void the_group_has_its_rate_and_all_members_together(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    unit_compute(panel);
    const struct kf_result *rate = unit_group_cell(panel, "services", "LOKO", "rate_kr");
    const struct kf_result *cost = unit_group_cell(panel, "services", "LOKO", "unit_cost_kr");
    assert_true(rate->values[0] == 2000);
    assert_string_equal(rate->unit, "kr/days");
    assert_close(cost->values[0], 4000000.0 / 1750, 1e-12);
    assert_int_equal(cost->status[0], KF_CELL_VALUE);
    assert_null(unit_group_cell(panel, "services", "AKO", "rate_kr")); /* nobody's service */
    assert_false(unit_has(panel, "services", "AKO", "quantity"));
    kf_panel_destroy(&panel);
}

static void who_has_no_service_sees_what_the_others_pay(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    fixture_column(panel, "hovag_LOKO", (double[]){200, FIXTURE_MISSING, 0});
    unit_compute(panel);
    assert_int_equal(status(panel, "unit_cost_kr", 2), KF_CELL_MISSING);
    assert_true(of(panel, "quantity", 2) == 0);
    assert_true(of(panel, "unit_cost_others_kr", 2) == 2200);
    kf_panel_destroy(&panel);
}

static void a_member_alone_has_no_others_and_no_group(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 1);
    unit_service(panel, "LOKO", "days", 2000);
    unit_group(panel, "sentrum", (double[]){2000000});
    unit_delivers(panel, "sentrum", "LOKO", (double[]){800});
    unit_compute(panel);
    assert_true(of(panel, "unit_cost_kr", 0) == 2500);
    assert_false(unit_has(panel, "services", "LOKO", "unit_cost_others_kr"));
    assert_null(unit_group_cell(panel, "services", "LOKO", "unit_cost_kr"));
    assert_true(unit_group_cell(panel, "services", "LOKO", "rate_kr")->values[0] == 2000);
    kf_panel_destroy(&panel);
}

static void one_of_two_without_the_service_is_no_other(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 2);
    unit_service(panel, "LOKO", "days", 2000);
    unit_group(panel, "sentrum", (double[]){2000000, 50});
    unit_delivers(panel, "sentrum", "LOKO", (double[]){800, 0});
    unit_compute(panel);
    assert_int_equal(status(panel, "unit_cost_others_kr", 0), KF_CELL_MISSING);
    assert_true(of(panel, "unit_cost_others_kr", 1) == 2500);
    kf_panel_destroy(&panel);
}

/* The first member's second home has days and no accounts: 800 days at 2500 kr are known. */
static void what_has_no_cost_is_left_out_and_flagged(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    fixture_column(panel, "hovag_netto", (double[]){FIXTURE_MISSING, FIXTURE_MISSING, 700000});
    unit_compute(panel);
    assert_true(of(panel, "quantity", 0) == 1000);
    assert_int_equal(status(panel, "quantity", 0), KF_CELL_VALUE);
    assert_true(of(panel, "unit_cost_kr", 0) == 2500);
    assert_int_equal(status(panel, "unit_cost_kr", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status(panel, "deviation_kr", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status(panel, "unit_cost_others_kr", 0), KF_CELL_VALUE);
    assert_int_equal(status(panel, "unit_cost_others_kr", 1), KF_CELL_INCOMPLETE);
    assert_int_equal(unit_group_cell(panel, "services", "LOKO", "unit_cost_kr")->status[0],
                     KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

/* Accounts without days: something is left out. No accounts, no days: the home is another's. */
static void a_quantity_is_missing_only_in_a_group_that_the_member_has(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    fixture_column(panel, "hovag_LOKO", (double[]){FIXTURE_MISSING, FIXTURE_MISSING, 250});
    unit_compute(panel);
    assert_int_equal(status(panel, "quantity", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status(panel, "unit_cost_kr", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status(panel, "quantity", 1), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void what_is_not_applicable_lacks_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    unit_seal(panel);
    unit_mark(panel, "hovag_LOKO", 0, KF_CELL_NOT_APPLICABLE);
    unit_compute(panel);
    assert_true(of(panel, "quantity", 0) == 800);
    assert_int_equal(status(panel, "quantity", 0), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

/* A flag of one member concerns the others only; one of two members concerns everybody. */
static void others_have_the_flags_of_others(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    unit_seal(panel);
    unit_mark(panel, "sentrum_netto", 0, KF_CELL_PRELIMINARY);
    unit_mark(panel, "sentrum_LOKO", 0, KF_CELL_INFERRED);
    unit_mark(panel, "hovag_LOKO", 2, KF_CELL_INFERRED);
    unit_compute(panel);
    const uint8_t both = KF_CELL_PRELIMINARY | KF_CELL_INFERRED;
    assert_int_equal(status(panel, "unit_cost_kr", 0), both);
    assert_int_equal(status(panel, "unit_cost_others_kr", 0), KF_CELL_INFERRED);
    assert_int_equal(status(panel, "unit_cost_others_kr", 1), both);
    assert_int_equal(status(panel, "unit_cost_others_kr", 2), both);
    assert_int_equal(unit_group_cell(panel, "services", "LOKO", "unit_cost_kr")->status[0], both);
    kf_panel_destroy(&panel);
}

static void without_a_rate_a_service_alone_has_its_unit_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = two_homes();
    panel->year = 2016;
    unit_compute(panel);
    assert_true(of(panel, "unit_cost_kr", 0) == 2400);
    assert_false(unit_has(panel, "services", "LOKO", "deviation_kr"));
    assert_null(unit_group_cell(panel, "services", "LOKO", "rate_kr"));
    assert_non_null(unit_group_cell(panel, "services", "LOKO", "unit_cost_kr"));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_that_deliver_a_service_are_taken_together),
        cmocka_unit_test(others_are_all_but_oneself),
        cmocka_unit_test(the_group_has_its_rate_and_all_members_together),
        cmocka_unit_test(who_has_no_service_sees_what_the_others_pay),
        cmocka_unit_test(a_member_alone_has_no_others_and_no_group),
        cmocka_unit_test(one_of_two_without_the_service_is_no_other),
        cmocka_unit_test(what_has_no_cost_is_left_out_and_flagged),
        cmocka_unit_test(a_quantity_is_missing_only_in_a_group_that_the_member_has),
        cmocka_unit_test(what_is_not_applicable_lacks_nothing),
        cmocka_unit_test(others_have_the_flags_of_others),
        cmocka_unit_test(without_a_rate_a_service_alone_has_its_unit_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

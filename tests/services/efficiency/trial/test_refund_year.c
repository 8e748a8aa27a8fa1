/* Refunds of one year: table 3.7 of the report from its own users and costs, users by themselves,
 * and figures that make no sense (METHOD G4, G5). */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/efficiency/trial/refund_year.h"
#include "tests/services/efficiency/trial/trial_fixture.h"

#define GRID 1e-9

static struct kf_refund_year read_year(struct kf_panel *panel)
{
    struct kf_refund_year refunds = {0};
    fixture_seal(panel);
    assert_int_equal(kf_refund_year_read(panel, panel->arena, fixture_findings(), &refunds, NULL),
                     KF_OK);
    return refunds;
}

/* A printed figure that rests `part` times on the printed cost: both are rounded. */
static void assert_printed(double value, double printed, double part)
{
    assert_close(value, printed, PRINTED + part * PRINTED + GRID);
}

static void check_table(const struct sio_costly *printed)
{
    struct kf_panel *panel = trial_panel(printed->year, SIO_MEMBERS);
    trial_costly(panel, printed);
    struct kf_refund_year refunds = read_year(panel);
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        const struct kf_refund *got = &refunds.list[k];
        assert_int_equal(refunds.status[k], KF_CELL_VALUE);
        assert_true(got->users == printed->users[k]);
        assert_close(got->net, printed->net[k], GRID);
        assert_printed(got->own_threshold, printed->own_threshold[k], 0);
        assert_printed(got->above, printed->above[k], 1);
        assert_printed(got->own_above, printed->own_above[k], 0.2);
        assert_printed(got->own, printed->own[k], 0.2);
        assert_printed(got->refund, printed->refund[k], 0.8);
    }
    kf_panel_destroy(&panel);
}

/* 40 figures, two of them not the nearest tenth: Lillesand's own share of 2017 (26.456, printed
 * 26.4) and Stjørdal's refund of 2016 (50.062, printed 50.0). */
static void table_3_7_follows_from_its_users_and_costs_within_their_rounding(void **state)
{
    (void)state;
    check_table(&sio_costly_2016);
    check_table(&sio_costly_2017);
}

static void a_year_without_a_threshold_has_no_refund(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2015, SIO_MEMBERS);
    trial_costly(panel, &sio_costly_2016);
    struct kf_refund_year refunds = read_year(panel);
    for (size_t k = 0; k < SIO_MEMBERS; k++) {
        assert_int_equal(refunds.status[k], KF_CELL_MISSING);
    }
    kf_panel_destroy(&panel);
}

/* Two members, three users, the third of the second member does not exist. Of 2.235 and 1.735
 * million kr 1 and .5 are above. */
static struct kf_panel *with_users(bool ages)
{
    struct kf_panel *panel = trial_panel(2017, 2);
    trial_users(panel, 3, ages);
    fixture_column(panel, "bruker_kostnad_1", (double[]){2235000, 900000});
    fixture_column(panel, "bruker_kostnad_2", (double[]){1735000, 3235000});
    fixture_column(panel, "bruker_kostnad_3", (double[]){1235000, FIXTURE_MISSING});
    return panel;
}

static void each_user_is_compared_with_the_threshold(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(false);
    struct kf_refund_year refunds = read_year(panel);
    assert_true(refunds.list[0].users == 2);
    assert_close(refunds.list[0].net, 3.97, GRID);
    assert_close(refunds.list[0].refund, 0.8 * 1.5, GRID);
    assert_close(refunds.list[0].own, 2.47 + 0.2 * 1.5, GRID);
    assert_true(refunds.list[1].users == 1);
    assert_close(refunds.list[1].refund, 0.8 * 2, GRID);
    assert_int_equal(refunds.status[0] | refunds.status[1], KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void users_by_themselves_count_before_aggregates(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(false);
    fixture_column(panel, "bruker_kostnad_1", (double[]){2235000, FIXTURE_MISSING});
    fixture_column(panel, "bruker_kostnad_2", (double[]){1735000, FIXTURE_MISSING});
    fixture_column(panel, "brukere", (double[]){10, 10});
    fixture_column(panel, "kostnad", (double[]){20, 20});
    struct kf_refund_year refunds = read_year(panel);
    assert_true(refunds.list[0].users == 2);
    assert_true(refunds.list[1].users == 10);
    assert_close(refunds.list[1].refund, 0.8 * (20 - 12.35), GRID);
    kf_panel_destroy(&panel);
}

static void a_member_whose_users_are_all_below_the_threshold_has_zeros(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(false);
    fixture_column(panel, "bruker_kostnad_2", (double[]){1735000, FIXTURE_MISSING});
    fixture_column(panel, "brukere", (double[]){10, 10});
    fixture_column(panel, "kostnad", (double[]){20, 20});
    struct kf_refund_year refunds = read_year(panel);
    assert_int_equal(refunds.status[1], KF_CELL_VALUE);
    assert_true(refunds.list[1].users == 0 && refunds.list[1].net == 0);
    assert_true(refunds.list[1].refund == 0 && refunds.list[1].own == 0);
    kf_panel_destroy(&panel);
}

static void a_user_at_the_age_limit_does_not_count(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(true);
    fixture_column(panel, "bruker_alder_1", (double[]){67, 20});
    fixture_column(panel, "bruker_alder_2", (double[]){66, 20});
    fixture_column(panel, "bruker_alder_3", (double[]){40, FIXTURE_MISSING});
    struct kf_refund_year refunds = read_year(panel);
    assert_true(refunds.list[0].users == 1);
    assert_close(refunds.list[0].net, 1.735, GRID);
    assert_close(refunds.list[0].refund, 0.4, GRID);
    assert_int_equal(refunds.status[0] | refunds.status[1], KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void a_user_without_an_age_counts_and_is_flagged_where_others_have_one(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(true);
    fixture_column(panel, "bruker_alder_1", (double[]){40, FIXTURE_MISSING});
    fixture_column(panel, "bruker_alder_2", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    fixture_column(panel, "bruker_alder_3", (double[]){70, FIXTURE_MISSING});
    struct kf_refund_year refunds = read_year(panel);
    assert_true(refunds.list[0].users == 2);
    assert_int_equal(refunds.status[0], KF_CELL_INCOMPLETE);
    assert_true(refunds.list[1].users == 1);
    assert_int_equal(refunds.status[1], KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void flags_of_every_user_travel_and_a_cost_held_back_hides_the_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(true);
    fixture_column(panel, "bruker_alder_1", (double[]){40, 40});
    fixture_column(panel, "bruker_alder_2", (double[]){40, 40});
    fixture_column(panel, "bruker_alder_3", (double[]){40, 40});
    trial_status_of(panel, "bruker_kostnad_3", 0, KF_CELL_PRELIMINARY);
    trial_status_of(panel, "bruker_kostnad_3", 1, KF_CELL_CONFIDENTIAL);
    trial_status_of(panel, "bruker_alder_1", 0, KF_CELL_IMPUTED);
    struct kf_refund_year refunds = read_year(panel);
    assert_int_equal(refunds.status[0], KF_CELL_PRELIMINARY | KF_CELL_IMPUTED);
    assert_int_equal(refunds.status[1], KF_CELL_CONFIDENTIAL);
    assert_true(refunds.list[1].net == 0);
    kf_panel_destroy(&panel);
}

static void users_without_their_cost_are_nothing(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2017, 3);
    fixture_column(panel, "brukere", (double[]){15, FIXTURE_MISSING, 0});
    fixture_column(panel, "kostnad", (double[]){FIXTURE_MISSING, 32.5, 0});
    struct kf_refund_year refunds = read_year(panel);
    assert_int_equal(refunds.status[0], KF_CELL_MISSING);
    assert_int_equal(refunds.status[1], KF_CELL_MISSING);
    assert_int_equal(refunds.status[2], KF_CELL_VALUE);
    assert_true(refunds.list[2].own == 0);
    kf_panel_destroy(&panel);
}

static void without_aggregates_in_the_edition_there_are_only_users(void **state)
{
    (void)state;
    struct kf_panel *panel = with_users(false);
    struct kf_resource_intensive *rule = &fixture_edition(panel)->trial.resource_intensive;
    rule->users = (struct kf_terms){0};
    rule->net = (struct kf_terms){0};
    fixture_column(panel, "bruker_kostnad_1", (double[]){2235000, FIXTURE_MISSING});
    fixture_column(panel, "bruker_kostnad_2", (double[]){1735000, FIXTURE_MISSING});
    struct kf_refund_year refunds = read_year(panel);
    assert_int_equal(refunds.status[0], KF_CELL_VALUE);
    assert_int_equal(refunds.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

/* The one finding about the second of three members. */
static void check_refused(double users, double net, const char *variable, const char *remedy)
{
    struct kf_panel *panel = trial_panel(2017, 3);
    fixture_column(panel, "brukere", (double[]){1, users, 2});
    fixture_column(panel, "kostnad", (double[]){2, net, 3});
    struct kf_findings *findings = fixture_findings();
    struct kf_refund_year refunds = {0};
    struct kf_error err = {0};
    fixture_seal(panel);
    assert_int_equal(kf_refund_year_read(panel, panel->arena, findings, &refunds, &err),
                     KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].municipality, "0002");
    assert_string_equal(findings->list[0].variable, variable);
    assert_non_null(strstr(findings->list[0].problem, "2017"));
    assert_non_null(strstr(findings->list[0].remedy, remedy));
    assert_non_null(strstr(err.text, "0002"));
    kf_panel_destroy(&panel);
}

static void costs_of_no_users_are_a_finding(void **state)
{
    (void)state;
    check_refused(0, 32.5, "brukere", "how many users");
}

static void users_and_costs_below_zero_are_findings(void **state)
{
    (void)state;
    check_refused(-1, 32.5, "brukere", "not below 0");
    check_refused(1, -32.5, "kostnad", "before the refund");
}

static void every_faulty_member_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2017, 3);
    fixture_column(panel, "brukere", (double[]){0, 1, -2});
    fixture_column(panel, "kostnad", (double[]){2, 2, 3});
    struct kf_findings *findings = fixture_findings();
    struct kf_refund_year refunds = {0};
    struct kf_error err = {0};
    fixture_seal(panel);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(kf_refund_year_read(panel, panel->arena, findings, &refunds, &err),
                         KF_ERR_DATA);
        assert_int_equal(findings->length, 2);
    }
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_3_7_follows_from_its_users_and_costs_within_their_rounding),
        cmocka_unit_test(a_year_without_a_threshold_has_no_refund),
        cmocka_unit_test(each_user_is_compared_with_the_threshold),
        cmocka_unit_test(users_by_themselves_count_before_aggregates),
        cmocka_unit_test(a_member_whose_users_are_all_below_the_threshold_has_zeros),
        cmocka_unit_test(a_user_at_the_age_limit_does_not_count),
        cmocka_unit_test(a_user_without_an_age_counts_and_is_flagged_where_others_have_one),
        cmocka_unit_test(flags_of_every_user_travel_and_a_cost_held_back_hides_the_sum),
        cmocka_unit_test(users_without_their_cost_are_nothing),
        cmocka_unit_test(without_aggregates_in_the_edition_there_are_only_users),
        cmocka_unit_test(costs_of_no_users_are_a_finding),
        cmocka_unit_test(users_and_costs_below_zero_are_findings),
        cmocka_unit_test(every_faulty_member_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/cmocka.h"

#include "common/model/values.h"
#include "tests/support/panel_fixture.h"

#define COUNTRY 2 /* number of the country behind two members */

static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){10, 20});
    fixture_column(panel, "a", (double[]){100, 0.5});
    fixture_column(panel, "b", (double[]){30, FIXTURE_MISSING});
    fixture_country(panel, "a", 1000);
    fixture_country(panel, "b", 500);
    fixture_seal(panel);
    return panel;
}

static uint8_t *status_of(const struct kf_panel *panel, const char *variable)
{
    return kf_panel_column(panel, variable)->status;
}

static struct kf_values sum_of(const struct kf_panel *panel, struct kf_terms terms)
{
    struct kf_values sum = {0};
    assert_int_equal(kf_terms_sum(panel, &terms, panel->arena, &sum, NULL), KF_OK);
    assert_int_equal(sum.members, 2);
    return sum;
}

static void a_sum_is_weighted_for_every_member_and_the_country(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values sum =
        sum_of(panel, fixture_plus(panel, fixture_term(panel, "a", 1.6), "b", -1));
    assert_true(kf_wide_value(sum.values[0]) == 130);
    assert_true(kf_wide_value(sum.values[COUNTRY]) == 1100);
    assert_int_equal(sum.status[0], KF_CELL_VALUE);
    assert_int_equal(sum.status[COUNTRY], KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void a_term_of_the_country_is_the_same_for_every_member(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_terms terms = fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1);
    terms.list[1].country = true;
    struct kf_values sum = sum_of(panel, terms);
    assert_true(kf_wide_value(sum.values[0]) == 600);
    assert_true(kf_wide_value(sum.values[1]) == 500.5);
    assert_true(kf_wide_value(sum.values[COUNTRY]) == 1500);
    kf_panel_destroy(&panel);
}

static void no_term_gives_zero(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values sum = sum_of(panel, (struct kf_terms){0});
    assert_int_equal(sum.status[1], KF_CELL_VALUE);
    assert_true(sum.values[1].high == 0);
    kf_panel_destroy(&panel);
}

static void the_first_term_without_a_value_says_why_there_is_no_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    status_of(panel, "a")[1] = KF_CELL_CONFIDENTIAL;
    struct kf_values sum = sum_of(panel, fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1));
    assert_int_equal(sum.status[1], KF_CELL_CONFIDENTIAL);
    sum = sum_of(panel, fixture_plus(panel, fixture_term(panel, "b", 1), "a", 1));
    assert_int_equal(sum.status[1], KF_CELL_MISSING);
    assert_true(sum.values[1].high == 0);
    sum = sum_of(panel, fixture_plus(panel, fixture_term(panel, "a", 1), "nowhere", 1));
    assert_int_equal(sum.status[0], KF_CELL_MISSING);
    assert_int_equal(sum.status[COUNTRY], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void the_flags_of_all_figures_stay(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    status_of(panel, "a")[0] = KF_CELL_PRELIMINARY;
    status_of(panel, "b")[0] = KF_CELL_INFERRED;
    struct kf_values sum = sum_of(panel, fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1));
    assert_int_equal(sum.status[0], KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void the_country_alone_is_no_member_with_a_value(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values sum = sum_of(panel, fixture_term(panel, "a", 1));
    assert_true(kf_values_any(&sum));
    kf_values_clear(&sum, 0, KF_CELL_MISSING);
    assert_true(kf_values_any(&sum));
    kf_values_clear(&sum, 1, KF_CELL_MISSING);
    assert_false(kf_values_any(&sum));
    kf_panel_destroy(&panel);
}

static void a_result_holds_the_members_values_rounded_once(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values sum = sum_of(panel, fixture_term(panel, "b", 0.1));
    struct kf_result_key key = {
        .topic = KF_TOPIC_EFFICIENCY, .sector = "skole", .indicator = "", .measure = "efficiency"};
    assert_int_equal(kf_values_append(panel, &key, &sum, NULL), KF_OK);
    assert_int_equal(panel->results_len, 1);
    assert_true(fixture_value(panel, KF_TOPIC_EFFICIENCY, "skole", "", "efficiency", 0) == 3);
    assert_int_equal(panel->results[0].status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void values_that_nobody_has_are_no_result(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values none = {0};
    struct kf_result_key key = {
        .topic = KF_TOPIC_EFFICIENCY, .sector = "skole", .indicator = "", .measure = "efficiency"};
    assert_int_equal(kf_values_new_missing(panel, panel->arena, &none, NULL), KF_OK);
    none.status[COUNTRY] = KF_CELL_VALUE;
    assert_int_equal(kf_values_append(panel, &key, &none, NULL), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void without_memory_there_is_no_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_terms terms = fixture_term(panel, "a", 1);
    struct kf_arena *small = kf_arena_new(8);
    struct kf_values sum = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_terms_sum(panel, &terms, small, &sum, &err), KF_ERR_MEMORY);
    assert_null(sum.values);
    kf_arena_destroy(&small);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_is_weighted_for_every_member_and_the_country),
        cmocka_unit_test(a_term_of_the_country_is_the_same_for_every_member),
        cmocka_unit_test(no_term_gives_zero),
        cmocka_unit_test(the_first_term_without_a_value_says_why_there_is_no_sum),
        cmocka_unit_test(the_flags_of_all_figures_stay),
        cmocka_unit_test(the_country_alone_is_no_member_with_a_value),
        cmocka_unit_test(a_result_holds_the_members_values_rounded_once),
        cmocka_unit_test(values_that_nobody_has_are_no_result),
        cmocka_unit_test(without_memory_there_is_no_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

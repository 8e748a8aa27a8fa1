#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/need/need.h"
#include "services/normalize/raw.h"
#include "tests/support/panel_fixture.h"

#define COUNTRY 2 /* number of the country behind two members */

/* Two members of 1000 and 3000 inhabitants, one sector with one indicator `x`. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "barnehage", 1);
    fixture_indicator(panel, "barnehage", "x", 1);
    return panel;
}

static struct kf_indicator *indicator_of(struct kf_panel *panel)
{
    return &fixture_edition(panel)->sectors[0].indicators[0];
}

/* Seals the panel and computes; the values live in the panel. */
static struct kf_values raw_of(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_values raw = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_indicator_raw(panel, indicator_of(panel), panel->arena, &raw, &err), KF_OK);
    assert_int_equal(raw.members, 2);
    return raw;
}

static double value(const struct kf_values *raw, size_t k)
{
    assert_true(kf_cell_has_value(raw->status[k]));
    return kf_wide_value(raw->values[k]);
}

static void hours_of_the_smallest_count_1_6_times(void **state)
{
    (void)state;
    /* METHOD I1: H = 1.6·h(0–2) + h(3–5): 1.6·100 + 250 = 410 and 1.6·0.5 + 1 = 1.8. */
    struct kf_panel *panel = two_members();
    indicator_of(panel)->numerator =
        fixture_plus(panel, fixture_term(panel, "timer_0_2", 1.6), "timer_3_5", 1);
    fixture_column(panel, "timer_0_2", (double[]){100, 0.5});
    fixture_column(panel, "timer_3_5", (double[]){250, 1});
    fixture_country(panel, "timer_0_2", 10);
    fixture_country(panel, "timer_3_5", 4);
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 410);
    assert_true(value(&raw, 1) == 1.8);
    assert_true(value(&raw, COUNTRY) == 20);
    kf_panel_destroy(&panel);
}

static void a_sum_may_stand_above_and_below(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->numerator =
        fixture_plus(panel, fixture_term(panel, "kommunale", 1), "private", 1);
    indicator_of(panel)->per = KF_PER_TERMS;
    indicator_of(panel)->denominator =
        fixture_plus(panel, fixture_term(panel, "barn_1_2", 1), "barn_3_5", 2);
    fixture_column(panel, "kommunale", (double[]){10, 20});
    fixture_column(panel, "private", (double[]){5, 0});
    fixture_column(panel, "barn_1_2", (double[]){10, 0});
    fixture_column(panel, "barn_3_5", (double[]){10, 25});
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 0.5); /* 15 ÷ 30 */
    assert_true(value(&raw, 1) == 0.4); /* 20 ÷ 50: a reported zero is data (A3) */
    kf_panel_destroy(&panel);
}

static void a_contribution_is_added_to_the_countrys_mean(void **state)
{
    (void)state;
    /* METHOD I10: skolebidrag = country mean ± contribution. */
    struct kf_panel *panel = two_members();
    struct kf_terms terms =
        fixture_plus(panel, fixture_term(panel, "skolebidrag", 1), "grunnskolepoeng", 1);
    terms.list[1].country = true;
    indicator_of(panel)->numerator = terms;
    fixture_column(panel, "skolebidrag", (double[]){0.3, -0.2});
    fixture_column(panel, "grunnskolepoeng", (double[]){FIXTURE_MISSING, 99});
    fixture_country(panel, "grunnskolepoeng", 41.7);
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 42);
    assert_true(value(&raw, 1) == 41.5);
    kf_panel_destroy(&panel);
}

static void the_learning_environment_weighs_60_to_40(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->numerator =
        fixture_plus(panel, fixture_term(panel, "trivsel", 0.6), "stotte", 0.4);
    fixture_column(panel, "trivsel", (double[]){4.4, 4.1});
    fixture_column(panel, "stotte", (double[]){3.9, 4.1});
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 4.2); /* 2.64 + 1.56 */
    assert_true(value(&raw, 1) == 4.1);
    kf_panel_destroy(&panel);
}

static void a_complement_is_what_is_left_of_the_whole(void **state)
{
    (void)state;
    /* METHOD I8: cases closed within three months = 1 − those that took longer. 1 − .9 is .1 to the
     * last bit: the subtraction knows that .9 is a decimal. */
    struct kf_panel *panel = two_members();
    indicator_of(panel)->whole = 1;
    fixture_column(panel, "x", (double[]){0.9, 1});
    fixture_country(panel, "x", 0.75);
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 0.1);
    assert_true(value(&raw, 1) == 0);
    assert_true(value(&raw, COUNTRY) == 0.25);
    indicator_of(panel)->whole = 100;
    fixture_column(panel, "x", (double[]){90.1, 12.3});
    raw = raw_of(panel);
    assert_true(value(&raw, 0) == 9.9);
    assert_true(value(&raw, 1) == 87.7);
    kf_panel_destroy(&panel);
}

static void a_complement_is_taken_after_dividing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->whole = 1;
    indicator_of(panel)->per = KF_PER_TERMS;
    indicator_of(panel)->denominator = fixture_term(panel, "saker", 1);
    fixture_column(panel, "x", (double[]){30, 0});
    fixture_column(panel, "saker", (double[]){40, 0});
    struct kf_values raw = raw_of(panel);
    assert_true(value(&raw, 0) == 0.25);
    assert_int_equal(raw.status[1], KF_CELL_MISSING); /* no cases: no share, and no complement */
    kf_panel_destroy(&panel);
}

static void the_need_population_may_be_another_sectors(void **state)
{
    (void)state;
    /* 200 children of 4000 people; need-corrected population 1000·2 and 3000·2/3. */
    struct kf_panel *panel = two_members();
    fixture_sector(panel, "skole", 0);
    fixture_criterion(panel, "skole", "barn", 1);
    fixture_column(panel, "barn", (double[]){100, 100});
    fixture_column(panel, "x", (double[]){500, 1000});
    fixture_country(panel, "x", 6000);
    indicator_of(panel)->per = KF_PER_NEED_POPULATION;
    indicator_of(panel)->per_sector = "skole";
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
    struct kf_values raw = raw_of(panel);
    assert_close(value(&raw, 0), 0.25, 1e-16);
    assert_close(value(&raw, 1), 0.5, 1e-15);
    assert_int_equal(raw.status[COUNTRY], KF_CELL_MISSING); /* its population is not known */
    fixture_country(panel, "folkemengde", 4000);
    raw = raw_of(panel);
    assert_true(value(&raw, COUNTRY) == 1.5); /* its need population is its population */
    kf_panel_destroy(&panel);
}

static void a_missing_term_makes_the_sum_missing_and_says_why(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->numerator = fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1);
    fixture_column(panel, "a", (double[]){1, 2});
    fixture_column(panel, "b", (double[]){FIXTURE_MISSING, 3});
    fixture_seal(panel);
    panel->columns[1].status[0] = KF_CELL_CONFIDENTIAL;
    struct kf_values raw = raw_of(panel);
    assert_int_equal(raw.status[0], KF_CELL_CONFIDENTIAL);
    assert_true(raw.values[0].high == 0);
    assert_true(value(&raw, 1) == 5);
    assert_int_equal(raw.status[COUNTRY], KF_CELL_MISSING);
    assert_true(kf_values_any(&raw));
    kf_panel_destroy(&panel);
}

static void a_column_that_is_not_there_is_missing_for_all(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_values raw = raw_of(panel);
    assert_int_equal(raw.status[0], KF_CELL_MISSING);
    assert_int_equal(raw.status[1], KF_CELL_MISSING);
    assert_false(kf_values_any(&raw));
    kf_panel_destroy(&panel);
}

static void flags_of_all_figures_travel(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->numerator = fixture_plus(panel, fixture_term(panel, "a", 1), "b", 1);
    indicator_of(panel)->per = KF_PER_POPULATION;
    fixture_column(panel, "a", (double[]){1, 2});
    fixture_column(panel, "b", (double[]){1, 4});
    fixture_seal(panel);
    panel->columns[0].status[0] = KF_CELL_PRELIMINARY;
    panel->columns[2].status[0] = KF_CELL_INFERRED; /* folkemengde */
    struct kf_values raw = raw_of(panel);
    assert_int_equal(raw.status[0], KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    assert_int_equal(raw.status[1], KF_CELL_VALUE);
    assert_true(value(&raw, 0) == 0.002);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    indicator_of(panel)->per = KF_PER_POPULATION;
    fixture_column(panel, "x", (double[]){1, 2});
    fixture_seal(panel);
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_values raw = {0};
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        struct kf_arena *arena = kf_arena_new(4096);
        code =
            arena ? kf_indicator_raw(panel, indicator_of(panel), arena, &raw, &err) : KF_ERR_MEMORY;
        kf_memory_fail_after(-1);
        kf_arena_destroy(&arena);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 1);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_of_the_smallest_count_1_6_times),
        cmocka_unit_test(a_sum_may_stand_above_and_below),
        cmocka_unit_test(a_contribution_is_added_to_the_countrys_mean),
        cmocka_unit_test(the_learning_environment_weighs_60_to_40),
        cmocka_unit_test(a_complement_is_what_is_left_of_the_whole),
        cmocka_unit_test(a_complement_is_taken_after_dividing),
        cmocka_unit_test(the_need_population_may_be_another_sectors),
        cmocka_unit_test(a_missing_term_makes_the_sum_missing_and_says_why),
        cmocka_unit_test(a_column_that_is_not_there_is_missing_for_all),
        cmocka_unit_test(flags_of_all_figures_travel),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

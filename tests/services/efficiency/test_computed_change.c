#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/efficiency/change.h"
#include "services/efficiency/computed_change.h"
#include "tests/services/efficiency/given.h"

#define EPSILON 1e-11

/* One sector and administration; wages and prices stand still. Two members of 100 inhabitants, both
 * years:
 *     hours per need-corrected population  1.033 and .96, the year before 1 and 1
 *     gross expenditure                    1008 and 960 after 1000 and 1000
 *     administration                       92 and 240 after 100 and 200 */
static struct kf_panel *two_years(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    struct kf_panel *before = fixture_previous(panel);
    fixture_edition(panel)->change.computed = true;
    struct kf_sector *school = fixture_sector(panel, "skole", 1);
    struct kf_sector *office = fixture_sector(panel, "administrasjon", 0);
    fixture_indicator(panel, "skole", "timer", 1);
    given_rules(panel, &school->expenditure, "skole", true);
    given_rules(panel, &office->expenditure, "administrasjon", true);
    school->expenditure.payroll_costs = (struct kf_terms){NULL, 0};
    office->expenditure.payroll_costs = (struct kf_terms){NULL, 0};
    office->administration = true;
    given_growth(panel, 0, 0);
    struct kf_panel *years[] = {before, panel};
    for (size_t t = 0; t < 2; t++) {
        fixture_population(years[t], (double[]){100, 100});
        fixture_column(years[t], "skole_lonn", (double[]){500, 500});
        fixture_column(years[t], "administrasjon_lonn", (double[]){50, 50});
    }
    fixture_column(panel, "skole_bdu", (double[]){1008, 960});
    fixture_column(before, "skole_bdu", (double[]){1000, 1000});
    fixture_column(panel, "administrasjon_bdu", (double[]){92, 240});
    fixture_column(before, "administrasjon_bdu", (double[]){100, 200});
    return panel;
}

static void give_production(struct kf_panel *panel)
{
    given_raw(panel, "skole", "timer", (double[]){1.033, 0.96}, (double[]){1, 1});
    given_weight(panel, "skole", "timer", 1);
    given_weight(panel, "skole", "", 1);
}

static void compute(struct kf_panel *panel)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    give_production(panel);
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
}

static double value(const struct kf_panel *panel, const char *sector, const char *measure,
                    size_t member)
{
    return efficiency_value(panel, sector, measure, member);
}

/* The check of METHOD T3: 1.033/1.008 is 2.5 percent. */
static void efficiency_grows_by_production_over_expenditure(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    compute(panel);
    static const char *const sectors[] = {"skole", "total"};
    for (size_t s = 0; s < 2; s++) {
        const char *sector = sectors[s];
        assert_close(value(panel, sector, "production_change_percent", 0), 3.3, EPSILON);
        assert_close(value(panel, sector, "expenditure_change_percent", 0), 0.8, EPSILON);
        assert_close(value(panel, sector, "efficiency_change_percent", 0), 2.5, 0.05);
        assert_close(value(panel, sector, "efficiency_change_percent", 0),
                     100 * (1.033 / 1.008 - 1), EPSILON);
        assert_true(value(panel, sector, "efficiency_change_percent", 1) == 0);
    }
    kf_panel_destroy(&panel);
}

/* 1100 after 1100 and 1200 after 1200: with administration expenditure stands still, production is
 * that of the whole (METHOD E4). */
static void with_administration_expenditure_changes_and_production_does_not(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    compute(panel);
    const char *with = "total_with_administration";
    assert_close(value(panel, with, "production_change_percent", 0), 3.3, EPSILON);
    assert_close(value(panel, with, "expenditure_change_percent", 0), 0, EPSILON);
    assert_close(value(panel, with, "efficiency_change_percent", 0), 3.3, EPSILON);
    assert_close(value(panel, "administrasjon", "expenditure_change_percent", 0), -8, EPSILON);
    assert_false(efficiency_has(panel, "administrasjon", "production_change_percent"));
    assert_false(efficiency_has(panel, "administrasjon", "efficiency_change_percent"));
    kf_panel_destroy(&panel);
}

/* METHOD T6: (3.3 + 4)/2 and (.8 + 4)/2, whoever has how many inhabitants. */
static void the_mean_absolute_change_is_unweighted(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_population(panel, (double[]){100, 900});
    fixture_population(panel->previous, (double[]){100, 900});
    compute(panel);
    assert_close(value(panel, "skole", "production_change_mean_absolute", 0), 3.65, EPSILON);
    assert_close(value(panel, "skole", "expenditure_change_mean_absolute", 0), 2.4, EPSILON);
    assert_close(value(panel, "total", "efficiency_change_mean_absolute", 0),
                 50 * (1.033 / 1.008 - 1), EPSILON);
    kf_panel_destroy(&panel);
}

static void a_member_without_a_change_is_not_in_the_mean(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_column(panel, "skole_bdu", (double[]){1008, FIXTURE_MISSING});
    compute(panel);
    assert_close(value(panel, "skole", "expenditure_change_mean_absolute", 0), 0.8, EPSILON);
    kf_panel_destroy(&panel);
}

/* Need grows: K 1.02 after 1, P/N likewise. Hours per need-corrected population grow by 3.3, per
 * inhabitant by 1.033·1.02 = 1.05366, which is 3.366 points more than need. Of the second need
 * falls from 1.25 to 1: per inhabitant .96·.8 = .768, need −20: −3.2 points. */
static void both_forms_stand_side_by_side(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    struct kf_indicator *hours = &fixture_edition(panel)->sectors[0].indicators[0];
    hours->per = KF_PER_NEED_POPULATION;
    hours->per_sector = "skole";
    fixture_seal(panel);
    given_need(panel, "skole", (double[]){1.02, 1});
    given_need(panel->previous, "skole", (double[]){1, 1.25});
    given_result(panel, KF_TOPIC_NEED, "skole", "", "need_population", (double[]){102, 100});
    given_result(panel->previous, KF_TOPIC_NEED, "skole", "", "need_population",
                 (double[]){100, 125});
    compute(panel);
    assert_close(value(panel, "skole", "production_change_percent", 0), 3.3, EPSILON);
    assert_close(value(panel, "skole", "need_change_percent", 0), 2, EPSILON);
    assert_close(value(panel, "skole", "production_per_capita_change_percent", 0), 5.366, EPSILON);
    assert_close(value(panel, "skole", "production_beyond_need_percent", 0), 3.366, EPSILON);
    assert_close(value(panel, "skole", "production_change_percent", 1), -4, EPSILON);
    assert_close(value(panel, "skole", "need_change_percent", 1), -20, EPSILON);
    assert_close(value(panel, "skole", "production_per_capita_change_percent", 1), -23.2, EPSILON);
    assert_close(value(panel, "skole", "production_beyond_need_percent", 1), -3.2, EPSILON);
    kf_panel_destroy(&panel);
}

static void without_a_year_before_there_are_no_changes(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    panel->previous = NULL;
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void a_year_before_of_other_members_is_refused(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_seal(panel);
    panel->previous->members_len = 1;
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_ERR_DATA);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

/* The missing rule `latest` looks back too: that alone asks for no changes. */
static void an_edition_that_computes_no_changes_has_none(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_edition(panel)->change.computed = false;
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

/* Production alone needs no growth of prices. */
static void production_changes_without_accounts_and_deflators(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    for (size_t s = 0; s < 2; s++) {
        fixture_edition(panel)->sectors[s].expenditure = (struct kf_expenditure){.given = ""};
    }
    fixture_edition(panel)->deflators_len = 0;
    compute(panel);
    assert_close(value(panel, "total", "production_change_percent", 0), 3.3, EPSILON);
    assert_false(efficiency_has(panel, "total", "expenditure_change_percent"));
    assert_false(efficiency_has(panel, "total", "efficiency_change_percent"));
    kf_panel_destroy(&panel);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t after = 0; after < 100000; after++) {
        struct kf_panel *panel = two_years();
        fixture_seal(panel);
        give_production(panel);
        struct kf_error err = {0};
        kf_memory_fail_after((int64_t)after);
        enum kf_err code = kf_change_append(panel, fixture_findings(), &err);
        kf_memory_fail_after(-1);
        kf_panel_destroy(&panel);
        if (code == KF_OK) {
            assert_true(after > 0);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
    }
    fail_msg("%s", "the changes were never computed");
}

/* SØF-rapport 06/11, table 4.2: production and expenditure of ten municipalities in 2010, 2009 =
 * 100, and the change in efficiency, in the order of the table. Fed in as hours and accounts. The
 * means of the absolute changes are added up by hand from the printed figures: 7.4, 11.7 and, from
 * the printed changes in efficiency, 15.2, each divided by ten. */
static void the_changes_of_sof_table_4_2_come_out(void **state)
{
    (void)state;
    static const double production[] = {99.9,  99.9,  101.2, 98.7,  99.0,
                                        100.3, 101.7, 100.0, 101.5, 100.2};
    static const double expenditure[] = {100.9, 96.6, 100.1, 100.8, 102.2,
                                         99.1,  99.2, 100.4, 101.8, 100.4};
    static const double printed[] = {-0.9, 3.4, 1.1, -2.1, -3.2, 1.2, 2.5, -0.4, -0.2, -0.2};
    static const double same[] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100};
    struct kf_panel *panel = fixture_panel_new(100, 10);
    struct kf_panel *before = fixture_previous(panel);
    fixture_edition(panel)->change.computed = true;
    struct kf_sector *sector = fixture_sector(panel, "alt", 1);
    fixture_indicator(panel, "alt", "timer", 1);
    given_rules(panel, &sector->expenditure, "alt", true);
    sector->expenditure.payroll_costs = (struct kf_terms){NULL, 0};
    given_growth(panel, 0, 0);
    fixture_population(panel, same);
    fixture_population(before, same);
    fixture_column(panel, "alt_bdu", expenditure);
    fixture_column(before, "alt_bdu", same);
    fixture_column(before, "alt_lonn", same);
    fixture_seal(panel);
    given_raw(panel, "alt", "timer", production, same);
    given_weight(panel, "alt", "timer", 1);
    given_weight(panel, "alt", "", 1);
    struct kf_error err = {0};
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    for (size_t k = 0; k < 10; k++) {
        assert_close(value(panel, "total", "efficiency_change_percent", k), printed[k], 0.11);
    }
    assert_close(value(panel, "total", "production_change_mean_absolute", 0), 0.74, EPSILON);
    assert_close(value(panel, "total", "expenditure_change_mean_absolute", 0), 1.17, EPSILON);
    assert_close(value(panel, "total", "efficiency_change_mean_absolute", 0), 1.52, 0.05);
    kf_panel_destroy(&panel);
}

/* --- published errors (METHOD, printed errors) ------------------------------------------------ */

static double beyond_need(double production_percent, double need_percent)
{
    struct kf_wide production = kf_wide_from_figure(100 + production_percent);
    struct kf_wide need = kf_wide_from_figure(100 + need_percent);
    struct kf_wide hundred = kf_wide_from(100);
    return kf_wide_value(
        kf_beyond_need_points(kf_wide_div(production, hundred), kf_wide_div(need, hundred)));
}

/* KS-S says that production grew by 1.2 percent beyond need where 2.1 is right. The article shows
 * the two growths as a picture only. A lost sign of the need explains both numbers: a − b = 2.1 and
 * a + b = 1.2 give a = 1.65 and b = −.45. These two are solved from the narrated numbers, not
 * printed. Need that falls adds to the growth beyond need. */
static void ks_stavanger_2020_production_beyond_need_is_2_1_not_1_2(void **state)
{
    (void)state;
    assert_close(beyond_need(1.65, -0.45), 2.1, EPSILON);
    assert_close(beyond_need(1.65, 0.45), 1.2, EPSILON);
    assert_true(beyond_need(1, 1) == 0);
}

/* KS-S calls a growth of 34 million a reduction. Only the 34 million are narrated; against 1000
 * million before, chosen for the test, they are +3.4 percent: more spending is above zero, and
 * lowers efficiency. */
static void ks_stavanger_2020_34_million_more_is_an_increase(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_column(panel, "skole_bdu", (double[]){1034, 966});
    fixture_seal(panel);
    struct kf_error err = {0};
    given_raw(panel, "skole", "timer", (double[]){1, 1}, (double[]){1, 1});
    given_weight(panel, "skole", "timer", 1);
    given_weight(panel, "skole", "", 1);
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    assert_close(value(panel, "total", "expenditure_change_percent", 0), 3.4, EPSILON);
    assert_true(value(panel, "total", "efficiency_change_percent", 0) < 0);
    assert_close(value(panel, "total", "expenditure_change_percent", 1), -3.4, EPSILON);
    assert_true(value(panel, "total", "efficiency_change_percent", 1) > 0);
    kf_panel_destroy(&panel);
}

/* KS-N says that production is down .9 percent where it is up: 1.009 of the year before. */
static void ks_sandnes_2023_production_is_up_0_9_not_down(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_seal(panel);
    struct kf_error err = {0};
    given_raw(panel, "skole", "timer", (double[]){100.9, 99.1}, (double[]){100, 100});
    given_weight(panel, "skole", "timer", 1);
    given_weight(panel, "skole", "", 1);
    assert_int_equal(kf_change_append(panel, fixture_findings(), &err), KF_OK);
    assert_close(value(panel, "total", "production_change_percent", 0), 0.9, EPSILON);
    assert_close(value(panel, "total", "production_change_percent", 1), -0.9, EPSILON);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(efficiency_grows_by_production_over_expenditure),
        cmocka_unit_test(with_administration_expenditure_changes_and_production_does_not),
        cmocka_unit_test(the_mean_absolute_change_is_unweighted),
        cmocka_unit_test(a_member_without_a_change_is_not_in_the_mean),
        cmocka_unit_test(both_forms_stand_side_by_side),
        cmocka_unit_test(without_a_year_before_there_are_no_changes),
        cmocka_unit_test(a_year_before_of_other_members_is_refused),
        cmocka_unit_test(an_edition_that_computes_no_changes_has_none),
        cmocka_unit_test(production_changes_without_accounts_and_deflators),
        cmocka_unit_test(the_changes_of_sof_table_4_2_come_out),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(ks_stavanger_2020_production_beyond_need_is_2_1_not_1_2),
        cmocka_unit_test(ks_stavanger_2020_34_million_more_is_an_increase),
        cmocka_unit_test(ks_sandnes_2023_production_is_up_0_9_not_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

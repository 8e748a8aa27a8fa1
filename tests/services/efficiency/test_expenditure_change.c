#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/numbers.h"
#include "services/efficiency/expenditure_change.h"
#include "tests/services/efficiency/given.h"

#define EPSILON 1e-14

/* Two sectors; prices grow by 4, wages by 2 percent. Year before:
 *     barnehage  gross 100 300, payroll costs 10 10, wages 40 160: p = 20/200 = .1, ω = 200/400
 *                corrected 100 − 10 + 4 = 94 and 300 − 10 + 16 = 306; deflator 3 percent
 *     skole      gross 500 500, no payroll costs, wages 100 150: ω = 250/1000; deflator 3.5 percent
 * This year: barnehage 120 300, payroll costs 20 10, wages 100 100: p = .15: 115 and 305;
 *     skole 550 540. Inhabitants 10 and 20, the year before 8 and 20. */
static struct kf_panel *two_years(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    struct kf_panel *before = fixture_previous(panel);
    static const char *const ids[] = {"barnehage", "skole"};
    for (size_t s = 0; s < 2; s++) {
        struct kf_sector *sector = fixture_sector(panel, ids[s], 0.5);
        fixture_indicator(panel, ids[s], s == 0 ? "timer" : "laerere", 1);
        given_rules(panel, &sector->expenditure, ids[s], true);
    }
    fixture_edition(panel)->sectors[1].expenditure.payroll_costs = (struct kf_terms){NULL, 0};
    given_growth(panel, 2, 4);
    fixture_population(panel, (double[]){10, 20});
    fixture_population(before, (double[]){8, 20});
    fixture_column(before, "barnehage_bdu", (double[]){100, 300});
    fixture_column(before, "barnehage_pensjon", (double[]){10, 10});
    fixture_column(before, "barnehage_lonn", (double[]){40, 160});
    fixture_column(before, "skole_bdu", (double[]){500, 500});
    fixture_column(before, "skole_lonn", (double[]){100, 150});
    fixture_column(panel, "barnehage_bdu", (double[]){120, 300});
    fixture_column(panel, "barnehage_pensjon", (double[]){20, 10});
    fixture_column(panel, "barnehage_lonn", (double[]){100, 100});
    fixture_column(panel, "skole_bdu", (double[]){550, 540});
    fixture_column(panel, "skole_lonn", (double[]){1, 1});
    return panel;
}

static struct kf_scope scope_of(const struct kf_panel *panel, const char *sector)
{
    struct kf_scope scopes[KF_SCOPES_MAX];
    size_t count = kf_scopes_of(panel->edition, scopes);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(scopes[i].id, sector) == 0) {
            return scopes[i];
        }
    }
    fail_msg("no scope %s", sector);
    return scopes[0];
}

static struct kf_values change(const struct kf_panel *panel, const char *sector)
{
    struct kf_scope scope = scope_of(panel, sector);
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_expenditure_change(panel, &scope, &ratios, fixture_findings(), &err),
                     KF_OK);
    assert_non_null(ratios.values);
    return ratios;
}

static void expenditure_grows_at_fixed_prices_and_per_inhabitant(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_seal(panel);
    struct kf_values ratios = change(panel, "barnehage");
    assert_close(kf_wide_value(ratios.values[0]), 11.5 / (94 / 8.0 * 1.03), EPSILON);
    assert_close(kf_wide_value(ratios.values[1]), 305 / (306 * 1.03), EPSILON);
    kf_panel_destroy(&panel);
}

/* Together: p = .1 the year before and .15 now, for kindergartens alone have payroll costs. */
static void the_whole_deflates_each_sector_by_its_own_deflator(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_seal(panel);
    struct kf_values ratios = change(panel, "total");
    double before = (94 * 1.03 + 500 * 1.035) / 8;
    assert_close(kf_wide_value(ratios.values[0]), 66.5 / before, EPSILON);
    assert_close(kf_wide_value(ratios.values[1]), 845 / (306 * 1.03 + 500 * 1.035), EPSILON);
    kf_panel_destroy(&panel);
}

/* Need grows by 2 percent for the first: so much less does expenditure. */
static void need_per_inhabitant_is_held_constant(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_seal(panel);
    given_need(panel, "barnehage", (double[]){1.02, FIXTURE_MISSING});
    given_need(panel->previous, "barnehage", (double[]){1, 1});
    struct kf_values ratios = change(panel, "barnehage");
    assert_close(kf_wide_value(ratios.values[0]), 11.5 / (94 / 8.0 * 1.03) / 1.02, EPSILON);
    assert_int_equal(ratios.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void with_a_key_but_no_need_the_change_is_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_seal(panel);
    given_need(panel, "barnehage", (double[]){1.02, 1});
    struct kf_values ratios = change(panel, "barnehage");
    assert_int_equal(ratios.status[0], KF_CELL_MISSING);
    assert_int_equal(ratios.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void what_is_missing_in_one_of_the_years_has_no_change(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_population(panel->previous, (double[]){8, FIXTURE_MISSING});
    fixture_column(panel, "barnehage_bdu", (double[]){FIXTURE_MISSING, 300});
    fixture_seal(panel);
    struct kf_values kindergartens = change(panel, "barnehage");
    struct kf_values schools = change(panel, "skole");
    assert_int_equal(kindergartens.status[0], KF_CELL_MISSING);
    assert_int_equal(kindergartens.status[1], KF_CELL_MISSING);
    assert_close(kf_wide_value(schools.values[0]), 55 / (500 / 8.0 * 1.035), EPSILON);
    assert_int_equal(schools.status[1], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_published_index_has_no_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_edition(panel)->expenditure.given = "utgift";
    fixture_seal(panel);
    struct kf_scope scope = scope_of(panel, "total");
    struct kf_values ratios = {0};
    struct kf_error err = {0};
    assert_int_equal(kf_expenditure_change(panel, &scope, &ratios, fixture_findings(), &err),
                     KF_OK);
    assert_null(ratios.values);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expenditure_grows_at_fixed_prices_and_per_inhabitant),
        cmocka_unit_test(the_whole_deflates_each_sector_by_its_own_deflator),
        cmocka_unit_test(need_per_inhabitant_is_held_constant),
        cmocka_unit_test(with_a_key_but_no_need_the_change_is_missing),
        cmocka_unit_test(what_is_missing_in_one_of_the_years_has_no_change),
        cmocka_unit_test(a_published_index_has_no_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

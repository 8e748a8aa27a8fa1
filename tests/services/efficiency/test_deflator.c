#include "tests/support/cmocka.h"

#include <string.h>

#include "services/efficiency/deflator.h"
#include "tests/services/efficiency/given.h"

/* Growth of prices from TBU; wages are examples. */
#define PRICES_2019 2.4
#define PRICES_2022 10.4

static double percent(double wage_share, double wages, double prices)
{
    return kf_wide_value(kf_deflator_percent(kf_wide_from_figure(wage_share), wages, prices));
}

static void the_deflator_weighs_wages_and_prices_by_the_wage_share(void **state)
{
    (void)state;
    assert_close(percent(0.6, 3.5, PRICES_2019), 3.06, 1e-13);
    assert_close(percent(0.75, 4, PRICES_2022), 5.6, 1e-13);
    assert_true(percent(0, 4, PRICES_2022) == PRICES_2022);
    assert_true(percent(1, 3.5, PRICES_2019) == 3.5);
    assert_true(percent(0.37, 0, 0) == 0);
}

/* Year before: wages 60 of gross 100, and 30 of 80; together 90/180 = .5. This year's 90 of 100
 * counts for nothing. */
static struct kf_panel *two_years(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    struct kf_panel *before = fixture_previous(panel);
    struct kf_sector *sector = fixture_sector(panel, "skole", 1);
    given_rules(panel, &sector->expenditure, "skole", true);
    fixture_population(panel, (double[]){10, 10});
    fixture_population(before, (double[]){10, 10});
    fixture_column(panel, "skole_bdu", (double[]){100, 100});
    fixture_column(panel, "skole_lonn", (double[]){90, 90});
    fixture_column(before, "skole_bdu", (double[]){100, 80});
    fixture_column(before, "skole_lonn", (double[]){60, 30});
    return panel;
}

static enum kf_err append(struct kf_panel *panel, struct kf_findings *findings)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    return kf_deflator_append(panel, findings, &err);
}

static void the_wage_share_is_the_groups_in_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    given_growth(panel, 4, PRICES_2019);
    assert_int_equal(append(panel, fixture_findings()), KF_OK);
    assert_close(efficiency_value(panel, "skole", "deflator_percent", 0), 3.2, 1e-13);
    const struct kf_result *row =
        kf_panel_result(panel, KF_TOPIC_EFFICIENCY, "skole", "", "deflator_percent");
    assert_true(row->group);
    kf_panel_destroy(&panel);
}

static void a_member_that_reports_only_one_of_both_does_not_count(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_column(panel->previous, "skole_lonn", (double[]){60, FIXTURE_MISSING});
    given_growth(panel, 4, PRICES_2019);
    assert_int_equal(append(panel, fixture_findings()), KF_OK);
    assert_close(efficiency_value(panel, "skole", "deflator_percent", 0), 0.6 * 4 + 0.4 * 2.4,
                 1e-13);
    kf_panel_destroy(&panel);
}

static void a_sector_may_have_wages_that_grow_differently(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    struct kf_sector *other = fixture_sector(panel, "barnehage", 1);
    given_rules(panel, &other->expenditure, "skole", true);
    given_growth(panel, 4, PRICES_2019);
    static struct kf_sector_growth own[] = {{"skole", 6}};
    fixture_edition(panel)->deflators[0].sectors = own;
    fixture_edition(panel)->deflators[0].sectors_len = 1;
    assert_int_equal(append(panel, fixture_findings()), KF_OK);
    assert_close(efficiency_value(panel, "skole", "deflator_percent", 0), 4.2, 1e-13);
    assert_close(efficiency_value(panel, "barnehage", "deflator_percent", 0), 3.2, 1e-13);
    kf_panel_destroy(&panel);
}

static void a_year_without_growth_is_a_finding(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    given_growth(panel, 4, PRICES_2019);
    fixture_edition(panel)->deflators[0].year = panel->year - 1;
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(append(panel, findings), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, "deflators");
    assert_non_null(strstr(findings->list[0].problem, "2010"));
    kf_panel_destroy(&panel);
}

static void wages_above_gross_expenditure_are_a_finding(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_column(panel->previous, "skole_lonn", (double[]){600, 30});
    given_growth(panel, 4, PRICES_2019);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(append(panel, findings), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "skole_lonn");
    kf_panel_destroy(&panel);
}

static void without_accounts_the_year_before_the_deflator_is_missing(void **state)
{
    (void)state;
    struct kf_panel *panel = two_years();
    fixture_column(panel->previous, "skole_bdu", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    given_growth(panel, 4, PRICES_2019);
    assert_int_equal(append(panel, fixture_findings()), KF_OK);
    assert_int_equal(efficiency_status(panel, "skole", "deflator_percent", 0), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deflator_weighs_wages_and_prices_by_the_wage_share),
        cmocka_unit_test(the_wage_share_is_the_groups_in_the_year_before),
        cmocka_unit_test(a_member_that_reports_only_one_of_both_does_not_count),
        cmocka_unit_test(a_sector_may_have_wages_that_grow_differently),
        cmocka_unit_test(a_year_without_growth_is_a_finding),
        cmocka_unit_test(wages_above_gross_expenditure_are_a_finding),
        cmocka_unit_test(without_accounts_the_year_before_the_deflator_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

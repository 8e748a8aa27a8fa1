#include "tests/support/cmocka.h"

#include "services/efficiency/accounts.h"
#include "tests/services/efficiency/given.h"

#define EPSILON 1e-12

/* Two sectors; only schools name payroll costs: 40 and 20 of wages 100 and 200, p = .2. */
static struct kf_panel *two_sectors(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    static const char *const ids[] = {"skole", "kultur"};
    for (size_t s = 0; s < 2; s++) {
        struct kf_sector *sector = fixture_sector(panel, ids[s], 0.5);
        given_rules(panel, &sector->expenditure, ids[s], s == 0);
        fixture_indicator(panel, ids[s], s == 0 ? "laerere" : "besok", 1);
    }
    fixture_population(panel, (double[]){10, 20});
    fixture_column(panel, "skole_bdu", (double[]){400, 600});
    fixture_column(panel, "skole_pensjon", (double[]){40, 20});
    fixture_column(panel, "skole_lonn", (double[]){100, 200});
    fixture_column(panel, "kultur_bdu", (double[]){50, 80});
    return panel;
}

static const struct kf_scope whole = {.id = KF_SECTOR_TOTAL};

static void accounts_without_payroll_costs_do_not_count_in_the_percentage(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    fixture_seal(panel);
    struct kf_accounts accounts;
    struct kf_values amounts = {0};
    struct kf_error err = {0};
    kf_accounts_of(panel->edition, &whole, &accounts);
    assert_int_equal(accounts.count, 2);
    assert_int_equal(
        kf_accounts_amounts(panel, &accounts, NULL, &amounts, fixture_findings(), &err), KF_OK);
    assert_close(kf_wide_value(amounts.values[0]), 400 - 40 + 20 + 50, EPSILON);
    assert_close(kf_wide_value(amounts.values[1]), 600 - 20 + 40 + 80, EPSILON);
    assert_int_equal(amounts.status[2], KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void each_account_is_brought_to_other_prices_by_its_own_growth(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    fixture_seal(panel);
    struct kf_accounts accounts;
    struct kf_values amounts = {0};
    struct kf_error err = {0};
    struct kf_wide growth[] = {kf_wide_from_figure(1.05), kf_wide_from_figure(1.1)};
    kf_accounts_of(panel->edition, &whole, &accounts);
    assert_int_equal(
        kf_accounts_per_inhabitant(panel, &accounts, growth, &amounts, fixture_findings(), &err),
        KF_OK);
    assert_close(kf_wide_value(amounts.values[0]), (1.05 * 380 + 1.1 * 50) / 10, EPSILON);
    assert_close(kf_wide_value(amounts.values[1]), (1.05 * 620 + 1.1 * 80) / 20, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_published_index_of_the_whole_has_no_accounts(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    fixture_edition(panel)->expenditure.given = "utgift";
    struct kf_accounts accounts;
    kf_accounts_of(panel->edition, &whole, &accounts);
    assert_int_equal(accounts.count, 0);
    kf_panel_destroy(&panel);
}

static void a_sum_is_need_corrected_when_the_edition_or_a_sector_says_so(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors();
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_accounts accounts;
    kf_accounts_of(edition, &whole, &accounts);
    assert_false(accounts.need_corrected);
    edition->sectors[1].expenditure.need_corrected = true;
    kf_accounts_of(edition, &whole, &accounts);
    assert_true(accounts.need_corrected);
    edition->sectors[1].expenditure.need_corrected = false;
    edition->expenditure.need_corrected = true;
    kf_accounts_of(edition, &whole, &accounts);
    assert_true(accounts.need_corrected);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_without_payroll_costs_do_not_count_in_the_percentage),
        cmocka_unit_test(each_account_is_brought_to_other_prices_by_its_own_growth),
        cmocka_unit_test(a_published_index_of_the_whole_has_no_accounts),
        cmocka_unit_test(a_sum_is_need_corrected_when_the_edition_or_a_sector_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

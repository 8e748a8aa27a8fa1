#include "tests/support/cmocka.h"

#include "services/efficiency/expenditure.h"
#include "tests/services/efficiency/given.h"

#define EPSILON 1e-12

/* Accounts of two members of 10 and 30 inhabitants. Payroll costs 30 + 30 of wages 100 + 200: the
 * common percentage is 20.
 *   first:  1000 − 100 − 30 + .2·100 = 890, per inhabitant 89
 *   second: 2000 − 200 − 30 + .2·200 = 1810, per inhabitant 60.333… */
static struct kf_panel *accounts(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    struct kf_expenditure *expenditure = &fixture_edition(panel)->expenditure;
    expenditure->gross = fixture_term(panel, "bdu", 1);
    expenditure->minus = fixture_term(panel, "avskrivninger", 1);
    expenditure->payroll_costs = fixture_term(panel, "pensjon", 1);
    expenditure->wages = fixture_term(panel, "lonn", 1);
    fixture_population(panel, (double[]){10, 30});
    fixture_column(panel, "bdu", (double[]){1000, 2000});
    fixture_column(panel, "avskrivninger", (double[]){100, 200});
    fixture_column(panel, "pensjon", (double[]){30, 30});
    fixture_column(panel, "lonn", (double[]){100, 200});
    return panel;
}

static const struct kf_scope whole = {.id = KF_SECTOR_TOTAL};

static void check_corrected(const struct kf_panel *panel, double first, double second)
{
    struct kf_values cells = {0};
    struct kf_error err = {0};
    bool found = false;
    assert_int_equal(
        kf_expenditure_corrected(panel, &whole, &cells, &found, fixture_findings(), &err), KF_OK);
    assert_true(found);
    assert_close(kf_wide_value(cells.values[0]), first, EPSILON);
    assert_close(kf_wide_value(cells.values[1]), second, EPSILON);
}

static void payroll_costs_become_a_common_percentage_of_wages(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_seal(panel);
    check_corrected(panel, 89, 1810.0 / 30);
    kf_panel_destroy(&panel);
}

static void the_index_has_the_group_mean_at_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    double first = fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0);
    double second = fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 1);
    /* All spend 2700 for 40: 67.5 each; 89/67.5 = 131.85. */
    assert_close(first, 100 * 89 / 67.5, 1e-9);
    assert_close((10 * first + 30 * second) / 40, 100, 1e-9);
    kf_panel_destroy(&panel);
}

static void need_divides_the_expenditure(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.need_corrected = true;
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){2, 0.5});
    check_corrected(panel, 44.5, 1810.0 / 15);
    kf_panel_destroy(&panel);
}

static void need_that_was_not_computed_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.need_corrected = true;
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    kf_panel_destroy(&panel);
}

static void a_member_without_accounts_is_missing_and_does_not_count(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_column(panel, "avskrivninger", (double[]){FIXTURE_MISSING, 200});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    assert_int_equal(
        fixture_status(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0),
        KF_CELL_MISSING);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 1),
                 100, 1e-9);
    kf_panel_destroy(&panel);
}

static void wages_of_nothing_are_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_column(panel, "lonn", (double[]){0, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "lonn");
    kf_panel_destroy(&panel);
}

static void a_given_index_is_brought_to_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->expenditure.given = "utgift";
    fixture_column(panel, "utgift", (double[]){1.2, 0.8}); /* mean .9 */
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0),
                 100 * 1.2 / 0.9, 1e-9);
    kf_panel_destroy(&panel);
}

/* Accounts in kroner, in thousands, in millions: the same index to the last bit. */
static void the_unit_of_the_accounts_leaves_no_trace(void **state)
{
    (void)state;
    static const double units[] = {1, 1000, 0.001, 7};
    double first[2];
    for (size_t u = 0; u < 4; u++) {
        struct kf_panel *panel = accounts();
        double unit = units[u];
        fixture_column(panel, "bdu", (double[]){1013.7 * unit, 2077.1 * unit});
        fixture_column(panel, "avskrivninger", (double[]){101.3 * unit, 205.9 * unit});
        fixture_column(panel, "pensjon", (double[]){31.1 * unit, 33.7 * unit});
        fixture_column(panel, "lonn", (double[]){97.3 * unit, 211.9 * unit});
        fixture_seal(panel);
        struct kf_error err = {0};
        assert_int_equal(kf_expenditure_append(panel, fixture_findings(), &err), KF_OK);
        for (size_t k = 0; k < 2; k++) {
            double value =
                fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", k);
            first[k] = u == 0 ? value : first[k];
            assert_true(value == first[k]);
        }
        kf_panel_destroy(&panel);
    }
}

/* Two sectors and administration, each with accounts of its own.
 *     barnehage  gross 500 800, payroll costs 10 50, wages 100 200: p = 60/300 = .2
 *                corrected 500 − 10 + 20 = 510 and 800 − 50 + 40 = 790
 *     skole      gross 300 400, payroll costs 20 40, wages 50 100: p = 60/150 = .4
 *                corrected 300 − 20 + 20 = 300 and 400 − 40 + 40 = 400
 *     both       p = 120/450: 800 − 30 + 40 = 810 and 1200 − 90 + 80 = 1190
 *     administrasjon  gross 100 100: with it 910 and 1290 */
static struct kf_panel *sectors(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    static const char *const ids[] = {"barnehage", "skole", "administrasjon"};
    for (size_t s = 0; s < 3; s++) {
        struct kf_sector *sector = fixture_sector(panel, ids[s], s < 2 ? 0.5 : 0);
        given_rules(panel, &sector->expenditure, ids[s], s < 2);
        sector->administration = s == 2;
        if (s < 2) {
            fixture_indicator(panel, ids[s], s == 0 ? "timer" : "laerere", 1);
        }
    }
    fixture_population(panel, (double[]){10, 30});
    fixture_column(panel, "barnehage_bdu", (double[]){500, 800});
    fixture_column(panel, "barnehage_pensjon", (double[]){10, 50});
    fixture_column(panel, "barnehage_lonn", (double[]){100, 200});
    fixture_column(panel, "skole_bdu", (double[]){300, 400});
    fixture_column(panel, "skole_pensjon", (double[]){20, 40});
    fixture_column(panel, "skole_lonn", (double[]){50, 100});
    fixture_column(panel, "administrasjon_bdu", (double[]){100, 100});
    return panel;
}

static void append(struct kf_panel *panel)
{
    struct kf_error err = {0};
    assert_int_equal(kf_expenditure_append(panel, fixture_findings(), &err), KF_OK);
}

static double index_of(const struct kf_panel *panel, const char *sector, size_t member)
{
    return efficiency_value(panel, sector, "expenditure_index", member);
}

static void
every_sector_has_the_percentage_of_its_own_accounts_and_the_whole_that_of_all(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    fixture_seal(panel);
    append(panel);
    /* Means per inhabitant: 1300/40, 700/40, 2000/40. */
    assert_close(index_of(panel, "barnehage", 0), 51 / 32.5, EPSILON);
    assert_close(index_of(panel, "barnehage", 1), 790.0 / 30 / 32.5, EPSILON);
    assert_close(index_of(panel, "skole", 0), 30 / 17.5, EPSILON);
    assert_close(index_of(panel, "skole", 1), 400.0 / 30 / 17.5, EPSILON);
    assert_close(index_of(panel, "total", 0), 81 / 50.0, EPSILON);
    assert_close(index_of(panel, "total", 1), 1190.0 / 30 / 50, EPSILON);
    kf_panel_destroy(&panel);
}

static void administration_counts_in_the_whole_with_administration_only(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    fixture_seal(panel);
    append(panel);
    assert_close(index_of(panel, "total_with_administration", 0), 91 / 55.0, EPSILON);
    assert_close(index_of(panel, "total_with_administration", 1), 43 / 55.0, EPSILON);
    assert_close(index_of(panel, "administrasjon", 0), 10 / 5.0, EPSILON);
    kf_panel_destroy(&panel);
}

static void without_administration_there_is_one_whole(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_seal(panel);
    append(panel);
    assert_true(efficiency_has(panel, "total", "expenditure_index"));
    assert_false(efficiency_has(panel, "total_with_administration", "expenditure_index"));
    kf_panel_destroy(&panel);
}

static void the_editions_own_accounts_go_before_the_sum_of_the_sectors(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    given_rules(panel, &fixture_edition(panel)->expenditure, "alt", false);
    fixture_column(panel, "alt_bdu", (double[]){2000, 2000}); /* 200 and 66.7, mean 100 */
    fixture_seal(panel);
    append(panel);
    assert_close(index_of(panel, "total", 0), 2, EPSILON);
    /* 2100/10 = 210 of 4200/40 = 105. */
    assert_close(index_of(panel, "total_with_administration", 0), 2, EPSILON);
    kf_panel_destroy(&panel);
}

/* Spending of some sectors against the production of all would be no efficiency. */
static void a_sector_that_produces_without_accounts_leaves_no_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    fixture_edition(panel)->sectors[1].expenditure = (struct kf_expenditure){.given = ""};
    fixture_seal(panel);
    append(panel);
    assert_true(efficiency_has(panel, "barnehage", "expenditure_index"));
    assert_false(efficiency_has(panel, "skole", "expenditure_index"));
    assert_false(efficiency_has(panel, "total", "expenditure_index"));
    assert_false(efficiency_has(panel, "total_with_administration", "expenditure_index"));
    kf_panel_destroy(&panel);
}

static void a_sector_may_have_a_published_index(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    fixture_edition(panel)->sectors[0].expenditure = (struct kf_expenditure){.given = "utgift"};
    fixture_column(panel, "utgift", (double[]){FIXTURE_MISSING, 0.8});
    fixture_seal(panel);
    append(panel);
    assert_int_equal(efficiency_status(panel, "barnehage", "expenditure_index", 0),
                     KF_CELL_MISSING);
    assert_close(index_of(panel, "barnehage", 1), 1, EPSILON);
    kf_panel_destroy(&panel);
}

static void accounts_that_nobody_reports_are_missing_not_refused(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    static const char *const variables[] = {"skole_bdu", "skole_pensjon", "skole_lonn"};
    for (size_t i = 0; i < 3; i++) {
        fixture_column(panel, variables[i], (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    }
    fixture_edition(panel)->sectors[1].expenditure.need_corrected = true;
    fixture_seal(panel);
    append(panel);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(efficiency_status(panel, "skole", "expenditure_index", k),
                         KF_CELL_MISSING);
        assert_int_equal(efficiency_status(panel, "total", "expenditure_index", k),
                         KF_CELL_MISSING);
    }
    assert_close(index_of(panel, "barnehage", 0), 51 / 32.5, EPSILON);
    kf_panel_destroy(&panel);
}

static void amounts_are_weighted_sums(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    struct kf_expenditure *rules = &fixture_edition(panel)->expenditure;
    rules->gross = fixture_plus(panel, rules->gross, "kjop", 0.5);
    rules->minus = fixture_plus(panel, rules->minus, "husleie", 2);
    fixture_column(panel, "kjop", (double[]){400, 0});
    fixture_column(panel, "husleie", (double[]){45, 5});
    fixture_seal(panel);
    /* 890 + .5·400 − 2·45 = 1000 and 1810 − 10 = 1800. */
    check_corrected(panel, 100, 60);
    kf_panel_destroy(&panel);
}

static void a_sum_is_corrected_by_the_need_of_the_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = sectors();
    struct kf_edition *edition = fixture_edition(panel);
    edition->expenditure.need_corrected = true;
    for (size_t s = 0; s < 3; s++) {
        edition->sectors[s].need_weight = s < 2 ? 0.45 : 0.1;
    }
    fixture_seal(panel);
    given_need(panel, KF_SECTOR_TOTAL, (double[]){2, 1});
    given_need(panel, KF_SECTOR_TOTAL_WITH_ADMINISTRATION, (double[]){4, 1});
    check_corrected(panel, 40.5, 1190.0 / 30);
    append(panel);
    /* 91/4 and 43; mean (227.5 + 1290)/40. */
    assert_close(index_of(panel, "total_with_administration", 0), 22.75 / (1517.5 / 40), EPSILON);
    /* The sectors do not ask for need. */
    assert_close(index_of(panel, "skole", 0), 30 / 17.5, EPSILON);
    kf_panel_destroy(&panel);
}

/* The country at 100: 1.2 and .8 of its 1.0, whatever the group's mean. */
static void against_the_country_a_given_index_has_the_country_at_the_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_edition(panel)->expenditure.given = "utgift";
    fixture_column(panel, "utgift", (double[]){1.2, 0.8});
    fixture_country(panel, "utgift", 1);
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_expenditure_append(panel, fixture_findings(), &err), KF_OK);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 0),
                 120, 1e-12);
    assert_close(fixture_value(panel, KF_TOPIC_EFFICIENCY, "total", "", "expenditure_index", 1), 80,
                 1e-12);
    kf_panel_destroy(&panel);
}

/* An edition that compares with the country: production has the country at the scale, expenditure
 * too. The country: (4000 − 300 + p·600)/100, p = 60/300 = .2: 38.2. */
static void against_the_country_its_own_expenditure_is_the_scale(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(panel, "folkemengde", 100);
    fixture_country(panel, "bdu", 4000);
    fixture_country(panel, "avskrivninger", 200);
    fixture_country(panel, "pensjon", 100);
    fixture_country(panel, "lonn", 600);
    fixture_seal(panel);
    append(panel);
    assert_close(index_of(panel, "total", 0), 100 * 89 / 38.2, 1e-9);
    kf_panel_destroy(&panel);
}

static void against_the_country_its_accounts_must_be_there(void **state)
{
    (void)state;
    struct kf_panel *panel = accounts();
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(panel, "folkemengde", 100);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_expenditure_append(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payroll_costs_become_a_common_percentage_of_wages),
        cmocka_unit_test(the_index_has_the_group_mean_at_scale),
        cmocka_unit_test(need_divides_the_expenditure),
        cmocka_unit_test(need_that_was_not_computed_is_rejected),
        cmocka_unit_test(a_member_without_accounts_is_missing_and_does_not_count),
        cmocka_unit_test(wages_of_nothing_are_rejected),
        cmocka_unit_test(a_given_index_is_brought_to_scale),
        cmocka_unit_test(the_unit_of_the_accounts_leaves_no_trace),
        cmocka_unit_test(
            every_sector_has_the_percentage_of_its_own_accounts_and_the_whole_that_of_all),
        cmocka_unit_test(administration_counts_in_the_whole_with_administration_only),
        cmocka_unit_test(without_administration_there_is_one_whole),
        cmocka_unit_test(the_editions_own_accounts_go_before_the_sum_of_the_sectors),
        cmocka_unit_test(a_sector_that_produces_without_accounts_leaves_no_sum),
        cmocka_unit_test(a_sector_may_have_a_published_index),
        cmocka_unit_test(accounts_that_nobody_reports_are_missing_not_refused),
        cmocka_unit_test(amounts_are_weighted_sums),
        cmocka_unit_test(a_sum_is_corrected_by_the_need_of_the_sum),
        cmocka_unit_test(against_the_country_a_given_index_has_the_country_at_the_scale),
        cmocka_unit_test(against_the_country_its_own_expenditure_is_the_scale),
        cmocka_unit_test(against_the_country_its_accounts_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

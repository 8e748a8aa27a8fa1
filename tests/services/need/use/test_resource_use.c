/* Expenditure against need, worked by hand. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "services/need/need.h"
#include "tests/services/need/use/use_fixture.h"

#define GRID 1e-7 /* kr: a few steps of the grid */

/* 1000 and 3000 inhabitants spend 20 and 40 million: 20 000 and 13 333.33 each, 15 000 in all. 100
 * pupils in each make the need indices 2 and 2/3. */
static struct kf_panel *two_members(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    use_sector(panel, "skole", (double[]){20e6, 40e6});
    use_key(panel, "skole", "elever", (double[]){100, 100});
    return panel;
}

static void the_deviation_is_what_is_spent_beyond_need(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_compute(panel);
    assert_close(use_value(panel, "skole", "net_expenditure_kr_per_capita", 1), 40e3 / 3, GRID);
    assert_close(use_need(panel, "skole", 0), 30000, GRID);
    assert_close(use_need(panel, "skole", 1), 10000, GRID);
    assert_close(use_value(panel, "skole", "deviation_kr_per_capita", 0), -10000, GRID);
    assert_close(use_value(panel, "skole", "deviation_kr_per_capita", 1), 10e3 / 3, GRID);
    assert_close(use_value(panel, "skole", "deviation_percent", 0), -100.0 / 3, GRID);
    assert_close(use_value(panel, "skole", "deviation_percent", 1), 100.0 / 3, GRID);
    assert_close(use_value(panel, "skole", "deviation_million_kr", 0), -10, GRID);
    assert_close(use_value(panel, "skole", "deviation_million_kr", 1), 10, GRID);
    kf_panel_destroy(&panel);
}

static void need_adjusted_expenditure_is_divided_by_the_need_index(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_compute(panel);
    const char *measure = "need_adjusted_expenditure_kr_per_capita";
    assert_close(use_value(panel, "skole", measure, 0), 10000, GRID);
    assert_close(use_value(panel, "skole", measure, 1), 20000, GRID);
    kf_panel_destroy(&panel);
}

static void a_sector_without_a_key_needs_what_the_country_spends(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_sector(panel, "kirke", (double[]){3e6, 1e6});
    use_compute(panel);
    assert_close(use_need(panel, "kirke", 0), 1000, GRID);
    assert_close(use_value(panel, "kirke", "deviation_kr_per_capita", 0), 2000, GRID);
    assert_close(use_value(panel, "kirke", "deviation_kr_per_capita", 1), -2000.0 / 3, GRID);
    kf_panel_destroy(&panel);
}

/* METHOD R7: the music school by the key of schools. */
static void a_sector_may_take_the_need_of_another(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_sector *music = use_sector(panel, "kulturskole", (double[]){3e6, 1e6});
    music->resources.need_of = "skole";
    music->resources.outside = true;
    use_compute(panel);
    assert_close(use_need(panel, "kulturskole", 0), 2000, GRID);
    assert_close(use_value(panel, "kulturskole", "deviation_kr_per_capita", 0), 1000, GRID);
    assert_close(use_value(panel, "outside", "deviation_kr_per_capita", 0), 1000, GRID);
    assert_close(use_value(panel, "inside", "deviation_kr_per_capita", 0), -10000, GRID);
    kf_panel_destroy(&panel);
}

static void a_key_without_figures_leaves_expenditure_without_need(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->sectors[0].criteria[0].variable = "finnes_ikke";
    use_compute(panel);
    assert_close(use_value(panel, "skole", "adjusted_expenditure_kr_per_capita", 0), 20000, GRID);
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 0), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 0), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void total_need_is_that_inside_the_income_system(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_sector(panel, "administrasjon", (double[]){3e6, 1e6});
    use_sector(panel, "kirke", (double[]){3e6, 1e6})->resources.outside = true;
    use_compute(panel);
    assert_close(use_need(panel, "total", 0), 31000, GRID);
    assert_close(use_value(panel, "inside", "deviation_percent", 0), -100 * 8000.0 / 31000, GRID);
    kf_panel_destroy(&panel);
}

/* As in 2015, when 25 of 428 had not reported. */
static void who_did_not_report_is_missing_and_the_country_is_the_others(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 3);
    fixture_population(panel, (double[]){1000, 3000, 6000});
    use_sector(panel, "drift", (double[]){20e6, 40e6, FIXTURE_MISSING});
    use_sector(panel, "kirke", (double[]){1e6, 1e6, 1e6});
    use_compute(panel);
    assert_close(use_need(panel, "drift", 0), 15000, GRID);
    assert_close(use_value(panel, "drift", "deviation_kr_per_capita", 0), 5000, GRID);
    static const char *const measures[] = {
        "net_expenditure_kr_per_capita", "adjusted_expenditure_kr_per_capita",
        "deviation_kr_per_capita", "deviation_percent", "deviation_million_kr"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(use_status(panel, "drift", measures[i], 2), KF_CELL_MISSING);
    }
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 2), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 0), KF_CELL_VALUE);
    assert_int_equal(use_status(panel, "kirke", "deviation_kr_per_capita", 2), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void the_countrys_own_rows_are_its_level(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_column(panel, "skole", (double[]){20e6, FIXTURE_MISSING});
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "skole", 1600e6); /* 16 000 an inhabitant */
    fixture_country(panel, "elever", 5000);  /* .05: indices 2 and 2/3 */
    use_compute(panel);
    assert_close(use_need(panel, "skole", 0), 32000, GRID);
    assert_close(use_value(panel, "skole", "deviation_kr_per_capita", 0), -12000, GRID);
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 1), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void a_country_without_expenditure_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_sector(panel, "kirke", (double[]){3e6, 1e6});
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "elever", 5000);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_int_equal(findings->length, 2); /* both sectors are told */
    assert_string_equal(findings->list[0].variable, "skole");
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    assert_string_equal(findings->list[1].variable, "kirke");
    kf_panel_destroy(&panel);
}

static void a_sector_that_nobody_reports_is_left_out_and_sums_say_so(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_sector(panel, "helse", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    use_compute(panel);
    assert_false(use_has(panel, "helse", "net_expenditure_kr_per_capita"));
    assert_int_equal(use_status(panel, "inside", "deviation_kr_per_capita", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 0), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void nothing_comes_of_an_edition_without_resources(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_edition(panel)->sectors[0].resources.net.count = 0;
    use_compute(panel);
    for (size_t i = 0; i < panel->results_len; i++) {
        assert_int_not_equal(panel->results[i].topic, KF_TOPIC_RESOURCE_USE);
    }
    assert_null(kf_panel_result(panel, KF_TOPIC_NEED, "total", "", "need_kr_per_capita"));
    kf_panel_destroy(&panel);
}

static void flags_of_the_figures_travel(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    fixture_seal(panel);
    assert_string_equal(panel->columns[2].variable, "skole");
    panel->columns[2].status[0] = KF_CELL_PRELIMINARY;
    use_compute(panel);
    assert_int_equal(use_status(panel, "skole", "deviation_percent", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(use_status(panel, "inside", "deviation_million_kr", 0), KF_CELL_PRELIMINARY);
    assert_int_equal(use_status(panel, "skole", "deviation_percent", 1), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void percent_of_no_need_is_not_applicable(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 1000});
    use_sector(panel, "avlop", (double[]){1e6, -1e6});
    use_compute(panel);
    assert_close(use_value(panel, "avlop", "deviation_kr_per_capita", 1), -1000, GRID);
    assert_int_equal(use_status(panel, "avlop", "deviation_percent", 1), KF_CELL_NOT_APPLICABLE);
    kf_panel_destroy(&panel);
}

/* The year before: 18 and 42 million, 15 000 in all, no pupils counted; need index from 60 and 20
 * pupils of 80: 3 and 1/3. a = 18000 − 45000 = −27000 and 14000 − 5000 = 9000. */
static void deviations_change_since_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, 3000});
    fixture_column(last, "skole", (double[]){18e6, 42e6});
    fixture_column(last, "elever", (double[]){60, 20});
    use_compute(panel);
    const char *measure = "deviation_change_kr_per_capita";
    assert_close(use_value(panel, "skole", measure, 0), -10000 + 27000, GRID);
    assert_close(use_value(panel, "inside", measure, 1), 10e3 / 3 - 9000, GRID);
    for (size_t i = 0; i < last->results_len; i++) {
        assert_int_not_equal(last->results[i].topic, KF_TOPIC_RESOURCE_USE);
    }
    kf_panel_destroy(&panel);
}

static void change_is_missing_for_who_lacks_either_year(void **state)
{
    (void)state;
    struct kf_panel *panel = two_members();
    use_sector(panel, "kirke", (double[]){1e6, 1e6});
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, FIXTURE_MISSING});
    fixture_column(last, "skole", (double[]){18e6, 42e6});
    fixture_column(last, "elever", (double[]){60, 20});
    use_compute(panel);
    const char *measure = "deviation_change_kr_per_capita";
    assert_int_equal(use_status(panel, "skole", measure, 1), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "skole", measure, 0), KF_CELL_VALUE);
    assert_false(use_has(panel, "kirke", measure)); /* nobody reported it the year before */
    assert_int_equal(use_status(panel, "inside", measure, 0), KF_CELL_INCOMPLETE);
    kf_panel_destroy(&panel);
}

static void the_country_must_be_the_same_kind_in_both_years(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    use_sector(panel, "kirke", (double[]){3e6, 1e6});
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "kirke", 100e6);
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){1000, 3000});
    fixture_column(last, "kirke", (double[]){3e6, 1e6});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].problem, "is given for 2010 and not for 2009");
    kf_panel_destroy(&panel);
}

/* Figures of 2024: 192 981 kr for each of Lørenskog's 2946 children from 1 to 5 and 225 398 kr for
 * each of the country's 278 343, counted with 50 013 and 5 594 340 inhabitants on 1 January 2025;
 * need index 1.1783. Published: 9647 kr, and 11 215 kr for the country. (The amounts per inhabitant
 * of KOSTRA are by the end of the year: the inhabitants of 1 January 2024 give 9975 and 11 430.) */
static void kindergartens_of_lorenskog_cost_what_was_published(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, (double[]){50013});
    use_sector(panel, "barnehage", (double[]){192981.0 * 2946});
    use_key(panel, "barnehage", "behov", (double[]){58930.3179}); /* 1.1783 each */
    fixture_country(panel, "folkemengde", 5594340);
    fixture_country(panel, "barnehage", 225398.0 * 278343);
    fixture_country(panel, "behov", 5594340);
    use_compute(panel);
    const char *measure = "need_adjusted_expenditure_kr_per_capita";
    assert_close(use_value(panel, "barnehage", measure, 0), 9647, 0.5);
    assert_close(use_need(panel, "barnehage", 0) / 1.1783, 11215, 0.5);
    /* (9647.36 − 11 214.54)·1.1783 = −1846.6 */
    assert_close(use_value(panel, "barnehage", "deviation_kr_per_capita", 0), -1846.6, 0.1);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t tried = 0;
    for (; code != KF_OK && tried < 1000; tried++) {
        struct kf_panel *panel = two_members();
        use_adjustment(panel, &fixture_edition(panel)->sectors[0], "pu", "elever", -1);
        use_income(panel, "renter", (double[]){3e6, 1e6});
        struct kf_panel *last = fixture_previous(panel);
        fixture_population(last, (double[]){1000, 3000});
        fixture_column(last, "skole", (double[]){18e6, 42e6});
        fixture_column(last, "elever", (double[]){60, 20});
        fixture_seal(panel);
        struct kf_error err = {0};
        struct kf_findings *findings = fixture_findings();
        kf_memory_fail_after(tried);
        code = kf_need_compute(panel, findings, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(tried > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deviation_is_what_is_spent_beyond_need),
        cmocka_unit_test(need_adjusted_expenditure_is_divided_by_the_need_index),
        cmocka_unit_test(a_sector_without_a_key_needs_what_the_country_spends),
        cmocka_unit_test(a_sector_may_take_the_need_of_another),
        cmocka_unit_test(a_key_without_figures_leaves_expenditure_without_need),
        cmocka_unit_test(total_need_is_that_inside_the_income_system),
        cmocka_unit_test(who_did_not_report_is_missing_and_the_country_is_the_others),
        cmocka_unit_test(the_countrys_own_rows_are_its_level),
        cmocka_unit_test(a_country_without_expenditure_is_rejected),
        cmocka_unit_test(a_sector_that_nobody_reports_is_left_out_and_sums_say_so),
        cmocka_unit_test(nothing_comes_of_an_edition_without_resources),
        cmocka_unit_test(flags_of_the_figures_travel),
        cmocka_unit_test(percent_of_no_need_is_not_applicable),
        cmocka_unit_test(deviations_change_since_the_year_before),
        cmocka_unit_test(change_is_missing_for_who_lacks_either_year),
        cmocka_unit_test(the_country_must_be_the_same_kind_in_both_years),
        cmocka_unit_test(kindergartens_of_lorenskog_cost_what_was_published),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Adjustments of expenditure and need, worked by hand (METHOD R2–R7). */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/need.h"
#include "tests/services/need/use/use_fixture.h"

#define GRID 1e-7 /* kr: a few steps of the grid */

/* 20 000 and 13 333.33 kr each, 15 000 in all; need indices 2 and 2/3. */
static struct kf_panel *two_members(struct kf_sector **sector)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    *sector = use_sector(panel, "skole", (double[]){20e6, 40e6});
    use_key(panel, "skole", "elever", (double[]){100, 100});
    return panel;
}

static double column(const struct kf_panel *panel, const char *id, size_t k)
{
    return fixture_value(panel, KF_TOPIC_RESOURCE_USE, "skole", id, "adjustment_kr_per_capita", k);
}

static double skole(const struct kf_panel *panel, const char *measure, size_t k)
{
    return use_value(panel, "skole", measure, k);
}

/* p = 8/40 = .2: 2 − 3 and 6 − 5 million. The country spends what it did. */
static void payroll_costs_become_a_common_percentage_of_wages(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_payroll(panel, sector, "pensjon", "sosiale", "lonn");
    fixture_column(panel, "sosiale", (double[]){3e6, 5e6});
    fixture_column(panel, "lonn", (double[]){10e6, 30e6});
    use_compute(panel);
    assert_close(column(panel, "pensjon", 0), -1000, GRID);
    assert_close(column(panel, "pensjon", 1), 1000.0 / 3, GRID);
    assert_close(skole(panel, "net_expenditure_kr_per_capita", 0), 20000, GRID);
    assert_close(skole(panel, "adjusted_expenditure_kr_per_capita", 0), 19000, GRID);
    assert_close(use_need(panel, "skole", 0), 30000, GRID);
    assert_close(skole(panel, "deviation_kr_per_capita", 0), -11000, GRID);
    assert_close(skole(panel, "deviation_kr_per_capita", 1), 41000.0 / 3 - 10000, GRID);
    kf_panel_destroy(&panel);
}

/* The country pays .25 of wages; its own adjustment is nothing. */
static void the_common_percentage_is_the_countrys_where_it_is_given(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_payroll(panel, sector, "pensjon", "sosiale", "lonn");
    fixture_column(panel, "sosiale", (double[]){3e6, 5e6});
    fixture_column(panel, "lonn", (double[]){10e6, 30e6});
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "skole", 1500e6);
    fixture_country(panel, "elever", 5000);
    fixture_country(panel, "sosiale", 100e6);
    fixture_country(panel, "lonn", 400e6);
    use_compute(panel);
    assert_close(column(panel, "pensjon", 0), -500, GRID);
    assert_close(column(panel, "pensjon", 1), 2500.0 / 3, GRID);
    assert_close(use_need(panel, "skole", 0), 30000, GRID);
    kf_panel_destroy(&panel);
}

static void who_lacks_wages_counts_in_no_percentage(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_payroll(panel, sector, "pensjon", "sosiale", "lonn");
    fixture_column(panel, "sosiale", (double[]){3e6, 5e6});
    fixture_column(panel, "lonn", (double[]){10e6, FIXTURE_MISSING});
    use_compute(panel);
    assert_close(column(panel, "pensjon", 0), 0, GRID); /* its own percentage, .3 */
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 1), KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "skole", "net_expenditure_kr_per_capita", 1), KF_CELL_VALUE);
    assert_close(use_need(panel, "skole", 0), 40000, GRID); /* the country is the first: 20 000 */
    kf_panel_destroy(&panel);
}

static void wages_that_sum_to_nothing_are_told(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_payroll(panel, sector, "pensjon", "sosiale", "lonn");
    fixture_column(panel, "sosiale", (double[]){3e6, 5e6});
    fixture_column(panel, "lonn", (double[]){0, 0});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_string_equal(findings->list[0].variable, "lonn");
    kf_panel_destroy(&panel);
}

/* 4 million of the first are county tasks: the country spends 56 million, 14 000 each. */
static void an_adjustment_may_concern_one_municipality(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_only(panel, use_adjustment(panel, sector, "fylkesoppgaver", "fylke", -1), "0001");
    fixture_column(panel, "fylke", (double[]){4e6, FIXTURE_MISSING});
    use_compute(panel);
    assert_close(column(panel, "fylkesoppgaver", 0), -4000, GRID);
    assert_close(column(panel, "fylkesoppgaver", 1), 0, GRID);
    assert_close(use_need(panel, "skole", 0), 28000, GRID);
    assert_close(skole(panel, "deviation_kr_per_capita", 0), -12000, GRID);
    assert_close(skole(panel, "deviation_kr_per_capita", 1), 4000, GRID);
    kf_panel_destroy(&panel);
}

/* With the country's own rows: 1500 million less those 4, for 100 000 inhabitants. */
static void the_countrys_part_of_it_is_that_municipalitys(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_only(panel, use_adjustment(panel, sector, "fylkesoppgaver", "fylke", -1), "0001");
    fixture_column(panel, "fylke", (double[]){4e6, FIXTURE_MISSING});
    fixture_country(panel, "folkemengde", 100000);
    fixture_country(panel, "skole", 1500e6);
    fixture_country(panel, "elever", 5000);
    use_compute(panel);
    assert_close(use_need(panel, "skole", 0), 2 * 14960, GRID);
    kf_panel_destroy(&panel);
}

/* One outside the panel is in the country's own row of the amount, or nobody knows. */
static void the_country_knows_of_one_outside_the_panel(void **state)
{
    (void)state;
    for (int given = 0; given < 2; given++) {
        struct kf_sector *sector = NULL;
        struct kf_panel *panel = two_members(&sector);
        use_only(panel, use_adjustment(panel, sector, "fylkesoppgaver", "fylke", -1), "0301");
        fixture_column(panel, "fylke", (double[]){0, 0});
        fixture_country(panel, "folkemengde", 100000);
        fixture_country(panel, "skole", 1500e6);
        fixture_country(panel, "elever", 5000);
        if (given) {
            fixture_country(panel, "fylke", 100e6);
        }
        fixture_seal(panel);
        struct kf_error err = {0};
        struct kf_findings *findings = fixture_findings();
        assert_int_equal(kf_need_compute(panel, findings, &err), given ? KF_OK : KF_ERR_DATA);
        if (given) {
            assert_close(use_need(panel, "skole", 0), 2 * 14000, GRID);
            assert_close(column(panel, "fylkesoppgaver", 0), 0, GRID);
        } else {
            assert_string_equal(findings->list[0].variable, "fylke");
            assert_non_null(strstr(findings->list[0].problem, "fylkesoppgaver"));
        }
        kf_panel_destroy(&panel);
    }
}

/* 2 million in private schools of the first: 2000 and 0, 500 in all. */
static void an_adjustment_of_need_is_centred_on_the_country(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_adjustment(panel, sector, "private_skoler", "private", 1)->to = KF_ADJUST_NEED;
    fixture_column(panel, "private", (double[]){2e6, 0});
    use_compute(panel);
    assert_close(column(panel, "private_skoler", 0), 1500, GRID);
    assert_close(column(panel, "private_skoler", 1), -500, GRID);
    assert_close(use_need(panel, "skole", 0), 31500, GRID);
    assert_close(use_need(panel, "skole", 1), 9500, GRID);
    assert_close(skole(panel, "adjusted_expenditure_kr_per_capita", 0), 20000, GRID);
    assert_close(skole(panel, "deviation_kr_per_capita", 0), -11500, GRID);
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 0), KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void an_adjustment_without_any_column_is_left_out_and_flagged(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_adjustment(panel, sector, "pu", "finnes_ikke", -1);
    use_compute(panel);
    assert_null(
        kf_panel_result(panel, KF_TOPIC_RESOURCE_USE, "skole", "pu", "adjustment_kr_per_capita"));
    assert_close(skole(panel, "deviation_kr_per_capita", 0), -10000, GRID);
    assert_int_equal(use_status(panel, "skole", "net_expenditure_kr_per_capita", 0), KF_CELL_VALUE);
    static const char *const measures[] = {"adjusted_expenditure_kr_per_capita",
                                           "deviation_kr_per_capita", "deviation_percent",
                                           "deviation_million_kr"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(use_status(panel, "skole", measures[i], 0), KF_CELL_INCOMPLETE);
    }
    kf_panel_destroy(&panel);
}

static void a_member_without_its_figure_has_no_deviation(void **state)
{
    (void)state;
    struct kf_sector *sector = NULL;
    struct kf_panel *panel = two_members(&sector);
    use_adjustment(panel, sector, "pu", "pu", -1);
    fixture_column(panel, "pu", (double[]){1e6, FIXTURE_MISSING});
    use_compute(panel);
    assert_close(skole(panel, "adjusted_expenditure_kr_per_capita", 0), 19000, GRID);
    assert_int_equal(use_status(panel, "skole", "adjusted_expenditure_kr_per_capita", 1),
                     KF_CELL_MISSING);
    assert_int_equal(use_status(panel, "skole", "deviation_kr_per_capita", 1), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payroll_costs_become_a_common_percentage_of_wages),
        cmocka_unit_test(the_common_percentage_is_the_countrys_where_it_is_given),
        cmocka_unit_test(who_lacks_wages_counts_in_no_percentage),
        cmocka_unit_test(wages_that_sum_to_nothing_are_told),
        cmocka_unit_test(an_adjustment_may_concern_one_municipality),
        cmocka_unit_test(the_countrys_part_of_it_is_that_municipalitys),
        cmocka_unit_test(the_country_knows_of_one_outside_the_panel),
        cmocka_unit_test(an_adjustment_of_need_is_centred_on_the_country),
        cmocka_unit_test(an_adjustment_without_any_column_is_left_out_and_flagged),
        cmocka_unit_test(a_member_without_its_figure_has_no_deviation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

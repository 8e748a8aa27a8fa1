#include "tests/support/cmocka.h"

#include <string.h>

#include "tests/services/efficiency/unit_cost/unit_fixture.h"

#define GRID    2e-10 /* million kr */
#define PRINTED 0.1   /* AK prints one decimal of sums of figures with one */

/* AK tables 5.1 (Hobøl), 5.2 (Lillesand) and 5.4 (Stjørdal), million kr; Hobøl's day activities are
 * printed without gain and ratio: the figures are uncertain. */
static const struct {
    size_t member;
    const char *group;
    double net;
    double grant;
    double gain;
    double ratio;
} table[] = {
    {0, "home_services", 61.8, 53.7, -8.1, 1.15},
    {0, "personal_assistant", 7.9, 6.9, -1.0, 1.14},
    {0, "care_wage", 1.3, 1.9, 0.6, 0.69},
    {0, "support_contact", 0.7, 0.9, 0.1, 0.84},
    {0, "respite_outside", 6.3, 5.6, -0.6, 1.11},
    {0, "day_activity", 1.5, 5.4, FIXTURE_MISSING, FIXTURE_MISSING},
    {0, "institution", 28.6, 31.7, 3.0, 0.90},
    {1, "habilitation", 39.3, 54.0, 14.7, 0.73},
    {1, "hovag_home", 10.1, 11.3, 1.1, 0.90},
    {1, "mental_health", 28.8, 23.3, -5.5, 1.24},
    {1, "care_wage", 1.3, 1.8, 0.5, 0.72},
    {1, "lillesand_centre", 28.3, 27.8, -0.5, 1.02},
    {1, "hovag_centre", 27.3, 23.8, -3.4, 1.14},
    {1, "seamens_home", 6.6, 9.3, 2.7, 0.71},
    {2, "home_services", 287.4, 309.0, 21.6, 0.93},
    {2, "personal_assistant", 0.9, 0.8, -0.2, 1.20},
    {2, "care_wage", 3.3, 4.1, 0.9, 0.79},
    {2, "support_contact", 1.7, 3.9, 2.2, 0.43},
    {2, "day_activity", 15.3, 13.1, -2.2, 1.17},
    {2, "institution", 68.1, 76.5, 8.4, 0.89},
};
enum { TABLE = sizeof table / sizeof table[0], MEMBERS = 4, HOBOL = 0, OS = 3, UNCERTAIN = 5 };

static bool first_of_its_name(size_t row)
{
    for (size_t i = 0; i < row; i++) {
        if (strcmp(table[i].group, table[row].group) == 0) {
            return false;
        }
    }
    return true;
}

static void fill(const char *group, double *net, double *grant)
{
    for (size_t k = 0; k < MEMBERS; k++) {
        net[k] = FIXTURE_MISSING;
        grant[k] = FIXTURE_MISSING;
    }
    for (size_t i = 0; i < TABLE; i++) {
        if (strcmp(table[i].group, group) == 0) {
            net[table[i].member] = round(table[i].net * 1e6);
            grant[table[i].member] = round(table[i].grant * 1e6);
        }
    }
}

/* Hobøl, Lillesand, Stjørdal and Os, whose groups are not printed; gains as table 6.1 has them. */
static struct kf_panel *tables(void)
{
    struct kf_panel *panel = unit_panel_new(2017, MEMBERS);
    for (size_t i = 0; i < TABLE; i++) {
        if (first_of_its_name(i)) {
            double net[MEMBERS];
            double grant[MEMBERS];
            fill(table[i].group, net, grant);
            unit_group(panel, table[i].group, net);
            unit_grant(panel, table[i].group, grant);
        }
    }
    fixture_column(panel, "gevinst", (double[]){-2.1, 9.5, 30.7, 14.8});
    unit_costs(panel)->gain = fixture_term(panel, "gevinst", 1e6);
    unit_seal(panel);
    unit_mark(panel, "day_activity_tilskudd", HOBOL, KF_CELL_PRELIMINARY);
    unit_compute(panel);
    return panel;
}

static double whole(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_value(panel, "services", "", measure, k);
}

static uint8_t status(const struct kf_panel *panel, const char *measure, size_t k)
{
    return unit_status(panel, "services", "", measure, k);
}

static void gains_of_tables_5_are_within_a_tenth_of_a_million(void **state)
{
    (void)state;
    struct kf_panel *panel = tables();
    for (size_t i = 0; i < TABLE; i++) {
        if (!isnan(table[i].gain)) {
            assert_close(unit_value(panel, table[i].group, "", "gain_million_kr", table[i].member),
                         table[i].gain, PRINTED + 1e-9);
        }
    }
    kf_panel_destroy(&panel);
}

/* Figures printed with one decimal are up to .05 off, either way. */
static void ratios_of_tables_5_are_within_what_rounding_of_the_figures_allows(void **state)
{
    (void)state;
    struct kf_panel *panel = tables();
    for (size_t i = 0; i < TABLE; i++) {
        double ratio = unit_value(panel, table[i].group, "", "ratio", table[i].member);
        double low = (table[i].net - 0.05) / (table[i].grant + 0.05) - 0.005;
        double high = (table[i].net + 0.05) / (table[i].grant - 0.05) + 0.005;
        assert_true(ratio >= low && ratio <= high);
        assert_true(isnan(table[i].ratio) || (table[i].ratio >= low && table[i].ratio <= high));
        if (!isnan(table[i].ratio) && table[i].net > 10) {
            assert_close(ratio, table[i].ratio, 0.01);
        }
    }
    kf_panel_destroy(&panel);
}

/* Table 6.1: −2.1, 9.5 and 30.7. Seven rounded gains are up to .7 off; these are not. */
static void gains_in_all_are_those_of_table_6_1(void **state)
{
    (void)state;
    struct kf_panel *panel = tables();
    assert_close(whole(panel, "gain_million_kr", HOBOL), -2.1, 0.15);
    assert_close(whole(panel, "gain_million_kr", 1), 9.5, 0.15);
    assert_close(whole(panel, "gain_million_kr", 2), 30.7, 0.15);
    assert_true(whole(panel, "published_gain_million_kr", 1) == 9.5);
    kf_panel_destroy(&panel);
}

/* The total of table 5.1 holds day activities, 5.4 of 1.5 million, that the table itself leaves
 * open: without them the loss is 6 million, not 2.1. */
static void hobols_total_is_shown_with_and_without_its_uncertain_group(void **state)
{
    (void)state;
    struct kf_panel *panel = tables();
    assert_close(whole(panel, "gain_million_kr", HOBOL), -2.0, 1e-9);
    assert_int_equal(status(panel, "gain_million_kr", HOBOL), KF_CELL_PRELIMINARY);
    static const char without[] = "gain_without_preliminary_million_kr";
    assert_close(whole(panel, without, HOBOL), -5.9, 1e-9);
    assert_int_equal(status(panel, without, HOBOL), KF_CELL_VALUE);
    assert_true(whole(panel, without, 1) == whole(panel, "gain_million_kr", 1));
    assert_int_equal(status(panel, without, OS), KF_CELL_MISSING);
    assert_int_equal(unit_status(panel, "day_activity", "", "gain_million_kr", HOBOL),
                     KF_CELL_PRELIMINARY);
    kf_panel_destroy(&panel);
}

static void where_no_group_is_known_the_published_gain_stands_in(void **state)
{
    (void)state;
    struct kf_panel *panel = tables();
    assert_close(whole(panel, "gain_million_kr", OS), 14.8, GRID);
    assert_true(whole(panel, "published_gain_million_kr", OS) == 14.8);
    assert_int_equal(status(panel, "gain_million_kr", OS), KF_CELL_PUBLISHED);
    assert_int_equal(status(panel, "published_gain_million_kr", OS), KF_CELL_VALUE);
    static const char *const unknown[] = {"net_expenditure_million_kr", "grant_million_kr",
                                          "gain_percent", "ratio"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(status(panel, unknown[i], OS), KF_CELL_MISSING);
    }
    kf_panel_destroy(&panel);
}

/* Two groups: 3 million of 4, and 1 million of 6. */
static struct kf_panel *two_groups(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 2);
    unit_group(panel, "a", (double[]){3000000, 100});
    unit_grant(panel, "a", (double[]){4000000, 200});
    unit_group(panel, "b", (double[]){1000000, FIXTURE_MISSING});
    unit_grant(panel, "b", (double[]){6000000, FIXTURE_MISSING});
    return panel;
}

static void all_groups_have_a_balance_together(void **state)
{
    (void)state;
    struct kf_panel *panel = two_groups();
    unit_compute(panel);
    assert_true(whole(panel, "net_expenditure_million_kr", 0) == 4);
    assert_true(whole(panel, "grant_million_kr", 0) == 10);
    assert_true(whole(panel, "gain_million_kr", 0) == 6);
    assert_true(whole(panel, "gain_percent", 0) == 60);
    assert_true(whole(panel, "ratio", 0) == 0.4);
    assert_int_equal(status(panel, "gain_million_kr", 1), KF_CELL_VALUE);
    assert_false(unit_has(panel, "services", "", "gain_without_preliminary_million_kr"));
    assert_false(unit_has(panel, "services", "", "published_gain_million_kr"));
    kf_panel_destroy(&panel);
}

static void a_group_with_one_of_the_two_is_left_out_and_flagged(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct kf_panel *panel = two_groups();
        fixture_column(panel, i == 0 ? "b_netto" : "b_tilskudd",
                       (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
        unit_compute(panel);
        static const char *const measures[] = {"net_expenditure_million_kr", "grant_million_kr",
                                               "gain_million_kr", "gain_percent", "ratio"};
        static const double values[] = {3, 4, 1, 25, 0.75};
        for (size_t m = 0; m < 5; m++) {
            assert_true(whole(panel, measures[m], 0) == values[m]);
            assert_int_equal(status(panel, measures[m], 0), KF_CELL_INCOMPLETE);
            assert_int_equal(status(panel, measures[m], 1), KF_CELL_VALUE);
        }
        kf_panel_destroy(&panel);
    }
}

static void groups_that_are_all_preliminary_leave_nothing_beside(void **state)
{
    (void)state;
    struct kf_panel *panel = two_groups();
    unit_seal(panel);
    unit_mark(panel, "a_netto", 0, KF_CELL_PRELIMINARY);
    unit_mark(panel, "b_tilskudd", 0, KF_CELL_PRELIMINARY);
    unit_compute(panel);
    static const char without[] = "gain_without_preliminary_million_kr";
    assert_int_equal(status(panel, without, 0), KF_CELL_MISSING);
    assert_close(whole(panel, without, 1), 0.0001, GRID);
    assert_true(whole(panel, "gain_million_kr", 0) == 6);
    kf_panel_destroy(&panel);
}

static void a_published_gain_alone_is_shown(void **state)
{
    (void)state;
    struct kf_panel *panel = unit_panel_new(2017, 1);
    fixture_column(panel, "gevinst", (double[]){14800});
    unit_costs(panel)->gain = fixture_term(panel, "gevinst", 1000);
    unit_compute(panel);
    assert_close(whole(panel, "gain_million_kr", 0), 14.8, GRID);
    assert_int_equal(panel->results_len, 2);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_of_tables_5_are_within_a_tenth_of_a_million),
        cmocka_unit_test(ratios_of_tables_5_are_within_what_rounding_of_the_figures_allows),
        cmocka_unit_test(gains_in_all_are_those_of_table_6_1),
        cmocka_unit_test(hobols_total_is_shown_with_and_without_its_uncertain_group),
        cmocka_unit_test(where_no_group_is_known_the_published_gain_stands_in),
        cmocka_unit_test(all_groups_have_a_balance_together),
        cmocka_unit_test(a_group_with_one_of_the_two_is_left_out_and_flagged),
        cmocka_unit_test(groups_that_are_all_preliminary_leave_nothing_beside),
        cmocka_unit_test(a_published_gain_alone_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

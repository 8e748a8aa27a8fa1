#include "tests/support/cmocka.h"

#include <string.h>

#include "services/efficiency/unit_cost/rate.h"
#include "tests/services/efficiency/unit_cost/unit_fixture.h"

/* AK annex V.1: national rates, kr for an hour or a day; 0 where none is printed. */
static const struct {
    const char *code;
    double rate_2014;
    double rate_2016;
    double rate_2017;
} annex[] = {
    {"HTAMDK", 659, 706, 724},  {"HTAMN", 931, 995, 1020},  {"HTBODK", 490, 524, 537},
    {"HTBON", 457, 489, 501},   {"HTST", 504, 538, 551},    {"PBAMDK", 452, 482, 494},
    {"PBAMN", 828, 882, 904},   {"PBBODK", 379, 404, 414},  {"PBBON", 411, 438, 449},
    {"POAMDK", 501, 535, 548},  {"POAMN", 896, 956, 980},   {"POBDK", 408, 434, 445},
    {"POBN", 437, 466, 478},    {"BPADK", 328, 350, 359},   {"BPAN", 402, 429, 440},
    {"OL", 215, 228, 234},      {"SK1", 192, 232, 238},     {"SK08", 192, 193, 198},
    {"SK05", 192, 133, 136},    {"SK03", 192, 93, 95},      {"SK01", 192, 54, 55},
    {"AUI", 245, 263, 270},     {"DA1", 410, 442, 453},     {"DA08", 343, 371, 380},
    {"DA05", 243, 264, 271},    {"DA03", 176, 193, 198},    {"DA01", 109, 122, 125},
    {"LOKO", 2091, 2229, 2284}, {"AKO", 1689, 1809, 1854},  {"LOKJ", 2168, 2310, 2368},
    {"AKJ", 1765, 1890, 1937},  {"TUKO", 2651, 2810, 2880}, {"TUKJ", 2727, 2891, 2963},
    {"TRKO", 0, 2810, 2880},    {"TRKJ", 0, 2891, 2963},    {"TAKO", 2745, 2907, 2979},
    {"TAKJ", 2821, 2988, 3063}, {"TANKO", 0, 2907, 2979},   {"TANKJ", 0, 2988, 3063},
    {"LSKO", 2287, 2432, 2493}, {"LFKO", 2905, 3058, 3135}, {"LSKJ", 2363, 2513, 2576},
    {"LFKJ", 2981, 3139, 3218}, {"UK", 0, 4505, 4622},
};
enum { ANNEX = sizeof annex / sizeof annex[0] };

/* A service with rates of 2014, 2016 and 2017, and growth of 2.5 and 2.8 percent to 2018 and 2019;
 * nothing is known of 2015 and 2020. */
static struct kf_panel *some_rates(void)
{
    struct kf_panel *panel = unit_panel_new(2017, 1);
    struct kf_rated_service *service = unit_service(panel, "HTAMDK", "hours", 0);
    unit_year(panel, &service->rates, 2014, 659);
    unit_year(panel, &service->rates, 2016, 706);
    unit_year(panel, &service->rates, 2017, 724);
    unit_year(panel, &unit_costs(panel)->rate_growth, 2018, 2.5);
    unit_year(panel, &unit_costs(panel)->rate_growth, 2019, 2.8);
    unit_year(panel, &unit_costs(panel)->rate_growth, 2021, 3);
    return panel;
}

static double rate(struct kf_panel *panel, int year)
{
    const struct kf_unit_costs *costs = unit_costs(panel);
    return kf_wide_value(kf_rate_of(costs, &costs->services[0], year));
}

static void a_rate_of_the_year_is_taken_as_it_is(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    assert_true(rate(panel, 2014) == 659);
    assert_true(rate(panel, 2016) == 706);
    assert_true(rate(panel, 2017) == 724);
    kf_panel_destroy(&panel);
}

static void later_years_take_the_newest_rate_times_growth_since(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    assert_true(rate(panel, 2018) == 742.1);
    assert_true(rate(panel, 2019) == 762.8788);
    kf_panel_destroy(&panel);
}

static void without_the_growth_of_a_year_on_the_way_there_is_no_rate(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    assert_true(rate(panel, 2015) == 0);
    assert_true(rate(panel, 2020) == 0);
    assert_true(rate(panel, 2021) == 0);
    kf_panel_destroy(&panel);
}

static void nothing_is_indexed_backwards(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    assert_true(rate(panel, 2013) == 0);
    unit_costs(panel)->services[0].rates.count = 0;
    assert_true(rate(panel, 2018) == 0);
    kf_panel_destroy(&panel);
}

static void growth_may_be_a_fall(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    unit_costs(panel)->rate_growth.list[0].value = -50;
    assert_true(rate(panel, 2018) == 362);
    kf_panel_destroy(&panel);
}

/* Rates of 2016 in 2017, when nobody had printed those: growth of 2.5 percent. */
static double indexed(size_t number)
{
    struct kf_panel *panel = unit_panel_new(2017, 1);
    struct kf_rated_service *service = unit_service(panel, annex[number].code, "hours", 0);
    unit_year(panel, &service->rates, 2016, annex[number].rate_2016);
    unit_year(panel, &unit_costs(panel)->rate_growth, 2017, 2.5);
    double made = rate(panel, 2017);
    kf_panel_destroy(&panel);
    return made;
}

/* 38 of the 44 are the printed ones when rounded to kroner. */
static void the_rates_of_2017_are_those_of_2016_and_2_5_percent(void **state)
{
    (void)state;
    static const char *const others[] = {"LOKO", "TAKO", "TANKO", "LFKO", "LFKJ", "UK"};
    size_t same = 0;
    for (size_t i = 0; i < ANNEX; i++) {
        bool differs = false;
        for (size_t e = 0; e < sizeof others / sizeof others[0]; e++) {
            differs = differs || strcmp(annex[i].code, others[e]) == 0;
        }
        double off = fabs(indexed(i) - annex[i].rate_2017);
        assert_true(differs ? off > 0.5 && off < 5 : off <= 0.5);
        same += !differs;
    }
    assert_int_equal(same, 38);
}

/* LOKO, TAKO, TANKO, LFKO and LFKJ are less than a krone off: the rates of 2016 are rounded, and
 * half a krone more or less makes them agree. UK does not: 4505·1.025 = 4618, printed 4622, growth
 * of 2.6 percent. */
static void of_the_exceptions_only_uk_grows_otherwise(void **state)
{
    (void)state;
    for (size_t i = 0; i < ANNEX; i++) {
        double off = fabs(indexed(i) - annex[i].rate_2017);
        bool rounding = off <= 0.5 + 0.5 * 1.025;
        assert_true(rounding == (strcmp(annex[i].code, "UK") != 0));
    }
}

static void all_services_have_their_rates_and_units(void **state)
{
    (void)state;
    struct kf_panel *panel = some_rates();
    unit_service(panel, "LOKO", "days", 2284);
    unit_service(panel, "egen", "hours", 0);
    panel->year = 2018;
    struct kf_rate *rates = NULL;
    assert_int_equal(kf_rates_of(panel, panel->arena, &rates, NULL), KF_OK);
    assert_true(kf_wide_value(rates[0].kr) == 742.1);
    assert_true(kf_wide_value(rates[1].kr) == 2341.1);
    assert_true(kf_wide_value(rates[2].kr) == 0);
    assert_string_equal(rates[0].unit, "kr/hours");
    assert_string_equal(rates[1].unit, "kr/days");
    assert_string_equal(rates[1].service->id, "LOKO");
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_of_the_year_is_taken_as_it_is),
        cmocka_unit_test(later_years_take_the_newest_rate_times_growth_since),
        cmocka_unit_test(without_the_growth_of_a_year_on_the_way_there_is_no_rate),
        cmocka_unit_test(nothing_is_indexed_backwards),
        cmocka_unit_test(growth_may_be_a_fall),
        cmocka_unit_test(the_rates_of_2017_are_those_of_2016_and_2_5_percent),
        cmocka_unit_test(of_the_exceptions_only_uk_grows_otherwise),
        cmocka_unit_test(all_services_have_their_rates_and_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

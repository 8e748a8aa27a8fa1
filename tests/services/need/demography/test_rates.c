#include "tests/support/cmocka.h"

#include <string.h>

#include "services/need/demography/demography.h"
#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-6

static double rate(const struct kf_panel *panel, const char *service, const char *group)
{
    return demography_value(panel, service, group, "rate_kr", 0);
}

/* One sector: criteria of ages 0 (weight .1), 1–3 (.3), and a basis criterion (.6): the age
 * criteria become .25 and .75. The country, two members that are all there are, spends 800 million
 * and has 100 of age 0, and 50, 70, 80 of 1, 2, 3: .25·800/100 = 2 million each of age 0,
 * .75·800/200 = 3 million each of 1–3. Cost groups 0–1 and 2–3: (100·2 + 50·3)/150 = 350/150, and 3
 * million. */
static struct kf_panel *derived(void)
{
    struct kf_panel *panel = demography_panel_new(2, 2010);
    panel->country_municipalities = 2;
    fixture_edition(panel)->demography.rate_year = 2010;
    demography_cost_group(panel, "0-1", 0, 1);
    demography_cost_group(panel, "2-3", 2, 3);
    struct kf_sector *sector = fixture_sector(panel, "barnehage", 1);
    demography_criterion(panel, "barnehage", 0, 0, 0.1);
    demography_criterion(panel, "barnehage", 1, 3, 0.3);
    fixture_criterion(panel, "barnehage", "basis", 0.6)->variable = "";
    sector->resources.net = fixture_term(panel, "netto", 1000);
    demography_of(panel, demography_service(panel, "tjeneste", NULL), "barnehage");
    fixture_population(panel, (double[]){1000, 3000});
    fixture_column(panel, "netto", (double[]){300000, 500000});
    demography_age(panel, 0, (double[]){60, 40});
    demography_age(panel, 1, (double[]){20, 30});
    demography_age(panel, 2, (double[]){0, 70});
    demography_age(panel, 3, (double[]){79, 1});
    return panel;
}

static void rates_share_out_net_expenditure_by_age_criteria(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "0-1"), 350e6 / 150, EPSILON);
    assert_close(rate(panel, "tjeneste", "2-3"), 3e6, EPSILON);
    assert_close(rate(panel, "total", "2-3"), 3e6, EPSILON);
    kf_panel_destroy(&panel);
}

/* Σ r P = NDU. */
static void rates_times_people_are_the_expenditure_of_the_sectors(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 9};
    for (int i = 0; i < 50; i++) {
        struct kf_panel *panel = derived();
        double people[4][2];
        for (int age = 0; age < 4; age++) {
            people[age][0] = (double)fixture_random_whole(&random, 1, 9000);
            people[age][1] = (double)fixture_random_whole(&random, 0, 9000);
            demography_age(panel, age, people[age]);
        }
        demography_compute(panel);
        double first = people[0][0] + people[0][1] + people[1][0] + people[1][1];
        double second = people[2][0] + people[2][1] + people[3][0] + people[3][1];
        double sum =
            rate(panel, "tjeneste", "0-1") * first + rate(panel, "tjeneste", "2-3") * second;
        assert_close(sum / 800e6, 1, 1e-13);
        kf_panel_destroy(&panel);
    }
}

/* A second sector that spends 90 million, all of it on those of age 2: 90/70 million each; in the
 * group 2–3 that is 90/150. */
static void a_service_of_two_sectors_costs_what_both_do(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    struct kf_sector *helse = fixture_sector(panel, "helse", 1);
    demography_criterion(panel, "helse", 2, 2, 1);
    helse->resources.net = fixture_term(panel, "helse_netto", 1);
    fixture_column(panel, "helse_netto", (double[]){30e6, 60e6});
    struct kf_cost_sector *service = &fixture_edition(panel)->demography.sectors[0];
    demography_of(panel, service, "helse");
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "2-3"), 3e6 + 90e6 / 150, EPSILON);
    assert_close(rate(panel, "tjeneste", "0-1"), 350e6 / 150, EPSILON);
    kf_panel_destroy(&panel);
}

/* The country's rows: 1000 of each age and 8000 million. */
static void the_countrys_own_rows_are_the_measure(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    fixture_country(panel, "netto", 8000000);
    for (int age = 0; age < 4; age++) {
        fixture_country(panel, kf_arena_printf(panel->arena, "alder_%d", age), 1000);
    }
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "2-3"), 2e6, EPSILON); /* .75·8000/3000 */
    assert_close(rate(panel, "tjeneste", "0-1"), 2e6, EPSILON); /* .25·8000/1000 is 2, too */
    kf_panel_destroy(&panel);
}

/* Half of the country: its 800 million go to its own people. */
static void members_that_are_not_the_country_are_measured_by_themselves(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    panel->country_municipalities = 357;
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "2-3"), 3e6, EPSILON);
    kf_panel_destroy(&panel);
}

/* The first member tells no expenditure: the 500 million of the other, for its 40 and 101. */
static void people_without_expenditure_do_not_count(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    fixture_column(panel, "netto", (double[]){FIXTURE_MISSING, 500000});
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "2-3"), 0.75 * 500e6 / 101, EPSILON);
    kf_panel_destroy(&panel);
}

/* The country's expenditure over the people of two of its 357 municipalities would be nonsense. */
static void expenditure_of_the_country_is_not_shared_among_some_of_its_people(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    panel->country_municipalities = 357;
    fixture_column(panel, "netto", (double[]){FIXTURE_MISSING, FIXTURE_MISSING});
    fixture_country(panel, "netto", 8000000);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_demography_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].municipality, KF_MUNICIPALITY_COUNTRY);
    kf_panel_destroy(&panel);
}

static void a_group_without_inhabitants_has_no_rate(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    demography_age(panel, 2, (double[]){0, 0});
    demography_age(panel, 3, (double[]){0, 0});
    demography_compute(panel);
    assert_true(demography_has(panel, "tjeneste", "0-1", "rate_kr"));
    assert_false(demography_has(panel, "tjeneste", "2-3", "rate_kr"));
    assert_false(demography_has(panel, "total", "2-3", "rate_kr"));
    kf_panel_destroy(&panel);
}

static void without_figures_of_the_rate_year_there_are_no_rates_and_no_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    fixture_edition(panel)->demography.rate_year = 2007;
    demography_compute(panel);
    assert_false(demography_has(panel, "tjeneste", "0-1", "rate_kr"));
    assert_false(demography_has(panel, "tjeneste", "", "need_index"));
    assert_true(demography_has(panel, "total", "", "population"));
    kf_panel_destroy(&panel);
}

static void rates_of_another_year_are_of_its_people(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    fixture_edition(panel)->demography.rate_year = 2008;
    struct kf_panel *year = fixture_further(panel, 2008);
    year->country_municipalities = 2;
    fixture_column(year, "netto", (double[]){100000, 100000});
    for (int age = 0; age < 4; age++) {
        demography_age(year, age, (double[]){5, 5});
    }
    demography_compute(panel);
    assert_close(rate(panel, "tjeneste", "2-3"), 0.75 * 200e6 / 30, EPSILON);
    kf_panel_destroy(&panel);
}

static void given_rates_are_told_with_their_sum(void **state)
{
    (void)state;
    struct kf_panel *panel = demography_panel_new(1, 2010);
    demography_cost_group(panel, "90+", 90, 105);
    demography_service(panel, "omsorg", (double[]){402700});
    demography_service(panel, "helse", (double[]){17700});
    fixture_population(panel, (double[]){1000});
    demography_compute(panel);
    assert_true(rate(panel, "omsorg", "90+") == 402700);
    assert_true(rate(panel, "total", "90+") == 420400);
    kf_panel_destroy(&panel);
}

static void refused(struct kf_panel *panel, const char *name, const char *problem)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_demography_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_string_equal(findings->list[0].variable, name);
    assert_non_null(strstr(findings->list[0].problem, problem));
    kf_panel_destroy(&panel);
}

static void what_rates_cannot_be_derived_from_is_told(void **state)
{
    (void)state;
    struct kf_panel *panel = derived();
    fixture_edition(panel)->sectors[0].criteria_len = 0;
    refused(panel, "barnehage", "no criteria that count people by age");

    panel = derived();
    fixture_edition(panel)->demography.sectors[0].of[0] = "barnehagen";
    refused(panel, "barnehagen", "no sector with net expenditure");

    panel = derived();
    fixture_edition(panel)->demography.cost_groups[1].people = fixture_term(panel, "innb_2_3", 1);
    refused(panel, "2-3", "single years of age");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_share_out_net_expenditure_by_age_criteria),
        cmocka_unit_test(rates_times_people_are_the_expenditure_of_the_sectors),
        cmocka_unit_test(a_service_of_two_sectors_costs_what_both_do),
        cmocka_unit_test(the_countrys_own_rows_are_the_measure),
        cmocka_unit_test(members_that_are_not_the_country_are_measured_by_themselves),
        cmocka_unit_test(people_without_expenditure_do_not_count),
        cmocka_unit_test(expenditure_of_the_country_is_not_shared_among_some_of_its_people),
        cmocka_unit_test(a_group_without_inhabitants_has_no_rate),
        cmocka_unit_test(without_figures_of_the_rate_year_there_are_no_rates_and_no_cost),
        cmocka_unit_test(rates_of_another_year_are_of_its_people),
        cmocka_unit_test(given_rates_are_told_with_their_sum),
        cmocka_unit_test(what_rates_cannot_be_derived_from_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

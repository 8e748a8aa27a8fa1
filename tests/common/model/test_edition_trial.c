#include "trial_fixture.h"

#include <string.h>

static void grants_and_deduction_are_money_in_kr(void **state)
{
    (void)state;
    const struct kf_trial *trial = &edition_fixture_good(trial_fixture_yaml)->trial;
    assert_int_equal(trial->grants_len, 2);
    assert_string_equal(trial->grants[0].id, "vedtak");
    assert_string_equal(trial->grants[1].name.en, "Lump sum");
    edition_fixture_sums(&trial->grants[0].amount, "1000 tilskudd");
    edition_fixture_sums(&trial->grants[1].amount, "rundsum");
    edition_fixture_sums(&trial->grant, "1000 tilskudd");
    edition_fixture_sums(&trial->deduction, "1000 trekk");
    edition_fixture_sums(&trial->gain, "1000 gevinst");
}

static void users_are_the_variables_of_a_prefix_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    const struct kf_resource_intensive *intensive =
        &edition_fixture_good(trial_fixture_yaml)->trial.resource_intensive;
    trial_fixture_years(&intensive->thresholds, "2016 1.157e+06, 2017 1.235e+06");
    assert_true(intensive->refund == 0.8);
    assert_int_equal(intensive->age_limit, 67);
    assert_string_equal(intensive->each.cost_prefix, "kostnad_");
    assert_string_equal(intensive->each.age_prefix, "brukeralder_");
    assert_int_equal(intensive->each.count, 12); /* kostnad_i_alt is none of them */
    assert_string_equal(intensive->each.costs[0], "kostnad_1");
    assert_string_equal(intensive->each.costs[1], "kostnad_2");
    assert_string_equal(intensive->each.costs[11], "kostnad_12");
    assert_string_equal(intensive->each.ages[9], "brukeralder_10");
    edition_fixture_sums(&intensive->users, "brukere");
    edition_fixture_sums(&intensive->net, "1000 ndu_hjemme");
    assert_int_equal(intensive->base_year, 2015);
    trial_fixture_years(&intensive->growth, "2016 1.6, 2017 0.695");
    edition_fixture_sums(&intensive->gain, "1000 gevinst");
}

static void ages_age_limit_and_base_may_be_left_out(void **state)
{
    (void)state;
    struct kf_edition *edition = trial_fixture_extend(
        "extends: liten\nid: ny\n"
        "trial:\n"
        "  resource_intensive: {age_limit: null, base: null, growth: null, gain: null,\n"
        "                       users: null, net: null, each: {ages: null}}\n");
    const struct kf_resource_intensive *intensive = &edition->trial.resource_intensive;
    assert_int_equal(intensive->age_limit, 0);
    assert_int_equal(intensive->base_year, 0);
    assert_int_equal(intensive->growth.count, 0);
    assert_int_equal(intensive->users.count, 0);
    assert_int_equal(intensive->each.count, 12);
    assert_string_equal(intensive->each.age_prefix, "");
    assert_null(intensive->each.ages);
}

static void without_users_one_by_one_there_are_aggregates(void **state)
{
    (void)state;
    struct kf_edition *edition =
        trial_fixture_extend("extends: liten\nid: ny\ntrial: {resource_intensive: {each: null}}\n");
    const struct kf_resource_intensive *intensive = &edition->trial.resource_intensive;
    assert_int_equal(intensive->each.count, 0);
    assert_string_equal(intensive->each.cost_prefix, "");
    edition_fixture_sums(&intensive->users, "brukere");
}

static void demography_has_years_that_count_and_the_base_of_its_deduction(void **state)
{
    (void)state;
    const struct kf_demography_gain *gain =
        &edition_fixture_good(trial_fixture_yaml)->trial.demography;
    trial_fixture_years(&gain->compensated, "2016 1.6, 2017 0.695, 2018 0.7");
    assert_string_equal(gain->growth, "behov");
    assert_int_equal(gain->deduction_year, 2017);
    assert_int_equal(gain->refund_years[0], 2015);
    assert_int_equal(gain->refund_years[1], 2016);
    assert_int_equal(gain->refund_years[2], 0);
    trial_fixture_years(&gain->prices, "2016 2.5, 2017 2.25");
    trial_fixture_years(&gain->months, "2016 8");
    edition_fixture_sums(&gain->gain, "1000 gevinst");
}

static void without_a_trial_its_texts_are_empty(void **state)
{
    (void)state;
    struct kf_edition *edition = trial_fixture_extend("extends: liten\nid: ny\ntrial: null\n");
    const struct kf_trial *trial = &edition->trial;
    assert_int_equal(trial->grants_len, 0);
    assert_string_equal(trial->demography.growth, "");
    assert_string_equal(trial->resource_intensive.each.cost_prefix, "");
    assert_string_equal(trial->resource_intensive.each.age_prefix, "");
    assert_int_equal(trial->resource_intensive.thresholds.count, 0);
}

static void years_merge_by_year_and_a_list_of_years_stands_alone(void **state)
{
    (void)state;
    struct kf_edition *edition =
        trial_fixture_extend("extends: liten\nid: ny\n"
                             "trial:\n"
                             "  grants: [{id: rundsum, amount: trekk}]\n"
                             "  resource_intensive: {thresholds: {2017: 1300000, 2016: null}}\n"
                             "  demography: {refund: [2014], months: {2016: null, 2017: 6}}\n");
    const struct kf_trial *trial = &edition->trial;
    edition_fixture_sums(&trial->grants[1].amount, "1000 trekk");
    trial_fixture_years(&trial->resource_intensive.thresholds, "2017 1.3e+06");
    trial_fixture_years(&trial->demography.months, "2017 6");
    assert_int_equal(trial->demography.refund_years[0], 2014);
    assert_int_equal(trial->demography.refund_years[1], 0);
}

/* The base is deflated from the deduction's year to the year before each that counts. */
static void prices_need_not_be_known_beyond_what_is_deflated(void **state)
{
    (void)state;
    struct kf_edition *edition = trial_fixture_extend(
        "extends: liten\nid: ny\nyears: [2016]\n"
        "trial: {demography: {compensated: {2016: null, 2017: null}, prices: null}}\n");
    assert_int_equal(edition->trial.demography.prices.count,
                     0); /* 2018 is no year of the edition */
    edition = trial_fixture_extend(
        "extends: liten\nid: ny\nyears: [2018]\nunit_costs: {prices: {2018: 2}}\n"
        "trial: {demography: {compensated: {2016: null, 2017: null}, prices: null,\n"
        "                     months: null}}\n");
    assert_int_equal(edition->trial.demography.prices.count, 0); /* 2018 is at prices of 2017 */
}

static void growth_of_own_share_may_end_before_the_edition_does(void **state)
{
    (void)state;
    struct kf_edition *edition = trial_fixture_extend(
        "extends: liten\nid: ny\ntrial: {resource_intensive: {growth: {2017: null}}}\n");
    trial_fixture_years(&edition->trial.resource_intensive.growth, "2016 1.6");
}

static void a_panel_carries_the_other_years_that_a_trial_rests_on(void **state)
{
    (void)state;
    int years[KF_FURTHER_YEARS_MAX];
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    assert_int_equal(kf_edition_further_years(edition, 2017, 0, years), 2);
    assert_int_equal(years[0], 2015);
    assert_int_equal(years[1], 2016);
    assert_int_equal(kf_edition_further_years(edition, 2017, 1, years), 1);
    assert_int_equal(years[0], 2015);
    assert_int_equal(kf_edition_further_years(edition, 2016, 1, years), 1); /* 2015 is before it */
    assert_int_equal(years[0], 2017);
    assert_int_equal(kf_edition_further_years(edition, 2018, 0, years), 3);
    assert_int_equal(years[2], 2017);
}

static void before_the_trial_nothing_further_is_needed(void **state)
{
    (void)state;
    int years[KF_FURTHER_YEARS_MAX];
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    assert_int_equal(kf_edition_further_years(edition, 2015, 0, years), 0);
    assert_int_equal(kf_edition_further_years(edition, 2014, 0, years),
                     0); /* 2015 is yet to come */
}

static void there_is_room_for_every_year_that_may_count(void **state)
{
    (void)state;
    int years[KF_FURTHER_YEARS_MAX];
    struct kf_edition *edition = trial_fixture_extend(
        "extends: liten\nid: ny\nyears: [2040]\nunit_costs: {prices: {2040: 2}}\n"
        "trial:\n"
        "  demography:\n"
        "    deduction: 2035\n"
        "    refund: [2001, 2002, 2003, 2004]\n"
        "    months: null\n"
        "    compensated: {2016: null, 2017: null, 2018: null, 2020: 1, 2021: 1, 2022: 1, 2023: "
        "1,\n"
        "                  2024: 1, 2025: 1, 2026: 1, 2027: 1, 2028: 1, 2029: 1, 2030: 1, 2031: "
        "1}\n"
        "    prices: {2016: null, 2017: null, 2020: 1, 2021: 1, 2022: 1, 2023: 1, 2024: 1, 2025: "
        "1,\n"
        "             2026: 1, 2027: 1, 2028: 1, 2029: 1, 2030: 1, 2031: 1, 2032: 1, 2033: 1,\n"
        "             2034: 1, 2035: 1}\n");
    assert_int_equal(edition->trial.demography.compensated.count, KF_COMPENSATED_MAX);
    size_t count = kf_edition_further_years(edition, 2040, 1, years);
    assert_int_equal(count, 1 + 1 + 4 + 12);
    for (size_t i = 1; i < count; i++) {
        assert_true(years[i - 1] < years[i]);
    }
}

static const struct edition_fault faults[] = {
    /* keys */
    {"  deduction: trekk\n", "  deducton: trekk\n", "deducton", "deducton", "mean deduction?"},
    {"    refund: 0.8\n", "    refund: 0.8\n    share: 1\n", "    share: 1", "is not a key",
     "allowed are thresholds, refund"},
    {"ages: brukeralder_}", "age: brukeralder_}", "age: brukeralder_", "age", "did you mean ages?"},
    {"    months: {2016: 8}\n", "    month: {2016: 8}\n", "month: ", "month",
     "did you mean months?"},
    /* grants */
    {"      amount: rundsum\n", "      amount: timer\n", "amount: timer",
     "is in hours, not in money", "kr"},
    {"id: rundsum", "id: vedtak", "id: vedtak\n      name: {nb: \"Rundsum\"", "is the id of line",
     "rename"},
    {"      amount: rundsum\n", "", "id: rundsum", "amount: is missing", "add amount"},
    {"  grant: tilskudd\n", "  grant: behov\n", "grant: behov", "is in percent, not in money",
     "kr"},
    {"  deduction: trekk\n", "  deduction: dogn\n", "deduction: dogn", "is in days", "kr"},
    {"  deduction: trekk\n", "", "    deduction: 2017", "does not say what is deducted",
     "add deduction: VARIABLE to trial"},
    /* users of resource-intensive services */
    {"    thresholds: {2016: 1157000, 2017: 1235000}\n", "", "    refund: 0.8",
     "thresholds: is missing", "add thresholds: {"},
    {"{2016: 1157000,", "{2016: 0,", "{2016: 0,", "no amount above 0", "write kr"},
    {"    refund: 0.8\n", "", "    thresholds: {2016", "refund: is missing", "add refund"},
    {"refund: 0.8", "refund: 80", "refund: 80", "is not above 0 and at most 1", "positive"},
    {"refund: 0.8", "refund: 0", "refund: 0", "is not above 0 and at most 1", "positive"},
    {"age_limit: 67", "age_limit: 0", "age_limit: 0", "a whole number from 1 to 120", "write"},
    {"age_limit: 67", "age_limit: 67.5", "age_limit: 67.5", "a whole number from 1 to 120",
     "write"},
    {"    users: brukere\n", "    users: dogn\n", "users: dogn", "is in days, not in count",
     "name figures in count or persons"},
    {"    users: brukere\n", "", "    thresholds: {2016", "users: is missing", "add users"},
    {"    net: ndu_hjemme\n    base", "    base", "    thresholds: {2016", "net: is missing",
     "add net"},
    {"    net: ndu_hjemme\n    base", "    net: behov\n    base", "net: behov", "not in money",
     "kr"},
    {"    each: {costs: kostnad_, ages: brukeralder_}\n    users: brukere\n    net: ndu_hjemme\n",
     "", "    thresholds: {2016", "does not say what users cost", "each: {costs: PREFIX}"},
    /* a family of users */
    {"costs: kostnad_,", "costs: kostnd_,", "costs: kostnd_", "stands for kostnd_1, which is not",
     "did you mean kostnad_? otherwise register kostnd_{}"},
    {"costs: kostnad_,", "costs: personer_,", "costs: personer_", "stands for personer_1",
     "register personer_{} with each: 1-50"},
    {"ages: brukeralder_}", "ages: brukralder_}", "ages: brukralder_", "stands for brukralder_1",
     "did you mean brukeralder_?"},
    {"costs: kostnad_,", "costs: hull_,", "costs: hull_", "lacks hull_3 between 1 and 4",
     "register the variable"},
    {"costs: kostnad_,", "costs: mange_,", "costs: mange_",
     "stands for 1001 variables, at most 1000 users", "register fewer"},
    {"costs: kostnad_,", "costs: tusen_,", "costs: tusen_", "tusen_1 is in 1000 kr, not in kr",
     "each the cost of one user"},
    {"ages: brukeralder_}", "ages: tusen_}", "ages: tusen_", "tusen_1 is in 1000 kr, not in count",
     "each the age of one user"},
    {"ages: brukeralder_}", "ages: faa_}", "ages: faa_", "are of 3 users, costs of 12",
     "a cost and an age for each"},
    {"{costs: kostnad_, ages: brukeralder_}", "{ages: brukeralder_}", "{ages: brukeralder_}",
     "costs: is missing", "add costs: ressurskrevende_kostnad_"},
    {"costs: kostnad_,", "costs: Kostnad,", "costs: Kostnad", "is not an identifier", "lower-case"},
    /* its base */
    {"    growth: {2016: 1.6, 2017: 0.695}\n", "", "    thresholds: {2016", "growth: is missing",
     "add growth: {"},
    {"    base: 2015\n", "", "    thresholds: {2016", "base: is missing", "add base: 2024"},
    {"    base: 2015\n", "    base: 15\n", "base: 15", "a whole number from 1972 to 2100", "2024"},
    {"    base: 2015\n", "    base: 2014\n", "growth: {2016: 1.6", "has nothing for 2015",
     "add the year"},
    {"growth: {2016: 1.6, 2017: 0.695}", "growth: {2016: 1.6, 2018: 0.695}", "growth: {2016: 1.6",
     "has nothing for 2017", "add the year"},
    {"growth: {2016: 1.6, 2017: 0.695}", "growth: {2015: 1.6}", "growth: {2015: 1.6",
     "has nothing for 2016", "add the year"},
    {"growth: {2016: 1.6, 2017: 0.695}", "growth: {2016: -101, 2017: 1}", "growth: {2016: -101",
     "no growth above -100", "percent"},
    /* demography */
    {"    compensated: {2016: 1.6, 2017: 0.695, 2018: 0.7}\n", "", "    growth: behov",
     "compensated: is missing", "add compensated: {"},
    {"    growth: behov\n", "", "    compensated: {2016: 1.6,", "growth: is missing", "add growth"},
    {"    growth: behov\n", "    growth: timer\n", "growth: timer", "is in hours, not in percent",
     "percent"},
    {"    deduction: 2017\n", "", "    compensated: {2016: 1.6,", "deduction: is missing",
     "add deduction: 2024"},
    {"refund: [2015, 2016]", "refund: [2015, 2015]", "refund: [2015, 2015]", "is given twice",
     "remove it"},
    {"refund: [2015, 2016]", "refund: [15]", "refund: [15]", "is not a year from 1972 to 2100",
     "four digits"},
    {"refund: [2015, 2016]", "refund: [2011, 2012, 2013, 2014, 2015]", "refund: [2011",
     "list of 1 to 4 items", "a list"},
    {"refund: [2015, 2016]", "refund: 2015", "refund: 2015", "list of 1 to 4 items", "a list"},
    {"    prices: {2016: 2.5, 2017: 2.25}\n", "", "    compensated: {2016: 1.6,",
     "prices: has nothing for 2016", "add the year"},
    {"prices: {2016: 2.5, 2017: 2.25}", "prices: {2016: 2.5}", "prices: {2016: 2.5}\n    months",
     "has nothing for 2017", "add the year"},
    {"prices: {2016: 2.5, 2017: 2.25}", "prices: {2017: 2.5}", "prices: {2017: 2.5}",
     "has nothing for 2016", "add the year"},
    {"months: {2016: 8}", "months: {2016: 13}", "months: {2016: 13}",
     "is no number of months from 1 to 12", "how many months"},
    {"months: {2016: 8}", "months: {2016: 0}", "months: {2016: 0}",
     "is no number of months from 1 to 12", "how many months"},
    {"months: {2016: 8}", "months: {2015: 8}", "months: {2015: 8}", "2015 is no year that counts",
     "add it to compensated"},
    {"compensated: {2016: 1.6, 2017: 0.695, 2018: 0.7}",
     "compensated: {2016: 1, 2017: 1, 2018: 1, 2019: 1, 2020: 1, 2021: 1, 2022: 1, 2023: 1, "
     "2024: 1, 2025: 1, 2026: 1, 2027: 1, 2028: 1}",
     "compensated: {2016: 1,", "has 13 years, at most 12 are allowed", "leave the first years out"},
    {"  gain: gevinst\n", "  gain: behov\n", "gain: behov", "is in percent, not in money", "kr"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    trial_fixture_faults(faults, sizeof faults / sizeof faults[0]);
}

static void a_base_after_which_prices_rise_needs_those_years(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    struct kf_error err;
    (void)fixture_write("liten.yaml", trial_fixture_yaml);
    const char *path = fixture_write("ny.yaml", "extends: liten\nid: ny\n"
                                                "trial: {demography: {deduction: 2015,\n"
                                                "                     prices: {2016: null}}}\n");
    assert_int_equal(kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                     &edition, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_told("prices: has nothing for 2016", "add the year", NULL);
    fixture_found(1);
}

static void a_refund_needs_users(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    struct kf_error err;
    (void)fixture_write("liten.yaml", trial_fixture_yaml);
    const char *path =
        fixture_write("ny.yaml", "extends: liten\nid: ny\ntrial: {resource_intensive: null}\n");
    assert_int_equal(kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                     &edition, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_found(1);
    fixture_told("liten.yaml:", "refund", "says nothing of users", "add resource_intensive", NULL);
}

static void a_trial_of_nothing_is_a_fault(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    assert_int_equal(
        edition_fixture_read("id: liten\ntitle: {nb: L, en: L}\nsource: made up\nyears: [2016]\n"
                             "structure: data-year\nscale: 100\nmissing: drop\n"
                             "group: {name: {nb: A, en: A}, municipalities: all}\ntrial: {}\n",
                             &edition),
        KF_ERR_CONFIG);
    fixture_found(1);
    fixture_told("liten.yaml:9: ", "the trial says nothing", "add grants", NULL);
}

static void without_a_register_nobody_is_counted(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    struct kf_error err;
    assert_int_equal(kf_edition_read(fixture_write("liten.yaml", trial_fixture_yaml), NULL,
                                     edition_fixture_arena, &edition, fixture_findings(), &err),
                     KF_OK);
    assert_int_equal(edition->trial.resource_intensive.each.count, 0);
    assert_string_equal(edition->trial.resource_intensive.each.cost_prefix, "kostnad_");
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(grants_and_deduction_are_money_in_kr),
        WITH_ARENA(users_are_the_variables_of_a_prefix_in_the_order_of_their_numbers),
        WITH_ARENA(ages_age_limit_and_base_may_be_left_out),
        WITH_ARENA(without_users_one_by_one_there_are_aggregates),
        WITH_ARENA(demography_has_years_that_count_and_the_base_of_its_deduction),
        WITH_ARENA(without_a_trial_its_texts_are_empty),
        WITH_ARENA(years_merge_by_year_and_a_list_of_years_stands_alone),
        WITH_ARENA(prices_need_not_be_known_beyond_what_is_deflated),
        WITH_ARENA(growth_of_own_share_may_end_before_the_edition_does),
        WITH_ARENA(a_panel_carries_the_other_years_that_a_trial_rests_on),
        WITH_ARENA(before_the_trial_nothing_further_is_needed),
        WITH_ARENA(there_is_room_for_every_year_that_may_count),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(a_base_after_which_prices_rise_needs_those_years),
        WITH_ARENA(a_refund_needs_users),
        WITH_ARENA(a_trial_of_nothing_is_a_fault),
        WITH_ARENA(without_a_register_nobody_is_counted),
    };
    return cmocka_run_group_tests(tests, trial_fixture_open, trial_fixture_close);
}

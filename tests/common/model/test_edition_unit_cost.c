#include "trial_fixture.h"

#include <stdio.h>
#include <string.h>

static void services_have_rates_by_year_whatever_their_order(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    const struct kf_unit_costs *costs = &edition->unit_costs;
    assert_int_equal(costs->services_len, 3);
    assert_string_equal(costs->services[0].id, "HTAMDK");
    assert_string_equal(costs->services[0].name.en, "Help");
    assert_string_equal(costs->services[0].unit, "hours");
    trial_fixture_years(&costs->services[0].rates, "2014 659, 2016 706, 2017 724");
    assert_string_equal(costs->services[1].id, "HT_natt-2");
    trial_fixture_years(&costs->services[1].rates, "2016 995.5");
    assert_string_equal(costs->services[2].unit, "days");
    trial_fixture_years(&costs->rate_growth, "2018 2.8");
}

static void groups_deliver_services_and_count_money_in_kr(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    const struct kf_unit_costs *costs = &edition->unit_costs;
    assert_int_equal(costs->groups_len, 2);
    const struct kf_cost_group *home = &costs->groups[0];
    assert_string_equal(home->id, "hjemmetjenester");
    assert_string_equal(home->name.nb, "Hjemme");
    edition_fixture_sums(&home->net, "1000 ndu_hjemme");
    edition_fixture_sums(&home->grant, "1000 tilskudd");
    assert_int_equal(home->deliveries_len, 2);
    assert_string_equal(home->deliveries[0].service, "HTAMDK");
    edition_fixture_sums(&home->deliveries[0].quantity, "timer");
    assert_string_equal(home->deliveries[1].service, "HT_natt-2");
    edition_fixture_sums(&home->deliveries[1].quantity, "0.5 natt");
    edition_fixture_sums(&costs->groups[1].net, "ndu_institusjon");
    assert_int_equal(costs->groups[1].grant.count, 0);
    edition_fixture_sums(&costs->gain, "1000 gevinst");
}

static void institutions_time_and_growth_are_read(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    const struct kf_unit_costs *costs = &edition->unit_costs;
    edition_fixture_sums(&costs->institution.days, "dogn");
    edition_fixture_sums(&costs->institution.expenditure, "ndu_institusjon");
    edition_fixture_sums(&costs->institution.of, "ndu_institusjon + 1000 ndu_hjemme");
    assert_int_equal(costs->user_times_len, 2);
    edition_fixture_sums(&costs->user_times[0].approved, "timer");
    edition_fixture_sums(&costs->user_times[0].available, "arbeidstid");
    assert_true(costs->user_times[0].norm == 0.6);
    assert_true(costs->user_times[1].norm == 0);
    assert_int_equal(costs->growths_len, 2);
    assert_string_equal(costs->growths[0].gross, "vekst");
    assert_int_equal(costs->growths[0].expenditure.count, 0);
    assert_string_equal(costs->growths[1].gross, "");
    edition_fixture_sums(&costs->growths[1].expenditure, "1000 ndu_hjemme");
    assert_string_equal(costs->growths[1].demographic, "behov");
    trial_fixture_years(&costs->prices, "2016 2.5, 2017 -0.5");
}

static void an_edition_of_unit_costs_alone_needs_no_population(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    assert_string_equal(edition->population, "");
    assert_int_equal(edition->sectors_len, 0);
    assert_true(kf_edition_has_unit_costs(edition));
    edition = edition_fixture_good(fixture_replace(trial_fixture_yaml, "missing: drop\n",
                                                   "missing: drop\npopulation: folkemengde\n"));
    assert_string_equal(edition->population, "folkemengde");
}

static void what_else_is_computed_needs_a_population(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    const char *text =
        fixture_replace(trial_fixture_yaml, "missing: drop\n", "missing: drop\ntotal: vekst\n");
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_told("liten.yaml:1: ", "population: is missing", "add population: folkemengde", NULL);
    fixture_found(1);
}

static void an_edition_of_nothing_is_told_what_it_may_be_of(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    char text[512];
    size_t head = (size_t)(strstr(trial_fixture_yaml, "unit_costs:") - trial_fixture_yaml);
    assert_true(head < sizeof text);
    memcpy(text, trial_fixture_yaml, head);
    text[head] = '\0';
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_told("liten.yaml:1: ", "sectors: is missing",
                 "add sectors: […], or one of demography, unit_costs and trial", NULL);
}

static void an_edition_without_unit_costs_has_none(void **state)
{
    (void)state;
    struct kf_edition *edition = trial_fixture_extend("extends: liten\nid: ny\nunit_costs: null\n"
                                                      "trial: {grants: null, grant: null,\n"
                                                      "        deduction: null,\n"
                                                      "        resource_intensive: null,\n"
                                                      "        demography: null}\n");
    assert_int_equal(edition->unit_costs.services_len, 0);
    assert_false(kf_edition_has_unit_costs(edition));
    assert_true(kf_edition_has_trial(edition)); /* its published gain */
    const struct kf_edition none = {.id = "ingen"};
    assert_false(kf_edition_has_trial(&none));
    assert_false(kf_edition_has_unit_costs(&none));
}

static void each_part_alone_is_something_of_the_topic(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "unit_costs: {groups: [{id: a, name: {nb: A, en: A}, net: ndu_hjemme, grant: tilskudd}]}\n",
        "unit_costs: {gain: gevinst}\n",
        "unit_costs: {institution: {days: dogn}}\n",
        "unit_costs: {institution: {expenditure: ndu_hjemme, of: ndu_hjemme}}\n",
        "unit_costs:\n  user_time: [{id: a, name: {nb: A, en: A}, approved: timer,\n"
        "               available: natt}]\n",
        "unit_costs:\n  growth: [{id: a, name: {nb: A, en: A}, gross: vekst, demographic: "
        "behov}]\n",
        "trial: {grants: [{id: a, name: {nb: A, en: A}, amount: tilskudd}]}\n",
        "trial: {grant: tilskudd}\n",
        "trial: {deduction: trekk}\n",
        "trial:\n  resource_intensive: {thresholds: {2016: 1}, refund: 1, each: {costs: "
        "kostnad_}}\n",
        "trial:\n  deduction: trekk\n  demography: {compensated: {2018: 1}, growth: behov,\n"
        "               deduction: 2017}\n",
        "trial: {gain: gevinst}\n",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "id: liten\ntitle: {nb: L, en: L}\nsource: made up\nyears: [2016]\n"
                       "structure: data-year\nscale: 100\nmissing: drop\n"
                       "group: {name: {nb: A, en: A}, municipalities: all}\n%s",
                       parts[i]);
        const struct kf_edition *edition = edition_fixture_good(text);
        bool trial = strncmp(parts[i], "trial", 5) == 0;
        assert_true(kf_edition_has_unit_costs(edition) == !trial);
        assert_true(kf_edition_has_trial(edition) == trial);
        assert_false(kf_edition_needs_population(edition));
    }
}

static void years_merge_by_year_and_services_by_id(void **state)
{
    (void)state;
    struct kf_edition *edition =
        trial_fixture_extend("extends: liten\nid: ny\n"
                             "unit_costs:\n"
                             "  rate_growth: {2018: null, 2019: 3}\n"
                             "  services:\n"
                             "    - {id: HTAMDK, rates: {2017: 730, 2014: null, 2013: 600}}\n"
                             "    - {id: NY, name: {nb: N, en: N}, unit: count, rates: {2017: 1}}\n"
                             "  groups:\n"
                             "    - id: hjemmetjenester\n"
                             "      grant: null\n"
                             "      services:\n"
                             "        - {id: HTAMDK, quantity: natt}\n"
                             "        - {id: HT_natt-2, remove: true}\n"
                             "        - {id: NY, quantity: brukere}\n"
                             "    - {id: institusjon, remove: true}\n"
                             "  growth:\n"
                             "    - {id: arlig, expenditure: ndu_institusjon}\n");
    const struct kf_unit_costs *costs = &edition->unit_costs;
    trial_fixture_years(&costs->services[0].rates, "2013 600, 2016 706, 2017 730");
    trial_fixture_years(&costs->rate_growth, "2019 3");
    assert_int_equal(costs->services_len, 4);
    assert_int_equal(costs->groups_len, 1);
    assert_int_equal(costs->groups[0].grant.count, 0);
    assert_int_equal(costs->groups[0].deliveries_len, 2);
    edition_fixture_sums(&costs->groups[0].deliveries[0].quantity, "natt");
    assert_string_equal(costs->groups[0].deliveries[1].service, "NY");
    assert_string_equal(costs->growths[0].gross, "");
    edition_fixture_sums(&costs->growths[0].expenditure, "ndu_institusjon");
}

static void who_takes_growth_away_need_not_do_it_with_the_prices(void **state)
{
    (void)state;
    struct kf_edition *edition =
        trial_fixture_extend("extends: liten\nid: ny\n"
                             "unit_costs: {groups: null, services: null, growth: null}\n");
    assert_int_equal(edition->unit_costs.growths_len, 0);
    trial_fixture_years(&edition->unit_costs.prices, "2016 2.5, 2017 -0.5");
}

static void prices_may_begin_after_the_first_year(void **state)
{
    (void)state;
    const char *text = fixture_replace(trial_fixture_yaml, "{2016: 2.5, 2017: -0.5}", "{2017: 2}");
    trial_fixture_years(&edition_fixture_good(text)->unit_costs.prices, "2017 2");
}

static void growth_of_an_amount_carries_the_year_before(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    assert_int_equal(kf_edition_earlier_years(edition), 1);
    edition = trial_fixture_extend("extends: liten\nid: ny\n"
                                   "unit_costs: {growth: [{id: beregnet, remove: true}]}\n");
    assert_int_equal(kf_edition_earlier_years(edition), 0);
}

static void every_variable_of_unit_costs_is_in_the_panel(void **state)
{
    (void)state;
    static const char *const names[] = {"arbeidstid",    "behov",          "brukere",
                                        "brukeralder_1", "brukeralder_12", "dogn",
                                        "gevinst",       "kostnad_1",      "kostnad_12",
                                        "natt",          "ndu_hjemme",     "ndu_institusjon",
                                        "rundsum",       "tilskudd",       "timer",
                                        "trekk",         "vekst"};
    struct kf_edition *edition = edition_fixture_good(trial_fixture_yaml);
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    struct kf_error err;
    assert_int_equal(kf_edition_variables(edition, edition_fixture_arena, &list, &count, &err),
                     KF_OK);
    assert_int_equal(count, 13 + 2 * 12);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t at = 0;
        while (at < count && strcmp(list[at].name, names[i]) != 0) {
            at++;
        }
        assert_true(at < count);
        assert_false(list[at].needed);
    }
}

/* 0.4 and 0.6 of the hours and of the accounts, and a rest without what another group has. */
static void a_figure_may_be_shared_out_among_groups(void **state)
{
    (void)state;
    static char text[8192];
    const char *shared = fixture_replace(
        trial_fixture_yaml, "    - id: institusjon\n",
        "    - id: del\n      name: {nb: D, en: D}\n"
        "      net: [{variable: ndu_hjemme, factor: 0.6}]\n"
        "      services: [{id: HTAMDK, quantity: [{variable: timer, factor: 0.6}]}]\n"
        "    - id: resten\n      name: {nb: R, en: R}\n      grant: trekk\n"
        "      net: [rundsum, {variable: ndu_institusjon, factor: -1}]\n"
        "    - id: institusjon\n");
    (void)snprintf(text, sizeof text, "%s", shared);
    shared = fixture_replace(text, "net: ndu_hjemme\n      grant",
                             "net: [{variable: ndu_hjemme, factor: 0.4}]\n      grant");
    (void)snprintf(text, sizeof text, "%s", shared);
    shared =
        fixture_replace(text, "quantity: timer\n", "quantity: [{variable: timer, factor: 0.4}]\n");
    assert_int_equal(edition_fixture_good(shared)->unit_costs.groups_len, 4);
}

static const struct edition_fault faults[] = {
    /* keys and forms */
    {"  rate_growth: {", "  rate_grwth: {", "rate_grwth", "rate_grwth",
     "did you mean rate_growth?"},
    {"      unit: days\n", "      unit: days\n      rate: 3\n", "      rate: 3", "rate",
     "did you mean rates?"},
    {"      grant: [tilskudd]\n", "      grnt: tilskudd\n", "grnt: ", "grnt",
     "did you mean grant?"},
    {"          quantity: timer\n", "          quantity: timer\n          hours: 2\n", "hours: 2",
     "is not a key", "allowed are id, quantity"},
    {"    of: [ndu", "    off: [ndu", "off: ", "off", "did you mean of?"},
    {"      norm: 0.6\n", "      nrm: 0.6\n", "nrm: ", "nrm", "did you mean norm?"},
    {"      gross: vekst\n", "      brutto: vekst\n", "brutto: ", "brutto", "allowed are"},
    {"  rate_growth: {2018: 2.8}", "  rate_growth: 2.8", "rate_growth: 2.8",
     "must be a map of years", "years and what holds"},
    {"  rate_growth: {2018: 2.8}", "  rate_growth: {}", "rate_growth: {}", "must be a map of years",
     "years and what holds"},
    {"  prices: {2016: 2.5, 2017: -0.5}", "  prices: [2016]", "prices: [2016]",
     "must be a map of years", "years and what holds"},
    /* years */
    {"2014: 659", "1814: 659", "1814", "is not a year from 1972 to 2100", "write the year"},
    {"2014: 659", "2014.5: 659", "2014.5", "is not a year from", "write the year"},
    {"2014: 659", "02014: 659", "02014", "is not a year from", "write the year"},
    {"2014: 659", "2017: 659", "2017: 659", "2017: is given twice", "keep one of the two"},
    {"{2018: 2.8}", "{2018: 2,8}", "{2018: 2,8}", "8", "write a decimal point: 2018: 2.8"},
    {"{2018: 2.8}", "{2018: -2,8}", "{2018: -2,8}", "8", "write a decimal point: 2018: -2.8"},
    {"{2018: 2.8}", "{2018 2.8}", "{2018 2.8}", "is not a year",
     "write a colon behind the key: 2018: 2.8"},
    {"{2018: 2.8}", "{2018: \"2,8\"}", "{2018: \"2", "must be a number",
     "write a decimal point: 2018: 2.8"},
    {"{2018: 2.8}", "{2018: mye}", "{2018: mye", "must be a number", "write a number"},
    /* figures */
    {"2014: 659", "2014: 0", "2014: 0", "is no rate from 1 to 100000 kr", "write kr"},
    {"2014: 659", "2014: -659", "2014: -659", "is no rate from 1", "write kr"},
    {"2014: 659", "2014: 0.659", "2014: 0.659", "is no rate from 1", "not 1000 kr"},
    {"2014: 659", "2014: 100001", "2014: 100001", "is no rate from 1 to 100000", "write kr"},
    {"{2018: 2.8}", "{2018: -100}", "{2018: -100}", "no growth above -100", "2.5 stands for"},
    {"{2018: 2.8}", "{2018: 1001}", "{2018: 1001}", "at most 1000 percent", "2.5 stands for"},
    /* services */
    {"id: ILOPP\n", "id: \"IL OPP\"\n", "id: \"IL OPP\"", "is not the code of a service",
     "use letters A to Z"},
    {"id: ILOPP\n", "id: \"\"\n", "id: \"\"", "is not the code of a service", "use letters"},
    {"id: ILOPP\n", "id: A1234567890123456789012345678901234567890123456789012345678901234\n",
     "id: A123", "is not the code of a service", "at most 64"},
    {"id: ILOPP\n", "id: HTAMDK\n", "id: HTAMDK\n      name: {nb: \"Opphold\"",
     "is the id of line 12 already", "rename one"},
    {"      unit: days\n", "      unit: kr\n", "unit: kr", "no unit in which a service", "hours"},
    {"      unit: days\n", "      unit: percent\n", "unit: percent", "no unit in which", "hours"},
    {"      unit: days\n", "      unit: dager\n", "unit: dager", "no unit in which", "days"},
    {"      unit: days\n", "      unit: hours/days\n", "unit: hours/", "no unit in which", "days"},
    {"      unit: days\n      rates: {2017: 2645}\n", "      unit: days\n", "id: ILOPP",
     "rates: is missing", "add rates: {2017: …}"},
    /* groups */
    {"net: ndu_hjemme\n      grant", "net: timer\n      grant", "net: timer",
     "is in hours, not in money", "kr or 1000 kr"},
    {"grant: [tilskudd]", "grant: [snitt]", "grant: [snitt]", "is in kr/hours, not in money",
     "whole municipality"},
    {"      net: ndu_institusjon\n", "", "id: institusjon", "net: is missing", "add net"},
    {"id: institusjon\n", "id: hjemmetjenester\n",
     "id: hjemmetjenester\n      name: {nb: \"Institusjon\"", "is the id of line 25 already",
     "rename one"},
    {"id: institusjon\n", "id: services\n", "id: services\n", "another part of unit costs",
     "choose another id"},
    {"id: institusjon\n", "id: institution\n", "id: institution\n", "another part of unit costs",
     "another id"},
    {"id: institusjon\n", "id: user_time\n", "id: user_time\n", "another part", "another id"},
    {"id: institusjon\n", "id: growth\n", "id: growth\n", "another part", "another id"},
    {"id: institusjon\n", "id: grants\n", "id: grants\n", "another part", "another id"},
    {"id: institusjon\n", "id: resource_intensive\n", "id: resource_intensive\n", "another part",
     "another id"},
    {"id: institusjon\n", "id: demography\n", "id: demography\n", "another part", "another id"},
    {"id: institusjon\n", "id: total\n", "id: total\n", "stands for the whole and cannot be a cost",
     "another id"},
    {"id: institusjon\n", "id: Institusjon\n", "id: Institusjon\n", "is not an identifier",
     "lower-case"},
    {"      services:\n        - {id: ILOPP, quantity: dogn}\n", "", "id: institusjon",
     "nothing that its expenditure could be compared with", "add grant: VARIABLE"},
    /* services of groups */
    {"{id: ILOPP, quantity: dogn}", "{id: ILOP, quantity: dogn}", "{id: ILOP,",
     "is none of the services of the edition", "did you mean ILOPP?"},
    {"{id: ILOPP, quantity: dogn}", "{id: ilopp, quantity: dogn}", "{id: ilopp,",
     "is none of the services of the edition", "did you mean ILOPP?"},
    {"{id: ILOPP, quantity: dogn}", "{id: ILOPP, quantity: timer}", "{id: ILOPP,",
     "is in hours, not in days", "name figures in days"},
    {"{id: ILOPP, quantity: dogn}", "{id: ILOPP, quantity: [timer, dogn]}", "{id: ILOPP,",
     "adds days (dogn) to hours", "one unit"},
    {"{id: ILOPP, quantity: dogn}", "{id: ILOPP}", "{id: ILOPP}", "quantity: is missing",
     "add quantity: VARIABLE"},
    {"{id: ILOPP, quantity: dogn}", "{quantity: dogn}", "{quantity: dogn}", "id: is missing",
     "add id"},
    {"- id: HT_natt-2\n          quantity", "- id: HTAMDK\n          quantity",
     "id: HTAMDK\n          quantity: {sum", "a service of the group already, on line 30",
     "remove one of the two"},
    {"net: ndu_institusjon\n", "net: [{variable: ndu_hjemme, factor: 1000}]\n", "net: [{variable",
     "counts ndu_hjemme, which counts on line 27 of", "variable of its own"},
    {"{sum: [{variable: natt, factor: 0.5}]}", "[natt, timer]", "quantity: [natt",
     "counts timer, which counts on line 31 of", "share the figure out"},
    /* the rest */
    {"  gain: gevinst\n  institution", "  gain: behov\n  institution", "gain: behov",
     "is in percent, not in money", "kr"},
    {"days: [dogn]", "days: [timer]", "days: [timer]", "is in hours, not in days", "days"},
    {"    expenditure: ndu_institusjon\n", "", "    days: [dogn]", "expenditure: is missing",
     "add expenditure"},
    {"    of: [ndu_institusjon, {variable: ndu_hjemme, factor: 1000}]\n", "", "    days: [dogn]",
     "of: is missing", "add of"},
    {"approved: timer", "approved: dogn", "approved: dogn", "is in days, not in hours", "hours"},
    {"      available: arbeidstid\n", "", "id: ambulerende", "available: is missing",
     "add available"},
    {"norm: 0.6", "norm: 60", "norm: 60", "is not above 0 and at most 1", "positive"},
    {"norm: 0.6", "norm: 0", "norm: 0", "is not above 0 and at most 1", "positive"},
    {"id: bolig", "id: ambulerende", "{id: ambulerende", "is the id of line", "rename"},
    {"gross: vekst", "gross: timer", "gross: timer", "is in hours, not in percent", "percent"},
    {"      demographic: behov\n    - id: beregnet", "      demographic: trekk\n    - id: beregnet",
     "demographic: trekk", "is in 1000 kr, not in percent", "percent"},
    {"      gross: vekst\n", "      gross: vekst\n      expenditure: ndu_hjemme\n",
     "expenditure: ndu_hjemme", "does not go with gross", "gross or expenditure, and not both"},
    {"      gross: vekst\n", "", "id: arlig", "does not say what grows", "write gross: VARIABLE"},
    {"expenditure: ndu_hjemme", "expenditure: dogn", "expenditure: dogn", "not in money", "kr"},
    {"id: beregnet", "id: arlig", "id: arlig\n      name: {nb: \"Beregnet\"", "is the id of line",
     "rename"},
    {"  prices: {2016: 2.5, 2017: -0.5}\n", "", "  rate_growth:", "prices: is missing",
     "add prices: {2017: 2.5}"},
    {"  prices: {2016: 2.5, 2017: -0.5}\n", "  prices: {2016: 2.5}\n", "prices: {2016: 2.5}",
     "has nothing for 2017, which is needed", "add the year"},
    {"  prices: {2016: 2.5, 2017: -0.5}\n", "  prices: {2018: 2.5}\n", "prices: {2018: 2.5}",
     "has nothing for 2017", "add the year"},
    {"      expenditure: ndu_hjemme\n", "      gross: vekst\n", "prices: {2016: 2.5, 2017: -0.5}",
     "nothing is computed from it", "let an expenditure grow"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    trial_fixture_faults(faults, sizeof faults / sizeof faults[0]);
}

/* An edition of the unit costs `text`, with the years 2016 and 2017. */
static void finds(const char *text, const char *place, const char *part, const char *remedy)
{
    char yaml[2048];
    struct kf_edition *edition = NULL;
    (void)snprintf(yaml, sizeof yaml,
                   "id: liten\ntitle: {nb: L, en: L}\nsource: made up\nyears: [2016, 2017]\n"
                   "structure: data-year\nscale: 100\nmissing: drop\n"
                   "group: {name: {nb: A, en: A}, municipalities: all}\nunit_costs:%s",
                   text);
    assert_int_equal(edition_fixture_read(yaml, &edition), KF_ERR_CONFIG);
    fixture_told(place, part, remedy, NULL);
    fixture_found(1);
}

static void unit_costs_of_nothing_are_a_fault(void **state)
{
    (void)state;
    finds(" {}\n", "liten.yaml:9: ", "says nothing that could be computed", "add groups");
    finds("\n  services:\n    - {id: A, name: {nb: A, en: A}, unit: days, rates: {2017: 1}}\n",
          "liten.yaml:10: ", "says nothing that could be computed", "add groups");
    finds(" 3\n", "liten.yaml:9: ", "must be a map", "key: value");
    finds("\n  institution: {}\n", "liten.yaml:10: ", "says nothing about institutions",
          "add days: VARIABLE");
    finds("\n  gain: gevinst\n  rate_growth: {2017: 1}\n",
          "liten.yaml:11: ", "nothing is computed from it", "add services");
    finds("\n  groups: []\n", "liten.yaml:10: ", "has no cost group left",
          "keep or add one: - {id: …, name");
    finds("\n  groups: 3\n", "liten.yaml:10: ", "list of 1 to 128 items", "write a list");
}

/* Under what is inherited a slip is no key to be taken away; another year without a figure is. */
static void slips_in_years_are_told_where_years_are_inherited(void **state)
{
    (void)state;
    static const struct {
        const char *rates;
        const char *part;
        const char *remedy;
    } slips[] = {
        {"{2018: 744,5}", "5: is no key with a value",
         "write a decimal point: 2018: 744.5; a decimal comma splits the number"},
        {"{2018 744}", "2018 744: is no key with a value",
         "write a colon behind the key: 2018: 744"},
        {"{2018: 744, 2019: }", "2019: nothing is inherited", "remove the line"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        char text[256];
        struct kf_edition *edition = NULL;
        (void)snprintf(text, sizeof text,
                       "extends: liten\nid: ny\nunit_costs:\n  services:\n"
                       "    - id: HTAMDK\n      rates: %s\n",
                       slips[i].rates);
        (void)fixture_write("liten.yaml", trial_fixture_yaml);
        assert_int_equal(kf_edition_read(fixture_write("ny.yaml", text), edition_fixture_variables,
                                         edition_fixture_arena, &edition, fixture_findings(),
                                         &(struct kf_error){0}),
                         KF_ERR_CONFIG);
        fixture_told("ny.yaml:6: ", slips[i].part, slips[i].remedy, NULL);
        fixture_found(1);
    }
}

static void who_removes_every_group_is_told_what_to_write(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    (void)fixture_write("liten.yaml", trial_fixture_yaml);
    const char *path = fixture_write("ny.yaml", "extends: liten\nid: ny\nunit_costs:\n  groups:\n"
                                                "    - {id: hjemmetjenester, remove: true}\n"
                                                "    - {id: institusjon, remove: true}\n");
    assert_int_equal(kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                     &edition, fixture_findings(), &(struct kf_error){0}),
                     KF_ERR_CONFIG);
    fixture_told("ny.yaml:", "has no cost group left", "or write groups: null", NULL);
    fixture_found(1);
}

static void whatever_a_file_holds_it_is_read_or_every_fault_is_told(void **state)
{
    (void)state;
    unsigned sound = edition_fixture_disturb(
        trial_fixture_yaml, "extends: liten\nid: ny\nunit_costs: {prices: {2016: 1}}\n");
    assert_true(sound > 10 && sound < 1000); /* both have been seen */
}

static void an_arena_that_is_too_small_is_told_wherever_it_ends(void **state)
{
    (void)state;
    assert_true(edition_fixture_starve(trial_fixture_yaml) > 50);
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(services_have_rates_by_year_whatever_their_order),
        WITH_ARENA(groups_deliver_services_and_count_money_in_kr),
        WITH_ARENA(institutions_time_and_growth_are_read),
        WITH_ARENA(an_edition_of_unit_costs_alone_needs_no_population),
        WITH_ARENA(what_else_is_computed_needs_a_population),
        WITH_ARENA(an_edition_of_nothing_is_told_what_it_may_be_of),
        WITH_ARENA(an_edition_without_unit_costs_has_none),
        WITH_ARENA(each_part_alone_is_something_of_the_topic),
        WITH_ARENA(years_merge_by_year_and_services_by_id),
        WITH_ARENA(who_takes_growth_away_need_not_do_it_with_the_prices),
        WITH_ARENA(prices_may_begin_after_the_first_year),
        WITH_ARENA(growth_of_an_amount_carries_the_year_before),
        WITH_ARENA(slips_in_years_are_told_where_years_are_inherited),
        WITH_ARENA(who_removes_every_group_is_told_what_to_write),
        WITH_ARENA(every_variable_of_unit_costs_is_in_the_panel),
        WITH_ARENA(a_figure_may_be_shared_out_among_groups),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(unit_costs_of_nothing_are_a_fault),
        WITH_ARENA(an_arena_that_is_too_small_is_told_wherever_it_ends),
        WITH_ARENA(whatever_a_file_holds_it_is_read_or_every_fault_is_told),
    };
    return cmocka_run_group_tests(tests, trial_fixture_open, trial_fixture_close);
}

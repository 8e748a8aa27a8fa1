#include "use_fixture.h"

#include <string.h>

static void rates_stand_in_the_order_of_the_groups_and_the_rest_is_nothing(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->cost_groups_len, 3);
    assert_string_equal(demography->cost_groups[0].id, "0");
    assert_string_equal(demography->cost_groups[1].name.nb, "1–5");
    assert_int_equal(demography->cost_groups[2].people.count, 100);
    assert_int_equal(demography->sectors_len, 2);
    const struct kf_cost_sector *kindergarten = &demography->sectors[0];
    assert_string_equal(kindergarten->id, "barnehage");
    assert_string_equal(kindergarten->name.en, "Kindergarten");
    assert_true(kindergarten->rates[0] == 0 && kindergarten->rates[1] == 210000.5 &&
                kindergarten->rates[2] == 0);
    assert_int_equal(kindergarten->of_len, 0);
}

static void derived_rates_name_their_sectors_and_the_year(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_cost_sector *school = &edition->demography.sectors[1];
    assert_null(school->rates);
    assert_int_equal(school->of_len, 1);
    assert_string_equal(school->of[0], "skole");
    assert_int_equal(edition->demography.rate_year, 2012);
}

static void own_rates_replace_derived_ones_and_their_year(void **state)
{
    (void)state;
    struct kf_edition *edition = use_fixture_extend(
        "extends: liten\nid: ny\n"
        "demography:\n"
        "  costs:\n"
        "    groups:\n"
        "      - {id: 6+, ages: 6-15}\n"
        "      - {id: 16+, name: {nb: V, en: A}, ages: 16+, projected: [folkemengde]}\n"
        "    sectors:\n"
        "      - {id: skole, rates: {6+: 120000}}\n"
        "      - {id: barnehage, rates: {\"0\": 7, 16+: 5}}\n");
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->cost_groups_len, 4);
    assert_int_equal(demography->cost_groups[2].people.count, 10);
    assert_true(demography->sectors[1].rates[2] == 120000);
    assert_int_equal(demography->sectors[1].of_len, 0);
    assert_int_equal(demography->rate_year, 0);
    const double *rates = demography->sectors[0].rates;
    assert_true(rates[0] == 7 && rates[1] == 210000.5 && rates[2] == 0 && rates[3] == 5);
}

static void derived_rates_replace_own_ones_and_a_service_may_be_of_several(void **state)
{
    (void)state;
    struct kf_edition *edition =
        use_fixture_extend("extends: liten\nid: ny\n"
                           "demography:\n"
                           "  costs:\n"
                           "    sectors:\n"
                           "      - {id: skole, remove: true}\n"
                           "      - {id: barnehage, of: [skole, barnehage]}\n"
                           "    year: 2013\n");
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->sectors_len, 1);
    assert_int_equal(demography->sectors[0].of_len, 2);
    assert_string_equal(demography->sectors[0].of[1], "barnehage");
    assert_null(demography->sectors[0].rates);
    assert_int_equal(demography->rate_year, 2013);
}

#define COSTS "  costs:\n    groups:\n"

static const struct edition_fault faults[] = {
    {"1-5: 210000.5", "1-6: 210000.5", "1-6: 210000.5", "1-6 \"210000.5\": is none of the groups",
     "did you mean \"1-5\"?"},
    {"1-5: 210000.5", "1-5: -1", "1-5: -1", "is not from 0 to 10000000 kr", "in kr"},
    {"1-5: 210000.5", "1-5: 210000000", "1-5: 210000000", "is not from 0 to 10000000 kr", "in kr"},
    {"1-5: 210000.5", "1-5: mye", "1-5: mye", "must be a number", "1-5: 0.25"},
    {"1-5: 210000.5", "1-5: 1\n          1-5: 2", "1-5: 2", "is given twice", "keep one"},
    {"1-5: 210000.5", "1-5: 0", "          1-5: 0", "costs nothing at any age", "above 0"},
    {"rates:\n          1-5: 210000.5\n          \"0\": 0", "rates: [7]", "rates: [7]",
     "must be a map", "\"0-5\": 150000"},
    {"        rates:\n          1-5: 210000.5\n          \"0\": 0\n", "", "      - id: barnehage",
     "the service has no rates", "to derive them"},
    {"of: [skole]", "of: [skole]\n        rates: {1-5: 3}", "of: [skole]", "does not go with rates",
     "not both"},
    {"of: [skole]", "of: [skol]", "of: [skol]", "none of the sectors", "did you mean skole?"},
    {"of: [skole]", "of: [Skole]", "of: [Skole]", "is not an identifier", "id of a sector"},
    {"of: [skole]", "of: []", "of: []", "list of 1 to 64", "a list"},
    {"of: [skole]", "of: [kulturskole]", "of: [kulturskole]", "without criteria of ages",
     "ages: 6-15"},
    {"of: [skole]", "of: [skole, skole]", "of: [skole, skole]", "source of rates on line",
     "keep one"},
    {"ages: 6-15, weight: 1", "variable: barn, weight: 1", "of: [skole]",
     "without criteria of ages", "ages: 6-15"},
    {"    resources:\n      net: [ndu_skole, {variable: ndu_sfo, factor: 0.001}]\n"
     "      adjustments:\n        - id: fylke\n          name: {nb: \"Fylke\", en: \"County\"}\n"
     "          amount: {sum: [{variable: fylke, factor: -1}]}\n          only: [\"0301\", 0106]\n",
     "", "of: [skole]", "without net expenditure", "resources: {net: VARIABLE}"},
    {"        ages: 6+\n", "        ages: 7+\n", "of: [skole]", "people of 6 years",
     "cover all ages"},
    {"        ages: 6+\n", "        variable: elever\n", "      - id: 6+",
     "for single years of age", "ages: 6-15"},
    {"    year: 2012\n", "", "    groups:\n      - id: \"0\"", "year: is missing", "add year"},
    {"    year: 2012\n", "    year: 12\n", "    year: 12", "1972 to 2100", "year"},
    {"of: [skole]", "rates: {1-5: 180 000}", "rates: {1-5: 180 000}", "must be a number",
     "write it without blanks: 1-5: 180000"},
    {"of: [skole]", "rates: {1-5: 3}", "    year: 2012", "all are given", "derive rates with of"},
    {"        ages: 6+\n", "        ages: 5+\n", "      - id: 6+", "counts alder_5, as 1-5 on line",
     "the same people"},
    {"        projected: [innb_6_pluss]\n", "        projected: [innb_1_5]\n", "      - id: 6+",
     "counts fram_innb_1_5, as 1-5", "the same people"},
    {"        projected: [innb_6_pluss]\n", "", "      - id: 6+", "projected: is missing",
     "remove it from all"},
    {"        ages: 6+\n", "        ages: 6+\n        care_weight: 1\n", "        care_weight: 1",
     "is not a key", "allowed are id, name, ages"},
    {"      - id: skole\n        name", "      - id: total\n        name",
     "      - id: total\n        name", "stands for the whole", "another id"},
    {"      - id: skole\n        name", "      - id: barnehage\n        name",
     "      - id: barnehage\n        name: {nb: \"Skole\"", "is the id of line", "rename"},
    {"    sectors:\n      - id: barnehage", "    services:\n      - id: barnehage",
     "    services:", "is not a key", "groups, sectors, year"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    use_fixture_faults(faults, sizeof faults / sizeof faults[0]);
}

static void a_sector_is_the_source_of_one_service(void **state)
{
    (void)state;
    const char *text = fixture_replace(use_fixture_yaml,
                                       "        rates:\n          1-5: 210000.5\n"
                                       "          \"0\": 0\n",
                                       "        of: [barnehage, skole]\n");
    struct kf_edition *edition = NULL;
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_found(1);
    fixture_told("is a source of rates on line", "keep one of the two", NULL);
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(rates_stand_in_the_order_of_the_groups_and_the_rest_is_nothing),
        WITH_ARENA(derived_rates_name_their_sectors_and_the_year),
        WITH_ARENA(own_rates_replace_derived_ones_and_their_year),
        WITH_ARENA(derived_rates_replace_own_ones_and_a_service_may_be_of_several),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(a_sector_is_the_source_of_one_service),
    };
    return cmocka_run_group_tests(tests, use_fixture_open, use_fixture_close);
}

#include "use_fixture.h"

#include <string.h>

static void amounts_of_resource_use_are_in_kr_whatever_they_were_written_in(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_resources *kindergarten = &edition->sectors[0].resources;
    edition_fixture_sums(&kindergarten->net, "ndu_barnehage");
    edition_fixture_sums(&kindergarten->adjustments[0].payroll_costs, "1000 pensjon");
    edition_fixture_sums(&kindergarten->adjustments[0].wages, "1000 lonn");
    edition_fixture_sums(&kindergarten->adjustments[1].amount, "tilskudd");
    const struct kf_resources *school = &edition->sectors[1].resources;
    edition_fixture_sums(&school->net, "1000 ndu_skole + ndu_sfo");
    edition_fixture_sums(&school->adjustments[0].amount, "-1000 fylke");
}

static void a_price_is_in_the_money_that_it_is_added_to(void **state)
{
    (void)state;
    const char *text = fixture_replace(use_fixture_yaml, "net: ndu_kultur",
                                       "net: [ndu_kultur, {variable: timer, factor: 0.5}]");
    struct kf_edition *edition = edition_fixture_good(text);
    edition_fixture_sums(&edition->sectors[2].resources.net, "1000 ndu_kultur + 500 timer");
}

static void a_negative_factor_converts_as_its_positive_does(void **state)
{
    (void)state;
    const char *text = fixture_replace(use_fixture_yaml, "amount: [tilskudd]",
                                       "amount: [{variable: fylke, factor: -1000}, tilskudd]");
    struct kf_edition *edition = edition_fixture_good(text);
    edition_fixture_sums(&edition->sectors[0].resources.adjustments[1].amount,
                         "-1000 fylke + tilskudd");
    text = fixture_replace(use_fixture_yaml, "amount: [tilskudd]",
                           "amount: [{variable: tilskudd, factor: -0.001}]");
    edition = edition_fixture_good(text);
    edition_fixture_sums(&edition->sectors[0].resources.adjustments[1].amount, "-1 tilskudd");
}

static void a_sector_says_what_it_spends_and_whose_need_it_takes(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_resources *school = &edition->sectors[1].resources;
    const struct kf_resources *music = &edition->sectors[2].resources;
    assert_true(!school->outside && music->outside);
    assert_string_equal(school->need_of, "");
    assert_string_equal(music->need_of, "skole");
    assert_int_equal(music->adjustments_len, 0);
    assert_int_equal(school->adjustments_len, 1);
    assert_string_equal(school->adjustments[0].id, "fylke");
    assert_string_equal(school->adjustments[0].name.en, "County");
}

static void an_adjustment_says_what_it_changes_and_for_whom(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_adjustment *adjustments = edition->sectors[0].resources.adjustments;
    const struct kf_adjustment *county = &edition->sectors[1].resources.adjustments[0];
    assert_int_equal(adjustments[0].to, KF_ADJUST_EXPENDITURE);
    assert_int_equal(adjustments[0].amount.count, 0);
    assert_int_equal(adjustments[0].only_len, 0);
    assert_int_equal(adjustments[1].to, KF_ADJUST_NEED);
    assert_int_equal(county->only_len, 2);
    assert_string_equal(county->only[0], "0106");
    assert_string_equal(county->only[1], "0301");
    assert_int_equal(county->only_at.lines[1], fixture_line(use_fixture_yaml, "only:"));
}

static void disposable_income_is_given_and_has_uses_in_kr(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    edition_fixture_sums(&edition->income, "1000 inntekt");
    assert_int_equal(edition->uses_len, 2);
    assert_string_equal(edition->uses[0].id, "renter");
    assert_string_equal(edition->uses[0].name.nb, "Renter");
    edition_fixture_sums(&edition->uses[0].amount, "1000 renter + 1000 avdrag");
    edition_fixture_sums(&edition->uses[1].amount, "resultat");
}

static void without_resources_and_income_there_is_nothing(void **state)
{
    (void)state;
    const char *text = fixture_replace(use_fixture_yaml, "  given: inntekt\n", "");
    struct kf_edition *edition = edition_fixture_good(text);
    assert_int_equal(edition->income.count, 0);
    edition = use_fixture_extend("extends: liten\nid: ny\ndisposable_income: null\n"
                                 "demography: {costs: null}\n"
                                 "sectors:\n"
                                 "  - {id: barnehage, resources: null}\n"
                                 "  - {id: skole, resources: null}\n"
                                 "  - {id: kulturskole, remove: true}\n");
    assert_int_equal(edition->uses_len, 0);
    assert_int_equal(edition->sectors_len, 2);
    assert_int_equal(edition->sectors[0].resources.net.count, 0);
    assert_string_equal(edition->sectors[0].resources.need_of, "");
}

static void resources_and_uses_merge_by_key_and_id(void **state)
{
    (void)state;
    struct kf_edition *edition = use_fixture_extend(
        "extends: liten\nid: ny\n"
        "disposable_income:\n"
        "  uses:\n"
        "    - {id: resultat, remove: true}\n"
        "    - {id: renter, amount: avdrag}\n"
        "    - {id: fond, name: {nb: F, en: F}, amount: resultat}\n"
        "sectors:\n"
        "  - id: barnehage\n"
        "    resources:\n"
        "      outside: true\n"
        "      adjustments:\n"
        "        - {id: pensjon, amount: tilskudd}\n"
        "        - {id: private, remove: true}\n"
        "        - {id: ny, name: {nb: N, en: N}, amount: fylke, only: [\"1103\"]}\n");
    const struct kf_resources *kindergarten = &edition->sectors[0].resources;
    edition_fixture_sums(&kindergarten->net, "ndu_barnehage");
    assert_true(kindergarten->outside);
    assert_int_equal(kindergarten->adjustments_len, 2);
    edition_fixture_sums(&kindergarten->adjustments[0].amount, "tilskudd");
    assert_int_equal(kindergarten->adjustments[0].payroll_costs.count, 0);
    assert_string_equal(kindergarten->adjustments[0].name.en, "Pension");
    assert_string_equal(kindergarten->adjustments[1].only[0], "1103");
    assert_int_equal(edition->uses_len, 2);
    edition_fixture_sums(&edition->uses[0].amount, "1000 avdrag");
    assert_string_equal(edition->uses[1].id, "fond");
    edition_fixture_sums(&edition->income, "1000 inntekt");
}

static const struct edition_fault faults[] = {
    {"net: ndu_barnehage", "net: barn", "net: barn", "is in persons, not in money", "1000 kr"},
    {"net: ndu_barnehage", "net: snitt", "net: snitt", "is in kr/persons, not in money",
     "whole municipality"},
    {"net: ndu_barnehage", "net: [ndu_barnehage, ndu_skole]", "net: [", "adds 1000 kr (ndu_skole)",
     "those in 1000 kr by factor 1000"},
    {"net: ndu_barnehage", "net: [ndu_barnehage, {variable: ndu_skole, factor: -0.5}]", "net: [",
     "adds 1000 kr (ndu_skole)", "those in 1000 kr by factor 1000"},
    {"net: ndu_barnehage", "net: ndu_barnhage", "net: ndu_barnhage", "\"ndu_barnhage\"",
     "did you mean ndu_barnehage?"},
    {"      net: ndu_barnehage\n", "", "      adjustments:", "net: is missing", "add net"},
    {"outside: true", "outside: yes", "outside: yes", "\"yes\"", "true or false"},
    {"outside: true", "outsid: true", "outsid: true", "outsid", "did you mean outside?"},
    {"need_of: skole", "need_of: skol", "need_of: skol", "none of the sectors",
     "did you mean skole?"},
    {"need_of: skole", "need_of: kulturskole", "need_of: kulturskole", "is the sector itself",
     "remove it"},
    {"      net: [ndu_skole", "      need_of: kulturskole\n      net: [ndu_skole",
     "need_of: kulturskole", "without a need index", "has a need"},
    {"resources:\n      net: ndu_kultur\n      outside: true\n      need_of: skole",
     "resources: ndu_kultur", "resources: ndu_kultur", "must be a map", "lines"},
    {"to: need", "to: ned", "to: ned", "\"ned\"", "did you mean need?"},
    {"amount: [tilskudd]", "amount: tilskudd\n          payroll_costs: pensjon",
     "payroll_costs: pensjon\n  - id: skole", "does not go with amount", "not both"},
    {"          payroll_costs: pensjon\n          wages: lonn\n", "", "- id: pensjon",
     "changes nothing", "payroll_costs: VARIABLE and wages"},
    {"          payroll_costs: pensjon\n", "", "- id: pensjon", "changes nothing",
     "payroll_costs: VARIABLE"},
    {"          wages: lonn\n", "", "- id: pensjon", "wages: is missing", "add wages"},
    {"amount: [tilskudd]", "amount: tilskudd\n          wages: barn", "wages: barn",
     "does not go with amount", "payroll_costs"},
    {"payroll_costs: pensjon", "to: need\n          payroll_costs: pensjon", "to: need",
     "they are expenditure", "write expenditure"},
    {"wages: lonn", "wages: timer", "wages: timer", "is in hours, not in money", "1000 kr"},
    {"amount: [tilskudd]", "amount: [timer]", "amount: [timer]", "is in hours", "1000 kr"},
    {"id: private", "id: pensjon", "id: pensjon\n          name: {nb: \"Private\"",
     "is the id of line 17 already", "rename"},
    {"only: [\"0301\", 0106]", "only: [301]", "only: [301]", "is not a municipality code",
     "\"0301\""},
    {"only: [\"0301\", 0106]", "only: [\"0301\", \"0301\"]", "only:", "already", "remove"},
    {"only: [\"0301\", 0106]", "only: []", "only: []", "list of 1 to 64", "a list"},
    {"id: kulturskole", "id: inside", "id: inside", "part of disposable income", "another id"},
    {"id: kulturskole", "id: outside", "id: outside", "part of disposable income", "another id"},
    {"id: kulturskole", "id: residual", "id: residual", "part of disposable", "another id"},
    {"id: kulturskole", "id: disposable_income", "id: disposable_income", "part of disposable",
     "another id"},
    {"id: renter", "id: residual", "id: residual", "cannot be a use", "another id"},
    {"id: renter", "id: total", "id: total", "stands for the whole", "another id"},
    {"id: renter", "id: skole", "id: skole\n      name: {nb: \"Renter\"",
     "is the sector of line 25", "another id"},
    {"id: renter", "id: resultat", "id: resultat\n      name: {nb: \"Resultat\"",
     "is the id of line", "rename"},
    {"amount: resultat", "amount: timer", "amount: timer", "is in hours, not in money", "kr"},
    {"      amount: resultat\n", "", "    - id: resultat", "amount: is missing", "add amount"},
    {"given: inntekt", "given: barn", "given: barn", "is in persons, not in money", "kr"},
    {"given: inntekt", "income: inntekt", "income: inntekt", "is not a key", "given, uses"},
    {"  given: inntekt\n  uses:\n", "  uses: []\n  foo:\n", "uses: []", "list of 1 to 16",
     "a list"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    use_fixture_faults(faults, sizeof faults / sizeof faults[0]);
}

static void income_without_sectors_that_spend_it_is_a_fault(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    struct kf_error err;
    (void)fixture_write("liten.yaml", use_fixture_yaml);
    const char *path = fixture_write("ny.yaml", "extends: liten\nid: ny\n"
                                                "demography: null\n"
                                                "sectors:\n"
                                                "  - {id: barnehage, resources: null}\n"
                                                "  - {id: skole, resources: null}\n"
                                                "  - {id: kulturskole, remove: true}\n");
    assert_int_equal(kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                     &edition, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_found(1);
    fixture_told("liten.yaml:", "disposable_income", "no sector says what it spends",
                 "give sectors resources", NULL);
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(amounts_of_resource_use_are_in_kr_whatever_they_were_written_in),
        WITH_ARENA(a_price_is_in_the_money_that_it_is_added_to),
        WITH_ARENA(a_negative_factor_converts_as_its_positive_does),
        WITH_ARENA(a_sector_says_what_it_spends_and_whose_need_it_takes),
        WITH_ARENA(an_adjustment_says_what_it_changes_and_for_whom),
        WITH_ARENA(disposable_income_is_given_and_has_uses_in_kr),
        WITH_ARENA(without_resources_and_income_there_is_nothing),
        WITH_ARENA(resources_and_uses_merge_by_key_and_id),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(income_without_sectors_that_spend_it_is_a_fault),
    };
    return cmocka_run_group_tests(tests, use_fixture_open, use_fixture_close);
}

#include "services/ingest/wanted.h"

#include <string.h>

#include "tests/support/cmocka.h"

/* The rule: the finding about the edition is `expected`. */
static void assert_told(const struct kf_edition *edition, const char *expected)
{
    struct kf_findings findings;
    kf_findings_init(&findings);
    kf_wanted_tell(edition, &findings);
    assert_int_equal(kf_findings_count(&findings), 1);
    assert_string_equal(findings.list[0].file, edition->id);
    assert_string_equal(findings.list[0].problem, expected);
    assert_true(findings.list[0].remedy[0] != '\0');
    kf_findings_clear(&findings);
}

static struct kf_term net[] = {{"netto_201", 1, false}, {"netto_211", 1, false}};
static struct kf_term ages[] = {{"alder_6", 1, false}, {"alder_7", 1, false}};
static struct kf_term interest[] = {{"renter", 1, false}};
static struct kf_criterion criteria[] = {
    {.id = "innb_6_15", .variable = "innb_6_15", .ages = {ages, 2}},
    {.id = "6-7", .variable = "", .ages = {ages, 2}},
    {.id = "basis", .variable = ""},
};

static void an_edition_that_produces_wants_its_indicators_and_published_indices(void **state)
{
    (void)state;
    struct kf_indicator indicators[] = {{.id = "timer", .numerator = {net, 2}}};
    struct kf_sector sectors[] = {
        {.id = "skole",
         .indicators = indicators,
         .indicators_len = 1,
         .criteria = criteria,
         .criteria_len = 3},
        {.id = "kultur", .given = "kulturindeks"},
    };
    const struct kf_edition edition = {
        .id = "e", .year_from = 2010, .year_to = 2012, .sectors = sectors, .sectors_len = 2};
    assert_told(&edition, "the edition wants years 2010–2012 and any of 2 indicators: netto_201, "
                          "kulturindeks");
}

static void an_edition_of_need_wants_its_criteria_or_what_is_published(void **state)
{
    (void)state;
    struct kf_sector sectors[] = {
        {.id = "skole", .published_need = "dki_skole", .criteria = criteria, .criteria_len = 3}};
    const struct kf_edition edition = {.id = "e",
                                       .year_from = 2026,
                                       .year_to = 2026,
                                       .published_need = "utgiftsbehov",
                                       .sectors = sectors,
                                       .sectors_len = 1};
    assert_told(&edition, "the edition wants years 2026 and any of 4 figures of need, "
                          "resource use or demography: utgiftsbehov, dki_skole, innb_6_15, "
                          "alder_6");
}

static void an_edition_of_resources_and_people_wants_them_and_the_first_five_are_named(void **state)
{
    (void)state;
    struct kf_sector sectors[] = {{.id = "barnehage", .resources = {.net = {net, 2}}}};
    struct kf_use uses[] = {{.id = "renter", .amount = {interest, 1}}};
    struct kf_age_group groups[] = {{.id = "6-7", .people = {ages, 2}},
                                    {.id = "6", .people = {ages, 1}},
                                    {.id = "7", .people = {ages + 1, 1}}};
    const struct kf_edition edition = {
        .id = "e",
        .year_from = 2020,
        .year_to = 2040,
        .sectors = sectors,
        .sectors_len = 1,
        .uses = uses,
        .uses_len = 1,
        .demography = {
            .groups = groups, .groups_len = 3, .cost_groups = groups + 2, .cost_groups_len = 1}};
    assert_told(&edition, "the edition wants years 2020–2040 and any of 6 figures of need, "
                          "resource use or demography: netto_201, renter, alder_6, alder_6, "
                          "alder_7, …");
}

static struct kf_term volume[] = {{"timer_praktisk", 1, false}, {"timer_pleie", 1, false}};
static struct kf_term deduction[] = {{"trekk", 1, false}};
static const char *costs[] = {"kostnad_1", "kostnad_2"};
static const char *of_age[] = {"alder_1", "alder_2"};

static struct kf_edition edition_of_costs(void)
{
    static struct kf_delivery deliveries[] = {{"HTAMDK", {volume, 2}}};
    static struct kf_cost_group groups[] = {
        {.id = "hjemme", .net = {net, 2}, .deliveries = deliveries, .deliveries_len = 1}};
    return (struct kf_edition){
        .id = "e",
        .population = "",
        .year_from = 2014,
        .year_to = 2018,
        .unit_costs = {.groups = groups, .groups_len = 1},
        .trial = {.deduction = {deduction, 1},
                  .resource_intensive = {.each = {.costs = costs, .ages = of_age, .count = 2}}}};
}

static void an_edition_of_unit_costs_wants_accounts_and_volumes(void **state)
{
    (void)state;
    const struct kf_edition edition = edition_of_costs();
    assert_told(&edition, "the edition wants years 2014–2018 and any of 5 figures of unit costs: "
                          "netto_201, timer_praktisk, trekk, kostnad_1, alder_1");
}

static void unit_costs_are_wanted_beside_resource_use(void **state)
{
    (void)state;
    struct kf_edition edition = edition_of_costs();
    struct kf_use uses[] = {{.id = "renter", .amount = {interest, 1}}};
    edition.uses = uses;
    edition.uses_len = 1;
    assert_told(&edition, "the edition wants years 2014–2018 and any of 6 figures of need, "
                          "resource use, demography or unit costs: renter, netto_201, "
                          "timer_praktisk, trekk, kostnad_1, …");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edition_that_produces_wants_its_indicators_and_published_indices),
        cmocka_unit_test(an_edition_of_need_wants_its_criteria_or_what_is_published),
        cmocka_unit_test(
            an_edition_of_resources_and_people_wants_them_and_the_first_five_are_named),
        cmocka_unit_test(an_edition_of_unit_costs_wants_accounts_and_volumes),
        cmocka_unit_test(unit_costs_are_wanted_beside_resource_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

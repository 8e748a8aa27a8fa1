#include "edition_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

/* An edition of need alone; `need` is of the whole, `barnehage` and `skole` of two sectors. */
static const char *edition_of(const char *need, const char *barnehage, const char *skole)
{
    static char text[8192];
    (void)snprintf(text, sizeof text,
                   "id: liten\n"
                   "title: {nb: \"Liten\", en: \"Small\"}\n"
                   "source: \"made up\"\n"
                   "years: [2024, 2025]\n"
                   "structure: today\n"
                   "scale: 1\n"
                   "population: folkemengde\n"
                   "missing: drop\n"
                   "group: {name: {nb: \"Alle\", en: \"All\"}, municipalities: all}\n"
                   "%s"
                   "sectors:\n"
                   "  - id: barnehage\n"
                   "    name: {nb: \"B\", en: \"K\"}\n"
                   "    need: {weight: 0.4, %s}\n"
                   "  - id: skole\n"
                   "    name: {nb: \"S\", en: \"S\"}\n"
                   "    need: {weight: 0.6, %s}\n",
                   need, barnehage, skole);
    return text;
}

/* A published key (Grønt hefte 2026, grunnskole), with stand-ins for what is not counted by age. */
#define SCHOOL                                                                                     \
    "criteria: [{id: innb_6_12, ages: 6-12, weight: 0.6227}, "                                     \
    "{id: innb_13_15, ages: 13-15, weight: 0.2776}, "                                              \
    "{id: innv, variable: barn, weight: 0.0348}, "                                                 \
    "{id: basis, basis: true, weight: 0.0211, cost_disadvantage: true}, "                          \
    "{id: sone, variable: reise, weight: 0.0438, cost_disadvantage: true}]"
#define CHILDREN "criteria: [{id: innb_1_5, variable: barn, ages: 1-5, weight: 1}]"

static void assert_near(double actual, double expected, double within)
{
    if (!(fabs(actual - expected) <= within)) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static void nothing_said_about_need_is_this_years_figures_of_all_criteria(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_of("", CHILDREN, SCHOOL));
    assert_int_equal(edition->need_year, KF_NEED_YEAR_SAME);
    assert_int_equal(edition->criteria, KF_CRITERIA_ALL);
    assert_string_equal(edition->published_need, "");
    assert_string_equal(edition->sectors[0].published_need, "");
    assert_string_equal(edition->sectors[0].resources.need_of, "");
    assert_string_equal(edition->demography.projected_population, "");
    assert_string_equal(edition->demography.projection.nb, "");
    assert_int_equal(edition->sectors[1].criteria_len, 5);
    assert_int_equal(kf_edition_need_year(edition, 2024), 2024);
}

static void ages_are_a_sum_of_single_years(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_of(
        "", CHILDREN,
        "criteria: [{id: a, ages: 0, weight: 0.2}, {id: b, ages: \"103+\", weight: 0.3}, "
        "{id: c, ages: 104-105, weight: 0.3}, {id: d, basis: true, weight: 0.2}]"));
    const struct kf_criterion *criteria = edition->sectors[1].criteria;
    edition_fixture_sums(&criteria[0].ages, "alder_0");
    edition_fixture_sums(&criteria[1].ages, "alder_103 + alder_104 + alder_105");
    edition_fixture_sums(&criteria[2].ages, "alder_104 + alder_105");
    assert_int_equal(criteria[3].ages.count, 0);
    assert_string_equal(criteria[0].variable, "");
    const struct kf_criterion *both = edition->sectors[0].criteria;
    assert_string_equal(both->variable, "barn");
    edition_fixture_sums(&both->ages, "alder_1 + alder_2 + alder_3 + alder_4 + alder_5");
    edition =
        edition_fixture_good(edition_of("", "criteria: [{id: alle, ages: 0+, weight: 1}]", SCHOOL));
    assert_int_equal(edition->sectors[0].criteria[0].ages.count, KF_AGE_MAX + 1);
}

static void ages_must_be_registered(void **state)
{
    (void)state;
    struct kf_variables *few = fixture_variables();
    struct kf_edition *edition = NULL;
    struct kf_error err;
    const char *path = fixture_write("liten.yaml", edition_of("", CHILDREN, SCHOOL));
    assert_int_equal(
        kf_edition_read(path, few, edition_fixture_arena, &edition, fixture_findings(), &err),
        KF_ERR_CONFIG);
    fixture_told("ages \"1-5\"", "needs alder_1, which is not", "each: 0-105", NULL);
    fixture_told("ages \"13-15\"", "needs alder_13", NULL);
    fixture_found(3);
    kf_variables_destroy(&few);
}

static void the_need_of_the_whole_says_whose_year_and_which_criteria_count(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(
        edition_of("need: {year: next, criteria: all, index: prod}\n", CHILDREN, SCHOOL));
    assert_int_equal(edition->need_year, KF_NEED_YEAR_NEXT);
    assert_int_equal(kf_edition_need_year(edition, 2024), 2025);
    assert_int_equal(edition->criteria, KF_CRITERIA_ALL);
    assert_string_equal(edition->published_need, "prod");
    edition = edition_fixture_good(edition_of("need: {year: 2026}\n", CHILDREN, SCHOOL));
    assert_int_equal(edition->need_year, 2026);
    assert_int_equal(kf_edition_need_year(edition, 2024), 2026);
    edition = edition_fixture_good(edition_of("need: {year: same}\n", CHILDREN, SCHOOL));
    assert_int_equal(edition->need_year, KF_NEED_YEAR_SAME);
}

/* .6227 + .2776 = .9003 of the published school key is age. */
static void under_ages_the_rest_of_a_key_is_dropped_and_what_is_left_closes(void **state)
{
    (void)state;
    struct kf_edition *edition =
        edition_fixture_good(edition_of("need: {criteria: ages}\n", CHILDREN, SCHOOL));
    const struct kf_sector *school = &edition->sectors[1];
    assert_int_equal(edition->criteria, KF_CRITERIA_AGES);
    assert_int_equal(school->criteria_len, 2);
    assert_string_equal(school->criteria[0].id, "innb_6_12");
    assert_string_equal(school->criteria[1].id, "innb_13_15");
    assert_near(school->criteria[0].weight, 0.6227 / 0.9003, 1e-12);
    assert_near(school->criteria[1].weight, 0.2776 / 0.9003, 1e-12);
    assert_near(school->criteria[0].weight + school->criteria[1].weight, 1, 1e-15);
    assert_true(edition->sectors[0].criteria[0].weight == 1);
    assert_near(school->need_weight, 0.6, 1e-15);
    /* The whole key must close before: what is dropped is part of it. */
    struct kf_edition *wrong = NULL;
    const char *text = fixture_replace(edition_of("need: {criteria: ages}\n", CHILDREN, SCHOOL),
                                       "weight: 0.0348", "weight: 0.0448");
    assert_int_equal(edition_fixture_read(text, &wrong), KF_ERR_CONFIG);
    fixture_told("criteria of skole sum to 1.01", NULL);
    fixture_found(1);
}

static void a_published_index_may_stand_beside_or_instead_of_criteria(void **state)
{
    (void)state;
    struct kf_edition *edition =
        edition_fixture_good(edition_of("", "index: prod", "index: utg, " SCHOOL));
    assert_string_equal(edition->sectors[0].published_need, "prod");
    assert_int_equal(edition->sectors[0].criteria_len, 0);
    assert_string_equal(edition->sectors[1].published_need, "utg");
    assert_int_equal(edition->sectors[1].criteria_len, 5);
    assert_true(kf_edition_has_key(edition));
    assert_true(edition->sectors[0].need_weight == 0.4);
}

static void a_key_without_ages_is_left_to_its_published_index(void **state)
{
    (void)state;
    const char *basis = "index: prod, criteria: [{id: b, basis: true, weight: 1}]";
    struct kf_edition *edition =
        edition_fixture_good(edition_of("need: {criteria: ages}\n", basis, SCHOOL));
    assert_int_equal(edition->sectors[0].criteria_len, 0);
    assert_string_equal(edition->sectors[0].published_need, "prod");
}

static void a_published_index_is_no_need_corrected_population(void **state)
{
    (void)state;
    static const char indicator[] =
        "    weight: 1\n"
        "    indicators: [{id: t, weight: 1, variable: timer, per: need_population, "
        "name: {nb: T, en: H}}]\n"
        "  - id: skole\n";
    struct kf_edition *edition = NULL;
    const char *text =
        fixture_replace(edition_of("", "index: prod", SCHOOL), "  - id: skole\n", indicator);
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_told("no need-corrected population", "cost key", NULL);
    fixture_found(1);
    (void)edition_fixture_good(
        fixture_replace(edition_of("", CHILDREN, SCHOOL), "  - id: skole\n", indicator));
    /* Under ages a key that counts nobody by age is none. */
    const char *basis = "index: prod, criteria: [{id: b, variable: barn, weight: 1}]";
    text = fixture_replace(edition_of("need: {criteria: ages}\n", basis, SCHOOL), "  - id: skole\n",
                           indicator);
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_told("no need-corrected population", NULL);
}

static struct kf_edition *extended(const char *base, const char *own)
{
    struct kf_edition *edition = NULL;
    struct kf_error err;
    (void)fixture_write("liten.yaml", base);
    const char *path = fixture_write("egen.yaml", own);
    enum kf_err code = kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                       &edition, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    fixture_remove("egen.yaml");
    return edition;
}

#define EXTENDS "extends: liten\nid: egen\ntitle: {nb: E, en: O}\nsource: s\n"

static void what_a_criterion_counts_may_be_inherited_and_replaced(void **state)
{
    (void)state;
    const char *base = edition_of("", CHILDREN, SCHOOL);
    struct kf_edition *edition =
        extended(base, EXTENDS "need: {criteria: ages}\nsectors:\n"
                               "  - {id: skole, need: {criteria: [{id: innv, ages: 6-15}, "
                               "{id: innb_6_12, basis: true}]}}\n");
    const struct kf_sector *school = &edition->sectors[1];
    assert_int_equal(school->criteria_len, 2); /* innb_6_12 counts ages no more */
    assert_string_equal(school->criteria[0].id, "innb_13_15");
    assert_string_equal(school->criteria[1].id, "innv");
    assert_string_equal(school->criteria[1].variable, "barn"); /* inherited, beside the own ages */
    assert_int_equal(school->criteria[1].ages.count, 10);
    edition = extended(base, EXTENDS "sectors:\n  - {id: skole, need: {criteria: [{id: basis, "
                                     "ages: 6-15}]}}\n");
    assert_int_equal(edition->sectors[1].criteria[3].ages.count, 10); /* instead of the basis */
    assert_string_equal(edition->sectors[1].criteria[3].variable, "");
}

static void further_years_are_the_others_each_once_and_ascending(void **state)
{
    (void)state;
    struct kf_edition *edition =
        edition_fixture_good(edition_of("need: {year: next}\n", CHILDREN, SCHOOL));
    int years[KF_FURTHER_YEARS_MAX];
    edition->demography = (struct kf_demography){.base_year = 2018,
                                                 .rate_year = 2024,
                                                 .observed_through = 2018,
                                                 .projected_population = "p"};
    assert_int_equal(kf_edition_further_years(edition, 2022, 1, years), 3);
    assert_true(years[0] == 2018 && years[1] == 2023 && years[2] == 2024);
    assert_int_equal(kf_edition_further_years(edition, 2023, 1, years), 2); /* 2024 is both */
    assert_true(years[0] == 2018 && years[1] == 2024);
    assert_int_equal(kf_edition_further_years(edition, 2019, 1, years), 2); /* 2018 is before it */
    assert_true(years[0] == 2020 && years[1] == 2024);
    assert_int_equal(kf_edition_further_years(edition, 2019, 0, years), 3);
    assert_true(kf_edition_projects(edition, 2019) && !kf_edition_projects(edition, 2018));
    edition->demography = (struct kf_demography){.base_year = 0};
    edition->need_year = KF_NEED_YEAR_SAME;
    assert_int_equal(kf_edition_further_years(edition, 2022, 1, years), 0);
    assert_false(kf_edition_projects(edition, 2100));
}

static bool names(const struct kf_edition *edition, const char *variable, bool *needed)
{
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    struct kf_error err;
    assert_int_equal(kf_edition_variables(edition, edition_fixture_arena, &list, &count, &err),
                     KF_OK);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, variable) == 0) {
            *needed = list[i].needed;
            return true;
        }
    }
    return false;
}

static void a_panel_may_hold_all_that_need_spending_and_demography_name(void **state)
{
    (void)state;
    struct kf_edition *edition =
        edition_fixture_good(edition_of("need: {index: prod}\n", "index: utg, " CHILDREN, SCHOOL));
    static struct kf_term terms[] = {{"n", 1, false}, {"a", 1, false},  {"p", 1, false},
                                     {"w", 1, false}, {"u", 1, false},  {"i", 1, false},
                                     {"g", 1, false}, {"gp", 1, false}, {"c", 1, false}};
    struct kf_adjustment adjustments[] = {
        {.amount = {&terms[1], 1}},
        {.payroll_costs = {&terms[2], 1}, .wages = {&terms[3], 1}},
    };
    struct kf_use use = {.amount = {&terms[4], 1}};
    struct kf_age_group group = {.people = {&terms[6], 1}, .projected = {&terms[7], 1}};
    struct kf_age_group cost = {.people = {&terms[8], 1}};
    edition->sectors[0].resources = (struct kf_resources){
        .net = {&terms[0], 1}, .adjustments = adjustments, .adjustments_len = 2};
    edition->uses = &use;
    edition->uses_len = 1;
    edition->income = (struct kf_terms){&terms[5], 1};
    edition->demography = (struct kf_demography){.base_year = 2024,
                                                 .groups = &group,
                                                 .groups_len = 1,
                                                 .cost_groups = &cost,
                                                 .cost_groups_len = 1,
                                                 .projected_population = "pp"};
    static const char *const all[] = {"alder_1", "alder_15", "barn", "reise", "prod", "utg",
                                      "n",       "a",        "p",    "w",     "u",    "i",
                                      "g",       "gp",       "c",    "pp"};
    bool needed = true;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!names(edition, all[i], &needed) || needed) {
            fail_msg("%s is not named, or needed", all[i]);
        }
    }
    assert_true(names(edition, "folkemengde", &needed) && needed);
    assert_false(names(edition, "alder_16", &needed));
}

#define with_arena(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(nothing_said_about_need_is_this_years_figures_of_all_criteria),
        with_arena(ages_are_a_sum_of_single_years),
        with_arena(ages_must_be_registered),
        with_arena(the_need_of_the_whole_says_whose_year_and_which_criteria_count),
        with_arena(under_ages_the_rest_of_a_key_is_dropped_and_what_is_left_closes),
        with_arena(a_published_index_may_stand_beside_or_instead_of_criteria),
        with_arena(a_key_without_ages_is_left_to_its_published_index),
        with_arena(a_published_index_is_no_need_corrected_population),
        with_arena(what_a_criterion_counts_may_be_inherited_and_replaced),
        with_arena(further_years_are_the_others_each_once_and_ascending),
        with_arena(a_panel_may_hold_all_that_need_spending_and_demography_name),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}

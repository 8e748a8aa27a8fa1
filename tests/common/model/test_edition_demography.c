#include "use_fixture.h"

#include <string.h>

static void groups_count_people_by_age_or_by_variables(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->base_year, 2010);
    assert_int_equal(demography->groups_len, 3);
    assert_string_equal(demography->groups[0].id, "0-5");
    assert_string_equal(demography->groups[0].name.nb, "Små");
    edition_fixture_sums(&demography->groups[0].people,
                         "alder_0 + alder_1 + alder_2 + alder_3 + alder_4 + alder_5");
    assert_int_equal(demography->groups[1].people.count, 105 - 67 + 1);
    assert_string_equal(demography->groups[1].people.list[38].variable, "alder_105");
    edition_fixture_sums(&demography->groups[2].people, "elever + barn");
    assert_true(demography->groups[1].care_weight == 0.25);
    assert_true(demography->groups[0].care_weight == 0);
}

static void a_projection_has_variables_with_its_prefix(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(use_fixture_yaml);
    const struct kf_demography *demography = &edition->demography;
    assert_string_equal(demography->projection.en, "Medium");
    assert_string_equal(demography->projected_population, "fram_folkemengde");
    assert_int_equal(demography->observed_through, 2011);
    assert_true(demography->rebased);
    edition_fixture_sums(&demography->groups[0].projected, "fram_innb_0 + fram_innb_1_5");
    assert_int_equal(demography->groups[1].projected.count, 0);
    edition_fixture_sums(&demography->cost_groups[2].projected, "fram_innb_6_pluss");
}

static void what_a_projection_leaves_unsaid_has_a_default(void **state)
{
    (void)state;
    const char *text =
        fixture_replace(use_fixture_yaml, "    through: 2011\n    rebase: true\n", "");
    struct kf_edition *edition = edition_fixture_good(text);
    assert_int_equal(edition->demography.observed_through, 2010);
    assert_false(edition->demography.rebased);
}

static void without_demography_its_texts_are_empty(void **state)
{
    (void)state;
    struct kf_edition *edition = use_fixture_extend("extends: liten\nid: ny\ndemography: null\n");
    assert_int_equal(edition->demography.base_year, 0);
    assert_string_equal(edition->demography.projection.nb, "");
    assert_string_equal(edition->demography.projected_population, "");
}

static void an_edition_may_be_demography_alone(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(
        "id: liten\ntitle: {nb: L, en: L}\nsource: made up\nyears: [2010]\nstructure: data-year\n"
        "scale: 1\npopulation: folkemengde\nmissing: minimum\n"
        "group: {name: {nb: A, en: A}, municipalities: all}\n"
        "demography: {base: 2006, groups: [{id: \"67+\", name: {nb: E, en: O}, ages: 67+}]}\n");
    assert_int_equal(edition->sectors_len, 0);
    assert_int_equal(edition->demography.base_year, 2006);
    assert_int_equal(edition->demography.rate_year, 0);
}

static void who_takes_the_projection_away_need_not_do_it_with_the_groups(void **state)
{
    (void)state;
    struct kf_edition *edition =
        use_fixture_extend("extends: liten\nid: ny\ndemography: {projection: null}\n");
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->observed_through, 0);
    assert_int_equal(demography->groups[0].projected.count, 0);
    assert_int_equal(demography->groups_len, 3);
    assert_int_equal(demography->cost_groups[0].projected.count, 0);
}

static void another_projection_is_one_prefix_and_groups_merge_by_id(void **state)
{
    (void)state;
    struct kf_edition *edition =
        use_fixture_extend("extends: liten\nid: ny\n"
                           "demography:\n"
                           "  base: 2011\n"
                           "  groups:\n"
                           "    - {id: \"0-5\", variable: barn}\n"
                           "    - {id: unge, remove: true}\n"
                           "    - {id: \"80+\", name: {nb: E, en: E}, ages: 80+}\n"
                           "  projection: {through: 2012, rebase: false}\n");
    const struct kf_demography *demography = &edition->demography;
    assert_int_equal(demography->base_year, 2011);
    assert_int_equal(demography->groups_len, 3);
    edition_fixture_sums(&demography->groups[0].people, "barn");
    edition_fixture_sums(&demography->groups[0].projected, "fram_innb_0 + fram_innb_1_5");
    assert_string_equal(demography->groups[1].id, "67+");
    assert_string_equal(demography->groups[2].id, "80+");
    assert_int_equal(demography->observed_through, 2012);
    assert_false(demography->rebased);
}

#define COSTS_GROUP "        ages: 1-5\n        projected: [innb_1_5]\n"

static const struct edition_fault faults[] = {
    {"base: 2010", "base: 210", "base: 210", "a whole number from 1972 to 2100", "base"},
    {"  base: 2010\n", "", "  groups:\n    - id: \"0-5\"", "base: is missing", "add base: 2024"},
    {"base: 2010", "bas: 2010", "bas: 2010", "is not a key", "did you mean base?"},
    {"id: \"67+\"", "id: \"+67\"", "id: \"+67\"", "is not the name of a group", "a digit first"},
    {"id: \"67+\"", "id: \"Eldre\"", "id: \"Eldre\"", "is not the name of a group", "lower-case"},
    {"id: \"67+\"", "id: \"0-5\"", "id: \"0-5\"\n      name: {nb: \"Eldre\"", "is the id of line",
     "rename"},
    {"ages: 67+", "ages: 67+-", "ages: 67+-", "no ages from 0 to 105", "6-12"},
    {"ages: 67+", "ages: 67–80", "ages: 67–80", "a long dash", "the hyphen of the keyboard"},
    {"ages: 67+", "ages: 67-106", "ages: 67-106", "no ages from 0 to 105", "67+"},
    {"ages: 67+", "ages: 67-60", "ages: 67-60", "above the last", "lower age first"},
    {"ages: 67+", "ages: 67+\n      variable: barn", "variable: barn", "does not go with ages",
     "not both"},
    {"      ages: 67+\n", "", "    - id: \"67+\"", "counts nobody", "ages: 67+"},
    {"sum: [elever, barn]", "sum: [elever, timer]", "sum: [elever", "adds hours", "one unit"},
    {"sum: [elever, barn]", "variable: timer", "variable: timer", "timer is in hours",
     "count persons"},
    {"sum: [elever, barn]", "variable: tilskudd", "variable: tilskudd", "tilskudd is in kr",
     "count persons"},
    {"care_weight: 0.25", "care_weight: -0.25", "care_weight: -0.25", "is not from 0",
     "relative to the others"},
    {"care_weight: 0.25", "care_weight: 0", "care_weight: 0", "weighs anything", "above 0"},
    {"sum: [elever, barn]", "ages: 90+\n      care_weight: 1", "id: unge", "as 67+ on line",
     "the same people"},
    {"      care_weight: 0.25\n", "      care_weigth: 0.25\n", "care_weigth", "is not a key",
     "did you mean care_weight?"},
    {"[innb_0, innb_1_5]", "[innb_0, innb_1_4]", "projected: [innb_0, innb_1_4]",
     "stands for fram_innb_1_4", "did you mean innb_1_5?"},
    {"[innb_0, innb_1_5]", "[innb_0, innb_0]", "projected: [innb_0, innb_0]", "in the list twice",
     "remove"},
    {"[innb_0, innb_1_5]", "[timer]", "projected: [timer]", "fram_timer is in hours",
     "count persons"},
    {"[innb_0, innb_1_5]", "innb_0", "projected: innb_0", "list of 1 to 128", "a list"},
    {"[innb_0, innb_1_5]", "[{variable: innb_0}]", "projected: [{", "not the name of a variable",
     "without the prefix"},
    {"  projection:\n    name: {nb: \"Middels\", en: \"Medium\"}\n    prefix: fram_\n"
     "    population: folkemengde\n    through: 2011\n    rebase: true\n",
     "", "projected: [innb_0, innb_1_5]", "has no projection", "add a projection"},
    {"population: folkemengde\n    through", "population: timer\n    through", "population: timer",
     "fram_timer is in hours", "count persons"},
    {"    population: folkemengde\n    through", "    through", "    name: {nb: \"Middels\"",
     "population: is missing", "add population: folkemengde"},
    {"prefix: fram_", "prefix: _", "prefix: _", "is not an identifier", "a letter first"},
    {"    name: {nb: \"Middels\", en: \"Medium\"}\n", "", "    prefix: fram_", "name: is missing",
     "nb"},
    {"through: 2011", "through: 2014", "through: 2014", "later than 2014: nothing is projected",
     "last observed year"},
    {"through: 2011", "through: i fjor", "through: i fjor", "whole number", "through"},
    {"rebase: true", "rebase: ja", "rebase: ja", "\"ja\"", "true or false"},
    {"rebase: true", "rebased: true", "rebased: true", "is not a key", "did you mean rebase?"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    use_fixture_faults(faults, sizeof faults / sizeof faults[0]);
}

static void told_once(const char *text, const char *line, const char *part, const char *remedy)
{
    struct kf_edition *edition = NULL;
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
    fixture_found(1);
    fixture_told(line, part, remedy, NULL);
}

#define HEAD                                                                                       \
    "id: liten\ntitle: {nb: L, en: L}\nsource: made up\nyears: [2010, 2012]\n"                     \
    "structure: data-year\nscale: 1\npopulation: folkemengde\nmissing: minimum\n"                  \
    "group: {name: {nb: A, en: A}, municipalities: all}\ndemography:\n"

static void demography_of_nobody_is_a_fault(void **state)
{
    (void)state;
    told_once(HEAD "  base: 2010\n", "liten.yaml:11: ", "neither groups of ages nor costs",
              "add groups");
    told_once(HEAD "  base: 2010\n"
                   "  groups: [{id: a, name: {nb: A, en: A}, ages: 0}]\n"
                   "  projection: {name: {nb: P, en: P}, prefix: fram_, population: folkemengde}\n",
              "liten.yaml:13: ", "no group says who it is in the projection", "add projected");
}

static void overlaps_are_told_once_for_each_group(void **state)
{
    (void)state;
    told_once(HEAD "  base: 2010\n"
                   "  groups:\n"
                   "    - {id: a, name: {nb: A, en: A}, ages: 0-66, care_weight: 1}\n"
                   "    - {id: b, name: {nb: B, en: B}, ages: 60-70, care_weight: 2}\n"
                   "    - {id: c, name: {nb: C, en: C}, ages: 0-70}\n",
              "liten.yaml:14: ", "counts alder_60, as a on line 13 does", "the same people");
}

static void whatever_a_file_holds_it_is_read_or_every_fault_is_told(void **state)
{
    (void)state;
    unsigned sound = edition_fixture_disturb(use_fixture_yaml,
                                             "extends: liten\nid: ny\ndemography: {base: 2011}\n");
    assert_true(sound > 10 && sound < 1000); /* both have been seen */
}

/* Every place where the arena may be full is met. */
static void an_arena_that_is_too_small_is_told_wherever_it_ends(void **state)
{
    (void)state;
    assert_true(edition_fixture_starve(use_fixture_yaml) > 50);
}

#define WITH_ARENA(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(groups_count_people_by_age_or_by_variables),
        WITH_ARENA(a_projection_has_variables_with_its_prefix),
        WITH_ARENA(what_a_projection_leaves_unsaid_has_a_default),
        WITH_ARENA(without_demography_its_texts_are_empty),
        WITH_ARENA(an_edition_may_be_demography_alone),
        WITH_ARENA(who_takes_the_projection_away_need_not_do_it_with_the_groups),
        WITH_ARENA(another_projection_is_one_prefix_and_groups_merge_by_id),
        WITH_ARENA(every_fault_is_told_with_line_and_remedy),
        WITH_ARENA(demography_of_nobody_is_a_fault),
        WITH_ARENA(overlaps_are_told_once_for_each_group),
        WITH_ARENA(an_arena_that_is_too_small_is_told_wherever_it_ends),
        WITH_ARENA(whatever_a_file_holds_it_is_read_or_every_fault_is_told),
    };
    return cmocka_run_group_tests(tests, use_fixture_open, use_fixture_close);
}

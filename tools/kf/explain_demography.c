/* What demography is made of: people of age groups, indices, growth, errors of projections (METHOD
 * D1, D2, D7, D8). */
#include <stdlib.h>
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_people.h"

static const struct kf_explain_rule index_rule = {
    "population_index",
    KF_EXPLAIN_QUOTIENT,
    "D1",
    {"innbyggere ÷ innbyggere i basisåret", "people ÷ people of the base year"}};
static const struct kf_explain_rule others_rule = {
    "population_of_others",
    KF_EXPLAIN_SUM,
    "D1",
    {"summen av de andre medlemmene som har begge årene",
     "sum of the other members that have both years"}};
static const struct kf_explain_rule growth_rule = {
    "mean_growth",
    KF_EXPLAIN_MEAN_GROWTH,
    "D2",
    {"gjennomsnittlig årlig vekst i prosent", "mean yearly growth in percent"}};
static const struct kf_explain_rule persons_rule = {
    "mean_growth_persons",
    KF_EXPLAIN_DIFFERENCE_QUOTIENT,
    "D2",
    {"(innbyggere − innbyggere i basisåret) ÷ år", "(people − people of the base year) ÷ years"}};
static const struct kf_explain_rule care_rule = {
    "care_need_index",
    KF_EXPLAIN_MEAN,
    "D8",
    {"aldersgruppenes vekst fra 100, veid med omsorgsvekt",
     "growth of the age groups from 100, weighted by care weight"}};
static const struct kf_explain_rule hundred_rule = {
    "growth_from_100",
    KF_EXPLAIN_SCALED,
    "D8",
    {"innbyggere × 100 ÷ innbyggere i basisåret", "people × 100 ÷ people of the base year"}};
static const struct kf_explain_rule error_rule = {
    "projection_error",
    KF_EXPLAIN_PERCENT_ABOVE,
    "D7",
    {"framskrevet mot observert, i prosent", "projected against observed, in percent"}};

/* --- the people of a group -------------------------------------------------------------------- */

static struct kf_explain_node *people_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, int year,
                                         enum kf_age_source source)
{
    const struct kf_explain_people people = {
        .group = key->indicator ? key->indicator : "", .source = source, .year = year};
    return kf_explain_people(walk, key->member, &people);
}

static int base_year(const struct kf_explain_key *key)
{
    return key->panel->edition->demography.base_year;
}

static struct kf_explain_node *people_now(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    return people_of(walk, key, key->panel->year, KF_AGE_COUNTED);
}

static struct kf_explain_node *people_in_base(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    return people_of(walk, key, base_year(key), KF_AGE_COUNTED);
}

/* --- D1 --------------------------------------------------------------------------------------- */

static void expand_index(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &index_rule;
    kf_explain_add(walk, node, "this year", people_now(walk, key));
    kf_explain_add(walk, node, "base year", people_in_base(walk, key));
}

static bool has_value(const struct kf_explain_node *node)
{
    return node && kf_cell_has_value(node->status);
}

/* The people of everybody else, in the year of the key's variable: "now" or "base". */
static void add_others(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key, bool base)
{
    const struct kf_panel *panel = kf_explain_panel(walk);
    node->rule = &others_rule;
    node->unit = "persons";
    for (size_t k = 0; k < panel->members_len; k++) {
        struct kf_explain_key other = *key;
        other.panel = panel;
        other.member = k;
        struct kf_explain_node *now = k == key->member ? NULL : people_now(walk, &other);
        struct kf_explain_node *then = k == key->member ? NULL : people_in_base(walk, &other);
        if (has_value(now) && has_value(then)) {
            kf_explain_add(walk, node, "other member", base ? then : now);
        }
    }
}

static void expand_others_now(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    add_others(walk, node, key, false);
}

static void expand_others_then(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    add_others(walk, node, key, true);
}

static void expand_others(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_key now = kf_explain_key_with(key, KF_TOPIC_NONE, "population_of_others");
    struct kf_explain_key then = now;
    then.panel = kf_explain_year(walk, base_year(key));
    node->rule = &index_rule;
    kf_explain_add(walk, node, "this year", kf_explain_derived(walk, &now, expand_others_now));
    if (then.panel) {
        kf_explain_add(walk, node, "base year",
                       kf_explain_derived(walk, &then, expand_others_then));
    }
}

/* --- D2 --------------------------------------------------------------------------------------- */

/* From the earlier of the two years to the later. */
static void expand_growth(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    int span = key->panel->year - base_year(key);
    struct kf_explain_node *now = people_now(walk, key);
    struct kf_explain_node *base = people_in_base(walk, key);
    node->rule = &growth_rule;
    kf_explain_add(walk, node, "later year", span > 0 ? now : base);
    kf_explain_add(walk, node, "earlier year", span > 0 ? base : now);
    kf_explain_add(walk, node, "years", kf_explain_number(walk, "years", "years", abs(span)));
}

static void expand_growth_persons(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    int span = key->panel->year - base_year(key);
    node->rule = &persons_rule;
    kf_explain_add(walk, node, "this year", people_now(walk, key));
    kf_explain_add(walk, node, "base year", people_in_base(walk, key));
    kf_explain_add(walk, node, "years", kf_explain_number(walk, "years", "years", span));
}

/* --- D8 --------------------------------------------------------------------------------------- */

static void expand_from_hundred(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    node->rule = &hundred_rule;
    node->unit = "index";
    kf_explain_add(walk, node, "this year", people_now(walk, key));
    kf_explain_add(walk, node, "scale", kf_explain_number(walk, "scale", "index", 100));
    kf_explain_add(walk, node, "base year", people_in_base(walk, key));
}

static void expand_care_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    node->rule = &care_rule;
    for (size_t g = 0; g < demography->groups_len; g++) {
        struct kf_explain_key group = kf_explain_key_with(key, KF_TOPIC_NONE, "growth_from_100");
        group.indicator = demography->groups[g].id;
        if (demography->groups[g].care_weight > 0) {
            kf_explain_add_weighted(
                walk, node, "group",
                kf_explain_number(walk, "care weight", "", demography->groups[g].care_weight),
                kf_explain_derived(walk, &group, expand_from_hundred));
        }
    }
}

/* --- how wrong projections are ---------------------------------------------------------------- */

static void expand_error(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &error_rule;
    kf_explain_add(walk, node, "projected", people_now(walk, key));
    kf_explain_add(walk, node, "observed", people_of(walk, key, key->panel->year, KF_AGE_OBSERVED));
}

kf_explain_expand *kf_explain_demography(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_DEMOGRAPHY, "population", kf_explain_expand_population},
        {KF_TOPIC_DEMOGRAPHY, "population_index", expand_index},
        {KF_TOPIC_DEMOGRAPHY, "population_index_others", expand_others},
        {KF_TOPIC_DEMOGRAPHY, "population_growth_percent", expand_growth},
        {KF_TOPIC_DEMOGRAPHY, "population_growth_persons", expand_growth_persons},
        {KF_TOPIC_DEMOGRAPHY, "care_need_index", expand_care_need},
        {KF_TOPIC_DEMOGRAPHY, "projection_error_percent", expand_error},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}

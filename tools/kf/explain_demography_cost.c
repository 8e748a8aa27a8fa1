/* What demography cost is made of: rates and people of the groups of costs (METHOD D3–D6). */
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_people.h"
#include "tools/kf/explain_rates.h"

#define KR_IN_MILLION 1e6
#define GRID_SCALE    1000 /* services/need/demography/demography_column.c */

static const struct kf_explain_rule cost_rule = {
    "demography_cost",
    KF_EXPLAIN_SCALED,
    "D3",
    {"endring i innbyggere × sats ÷ én million", "change in people × rate ÷ one million"}};
static const struct kf_explain_rule change_rule = {
    "change_in_people",
    KF_EXPLAIN_DIFFERENCE,
    "D3",
    {"innbyggere i år − året før", "people this year − the year before"}};
static const struct kf_explain_rule groups_rule = {
    "cost_of_groups", KF_EXPLAIN_SUM, "D3", {"summen av aldersgruppene", "sum of the age groups"}};
static const struct kf_explain_rule services_rule = {
    "cost_of_services", KF_EXPLAIN_SUM, "D4", {"summen av tjenestene", "sum of the services"}};
static const struct kf_explain_rule capita_rule = {
    "cost_per_capita",
    KF_EXPLAIN_SCALED,
    "D3",
    {"kostnad × én million ÷ folketall", "cost × one million ÷ inhabitants"}};
static const struct kf_explain_rule level_rule = {
    "cost_level",
    KF_EXPLAIN_SUM,
    "D5",
    {"innbyggere × sats, summen av aldersgruppene", "people × rate, sum of the age groups"}};
static const struct kf_explain_rule index_rule = {
    "demographic_need",
    KF_EXPLAIN_QUOTIENT,
    "D5",
    {"hva innbyggerne koster ÷ hva de kostet i basisåret",
     "what the people cost ÷ what they cost in the base year"}};
static const struct kf_explain_rule since_rule = {
    "cost_since_base",
    KF_EXPLAIN_DIFFERENCE_QUOTIENT,
    "D3",
    {"(koster nå − kostet i basisåret) ÷ én million",
     "(cost now − cost in the base year) ÷ one million"}};
static const struct kf_explain_rule error_rule = {"cost_error",
                                                  KF_EXPLAIN_DIFFERENCE_QUOTIENT,
                                                  "D7",
                                                  {"(som framskrevet − som observert) ÷ én million",
                                                   "(as projected − as observed) ÷ one million"}};

static const struct kf_demography *demography_of(const struct kf_explain_key *key)
{
    return &key->panel->edition->demography;
}

static bool is_total(const struct kf_explain_key *key)
{
    return strcmp(key->sector, KF_SECTOR_TOTAL) == 0;
}

static struct kf_explain_node *million(struct kf_explain_walk *walk)
{
    return kf_explain_number(walk, "million", "kr", KR_IN_MILLION);
}

/* Adds the same number of every service, or of every group of costs. */
static void add_services(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &services_rule;
    for (size_t s = 0; s < demography_of(key)->sectors_len; s++) {
        struct kf_explain_key service = *key;
        service.sector = demography_of(key)->sectors[s].id;
        kf_explain_add(walk, node, "service", kf_explain_result(walk, &service));
    }
}

static void add_groups(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    node->rule = &groups_rule;
    for (size_t a = 0; a < demography_of(key)->cost_groups_len; a++) {
        struct kf_explain_key group = *key;
        group.indicator = demography_of(key)->cost_groups[a].id;
        kf_explain_add(walk, node, "group", kf_explain_result(walk, &group));
    }
}

/* --- D3, D4 ----------------------------------------------------------------------------------- */

static struct kf_explain_node *people_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *group,
                                         int year, enum kf_age_source source)
{
    const struct kf_explain_people people = {
        .group = group, .costs = group[0] != '\0', .source = source, .year = year};
    return kf_explain_people(walk, key->member, &people);
}

static void expand_change(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    int year = key->panel->year;
    node->rule = &change_rule;
    node->unit = "persons";
    kf_explain_add(walk, node, "this year",
                   people_of(walk, key, key->indicator, year, KF_AGE_COUNTED));
    kf_explain_add(walk, node, "the year before",
                   people_of(walk, key, key->indicator, year - 1, KF_AGE_COUNTED));
}

static void expand_cost_of_group(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    struct kf_explain_key change = kf_explain_key_with(key, KF_TOPIC_NONE, "change_in_people");
    change.sector = NULL;
    node->rule = &cost_rule;
    node->grid = GRID_SCALE;
    kf_explain_add(walk, node, "change", kf_explain_derived(walk, &change, expand_change));
    kf_explain_add(walk, node, "rate", kf_explain_rate(walk, key->sector, key->indicator));
    kf_explain_add(walk, node, "million", million(walk));
}

static void expand_cost(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    if (is_total(key)) {
        add_services(walk, node, key);
    } else if (key->indicator[0]) {
        expand_cost_of_group(walk, node, key);
    } else {
        add_groups(walk, node, key);
    }
}

static void expand_per_capita(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    if (is_total(key)) {
        add_services(walk, node, key);
        return;
    }
    struct kf_explain_key cost = kf_explain_key_with(key, KF_TOPIC_DEMOGRAPHY, "cost_million_kr");
    node->rule = &capita_rule;
    node->grid = GRID_SCALE;
    kf_explain_add(walk, node, "cost", kf_explain_result(walk, &cost));
    kf_explain_add(walk, node, "million", million(walk));
    kf_explain_add(walk, node, "inhabitants",
                   people_of(walk, key, "", key->panel->year, KF_AGE_COUNTED));
}

/* --- D5 --------------------------------------------------------------------------------------- */

static enum kf_age_source source_of(const struct kf_explain_key *key)
{
    return strcmp(key->measure, "cost_as_observed") == 0 ? KF_AGE_OBSERVED : KF_AGE_COUNTED;
}

static void expand_level_of_service(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key)
{
    node->rule = &level_rule;
    for (size_t a = 0; a < demography_of(key)->cost_groups_len; a++) {
        const char *group = demography_of(key)->cost_groups[a].id;
        kf_explain_add_weighted(walk, node, "group", kf_explain_rate(walk, key->sector, group),
                                people_of(walk, key, group, key->panel->year, source_of(key)));
    }
}

static struct kf_explain_node *level_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key, int year,
                                        const char *measure);

static void expand_level(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->unit = "kr";
    if (!is_total(key)) {
        expand_level_of_service(walk, node, key);
        return;
    }
    node->rule = &services_rule;
    for (size_t s = 0; s < demography_of(key)->sectors_len; s++) {
        struct kf_explain_key service = *key;
        service.sector = demography_of(key)->sectors[s].id;
        kf_explain_add(walk, node, "service",
                       level_of(walk, &service, key->panel->year, key->measure));
    }
}

/* True when every group of the services has a rate: without, nothing has a level. */
static bool has_rates(struct kf_explain_walk *walk, const struct kf_explain_key *key)
{
    const struct kf_demography *demography = demography_of(key);
    for (size_t a = 0; a < demography->cost_groups_len; a++) {
        if (!kf_explain_rate(walk, key->sector, demography->cost_groups[a].id)) {
            return false;
        }
    }
    return true;
}

/* What the people of a year cost, of a service or all together; NULL when nobody knows. */
static struct kf_explain_node *level_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key, int year,
                                        const char *measure)
{
    struct kf_explain_key level = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    level.panel = kf_explain_year(walk, year);
    return level.panel && has_rates(walk, &level) ? kf_explain_derived(walk, &level, expand_level)
                                                  : NULL;
}

static void expand_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    int base = demography_of(key)->base_year;
    node->rule = &index_rule;
    kf_explain_add(walk, node, "this year", level_of(walk, key, key->panel->year, "cost_level"));
    kf_explain_add(walk, node, "base year", level_of(walk, key, base, "cost_level"));
}

static void expand_since_base(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    int base = demography_of(key)->base_year;
    if (is_total(key)) {
        add_services(walk, node, key);
        return;
    }
    node->rule = &since_rule;
    node->grid = GRID_SCALE;
    kf_explain_add(walk, node, "this year", level_of(walk, key, key->panel->year, "cost_level"));
    kf_explain_add(walk, node, "base year", level_of(walk, key, base, "cost_level"));
    kf_explain_add(walk, node, "million", million(walk));
}

static void expand_error(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    int year = key->panel->year;
    if (is_total(key)) {
        add_services(walk, node, key);
        return;
    }
    node->rule = &error_rule;
    node->grid = GRID_SCALE;
    kf_explain_add(walk, node, "projected", level_of(walk, key, year, "cost_level"));
    kf_explain_add(walk, node, "observed", level_of(walk, key, year, "cost_as_observed"));
    kf_explain_add(walk, node, "million", million(walk));
}

kf_explain_expand *kf_explain_demography_cost(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_DEMOGRAPHY, "cost_million_kr", expand_cost},
        {KF_TOPIC_DEMOGRAPHY, "cost_kr_per_capita", expand_per_capita},
        {KF_TOPIC_DEMOGRAPHY, "cost_since_base_million_kr", expand_since_base},
        {KF_TOPIC_DEMOGRAPHY, "need_index", expand_need},
        {KF_TOPIC_DEMOGRAPHY, "cost_error_million_kr", expand_error},
        {KF_TOPIC_DEMOGRAPHY, "rate_kr", kf_explain_expand_rate},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}

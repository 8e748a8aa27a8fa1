#include "tools/kf/explain_people.h"

#include <string.h>

#include "common/model/cell.h"

static const struct kf_explain_rule observed_rule = {
    "people_of_ages",
    KF_EXPLAIN_SUM,
    "D1",
    {"summen av innbyggere etter alder", "sum of inhabitants by age"}};
static const struct kf_explain_rule projected_rule = {
    "projected_people",
    KF_EXPLAIN_SUM,
    "D1",
    {"summen av framskrevne innbyggere", "sum of projected inhabitants"}};
static const struct kf_explain_rule rebased_rule = {
    "rebased_people",
    KF_EXPLAIN_SCALED,
    "D7",
    {"framskrevet × kostnadsgruppens observerte ÷ framskrevne i siste observerte år",
     "projected × observed ÷ projected of its cost group in the last observed year"}};
static const struct kf_explain_rule rebased_sum_rule = {
    "rebased_groups",
    KF_EXPLAIN_SUM,
    "D7",
    {"summen av framskrevne grupper, hver justert til observert nivå for sin kostnadsgruppe",
     "sum of projected groups, each scaled as its cost group is"}};
static const struct kf_explain_rule nobody_rule = {
    "projected_as_it_is",
    KF_EXPLAIN_SAME,
    "D7",
    {"framskrevet; ingen var framskrevet i siste observerte år",
     "projected; nobody was projected in the last observed year"}};
static const struct kf_explain_rule everybody_rule = {
    "people_of_all_ages",
    KF_EXPLAIN_SUM,
    "D1",
    {"summen av alle aldersgrupper", "sum of all age groups"}};
static const struct kf_explain_rule population_rule = {
    "population", KF_EXPLAIN_SAME, "D1", {"folketall", "inhabitants"}};

/* How the people are called, by whether they are a group of costs and by source. */
static const char *const names[2][KF_AGE_COUNTED + 1] = {
    {"", "observed_population", "projected_population", "population"},
    {"", "observed_people_of_costs", "projected_people_of_costs", "people_of_costs"},
};

/* What the measure and the indicator of a node say. */
static struct kf_explain_people people_of(const struct kf_explain_key *key)
{
    struct kf_explain_people people = {
        .group = key->indicator, .source = KF_AGE_COUNTED, .year = key->panel->year};
    for (int costs = 0; costs < 2; costs++) {
        for (int source = KF_AGE_OBSERVED; source <= KF_AGE_COUNTED; source++) {
            if (strcmp(names[costs][source], key->measure) == 0) {
                people.costs = costs == 1;
                people.source = (enum kf_age_source)source;
            }
        }
    }
    return people;
}

/* Counted are one of the other two, unless the projection is rebased. */
static enum kf_age_source source_of(const struct kf_edition *edition,
                                    const struct kf_explain_people *people)
{
    if (people->source != KF_AGE_COUNTED) {
        return people->source;
    }
    if (!kf_edition_projects(edition, people->year)) {
        return KF_AGE_OBSERVED;
    }
    return edition->demography.rebased ? KF_AGE_COUNTED : KF_AGE_PROJECTED;
}

/* The population column of a projected year is the projection's; of a year before it there is the
 * variable of the projection. "" when nothing counts everybody. */
static const char *population_variable(const struct kf_edition *edition, int year,
                                       enum kf_age_source source)
{
    bool projected_column = kf_edition_projects(edition, year);
    if (source == KF_AGE_OBSERVED) {
        return projected_column ? "" : edition->population;
    }
    const char *variable =
        projected_column ? edition->population : edition->demography.projected_population;
    return variable ? variable : "";
}

static const struct kf_age_group *find_group(const struct kf_demography *demography,
                                             const struct kf_explain_people *people)
{
    const struct kf_age_group *groups =
        people->costs ? demography->cost_groups : demography->groups;
    size_t count = people->costs ? demography->cost_groups_len : demography->groups_len;
    for (size_t g = 0; g < count; g++) {
        if (strcmp(groups[g].id, people->group) == 0) {
            return &groups[g];
        }
    }
    return NULL;
}

/* What counts a group by one source; no term when nothing does. */
static struct kf_terms terms_of(const struct kf_explain_key *key,
                                const struct kf_explain_people *people, struct kf_term *term)
{
    const struct kf_edition *edition = key->panel->edition;
    if (!people->group[0]) {
        term->variable = population_variable(edition, people->year, people->source);
        term->factor = 1;
        return (struct kf_terms){term, term->variable[0] ? 1 : 0};
    }
    const struct kf_age_group *group = find_group(&edition->demography, people);
    if (!group) {
        return (struct kf_terms){NULL, 0};
    }
    return people->source == KF_AGE_PROJECTED ? group->projected : group->people;
}

/* --- expanding -------------------------------------------------------------------------------- */

/* Who says how far a projected variable is scaled: its cost group, else the group itself. */
static struct kf_explain_people scale_of(const struct kf_demography *demography,
                                         const struct kf_explain_people *people,
                                         const char *variable)
{
    size_t group = kf_age_cost_group_of(demography, variable);
    struct kf_explain_people scale = *people;
    if (group < demography->cost_groups_len) {
        scale.group = demography->cost_groups[group].id;
        scale.costs = true;
    }
    return scale;
}

/* What the edition projects for the people. */
static struct kf_terms projected_terms(const struct kf_explain_key *key,
                                       const struct kf_explain_people *people, struct kf_term *term)
{
    struct kf_explain_people projected = *people;
    projected.source = KF_AGE_PROJECTED;
    return terms_of(key, &projected, term);
}

/* True when all variables are scaled alike. */
static bool scaled_alike(const struct kf_demography *demography,
                         const struct kf_explain_people *people, const struct kf_terms *terms)
{
    bool alike = true;
    for (size_t t = 1; t < terms->count; t++) {
        struct kf_explain_people first = scale_of(demography, people, terms->list[0].variable);
        struct kf_explain_people other = scale_of(demography, people, terms->list[t].variable);
        alike = alike && first.costs == other.costs && strcmp(first.group, other.group) == 0;
    }
    return alike;
}

static void expand_scaled(struct kf_explain_walk *walk, struct kf_explain_node *node, size_t member,
                          const struct kf_explain_node *projected, struct kf_explain_people scale)
{
    scale.year = kf_explain_panel(walk)->edition->demography.observed_through;
    scale.source = KF_AGE_PROJECTED;
    const struct kf_explain_node *projected_then = kf_explain_people(walk, member, &scale);
    scale.source = KF_AGE_OBSERVED;
    const struct kf_explain_node *observed_then = kf_explain_people(walk, member, &scale);
    bool nobody =
        projected_then && kf_cell_has_value(projected_then->status) && !(projected_then->value > 0);
    node->rule = nobody ? &nobody_rule : &rebased_rule;
    kf_explain_add(walk, node, "projected", projected);
    if (!nobody) {
        kf_explain_add(walk, node, "observed", observed_then);
        kf_explain_add(walk, node, "projected then", projected_then);
    }
}

/* One variable of a group, whose id is the key's indicator. */
static void expand_rebased_variable(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    const struct kf_explain_people people = {.group = key->indicator, .year = key->panel->year};
    expand_scaled(walk, node, key->member,
                  kf_explain_cell(walk, key->panel, key->variable, key->member),
                  scale_of(demography, &people, key->variable));
    node->unit = "persons";
}

/* A cost group that is projected by this term alone is told as such. */
static struct kf_explain_node *rebased_part(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key,
                                            const struct kf_explain_people *people,
                                            const struct kf_term *term)
{
    const struct kf_explain_people scale =
        scale_of(&key->panel->edition->demography, people, term->variable);
    const struct kf_age_group *group = find_group(&key->panel->edition->demography, &scale);
    if (scale.costs && group->projected.count == 1 && group->projected.list[0].factor == 1) {
        return kf_explain_people(walk, key->member, &scale);
    }
    struct kf_explain_key variable = *key;
    variable.measure = "rebased_variable";
    variable.variable = term->variable;
    return kf_explain_derived(walk, &variable, expand_rebased_variable);
}

static void expand_rebased(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key, const struct kf_explain_people *people)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    struct kf_term everybody = {.factor = 1};
    struct kf_terms terms = projected_terms(key, people, &everybody);
    if (terms.count > 0 && scaled_alike(demography, people, &terms)) {
        struct kf_explain_people now = *people;
        now.source = KF_AGE_PROJECTED;
        expand_scaled(walk, node, key->member, kf_explain_people(walk, key->member, &now),
                      scale_of(demography, people, terms.list[0].variable));
        return;
    }
    node->rule = &rebased_sum_rule;
    for (size_t t = 0; t < terms.count; t++) {
        double factor = terms.list[t].factor;
        kf_explain_add_weighted(walk, node, "group",
                                factor == 1 ? NULL : kf_explain_number(walk, "factor", "", factor),
                                rebased_part(walk, key, people, &terms.list[t]));
    }
}

static void expand_everybody(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key,
                             const struct kf_explain_people *people)
{
    const struct kf_demography *demography = &key->panel->edition->demography;
    struct kf_explain_people group = *people;
    group.costs = true;
    node->rule = &everybody_rule;
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        group.group = demography->cost_groups[g].id;
        kf_explain_add(walk, node, "group", kf_explain_people(walk, key->member, &group));
    }
}

/* Like services/need/demography/age_group.c: everybody is the cost groups where these cover all
 * ages. */
static void expand_people(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    struct kf_explain_people people = people_of(key);
    people.source = source_of(edition, &people);
    struct kf_term term = {.factor = 1};
    struct kf_terms terms = terms_of(key, &people, &term);
    if (!people.group[0] && kf_age_groups_cover(&edition->demography)) {
        expand_everybody(walk, node, key, &people);
    } else if (people.source == KF_AGE_COUNTED) {
        expand_rebased(walk, node, key, &people);
    } else {
        bool projected = people.source == KF_AGE_PROJECTED;
        const struct kf_explain_rule *sum = projected ? &projected_rule : &observed_rule;
        node->rule = people.group[0] ? sum : &population_rule;
        kf_explain_add_terms(walk, node, key, &terms);
    }
    node->unit = "persons";
}

void kf_explain_expand_population(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    expand_people(walk, node, key);
}

/* --- nodes ------------------------------------------------------------------------------------ */

static struct kf_explain_node *published(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key,
                                         const struct kf_explain_people *people)
{
    enum kf_age_source counted =
        source_of(key->panel->edition,
                  &(struct kf_explain_people){.source = KF_AGE_COUNTED, .year = people->year});
    struct kf_explain_key number = *key;
    number.topic = KF_TOPIC_DEMOGRAPHY;
    number.measure = "population";
    number.sector = KF_SECTOR_TOTAL;
    return people->costs || people->source != counted ? NULL : kf_explain_result(walk, &number);
}

struct kf_explain_node *kf_explain_people(struct kf_explain_walk *walk, size_t member,
                                          const struct kf_explain_people *people)
{
    struct kf_explain_key key = {
        .panel = kf_explain_year(walk, people->year), .indicator = people->group, .member = member};
    if (!key.panel) {
        return NULL;
    }
    struct kf_explain_people exact = *people;
    exact.source = source_of(key.panel->edition, people);
    struct kf_explain_node *number = published(walk, &key, &exact);
    if (number) {
        return number;
    }
    bool everybody = !people->group[0] && kf_age_groups_cover(&key.panel->edition->demography);
    key.measure = names[people->costs][exact.source];
    struct kf_term term = {.factor = 1};
    struct kf_terms terms = terms_of(&key, &exact, &term);
    if (!everybody && exact.source != KF_AGE_COUNTED && terms.count == 0) {
        return NULL;
    }
    bool cell = !everybody && exact.source != KF_AGE_COUNTED && terms.count == 1 &&
                terms.list[0].factor == 1;
    return cell ? kf_explain_terms(walk, &key, &terms)
                : kf_explain_derived(walk, &key, expand_people);
}

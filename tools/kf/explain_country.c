#include "tools/kf/explain_country.h"

#include "common/model/cell.h"
#include "services/need/country.h"
#include "tools/kf/explain_build.h"

static const struct kf_explain_rule together_rule = {
    "members_together",
    KF_EXPLAIN_SUM,
    "N3",
    {"summen av medlemmene som har tallet og innbyggere",
     "sum of the members that have the figure and inhabitants"}};

bool kf_explain_is_inhabited(const struct kf_panel *panel, size_t member)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    return member == KF_EXPLAIN_COUNTRY || kf_country_counts(people, NULL, member);
}

/* The member's own of it, NULL unless it counts. */
static struct kf_explain_node *counted(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key, size_t member,
                                       kf_explain_of_member *of)
{
    struct kf_explain_key own = *key;
    own.member = member;
    struct kf_explain_node *node =
        kf_explain_is_inhabited(key->panel, member) ? of(walk, &own) : NULL;
    return node && kf_cell_has_value(node->status) ? node : NULL;
}

/* The node of the group, to be filled when `*made`. */
static struct kf_explain_node *open_group(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key, const char *measure,
                                          bool *made)
{
    struct kf_explain_key group = *key;
    group.measure = measure;
    group.member = KF_EXPLAIN_GROUP;
    struct kf_explain_node *node = &kf_explain_entry_of(walk, &group, made)->node;
    node->rule = *made ? &together_rule : node->rule;
    return node;
}

static void close_node(struct kf_explain_node *node)
{
    node->expanded = true;
    node->status = kf_explain_evaluate(node, &node->value) ? KF_CELL_VALUE : KF_CELL_MISSING;
    node->recomputed = node->value;
}

struct kf_explain_node *kf_explain_members_together(struct kf_explain_walk *walk,
                                                    const struct kf_explain_key *key,
                                                    kf_explain_of_member *of)
{
    bool made = false;
    struct kf_explain_node *node = open_group(walk, key, key->measure, &made);
    walk->depth++;
    for (size_t k = 0; made && k < key->panel->members_len; k++) {
        struct kf_explain_node *own = counted(walk, key, k, of);
        kf_explain_add(walk, node, "member", own);
        node->unit = own ? own->unit : node->unit;
    }
    walk->depth--;
    if (made) {
        close_node(node);
    }
    return node;
}

/* The inhabitants of those that have it. */
static struct kf_explain_node *people_together(struct kf_explain_walk *walk,
                                               const struct kf_explain_key *key,
                                               const struct kf_explain_level *level)
{
    bool made = false;
    struct kf_explain_node *node = open_group(walk, key, level->inhabitants, &made);
    walk->depth++;
    for (size_t k = 0; made && k < key->panel->members_len; k++) {
        if (counted(walk, key, k, level->of)) {
            struct kf_explain_node *people =
                kf_explain_cell(walk, key->panel, key->panel->edition->population, k);
            kf_explain_add(walk, node, "member", people);
            node->unit = people->unit;
        }
    }
    walk->depth--;
    if (made) {
        close_node(node);
    }
    return node;
}

static struct kf_explain_node *figure_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *country,
                                         const struct kf_explain_level *level)
{
    if (kf_country_is_given(country->panel)) {
        return level->of(walk, country);
    }
    struct kf_explain_key together = *country;
    together.measure = level->figure;
    return kf_explain_members_together(walk, &together, level->of);
}

struct kf_explain_node *kf_explain_country_level(struct kf_explain_walk *walk,
                                                 const struct kf_explain_key *key,
                                                 const struct kf_explain_level *level)
{
    struct kf_explain_key country = kf_explain_key_with(key, KF_TOPIC_NONE, level->measure);
    country.variable = key->variable;
    country.member = KF_EXPLAIN_COUNTRY;
    bool made = false;
    struct kf_explain_node *node = &kf_explain_entry_of(walk, &country, &made)->node;
    if (!made) {
        return node;
    }
    walk->depth++;
    node->rule = &level->rule;
    node->unit = level->unit;
    kf_explain_add(walk, node, "figure", figure_of(walk, &country, level));
    kf_explain_add(walk, node, "inhabitants",
                   kf_country_is_given(key->panel) ? kf_explain_population(walk, &country)
                                                   : people_together(walk, &country, level));
    walk->depth--;
    close_node(node);
    return node;
}

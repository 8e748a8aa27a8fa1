/* What weights are made of: given by the edition, or shares and amounts of a weighting tree
 * (METHOD W1–W8). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "services/aggregate/weight.h"
#include "tools/kf/explain_walk.h"

#define NAME_SIZE 32

static const struct kf_explain_rule given_rule = {
    "given_weight", KF_EXPLAIN_SAME, "", {"gitt i utgaven", "given by the edition"}};
static const struct kf_explain_rule derived_rule = {
    "derived_weight",
    KF_EXPLAIN_PRODUCT,
    "W1",
    {"andelene nedover vektingen, multiplisert", "product of the shares down the weighting"}};
static const struct kf_explain_rule closed_rule = {
    "closed_weight",
    KF_EXPLAIN_ROUNDED,
    "W8",
    {"avrundet slik at vektene summerer til 1", "rounded so that the weights sum to 1"}};
static const struct kf_explain_rule absorbed_rule = {
    "absorbed_weight",
    KF_EXPLAIN_DIFFERENCE,
    "W8",
    {"1 − de andre avrundede vektene", "1 − the other rounded weights"}};
static const struct kf_explain_rule siblings_rule = {
    "siblings", KF_EXPLAIN_SUM, "", {"delene til sammen", "the parts together"}};
static const struct kf_explain_rule amount_rule = {
    "amount", KF_EXPLAIN_SUM, "W1", {"summen over gruppen", "sum over the group"}};

/* The share of a part among its siblings, by the rule of the part above. */
static const struct kf_explain_rule share_rules[] = {
    [KF_WEIGHT_ITEM] = {"share",
                        KF_EXPLAIN_QUOTIENT,
                        "",
                        {"del ÷ delene til sammen", "part ÷ the parts together"}},
    [KF_WEIGHT_BUDGET] = {"budget_share",
                          KF_EXPLAIN_QUOTIENT,
                          "W1",
                          {"andel av utgiftene", "share of expenditure"}},
    [KF_WEIGHT_MAIN] = {"main_share",
                        KF_EXPLAIN_QUOTIENT,
                        "W2",
                        {"hovedindikator 80, supplerende 20", "main 80, supplementary 20"}},
    [KF_WEIGHT_EQUAL] = {"equal_share", KF_EXPLAIN_QUOTIENT, "W3", {"lik deling", "equal split"}},
    [KF_WEIGHT_QUANTITY] = {"quantity_share",
                            KF_EXPLAIN_QUOTIENT,
                            "W4",
                            {"andel av mengden", "share of the quantity"}},
    [KF_WEIGHT_CHOSEN] = {"chosen_share",
                          KF_EXPLAIN_QUOTIENT,
                          "W5",
                          {"skjønnsmessig deling", "split by judgement"}},
    [KF_WEIGHT_RESOURCE] = {"resource_share",
                            KF_EXPLAIN_QUOTIENT,
                            "W6",
                            {"andel av ressursene", "share of resources"}},
};

/* --- where in the tree ------------------------------------------------------------------------ */

static const struct kf_weighting *weighting_of(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    bool of_sector = !key->indicator || !key->indicator[0];
    return of_sector || !sector ? &key->panel->edition->weighting : &sector->weighting;
}

static const char *item_of(const struct kf_explain_key *key)
{
    return key->indicator && key->indicator[0] ? key->indicator : key->sector;
}

static bool is_item(const struct kf_weight_part *part)
{
    return part->item && part->item[0];
}

/* The number of the item's part; parts_len when it has none. */
static size_t find_part(const struct kf_weighting *weighting, const char *item)
{
    size_t p = 0;
    while (p < weighting->parts_len &&
           !(is_item(&weighting->parts[p]) && strcmp(weighting->parts[p].item, item) == 0)) {
        p++;
    }
    return p;
}

/* The number that the name of a part's node begins with. */
static size_t part_number(const struct kf_explain_key *key)
{
    unsigned long number = 0;
    size_t digits = strcspn(key->variable, " ");
    return kf_text_to_unsigned(key->variable, digits, KF_WEIGHT_PARTS_MAX, &number) ? (size_t)number
                                                                                    : 0;
}

/* Stands for all indicators of the sector: a part belongs to none of them alone. */
static const char *first_indicator(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    return sector && sector->indicators_len > 0 ? sector->indicators[0].id : key->indicator;
}

/* "3 hjemmetjenester": a part is told by its item, one that is split by its number alone. */
static struct kf_explain_key part_key(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key, const char *measure,
                                      size_t part)
{
    const struct kf_weight_part *at = &weighting_of(key)->parts[part];
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    bool of_sector = !key->indicator || !key->indicator[0];
    other.member = KF_EXPLAIN_GROUP;
    other.variable = kf_explain_text(walk, "%zu %s", part, is_item(at) ? at->item : "");
    other.indicator = of_sector ? NULL : first_indicator(key);
    other.sector = of_sector ? NULL : key->sector;
    return other;
}

/* The node is called after the part's item, or after nothing: not after its place in the list. */
static void call_after_item(struct kf_explain_node *node, const struct kf_explain_key *key)
{
    node->indicator = "";
    node->variable = weighting_of(key)->parts[part_number(key)].item;
}

/* --- one level -------------------------------------------------------------------------------- */

/* Only members that have all amounts beside this one count. */
static void expand_amount(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    const struct kf_weight_part *part = &weighting->parts[part_number(key)];
    struct kf_values together = {0};
    (void)kf_weight_members(key->panel, weighting, (size_t)part->parent, key->panel->arena,
                            &together, NULL); /* without memory nobody counts */
    node->rule = &amount_rule;
    call_after_item(node, key);
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.measure = "amount_of_member";
        member.member = k;
        struct kf_explain_node *amount = kf_explain_terms(walk, &member, &part->amount);
        if (k < together.members && kf_cell_has_value(together.status[k])) {
            kf_explain_add(walk, node, "member", amount);
            node->unit = amount->unit;
        }
    }
}

/* What a part counts for among its siblings. */
static struct kf_explain_node *count_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key, size_t part)
{
    const struct kf_weighting *weighting = weighting_of(key);
    const struct kf_weight_part *at = &weighting->parts[part];
    bool equal = at->parent < 0 || weighting->parts[at->parent].rule == KF_WEIGHT_EQUAL;
    if (equal || at->share > 0) {
        return kf_explain_number(walk, is_item(at) ? at->item : "part", "share",
                                 equal ? 1 : at->share);
    }
    struct kf_explain_key amount = part_key(walk, key, "amount", part);
    return kf_explain_derived(walk, &amount, expand_amount);
}

static void expand_siblings(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    int parent = weighting->parts[part_number(key)].parent;
    node->rule = &siblings_rule;
    call_after_item(node, key);
    for (size_t p = 0; p < weighting->parts_len; p++) {
        if (weighting->parts[p].parent == parent) {
            struct kf_explain_node *count = count_of(walk, key, p);
            kf_explain_add(walk, node,
                           is_item(&weighting->parts[p]) ? weighting->parts[p].item : "", count);
            node->unit = count->unit;
        }
    }
}

static void expand_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    size_t part = part_number(key);
    int parent = weighting->parts[part].parent;
    struct kf_explain_key siblings = part_key(walk, key, "siblings", part);
    node->rule = &share_rules[parent < 0 ? KF_WEIGHT_ITEM : weighting->parts[parent].rule];
    node->unit = "share";
    call_after_item(node, key);
    kf_explain_add(walk, node, "part", count_of(walk, key, part));
    kf_explain_add(walk, node, "together", kf_explain_derived(walk, &siblings, expand_siblings));
}

/* --- the whole tree --------------------------------------------------------------------------- */

/* The shares from the item up to the whole. */
static void add_levels(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    size_t part = find_part(weighting, item_of(key));
    for (int at = part < weighting->parts_len ? (int)part : -1;
         at >= 0 && weighting->parts[at].parent >= 0; at = weighting->parts[at].parent) {
        struct kf_explain_key share = part_key(walk, key, "share_of_part", (size_t)at);
        kf_explain_add(walk, node, "share", kf_explain_derived(walk, &share, expand_share));
    }
    if (node->parts_len == 0) {
        kf_explain_add(walk, node, "the only part", kf_explain_number(walk, "whole", "share", 1));
    }
}

static void expand_unrounded(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &derived_rule;
    node->unit = "share";
    add_levels(walk, node, key);
}

/* The item that absorbs what rounding leaves over: 1 − the others. */
static void add_absorbed(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key, size_t part)
{
    const struct kf_weighting *weighting = weighting_of(key);
    bool of_sector = !key->indicator || !key->indicator[0];
    node->rule = &absorbed_rule;
    kf_explain_add(walk, node, "whole", kf_explain_number(walk, "whole", "share", 1));
    for (size_t p = 0; p < weighting->parts_len; p++) {
        if (p != part && is_item(&weighting->parts[p])) {
            struct kf_explain_key other = *key;
            other.sector = of_sector ? weighting->parts[p].item : key->sector;
            other.indicator = of_sector ? NULL : weighting->parts[p].item;
            kf_explain_add(walk, node, weighting->parts[p].item, kf_explain_weight(walk, &other));
        }
    }
}

static bool is_last_item(const struct kf_weighting *weighting, size_t part)
{
    for (size_t p = part + 1; p < weighting->parts_len; p++) {
        if (is_item(&weighting->parts[p])) {
            return false;
        }
    }
    return true;
}

static void expand_closed(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    size_t part = find_part(weighting, item_of(key));
    if (weighting->closure == KF_CLOSURE_LAST && is_last_item(weighting, part)) {
        add_absorbed(walk, node, key, part);
        return;
    }
    struct kf_explain_key unrounded = kf_explain_key_with(key, KF_TOPIC_NONE, "unrounded_weight");
    node->rule = &closed_rule;
    kf_explain_add(walk, node, "unrounded", kf_explain_derived(walk, &unrounded, expand_unrounded));
    kf_explain_add(walk, node, "step",
                   kf_explain_number(walk, "step", "share", pow(10, -weighting->decimals)));
}

static double given_weight(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    return indicator ? indicator->weight : sector ? sector->weight : 0;
}

static void expand_weight(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_weighting *weighting = weighting_of(key);
    if (weighting->parts_len == 0) {
        node->rule = &given_rule;
        kf_explain_add(
            walk, node, "",
            kf_explain_number(walk, "weight in the edition", "share", given_weight(key)));
    } else if (weighting->closure == KF_CLOSURE_LAST ||
               weighting->closure == KF_CLOSURE_REMAINDER) {
        expand_closed(walk, node, key);
    } else {
        node->rule = &derived_rule;
        add_levels(walk, node, key);
    }
}

struct kf_explain_node *kf_explain_weight(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    struct kf_explain_key weight = kf_explain_key_with(key, KF_TOPIC_STATISTICS, "weight");
    weight.member = KF_EXPLAIN_GROUP;
    struct kf_explain_node *node = kf_explain_result(walk, &weight);
    return node ? node
                : kf_explain_number(walk, "weight in the edition", "share", given_weight(key));
}

kf_explain_expand *kf_explain_weights(const struct kf_explain_key *key)
{
    bool weight = key->topic == KF_TOPIC_STATISTICS && strcmp(key->measure, "weight") == 0;
    return weight ? expand_weight : NULL;
}

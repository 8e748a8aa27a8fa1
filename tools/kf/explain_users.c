#include "tools/kf/explain_users.h"

#include <string.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "tools/kf/explain_amounts.h"

static const struct kf_explain_rule count_rule = {
    "users_above",
    KF_EXPLAIN_COUNT_ABOVE,
    "G4",
    {"brukere som koster mer enn innslagspunktet", "users that cost more than the threshold"}};
static const struct kf_explain_rule cost_rule = {
    "cost_of_users_above",
    KF_EXPLAIN_SUM_ABOVE,
    "G4",
    {"kostnad til brukerne over innslagspunktet", "cost of the users above the threshold"}};
static const struct kf_explain_rule excess_rule = {
    "excess_of_users",
    KF_EXPLAIN_EXCESS,
    "G4",
    {"det hver bruker koster over innslagspunktet", "what each user costs above the threshold"}};
static const struct kf_explain_rule million_rule = {
    "users_in_million", KF_EXPLAIN_QUOTIENT, "G4", {"beløp ÷ én million", "amount ÷ one million"}};
static const struct kf_explain_rule up_to_rule = {
    "users_at_threshold",
    KF_EXPLAIN_SCALED,
    "G5",
    {"brukere × innslagspunktet ÷ én million", "users × threshold ÷ one million"}};
static const struct kf_explain_rule at_most_rule = {
    "own_share_at_most",
    KF_EXPLAIN_MINIMUM,
    "G5",
    {"det minste av netto og brukere × innslagspunktet",
     "the lesser of net and users × threshold"}};
static const struct kf_explain_rule at_least_rule = {
    "excess_at_least",
    KF_EXPLAIN_MAXIMUM,
    "G4",
    {"netto − brukere × innslagspunktet, ikke under null",
     "net − users × threshold, not below zero"}};
static const struct kf_explain_rule less_rule = {
    "net_less_threshold",
    KF_EXPLAIN_DIFFERENCE,
    "G4",
    {"netto − brukere × innslagspunktet", "net − users × threshold"}};
static const struct kf_explain_rule refund_rule = {
    "refund",
    KF_EXPLAIN_PRODUCT,
    "G4",
    {"refusjonens andel × det over innslagspunktet", "share refunded × what is above"}};
static const struct kf_explain_rule above_rule = {
    "own_share_above",
    KF_EXPLAIN_PRODUCT,
    "G5",
    {"egenandel × det over innslagspunktet", "share borne × what is above the threshold"}};
static const struct kf_explain_rule own_rule = {
    "own_share",
    KF_EXPLAIN_SUM,
    "G5",
    {"opp til innslagspunktet og egenandelen over det",
     "up to the threshold, and the share borne above it"}};
static const struct kf_explain_rule indexed_rule = {
    "own_share_indexed",
    KF_EXPLAIN_PRODUCT,
    "G6",
    {"egenandel i basisåret × veksten siden", "own share of the base year × growth since"}};
static const struct kf_explain_rule gain_rule = {
    "own_share_beyond",
    KF_EXPLAIN_DIFFERENCE,
    "G6",
    {"egenandel − basisårets, framskrevet", "own share − that of the base year, indexed"}};

static const struct kf_resource_intensive *rules_of(const struct kf_explain_key *key)
{
    return &key->panel->edition->trial.resource_intensive;
}

/* Of users there is no part. */
static struct kf_explain_key users_key(const struct kf_explain_key *key, const char *measure)
{
    return kf_explain_unit_cost_key(key, KF_SECTOR_RESOURCE_INTENSIVE, NULL, measure);
}

static struct kf_explain_node *number_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *measure,
                                         kf_explain_expand *expand)
{
    struct kf_explain_key of = users_key(key, measure);
    return kf_explain_result_or(walk, &of, expand);
}

static struct kf_explain_node *threshold_of(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key)
{
    const struct kf_year_figure *threshold =
        kf_year_figure_of(&rules_of(key)->thresholds, key->panel->year);
    return threshold ? kf_explain_number_of(walk, "threshold", "kr", threshold) : NULL;
}

/* --- each user -------------------------------------------------------------------------------- */

/* The figure of the key's member, or NULL. */
static const double *figure_of(const struct kf_explain_key *key, const char *variable)
{
    const struct kf_column *column = kf_panel_column(key->panel, variable);
    return column && kf_cell_has_value(column->status[key->member]) ? &column->values[key->member]
                                                                    : NULL;
}

/* True when what the user costs is known, but not told. */
static bool is_held_back(const struct kf_explain_key *key, const char *variable)
{
    const struct kf_column *column = kf_panel_column(key->panel, variable);
    uint8_t status = column ? column->status[key->member] : KF_CELL_MISSING;
    return (status & KF_CELL_KIND_MASK) == KF_CELL_CONFIDENTIAL;
}

/* How many users the member has figures of, or of which they are held back. */
static size_t count_users(const struct kf_explain_key *key, bool held_back)
{
    const struct kf_users *each = &rules_of(key)->each;
    size_t count = 0;
    for (size_t i = 0; i < each->count; i++) {
        count +=
            held_back ? is_held_back(key, each->costs[i]) : figure_of(key, each->costs[i]) != NULL;
    }
    return count;
}

/* True when the member has figures of any user: then aggregates do not count. */
static bool has_each(const struct kf_explain_key *key)
{
    return count_users(key, false) > 0 || count_users(key, true) > 0;
}

/* True when the age of user number `i` is known and gives no refund. */
static bool is_old(const struct kf_explain_key *key, size_t i)
{
    const struct kf_resource_intensive *rules = rules_of(key);
    const double *age = rules->each.ages ? figure_of(key, rules->each.ages[i]) : NULL;
    return rules->age_limit > 0 && age && *age >= rules->age_limit;
}

/* Adds the threshold and the cost of every user below the age limit; tells how many there are. */
static void add_users(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    const struct kf_users *each = &rules_of(key)->each;
    struct kf_explain_node *threshold = threshold_of(walk, key);
    size_t count = 0;
    size_t above = 0;
    size_t old = 0;
    if (!threshold || count_users(key, true) > 0) {
        return;
    }
    kf_explain_add(walk, node, "threshold", threshold);
    for (size_t i = 0; i < each->count; i++) {
        const double *cost = figure_of(key, each->costs[i]);
        old += cost && is_old(key, i);
        if (cost && !is_old(key, i)) {
            struct kf_explain_node *user =
                kf_explain_cell(walk, key->panel, each->costs[i], key->member);
            user->personal = true;
            kf_explain_add(walk, node, "user", user);
            count++;
            above += user->value > threshold->value;
        }
    }
    kf_explain_note(
        walk, node, "%zu av %zu brukere er over innslagspunktet; utelatt etter alder: %zu",
        "%zu of %zu users are above the threshold; left out by age: %zu", above, count, old);
}

static void expand_costs(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &cost_rule;
    node->unit = "kr";
    add_users(walk, node, key);
}

static void expand_excess(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    node->rule = &excess_rule;
    node->unit = "kr";
    add_users(walk, node, key);
}

/* --- together --------------------------------------------------------------------------------- */

static void expand_users(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->unit = "count";
    if (has_each(key)) {
        node->rule = &count_rule;
        add_users(walk, node, key);
    } else {
        kf_explain_as_given(walk, node, key, "users_given", &rules_of(key)->users);
    }
}

static void expand_net(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    if (!has_each(key)) {
        kf_explain_in_million(walk, node, key, "net_expenditure_on_users", &rules_of(key)->net);
        return;
    }
    struct kf_explain_key costs = kf_explain_key_with(key, KF_TOPIC_NONE, "cost_of_users");
    kf_explain_as_million(node, &million_rule);
    kf_explain_add(walk, node, "cost", kf_explain_derived(walk, &costs, expand_costs));
    kf_explain_add(walk, node, "million", kf_explain_million(walk));
}

/* n·T in million kr: what users cost up to the threshold when all are above it. */
static void expand_up_to(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &up_to_rule);
    kf_explain_add(walk, node, "users", number_of(walk, key, "users", expand_users));
    kf_explain_add(walk, node, "threshold", threshold_of(walk, key));
    kf_explain_add(walk, node, "million", kf_explain_million(walk));
}

static struct kf_explain_node *up_to(struct kf_explain_walk *walk, const struct kf_explain_key *key)
{
    struct kf_explain_key of = users_key(key, "users_at_threshold");
    of.topic = KF_TOPIC_NONE;
    return kf_explain_derived(walk, &of, expand_up_to);
}

static struct kf_explain_node *net_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    return number_of(walk, key, "net_expenditure_million_kr", expand_net);
}

static void expand_net_less(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &less_rule);
    kf_explain_add(walk, node, "net", net_of(walk, key));
    kf_explain_add(walk, node, "users at the threshold", up_to(walk, key));
}

static void expand_above(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    struct kf_explain_key of = users_key(key, "excess_of_users");
    of.topic = KF_TOPIC_NONE;
    if (has_each(key)) {
        kf_explain_as_million(node, &million_rule);
        kf_explain_add(walk, node, "excess", kf_explain_derived(walk, &of, expand_excess));
        kf_explain_add(walk, node, "million", kf_explain_million(walk));
        return;
    }
    of.measure = "net_less_threshold";
    kf_explain_as_million(node, &at_least_rule);
    kf_explain_add(walk, node, "none", kf_explain_number(walk, "none", "million kr", 0));
    kf_explain_add(walk, node, "excess", kf_explain_derived(walk, &of, expand_net_less));
}

static struct kf_explain_node *above_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    return number_of(walk, key, "net_above_threshold_million_kr", expand_above);
}

/* --- who bears it ----------------------------------------------------------------------------- */

static void expand_own_up_to(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    if (has_each(key)) {
        expand_up_to(walk, node, key);
        return;
    }
    kf_explain_as_million(node, &at_most_rule);
    kf_explain_add(walk, node, "net", net_of(walk, key));
    kf_explain_add(walk, node, "users at the threshold", up_to(walk, key));
}

static void expand_own_above(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    struct kf_wide refunded = kf_wide_from_figure(rules_of(key)->refund);
    struct kf_wide borne = kf_wide_sub(kf_wide_from(1), refunded);
    kf_explain_as_million(node, &above_rule);
    kf_explain_add(walk, node, "share borne",
                   kf_explain_number(walk, "share borne", "share", kf_wide_value(borne)));
    kf_explain_add(walk, node, "above the threshold", above_of(walk, key));
}

static void expand_refund(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &refund_rule);
    kf_explain_add(walk, node, "share refunded",
                   kf_explain_number(walk, "share refunded", "share", rules_of(key)->refund));
    kf_explain_add(walk, node, "above the threshold", above_of(walk, key));
}

struct kf_explain_node *kf_explain_refund(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    return number_of(walk, key, "refund_million_kr", expand_refund);
}

static void expand_own(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &own_rule);
    kf_explain_add(walk, node, "up to the threshold",
                   number_of(walk, key, "own_share_threshold_million_kr", expand_own_up_to));
    kf_explain_add(walk, node, "above the threshold",
                   number_of(walk, key, "own_share_above_million_kr", expand_own_above));
}

/* --- G6 --------------------------------------------------------------------------------------- */

static struct kf_explain_node *own_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    return number_of(walk, key, "own_share_million_kr", expand_own);
}

/* The own share of the base year at the level of the key's. */
static void expand_indexed(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    const struct kf_resource_intensive *rules = rules_of(key);
    struct kf_explain_key base = *key;
    base.panel = kf_explain_year(walk, rules->base_year);
    struct kf_explain_node *growth = kf_explain_growth(walk, "growth_of_own_share", &rules->growth,
                                                       rules->base_year + 1, key->panel->year);
    kf_explain_as_million(node, &indexed_rule);
    if (base.panel && growth) {
        kf_explain_add(walk, node, "base year", own_of(walk, &base));
        kf_explain_add(walk, node, "growth", growth);
    }
}

static void expand_gain(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    if (kf_explain_stands_in(walk, node, key, "published_gain_million_kr")) {
        return;
    }
    struct kf_explain_key indexed = users_key(key, "own_share_indexed");
    indexed.topic = KF_TOPIC_NONE;
    kf_explain_as_million(node, &gain_rule);
    kf_explain_add(walk, node, "this year", own_of(walk, key));
    kf_explain_add(walk, node, "base year", kf_explain_derived(walk, &indexed, expand_indexed));
}

static void expand_published(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "published_gain", &rules_of(key)->gain);
}

kf_explain_expand *kf_explain_users(const struct kf_explain_key *key)
{
    static const struct kf_explain_place places[] = {
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "users", expand_users},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "net_expenditure_million_kr", expand_net},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "net_above_threshold_million_kr", expand_above},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "own_share_threshold_million_kr", expand_own_up_to},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "own_share_above_million_kr", expand_own_above},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "own_share_million_kr", expand_own},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "refund_million_kr", expand_refund},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "gain_million_kr", expand_gain},
        {KF_SECTOR_RESOURCE_INTENSIVE, false, "published_gain_million_kr", expand_published},
    };
    return kf_explain_by_place(places, sizeof places / sizeof places[0], key);
}

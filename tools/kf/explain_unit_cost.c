/* What unit costs are made of: accounts and quantities of cost groups, national rates, and what the
 * groups come to together (METHOD U1–U4). */
#include <assert.h>
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_amounts.h"
#include "tools/kf/explain_rated.h"

static const struct kf_explain_rule single_rule = {
    "unit_cost",
    KF_EXPLAIN_QUOTIENT,
    "U1",
    {"netto driftsutgifter ÷ mengde", "net operating expenditure ÷ quantity"}};
static const struct kf_explain_rule weighted_rule = {
    "weighted_unit_cost",
    KF_EXPLAIN_SCALED,
    "U2",
    {"sats × gruppens netto driftsutgifter ÷ det gruppen leverer etter satsene",
     "rate × net operating expenditure of the group ÷ what it delivers at the rates"}};
static const struct kf_explain_rule rated_rule = {
    "rated_delivery",
    KF_EXPLAIN_SUM,
    "U2",
    {"mengde × sats, summen av tjenestene", "quantity × rate, sum of the services"}};
static const struct kf_explain_rule deviation_rule = {"deviation_from_rate",
                                                      KF_EXPLAIN_DIFFERENCE,
                                                      "U4",
                                                      {"sats − enhetskostnad", "rate − unit cost"}};
static const struct kf_explain_rule calculated_rule = {
    "calculated_grant",
    KF_EXPLAIN_SCALED,
    "U3",
    {"mengde × sats ÷ én million", "quantity × rate ÷ one million"}};
static const struct kf_explain_rule nothing_rule = {
    "nothing_delivered",
    KF_EXPLAIN_QUOTIENT,
    "U3",
    {"ingenting er levert, og satsen ikke kjent", "nothing is delivered, and the rate not known"}};
static const struct kf_explain_rule services_rule = {
    "calculated_grants", KF_EXPLAIN_SUM, "U3", {"summen av tjenestene", "sum of the services"}};
static const struct kf_explain_rule grant_rule = {
    "grant_by_rates",
    KF_EXPLAIN_SAME,
    "U3",
    {"det satsene gir, uten gitt tilskudd", "what the rates give, without a grant that is given"}};
static const struct kf_explain_rule gain_rule = {
    "gain",
    KF_EXPLAIN_DIFFERENCE,
    "U3",
    {"tilskudd − netto driftsutgifter", "grant − net operating expenditure"}};
static const struct kf_explain_rule percent_rule = {
    "gain_percent", KF_EXPLAIN_SCALED, "U3", {"gevinst × 100 ÷ tilskudd", "gain × 100 ÷ grant"}};
static const struct kf_explain_rule ratio_rule = {
    "expenditure_to_grant",
    KF_EXPLAIN_QUOTIENT,
    "U3",
    {"netto driftsutgifter ÷ tilskudd", "net operating expenditure ÷ grant"}};
static const struct kf_explain_rule groups_rule = {
    "sum_of_groups", KF_EXPLAIN_SUM, "U3", {"summen av gruppene", "sum of the groups"}};
static const struct kf_explain_rule quantities_rule = {
    "quantity_of_groups",
    KF_EXPLAIN_SUM,
    "U1",
    {"summen av gruppene som leverer tjenesten", "sum of the groups that deliver the service"}};
static const struct kf_explain_rule mean_rule = {
    "mean_unit_cost",
    KF_EXPLAIN_MEAN,
    "U2",
    {"gruppenes enhetskostnad, veid med mengde", "unit cost of the groups, weighted by quantity"}};
static const struct kf_explain_rule members_rule = {
    "unit_cost_of_members",
    KF_EXPLAIN_MEAN,
    "U2",
    {"medlemmenes enhetskostnad, veid med mengde",
     "unit cost of the members, weighted by quantity"}};
static const struct kf_explain_rule others_rule = {
    "unit_cost_of_others",
    KF_EXPLAIN_MEAN,
    "U2",
    {"de andre medlemmenes enhetskostnad, veid med mengde",
     "unit cost of the other members, weighted by quantity"}};

/* The cost group that the key's sector names; there is one. */
static const struct kf_cost_group *group_of(const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    size_t i = 0;
    while (i < costs->groups_len && strcmp(costs->groups[i].id, key->sector) != 0) {
        i++;
    }
    assert(i < costs->groups_len);
    return &costs->groups[i];
}

static const struct kf_delivery *delivery_of(const struct kf_explain_key *key)
{
    const struct kf_cost_group *group = group_of(key);
    for (size_t i = 0; i < group->deliveries_len; i++) {
        if (strcmp(group->deliveries[i].service, key->indicator) == 0) {
            return &group->deliveries[i];
        }
    }
    return NULL;
}

static struct kf_explain_node *net_in_kr(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key)
{
    struct kf_explain_key whole = *key;
    whole.indicator = NULL;
    return kf_explain_kr(walk, &whole, "net_expenditure", &group_of(key)->net);
}

/* --- a service of a group --------------------------------------------------------------------- */

static void expand_quantity(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    kf_explain_as_given(walk, node, key, "quantity_given", &delivery_of(key)->quantity);
}

/* The published quantity of a service of the key's group, where there is some; else NULL. */
static struct kf_explain_node *delivered(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *service)
{
    struct kf_explain_key of = kf_explain_unit_cost_key(key, key->sector, service, "quantity");
    struct kf_explain_node *quantity = kf_explain_result(walk, &of);
    return kf_explain_has_value(quantity) && quantity->value > 0 ? quantity : NULL;
}

static void expand_rated(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_cost_group *group = group_of(key);
    node->rule = &rated_rule;
    node->unit = "kr";
    for (size_t i = 0; i < group->deliveries_len; i++) {
        struct kf_explain_key service = *key;
        service.indicator = group->deliveries[i].service;
        struct kf_explain_node *quantity = delivered(walk, key, service.indicator);
        if (quantity) {
            kf_explain_add_weighted(walk, node, "service", kf_explain_national_rate(walk, &service),
                                    quantity);
        }
    }
}

/* How many services of the key's group there is some of. */
static size_t count_delivered(struct kf_explain_walk *walk, const struct kf_explain_key *key)
{
    const struct kf_cost_group *group = group_of(key);
    size_t count = 0;
    for (size_t i = 0; i < group->deliveries_len; i++) {
        count += delivered(walk, key, group->deliveries[i].service) != NULL;
    }
    return count;
}

static void expand_unit_cost(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    if (count_delivered(walk, key) == 1) {
        node->rule = &single_rule;
        kf_explain_add(walk, node, "net", net_in_kr(walk, key));
        kf_explain_add(walk, node, "quantity", delivered(walk, key, key->indicator));
        return;
    }
    struct kf_explain_key rated = kf_explain_key_with(key, KF_TOPIC_NONE, "rated_delivery");
    rated.indicator = NULL;
    node->rule = &weighted_rule;
    kf_explain_add(walk, node, "rate", kf_explain_national_rate(walk, key));
    kf_explain_add(walk, node, "net", net_in_kr(walk, key));
    kf_explain_add(walk, node, "delivered", kf_explain_derived(walk, &rated, expand_rated));
}

static void expand_deviation(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &deviation_rule;
    kf_explain_add(walk, node, "rate", kf_explain_national_rate(walk, key));
    kf_explain_add(walk, node, "unit cost", kf_explain_unit_cost_of(walk, key, "unit_cost_kr"));
}

static void expand_calculated(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    struct kf_explain_node *rate = kf_explain_national_rate(walk, key);
    kf_explain_as_million(node, rate ? &calculated_rule : &nothing_rule);
    kf_explain_add(walk, node, "quantity", kf_explain_unit_cost_of(walk, key, "quantity"));
    kf_explain_add(walk, node, "rate", rate);
    kf_explain_add(walk, node, "million", kf_explain_million(walk));
}

/* --- a group ---------------------------------------------------------------------------------- */

static void expand_net(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "net_expenditure", &group_of(key)->net);
}

static void expand_calculated_sum(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    const struct kf_cost_group *group = group_of(key);
    kf_explain_as_million(node, &services_rule);
    for (size_t i = 0; i < group->deliveries_len; i++) {
        struct kf_explain_key service = kf_explain_unit_cost_key(
            key, key->sector, group->deliveries[i].service, "calculated_grant_million_kr");
        if (kf_explain_presence(&service) == KF_EXPLAIN_PRESENT) {
            kf_explain_add(walk, node, "service", kf_explain_result(walk, &service));
        }
    }
}

static void expand_grant(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_terms *given = &group_of(key)->grant;
    if (given->count > 0 && kf_explain_has_terms(key, given)) {
        kf_explain_in_million(walk, node, key, "grant_given", given);
        return;
    }
    kf_explain_as_million(node, &grant_rule);
    kf_explain_add(
        walk, node, "by rates",
        kf_explain_unit_cost_or(walk, key, "calculated_grant_million_kr", expand_calculated_sum));
}

static void expand_gain(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &gain_rule);
    kf_explain_add(walk, node, "grant", kf_explain_unit_cost_of(walk, key, "grant_million_kr"));
    kf_explain_add(walk, node, "net",
                   kf_explain_unit_cost_of(walk, key, "net_expenditure_million_kr"));
}

static void expand_percent(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    node->rule = &percent_rule;
    kf_explain_add(walk, node, "gain", kf_explain_unit_cost_of(walk, key, "gain_million_kr"));
    kf_explain_add(walk, node, "percent", kf_explain_number(walk, "percent", "percent", 100));
    kf_explain_add(walk, node, "grant", kf_explain_unit_cost_of(walk, key, "grant_million_kr"));
}

static void expand_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &ratio_rule;
    kf_explain_add(walk, node, "net",
                   kf_explain_unit_cost_of(walk, key, "net_expenditure_million_kr"));
    kf_explain_add(walk, node, "grant", kf_explain_unit_cost_of(walk, key, "grant_million_kr"));
}

/* --- all groups ------------------------------------------------------------------------------- */

/* The published number of a group, or NULL when it is missing. */
static struct kf_explain_node *of_group(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key,
                                        const struct kf_cost_group *group, const char *measure)
{
    struct kf_explain_key of = kf_explain_unit_cost_key(key, group->id, key->indicator, measure);
    return kf_explain_presence(&of) == KF_EXPLAIN_PRESENT ? kf_explain_result(walk, &of) : NULL;
}

/* Adds the measure of each group that has net expenditure and grant; of all of them, or of those
 * that rest on no preliminary figure. */
static void add_groups(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key, const char *measure, bool all)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->groups_len; i++) {
        const struct kf_cost_group *group = &costs->groups[i];
        struct kf_explain_node *net = of_group(walk, key, group, "net_expenditure_million_kr");
        struct kf_explain_node *grant = of_group(walk, key, group, "grant_million_kr");
        bool whole = net && grant;
        bool preliminary = whole && ((net->status | grant->status) & KF_CELL_PRELIMINARY) != 0;
        if (whole && (all || !preliminary)) {
            kf_explain_add(walk, node, "cost group", of_group(walk, key, group, measure));
        }
    }
}

static void expand_sum(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &groups_rule);
    add_groups(walk, node, key, key->measure, true);
}

static void expand_total_gain(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    expand_sum(walk, node, key);
    if (node->parts_len == 0) {
        (void)kf_explain_stands_in(walk, node, key, "published_gain_million_kr");
    }
}

static void expand_without_preliminary(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                       const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &groups_rule);
    add_groups(walk, node, key, "gain_million_kr", false);
    kf_explain_note(walk, node, "uten grupper med foreløpige tall",
                    "without groups whose figures are preliminary");
}

static void expand_published_gain(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "published_gain", &key->panel->edition->unit_costs.gain);
}

/* --- a service of all groups ------------------------------------------------------------------ */

static void expand_quantities(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    node->rule = &quantities_rule;
    for (size_t i = 0; i < costs->groups_len; i++) {
        kf_explain_add(walk, node, "cost group",
                       of_group(walk, key, &costs->groups[i], "quantity"));
    }
}

/* c, weighted by q, of every group that has both. */
static void add_costs(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key, const char *role)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->groups_len; i++) {
        struct kf_explain_node *cost = of_group(walk, key, &costs->groups[i], "unit_cost_kr");
        if (kf_explain_has_value(cost)) {
            kf_explain_add_weighted(walk, node, role,
                                    of_group(walk, key, &costs->groups[i], "quantity"), cost);
        }
    }
}

static void expand_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &mean_rule;
    add_costs(walk, node, key, "cost group");
}

/* Of all members but one: hours of a group whose unit cost is not known do not weigh. */
static void add_members(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key, size_t but)
{
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.member = k;
        if (k != but) {
            add_costs(walk, node, &member, but == KF_EXPLAIN_GROUP ? "member" : "other member");
        }
    }
}

static void expand_others(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    node->rule = &others_rule;
    add_members(walk, node, key, key->member);
}

/* Of a member, or in the group's row of all of them. */
static void expand_service_cost(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    if (key->member != KF_EXPLAIN_GROUP) {
        expand_mean(walk, node, key);
        return;
    }
    node->rule = &members_rule;
    add_members(walk, node, key, KF_EXPLAIN_GROUP);
}

kf_explain_expand *kf_explain_unit_cost(const struct kf_explain_key *key)
{
    static const struct kf_explain_place places[] = {
        {NULL, true, "quantity", expand_quantity},
        {NULL, true, "unit_cost_kr", expand_unit_cost},
        {NULL, true, "deviation_kr", expand_deviation},
        {NULL, true, "calculated_grant_million_kr", expand_calculated},
        {NULL, false, "net_expenditure_million_kr", expand_net},
        {NULL, false, "calculated_grant_million_kr", expand_calculated_sum},
        {NULL, false, "grant_million_kr", expand_grant},
        {NULL, false, "gain_million_kr", expand_gain},
        {NULL, false, "gain_percent", expand_percent},
        {NULL, false, "ratio", expand_ratio},
        {KF_SECTOR_SERVICES, true, "quantity", expand_quantities},
        {KF_SECTOR_SERVICES, true, "rate_kr", kf_explain_expand_national_rate},
        {KF_SECTOR_SERVICES, true, "unit_cost_kr", expand_service_cost},
        {KF_SECTOR_SERVICES, true, "unit_cost_others_kr", expand_others},
        {KF_SECTOR_SERVICES, true, "deviation_kr", expand_deviation},
        {KF_SECTOR_SERVICES, false, "net_expenditure_million_kr", expand_sum},
        {KF_SECTOR_SERVICES, false, "grant_million_kr", expand_sum},
        {KF_SECTOR_SERVICES, false, "gain_million_kr", expand_total_gain},
        {KF_SECTOR_SERVICES, false, "gain_without_preliminary_million_kr",
         expand_without_preliminary},
        {KF_SECTOR_SERVICES, false, "published_gain_million_kr", expand_published_gain},
        {KF_SECTOR_SERVICES, false, "gain_percent", expand_percent},
        {KF_SECTOR_SERVICES, false, "ratio", expand_ratio},
    };
    return kf_explain_by_place(places, sizeof places / sizeof places[0], key);
}

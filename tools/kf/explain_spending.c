#include "tools/kf/explain_spending.h"

#include <string.h>

#include "common/model/cell.h"
#include "services/need/country.h"
#include "services/need/use/adjustment.h"
#include "tools/kf/explain_country.h"

static const struct kf_explain_rule amount_rule = {
    "amount", KF_EXPLAIN_SUM, "R1", {"summen av beløpene", "sum of the amounts"}};
static const struct kf_explain_rule spent_rule = {
    "adjusted_amount",
    KF_EXPLAIN_SUM,
    "R2",
    {"netto driftsutgifter og korreksjoner", "net expenditure and its adjustments"}};
static const struct kf_explain_rule payroll_rule = {
    "payroll_adjustment",
    KF_EXPLAIN_DIFFERENCE,
    "R2",
    {"sosiale utgifter etter felles prosent av lønn − egne",
     "payroll costs at the common percentage of wages − own"}};
static const struct kf_explain_rule common_rule = {
    "common_payroll_costs",
    KF_EXPLAIN_PRODUCT,
    "R2",
    {"felles prosent × lønn", "common percentage × wages"}};
static const struct kf_explain_rule percentage_rule = {
    "common_percentage",
    KF_EXPLAIN_QUOTIENT,
    "R2",
    {"landets sosiale utgifter ÷ landets lønn", "the country's payroll costs ÷ its wages"}};
static const struct kf_explain_rule others_rule = {
    "not_concerned",
    KF_EXPLAIN_SUM,
    "R6",
    {"korreksjonen gjelder ikke denne kommunen: 0",
     "the adjustment does not concern this municipality: 0"}};
static const struct kf_explain_rule concerned_rule = {
    "members_concerned",
    KF_EXPLAIN_SUM,
    "R6",
    {"summen av kommunene som korreksjonen gjelder",
     "sum of the municipalities that the adjustment concerns"}};

/* --- what the edition names ------------------------------------------------------------------- */

bool kf_explain_is_reported(const struct kf_panel *panel, const struct kf_terms *terms)
{
    struct kf_explain_key key = {.panel = panel};
    for (; terms->count > 0 && key.member < panel->members_len; key.member++) {
        if (kf_explain_has_terms(&key, terms)) {
            return true;
        }
    }
    return false;
}

static void list_use(const struct kf_panel *panel, const char *id, const struct kf_terms *terms,
                     struct kf_explain_uses *uses)
{
    if (kf_explain_is_reported(panel, terms)) {
        uses->ids[uses->count++] = id;
    }
}

struct kf_explain_uses kf_explain_uses_of(const struct kf_panel *panel, enum kf_explain_side side)
{
    const struct kf_edition *edition = panel->edition;
    struct kf_explain_uses uses = {.count = 0};
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        enum kf_explain_side own =
            sector->resources.outside ? KF_EXPLAIN_OUTSIDE : KF_EXPLAIN_INSIDE;
        if (side == KF_EXPLAIN_ALL || side == own) {
            list_use(panel, sector->id, &sector->resources.net, &uses);
        }
    }
    bool others = side == KF_EXPLAIN_ALL || side == KF_EXPLAIN_OTHER;
    for (size_t i = 0; others && i < edition->uses_len; i++) {
        list_use(panel, edition->uses[i].id, &edition->uses[i].amount, &uses);
    }
    return uses;
}

const struct kf_adjustment *kf_explain_adjustment(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; sector && i < sector->resources.adjustments_len; i++) {
        if (strcmp(sector->resources.adjustments[i].id, key->indicator) == 0) {
            return &sector->resources.adjustments[i];
        }
    }
    return NULL;
}

static const struct kf_terms *terms_of_use(const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    for (size_t i = 0; i < edition->uses_len; i++) {
        if (strcmp(edition->uses[i].id, key->sector) == 0) {
            return &edition->uses[i].amount;
        }
    }
    return &edition->income;
}

/* --- payroll costs (METHOD R2) ---------------------------------------------------------------- */

static struct kf_explain_node *costs_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    struct kf_explain_key own = kf_explain_key_with(key, KF_TOPIC_NONE, "payroll_costs");
    return kf_explain_terms_as(walk, &own, &kf_explain_adjustment(key)->payroll_costs, &amount_rule,
                               "kr");
}

static struct kf_explain_node *wages_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    struct kf_explain_key own = kf_explain_key_with(key, KF_TOPIC_NONE, "wages");
    return kf_explain_terms_as(walk, &own, &kf_explain_adjustment(key)->wages, &amount_rule, "kr");
}

static bool has_books(const struct kf_explain_key *key)
{
    const struct kf_adjustment *adjustment = kf_explain_adjustment(key);
    return kf_explain_has_terms(key, &adjustment->payroll_costs) &&
           kf_explain_has_terms(key, &adjustment->wages);
}

/* Of members that have both. */
static struct kf_explain_node *paired_costs(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key)
{
    return has_books(key) ? costs_of(walk, key) : NULL;
}

static struct kf_explain_node *paired_wages(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key)
{
    return has_books(key) ? wages_of(walk, key) : NULL;
}

/* Of the country's own rows, or of the members together. */
static struct kf_explain_node *of_country(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key, const char *measure,
                                          kf_explain_of_member *own, kf_explain_of_member *paired)
{
    struct kf_explain_key country = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    country.member = KF_EXPLAIN_COUNTRY;
    return kf_country_is_given(key->panel) ? own(walk, &country)
                                           : kf_explain_members_together(walk, &country, paired);
}

static void expand_percentage(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    node->rule = &percentage_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "payroll costs",
                   of_country(walk, key, "group_payroll_costs", costs_of, paired_costs));
    kf_explain_add(walk, node, "wages",
                   of_country(walk, key, "group_wages", wages_of, paired_wages));
}

static void expand_common(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_key percentage = kf_explain_key_with(key, KF_TOPIC_NONE, "common_percentage");
    percentage.member = KF_EXPLAIN_GROUP;
    node->rule = &common_rule;
    node->unit = "kr";
    kf_explain_add(walk, node, "common percentage",
                   kf_explain_derived(walk, &percentage, expand_percentage));
    kf_explain_add(walk, node, "wages", wages_of(walk, key));
}

static void expand_payroll(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    struct kf_explain_key common = kf_explain_key_with(key, KF_TOPIC_NONE, "common_payroll_costs");
    node->rule = &payroll_rule;
    node->unit = "kr";
    kf_explain_add(walk, node, "common percentage",
                   kf_explain_derived(walk, &common, expand_common));
    kf_explain_add(walk, node, "payroll costs", costs_of(walk, key));
}

/* --- adjustments ------------------------------------------------------------------------------ */

static bool has_amount(const struct kf_explain_key *key)
{
    const struct kf_adjustment *adjustment = kf_explain_adjustment(key);
    return adjustment->amount.count > 0 ? kf_explain_has_terms(key, &adjustment->amount)
                                        : has_books(key);
}

/* True when number `k` is concerned and has the figures. */
static bool is_concerned(const struct kf_explain_key *key, size_t k)
{
    struct kf_explain_key own = *key;
    own.member = k;
    return kf_adjustment_concerns(kf_explain_adjustment(key), key->panel->members[k]) &&
           has_amount(&own);
}

/* All that it concerns are here and report: then they are the country's. */
static bool all_concerned_report(const struct kf_explain_key *key)
{
    size_t reporting = 0;
    for (size_t k = 0; k < key->panel->members_len; k++) {
        reporting += is_concerned(key, k);
    }
    return reporting == kf_explain_adjustment(key)->only_len;
}

static void expand_not_concerned(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    (void)walk;
    (void)key;
    node->rule = &others_rule;
    node->unit = "kr";
}

static void expand_concerned(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    node->rule = &concerned_rule;
    node->unit = "kr";
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key own = *key;
        own.member = k;
        if (is_concerned(key, k)) {
            kf_explain_add(walk, node, "member", kf_explain_adjustment_amount(walk, &own));
        }
    }
}

struct kf_explain_node *kf_explain_adjustment_amount(struct kf_explain_walk *walk,
                                                     const struct kf_explain_key *key)
{
    const struct kf_adjustment *adjustment = kf_explain_adjustment(key);
    struct kf_explain_key amount = kf_explain_key_with(key, KF_TOPIC_NONE, "adjustment_amount");
    bool country = key->member == KF_EXPLAIN_COUNTRY;
    bool some = adjustment->only_len > 0;
    if (some && country && all_concerned_report(key)) {
        return kf_explain_derived(walk, &amount, expand_concerned);
    }
    if (some && !country && !kf_adjustment_concerns(adjustment, key->panel->members[key->member])) {
        return kf_explain_derived(walk, &amount, expand_not_concerned);
    }
    return adjustment->amount.count > 0
               ? kf_explain_terms_as(walk, &amount, &adjustment->amount, &amount_rule, "kr")
               : kf_explain_derived(walk, &amount, expand_payroll);
}

/* --- what is spent ---------------------------------------------------------------------------- */

struct kf_explain_node *kf_explain_net(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key)
{
    struct kf_explain_key net = kf_explain_key_with(key, KF_TOPIC_NONE, "net_expenditure");
    net.indicator = NULL;
    return kf_explain_terms_as(walk, &net, &kf_explain_sector(key)->resources.net, &amount_rule,
                               "kr");
}

struct kf_explain_node *kf_explain_use_amount(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    struct kf_explain_key use = kf_explain_key_with(key, KF_TOPIC_NONE, "use_of_income");
    return kf_explain_terms_as(walk, &use, terms_of_use(key), &amount_rule, "kr");
}

static bool is_spent(const struct kf_explain_key *key, const struct kf_adjustment *adjustment)
{
    return adjustment->to == KF_ADJUST_EXPENDITURE &&
           kf_adjustment_has_figures(key->panel, adjustment);
}

static void expand_spent(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_resources *resources = &kf_explain_sector(key)->resources;
    node->rule = &spent_rule;
    node->unit = "kr";
    kf_explain_add(walk, node, "net", kf_explain_net(walk, key));
    for (size_t i = 0; i < resources->adjustments_len; i++) {
        struct kf_explain_key adjustment = *key;
        adjustment.indicator = resources->adjustments[i].id;
        if (is_spent(key, &resources->adjustments[i])) {
            kf_explain_add(walk, node, "adjustment",
                           kf_explain_adjustment_amount(walk, &adjustment));
        }
    }
}

/* NDU*: without an adjustment that has figures net expenditure itself; of a use its amount. */
static struct kf_explain_node *spent_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    struct kf_explain_key spent = kf_explain_key_with(key, KF_TOPIC_NONE, "adjusted_expenditure");
    bool adjusted = false;
    for (size_t i = 0; sector && i < sector->resources.adjustments_len; i++) {
        adjusted = adjusted || is_spent(key, &sector->resources.adjustments[i]);
    }
    if (adjusted) {
        return kf_explain_derived(walk, &spent, expand_spent);
    }
    return sector ? kf_explain_net(walk, key) : kf_explain_use_amount(walk, key);
}

/* --- the country's level ---------------------------------------------------------------------- */

struct kf_explain_node *kf_explain_use_level(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key)
{
    static const struct kf_explain_level level = {
        "level_of_the_country",
        "amount_of_the_members",
        "inhabitants_with_amount",
        "kr/persons",
        {"level_of_the_country",
         KF_EXPLAIN_QUOTIENT,
         "N10",
         {"landets beløp ÷ landets innbyggere", "the country's amount ÷ its inhabitants"}},
        spent_of,
    };
    struct kf_explain_key use = *key;
    use.indicator = NULL;
    return kf_explain_country_level(walk, &use, &level);
}

struct kf_explain_node *kf_explain_adjustment_level(struct kf_explain_walk *walk,
                                                    const struct kf_explain_key *key)
{
    static const struct kf_explain_level level = {
        "level_of_the_country",
        "amount_of_the_members",
        "inhabitants_with_amount",
        "kr/persons",
        {"level_of_the_country",
         KF_EXPLAIN_QUOTIENT,
         "R6",
         {"landets beløp ÷ landets innbyggere", "the country's amount ÷ its inhabitants"}},
        kf_explain_adjustment_amount,
    };
    return kf_explain_country_level(walk, key, &level);
}

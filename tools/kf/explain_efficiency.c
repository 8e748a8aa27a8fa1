/* What efficiency is made of, and changes since the year before (METHOD E1–E4, T1–T6, N11). */
#include <string.h>

#include "common/model/cell.h"
#include "services/efficiency/accounts.h"
#include "services/efficiency/expenditure.h"
#include "services/efficiency/production_change.h"
#include "tools/kf/explain_accounts.h"

static const struct kf_explain_rule given_rule = {
    "given_expenditure_index",
    KF_EXPLAIN_SCALED,
    "E1",
    {"skala × publisert utgiftsindeks ÷ gjennomsnitt", "scale × published index ÷ mean"}};
static const struct kf_explain_rule expenditure_rule = {
    "expenditure_index",
    KF_EXPLAIN_SCALED,
    "E1",
    {"skala × korrigert utgift ÷ gjennomsnitt", "scale × corrected expenditure ÷ mean"}};
static const struct kf_explain_rule ratio_rule = {
    "production_per_expenditure",
    KF_EXPLAIN_QUOTIENT,
    "E2",
    {"produksjonsindeks ÷ utgiftsindeks", "production index ÷ expenditure index"}};
static const struct kf_explain_rule efficiency_rule = {
    "efficiency",
    KF_EXPLAIN_SCALED,
    "E2",
    {"skala × forhold ÷ gjennomsnitt", "scale × ratio ÷ mean"}};
static const struct kf_explain_rule percent_rule = {
    "efficiency_percent",
    KF_EXPLAIN_PERCENT_ABOVE,
    "E3",
    {"produksjonsindeks ÷ utgiftsindeks − 1, i prosent",
     "production index ÷ expenditure index − 1, in percent"}};
static const struct kf_explain_rule published_rule = {
    "published_change",
    KF_EXPLAIN_PERCENT_ABOVE,
    "T3",
    {"publisert tall ÷ basis − 1, i prosent", "published figure ÷ base − 1, in percent"}};
static const struct kf_explain_rule efficiency_change_rule = {
    "efficiency_change",
    KF_EXPLAIN_PERCENT_ABOVE,
    "T3",
    {"vekst i produksjon ÷ vekst i utgift − 1, i prosent",
     "change of production ÷ change of expenditure − 1, in percent"}};
static const struct kf_explain_rule production_rule = {
    "production_change",
    KF_EXPLAIN_PERCENT_ABOVE,
    "T1",
    {"produksjon mot året før − 1, i prosent", "production to the year before − 1, in percent"}};
static const struct kf_explain_rule production_ratio_rule = {
    "production_ratio",
    KF_EXPLAIN_MEAN,
    "T1",
    {"vekt × forhold til året før; mangler det ene: 1",
     "weight × ratio to the year before; where one is missing: 1"}};
static const struct kf_explain_rule year_ratio_rule = {
    "ratio_to_year_before",
    KF_EXPLAIN_QUOTIENT,
    "T1",
    {"i år ÷ året før", "this year ÷ the year before"}};
static const struct kf_explain_rule per_capita_rule = {
    "per_inhabitant",
    KF_EXPLAIN_SCALED,
    "T4",
    {"per målgruppe × målgruppen ÷ folketall", "per target group × target group ÷ inhabitants"}};
static const struct kf_explain_rule expenditure_change_rule = {
    "expenditure_change",
    KF_EXPLAIN_PERCENT_ABOVE,
    "T2",
    {"utgift ÷ fjorårets i årets priser − 1, i prosent",
     "expenditure ÷ that of the year before at this year's prices − 1, in percent"}};
static const struct kf_explain_rule need_change_rule = {
    "need_change",
    KF_EXPLAIN_PERCENT_ABOVE,
    "N11",
    {"behov ÷ fjorårets − 1, i prosent", "need ÷ that of the year before − 1, in percent"}};
static const struct kf_explain_rule beyond_rule = {
    "beyond_need",
    KF_EXPLAIN_DIFFERENCE,
    "T4",
    {"produksjonsvekst per innbygger − behovsvekst, prosentpoeng",
     "production per inhabitant − need, percentage points"}};
static const struct kf_explain_rule absolute_rule = {
    "mean_absolute",
    KF_EXPLAIN_MEAN_ABSOLUTE,
    "T6",
    {"uveid gjennomsnitt av tallverdiene", "unweighted mean of the absolute values"}};

static struct kf_explain_node *measure_of(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key, const char *measure)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_EFFICIENCY, measure);
    return kf_explain_result(walk, &other);
}

static struct kf_explain_node *production_index(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key)
{
    struct kf_explain_key index = kf_explain_key_with(key, KF_TOPIC_INDEX, "index");
    struct kf_scope scope;
    index.sector = kf_explain_scope(key, &scope) ? kf_scope_production(&scope) : key->sector;
    return kf_explain_result(walk, &index);
}

static void add_scale(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    kf_explain_add(walk, node, "scale",
                   kf_explain_number(walk, "scale", "", key->panel->edition->scale));
}

/* --- level (METHOD E1–E3) --------------------------------------------------------------------- */

static const char *given_variable(const struct kf_explain_key *key)
{
    struct kf_scope scope;
    return kf_explain_scope(key, &scope) ? kf_expenditure_given(key->panel->edition, &scope) : "";
}

static struct kf_explain_node *given_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    return kf_explain_cell(walk, key->panel, given_variable(key), key->member);
}

static bool is_need_corrected(const struct kf_explain_key *key)
{
    struct kf_scope scope;
    struct kf_accounts accounts = {.need_corrected = false};
    if (kf_explain_scope(key, &scope)) {
        kf_accounts_of(key->panel->edition, &scope, &accounts);
    }
    return accounts.need_corrected;
}

static struct kf_explain_node *expenditure_of(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    return kf_explain_expenditure(walk, key, is_need_corrected(key), false);
}

static void expand_expenditure(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    bool given = given_variable(key)[0] != '\0';
    bool country = key->panel->edition->reference == KF_REFERENCE_COUNTRY && !given;
    kf_explain_of_member *of = given ? given_of : expenditure_of;
    struct kf_explain_key whole = *key;
    whole.member = KF_EXPLAIN_COUNTRY;
    node->rule = given ? &given_rule : &expenditure_rule;
    add_scale(walk, node, key);
    kf_explain_add(walk, node, "expenditure", of(walk, key));
    kf_explain_add(walk, node, country ? "country" : "mean",
                   country ? of(walk, &whole)
                           : kf_explain_group_mean(walk, key, "mean_expenditure", of));
}

static void expand_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &ratio_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "production", production_index(walk, key));
    kf_explain_add(walk, node, "expenditure", measure_of(walk, key, "expenditure_index"));
}

static struct kf_explain_node *ratio_of(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    struct kf_explain_key ratio =
        kf_explain_key_with(key, KF_TOPIC_NONE, "production_per_expenditure");
    return kf_explain_derived(walk, &ratio, expand_ratio);
}

static void expand_efficiency(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    node->rule = &efficiency_rule;
    add_scale(walk, node, key);
    kf_explain_add(walk, node, "ratio", ratio_of(walk, key));
    kf_explain_add(walk, node, "mean", kf_explain_group_mean(walk, key, "mean_ratio", ratio_of));
}

static void expand_percent(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    node->rule = &percent_rule;
    kf_explain_add(walk, node, "production", production_index(walk, key));
    kf_explain_add(walk, node, "expenditure", measure_of(walk, key, "expenditure_index"));
}

/* --- change of production (METHOD T1, T4) ----------------------------------------------------- */

/* The reported value of an indicator in the key's year; `variable` "per_capita" takes need out of
 * it again. */
static void expand_per_capita(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    struct kf_explain_key value = kf_explain_key_with(
        key, KF_TOPIC_INDICATOR, indicator->correction[0] ? "corrected" : "raw");
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_population");
    need.sector = indicator->per_sector;
    need.indicator = NULL;
    struct kf_explain_key below = kf_explain_key_with(key, KF_TOPIC_NONE, "denominator");
    bool by_need = indicator->per == KF_PER_NEED_POPULATION;
    node->rule = &per_capita_rule;
    kf_explain_add(walk, node, "value", kf_explain_result(walk, &value));
    kf_explain_add(walk, node, by_need ? "need-corrected population" : "denominator",
                   by_need ? kf_explain_result(walk, &need)
                           : kf_explain_terms(walk, &below, &indicator->denominator));
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

static struct kf_explain_node *produced(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    bool corrected = indicator->correction && indicator->correction[0];
    struct kf_explain_key value =
        kf_explain_key_with(key, KF_TOPIC_INDICATOR, corrected ? "corrected" : "raw");
    if (key->variable && kf_production_is_per_target_group(indicator)) {
        struct kf_explain_key capita = kf_explain_key_with(key, KF_TOPIC_NONE, "per_inhabitant");
        return kf_explain_derived(walk, &capita, expand_per_capita);
    }
    return kf_explain_result(walk, &value);
}

static void expand_year_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    struct kf_explain_key before = *key;
    before.panel = key->panel->previous;
    node->rule = &year_ratio_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "this year", produced(walk, key));
    kf_explain_add(walk, node, "the year before", produced(walk, &before));
}

/* A ratio that cannot be had, or not from a positive value, counts with 1. */
static struct kf_explain_node *or_one(struct kf_explain_walk *walk, struct kf_explain_node *ratio)
{
    bool positive = ratio->parts_len < 2 || ratio->parts[1].node->value > 0;
    return kf_cell_has_value(ratio->status) && positive
               ? ratio
               : kf_explain_number(walk, "missing in one of the years", "ratio", 1);
}

static void expand_production_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key);

static struct kf_explain_node *production_ratio(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key, const char *form)
{
    struct kf_explain_key ratio = kf_explain_key_with(key, KF_TOPIC_NONE, "production_ratio");
    struct kf_scope scope;
    ratio.sector = kf_explain_scope(key, &scope) ? kf_scope_production(&scope) : key->sector;
    ratio.variable = form;
    return kf_explain_derived(walk, &ratio, expand_production_ratio);
}

static void add_indicator_ratios(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                 const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        struct kf_explain_key part =
            kf_explain_key_with(key, KF_TOPIC_NONE, "ratio_to_year_before");
        part.indicator = sector->indicators[i].id;
        part.variable = key->variable;
        struct kf_explain_node *ratio = kf_explain_derived(walk, &part, expand_year_ratio);
        kf_explain_add_weighted(walk, node, "indicator", kf_explain_weight(walk, &part),
                                or_one(walk, ratio));
    }
}

static void expand_production_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    node->rule = &production_ratio_rule;
    node->unit = "ratio";
    if (kf_explain_sector(key)) {
        add_indicator_ratios(walk, node, key);
        return;
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_explain_key part = *key;
        part.sector = edition->sectors[s].id;
        if (kf_sector_produces(&edition->sectors[s])) {
            struct kf_explain_node *ratio = production_ratio(walk, &part, key->variable);
            bool there = kf_cell_has_value(ratio->status);
            kf_explain_add_weighted(walk, node, "sector", kf_explain_weight(walk, &part),
                                    there ? ratio
                                          : kf_explain_number(walk, "no ratio", "ratio", 1));
        }
    }
}

static void add_no_change(struct kf_explain_walk *walk, struct kf_explain_node *node)
{
    kf_explain_add(walk, node, "no change", kf_explain_number(walk, "no change", "ratio", 1));
}

static void add_published(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const char *variable)
{
    node->rule = &published_rule;
    kf_explain_add(walk, node, "published",
                   kf_explain_cell(walk, key->panel, variable, key->member));
    kf_explain_add(walk, node, "no change",
                   kf_explain_number(walk, "base", "", key->panel->edition->change.base));
}

static void expand_production(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_change *change = &key->panel->edition->change;
    if (!change->computed) {
        add_published(walk, node, key, change->production);
        return;
    }
    node->rule = &production_rule;
    kf_explain_add(walk, node, "production", production_ratio(walk, key, NULL));
    add_no_change(walk, node);
}

static void expand_production_per_capita(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                         const struct kf_explain_key *key)
{
    node->rule = &production_rule;
    kf_explain_add(walk, node, "production", production_ratio(walk, key, "per_capita"));
    add_no_change(walk, node);
}

/* --- change of expenditure, efficiency, need (METHOD T2–T4, T6, N11) -------------------------- */

static struct kf_explain_node *spent(struct kf_explain_walk *walk, const struct kf_explain_key *key,
                                     bool before)
{
    struct kf_scope scope;
    struct kf_explain_key year = *key;
    year.panel = before ? key->panel->previous : key->panel;
    bool needs = kf_explain_scope(key, &scope) && kf_scope_has_key(key->panel->edition, &scope);
    return kf_explain_expenditure(walk, &year, needs, before);
}

static void expand_spending_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    node->rule = &year_ratio_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "this year", spent(walk, key, false));
    kf_explain_add(walk, node, "the year before", spent(walk, key, true));
}

static void expand_spending(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    const struct kf_change *change = &key->panel->edition->change;
    if (!change->computed) {
        add_published(walk, node, key, change->expenditure);
        return;
    }
    node->rule = &expenditure_change_rule;
    kf_explain_add(walk, node, "this year", spent(walk, key, false));
    kf_explain_add(walk, node, "the year before", spent(walk, key, true));
}

static void expand_efficiency_change(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                     const struct kf_explain_key *key)
{
    const struct kf_change *change = &key->panel->edition->change;
    node->rule = &efficiency_change_rule;
    if (!change->computed) {
        kf_explain_add(walk, node, "production",
                       kf_explain_cell(walk, key->panel, change->production, key->member));
        kf_explain_add(walk, node, "expenditure",
                       kf_explain_cell(walk, key->panel, change->expenditure, key->member));
        return;
    }
    struct kf_explain_key spending = kf_explain_key_with(key, KF_TOPIC_NONE, "expenditure_ratio");
    kf_explain_add(walk, node, "production", production_ratio(walk, key, NULL));
    kf_explain_add(walk, node, "expenditure",
                   kf_explain_derived(walk, &spending, expand_spending_ratio));
}

static struct kf_explain_node *need_index(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_index");
    return kf_explain_result(walk, &need);
}

static void expand_need_change(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    struct kf_explain_key before = *key;
    before.panel = key->panel->previous;
    node->rule = &need_change_rule;
    kf_explain_add(walk, node, "this year", need_index(walk, key));
    kf_explain_add(walk, node, "the year before", need_index(walk, &before));
}

static void expand_beyond_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    node->rule = &beyond_rule;
    kf_explain_add(walk, node, "production",
                   measure_of(walk, key, "production_per_capita_change_percent"));
    kf_explain_add(walk, node, "need", measure_of(walk, key, "need_change_percent"));
}

static void add_members(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key, const char *measure)
{
    node->rule = &absolute_rule;
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.member = k;
        struct kf_explain_node *value = measure_of(walk, &member, measure);
        if (value && kf_cell_has_value(value->status)) {
            kf_explain_add(walk, node, "member", value);
        }
    }
}

static void expand_production_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    add_members(walk, node, key, "production_change_percent");
}

static void expand_expenditure_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                    const struct kf_explain_key *key)
{
    add_members(walk, node, key, "expenditure_change_percent");
}

static void expand_efficiency_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    add_members(walk, node, key, "efficiency_change_percent");
}

kf_explain_expand *kf_explain_efficiency(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_EFFICIENCY, "expenditure_index", expand_expenditure},
        {KF_TOPIC_EFFICIENCY, "efficiency", expand_efficiency},
        {KF_TOPIC_EFFICIENCY, "efficiency_percent", expand_percent},
        {KF_TOPIC_EFFICIENCY, "production_change_percent", expand_production},
        {KF_TOPIC_EFFICIENCY, "expenditure_change_percent", expand_spending},
        {KF_TOPIC_EFFICIENCY, "efficiency_change_percent", expand_efficiency_change},
        {KF_TOPIC_EFFICIENCY, "need_change_percent", expand_need_change},
        {KF_TOPIC_EFFICIENCY, "production_per_capita_change_percent", expand_production_per_capita},
        {KF_TOPIC_EFFICIENCY, "production_beyond_need_percent", expand_beyond_need},
        {KF_TOPIC_EFFICIENCY, "deflator_percent", kf_explain_expand_deflator},
        {KF_TOPIC_EFFICIENCY, "production_change_mean_absolute", expand_production_mean},
        {KF_TOPIC_EFFICIENCY, "expenditure_change_mean_absolute", expand_expenditure_mean},
        {KF_TOPIC_EFFICIENCY, "efficiency_change_mean_absolute", expand_efficiency_mean},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}

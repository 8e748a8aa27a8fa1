/* What a trial with state funding comes to: grants against the deduction, the gain by demography
 * and the gain in all (METHOD G1, G7, G8). */
#include <string.h>

#include "common/base/text.h"
#include "common/model/cell.h"
#include "tools/kf/explain_amounts.h"
#include "tools/kf/explain_users.h"

#define MONTHS 12

static const struct kf_explain_rule parts_rule = {
    "sum_of_grants", KF_EXPLAIN_SUM, "G1", {"summen av tilskuddets deler", "sum of its parts"}};
static const struct kf_explain_rule grants_rule = {
    "grants_less_deduction",
    KF_EXPLAIN_DIFFERENCE,
    "G1",
    {"tilskudd − uttrekk fra rammetilskuddet", "grant − deduction from the block grant"}};
static const struct kf_explain_rule year_rule = {
    "gain_of_year",
    KF_EXPLAIN_PRODUCT,
    "G7",
    {"grunnlag × vekst utover kompensert ÷ 100", "base × growth beyond what is compensated ÷ 100"}};
static const struct kf_explain_rule beyond_rule = {
    "growth_beyond",
    KF_EXPLAIN_DIFFERENCE,
    "G7",
    {"kommunens vekst − kompensert vekst, prosentpoeng",
     "growth of the municipality − compensated growth, percentage points"}};
static const struct kf_explain_rule months_rule = {
    "part_of_year",
    KF_EXPLAIN_QUOTIENT,
    "G7",
    {"måneder som teller ÷ 12", "months that count ÷ 12"}};
static const struct kf_explain_rule base_rule = {
    "base_of_gain",
    KF_EXPLAIN_DIFFERENCE,
    "G7",
    {"uttrekk − refusjon for ressurskrevende brukere",
     "deduction − refund for resource-intensive users"}};
static const struct kf_explain_rule deflated_rule = {
    "deflated_base",
    KF_EXPLAIN_QUOTIENT,
    "G7",
    {"grunnlag ÷ prisveksten fra året før", "base ÷ growth of prices from the year before"}};
static const struct kf_explain_rule inflated_rule = {
    "inflated_base",
    KF_EXPLAIN_PRODUCT,
    "G7",
    {"grunnlag × prisveksten til året før", "base × growth of prices to the year before"}};
static const struct kf_explain_rule same_rule = {
    "base_as_it_is",
    KF_EXPLAIN_SAME,
    "G7",
    {"grunnlag, i fjorårets priser alt", "base, at prices of the year before already"}};
static const struct kf_explain_rule years_rule = {
    "gain_of_years", KF_EXPLAIN_SUM, "G7", {"summen av årene", "sum of the years"}};
static const struct kf_explain_rule total_rule = {
    "gain_in_all",
    KF_EXPLAIN_SUM,
    "G8",
    {"demografi, ressurskrevende brukere og enhetskostnader",
     "demography, resource-intensive users and unit costs"}};

static const struct kf_trial *trial_of(const struct kf_explain_key *key)
{
    return &key->panel->edition->trial;
}

/* --- G1 --------------------------------------------------------------------------------------- */

static void expand_part(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    const struct kf_trial *trial = trial_of(key);
    for (size_t i = 0; i < trial->grants_len; i++) {
        if (strcmp(trial->grants[i].id, key->indicator) == 0) {
            kf_explain_in_million(walk, node, key, "grant_given", &trial->grants[i].amount);
        }
    }
}

static void expand_grant(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_trial *trial = trial_of(key);
    if (kf_explain_stands_in(walk, node, key, "published_grant_million_kr")) {
        return;
    }
    kf_explain_as_million(node, &parts_rule);
    for (size_t i = 0; i < trial->grants_len; i++) {
        struct kf_explain_key part =
            kf_explain_unit_cost_key(key, key->sector, trial->grants[i].id, "grant_million_kr");
        kf_explain_add(walk, node, "part", kf_explain_result(walk, &part));
    }
}

static void expand_published_grant(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "published_grant", &trial_of(key)->grant);
}

static void expand_deduction(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "deduction", &trial_of(key)->deduction);
}

static void expand_difference(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &grants_rule);
    kf_explain_add(walk, node, "grant", kf_explain_unit_cost_of(walk, key, "grant_million_kr"));
    kf_explain_add(walk, node, "deduction",
                   kf_explain_unit_cost_of(walk, key, "deduction_million_kr"));
}

/* --- the base of G7 --------------------------------------------------------------------------- */

/* The deduction of the year whose deduction is a whole year's; NULL when nobody knows. */
static struct kf_explain_node *deduction_of(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key)
{
    struct kf_explain_key deduction =
        kf_explain_unit_cost_key(key, KF_SECTOR_GRANTS, NULL, "deduction_million_kr");
    deduction.panel = kf_explain_year(walk, trial_of(key)->demography.deduction_year);
    return deduction.panel ? kf_explain_result_or(walk, &deduction, expand_deduction) : NULL;
}

/* The refund of the first year that has figures of the member; NULL when none has. */
static struct kf_explain_node *refund_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key)
{
    const int *years = trial_of(key)->demography.refund_years;
    for (size_t i = 0; i < KF_REFUND_YEARS && years[i] > 0; i++) {
        struct kf_explain_key refund = *key;
        refund.panel = kf_explain_year(walk, years[i]);
        struct kf_explain_node *node = refund.panel ? kf_explain_refund(walk, &refund) : NULL;
        if (kf_explain_has_value(node)) {
            return node;
        }
    }
    return NULL;
}

static void expand_base(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    bool refunds = trial_of(key)->demography.refund_years[0] > 0;
    struct kf_explain_node *deduction = deduction_of(walk, key);
    struct kf_explain_node *refund = refund_of(walk, key);
    if (deduction && (refund || !refunds)) {
        kf_explain_as_million(node, &base_rule);
        kf_explain_add(walk, node, "deduction", deduction);
        kf_explain_add(walk, node, "refund", refund);
    }
}

static struct kf_explain_node *base_of(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key)
{
    struct kf_explain_key base = kf_explain_key_with(key, KF_TOPIC_NONE, "base_of_gain");
    base.indicator = NULL;
    return kf_explain_derived(walk, &base, expand_base);
}

static int year_of(const struct kf_explain_key *key)
{
    unsigned long year = 0;
    return kf_text_to_unsigned(key->indicator, strlen(key->indicator), KF_EDITION_YEAR_MAX, &year)
               ? (int)year
               : 0;
}

/* The base at prices of the year before the one that the key's indicator names. */
static void expand_priced(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_demography_gain *rules = &trial_of(key)->demography;
    int to = year_of(key) - 1;
    int from = rules->deduction_year;
    struct kf_explain_node *base = base_of(walk, key);
    struct kf_explain_node *prices =
        to == from ? NULL
                   : kf_explain_growth(walk, "growth_of_prices", &rules->prices,
                                       to < from ? to + 1 : from + 1, to < from ? from : to);
    if (to != from && !prices) {
        return;
    }
    node->unit = "million kr";
    node->rule = to == from ? &same_rule : to < from ? &deflated_rule : &inflated_rule;
    kf_explain_add(walk, node, "base", base);
    kf_explain_add(walk, node, "growth of prices", prices);
}

/* --- G7 --------------------------------------------------------------------------------------- */

static void expand_beyond(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_demography_gain *rules = &trial_of(key)->demography;
    const struct kf_year_figure *compensated =
        kf_year_figure_of(&rules->compensated, key->panel->year);
    node->rule = &beyond_rule;
    node->unit = "percent";
    if (compensated) {
        kf_explain_add(walk, node, "own growth",
                       kf_explain_cell(walk, key->panel, rules->growth, key->member));
        kf_explain_add(walk, node, "compensated",
                       kf_explain_number_of(walk, "compensated", "percent", compensated));
    }
}

static void expand_months(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_demography_gain *rules = &trial_of(key)->demography;
    node->rule = &months_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "months",
                   kf_explain_number_of(walk, "months", "count",
                                        kf_year_figure_of(&rules->months, key->panel->year)));
    kf_explain_add(walk, node, "months of the year",
                   kf_explain_number(walk, "months of the year", "count", MONTHS));
}

/* Of the year that the key's indicator names. */
static void expand_year(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    const struct kf_demography_gain *rules = &trial_of(key)->demography;
    struct kf_explain_key priced = kf_explain_key_with(key, KF_TOPIC_NONE, "base_at_prices");
    struct kf_explain_key own = kf_explain_key_with(key, KF_TOPIC_NONE, "growth_beyond");
    struct kf_explain_key months = kf_explain_key_with(key, KF_TOPIC_NONE, "part_of_year");
    own.panel = kf_explain_year(walk, year_of(key));
    if (!own.panel) {
        return;
    }
    kf_explain_as_million(node, &year_rule);
    kf_explain_add(walk, node, "base", kf_explain_derived(walk, &priced, expand_priced));
    kf_explain_add(walk, node, "growth", kf_explain_derived(walk, &own, expand_beyond));
    kf_explain_add(walk, node, "percent", kf_explain_number(walk, "percent", "", 0.01));
    if (own.panel == key->panel && kf_year_figure_of(&rules->months, key->panel->year)) {
        months.member = KF_EXPLAIN_GROUP;
        kf_explain_add(walk, node, "part of the year",
                       kf_explain_derived(walk, &months, expand_months));
    }
}

static void expand_demography(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_year_figures *years = &trial_of(key)->demography.compensated;
    if (kf_explain_stands_in(walk, node, key, "published_gain_million_kr")) {
        return;
    }
    kf_explain_as_million(node, &years_rule);
    for (size_t i = 0; i < years->count && years->list[i].year <= key->panel->year; i++) {
        struct kf_explain_key year = kf_explain_unit_cost_key(
            key, key->sector, kf_explain_text(walk, "%d", years->list[i].year), key->measure);
        kf_explain_add(walk, node, "year", kf_explain_result(walk, &year));
    }
}

static void expand_published_demography(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                        const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "published_gain", &trial_of(key)->demography.gain);
}

/* --- in all ----------------------------------------------------------------------------------- */

#define PARTS 3

/* The parts of the gain that the edition has. */
static size_t parts_of(const struct kf_edition *edition, const char *sectors[PARTS])
{
    const struct kf_demography_gain *demography = &edition->trial.demography;
    const struct kf_resource_intensive *users = &edition->trial.resource_intensive;
    const struct kf_unit_costs *costs = &edition->unit_costs;
    size_t count = 0;
    if (demography->compensated.count > 0 || demography->gain.count > 0) {
        sectors[count++] = KF_SECTOR_DEMOGRAPHY;
    }
    if (users->base_year > 0 || users->gain.count > 0) {
        sectors[count++] = KF_SECTOR_RESOURCE_INTENSIVE;
    }
    if (costs->groups_len > 0 || costs->gain.count > 0) {
        sectors[count++] = KF_SECTOR_SERVICES;
    }
    return count;
}

/* Adds the parts of the gain; false, and nothing is added, when the member lacks one. */
static bool add_parts(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    const char *sectors[PARTS];
    struct kf_explain_key part[PARTS];
    size_t count = parts_of(key->panel->edition, sectors);
    bool whole = count > 0;
    for (size_t i = 0; i < count; i++) {
        part[i] = kf_explain_unit_cost_key(key, sectors[i], NULL, "gain_million_kr");
        whole = whole && kf_explain_presence(&part[i]) == KF_EXPLAIN_PRESENT;
    }
    for (size_t i = 0; whole && i < count; i++) {
        kf_explain_add(walk, node, "component", kf_explain_result(walk, &part[i]));
    }
    return whole;
}

static void expand_total(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    kf_explain_as_million(node, &total_rule);
    if (!add_parts(walk, node, key)) {
        (void)kf_explain_stands_in(walk, node, key, "published_gain_million_kr");
    }
}

static void expand_published_total(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                   const struct kf_explain_key *key)
{
    kf_explain_in_million(walk, node, key, "published_gain", &trial_of(key)->gain);
}

kf_explain_expand *kf_explain_trial(const struct kf_explain_key *key)
{
    static const struct kf_explain_place places[] = {
        {KF_SECTOR_GRANTS, true, "grant_million_kr", expand_part},
        {KF_SECTOR_GRANTS, false, "grant_million_kr", expand_grant},
        {KF_SECTOR_GRANTS, false, "published_grant_million_kr", expand_published_grant},
        {KF_SECTOR_GRANTS, false, "deduction_million_kr", expand_deduction},
        {KF_SECTOR_GRANTS, false, "gain_million_kr", expand_difference},
        {KF_SECTOR_DEMOGRAPHY, true, "gain_million_kr", expand_year},
        {KF_SECTOR_DEMOGRAPHY, false, "gain_million_kr", expand_demography},
        {KF_SECTOR_DEMOGRAPHY, false, "published_gain_million_kr", expand_published_demography},
        {KF_SECTOR_TOTAL, false, "gain_million_kr", expand_total},
        {KF_SECTOR_TOTAL, false, "published_gain_million_kr", expand_published_total},
    };
    return kf_explain_by_place(places, sizeof places / sizeof places[0], key);
}

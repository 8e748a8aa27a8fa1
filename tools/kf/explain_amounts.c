#include "tools/kf/explain_amounts.h"

#include <string.h>

#include "common/model/cell.h"
#include "services/efficiency/unit_cost/million.h"
#include "tools/kf/explain_build.h"

static const struct kf_explain_rule kr_rule = {
    "amount_in_kr", KF_EXPLAIN_SUM, "", {"sum av beløp, i kr", "sum of amounts, in kr"}};
static const struct kf_explain_rule million_rule = {
    "amount_in_million", KF_EXPLAIN_QUOTIENT, "", {"beløp ÷ én million", "amount ÷ one million"}};
static const struct kf_explain_rule figure_rule = {
    "figure", KF_EXPLAIN_SAME, "", {"tall fra inndata", "figure of the input"}};
static const struct kf_explain_rule stand_in_rule = {
    "published_instead",
    KF_EXPLAIN_SAME,
    "",
    {"publisert; grunnlaget til å regne det ut mangler",
     "as published; what it would be computed from is missing"}};
static const struct kf_explain_rule year_rule = {
    "growth_factor", KF_EXPLAIN_SUM, "", {"1 + vekst ÷ 100", "1 + growth ÷ 100"}};
static const struct kf_explain_rule growth_rule = {
    "growth_of_years",
    KF_EXPLAIN_PRODUCT,
    "",
    {"produktet av årenes vekst", "product of the years' growth"}};

static bool equal(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* --- which number ----------------------------------------------------------------------------- */

static bool is_cost_group(const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->groups_len; i++) {
        if (equal(costs->groups[i].id, key->sector)) {
            return true;
        }
    }
    return false;
}

kf_explain_expand *kf_explain_by_place(const struct kf_explain_place *places, size_t count,
                                       const struct kf_explain_key *key)
{
    bool group = is_cost_group(key);
    bool part = key->indicator && key->indicator[0];
    for (size_t i = 0; key->topic == KF_TOPIC_UNIT_COST && i < count; i++) {
        bool here = places[i].sector ? equal(places[i].sector, key->sector) : group;
        if (here && places[i].part == part && equal(places[i].measure, key->measure)) {
            return places[i].expand;
        }
    }
    return NULL;
}

struct kf_explain_key kf_explain_unit_cost_key(const struct kf_explain_key *key, const char *sector,
                                               const char *indicator, const char *measure)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_UNIT_COST, measure);
    other.sector = sector;
    other.indicator = indicator;
    return other;
}

struct kf_explain_node *kf_explain_unit_cost_of(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key,
                                                const char *measure)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_UNIT_COST, measure);
    return kf_explain_result(walk, &other);
}

struct kf_explain_node *kf_explain_unit_cost_or(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key,
                                                const char *measure, kf_explain_expand *expand)
{
    struct kf_explain_key other = kf_explain_key_with(key, KF_TOPIC_UNIT_COST, measure);
    return kf_explain_result_or(walk, &other, expand);
}

/* --- amounts ---------------------------------------------------------------------------------- */

struct kf_explain_node *kf_explain_kr(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key, const char *what,
                                      const struct kf_terms *terms)
{
    struct kf_explain_key sum = kf_explain_key_with(key, KF_TOPIC_NONE, what);
    return kf_explain_terms_as(walk, &sum, terms, &kr_rule, "kr");
}

struct kf_explain_node *kf_explain_million(struct kf_explain_walk *walk)
{
    return kf_explain_number(walk, "million", "kr", KF_MILLION_KR);
}

void kf_explain_as_million(struct kf_explain_node *node, const struct kf_explain_rule *rule)
{
    node->rule = rule;
    node->unit = "million kr";
    node->decimals = KF_MILLION_DECIMALS;
}

void kf_explain_in_million(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key, const char *what,
                           const struct kf_terms *terms)
{
    kf_explain_as_million(node, &million_rule);
    kf_explain_add(walk, node, "amount", kf_explain_kr(walk, key, what, terms));
    kf_explain_add(walk, node, "million", kf_explain_million(walk));
}

void kf_explain_as_given(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key, const char *what,
                         const struct kf_terms *terms)
{
    struct kf_explain_key sum = kf_explain_key_with(key, KF_TOPIC_NONE, what);
    node->rule = &figure_rule;
    kf_explain_add(walk, node, "figure", kf_explain_terms(walk, &sum, terms));
}

bool kf_explain_has_value(const struct kf_explain_node *node)
{
    return node && kf_cell_has_value(node->status);
}

bool kf_explain_stands_in(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const char *measure)
{
    bool stands = (node->status & KF_CELL_PUBLISHED) != 0;
    struct kf_explain_node *published = stands ? kf_explain_unit_cost_of(walk, key, measure) : NULL;
    if (!kf_explain_has_value(published)) {
        return false;
    }
    node->rule = &stand_in_rule;
    kf_explain_add(walk, node, "published", published);
    return true;
}

/* --- figures of years ------------------------------------------------------------------------- */

struct kf_explain_node *kf_explain_number_of(struct kf_explain_walk *walk, const char *what,
                                             const char *unit, const struct kf_year_figure *figure)
{
    struct kf_explain_node *node = kf_explain_number(walk, what, unit, figure->value);
    kf_explain_note(walk, node, "for %d", "of %d", figure->year);
    return node;
}

/* A new number of the edition's own, of nobody: its value is made when its parts are there. */
static struct kf_explain_node *number_of_years(struct kf_explain_walk *walk, const char *what,
                                               const char *years, bool *made)
{
    struct kf_explain_key key = {.panel = kf_explain_panel(walk),
                                 .measure = what,
                                 .indicator = years,
                                 .member = KF_EXPLAIN_GROUP};
    struct kf_explain_node *node = &kf_explain_entry_of(walk, &key, made)->node;
    node->unit = "ratio";
    return node;
}

static void finish(struct kf_explain_node *node)
{
    node->expanded = true;
    node->status = kf_explain_evaluate(node, &node->value) ? KF_CELL_VALUE : KF_CELL_MISSING;
    node->recomputed = node->value;
}

static struct kf_explain_node *growth_of(struct kf_explain_walk *walk, const char *what,
                                         const struct kf_year_figure *figure)
{
    bool made = false;
    struct kf_explain_node *node =
        number_of_years(walk, what, kf_explain_text(walk, "%d", figure->year), &made);
    if (made) {
        node->rule = &year_rule;
        kf_explain_add(walk, node, "", kf_explain_number(walk, "1", "", 1));
        kf_explain_add_weighted(walk, node, "growth", kf_explain_number(walk, "percent", "", 0.01),
                                kf_explain_number_of(walk, "growth", "percent", figure));
        finish(node);
    }
    return node;
}

/* True when the growth of each of the years is known. */
static bool is_known(const struct kf_year_figures *growth, int first, int last)
{
    int year = first;
    while (year <= last && kf_year_figure_of(growth, year)) {
        year++;
    }
    return year > last;
}

struct kf_explain_node *kf_explain_growth(struct kf_explain_walk *walk, const char *what,
                                          const struct kf_year_figures *growth, int first, int last)
{
    if (!is_known(growth, first, last)) {
        return NULL;
    }
    if (first == last) {
        return growth_of(walk, what, kf_year_figure_of(growth, first));
    }
    bool made = false;
    struct kf_explain_node *node =
        number_of_years(walk, what, kf_explain_text(walk, "%d–%d", first, last), &made);
    for (int year = first; made && year <= last; year++) {
        node->rule = &growth_rule;
        kf_explain_add(walk, node, "year", growth_of(walk, what, kf_year_figure_of(growth, year)));
    }
    if (made) {
        finish(node);
    }
    return node;
}

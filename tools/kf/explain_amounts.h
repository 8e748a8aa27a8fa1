/* Amounts of unit costs and of a trial, for their walkers: sums of figures in million kr, numbers
 * of a year, growth from year to year, and published totals that stand in for computed ones (METHOD
 * U1–U7, G1–G8). */
#ifndef KF_TOOLS_EXPLAIN_AMOUNTS_H
#define KF_TOOLS_EXPLAIN_AMOUNTS_H

#include "tools/kf/explain_walk.h"

/* --- which number ----------------------------------------------------------------------------- */

/* What expands a measure of one of the special sectors of topic unit-cost. */
struct kf_explain_place {
    const char *sector; /* NULL: any cost group of the edition */
    bool part;          /* of an indicator; false: of the sector as a whole */
    const char *measure;
    kf_explain_expand *expand;
};

/* What expands the key's measure by a table of `count` places, or NULL. */
kf_explain_expand *kf_explain_by_place(const struct kf_explain_place *places, size_t count,
                                       const struct kf_explain_key *key);

/* The same member with another number of topic unit-cost; `indicator` NULL: of the whole. */
struct kf_explain_key kf_explain_unit_cost_key(const struct kf_explain_key *key, const char *sector,
                                               const char *indicator, const char *measure);

/* The published number of the key's own sector and indicator, or NULL; made by `expand` in a panel
 * that has it not: of further years few results are kept. */
struct kf_explain_node *kf_explain_unit_cost_of(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key,
                                                const char *measure);
struct kf_explain_node *kf_explain_unit_cost_or(struct kf_explain_walk *walk,
                                                const struct kf_explain_key *key,
                                                const char *measure, kf_explain_expand *expand);

/* --- amounts ---------------------------------------------------------------------------------- */

/* The sum in kr; `what` names it and is kept. */
struct kf_explain_node *kf_explain_kr(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key, const char *what,
                                      const struct kf_terms *terms);

/* A million, to divide by. */
struct kf_explain_node *kf_explain_million(struct kf_explain_walk *walk);

/* The node is the sum in million kr; `what` names the sum in kr and is kept. */
void kf_explain_in_million(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key, const char *what,
                           const struct kf_terms *terms);

/* The node is the sum as it stands: a figure, or figures added up, which `what` names. */
void kf_explain_as_given(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key, const char *what,
                         const struct kf_terms *terms);

/* The node is an amount in million kr, with their decimals (services/efficiency/unit_cost). */
void kf_explain_as_million(struct kf_explain_node *node, const struct kf_explain_rule *rule);

/* True when the node is there and has a value. */
bool kf_explain_has_value(const struct kf_explain_node *node);

/* The node is a number flagged `published` whose computed parts lack a value: the published one of
 * `measure` stands in. False, and the node is as it was, when it is no such number. */
bool kf_explain_stands_in(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const char *measure);

/* --- figures of years ------------------------------------------------------------------------- */

/* A number of the edition that holds in `year`, which its note tells; `what` is kept. */
struct kf_explain_node *kf_explain_number_of(struct kf_explain_walk *walk, const char *what,
                                             const char *unit, const struct kf_year_figure *figure);

/* Π(1 + growth/100) over the years `first` to `last`, of which there is one at least. `what` names
 * the growth and is kept. NULL when the growth of one of them is not known. */
struct kf_explain_node *kf_explain_growth(struct kf_explain_walk *walk, const char *what,
                                          const struct kf_year_figures *growth, int first,
                                          int last);

#endif

/* What expenditure is made of, for the walkers of the efficiency stage: accounts, the common
 * percentage of wages, need (METHOD E1, T2, T5). */
#ifndef KF_TOOLS_EXPLAIN_ACCOUNTS_H
#define KF_TOOLS_EXPLAIN_ACCOUNTS_H

#include "services/efficiency/scope.h"
#include "tools/kf/explain_walk.h"

/* The scope that the key's sector names; false when there is none. */
bool kf_explain_scope(const struct kf_explain_key *key, struct kf_scope *scope);

/* Corrected accounts of the key's scope and member, per inhabitant and, if `needs`, per need; with
 * `inflated` at the prices of the year after, by each account's own deflator. The member may be
 * KF_EXPLAIN_COUNTRY, whose need is 1. */
struct kf_explain_node *kf_explain_expenditure(struct kf_explain_walk *walk,
                                               const struct kf_explain_key *key, bool needs,
                                               bool inflated);

/* The need index of the key's scope, or NULL when it was not computed. */
struct kf_explain_node *kf_explain_scope_need(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key);

/* Expands deflator_percent. */
void kf_explain_expand_deflator(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key);

#endif

/* Deviations and need in kroner, for the walkers of resource use and income (METHOD N10, R8, R10).
 */
#ifndef KF_TOOLS_EXPLAIN_DEVIATION_H
#define KF_TOOLS_EXPLAIN_DEVIATION_H

#include "tools/kf/explain_walk.h"

/* deviation_kr_per_capita of `sector`, whatever the key's: published, or of a year before. */
struct kf_explain_node *kf_explain_deviation(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, const char *sector);

/* need_kr_per_capita, likewise. */
struct kf_explain_node *kf_explain_need_in_kr(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key, const char *sector);

/* Adds the deviations that make up disposable income: inside, outside, uses. */
void kf_explain_add_income_uses(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key);

/* True when disposable income itself has figures. */
bool kf_explain_income_is_given(const struct kf_panel *panel);

#endif

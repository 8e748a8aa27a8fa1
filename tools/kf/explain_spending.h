/* What resource use is made of in kroner: net expenditure, adjustments, uses of income, and the
 * country's level of each, for the walkers of resource use (METHOD R1–R7, R10, N10). */
#ifndef KF_TOOLS_EXPLAIN_SPENDING_H
#define KF_TOOLS_EXPLAIN_SPENDING_H

#include "tools/kf/explain_walk.h"

/* Parts of disposable income in their order: sectors that some member reports, then uses. */
struct kf_explain_uses {
    const char *ids[KF_SECTORS_MAX + KF_USES_MAX];
    size_t count;
};

enum kf_explain_side { KF_EXPLAIN_INSIDE, KF_EXPLAIN_OUTSIDE, KF_EXPLAIN_OTHER, KF_EXPLAIN_ALL };

/* Those of one side of the income system, or all of them. */
struct kf_explain_uses kf_explain_uses_of(const struct kf_panel *panel, enum kf_explain_side side);

/* The adjustment that the key's sector and indicator name, or NULL. */
const struct kf_adjustment *kf_explain_adjustment(const struct kf_explain_key *key);

/* True when some member has the sum. */
bool kf_explain_is_reported(const struct kf_panel *panel, const struct kf_terms *terms);

/* Net expenditure of the key's sector, kr, of a member or the country. */
struct kf_explain_node *kf_explain_net(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key);

/* What the adjustment of the key's sector and indicator comes to, kr. */
struct kf_explain_node *kf_explain_adjustment_amount(struct kf_explain_walk *walk,
                                                     const struct kf_explain_key *key);

/* A use of the edition, or income as given, whose id is the key's sector, kr. */
struct kf_explain_node *kf_explain_use_amount(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key);

/* The country's kr per inhabitant: of net expenditure with its adjustments, or of a use; of an
 * adjustment. */
struct kf_explain_node *kf_explain_use_level(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key);
struct kf_explain_node *kf_explain_adjustment_level(struct kf_explain_walk *walk,
                                                    const struct kf_explain_key *key);

#endif

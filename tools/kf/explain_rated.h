/* The rate of a service in a year, for the walkers of unit costs (METHOD U2). */
#ifndef KF_TOOLS_EXPLAIN_RATED_H
#define KF_TOOLS_EXPLAIN_RATED_H

#include "tools/kf/explain_walk.h"

/* Kr for an hour or a day of the key's indicator in the year of the key's panel: as given, or the
 * newest rate before it, indexed. NULL when there is none. */
struct kf_explain_node *kf_explain_national_rate(struct kf_explain_walk *walk,
                                                 const struct kf_explain_key *key);

/* The same as a published number of its own. */
void kf_explain_expand_national_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                     const struct kf_explain_key *key);

#endif

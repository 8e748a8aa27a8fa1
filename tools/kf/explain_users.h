/* What resource-intensive users are made of, for the walkers of a trial (METHOD G4–G6). Figures of
 * single users are marked as such: they are told when they are asked for only. */
#ifndef KF_TOOLS_EXPLAIN_USERS_H
#define KF_TOOLS_EXPLAIN_USERS_H

#include "tools/kf/explain_walk.h"

/* What the state refunds the key's member in the year of the key's panel, million kr: published, or
 * made here for another year. It may lack a value. */
struct kf_explain_node *kf_explain_refund(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key);

#endif

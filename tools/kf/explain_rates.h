/* What an inhabitant of an age group costs, for the walkers of demography (METHOD D4, D9). */
#ifndef KF_TOOLS_EXPLAIN_RATES_H
#define KF_TOOLS_EXPLAIN_RATES_H

#include "tools/kf/explain_walk.h"

/* Expands rate_kr: of a service, or of all together. */
void kf_explain_expand_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key);

/* The published rate of a service and a group of costs; NULL when there is none. */
struct kf_explain_node *kf_explain_rate(struct kf_explain_walk *walk, const char *service,
                                        const char *group);

#endif

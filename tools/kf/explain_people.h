/* People of an age group in a year, for the walkers of demography: observed, projected, rebased
 * (METHOD D1, D7; services/need/demography/age_group.h). */
#ifndef KF_TOOLS_EXPLAIN_PEOPLE_H
#define KF_TOOLS_EXPLAIN_PEOPLE_H

#include "services/need/demography/age_group.h"
#include "tools/kf/explain_walk.h"

/* Which people. */
struct kf_explain_people {
    const char *group; /* id of a group; "": everybody */
    bool costs;        /* a group of costs */
    enum kf_age_source source;
    int year;
};

/* The people of a member; the published number where there is one. NULL when no panel has the year,
 * or the edition has nothing that counts them. */
struct kf_explain_node *kf_explain_people(struct kf_explain_walk *walk, size_t member,
                                          const struct kf_explain_people *people);

/* Expands population. */
void kf_explain_expand_population(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key);

#endif

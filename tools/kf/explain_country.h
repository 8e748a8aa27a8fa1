/* The country's level of something, which members are compared with: x_L/N_L of its own rows, or of
 * the members together that have it (METHOD N3, N10; services/need/country.h). */
#ifndef KF_TOOLS_EXPLAIN_COUNTRY_H
#define KF_TOOLS_EXPLAIN_COUNTRY_H

#include "tools/kf/explain_walk.h"

/* What there is a level of. Static data of the walkers. */
struct kf_explain_level {
    const char *measure;     /* of x_L/N_L */
    const char *figure;      /* of the members' x together */
    const char *inhabitants; /* of their inhabitants together */
    const char *unit;        /* of x_L/N_L */
    struct kf_explain_rule rule;
    kf_explain_of_member *of; /* x of a member, or of KF_EXPLAIN_COUNTRY; NULL or no value: none */
};

/* x_L/N_L. Panel, sector, indicator and variable of the key say what of; its member counts not. */
struct kf_explain_node *kf_explain_country_level(struct kf_explain_walk *walk,
                                                 const struct kf_explain_key *key,
                                                 const struct kf_explain_level *level);

/* True when number `member` is inhabited; the country always is. */
bool kf_explain_is_inhabited(const struct kf_panel *panel, size_t member);

/* A node whose sum is made member by member: of those that are inhabited and have `of`. */
struct kf_explain_node *kf_explain_members_together(struct kf_explain_walk *walk,
                                                    const struct kf_explain_key *key,
                                                    kf_explain_of_member *of);

#endif

/* People of the edition's age groups in the years that a panel carries (METHOD D1, D3, D7).
 *
 * Groups are sums of columns: observed ones through the last observed year, those of the edition's
 * projection after it. Each group is summed once a year; what was summed is kept for whoever asks
 * next. Pure: no I/O, no clock, no globals.
 */
#ifndef KF_NEED_DEMOGRAPHY_AGE_GROUP_H
#define KF_NEED_DEMOGRAPHY_AGE_GROUP_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* Whose word counts. */
enum kf_age_source {
    KF_AGE_OBSERVED = 1, /* figures of the population, also in years that the edition projects */
    KF_AGE_PROJECTED,    /* the projection as it was published; cells flagged `projected` */
    KF_AGE_COUNTED,      /* what demography rests on: observed through the last observed year, then
                            projected; the projection rebased where the edition says so */
};

/* The people of one year. All cells are missing where the panel carries no such year. */
struct kf_age_people {
    const struct kf_values *groups;      /* [demography.groups_len] */
    const struct kf_values *cost_groups; /* [demography.cost_groups_len] */
    const struct kf_values *whole;       /* everybody: the sum of the cost groups when these cover
                                            every single year of age, else the population column */
};

struct kf_age_years;

/* Nothing summed yet. `panel` and `arena` are borrowed and must outlive it; everything that is
 * asked for lives in `arena`. NULL when there is no memory. */
struct kf_age_years *kf_age_years_new(struct kf_panel *panel, struct kf_arena *arena);

/* The people of `year`. A rebased projection is, for each member,
 *     Σ_v P̂_v,t · P_c(v),T/P̂_c(v),T,   T = observed_through                     (METHOD D7)
 * over the projected variables v of the group, c(v) the cost group that v belongs to, and the group
 * itself where v belongs to none. Cost groups are disjoint: so groups that are made of them add up
 * with them, and they with everybody. At T a group of whole cost groups is what was observed; one
 * that splits a cost group is so only as nearly as the projection splits it. Where P̂_c,T is 0
 * there is nothing to scale: v stands as it is, flagged `inferred`. KF_ERR_MEMORY; KF_ERR_LIMIT
 * when more years are asked for than a panel can carry. */
enum kf_err kf_age_years_people(struct kf_age_years *self, int year, enum kf_age_source source,
                                struct kf_age_people *people, struct kf_error *err);

/* The cost group whose projection counts `variable`; cost_groups_len when none does. */
size_t kf_age_cost_group_of(const struct kf_demography *demography, const char *variable);

/* True when the cost groups hold everybody once: each age in one of them, with factor 1, and
 * nothing else. */
bool kf_age_groups_cover(const struct kf_demography *demography);

#endif

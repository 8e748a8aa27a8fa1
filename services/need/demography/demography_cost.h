/* What a changing population costs, at given rates (METHOD D3–D6). Pure. */
#ifndef KF_NEED_DEMOGRAPHY_DEMOGRAPHY_COST_H
#define KF_NEED_DEMOGRAPHY_DEMOGRAPHY_COST_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/demography/age_group.h"
#include "services/need/demography/rates.h"

/* Appends, P being the people of the cost groups,
 *     cost_million_kr             Σ_a r_as (P_a,t − P_a,t−1)/10⁶ of every service and group, of
 *                                 the services, of the groups and in all                   (D3, D4)
 *     cost_kr_per_capita          the same of the services and in all, over the population of t
 *     cost_since_base_million_kr  Σ_a r_as (P_a,t − P_a,base)/10⁶; negative before a base year
 *                                 that people and their cost grew towards
 *     need_index                  Σ_a r_as P_a,t / Σ_a r_as P_a,base, 1 in the base year       (D5)
 * For a projected year this is next year's table (D6). Groups add up to services, services to the
 * whole, exactly. Nobody in a group in the base year is a figure; a whole base of no cost has no
 * need index. A measure that no member has is left out: the first year there is has no cost.
 * KF_ERR_MEMORY, KF_ERR_LIMIT. */
enum kf_err kf_demography_cost_append(struct kf_panel *panel, struct kf_age_years *years,
                                      const struct kf_rates *rates, struct kf_arena *arena,
                                      struct kf_error *err);

#endif

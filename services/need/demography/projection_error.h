/* How wrong a projection turned out to be: it against the figures that came later. Pure. */
#ifndef KF_NEED_DEMOGRAPHY_PROJECTION_ERROR_H
#define KF_NEED_DEMOGRAPHY_PROJECTION_ERROR_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/demography/age_group.h"
#include "services/need/demography/rates.h"

/* Appends, in a year that the edition projects and that has observed figures, too,
 *     projection_error_percent  100·(P̂/P − 1) of every age group and of the whole population;
 *                               above 0: fewer came than were projected
 *     cost_error_million_kr     Σ_a r_as (P̂_a − P_a)/10⁶ of every service and in all
 * with P̂ as the edition counts it, rebased where it says so. Of the whole population only when the
 * cost groups cover all ages: the population column of such a year is the projection's. Nobody
 * observed: no percentage. KF_ERR_MEMORY, KF_ERR_LIMIT. */
enum kf_err kf_projection_error_append(struct kf_panel *panel, struct kf_age_years *years,
                                       const struct kf_rates *rates, struct kf_arena *arena,
                                       struct kf_error *err);

#endif

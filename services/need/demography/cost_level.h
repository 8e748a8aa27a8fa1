/* What people cost: Σ_a r_a P_a for each service and in all (METHOD D3–D5). Pure. */
#ifndef KF_NEED_DEMOGRAPHY_COST_LEVEL_H
#define KF_NEED_DEMOGRAPHY_COST_LEVEL_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/need/demography/age_group.h"
#include "services/need/demography/rates.h"

/* Kroner: [demography.sectors_len] services, and last all of them together. A member without people
 * or rate of one group has no cost. KF_ERR_MEMORY. */
enum kf_err kf_cost_level(const struct kf_panel *panel, const struct kf_rates *rates,
                          const struct kf_age_people *people, struct kf_arena *arena,
                          struct kf_values **level, struct kf_error *err);

/* Appends in million kr what `to` costs more than `from`, for each service and for the whole; the
 * services add up to the whole exactly. */
enum kf_err kf_cost_difference_append(struct kf_panel *panel, const struct kf_values *from,
                                      const struct kf_values *to, const char *measure,
                                      struct kf_arena *arena, struct kf_error *err);

#endif

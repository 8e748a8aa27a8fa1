/* The care-need index (METHOD D8; AK 3.3). Pure. */
#ifndef KF_NEED_DEMOGRAPHY_CARE_NEED_H
#define KF_NEED_DEMOGRAPHY_CARE_NEED_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/demography/age_group.h"

/* Appends care_need_index of the whole,
 *     100·Σ_a v_a P_a,t/P_a,base / Σ_a v_a
 * over the age groups that have a care weight: 100 in the base year. A member without anybody of
 * such a group in the base year has none. Nothing when no group has a weight. */
enum kf_err kf_care_need_append(struct kf_panel *panel, struct kf_age_years *years,
                                struct kf_arena *arena, struct kf_error *err);

#endif

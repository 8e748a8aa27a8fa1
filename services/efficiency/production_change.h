/* Growth of production since the year before (METHOD T1, T4). Pure. */
#ifndef KF_EFFICIENCY_PRODUCTION_CHANGE_H
#define KF_EFFICIENCY_PRODUCTION_CHANGE_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/column.h"

/* Two forms that are never mixed. */
enum kf_production_form {
    KF_PRODUCTION_FOR_NEED = 1, /* SØF's: indicators as the edition has them, per target group */
    KF_PRODUCTION_PER_CAPITA, /* the KS articles': what is per target group is taken per inhabitant,
                                 so that growth in need can be compared with it */
};

/* True for what the KS form takes per inhabitant: quantities per need-corrected population, and
 * those per a sum of variables, which is their target group. A quality, as rooms per place, stays
 * as it is. */
bool kf_production_is_per_target_group(const struct kf_indicator *indicator);

/* Σ_i w_i·x_it/x_i,t−1 of one sector's indicators (METHOD T1). w are the shares of the sector in
 * topic statistics, divided by their sum; x the raw value before anything is filled, the corrected
 * one where the indicator has a correction. An indicator that is missing in either year, or not
 * above zero the year before, counts with 1, and the member is flagged incomplete; a member without
 * any ratio has none. No cells (`values` NULL) when the sector has no indicators. KF_ERR_INTERNAL
 * when the panel carries no weights. */
enum kf_err kf_production_change(const struct kf_panel *panel, const struct kf_sector *sector,
                                 enum kf_production_form form, struct kf_values *ratios,
                                 struct kf_error *err);

/* Σ_s b_s P_s over the sectors that produce, `ratios` [sectors_len] in the edition's order, b the
 * shares of the total in topic statistics; a sector without a ratio counts with 1 and flags the
 * member incomplete. No cells when a sector that produces has none, or none produces, or the total
 * is a published one and the sectors have no weights. */
enum kf_err kf_production_change_total(const struct kf_panel *panel, const struct kf_values *ratios,
                                       struct kf_values *total, struct kf_error *err);

#endif

/* Time with the user, of the time that there is (METHOD U7). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_USER_TIME_H
#define KF_EFFICIENCY_UNIT_COST_USER_TIME_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/unit_cost/cost_group.h"

/* Appends, about every kind of time under KF_SECTOR_USER_TIME that some member has figures of,
 *     user_time_share                approved/available hours; missing unless some are available
 *     user_time_beyond_norm_percent  100·(share − norm), percentage points, where there is a norm
 * and of the group: user_time_norm. AK's norms are 60 % ambulatory and 80 % in homes.
 * KF_ERR_DATA with findings for hours below 0; KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_user_times_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                 struct kf_error *err);

#endif

/* Growth of need since the year before (METHOD N11). Pure. */
#ifndef KF_EFFICIENCY_NEED_CHANGE_H
#define KF_EFFICIENCY_NEED_CHANGE_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/column.h"
#include "services/efficiency/scope.h"

/* K_t/K_t−1 of the scope's need index: need per inhabitant relative to the country. A member
 * without need in one of the years has no ratio. No cells (`values` NULL) when need was not
 * computed for one of the years. */
enum kf_err kf_need_change(const struct kf_panel *panel, const struct kf_scope *scope,
                           struct kf_values *ratios, struct kf_error *err);

#endif

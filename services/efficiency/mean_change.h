/* How much changes amount to in the group (METHOD T6). Pure. */
#ifndef KF_EFFICIENCY_MEAN_CHANGE_H
#define KF_EFFICIENCY_MEAN_CHANGE_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* Appends, for the changes of production, expenditure and efficiency of `sector` (its id or one of
 * the wholes) that were appended before, the unweighted mean of their absolute values over the
 * members that have one, in percent, as rows of the group. */
enum kf_err kf_mean_changes_append(struct kf_panel *panel, const char *sector,
                                   struct kf_error *err);

#endif

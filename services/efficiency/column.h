/* Columns of the efficiency topic: appending one, and bringing one to scale when some members have
 * no value. Pure. */
#ifndef KF_EFFICIENCY_COLUMN_H
#define KF_EFFICIENCY_COLUMN_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* Appends a measure about the whole (sector "total") and gives its cells to fill in; they stay
 * where they are when more is appended. */
enum kf_err kf_efficiency_column(struct kf_panel *panel, const char *measure,
                                 struct kf_result *column, struct kf_error *err);

/* How a value is read: kf_wide_from for computed numbers, kf_wide_from_figure for published ones.
 */
typedef struct kf_wide kf_widen(double value);

/* Multiplies the column's values so that their population-weighted mean over the members that have
 * one is the edition's scale (METHOD A1 form, used by E1 and E2). A column without any value stays
 * as it is. KF_ERR_DATA with a finding when the mean is not above zero. */
enum kf_err kf_efficiency_scale(const struct kf_panel *panel, kf_widen *widen,
                                struct kf_result *column, struct kf_findings *findings,
                                struct kf_error *err);

#endif

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

/* Fills the column with `values` [members_len], multiplied so that their population-weighted mean
 * over the members that the column's status says to have one is the edition's scale (METHOD A1
 * form, used by E1 and E2); rounded once to double. A column without any value stays as it is.
 * KF_ERR_DATA with a finding when the mean is not above zero. */
enum kf_err kf_efficiency_scale(const struct kf_panel *panel, const struct kf_wide *values,
                                struct kf_result *column, struct kf_findings *findings,
                                struct kf_error *err);

/* Room for a value of each member, zeroed, in the panel's arena; NULL when there is no memory. */
struct kf_wide *kf_efficiency_room(const struct kf_panel *panel);

#endif

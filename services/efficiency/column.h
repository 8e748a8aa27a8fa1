/* Columns of the efficiency topic: unrounded values, appending a measure, bringing it to scale when
 * some members have no value. Pure. */
#ifndef KF_EFFICIENCY_COLUMN_H
#define KF_EFFICIENCY_COLUMN_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* Divides each member's value by that of `divisor`. A member whose divisor is missing or not above
 * zero has no value; flags of both stay. The country's value is left alone. */
void kf_efficiency_divide(struct kf_values *values, const struct kf_values *divisor);

/* Inhabitants of each member and of the country; a member without a positive population has none
 * (the year before may lack some). KF_ERR_MEMORY. */
enum kf_err kf_efficiency_population(const struct kf_panel *panel, struct kf_values *values,
                                     struct kf_error *err);

/* Appends a measure about `sector` (a sector's id or one of the wholes) and gives its cells to fill
 * in; they stay where they are when more is appended. */
enum kf_err kf_efficiency_column(struct kf_panel *panel, const char *sector, const char *measure,
                                 struct kf_result *column, struct kf_error *err);

/* Appends one cell for the whole group, to be filled in. */
enum kf_err kf_efficiency_group_cell(struct kf_panel *panel, const char *sector,
                                     const char *measure, struct kf_result *cell,
                                     struct kf_error *err);

/* Fills the column with `values`, multiplied so that the population-weighted mean of the members
 * that have a value is the edition's scale (METHOD A1 form, used by E1 and E2); rounded once to
 * double. A column without any value stays as it is. KF_ERR_DATA with a finding when the mean is
 * not above zero. */
enum kf_err kf_efficiency_scale(const struct kf_panel *panel, const struct kf_values *values,
                                struct kf_result *column, struct kf_findings *findings,
                                struct kf_error *err);

/* As kf_efficiency_scale, with the country's value at the scale instead of the group's mean.
 * KF_ERR_DATA with a finding when members have values and the country has none above zero. */
enum kf_err kf_efficiency_scale_to_country(const struct kf_panel *panel,
                                           const struct kf_values *values, struct kf_result *column,
                                           struct kf_findings *findings, struct kf_error *err);

#endif

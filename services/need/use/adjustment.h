/* Adjustments of expenditure and need: what an adjustment comes to in kroner (METHOD R2–R6). Pure.
 */
#ifndef KF_NEED_USE_ADJUSTMENT_H
#define KF_NEED_USE_ADJUSTMENT_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* True when the panel has a column of any of its variables; without one it is left out. */
bool kf_adjustment_has_figures(const struct kf_panel *panel,
                               const struct kf_adjustment *adjustment);

/* True when the adjustment concerns the municipality with the code `member`. */
bool kf_adjustment_concerns(const struct kf_adjustment *adjustment, const char *member);

/* What is added to the expenditure, or the need, of each member, in kr, into `amount` in `arena`:
 *     an amount            Σ factor·figure
 *     payroll costs (R2)   p·wages − payroll costs, p = ΣL payroll costs/ΣL wages of the country:
 *                          employer tax and pension as a common percentage of wages
 * 0 for members that the adjustment does not concern. A member without one of the figures has no
 * amount. The country's cell is filled where its own rows are the country: by the members that the
 * adjustment concerns when all of them are in the panel and report, otherwise by the country's
 * rows. KF_ERR_DATA with a finding when it can be filled by neither, and when wages are reported
 * but do not sum to more than zero. KF_ERR_MEMORY. */
enum kf_err kf_adjustment_amount(const struct kf_panel *panel,
                                 const struct kf_adjustment *adjustment, struct kf_arena *arena,
                                 struct kf_values *amount, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

/* The expenditure index (METHOD E1). Pure. */
#ifndef KF_EFFICIENCY_EXPENDITURE_H
#define KF_EFFICIENCY_EXPENDITURE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* Corrected expenditure of each member before it is brought to scale: the published index where the
 * edition names one, otherwise
 *
 *     (gross − Σ minus − payroll costs + p·wages) / N_k / K_k,   p = Σ_G payroll costs / Σ_G wages
 *
 * in the unit of the accounts per inhabitant; payroll costs are employer tax and pension, replaced
 * by the group's common percentage of wages; K_k, the total need index, only when the edition says
 * so. A member without one of the figures gets a missing cell. `values` and `status` hold
 * [members_len]. KF_ERR_DATA with a finding when the common percentage or the need index cannot be
 * had. */
enum kf_err kf_expenditure_corrected(const struct kf_panel *panel, struct kf_wide *values,
                                     uint8_t *status, struct kf_findings *findings,
                                     struct kf_error *err);

/* Appends expenditure_index under sector "total": corrected expenditure with the
 * population-weighted mean of the members that have it at the edition's scale. KF_ERR_DATA with a
 * finding when that mean is not above zero. Nothing is appended when the edition names no
 * expenditure. */
enum kf_err kf_expenditure_append(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err);

#endif

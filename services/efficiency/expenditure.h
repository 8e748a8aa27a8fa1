/* The expenditure index (METHOD E1). Pure. */
#ifndef KF_EFFICIENCY_EXPENDITURE_H
#define KF_EFFICIENCY_EXPENDITURE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "services/efficiency/column.h"
#include "services/efficiency/scope.h"

/* The variable of the published index of the scope, "" when it has none. Administration adds
 * accounts to the whole; to a published index nothing can be added. */
const char *kf_expenditure_given(const struct kf_edition *edition, const struct kf_scope *scope);

/* Corrected expenditure of each member before it is brought to scale: the published index where the
 * edition names one for the scope, otherwise
 *
 *     (gross − Σ minus − payroll costs + p·wages) / N_k / K_k,   p = Σ_G payroll costs / Σ_G wages
 *
 * in the unit of the accounts per inhabitant; payroll costs are employer tax and pension, replaced
 * by the group's common percentage of wages (kf_accounts_of says whose accounts and how they are
 * summed). K_k, the need index of the scope, only when the edition says so. The country's cell is
 * the same for the country, its need index being 1. A member without one of the figures gets a
 * missing cell. `found` is false when the edition names no expenditure for the scope. KF_ERR_DATA
 * with a finding when the common percentage or the need index cannot be had. */
enum kf_err kf_expenditure_corrected(const struct kf_panel *panel, const struct kf_scope *scope,
                                     struct kf_values *cells, bool *found,
                                     struct kf_findings *findings, struct kf_error *err);

/* Appends expenditure_index for each sector that has expenditure, the whole, and the whole with
 * administration (METHOD E4): corrected expenditure with the population-weighted mean of the
 * members that have it at the edition's scale. When the edition compares with the country, the
 * country's own corrected expenditure is the scale instead, as it is for production; a published
 * index keeps the mean of the group. KF_ERR_DATA with a finding when that mean is not above zero or
 * the country lacks accounts. */
enum kf_err kf_expenditure_append(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err);

#endif

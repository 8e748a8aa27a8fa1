/* Growth of expenditure since the year before (METHOD T2). Pure. */
#ifndef KF_EFFICIENCY_EXPENDITURE_CHANGE_H
#define KF_EFFICIENCY_EXPENDITURE_CHANGE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "services/efficiency/column.h"
#include "services/efficiency/scope.h"

/* At fixed prices, per inhabitant, with need per inhabitant held constant:
 *
 *     (E_t/N_t/K_t) / (Σ_s (1 + d_s)·E_s,t−1/N_t−1/K_t−1)
 *
 * E are corrected amounts (kf_accounts_amounts), each year with its own common percentage of wages,
 * before they are brought to scale; d_s is each account's own deflator (T5); K the need index of
 * the scope whenever the edition has a cost key for it, whether or not E1 divides by it. A member
 * without one of the figures in one of the years, or whose amount the year before is not above
 * zero, has no ratio. No cells (`values` NULL) when the edition names no accounts for the scope (a
 * published index is relative to its own year and has no growth). KF_ERR_DATA with a finding as
 * from kf_deflator_factor and kf_accounts_amounts. */
enum kf_err kf_expenditure_change(const struct kf_panel *panel, const struct kf_scope *scope,
                                  struct kf_values *ratios, struct kf_findings *findings,
                                  struct kf_error *err);

#endif

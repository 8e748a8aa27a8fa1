/* The efficiency stage: production against expenditure. */
#ifndef KF_EFFICIENCY_EFFICIENCY_H
#define KF_EFFICIENCY_EFFICIENCY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_efficiency_stage;

/* Appends topic efficiency: expenditure_index (METHOD E1); efficiency (E2) and, in the form of the
 * KS articles, efficiency_percent (E3); the changes since the year before (T3). A panel whose
 * edition names no expenditure and no changes passes unchanged. */
enum kf_err kf_efficiency_compute(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err);

/* Appends under sector "total" for every member with an expenditure index above zero:
 *     efficiency          scale·r_k/(ΣN r/ΣN), r_k = T_k/E_k       (E2)
 *     efficiency_percent  (T_k/E_k − 1)·100                        (E3)
 * Nothing when the panel has no expenditure index. */
enum kf_err kf_efficiency_append(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

/* The efficiency stage: production against expenditure. */
#ifndef KF_EFFICIENCY_EFFICIENCY_H
#define KF_EFFICIENCY_EFFICIENCY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_efficiency_stage;

/* Appends topic efficiency: expenditure_index (METHOD E1); efficiency (E2) and, in the form of the
 * KS articles, efficiency_percent (E3); the changes since the year before (T1–T6, N11). A panel
 * whose edition names no expenditure and no changes passes unchanged. */
enum kf_err kf_efficiency_compute(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err);

/* Appends for each sector and each whole, for every member with an expenditure index above zero and
 * a production index:
 *     efficiency          scale·r_k/(ΣN r/ΣN), r_k = T_k/E_k       (E2)
 *     efficiency_percent  (T_k/E_k − 1)·100                        (E3)
 * T_k is the index of the sector; of both wholes it is the total index: administration produces
 * nothing (E4). Nothing where there is no expenditure index or no production index. */
enum kf_err kf_efficiency_append(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

/* The aggregate stage: from normalised indicators to sub-indices and the production index. */
#ifndef KF_AGGREGATE_AGGREGATE_H
#define KF_AGGREGATE_AGGREGATE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_aggregate_stage;

/* Appends the weights (METHOD W1–W8), topic index and the contributions (A2, A4–A7, A9), and the
 * descriptives of every index column (S1); weights and descriptives under topic statistics. Sectors
 * that produce nothing are skipped. KF_ERR_DATA with findings when weights cannot be derived, a
 * published index cannot be renormalised, nobody reports anything of a sector, or the panel has
 * been aggregated already. */
enum kf_err kf_aggregate_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

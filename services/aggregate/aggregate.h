/* The aggregate stage: from normalised indicators to sub-indices and the production index. */
#ifndef KF_AGGREGATE_AGGREGATE_H
#define KF_AGGREGATE_AGGREGATE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_aggregate_stage;

/* Appends topic index and the contributions (METHOD A2, A4, A5, A7), and the descriptives of every
 * index column (METHOD S1) under topic statistics. */
enum kf_err kf_aggregate_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

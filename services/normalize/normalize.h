/* The normalize stage: brings every indicator to the scale of the edition. */
#ifndef KF_NORMALIZE_NORMALIZE_H
#define KF_NORMALIZE_NORMALIZE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_normalize_stage;

/* Appends, for each indicator of the edition: raw and normalized (METHOD A1–A3) under topic
 * indicator, and the descriptives of the normalised column (METHOD S1) under topic statistics. */
enum kf_err kf_normalize_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

/* The computing stages in the order of the pipeline, in one process: the same pure functions that
 * the services run. */
#ifndef KF_TOOLS_PIPELINE_H
#define KF_TOOLS_PIPELINE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Runs need, normalize, aggregate and efficiency over the panel. Stops at the first that refuses;
 * `findings` then say why. */
enum kf_err kf_pipeline_compute(struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_error *err);

#endif

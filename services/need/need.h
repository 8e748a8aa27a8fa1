/* The need stage: adds what each municipality needs to a panel whose edition has cost keys. */
#ifndef KF_NEED_NEED_H
#define KF_NEED_NEED_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_need_stage;

/* Appends topic need (METHOD N2–N4, N7–N9), to the panel and, without drivers, to those of earlier
 * years behind it. A panel without figures for criteria passes unchanged. KF_ERR_DATA with findings
 * when figures are there but the country's, or some criteria's, are not. */
enum kf_err kf_need_compute(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err);

#endif

/* Demography: the people of age groups, how many there will be, what that costs (METHOD D1–D9).
 * Pure: no I/O, no clock, no globals. */
#ifndef KF_NEED_DEMOGRAPHY_H
#define KF_NEED_DEMOGRAPHY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends topic demography to the panel: population and growth, demography cost, care need, rates,
 * errors of projections, each where the panel carries the figures (services/need/README.md). A
 * panel whose edition has no demography passes unchanged. KF_ERR_DATA with findings when rates
 * cannot be derived; KF_ERR_MEMORY, KF_ERR_LIMIT. */
enum kf_err kf_demography_append(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

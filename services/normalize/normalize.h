/* The normalize stage: brings every indicator to the scale of the edition. */
#ifndef KF_NORMALIZE_NORMALIZE_H
#define KF_NORMALIZE_NORMALIZE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/service/stage.h"

extern const struct kf_stage kf_normalize_stage;

/* Appends, under topic indicator, for each indicator of the edition:
 *     raw         what was reported, in the indicator's unit (METHOD I1–I10)
 *     corrected   for what pupils bring along, when the indicator has a correction (I4)
 *     normalized  at the edition's scale, with what was missing filled in (A1–A3, A8)
 * and under topic statistics the descriptives of the normalised column (S1) and the regressions of
 * the edition's corrections. The panels of earlier years get raw and corrected alone.
 *
 * All faults of all indicators are told at once (KF_ERR_DATA): one without any value, a mean that
 * is not above zero, a figure for the country that is needed and missing, a regression that cannot
 * be estimated. In an earlier year nothing need be there; only a regression that has figures and
 * cannot be estimated is a fault. */
enum kf_err kf_normalize_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err);

#endif

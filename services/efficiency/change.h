/* Change since the year before: published ones (METHOD T3), or computed ones. Pure. */
#ifndef KF_EFFICIENCY_CHANGE_H
#define KF_EFFICIENCY_CHANGE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* (part/whole − 1)·100 percent, rounded once: METHOD T3 for production and expenditure relative to
 * the year before, E3 for the indices. `whole` must not be zero. */
double kf_percent_above(struct kf_wide part, struct kf_wide whole);

/* Appends under sector "total", from the published changes that the edition names:
 *     production_change_percent, expenditure_change_percent   (index/base − 1)·100
 *     efficiency_change_percent                               T3
 * or what computed_change.h says when the edition computes them. Nothing is appended when the
 * edition does neither. */
enum kf_err kf_change_append(struct kf_panel *panel, struct kf_findings *findings,
                             struct kf_error *err);

#endif

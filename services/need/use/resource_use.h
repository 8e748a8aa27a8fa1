/* Resource use of a panel whose need is computed (METHOD R1–R13, N10). Pure. */
#ifndef KF_NEED_USE_RESOURCE_USE_H
#define KF_NEED_USE_RESOURCE_USE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends topic resource-use, and need_kr_per_capita to topic need: of each sector with resources
 * that some member has figures of (sector_use.h, deviation.h), of need over the sectors inside the
 * income system together under "total", of the sums and uses (income.h); and the changes since the
 * year before, computed in the same way from `panel->previous`, to which nothing is appended. That
 * year's need must be there already. Nothing when no sector has figures.
 *
 * KF_ERR_DATA with findings: the country's inhabitants are given and its figure is not; they are
 * given in one of the two years only; wages that sum to nothing. */
enum kf_err kf_resource_use_append(struct kf_panel *panel, struct kf_findings *findings,
                                   struct kf_error *err);

#endif

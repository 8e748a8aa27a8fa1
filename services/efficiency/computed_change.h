/* Changes since the year before, computed from a panel that carries that year (METHOD T1–T6, N11).
 * Pure.
 *
 * Two forms stand side by side and are never mixed. SØF's production is measured per target group,
 * so its growth is already beyond need; it is set against expenditure (T3). The KS articles measure
 * production per inhabitant and take the growth of need off it, in percentage points (T4).
 */
#ifndef KF_EFFICIENCY_COMPUTED_CHANGE_H
#define KF_EFFICIENCY_COMPUTED_CHANGE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* Growth beyond need in percentage points, 100·(production − need), from ratios to the year before
 * (METHOD T4). Need that falls adds to it. */
struct kf_wide kf_beyond_need_points(struct kf_wide production, struct kf_wide need);

/* Appends for each sector and each whole what its figures allow, in percent:
 *     production_change_percent              T1, SØF's form
 *     expenditure_change_percent             T2
 *     efficiency_change_percent              T3: (1 + T1)/(1 + T2) − 1
 *     need_change_percent                    N11
 *     production_per_capita_change_percent   KS form
 *     production_beyond_need_percent         T4: the former minus N11, percentage points
 * and as the group's: deflator_percent (T5, see deflator.h) and, of the first three,
 * *_change_mean_absolute, the unweighted mean of the members' |change| (T6). Both wholes have the
 * same production (E4). Nothing when the panel has no year before; KF_ERR_DATA when
 * that has other members. Errors as from what is computed. */
enum kf_err kf_computed_change_append(struct kf_panel *panel, struct kf_findings *findings,
                                      struct kf_error *err);

#endif

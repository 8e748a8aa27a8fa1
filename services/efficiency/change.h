/* Change since the year before (METHOD T3). Pure. */
#ifndef KF_EFFICIENCY_CHANGE_H
#define KF_EFFICIENCY_CHANGE_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* T3: (P/E − 1)·100 percent, for production and expenditure as ratios to the year before. */
double kf_efficiency_change_percent(double production_ratio, double expenditure_ratio);

/* Appends under sector "total", from the published changes that the edition names:
 *     production_change_percent, expenditure_change_percent   (index/base − 1)·100
 *     efficiency_change_percent                               T3
 * Nothing is appended when the edition names none. */
enum kf_err kf_change_append(struct kf_panel *panel, struct kf_error *err);

#endif

/* Weights of a computed panel: given by the edition or derived, as the aggregate stage appended
 * them (METHOD W1–W8). */
#ifndef KF_MODEL_WEIGHT_H
#define KF_MODEL_WEIGHT_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* The indicator's share of its sector; with `indicator` "" the sector's share of the total. There
 * is none for sectors whose total is published. KF_ERR_INTERNAL when the panel carries no such
 * weight: a stage before has not done its work. */
enum kf_err kf_panel_weight(const struct kf_panel *panel, const char *sector, const char *indicator,
                            double *weight, struct kf_error *err);

#endif

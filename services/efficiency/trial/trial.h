/* A trial with state funding of care: grants against the deduction, resource-intensive users, and
 * what the municipality gains by demography, by those users and by its unit costs (METHOD G1–G8),
 * as results of topic unit-cost. */
#ifndef KF_EFFICIENCY_TRIAL_TRIAL_H
#define KF_EFFICIENCY_TRIAL_TRIAL_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends what the edition has of it and the panel has figures for, after kf_unit_cost_append;
 * nothing without. Findings and KF_ERR_DATA for figures that make no sense together. */
enum kf_err kf_trial_append(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err);

#endif

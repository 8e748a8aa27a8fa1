/* Unit costs, what they cost against national rates, institutions, time with users and growth
 * (METHOD U1–U7, G8), as results of topic unit-cost. */
#ifndef KF_EFFICIENCY_UNIT_COST_UNIT_COST_H
#define KF_EFFICIENCY_UNIT_COST_UNIT_COST_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends what the edition has of them and the panel has figures for; nothing without: cost groups
 * and their services (cost_group.h), each service over all groups (service_sum.h), all groups
 * (services.h), institutions (institution.h), time with users (user_time.h), growth (growth.h).
 * Needs no population. A faulty part does not hide the next: KF_ERR_DATA with a finding for every
 * quantity below 0. */
enum kf_err kf_unit_cost_append(struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_error *err);

#endif

/* What a municipality gains by the trial in all: demography, costly users and unit costs (METHOD
 * G8). Pure. */
#ifndef KF_EFFICIENCY_TRIAL_TOTAL_GAIN_H
#define KF_EFFICIENCY_TRIAL_TOTAL_GAIN_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"

/* Appends about KF_SECTOR_TOTAL, each unless no member has a value:
 *     gain_million_kr             the gains about KF_SECTOR_DEMOGRAPHY,
 * KF_SECTOR_RESOURCE_INTENSIVE and KF_SECTOR_SERVICES, of those that the edition has: their
 * exact sum. Where one is missing, the published total stands in
 *     published_gain_million_kr   beside it
 * Nothing for an edition whose trial has neither a gain of its own nor a published one: unit costs
 * alone have no total. To be called when the parts are appended. KF_ERR_MEMORY, and as
 * kf_panel_append. */
enum kf_err kf_total_gain_append(struct kf_panel *panel, struct kf_arena *arena,
                                 struct kf_error *err);

#endif

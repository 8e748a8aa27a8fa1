/* What the state pays for what was decided, and what it deducts from the block grant for it
 * (METHOD G1). Pure.
 *
 *     grant = Σ its parts: decision + lump sum + income supplement
 *     gain  = grant − deduction
 *
 * Million kr (unit_cost/million.h): both hold exactly. */
#ifndef KF_EFFICIENCY_TRIAL_GRANT_H
#define KF_EFFICIENCY_TRIAL_GRANT_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"

/* Appends about KF_SECTOR_GRANTS, each unless no member has a value:
 *     grant_million_kr            each part, and without an indicator their sum; where the sum
 *                                 lacks a part, the published one stands in
 *     published_grant_million_kr  the sum as published
 *     deduction_million_kr
 *     gain_million_kr             where there is a grant and a deduction
 * KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_grant_append(struct kf_panel *panel, struct kf_arena *arena, struct kf_error *err);

#endif

/* Weights of indicators and sectors: given by the edition, or derived by rule (METHOD W1–W8). Pure.
 *
 * A weighting is a tree. The weight of a part among its siblings is its written share (W2, W5), the
 * group's sum of an amount of expenditure, days or hours (W1, W4, W6, W7), or the same for each
 * (W3); siblings are rescaled to 1. The weight of an item is the product down the tree, in
 * double-double, closed to some decimals where the edition asks for it (W8). Source of the rules:
 * SØF-rapport 06/11, chapter 2.
 *
 * Amounts that stand side by side are summed over the members that have all of them, so that a
 * figure that one member lacks does not skew the shares of the others; the weights below are then
 * incomplete. A country's term counts once for each member that counts.
 */
#ifndef KF_AGGREGATE_WEIGHT_H
#define KF_AGGREGATE_WEIGHT_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* Whose amounts the parts right below part `parent` are weighed by: in `together`, made in `arena`,
 * a member has a value when it has all of their amounts. No amounts: everybody. KF_ERR_MEMORY. */
enum kf_err kf_weight_members(const struct kf_panel *panel, const struct kf_weighting *weighting,
                              size_t parent, struct kf_arena *arena, struct kf_values *together,
                              struct kf_error *err);

/* Appends statistics/weight as group rows for every sector that produces: (sector, indicator) the
 * share of the sector, (sector, "") the sector's share of the total; given or derived. All that is
 * weighted takes its weight from here. A weight that rests on amounts which some member lacks is
 * flagged incomplete. An edition whose total is published needs no weights of sectors: then there
 * are no such rows.
 *
 * KF_ERR_DATA with findings that name sector, part, variable and remedy, all at once, for amounts
 * that no member has (alone, or together with those beside it) or whose sum is not above zero, and
 * for items that rounding leaves nothing of. */
enum kf_err kf_weights_append(struct kf_panel *panel, struct kf_findings *findings,
                              struct kf_error *err);

#endif

/* All cost groups together: what a municipality gains or loses against the grants (METHOD U3).
 * Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_SERVICES_H
#define KF_EFFICIENCY_UNIT_COST_SERVICES_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/unit_cost/cost_group.h"

/* Sums over the groups computed so far: of each member those that it has net expenditure and a
 * grant of. */
struct kf_services_sum {
    struct kf_balance balance;
    struct kf_values reliable; /* gain of the groups that are not preliminary */
    bool *lacks;               /* [members] a group has only one of the two */
    bool preliminary;          /* some member has a group whose net or grant is preliminary */
};

/* Nothing summed, in `place->arena`. KF_ERR_MEMORY. */
enum kf_err kf_services_sum_new(const struct kf_unit_place *place, struct kf_services_sum *self,
                                struct kf_error *err);

/* Adds a group. */
void kf_services_sum_add(const struct kf_balance *group, struct kf_services_sum *self);

/* Appends, about KF_SECTOR_SERVICES as a whole, in million kr,
 *     net_expenditure_million_kr, grant_million_kr, gain_million_kr, gain_percent, ratio
 *     gain_without_preliminary_million_kr  the gain without the groups whose net expenditure or
 *                                          grant is preliminary, when some member has one; missing
 *                                          where no group is left
 *     published_gain_million_kr            as the edition's `gain` says; stands in where nothing
 *                                          is computed (published.h)
 * Gains of groups add up to the gain exactly. A member is flagged `incomplete` when it has a group
 * with net expenditure or a grant only. KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_services_sum_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                   struct kf_services_sum *self, struct kf_error *err);

#endif

/* A service over all cost groups that deliver it, and over the members (METHOD U1–U4). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_SERVICE_SUM_H
#define KF_EFFICIENCY_UNIT_COST_SERVICE_SUM_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/efficiency/unit_cost/cost_group.h"

/* Sums of one service over the groups computed so far. */
struct kf_service_sum {
    bool delivered;              /* by a group; the sums exist */
    struct kf_values quantities; /* Σq */
    struct kf_values costed;     /* Σq of the groups where c is known … */
    struct kf_values spent;      /* … and Σ c·q there, kr */
    bool *lacks_quantity;        /* [members] something is left out of Σq … */
    bool *lacks_cost;            /* … and of the others */
};

struct kf_service_sums {
    struct kf_service_sum *list; /* one for each service of the edition, in its order */
};

/* Nothing summed, in `place->arena`. KF_ERR_MEMORY. */
enum kf_err kf_service_sums_new(const struct kf_unit_place *place, struct kf_service_sums *self,
                                struct kf_error *err);

/* Adds what a group delivers. A member's sums are `incomplete` when it has the group, by its
 * accounts or a grant, and a quantity there is missing or suppressed; its costs also when c is not
 * known of what it delivers there. KF_ERR_MEMORY. */
enum kf_err kf_service_sums_add(const struct kf_unit_place *place,
                                const struct kf_group_costs *group, struct kf_service_sums *self,
                                struct kf_error *err);

/* Appends, about every service of KF_SECTOR_SERVICES that some member has figures of,
 *     quantity             Σq
 *     unit_cost_kr         Σ c·q/Σq over the member's groups
 *     unit_cost_others_kr  the same of all other members together, own excluded; missing when
 *                          nobody else has one
 *     deviation_kr         P − the unit cost, before rounding                         (U4)
 * and of the group: rate_kr, P; unit_cost_kr of all members together, unless there is only one.
 * `place->panel` is `panel`. KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_service_sums_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                   const struct kf_service_sums *self, struct kf_error *err);

#endif

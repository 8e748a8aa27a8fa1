/* A cost group: what its services cost and what is granted for them (METHOD U1–U4). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_COST_GROUP_H
#define KF_EFFICIENCY_UNIT_COST_COST_GROUP_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/efficiency/unit_cost/balance.h"
#include "services/efficiency/unit_cost/rate.h"

/* A service as the members deliver it in one group. */
struct kf_delivery_costs {
    const struct kf_rate *rate;
    struct kf_values quantity;  /* hours or days */
    struct kf_values unit_cost; /* c, kr (weighting.h) */
    struct kf_values grant;     /* P·q, million kr */
};

struct kf_group_costs {
    const struct kf_cost_group *group;
    struct kf_delivery_costs *deliveries; /* [group->deliveries_len], in its order */
    struct kf_values calculated;          /* Σ P·q of its services, million kr */
    struct kf_balance balance; /* its grant is the given one of the members that have it, of the
                                  others the calculated one */
};

/* What a computation of unit costs needs. */
struct kf_unit_place {
    const struct kf_panel *panel;
    struct kf_arena *arena; /* scratch */
    struct kf_findings *findings;
    const struct kf_rate *rates; /* of all services, in the edition's order */
};

/* Computes a group of all members, in `place->arena`. KF_ERR_DATA with findings: quantities below
 * 0; a service that the edition does not know. KF_ERR_MEMORY. */
enum kf_err kf_group_costs_compute(const struct kf_unit_place *place,
                                   const struct kf_cost_group *group, struct kf_group_costs *self,
                                   struct kf_error *err);

/* Appends, each unless no member has a value,
 * of every service of the group:
 *     quantity, unit_cost_kr                                                          (U1, U2)
 *     deviation_kr                 P − c, differenced before rounding                 (U4)
 *     calculated_grant_million_kr  P·q
 * of the group:
 *     net_expenditure_million_kr, grant_million_kr, gain_million_kr, gain_percent, ratio     (U3)
 *     calculated_grant_million_kr
 * KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_group_costs_append(struct kf_panel *panel, const struct kf_group_costs *self,
                                  struct kf_arena *arena, struct kf_error *err);

/* P − c of every member that has c, kr, unrounded; without a rate nobody has one (METHOD U4). */
void kf_deviation_fill(const struct kf_rate *rate, const struct kf_values *unit_cost,
                       struct kf_values *deviation);

#endif

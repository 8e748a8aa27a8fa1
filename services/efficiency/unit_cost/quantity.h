/* Quantities: hours and days, of which nobody has fewer than none. Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_QUANTITY_H
#define KF_EFFICIENCY_UNIT_COST_QUANTITY_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* A quantity that the edition asks for, and what it is of, for a finding. */
struct kf_quantity {
    const struct kf_terms *terms;
    const char *sector;    /* a cost group, or one of topic.h */
    const char *indicator; /* a service, a kind of time, or "" */
};

/* The sum of the members, into `values` in `arena`. KF_ERR_DATA with a finding for every member
 * whose sum is below 0; KF_ERR_MEMORY. */
enum kf_err kf_quantity_of(const struct kf_panel *panel, const struct kf_quantity *quantity,
                           struct kf_arena *arena, struct kf_values *values,
                           struct kf_findings *findings, struct kf_error *err);

#endif

/* Sums over what a member has: one that has nothing has no sum, one that lacks a part is
 * `incomplete`. Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_PARTIAL_SUM_H
#define KF_EFFICIENCY_UNIT_COST_PARTIAL_SUM_H

#include <stdbool.h>

#include "common/model/values.h"

/* Adds a value of a cell with `status`, which has one, to number `k`; it may be the first. */
void kf_partial_sum_add(struct kf_values *self, size_t k, struct kf_wide value, uint8_t status);

/* Marks the sums of the members that lack a part as incomplete; `lacks` [members]. */
void kf_partial_sum_flag(struct kf_values *self, const bool *lacks);

#endif

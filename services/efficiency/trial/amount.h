/* Amounts of the members of a panel, taken together. Pure. */
#ifndef KF_EFFICIENCY_TRIAL_AMOUNT_H
#define KF_EFFICIENCY_TRIAL_AMOUNT_H

#include <stdint.h>

#include "common/model/values.h"

/* Million kr with their decimals (unit_cost/million.h). */
struct kf_wide kf_amount_decimals(struct kf_wide million);

/* Adds `other` times `sign`, 1 or −1, member by member: of decimals exactly. Flags of
 * both stay; where one has no value the sum has none either (common/model/values.h). The country's
 * is left alone. */
void kf_amount_add(struct kf_values *self, const struct kf_values *other, int sign);

/* Gives members without a value that of `other`, with its status. */
void kf_amount_fill(struct kf_values *self, const struct kf_values *other);

/* Marks every member's value with `flags`. */
void kf_amount_flag(struct kf_values *self, uint8_t flags);

#endif

/* What each member has of some weighted items: of a sector's indicators, of the total's sectors.
 *
 * Where the rule `drop` leaves something out, the weights of what a member has are rescaled to 1
 * for it; where it has everything they stay as they are, to the last bit. Pure.
 */
#ifndef KF_AGGREGATE_PRESENCE_H
#define KF_AGGREGATE_PRESENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/numbers.h"

/* Arrays are by member, in the arena. */
struct kf_presence {
    struct kf_wide *weight; /* Σ w over the items that the member has */
    bool *lacks;            /* it lacks at least one */
    bool *imputed;          /* at least one that it has rests on an imputed cell */
};

/* An empty one for `members` members. KF_ERR_MEMORY. */
enum kf_err kf_presence_new(struct kf_arena *arena, size_t members, struct kf_presence *self,
                            struct kf_error *err);

/* Counts one item of weight `weight` for member `k`. */
void kf_presence_add(struct kf_presence *self, size_t k, double weight, uint8_t status);

/* True when the member has something that weighs. */
bool kf_presence_any(const struct kf_presence *self, size_t k);

/* What an item of weight `weight` weighs for a member that has it: `weight` when it has all items,
 * w/Σw over those it has otherwise. */
double kf_presence_weight(const struct kf_presence *self, size_t k, double weight);

#endif

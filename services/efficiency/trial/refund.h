/* What the state refunds of costly users, and what is left to the municipality, for one of them or
 * for all together (METHOD G4, G5). Pure arithmetic.
 *
 *     above   = Σ max(0, cost_i − T) over the users of age below the limit             (G4)
 *     refund  = share · above                                                          (G4)
 *     own     = n·T + (1 − share)·above = net − refund                                 (G5)
 *
 * n users cost more than the threshold T, and those cost `net`. Amounts are
 * rounded to nine decimals of a million kroner, so that net = own share + refund, and own share =
 * its part up to the threshold + its part above, hold exactly of them as decimals. The refund is
 * zero at the threshold and continuous above it, never negative.
 */
#ifndef KF_EFFICIENCY_TRIAL_REFUND_H
#define KF_EFFICIENCY_TRIAL_REFUND_H

#include <stdbool.h>

#include "common/base/numbers.h"

struct kf_refund_rule {
    struct kf_wide threshold; /* T, kr a user, above 0 */
    struct kf_wide share;     /* of what is above it, 0 to 1 */
    int age_limit;            /* users of this age or more give no refund; 0: all do */
};

/* The users above the threshold, summed up. Start from {0}. */
struct kf_refund_basis {
    struct kf_wide users; /* n; of aggregates maybe no whole number: users for part of a year */
    struct kf_wide net;   /* their net wage cost, kr */
    struct kf_wide above; /* what of it is above the threshold, kr */
};

/* Million kr, `users` but for. */
struct kf_refund {
    double users;
    double net;
    double above;         /* what of net is above the threshold */
    double own_threshold; /* what of it is not: n·T */
    double own_above;     /* (1 − share)·above */
    double own;           /* both */
    double refund;
};

/* True when a user of that age gives a refund. */
bool kf_refund_covers(const struct kf_refund_rule *rule, double age);

/* Adds a user of that cost, in kr, who gives a refund: nothing unless it is above the threshold. */
void kf_refund_add(const struct kf_refund_rule *rule, struct kf_wide cost,
                   struct kf_refund_basis *basis);

/* The same from aggregates: `users`, at least 0, who are all above the threshold, and `net` kr, at
 * least 0. A net below n·T, which no such users can have, has nothing above. */
struct kf_refund_basis kf_refund_of_all(const struct kf_refund_rule *rule, struct kf_wide users,
                                        struct kf_wide net);

/* Who pays what of it. */
struct kf_refund kf_refund_divide(const struct kf_refund_rule *rule,
                                  const struct kf_refund_basis *basis);

#endif

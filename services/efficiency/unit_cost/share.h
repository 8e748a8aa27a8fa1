/* What part is of a whole. Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_SHARE_H
#define KF_EFFICIENCY_UNIT_COST_SHARE_H

#include "common/model/values.h"

/* factor·part/whole of every member, into `share`, which may be `part`. A member without one of
 * them has the status of the first that is missing; one whose whole is not above 0 has none. */
void kf_share_fill(const struct kf_values *part, const struct kf_values *whole, double factor,
                   struct kf_values *share);

#endif

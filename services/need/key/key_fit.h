/* How far a computed need index goes towards the published one. Pure. */
#ifndef KF_NEED_KEY_KEY_FIT_H
#define KF_NEED_KEY_KEY_FIT_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* Appends, as group rows of topic statistics under `sector`, over the members that have both c, the
 * need_index of the panel's results, and p, their published_need_index; N is the inhabitants of the
 * panel's year:
 *     r_squared                 1 − ΣN(p−c)² / ΣN(p−m)², m the mean of p weighted by N; below 0
 *                               when m would be nearer than c
 *     correlation               weighted by N
 *     mean_absolute_difference  ΣN|p−c| / ΣN
 * What cannot be computed is missing: all of them without such a member, the first two when indices
 * do not differ. Nothing when one of the two was not appended. */
enum kf_err kf_key_fit_append(struct kf_panel *panel, const char *sector, struct kf_error *err);

#endif

/* The missing rules: what a member gets that has no value (METHOD A2). Pure. */
#ifndef KF_NORMALIZE_MISSING_H
#define KF_NORMALIZE_MISSING_H

#include "services/normalize/raw.h"

/* The values of the years before, the nearest year first. */
struct kf_earlier {
    struct kf_values years[KF_LATEST_YEARS_MAX];
    size_t length;
};

/* Fills the members that have no value and flags them as imputed:
 *
 *     minimum  the lowest value of the other members
 *     median   the median of the other members' values; of an even number the mean of the two in
 *              the middle
 *     latest   the member's own newest value of `earlier`; without one the lowest of the other
 *              members' values of this year, or, when nobody has one, of those filled in so
 *     drop     nothing: the value stays missing
 *
 * The country's value is left alone. A value from an earlier year keeps that cell's flags, too.
 * When no value can be had for anybody, nothing is changed. `arena` holds what is needed on the
 * way. KF_ERR_MEMORY. */
enum kf_err kf_missing_fill(enum kf_missing_rule rule, const struct kf_earlier *earlier,
                            struct kf_arena *arena, struct kf_values *values, struct kf_error *err);

#endif

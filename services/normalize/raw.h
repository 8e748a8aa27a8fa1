/* Raw values of an indicator, from the sums, shares and complements that its edition names. Pure.
 *
 * A value is kept to 32 digits until it is normalised, so that the unit of a figure leaves no trace
 * in the result. The flags preliminary and inferred of the figures are those of the value that
 * rests on them.
 */
#ifndef KF_NORMALIZE_RAW_H
#define KF_NORMALIZE_RAW_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* The raw values x_ki of an indicator (METHOD I1–I3, I5–I10):
 *
 *     x = Σ factor·figure / what it is per      or, for a complement,      x = whole − that
 *
 * A term that is marked so takes the country's figure for every member (I10). The country's own
 * value is made of the country's figures; its need-corrected population is its population, because
 * the mean of a need index is 1 (N4). A value is missing when a term of either sum is, when the
 * denominator is zero, or when a column is not there at all; a reported zero is data (A3). */
enum kf_err kf_indicator_raw(const struct kf_panel *panel, const struct kf_indicator *indicator,
                             struct kf_arena *arena, struct kf_values *raw, struct kf_error *err);

#endif

/* Weighted means to 32 digits, and what brings a column to the scale of its edition (METHOD A1).
 * Pure.
 */
#ifndef KF_MODEL_MEAN_H
#define KF_MODEL_MEAN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/numbers.h"
#include "common/model/values.h"

/* A mean in the making. Start from {0}. */
struct kf_mean {
    struct kf_wide weighted; /* Σ weight·value */
    struct kf_wide weights;  /* Σ weight */
    size_t count;
};

/* Counts one value. */
void kf_mean_add(struct kf_mean *self, struct kf_wide weight, struct kf_wide value);

/* Σ weight·value / Σ weight; the weights must sum to more than zero. */
struct kf_wide kf_mean_value(const struct kf_mean *self);

/* What values are multiplied by so that their mean becomes `scale`: scale·Σw/Σwx. The mean must be
 * above zero. */
struct kf_wide kf_mean_factor(const struct kf_mean *self, double scale);

/* The mean of the members that have a value, weighted by their inhabitants; nobody counts in a
 * panel without a population. */
struct kf_mean kf_values_mean(const struct kf_panel *panel, const struct kf_values *values);

/* The country's own value as a mean; empty when it has none. */
struct kf_mean kf_values_country(const struct kf_values *values);

/* The members' values times `factor`, rounded once to double, and 0 where there is none. `status`
 * [members] is copied; it may be NULL. */
void kf_values_scale(const struct kf_values *values, struct kf_wide factor, double *scaled,
                     uint8_t *status);

#endif

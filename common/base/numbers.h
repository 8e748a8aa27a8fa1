/* Arithmetic whose results are the same bytes for the same figures.
 *
 * Three ideas:
 *   1. Sums are compensated (Neumaier), so that order and length hardly matter.
 *   2. A published figure is a decimal, not a binary number: 97.1 % and 0.971 are the same figure
 * in two units. Ratios of figures are computed from the decimals in double-double, so that the unit
 * a source happens to use does not show in the last bits of the result.
 *   3. Contributions are laid on a binary grid so fine that nobody sees it (1e-13 of the scale) and
 *      so coarse that any sum of them is exact in double, in any order, in any language: the parts
 *      add up to the index exactly.
 */
#ifndef KF_BASE_NUMBERS_H
#define KF_BASE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

/* A running compensated sum (Neumaier 1974). Start from {0}. */
struct kf_sum {
    double high;
    double low;
};

/* Adds one value, which must be finite. */
void kf_sum_add(struct kf_sum *self, double value);

/* The sum so far, rounded to double. */
double kf_sum_value(const struct kf_sum *self);

/* The compensated sum of `count` values. */
double kf_sum_of(const double *values, size_t count);

/* An unevaluated sum of two doubles, about 32 digits. */
struct kf_wide {
    double high;
    double low;
};

/* The nearest double of at most 15 significant decimal digits. Figures are taken in through this:
 * digits beyond are the binary noise of whoever exported them. 0 and -0 give 0; what is not finite
 * or lies beyond 1e-250 and 1e250 is returned as it is. */
double kf_figure_canonical(double value);

/* The decimal that a canonical figure stands for, to about 31 digits. */
struct kf_wide kf_wide_from_figure(double figure);

/* The double itself, bit for bit. */
struct kf_wide kf_wide_from(double value);

/* Sum, product and quotient, to about 31 digits. */
struct kf_wide kf_wide_add(struct kf_wide a, struct kf_wide b);
struct kf_wide kf_wide_mul(struct kf_wide a, struct kf_wide b);
/* `b` must not be zero. */
struct kf_wide kf_wide_div(struct kf_wide a, struct kf_wide b);

/* a − b, to about 31 digits. */
struct kf_wide kf_wide_sub(struct kf_wide a, struct kf_wide b);

/* The square root of a number that is not negative, to about 31 digits. */
struct kf_wide kf_wide_sqrt(struct kf_wide a);

/* True when `a` is below `b`. */
bool kf_wide_less(struct kf_wide a, struct kf_wide b);

/* Rounded to double. */
double kf_wide_value(struct kf_wide a);

/* `value` on the grid for indices of scale `scale` (100 or 1): a multiple of a power of two near
 * scale × 1e-13. Sums of grid values below 2000 × scale are exact. */
double kf_grid(double value, double scale);

#endif

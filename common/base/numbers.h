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

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* --- double-double: here, so that loops over many cells have it in place ---------------------- */

/* a + b and a·b with what rounding leaves over, exactly (Knuth; Dekker with fma). */
static inline struct kf_wide kf_two_sum(double a, double b)
{
    double sum = a + b;
    double other = sum - a;
    return (struct kf_wide){sum, (a - (sum - other)) + (b - other)};
}

/* The same sum where |a| is at least |b|. */
static inline struct kf_wide kf_quick_two_sum(double a, double b)
{
    double sum = a + b;
    return (struct kf_wide){sum, b - (sum - a)};
}

/* See kf_two_sum. */
static inline struct kf_wide kf_two_product(double a, double b)
{
    double product = a * b;
    return (struct kf_wide){product, fma(a, b, -product)};
}

/* The double itself, bit for bit. */
static inline struct kf_wide kf_wide_from(double value)
{
    return (struct kf_wide){value, 0};
}

/* Rounded to double. */
static inline double kf_wide_value(struct kf_wide a)
{
    return a.high + a.low;
}

/* a + b, to about 31 digits. Most sums are of counts, and nothing is left over: then the rest adds
 * nothing either. */
static inline struct kf_wide kf_wide_add(struct kf_wide a, struct kf_wide b)
{
    struct kf_wide high = kf_two_sum(a.high, b.high);
    if (high.low == 0 && a.low == 0 && b.low == 0) {
        return (struct kf_wide){high.high + 0.0, 0}; /* never minus zero */
    }
    struct kf_wide low = kf_two_sum(a.low, b.low);
    high = kf_quick_two_sum(high.high, high.low + low.high);
    return kf_quick_two_sum(high.high, high.low + low.low);
}

/* a − b, to about 31 digits. */
static inline struct kf_wide kf_wide_sub(struct kf_wide a, struct kf_wide b)
{
    return kf_wide_add(a, (struct kf_wide){-b.high, -b.low});
}

/* a·b, to about 31 digits. */
static inline struct kf_wide kf_wide_mul(struct kf_wide a, struct kf_wide b)
{
    struct kf_wide product = kf_two_product(a.high, b.high);
    double cross = a.high * b.low + a.low * b.high;
    return kf_quick_two_sum(product.high, product.low + cross);
}

/* a − factor·b */
static inline struct kf_wide kf_wide_sub_scaled(struct kf_wide a, struct kf_wide b, double factor)
{
    return kf_wide_add(a, kf_wide_mul(b, kf_wide_from(-factor)));
}

/* a/b, to about 31 digits; `b` must not be zero. */
static inline struct kf_wide kf_wide_div(struct kf_wide a, struct kf_wide b)
{
    double first = a.high / b.high;
    struct kf_wide rest = kf_wide_sub_scaled(a, b, first);
    double second = rest.high / b.high;
    rest = kf_wide_sub_scaled(rest, b, second);
    double third = rest.high / b.high;
    struct kf_wide quotient = kf_quick_two_sum(first, second);
    return kf_wide_add(quotient, kf_wide_from(third));
}

/* The square root of a number that is not negative, to about 31 digits. */
struct kf_wide kf_wide_sqrt(struct kf_wide a);

/* True when `a` is below `b`. */
bool kf_wide_less(struct kf_wide a, struct kf_wide b);

/* True for what most figures are: a count. It is its own decimal. */
static inline bool kf_figure_is_count(double figure)
{
    return fabs(figure) < 1e15 && (double)(int64_t)figure == figure;
}

/* kf_wide_from_figure of a figure that is no count. */
struct kf_wide kf_wide_from_fraction(double figure);

/* The decimal that a canonical figure stands for, to about 31 digits. */
static inline struct kf_wide kf_wide_from_figure(double figure)
{
    return kf_figure_is_count(figure) ? kf_wide_from(figure) : kf_wide_from_fraction(figure);
}

/* --- the grid --------------------------------------------------------------------------------- */

/* `value` on the grid for indices of scale `scale` (100 or 1): a multiple of a power of two near
 * scale × 1e-13. Sums of grid values below 2000 × scale are exact. */
double kf_grid(double value, double scale);

/* --- decimals -------------------------------------------------------------------------------- */

/* `value` rounded to `places` decimals (0 to 9), half away from zero: the decimal, to about 31
 * digits. Sums of such numbers are decimals, too: who takes each for the decimal that it is shown
 * as (kf_wide_from_figure) finds them exact. A value of 1e15 units of the last place and more stays
 * as it is. */
struct kf_wide kf_wide_decimals(struct kf_wide value, int places);

#endif

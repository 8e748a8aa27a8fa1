#include "services/aggregate/closure.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#define EQUAL_WITHIN 1e12 /* remainders are compared in units of its inverse */

static double units_of_one(int decimals)
{
    double units = 1;
    for (int i = 0; i < decimals; i++) {
        units *= 10;
    }
    return units;
}

static struct kf_wide in_units(struct kf_wide share, double units)
{
    return kf_wide_mul(share, kf_wide_from(units));
}

/* Below 1e9 units a double is exact to 1e-7 of a unit and the wide number is rounded to it first:
 * 12.5 − 1e-28 is 12.5. */
static double nearest_units(struct kf_wide share, double units)
{
    return round(kf_wide_value(in_units(share, units)));
}

static double whole_units(struct kf_wide share, double units)
{
    return floor(kf_wide_value(in_units(share, units)));
}

/* What cutting off takes from a share, of a unit. */
static double remainder_of(struct kf_wide share, double units)
{
    double whole = whole_units(share, units);
    struct kf_wide left = kf_wide_add(in_units(share, units), kf_wide_from(-whole));
    return round(kf_wide_value(left) * EQUAL_WITHIN);
}

void kf_close_last(const struct kf_wide *shares, size_t count, int decimals, double *weights)
{
    assert(count > 0);
    double units = units_of_one(decimals);
    double left = units;
    for (size_t i = 0; i + 1 < count; i++) {
        double rounded = nearest_units(shares[i], units);
        weights[i] = rounded / units;
        left -= rounded;
    }
    weights[count - 1] = left / units;
}

/* The share that lost most among those that still stand below it; of equal ones the last. */
static size_t largest_remainder(const struct kf_wide *shares, size_t count, double units,
                                const double *counts)
{
    size_t best = count - 1;
    double most = -1;
    for (size_t i = 0; i < count; i++) {
        bool cut_off = counts[i] <= whole_units(shares[i], units);
        double lost = cut_off ? remainder_of(shares[i], units) : -1;
        if (lost >= most) {
            best = i;
            most = lost;
        }
    }
    return best;
}

void kf_close_remainder(const struct kf_wide *shares, size_t count, int decimals, double *weights)
{
    assert(count > 0);
    double units = units_of_one(decimals);
    double left = units;
    for (size_t i = 0; i < count; i++) {
        weights[i] = whole_units(shares[i], units);
        left -= weights[i];
    }
    for (size_t given = 0; left > 0 && given < count; given++) {
        weights[largest_remainder(shares, count, units, weights)] += 1;
        left -= 1;
    }
    for (size_t i = 0; i < count; i++) {
        weights[i] /= units;
    }
}

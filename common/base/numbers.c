#include "common/base/numbers.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/decimal.h"

#define DECIMAL_UNITS_MAX 1e15
#define GRID_BITS         42 /* of the 53 that a double has; 11 remain for sums */

void kf_sum_add(struct kf_sum *self, double value)
{
    double total = self->high + value;
    if (fabs(self->high) >= fabs(value)) {
        self->low += (self->high - total) + value;
    } else {
        self->low += (value - total) + self->high;
    }
    self->high = total;
}

double kf_sum_value(const struct kf_sum *self)
{
    return self->high + self->low;
}

double kf_sum_of(const double *values, size_t count)
{
    struct kf_sum sum = {0};
    for (size_t i = 0; i < count; i++) {
        kf_sum_add(&sum, values[i]);
    }
    return kf_sum_value(&sum);
}

/* One step of Newton's method doubles the digits of the processor's root. */
struct kf_wide kf_wide_sqrt(struct kf_wide a)
{
    double root = sqrt(a.high);
    if (!(root > 0)) {
        return kf_wide_from(0);
    }
    struct kf_wide square = kf_two_product(root, root);
    struct kf_wide rest = kf_wide_sub(a, square);
    return kf_quick_two_sum(root, rest.high / (2 * root));
}

bool kf_wide_less(struct kf_wide a, struct kf_wide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#define EXACT_POWER_MAX 22

/* value = digits × 10^exponent with a whole `digits` of at most 15 decimals, found without printing
 * for the figures that statistics consist of: few decimals, moderate size. */
static bool decimal_quickly(double value, double *digits, int *exponent)
{
    for (int places = 0; places <= 9; places++) {
        double scaled = round(value * powers_of_ten[places]);
        if (fabs(scaled) >= 1e15) {
            return false;
        }
        if (scaled / powers_of_ten[places] == value) {
            *digits = scaled;
            *exponent = -places;
            return true;
        }
    }
    return false;
}

static void decimal_by_printing(double value, double *digits, int *exponent)
{
    char text[KF_DECIMAL_SIZE];
    (void)kf_decimal_print_digits(value, text);
    int64_t whole = 0;
    bool negative = text[0] == '-';
    const char *c = text + negative;
    for (; *c != 'e'; c++) {
        if (*c >= '0' && *c <= '9') {
            whole = whole * 10 + (*c - '0');
        }
    }
    int power = 0;
    bool power_negative = c[1] == '-';
    for (c += 2; *c; c++) {
        power = power * 10 + (*c - '0');
    }
    *digits = (double)(negative ? -whole : whole);
    *exponent = (power_negative ? -power : power) - 14;
}

static void decimal_of(double value, double *digits, int *exponent)
{
    if (!decimal_quickly(value, digits, exponent)) {
        decimal_by_printing(value, digits, exponent);
    }
}

/* Beyond these bounds the low half of a wide number would leave double's range. */
static bool is_figure(double value)
{
    return value == 0 || (fabs(value) >= 1e-250 && fabs(value) <= 1e250);
}

struct kf_wide kf_wide_from_fraction(double figure)
{
    if (!is_figure(figure)) {
        return kf_wide_from(figure);
    }
    double digits = 0;
    int exponent = 0;
    decimal_of(figure, &digits, &exponent);
    struct kf_wide wide = kf_wide_from(digits);
    while (exponent > 0) {
        int step = exponent < EXACT_POWER_MAX ? exponent : EXACT_POWER_MAX;
        wide = kf_wide_mul(wide, kf_wide_from(powers_of_ten[step]));
        exponent -= step;
    }
    while (exponent < 0) {
        int step = -exponent < EXACT_POWER_MAX ? -exponent : EXACT_POWER_MAX;
        wide = kf_wide_div(wide, kf_wide_from(powers_of_ten[step]));
        exponent += step;
    }
    return wide;
}

double kf_figure_canonical(double value)
{
    if (!is_figure(value)) {
        return value;
    }
    double digits = 0;
    int exponent = 0;
    if (decimal_quickly(value, &digits, &exponent)) {
        return value == 0 ? 0 : value;
    }
    char text[KF_DECIMAL_SIZE];
    size_t length = kf_decimal_print_digits(value, text);
    (void)kf_decimal_parse(text, length, &value);
    return value;
}

double kf_grid(double value, double scale)
{
    int exponent = 0;
    (void)frexp(scale, &exponent);
    double step = ldexp(1, exponent - GRID_BITS);
    return round(value / step) * step + 0.0; /* never minus zero */
}

struct kf_wide kf_wide_decimals(struct kf_wide value, int places)
{
    static const double units[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    struct kf_wide unit = kf_wide_from(units[places]);
    struct kf_wide scaled = kf_wide_mul(value, unit);
    if (!(fabs(scaled.high) < DECIMAL_UNITS_MAX)) {
        return value;
    }
    double whole = floor(scaled.high);
    double rest = (scaled.high - whole) + scaled.low; /* exact but for what is far below .5 */
    double away = value.high < 0 ? ceil(rest - 0.5) : floor(rest + 0.5);
    return kf_wide_div(kf_wide_from(whole + away + 0.0), unit);
}

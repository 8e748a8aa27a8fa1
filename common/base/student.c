#include "common/base/student.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#define PI              3.14159265358979323846
#define FRACTION_LENGTH 1000 /* converges within O(√max(a, b)) terms, and long before that */

/* Keeps a denominator of the continued fraction away from zero. */
static double away_from_zero(double value)
{
    return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's
 * method; converges fast for x < (a + 1)/(a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m <= FRACTION_LENGTH; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        fraction *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        fraction *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON) {
            break;
        }
    }
    return fraction;
}

/* base^exponent by squaring. */
static double power(double base, size_t exponent)
{
    double result = 1;
    for (; exponent > 0; exponent /= 2) {
        result *= exponent % 2 ? base : 1;
        base *= base;
    }
    return result;
}

/* B(degrees/2, 1/2) from B(1/2, 1/2) = π or B(1, 1/2) = 2 by B(a + 1, b) = B(a, b)·a/(a + b). */
static double beta_half(size_t degrees)
{
    double beta = degrees % 2 ? PI : 2;
    for (size_t twice = degrees % 2 ? 1 : 2; twice < degrees; twice += 2) {
        beta *= (double)twice / (double)(twice + 1);
    }
    return beta;
}

double kf_student_p_value(double t, size_t degrees)
{
    assert(degrees > 0 && isfinite(t));
    double n = (double)degrees;
    double size = fabs(t);
    /* x = cos² and y = 1 − x = sin² of one angle: no difference of near numbers is taken. */
    double slope = size / sqrt(n);
    double length = slope < 1e100 ? sqrt(1 + slope * slope) : slope;
    double cosine = 1 / length;
    double sine = slope / length;
    double x = cosine * cosine;
    double y = sine * sine;
    double front = power(cosine, degrees) * sine / beta_half(degrees);
    if (x < (n / 2 + 1) / (n / 2 + 2.5)) {
        return front * beta_fraction(n / 2, 0.5, x) / (n / 2);
    }
    return 1 - front * beta_fraction(0.5, n / 2, y) / 0.5;
}

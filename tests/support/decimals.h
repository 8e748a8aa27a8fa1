/* Sums of numbers taken for the decimals that they are shown as: what a reader with paper, a
 * spreadsheet that rounds, or a decimal type finds. */
#ifndef KF_TESTS_SUPPORT_DECIMALS_H
#define KF_TESTS_SUPPORT_DECIMALS_H

#include "common/base/numbers.h"

/* The double nearest to the decimal a + b. */
static inline double decimals_add(double a, double b)
{
    return kf_wide_value(kf_wide_add(kf_wide_from_figure(a), kf_wide_from_figure(b)));
}

#endif

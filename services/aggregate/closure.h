/* Closure of weights: rounded to some decimals, they still sum to 1 (METHOD W8). Pure.
 *
 * Rounding is done on whole units of the last decimal, and every result is the nearest double of a
 * decimal number: printed with that many decimals, the weights sum to 1 exactly. What lies within
 * 1e-12 of a unit of a whole or a half counts as that whole or half, so that a share which is a
 * decimal number is rounded as on paper.
 */
#ifndef KF_AGGREGATE_CLOSURE_H
#define KF_AGGREGATE_CLOSURE_H

#include <stddef.h>

#include "common/base/numbers.h"

/* Closes `count` shares that sum to 1, in the order of the list; count > 0, decimals 1 to 9.
 * Every share is rounded to the nearest unit, halves away from zero; the last one takes what is
 * left over. It may come out as zero or below when there are many small shares: look. */
void kf_close_last(const struct kf_wide *shares, size_t count, int decimals, double *weights);

/* The same by largest remainders: every share is cut off, and the units left over go one each to
 * those that lost most; of equal ones to the last. No share moves by a whole unit. */
void kf_close_remainder(const struct kf_wide *shares, size_t count, int decimals, double *weights);

#endif

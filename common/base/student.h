/* Student's t distribution: how likely a coefficient is to come out so far from zero by chance.
 *
 * Only additions, products, quotients and square roots are used, which every machine rounds alike:
 * the same t gives the same bytes everywhere.
 */
#ifndef KF_BASE_STUDENT_H
#define KF_BASE_STUDENT_H

#include <stddef.h>

/* The two-sided p-value of `t` with `degrees` (at least 1) degrees of freedom: the probability of a
 * value at least as far from zero, I_x(degrees/2, 1/2) with x = degrees/(degrees + t²), I the
 * regularised incomplete beta function. Relative error below 1e-12 for up to a million degrees; 0
 * where the probability is below what a double can hold. `t` must be finite. */
double kf_student_p_value(double t, size_t degrees);

#endif

/* cmocka with what it wants to be included before it. */
#ifndef KF_TESTS_CMOCKA_H
#define KF_TESTS_CMOCKA_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <math.h>

/* Fails unless `value` is within `tolerance` of `expected`. cmocka's assert_float_equal compares as
 * float, which is not good enough here. */
#define assert_close(value, expected, tolerance)                                                   \
    do {                                                                                           \
        double close_value = (value);                                                              \
        double close_expected = (expected);                                                        \
        if (!(fabs(close_value - close_expected) <= (tolerance))) {                                \
            fail_msg("%s is %.17g, expected %.17g", #value, close_value, close_expected);          \
        }                                                                                          \
    } while (0)

#endif

/* Numbers to text and back: exact, fast, without locale.
 *
 * The work is done by the C++ standard library's <charconv>, the only well-kept implementation of
 * shortest round-trip printing that a C project finds on Debian 12.
 */
#ifndef KF_BASE_DECIMAL_H
#define KF_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room that any double needs, with its final NUL. */
#define KF_DECIMAL_SIZE 32

/* Writes the shortest decimal that reads back to the same double, plain (123.4) between 1e-5 and
 * 1e17 and with an exponent beyond (1e-07). `value` must be finite; minus zero prints as 0.
 * Returns the length; `text` is NUL-terminated. */
size_t kf_decimal_print(double value, char text[KF_DECIMAL_SIZE]);

/* Writes `value`, which must be finite, rounded to 15 significant digits: d.dddddddddddddde±dd.
 * Returns the length; `text` is NUL-terminated. */
size_t kf_decimal_print_digits(double value, char text[KF_DECIMAL_SIZE]);

/* Reads the whole of the `length` bytes as a decimal number with a point (12, -3.5, 1e-7), rounded
 * correctly. False when anything else stands there: spaces, a plus sign, a comma, a point without a
 * digit on each side, nan, inf, a number beyond double's range (1e999, 1e-999). `value` is then
 * unchanged. */
bool kf_decimal_parse(const char *text, size_t length, double *value);

#ifdef __cplusplus
}
#endif

#endif

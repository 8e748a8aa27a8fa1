/* Numbers of JSON (RFC 8259, section 6) to doubles: correctly rounded, and fast for the short
 * decimals that tables of statistics consist of.
 */
#ifndef KF_INGEST_JSON_NUMBER_H
#define KF_INGEST_JSON_NUMBER_H

#include <stddef.h>

/* Bytes that kf_json_number_quick may look at. */
#define KF_JSON_NUMBER_QUICK_BYTES 24

/* Reads a number with at most 18 digits and without an exponent whose digits make an integer up to
 * 2^53: that integer and the power of ten are doubles, so one division rounds correctly. Returns
 * what follows the number, or NULL when it is none of this kind; whether the number really ends
 * there is the caller's to see. At least KF_JSON_NUMBER_QUICK_BYTES bytes must stand at `text`.
 * Minus zero is 0. */
const char *kf_json_number_quick(const char *text, double *value);

enum kf_json_number {
    KF_JSON_NUMBER_SOUND = 0,
    KF_JSON_NUMBER_MALFORMED, /* 01, 1., .5, +1, 1e, NaN */
    KF_JSON_NUMBER_BEYOND,    /* too large or too small for a double */
};

/* Reads the whole of the `length` bytes. `value` is written when it is sound. */
enum kf_json_number kf_json_number_read(const char *text, size_t length, double *value);

#endif

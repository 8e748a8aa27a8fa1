#include "services/ingest/jsonstat/json_number.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base/decimal.h"

#define QUICK_DIGITS_MAX 18

static const double powers_of_ten[QUICK_DIGITS_MAX + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
};

static inline bool is_digit(char c)
{
    return (unsigned)c - '0' < 10;
}

const char *kf_json_number_quick(const char *text, double *value)
{
    const char *p = text + (*text == '-');
    const char *whole = p;
    const char *limit = whole + QUICK_DIGITS_MAX;
    uint64_t digits = 0;
    size_t places = 0;
    while (p < limit && is_digit(*p)) {
        digits = digits * 10 + (uint64_t)(*p++ - '0');
    }
    if (p == whole || (*whole == '0' && p - whole > 1)) {
        return NULL;
    }
    if (*p == '.') {
        const char *fraction = ++p;
        while (p <= limit && is_digit(*p)) {
            digits = digits * 10 + (uint64_t)(*p++ - '0');
        }
        places = (size_t)(p - fraction);
        if (places == 0) {
            return NULL;
        }
    }
    if (digits > UINT64_C(1) << 53) {
        return NULL;
    }
    double number = (double)digits;
    if (places > 0) {
        number /= powers_of_ten[places];
    }
    *value = *text == '-' ? 0.0 - number : number;
    return p;
}

/* What follows a run of digits; NULL when there is none. */
static const char *after_digits(const char *p, const char *end)
{
    const char *begin = p;
    while (p < end && is_digit(*p)) {
        p++;
    }
    return p > begin ? p : NULL;
}

static bool is_well_formed(const char *text, size_t length)
{
    const char *end = text + length;
    const char *whole = text < end && *text == '-' ? text + 1 : text;
    const char *p = after_digits(whole, end);
    if (!p || (*whole == '0' && p - whole > 1)) {
        return false;
    }
    if (p < end && *p == '.') {
        p = after_digits(p + 1, end);
    }
    if (p && p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p = after_digits(p < end && (*p == '+' || *p == '-') ? p + 1 : p, end);
    }
    return p == end;
}

enum kf_json_number kf_json_number_read(const char *text, size_t length, double *value)
{
    double number = 0.0;
    if (!is_well_formed(text, length)) {
        return KF_JSON_NUMBER_MALFORMED;
    }
    if (length < KF_JSON_NUMBER_QUICK_BYTES) {
        char padded[2 * KF_JSON_NUMBER_QUICK_BYTES] = {0};
        memcpy(padded, text, length);
        if (kf_json_number_quick(padded, &number) == padded + length) {
            *value = number;
            return KF_JSON_NUMBER_SOUND;
        }
    }
    if (!kf_decimal_parse(text, length, &number)) {
        return KF_JSON_NUMBER_BEYOND;
    }
    *value = number + 0.0; /* minus zero is 0 */
    return KF_JSON_NUMBER_SOUND;
}

#include "common/base/decimal.h"

#include <charconv>
#include <cmath>
#include <cstdint>

static constexpr double WHOLE_MAX = 9007199254740992.0; /* 2^53 */

/* Whole numbers need no search for the shortest decimal. Every one below 2^53 is a double. */
static size_t print_whole(int64_t number, char *text)
{
    auto result = std::to_chars(text, text + KF_DECIMAL_SIZE - 1, number);
    *result.ptr = '\0';
    return static_cast<size_t>(result.ptr - text);
}

size_t kf_decimal_print(double value, char text[KF_DECIMAL_SIZE])
{
    if (value > -WHOLE_MAX && value < WHOLE_MAX) {
        auto whole = static_cast<int64_t>(value);
        if (static_cast<double>(whole) == value) {
            return print_whole(whole, text);
        }
    }
    double magnitude = std::fabs(value);
    if (magnitude == 0) {
        value = 0;
    }
    bool plain = magnitude == 0 || (magnitude >= 1e-5 && magnitude < 1e17);
    auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    auto result = std::to_chars(text, text + KF_DECIMAL_SIZE - 1, value, format);
    *result.ptr = '\0';
    return static_cast<size_t>(result.ptr - text);
}

size_t kf_decimal_print_digits(double value, char text[KF_DECIMAL_SIZE])
{
    auto result =
        std::to_chars(text, text + KF_DECIMAL_SIZE - 1, value, std::chars_format::scientific, 14);
    *result.ptr = '\0';
    return static_cast<size_t>(result.ptr - text);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* <charconv> reads ".5" and "5." too; a figure that lost digits on the way should not pass. */
static bool point_stands_free(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.') {
            return i == 0 || i + 1 == length || !is_digit(text[i - 1]) || !is_digit(text[i + 1]);
        }
    }
    return false;
}

bool kf_decimal_parse(const char *text, size_t length, double *value)
{
    if (length == 0 || point_stands_free(text, length)) {
        return false;
    }
    double read = 0;
    auto result = std::from_chars(text, text + length, read);
    if (result.ec != std::errc() || result.ptr != text + length || !std::isfinite(read)) {
        return false;
    }
    *value = read;
    return true;
}

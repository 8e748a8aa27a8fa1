/* Numbers of JSON; the expected doubles are the compiler's own reading of the same digits. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/jsonstat/json_number.h"

static enum kf_json_number read_number(const char *text, double *value)
{
    /* An exact copy on the heap, so that the sanitizer sees a read beyond the end. */
    size_t length = strlen(text);
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    enum kf_json_number outcome = kf_json_number_read(copy, length, value);
    free(copy);
    return outcome;
}

static void decimals_are_rounded_to_the_nearest_double(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0.0},
        {"-0", 0.0},
        {"-0.0", 0.0},
        {"7", 7.0},
        {"-12.5", -12.5},
        {"0.1", 0.1},
        {"0.205", 0.205},
        {"2.675", 2.675},
        {"1e5", 1e5},
        {"1E-7", 1e-7},
        {"1.5e+3", 1500.0},
        {"9007199254740992", 9007199254740992.0},
        {"9007199254740993", 9007199254740993.0},
        {"9007199254740994", 9007199254740994.0},
        {"123456789012345678", 123456789012345678.0},
        {"1234567890123456789012", 1234567890123456789012.0},
        {"0.30000000000000004", 0.30000000000000004},
        {"0.00000000000000012", 0.00000000000000012},
        {"900719925474.0993", 900719925474.0993},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"5e-324", 5e-324},
        {"8.5", 8.5},
        {"0.000000000000000001", 1e-18},
        {"999999999999999.9", 999999999999999.9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = -1.0;
        assert_int_equal(read_number(cases[i].text, &value), KF_JSON_NUMBER_SOUND);
        if (value != cases[i].value || signbit(value) != signbit(cases[i].value)) {
            fail_msg("%s is %.17g", cases[i].text, value);
        }
    }
}

/* The C library's strtod is the judge. */
static void the_quick_way_rounds_as_the_slow_one(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        double value = 0.0;
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        unsigned long long whole = (seed >> 20) >> (seed % 44);
        unsigned places = (unsigned)(seed >> 50) % 10;
        int length = snprintf(text, sizeof text, "%s%llu", seed & 1 ? "-" : "", whole);
        if (places > 0) {
            length += snprintf(text + length, sizeof text - (size_t)length, ".%0*llu", (int)places,
                               (unsigned long long)(seed >> 13) % 1000000000u % 1000);
        }
        memset(text + length, ',', sizeof text - (size_t)length);
        const char *end = kf_json_number_quick(text, &value);
        text[length] = '\0';
        assert_true(end == NULL || (end == text + length && value == strtod(text, NULL)));
        assert_int_equal(read_number(text, &value), KF_JSON_NUMBER_SOUND);
        assert_true(value == strtod(text, NULL));
    }
}

static void what_is_no_number_of_json_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",      "-",
                                        "01",    "-01",
                                        "1.",    ".5",
                                        "-.5",   "1e",
                                        "1e+",   "1.e5",
                                        "+1",    "1-2",
                                        "1.2.3", "0x1",
                                        "1 ",    " 1",
                                        "1e5.0", "nan",
                                        "inf",   "00",
                                        "1,",    "12345678901234567890123456."};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = 4.5;
        if (read_number(texts[i], &value) != KF_JSON_NUMBER_MALFORMED || value != 4.5) {
            fail_msg("'%s' was not refused", texts[i]);
        }
    }
}

static void numbers_beyond_a_double_are_told_apart(void **state)
{
    (void)state;
    double value = 4.5;
    assert_int_equal(read_number("1e999", &value), KF_JSON_NUMBER_BEYOND);
    assert_int_equal(read_number("-1e309", &value), KF_JSON_NUMBER_BEYOND);
    assert_int_equal(read_number("1e-999", &value), KF_JSON_NUMBER_BEYOND);
    assert_true(value == 4.5);
}

static void the_quick_way_leaves_what_it_cannot_round(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "9007199254740993",     "1234567890123456789", "01", ".5", "x", "-", "1.x",
        "0.1234567890123456789"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[64] = {0};
        double value = 0.0;
        (void)snprintf(text, sizeof text, "%s,", texts[i]);
        const char *end = kf_json_number_quick(text, &value);
        assert_true(end == NULL || *end != ',');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_rounded_to_the_nearest_double),
        cmocka_unit_test(the_quick_way_rounds_as_the_slow_one),
        cmocka_unit_test(what_is_no_number_of_json_is_refused),
        cmocka_unit_test(numbers_beyond_a_double_are_told_apart),
        cmocka_unit_test(the_quick_way_leaves_what_it_cannot_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/decimal.h"
#include "tests/support/cmocka.h"

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void check_round_trip(double value)
{
    char text[KF_DECIMAL_SIZE];
    memset(text, '#', sizeof text);
    size_t length = kf_decimal_print(value, text);
    double read = 4711;
    if (length != strlen(text) || length >= KF_DECIMAL_SIZE ||
        !kf_decimal_parse(text, length, &read) || bits_of(read) != bits_of(value)) {
        fail_msg("%a printed as %s read back as %a", value, text, read);
    }
}

static void any_double_reads_back_to_the_same_bits(void **state)
{
    (void)state;
    uint64_t seed = 2010;
    for (int i = 0; i < 500000; i++) {
        double value = from_bits(next_random(&seed));
        if (isfinite(value) && value != 0) {
            check_round_trip(value);
        }
    }
}

static void subnormal_and_extreme_doubles_read_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 50000; i++) {
        double value = from_bits(next_random(&seed) & 0x800fffffffffffffu);
        if (value != 0) {
            check_round_trip(value);
        }
    }
    static const double extremes[] = {DBL_MAX,
                                      -DBL_MAX,
                                      DBL_MIN,
                                      -DBL_MIN,
                                      4.9e-324,
                                      -4.9e-324,
                                      1e22,
                                      1e23,
                                      -1e23,
                                      9007199254740991.0,
                                      9007199254740992.0,
                                      9007199254740994.0,
                                      1e17,
                                      1e16,
                                      99999999999999984.0,
                                      1e-5,
                                      9.999999999999999e-6,
                                      0.1,
                                      1.0 / 3};
    for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
        check_round_trip(extremes[i]);
        check_round_trip(nextafter(extremes[i], copysign(1, extremes[i])));
    }
}

static void figures_of_statistics_read_back(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        double places = (double)(next_random(&seed) % 10);
        check_round_trip((double)(next_random(&seed) % 100000000 + 1) / pow(10, places));
    }
}

static void printing_is_shortest_and_plain_where_people_read(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {100, "100"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {97.1, "97.1"},
        {586860, "586860"},
        {-4370, "-4370"},
        {1e15, "1000000000000000"},
        {1e16, "10000000000000000"},
        {9007199254740992.0, "9007199254740992"},
        {1e17, "1e+17"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {1e-5, "0.00001"},
        {1.5e-6, "1.5e-06"},
        {1e-7, "1e-07"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {5e-324, "5e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[KF_DECIMAL_SIZE];
        size_t length = kf_decimal_print(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static void reading_rounds_correctly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"12", 12},
        {"-3.5", -3.5},
        {"1e-7", 1e-7},
        {"1E5", 1e5},
        {"1e+05", 1e5},
        {"007.50", 7.5},
        {"9007199254740993", 9007199254740992.0}, /* half way: to even */
        {"9007199254740993.0000000000000000000000000000000001", 9007199254740994.0},
        {"9007199254740995", 9007199254740996.0},
        {"1e22", 0x1.0f0cf064dd592p+73},
        {"1e23", 0x1.52d02c7e14af6p+76},                      /* not what 1e22 × 10 gives */
        {"2.2250738585072011e-308", 0x0.fffffffffffffp-1022}, /* the number that hung PHP */
        {"4.9e-324", 0x1p-1074},
        {"1.7976931348623157e308", DBL_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 4711;
        assert_true(kf_decimal_parse(cases[i].text, strlen(cases[i].text), &value));
        assert_int_equal(bits_of(value), bits_of(cases[i].value));
    }
}

static void reading_takes_the_given_length_only(void **state)
{
    (void)state;
    double value = 0;
    assert_true(kf_decimal_parse("97.1,3.7", 4, &value));
    assert_true(value == 97.1);
    assert_false(kf_decimal_parse("97.1,3.7", 3, &value)); /* 97. */
    assert_false(kf_decimal_parse("12\0", 3, &value));
    assert_true(value == 97.1);
}

static void a_thousand_digits_are_read_and_a_million_do_no_harm(void **state)
{
    (void)state;
    static char text[1000000];
    double value = 0;
    memset(text, '0', sizeof text);
    text[0] = '1';
    text[1] = '.';
    assert_true(kf_decimal_parse(text, 1000, &value));
    assert_true(value == 1);
    assert_true(kf_decimal_parse(text, sizeof text, &value));
    memset(text, '9', sizeof text);
    value = 4711;
    assert_false(kf_decimal_parse(text, sizeof text, &value));
    assert_true(value == 4711);
}

static void what_is_no_plain_number_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {"",
                                          " ",
                                          " 1",
                                          "1 ",
                                          "\t1",
                                          "1\n",
                                          "+1",
                                          "++1",
                                          "--1",
                                          "- 1",
                                          "1,5",
                                          "1 000",
                                          "1_000",
                                          "0x1p3",
                                          "0x10",
                                          "nan",
                                          "NaN",
                                          "-nan",
                                          "inf",
                                          "-inf",
                                          "Inf",
                                          "nan(1)",
                                          "infinity",
                                          "1e999",
                                          "-1e999",
                                          "1e-999",
                                          "-",
                                          ".",
                                          "-.",
                                          ".5",
                                          "-.5",
                                          "5.",
                                          "-5.",
                                          "5.e3",
                                          ".e3",
                                          "1.2.3",
                                          "1e",
                                          "1e+",
                                          "e5",
                                          "1e5.5",
                                          "1..2",
                                          "12a",
                                          "1e5e5",
                                          "\xe2\x88\x92"
                                          "1",
                                          "1f",
                                          "1.0L",
                                          "\"1\"",
                                          ":",
                                          "..",
                                          "1e99999999999999999999999"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        double value = 4711;
        if (kf_decimal_parse(refused[i], strlen(refused[i]), &value) || value != 4711) {
            fail_msg("\"%s\" was read as %g", refused[i], value);
        }
    }
}

static void no_short_text_is_read_that_a_person_would_not_call_a_number(void **state)
{
    (void)state;
    static const char letters[] = "0159.-+eE xn,";
    const size_t count = sizeof letters - 1;
    for (size_t n = 0; n < count * count * count * count; n++) {
        char text[4];
        size_t rest = n;
        for (size_t i = 0; i < 4; i++, rest /= count) {
            text[i] = letters[rest % count];
        }
        /* By hand: -? digits (. digits)? ([eE] [+-]? digits)? */
        size_t at = text[0] == '-';
        size_t whole = strspn((char[]){text[at], 0}, "0159");
        bool good = whole == 1;
        enum { WHOLE, POINT, FRACTION, E, SIGN, POWER } part = WHOLE;
        for (size_t i = at + 1; good && i < 4; i++) {
            char c = text[i];
            if (c >= '0' && c <= '9') {
                part = part == POINT ? FRACTION : part == E || part == SIGN ? POWER : part;
            } else if (c == '.' && part == WHOLE) {
                part = POINT;
            } else if ((c == 'e' || c == 'E') && (part == WHOLE || part == FRACTION)) {
                part = E;
            } else if ((c == '+' || c == '-') && part == E) {
                part = SIGN;
            } else {
                good = false;
            }
        }
        good = good && (part == WHOLE || part == FRACTION || part == POWER);
        double value = 0;
        if (kf_decimal_parse(text, 4, &value) != good) {
            fail_msg("\"%.4s\" should%s be read", text, good ? "" : " not");
        }
    }
}

static void fifteen_digits_are_printed_rounded(void **state)
{
    (void)state;
    char text[KF_DECIMAL_SIZE];
    assert_int_equal(kf_decimal_print_digits(359.27000000000004, text), 20);
    assert_string_equal(text, "3.59270000000000e+02");
    (void)kf_decimal_print_digits(-0.1, text);
    assert_string_equal(text, "-1.00000000000000e-01");
    (void)kf_decimal_print_digits(9.999999999999999, text);
    assert_string_equal(text, "1.00000000000000e+01");
    (void)kf_decimal_print_digits(-DBL_MAX, text);
    assert_string_equal(text, "-1.79769313486232e+308");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_double_reads_back_to_the_same_bits),
        cmocka_unit_test(subnormal_and_extreme_doubles_read_back),
        cmocka_unit_test(figures_of_statistics_read_back),
        cmocka_unit_test(printing_is_shortest_and_plain_where_people_read),
        cmocka_unit_test(reading_rounds_correctly),
        cmocka_unit_test(reading_takes_the_given_length_only),
        cmocka_unit_test(a_thousand_digits_are_read_and_a_million_do_no_harm),
        cmocka_unit_test(what_is_no_plain_number_is_refused),
        cmocka_unit_test(no_short_text_is_read_that_a_person_would_not_call_a_number),
        cmocka_unit_test(fifteen_digits_are_printed_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

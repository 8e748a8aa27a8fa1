#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"
#include "tests/support/cmocka.h"

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t random_below(uint64_t *seed, uint64_t limit)
{
    return next_random(seed) % limit;
}

/* digits × 10^-places as a source would print it, read by our own reader. */
static double figure(uint64_t digits, int places)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%" PRIu64 "e%d", digits, -places);
    double value = 0;
    assert_true(kf_decimal_parse(text, (size_t)length, &value));
    return value;
}

static double ratio(double a, double b)
{
    struct kf_wide wide_a = kf_wide_from_figure(kf_figure_canonical(a));
    struct kf_wide wide_b = kf_wide_from_figure(kf_figure_canonical(b));
    return kf_wide_value(kf_wide_div(wide_a, wide_b));
}

/* ---- sums ---- */

/* Up to 400 counts below 10^15: beyond what a double holds exactly, within what two do. */
static void wide_sums_of_counts_are_exact(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 1000; round++) {
        struct kf_wide sum = kf_wide_from(0);
        uint64_t whole = 0;
        uint64_t limit = round % 2 ? 1000000 : 1000000000000000;
        for (uint64_t left = 1 + random_below(&seed, 400); left > 0; left--) {
            uint64_t count = random_below(&seed, limit);
            sum = kf_wide_add(sum, kf_wide_from_figure((double)count));
            whole += count;
        }
        assert_true((uint64_t)sum.high + (uint64_t)(int64_t)sum.low == whole);
        assert_true(sum.high == (double)whole);
    }
}

static void what_cancels_is_zero_without_a_sign(void **state)
{
    (void)state;
    const double values[] = {0, 1, 0.1, 1e15, 1e-200};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct kf_wide value = kf_wide_from(values[i]);
        struct kf_wide minus = {-value.high, -value.low};
        struct kf_wide differences[] = {kf_wide_sub(value, value), kf_wide_add(minus, value)};
        for (size_t d = 0; d < 2; d++) {
            assert_int_equal(bits_of(differences[d].high), 0);
            assert_int_equal(bits_of(differences[d].low), 0);
        }
    }
    struct kf_wide none = {-0.0, -0.0};
    assert_int_equal(bits_of(kf_wide_add(none, none).high), 0);
    assert_int_equal(bits_of(kf_wide_add(none, none).low), 0);
}

static void cancelling_series_sum_to_what_is_left(void **state)
{
    (void)state;
    const double neumaier[] = {1, 1e100, 1, -1e100};
    assert_true(kf_sum_of(neumaier, 4) == 2);
    const double small_last[] = {1e16, 1, -1e16};
    assert_true(kf_sum_of(small_last, 3) == 1);
    const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    assert_true(kf_sum_of(tenths, 10) == 1);
    assert_true(kf_sum_of(NULL, 0) == 0);
}

static void a_long_series_that_cancels_in_pairs_sums_to_zero(void **state)
{
    (void)state;
    enum { PAIRS = 5000 };
    static double values[2 * PAIRS];
    uint64_t seed = 3;
    for (size_t i = 0; i < PAIRS; i++) {
        values[i] = ldexp((double)random_below(&seed, 1u << 20), (int)random_below(&seed, 30));
        values[2 * PAIRS - 1 - i] = -values[i];
    }
    assert_true(kf_sum_of(values, 2 * PAIRS) == 0);
}

static void the_sum_of_decimals_hardly_depends_on_their_order(void **state)
{
    (void)state;
    enum { COUNT = 357 };
    double values[COUNT];
    uint64_t seed = 5;
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = (double)random_below(&seed, 100000000) / 1000 - 20000;
    }
    double first = kf_sum_of(values, COUNT);
    for (int round = 0; round < 200; round++) {
        for (size_t i = COUNT - 1; i > 0; i--) {
            size_t j = (size_t)random_below(&seed, i + 1);
            double kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
        assert_true(kf_sum_of(values, COUNT) == first);
    }
}

static void a_running_sum_may_be_read_at_any_time(void **state)
{
    (void)state;
    struct kf_sum sum = {0};
    kf_sum_add(&sum, 1e16);
    kf_sum_add(&sum, 1);
    assert_true(kf_sum_value(&sum) == 1e16); /* 1e16 + 1 rounds to even */
    kf_sum_add(&sum, 1);
    assert_true(kf_sum_value(&sum) == 1e16 + 2);
}

/* ---- figures ---- */

static void canonical_figures_stay_as_they_are(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 300000; i++) {
        uint64_t bits = next_random(&seed);
        double value = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        double once = kf_figure_canonical(value);
        double twice = kf_figure_canonical(once);
        if (bits_of(once) != bits_of(twice)) {
            fail_msg("%a gives %a, and that %a", value, once, twice);
        }
        if (fabs(once - value) > fabs(value) * 5.3e-15) {
            fail_msg("%a is not near %a", once, value);
        }
    }
}

static void decimals_of_fifteen_digits_are_canonical(void **state)
{
    (void)state;
    uint64_t seed = 13;
    for (int i = 0; i < 200000; i++) {
        uint64_t digits = random_below(&seed, 1000000000000000u);
        double value = figure(digits, (int)random_below(&seed, 40) - 10);
        if (bits_of(kf_figure_canonical(value)) != bits_of(value)) {
            fail_msg("%.17g is a decimal of 15 digits", value);
        }
    }
}

static void the_noise_of_a_product_is_taken_away(void **state)
{
    (void)state;
    assert_true(1.1 * 1.1 != 1.21); /* else this test shows nothing */
    assert_true(kf_figure_canonical(97.1 * 3.7) == 359.27);
    assert_true(kf_figure_canonical(0.1 + 0.2) == 0.3);
    assert_true(kf_figure_canonical(1.1 * 1.1) == 1.21);
    assert_true(kf_figure_canonical(-4.35 * 100) == -435);
    assert_true(kf_figure_canonical(0.971 * 100 / 100) == 0.971);
    uint64_t seed = 17;
    int noisy = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t a = random_below(&seed, 10000000) + 1;
        uint64_t b = random_below(&seed, 10000) + 1;
        int places = (int)random_below(&seed, 7);
        double product = figure(a, places) * figure(b, 3);
        double exact = figure(a * b, places + 3);
        noisy += product != exact;
        if (kf_figure_canonical(product) != exact) {
            fail_msg("%.17g is not %.17g", product, exact);
        }
    }
    assert_true(noisy > 1000);
}

static void zero_is_zero_and_what_is_no_figure_passes_through(void **state)
{
    (void)state;
    assert_int_equal(bits_of(kf_figure_canonical(0.0)), 0);
    assert_int_equal(bits_of(kf_figure_canonical(-0.0)), 0);
    assert_true(kf_figure_canonical(DBL_MAX) == DBL_MAX);
    assert_true(kf_figure_canonical(4.9e-324) == 4.9e-324);
    assert_true(isnan(kf_figure_canonical((double)NAN)));
    assert_true(kf_figure_canonical((double)INFINITY) == (double)INFINITY);
    assert_true(isnan(kf_wide_from_figure((double)NAN).high));
    assert_true(kf_wide_from_figure((double)-INFINITY).high == (double)-INFINITY);
    assert_true(kf_wide_value(kf_wide_from_figure(DBL_MAX)) == DBL_MAX);
    assert_true(kf_wide_value(kf_wide_from_figure(4.9e-324)) == 4.9e-324);
}

static void a_figure_taken_wide_rounds_to_itself(void **state)
{
    (void)state;
    uint64_t seed = 19;
    for (int i = 0; i < 200000; i++) {
        double value =
            figure(random_below(&seed, 1000000000000000u), (int)random_below(&seed, 260) - 100);
        if (kf_wide_value(kf_wide_from_figure(value)) != value) {
            fail_msg("%.17g", value);
        }
        if (kf_wide_value(kf_wide_from_figure(-value)) != -value) {
            fail_msg("-%.17g", value);
        }
    }
}

/* ---- ratios ---- */

static void a_ratio_does_not_show_the_unit_of_its_figures(void **state)
{
    (void)state;
    static const struct {
        uint64_t factor;
        int places;
    } units[] = {{1000, 0}, {1, 3}, {7, 0}, {37, 1}, {1, 2}, {1000000, 0}, {12345, 4}, {3, 9}};
    uint64_t seed = 23;
    int would_differ = 0;
    for (int i = 0; i < 60000; i++) {
        uint64_t a = random_below(&seed, 1000000000) + 1;
        uint64_t b = random_below(&seed, 1000000000) + 1;
        int a_places = (int)random_below(&seed, 6);
        int b_places = (int)random_below(&seed, 6);
        double plain = ratio(figure(a, a_places), figure(b, b_places));
        for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
            double scaled_a = figure(a * units[u].factor, a_places + units[u].places);
            double scaled_b = figure(b * units[u].factor, b_places + units[u].places);
            would_differ += scaled_a / scaled_b != figure(a, a_places) / figure(b, b_places);
            if (bits_of(ratio(scaled_a, scaled_b)) != bits_of(plain)) {
                fail_msg("%" PRIu64 "/%" PRIu64 " in unit %zu", a, b, u);
            }
        }
    }
    assert_true(would_differ > 10000); /* plain doubles would show it */
}

static void a_ratio_survives_units_applied_in_binary(void **state)
{
    (void)state;
    static const double factors[] = {1000, 0.001, 7, 3.7, 100, 0.01};
    uint64_t seed = 29;
    for (int i = 0; i < 60000; i++) {
        double a = figure(random_below(&seed, 10000000) + 1, (int)random_below(&seed, 5));
        double b = figure(random_below(&seed, 10000000) + 1, (int)random_below(&seed, 5));
        double plain = ratio(a, b);
        for (size_t f = 0; f < sizeof factors / sizeof factors[0]; f++) {
            if (bits_of(ratio(a * factors[f], b * factors[f])) != bits_of(plain)) {
                fail_msg("%.17g/%.17g scaled by %g", a, b, factors[f]);
            }
        }
    }
}

static void a_weighted_mean_does_not_show_the_unit_either(void **state)
{
    (void)state;
    enum { COUNT = 10 };
    uint64_t seed = 31;
    for (int i = 0; i < 3000; i++) {
        double result[2];
        uint64_t values[COUNT];
        uint64_t people[COUNT];
        for (size_t k = 0; k < COUNT; k++) {
            values[k] = random_below(&seed, 1000000) + 1;
            people[k] = random_below(&seed, 600000) + 1000;
        }
        for (int unit = 0; unit < 2; unit++) {
            struct kf_wide above = kf_wide_from(0);
            struct kf_wide below = kf_wide_from(0);
            for (size_t k = 0; k < COUNT; k++) {
                double value = unit ? figure(values[k] * 37, 5) : figure(values[k], 1);
                struct kf_wide weight = kf_wide_from((double)people[k]);
                above = kf_wide_add(above, kf_wide_mul(weight, kf_wide_from_figure(value)));
                below = kf_wide_add(below, weight);
            }
            double own = unit ? figure(values[0] * 37, 5) : figure(values[0], 1);
            struct kf_wide mean = kf_wide_div(above, below);
            result[unit] = kf_wide_value(kf_wide_div(kf_wide_from_figure(own), mean));
        }
        assert_int_equal(bits_of(result[0]), bits_of(result[1]));
    }
}

static void wide_numbers_keep_what_doubles_lose(void **state)
{
    (void)state;
    /* (1/3)·3 − 1 and (1 + 2^-80) − 1 */
    struct kf_wide third = kf_wide_div(kf_wide_from(1), kf_wide_from(3));
    struct kf_wide rest = kf_wide_add(kf_wide_mul(third, kf_wide_from(3)), kf_wide_from(-1));
    assert_true(fabs(kf_wide_value(rest)) < 1e-31);
    struct kf_wide sum = kf_wide_add(kf_wide_from(1), kf_wide_from(0x1p-80));
    assert_true(kf_wide_value(kf_wide_add(sum, kf_wide_from(-1))) == 0x1p-80);
    /* 0.1 as a decimal is not the double 0.1 */
    struct kf_wide tenth = kf_wide_from_figure(0.1);
    struct kf_wide ten = kf_wide_mul(tenth, kf_wide_from(10));
    assert_true(fabs(kf_wide_value(kf_wide_add(ten, kf_wide_from(-1)))) < 1e-31);
    assert_true(tenth.low != 0);
}

static void dividing_zero_gives_zero(void **state)
{
    (void)state;
    assert_true(kf_wide_value(kf_wide_div(kf_wide_from_figure(0), kf_wide_from_figure(3.7))) == 0);
    assert_true(ratio(123.4, 123.4) == 1);
    assert_true(ratio(97.1, 0.971) == 100);
}

/* ---- grid ---- */

static void sums_on_the_grid_are_exact_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    static const double scales[] = {100, 1};
    uint64_t seed = 37;
    for (size_t s = 0; s < 2; s++) {
        double parts[COUNT];
        int64_t exact = 0; /* in units of 2^-41, the finer grid */
        for (size_t i = 0; i < COUNT; i++) {
            double value = ((double)next_random(&seed) / 0x1p64 - 0.4) * 10 * scales[s];
            parts[i] = kf_grid(value, scales[s]);
            exact += (int64_t)ldexp(parts[i], 41);
        }
        double first = (double)exact / 0x1p41;
        for (int round = 0; round < 500; round++) {
            double sum = 0;
            for (size_t i = COUNT; i > 0; i--) {
                size_t j = (size_t)random_below(&seed, i);
                double kept = parts[i - 1];
                parts[i - 1] = parts[j];
                parts[j] = kept;
                sum += parts[i - 1];
            }
            assert_int_equal(bits_of(sum), bits_of(first));
        }
    }
}

static void the_grid_is_too_fine_to_be_seen_and_lying_on_it_is_final(void **state)
{
    (void)state;
    static const double scales[] = {100, 1};
    uint64_t seed = 41;
    for (size_t s = 0; s < 2; s++) {
        for (int i = 0; i < 100000; i++) {
            double value = ((double)next_random(&seed) / 0x1p64 - 0.5) * 200 * scales[s];
            double laid = kf_grid(value, scales[s]);
            assert_true(fabs(laid - value) <= scales[s] * 2.5e-13);
            assert_int_equal(bits_of(kf_grid(laid, scales[s])), bits_of(laid));
        }
        assert_true(kf_grid(scales[s], scales[s]) == scales[s]);
    }
}

static void the_largest_sums_that_the_grid_promises_are_exact(void **state)
{
    (void)state;
    static const double scales[] = {100, 1};
    for (size_t s = 0; s < 2; s++) {
        double step = kf_grid(scales[s] * 3e-13, scales[s]);
        assert_true(step > 0);
        double large = 2000 * scales[s];
        assert_true(large + step - large == step);
    }
}

static void the_grid_has_no_minus_zero(void **state)
{
    (void)state;
    assert_int_equal(bits_of(kf_grid(-0.0, 100)), 0);
    assert_int_equal(bits_of(kf_grid(-1e-20, 100)), 0);
    assert_int_equal(bits_of(kf_grid(1e-20, 1)), 0);
}

static void roots_of_squares_are_exact_to_thirty_digits(void **state)
{
    (void)state;
    for (int i = 1; i < 1000; i++) {
        struct kf_wide third = kf_wide_div(kf_wide_from(i), kf_wide_from(3));
        struct kf_wide root = kf_wide_sqrt(kf_wide_mul(third, third));
        double rest = kf_wide_value(kf_wide_sub(root, third));
        assert_true(fabs(rest) < 1e-29 * i);
    }
    assert_true(kf_wide_value(kf_wide_sqrt(kf_wide_from(0))) == 0);
    assert_true(kf_wide_value(kf_wide_sqrt(kf_wide_from(1522756))) == 1234);
}

static void wide_numbers_compare_beyond_the_last_bit_of_a_double(void **state)
{
    (void)state;
    struct kf_wide third = kf_wide_div(kf_wide_from(1), kf_wide_from(3));
    struct kf_wide more = kf_wide_add(third, kf_wide_from(1e-25));
    assert_true(kf_wide_value(third) == kf_wide_value(more));
    assert_true(kf_wide_less(third, more));
    assert_false(kf_wide_less(more, third));
    assert_false(kf_wide_less(third, third));
    assert_true(kf_wide_less(kf_wide_from(-1), third));
}

/* --- decimals -------------------------------------------------------------------------------- */

static double decimals(double value, int places)
{
    return kf_wide_value(kf_wide_decimals(kf_wide_from_figure(value), places));
}

static void a_value_is_rounded_to_its_decimals_half_away_from_zero(void **state)
{
    (void)state;
    assert_true(decimals(2.5, 0) == 3);
    assert_true(decimals(-2.5, 0) == -3);
    assert_true(decimals(2.4, 0) == 2);
    assert_true(decimals(-2.4, 0) == -2);
    assert_true(decimals(-2.6, 0) == -3);
    assert_true(decimals(1.005, 2) == 1.01); /* the double is below, the decimal is not */
    assert_true(decimals(61.8000000004, 9) == 61.8);
    assert_true(decimals(61.8000000005, 9) == 61.800000001);
    assert_true(decimals(53.7, 9) == 53.7);
    assert_int_equal(bits_of(decimals(-1e-12, 9)), 0);
    assert_int_equal(bits_of(decimals(0, 9)), 0);
}

static void decimals_stay_where_they_are(void **state)
{
    (void)state;
    for (int i = -99999; i <= 99999; i += 7) {
        double value = (double)i / 1000;
        assert_true(decimals(value, 3) == value);
        assert_true(decimals(value, 9) == value);
    }
}

static void what_has_too_many_units_stays_as_it_is(void **state)
{
    (void)state;
    struct kf_wide large = kf_wide_from(1e12 + 0.125);
    assert_true(kf_wide_value(kf_wide_decimals(large, 9)) == 1e12 + 0.125);
    assert_true(decimals(-4e15, 0) == -4e15);
    assert_true(isnan(kf_wide_value(kf_wide_decimals(kf_wide_from(NAN), 2))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_rounded_to_its_decimals_half_away_from_zero),
        cmocka_unit_test(decimals_stay_where_they_are),
        cmocka_unit_test(what_has_too_many_units_stays_as_it_is),
        cmocka_unit_test(cancelling_series_sum_to_what_is_left),
        cmocka_unit_test(wide_sums_of_counts_are_exact),
        cmocka_unit_test(what_cancels_is_zero_without_a_sign),
        cmocka_unit_test(a_long_series_that_cancels_in_pairs_sums_to_zero),
        cmocka_unit_test(the_sum_of_decimals_hardly_depends_on_their_order),
        cmocka_unit_test(a_running_sum_may_be_read_at_any_time),
        cmocka_unit_test(canonical_figures_stay_as_they_are),
        cmocka_unit_test(decimals_of_fifteen_digits_are_canonical),
        cmocka_unit_test(the_noise_of_a_product_is_taken_away),
        cmocka_unit_test(zero_is_zero_and_what_is_no_figure_passes_through),
        cmocka_unit_test(a_figure_taken_wide_rounds_to_itself),
        cmocka_unit_test(a_ratio_does_not_show_the_unit_of_its_figures),
        cmocka_unit_test(a_ratio_survives_units_applied_in_binary),
        cmocka_unit_test(a_weighted_mean_does_not_show_the_unit_either),
        cmocka_unit_test(wide_numbers_keep_what_doubles_lose),
        cmocka_unit_test(dividing_zero_gives_zero),
        cmocka_unit_test(sums_on_the_grid_are_exact_in_any_order),
        cmocka_unit_test(the_grid_is_too_fine_to_be_seen_and_lying_on_it_is_final),
        cmocka_unit_test(the_largest_sums_that_the_grid_promises_are_exact),
        cmocka_unit_test(the_grid_has_no_minus_zero),
        cmocka_unit_test(roots_of_squares_are_exact_to_thirty_digits),
        cmocka_unit_test(wide_numbers_compare_beyond_the_last_bit_of_a_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

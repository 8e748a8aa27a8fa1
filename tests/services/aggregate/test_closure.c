#include "tests/support/cmocka.h"

#include "services/aggregate/closure.h"
#include "tests/support/panel_fixture.h"

/* a × b of two decimals, as the tree multiplies them. */
static struct kf_wide share(double a, double b)
{
    return kf_wide_mul(kf_wide_from_figure(a), kf_wide_from_figure(b));
}

static struct kf_wide fraction(double above, double below)
{
    return kf_wide_div(kf_wide_from_figure(above), kf_wide_from_figure(below));
}

static void assert_weights(const double *weights, const double *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (weights[i] != expected[i]) {
            fail_msg("weight %zu is %.17g, expected %.17g", i, weights[i], expected[i]);
        }
    }
}

/* SØF-rapport 06/11, table 2.2: quality .20 split on three. */
static void the_last_of_the_kindergarten_weights_absorbs_the_rounding(void **state)
{
    (void)state;
    struct kf_wide third = fraction(0.2, 3);
    const struct kf_wide shares[] = {kf_wide_from_figure(0.8), third, third, third};
    double weights[4];
    kf_close_last(shares, 4, 3, weights);
    assert_weights(weights, (double[]){0.8, 0.067, 0.067, 0.066}, 4);
}

/* The same by remainders: .0666… is cut off to .066, two thousandths are left, and they go to the
 * last two. */
static void remainders_go_to_the_last_of_equal_ones(void **state)
{
    (void)state;
    struct kf_wide third = fraction(0.2, 3);
    const struct kf_wide shares[] = {kf_wide_from_figure(0.8), third, third, third};
    double weights[4];
    kf_close_remainder(shares, 4, 3, weights);
    assert_weights(weights, (double[]){0.8, 0.066, 0.067, 0.067}, 4);
}

/* Table 2.5, METHOD W: doctors .3251 main and supplementary, function 232 .2272 on seven. */
static void the_weights_of_health_are_those_of_the_table(void **state)
{
    (void)state;
    struct kf_wide seventh = fraction(0.2272, 7);
    const struct kf_wide shares[] = {share(0.3251, 0.8),
                                     share(0.3251, 0.2),
                                     kf_wide_from_figure(0.2940),
                                     kf_wide_from_figure(0.1537),
                                     seventh,
                                     seventh,
                                     seventh,
                                     seventh,
                                     seventh,
                                     seventh,
                                     seventh};
    double weights[11];
    kf_close_remainder(shares, 11, 4, weights);
    assert_weights(weights,
                   (double[]){0.2601, 0.0650, 0.2940, 0.1537, 0.0324, 0.0324, 0.0324, 0.0325,
                              0.0325, 0.0325, 0.0325},
                   11);
}

/* .35 · .5 = .175 has no exact double, nor has 1.15 · .5 = .575: on paper both are halves. */
static void halves_are_rounded_away_from_zero_as_on_paper(void **state)
{
    (void)state;
    const struct kf_wide shares[] = {share(0.35, 0.5), share(1.15, 0.5),
                                     share(0.5, 0.5)}; /* .175 .575 .25 */
    double weights[3];
    kf_close_last(shares, 3, 2, weights);
    assert_weights(weights, (double[]){0.18, 0.58, 0.24}, 3);
}

static void a_decimal_share_that_needs_no_rounding_stays_what_it_is(void **state)
{
    (void)state;
    const struct kf_wide shares[] = {share(0.6, 0.7), share(0.4, 0.7), kf_wide_from_figure(0.3)};
    double weights[3];
    kf_close_last(shares, 3, 2, weights);
    assert_weights(weights, (double[]){0.42, 0.28, 0.3}, 3);
    kf_close_remainder(shares, 3, 2, weights);
    assert_weights(weights, (double[]){0.42, 0.28, 0.3}, 3);
}

static void a_single_item_has_the_whole(void **state)
{
    (void)state;
    const struct kf_wide one = kf_wide_from(1);
    double weight = 0;
    kf_close_last(&one, 1, 4, &weight);
    assert_true(weight == 1);
    kf_close_remainder(&one, 1, 9, &weight);
    assert_true(weight == 1);
}

/* Six times .15 and .10 to one decimal: .2 six times leaves −.2. The caller has to look. */
static void the_last_may_be_left_with_less_than_nothing(void **state)
{
    (void)state;
    struct kf_wide shares[7];
    for (size_t i = 0; i < 6; i++) {
        shares[i] = kf_wide_from_figure(0.15);
    }
    shares[6] = kf_wide_from_figure(0.10);
    double weights[7];
    kf_close_last(shares, 7, 1, weights);
    assert_true(weights[6] == -0.2);
}

/* For any shares: whole units of the last decimal that sum to one; by remainders none moves by a
 * unit. */
static void closed_weights_sum_to_one_in_whole_units(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 5};
    for (int turn = 0; turn < 500; turn++) {
        struct kf_wide shares[40];
        double parts[40];
        double weights[40];
        size_t count = (size_t)fixture_random_whole(&random, 1, 40);
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            parts[i] = (double)fixture_random_whole(&random, 1, 1000);
            sum += parts[i];
        }
        for (size_t i = 0; i < count; i++) {
            shares[i] = fraction(parts[i], sum);
        }
        for (int way = 0; way < 2; way++) {
            (way == 0 ? kf_close_last : kf_close_remainder)(shares, count, 5, weights);
            double units = 0;
            for (size_t i = 0; i < count; i++) {
                double unit = round(weights[i] * 1e5);
                assert_true(unit / 1e5 == weights[i]);
                units += unit;
                assert_true(way == 0 || fabs(unit - 1e5 * parts[i] / sum) < 1);
            }
            assert_true(units == 1e5);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_of_the_kindergarten_weights_absorbs_the_rounding),
        cmocka_unit_test(remainders_go_to_the_last_of_equal_ones),
        cmocka_unit_test(the_weights_of_health_are_those_of_the_table),
        cmocka_unit_test(halves_are_rounded_away_from_zero_as_on_paper),
        cmocka_unit_test(a_decimal_share_that_needs_no_rounding_stays_what_it_is),
        cmocka_unit_test(a_single_item_has_the_whole),
        cmocka_unit_test(the_last_may_be_left_with_less_than_nothing),
        cmocka_unit_test(closed_weights_sum_to_one_in_whole_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <math.h>

#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/side_by_side.h"

/* Equal to `tolerance`. */
static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g, not %.17g", value, expected);
    }
}

/* A panel whose total index is `values`, which may hold FIXTURE_MISSING. */
static struct kf_panel *with_index(double scale, size_t members, const double *people,
                                   const double *values)
{
    struct kf_panel *panel = fixture_panel_new(scale, members);
    struct kf_result_key key = {KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index", NULL, false};
    struct kf_result *index = NULL;
    struct kf_error err = {0};
    fixture_population(panel, people);
    fixture_seal(panel);
    assert_int_equal(kf_panel_append(panel, &key, &index, &err), KF_OK);
    for (size_t k = 0; k < members; k++) {
        index->values[k] = isnan(values[k]) ? 0 : values[k];
        index->status[k] = (uint8_t)(isnan(values[k]) ? KF_CELL_MISSING : KF_CELL_VALUE);
    }
    return panel;
}

static enum kf_err compare(const struct kf_panel *a, const struct kf_panel *b, const char *sector,
                           bool renormalize, struct kf_side_by_side *both)
{
    struct kf_side_by_side_input input = {a, b, sector, renormalize};
    struct kf_error err = {0};
    return kf_side_by_side_make(&input, a->arena, both, &err);
}

static const double people[] = {100, 200, 100, 100};

static void ranks_of_equal_values_are_their_mean(void **state)
{
    (void)state;
    const double values[] = {5, 7, 5, 1};
    double ranks[4];
    kf_mean_ranks(values, ranks, 4);
    assert_true(ranks[0] == 2.5 && ranks[1] == 1 && ranks[2] == 2.5 && ranks[3] == 4);
}

/* a = 1 2 3 4, b = 2 1 4 3: Σ(a−2.5)(b−2.5) = 3, both spreads 5: r = .6. */
static void the_correlation_is_pearsons(void **state)
{
    (void)state;
    double r = 0;
    assert_true(kf_correlation((double[]){1, 2, 3, 4}, (double[]){2, 1, 4, 3}, 4, &r));
    assert_near(r, 0.6, 1e-15);
    assert_true(kf_correlation((double[]){1, 2, 3}, (double[]){-2, -4, -6}, 3, &r));
    assert_near(r, -1, 1e-15);
    const double rounds_up[] = {0.1, 0.7, 0.4}; /* v/(√v·√v) is 1 and a bit in doubles */
    assert_true(kf_correlation(rounds_up, rounds_up, 3, &r));
    assert_true(r == 1);
    assert_false(kf_correlation((double[]){1, 1}, (double[]){1, 2}, 2, &r));
    assert_false(kf_correlation((double[]){1}, (double[]){1}, 1, &r));
}

/* The quotient of the sums may lie one bit beyond 1. */
static void no_correlation_is_beyond_one(void **state)
{
    (void)state;
    unsigned seed = 2011;
    for (int round = 0; round < 2000; round++) {
        double a[5];
        double b[5];
        double r = 0;
        for (size_t i = 0; i < 5; i++) {
            seed = seed * 1103515245U + 12345U;
            a[i] = (double)(seed >> 8) / 7;
            b[i] = (round % 2 ? -3 : 3) * a[i] / 11;
        }
        assert_true(kf_correlation(a, b, 5, &r));
        assert_true(fabs(r) <= 1 && fabs(r) > 1 - 1e-12);
    }
}

/* 10 20 30 40 beside 12 11 30 50: ranks 4 3 2 1 and 3 4 2 1; Spearman 1 − 6·2/(4·15) = .8; mean
 * absolute difference (2 + 9 + 0 + 10)/4. */
static void values_ranks_shifts_and_distance_are_told(void **state)
{
    (void)state;
    struct kf_panel *a = with_index(100, 4, people, (double[]){10, 20, 30, 40});
    struct kf_panel *b = with_index(100, 4, people, (double[]){12, 11, 30, 50});
    struct kf_side_by_side both = {0};
    assert_int_equal(compare(a, b, "total", false, &both), KF_OK);
    assert_int_equal(both.count, 4);
    assert_true(both.pairs[0].rank_a == 4 && both.pairs[0].rank_b == 3);
    assert_true(both.pairs[1].rank_a == 3 && both.pairs[1].rank_b == 4);
    assert_true(both.correlated);
    assert_near(both.spearman, 0.8, 1e-15);
    assert_near(both.mean_absolute_difference, 5.25, 1e-15);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

/* Common are the first two, with 100 and 200 inhabitants: means (10 + 2·40)/3 = 30 and (1 + 2·4)/3
 * = 3, so both become 33.3 and 133.3 on the scale of A. */
static void renormalised_columns_have_the_mean_of_the_common_group_at_the_scale_of_a(void **state)
{
    (void)state;
    struct kf_panel *a = with_index(100, 3, people, (double[]){10, 40, 70});
    struct kf_panel *b = with_index(1, 4, people, (double[]){1, 4, FIXTURE_MISSING, 9});
    struct kf_side_by_side both = {0};
    assert_int_equal(compare(a, b, "total", true, &both), KF_OK);
    assert_int_equal(both.count, 2);
    assert_near(both.pairs[0].a, 100.0 / 3, 1e-12);
    assert_near(both.pairs[0].b, 100.0 / 3, 1e-12);
    assert_near(both.pairs[1].b, 400.0 / 3, 1e-12);
    assert_near(both.mean_absolute_difference, 0, 1e-12);
    assert_int_equal(both.only_a_len, 1);
    assert_string_equal(both.only_a[0], "0003");
    assert_int_equal(both.only_b_len, 1);
    assert_string_equal(both.only_b[0], "0004");
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

static void nothing_in_common_is_an_empty_comparison(void **state)
{
    (void)state;
    struct kf_panel *a = with_index(100, 2, people, (double[]){1, FIXTURE_MISSING});
    struct kf_panel *b = with_index(100, 2, people, (double[]){FIXTURE_MISSING, 1});
    struct kf_side_by_side both = {0};
    assert_int_equal(compare(a, b, "total", true, &both), KF_OK);
    assert_int_equal(both.count, 0);
    assert_false(both.correlated);
    assert_int_equal(compare(a, b, "skole", true, &both), KF_ERR_CONFIG);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_equal_values_are_their_mean),
        cmocka_unit_test(the_correlation_is_pearsons),
        cmocka_unit_test(no_correlation_is_beyond_one),
        cmocka_unit_test(values_ranks_shifts_and_distance_are_told),
        cmocka_unit_test(renormalised_columns_have_the_mean_of_the_common_group_at_the_scale_of_a),
        cmocka_unit_test(nothing_in_common_is_an_empty_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

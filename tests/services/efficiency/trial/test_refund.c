/* Who pays for costly users: the arithmetic, and what must hold of it (METHOD G4, G5). */
#include "tests/support/cmocka.h"

#include "services/efficiency/trial/refund.h"
#include "services/efficiency/unit_cost/million.h"
#include "tests/support/decimals.h"
#include "tests/support/panel_fixture.h"

#define GRID   1e-9 /* million kr: the last decimal */
#define ROUNDS 2000
#define USERS  50

/* As in 2017. */
static struct kf_refund_rule rule_of(int age_limit)
{
    return (struct kf_refund_rule){.threshold = kf_wide_from_figure(1235000),
                                   .share = kf_wide_from_figure(0.8),
                                   .age_limit = age_limit};
}

/* Costs in kr, maybe with øre. */
static struct kf_refund of_users(const double *costs, size_t count)
{
    struct kf_refund_rule rule = rule_of(67);
    struct kf_refund_basis basis = {0};
    for (size_t i = 0; i < count; i++) {
        kf_refund_add(&rule, kf_wide_from_figure(costs[i]), &basis);
    }
    return kf_refund_divide(&rule, &basis);
}

static struct kf_refund of_all(double users, double net)
{
    struct kf_refund_rule rule = rule_of(67);
    struct kf_refund_basis basis =
        kf_refund_of_all(&rule, kf_wide_from_figure(users), kf_wide_from_figure(net));
    return kf_refund_divide(&rule, &basis);
}

/* From `low` to `high` kr, in øre. */
static double some_cost(struct fixture_random *random, int64_t low, int64_t high)
{
    return (double)fixture_random_whole(random, low * 100, high * 100) / 100;
}

/* 2.235 million kr: a million above, .8 refunded, 1.235 + .2 left. Of 500 000 kr nothing. */
static void what_is_above_the_threshold_is_refunded_by_its_share(void **state)
{
    (void)state;
    struct kf_refund all = of_users((double[]){2235000, 500000}, 2);
    assert_true(all.users == 1);
    assert_close(all.net, 2.235, GRID);
    assert_close(all.above, 1, GRID);
    assert_close(all.refund, 0.8, GRID);
    assert_close(all.own_threshold, 1.235, GRID);
    assert_close(all.own_above, 0.2, GRID);
    assert_close(all.own, 1.435, GRID);
}

static void the_refund_is_zero_at_and_below_the_threshold(void **state)
{
    (void)state;
    struct fixture_random random = {3701};
    assert_true(of_users((double[]){1235000}, 1).refund == 0);
    assert_true(of_users((double[]){1235000}, 1).users == 0);
    assert_true(of_all(1, 1235000).refund == 0);
    for (int i = 0; i < ROUNDS; i++) {
        double cost = some_cost(&random, 0, 1235000);
        assert_true(of_users(&cost, 1).refund == 0);
        assert_true(of_all(1, cost).refund == 0);
    }
}

/* A step of x kr above the threshold is .8·x kr of refund, however small. */
static void the_refund_is_continuous_above_the_threshold(void **state)
{
    (void)state;
    for (double step = 100000; step >= 0.01; step /= 10) {
        double cost = kf_figure_canonical(1235000 + step);
        assert_close(of_users(&cost, 1).refund, 0.8 * step / 1e6, GRID);
        assert_close(of_all(1, cost).refund, 0.8 * step / 1e6, GRID);
    }
    assert_true(of_users((double[]){1235001}, 1).refund > 0);
}

static void the_refund_is_never_negative_nor_above_its_share(void **state)
{
    (void)state;
    struct fixture_random random = {3702};
    for (int i = 0; i < ROUNDS; i++) {
        double cost = some_cost(&random, 0, 9000000);
        struct kf_refund one = of_users(&cost, 1);
        struct kf_refund all = of_all((double)fixture_random_whole(&random, 0, 9), cost);
        assert_true(one.refund >= 0 && one.refund <= 0.8 * cost / 1e6 + GRID);
        assert_true(all.refund >= 0 && all.refund <= 0.8 * cost / 1e6 + GRID);
    }
}

static void net_is_exactly_own_share_and_refund(void **state)
{
    (void)state;
    struct fixture_random random = {3703};
    for (int i = 0; i < ROUNDS; i++) {
        double costs[USERS];
        for (size_t u = 0; u < USERS; u++) {
            costs[u] = some_cost(&random, 0, 5000000);
        }
        struct kf_refund all = of_users(costs, USERS);
        assert_true(decimals_add(all.own, all.refund) == all.net);
        assert_true(decimals_add(all.own_threshold, all.own_above) == all.own);
        assert_true(decimals_add(all.own_above, all.refund) == all.above);
        assert_true(decimals_add(all.own_threshold, all.above) == all.net);
        assert_close(all.own_threshold, all.users * 1.235, GRID);
    }
}

static void users_above_the_threshold_and_their_aggregate_agree(void **state)
{
    (void)state;
    struct fixture_random random = {3704};
    for (int i = 0; i < ROUNDS; i++) {
        double costs[USERS];
        struct kf_wide net = kf_wide_from(0);
        for (size_t u = 0; u < USERS; u++) {
            costs[u] = some_cost(&random, 1235001, 5000000);
            net = kf_wide_add(net, kf_wide_from_figure(costs[u]));
        }
        struct kf_refund each = of_users(costs, USERS);
        struct kf_refund all = of_all(USERS, kf_figure_canonical(kf_wide_value(net)));
        assert_true(each.users == all.users);
        assert_true(each.net == all.net);
        assert_true(each.refund == all.refund);
        assert_true(each.own == all.own);
    }
}

/* Some are below the threshold: what they lack takes nothing from what others have above. */
static void users_below_the_threshold_do_not_lower_the_refund_of_others(void **state)
{
    (void)state;
    double costs[] = {3000000, 100};
    assert_close(of_users(costs, 2).refund, 0.8 * 1.765, GRID);
    assert_close(of_all(2, 3000100).refund, 0.8 * 0.5301, GRID);
}

static void the_order_of_users_does_not_matter(void **state)
{
    (void)state;
    struct fixture_random random = {3705};
    for (int i = 0; i < ROUNDS; i++) {
        double costs[USERS];
        double turned[USERS];
        for (size_t u = 0; u < USERS; u++) {
            costs[u] = some_cost(&random, 0, 5000000);
            turned[USERS - 1 - u] = costs[u];
        }
        struct kf_refund one = of_users(costs, USERS);
        struct kf_refund other = of_users(turned, USERS);
        assert_memory_equal(&one, &other, sizeof one);
    }
}

static void who_costs_more_leaves_more_to_the_municipality(void **state)
{
    (void)state;
    struct fixture_random random = {3706};
    for (int i = 0; i < ROUNDS; i++) {
        double less = some_cost(&random, 0, 5000000);
        double more = kf_figure_canonical(less + some_cost(&random, 1, 100000));
        assert_true(of_users(&more, 1).own >= of_users(&less, 1).own);
        assert_true(of_all(2, more).own > of_all(2, less).own);
        assert_true(of_all(2, more).refund >= of_all(2, less).refund);
    }
}

static void who_has_reached_the_age_limit_gives_no_refund(void **state)
{
    (void)state;
    struct kf_refund_rule rule = rule_of(67);
    assert_true(kf_refund_covers(&rule, 0));
    assert_true(kf_refund_covers(&rule, 66));
    assert_true(kf_refund_covers(&rule, 66.9));
    assert_false(kf_refund_covers(&rule, 67));
    assert_false(kf_refund_covers(&rule, 80));
    rule = rule_of(0);
    assert_true(kf_refund_covers(&rule, 80));
}

/* 2.5 users: 3.0875 million kr up to the threshold, of 4 million .9125 above. */
static void users_of_part_of_a_year_count_in_part(void **state)
{
    (void)state;
    struct kf_refund all = of_all(2.5, 4000000);
    assert_true(all.users == 2.5);
    assert_close(all.own_threshold, 3.0875, GRID);
    assert_close(all.refund, 0.73, GRID);
}

static void a_net_cost_below_the_thresholds_is_all_the_municipalitys(void **state)
{
    (void)state;
    struct kf_refund all = of_all(3, 2000000);
    assert_true(all.above == 0 && all.refund == 0 && all.own_above == 0);
    assert_close(all.own, 2, GRID);
    assert_true(of_all(0, 0).own == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_above_the_threshold_is_refunded_by_its_share),
        cmocka_unit_test(the_refund_is_zero_at_and_below_the_threshold),
        cmocka_unit_test(the_refund_is_continuous_above_the_threshold),
        cmocka_unit_test(the_refund_is_never_negative_nor_above_its_share),
        cmocka_unit_test(net_is_exactly_own_share_and_refund),
        cmocka_unit_test(users_above_the_threshold_and_their_aggregate_agree),
        cmocka_unit_test(users_below_the_threshold_do_not_lower_the_refund_of_others),
        cmocka_unit_test(the_order_of_users_does_not_matter),
        cmocka_unit_test(who_costs_more_leaves_more_to_the_municipality),
        cmocka_unit_test(who_has_reached_the_age_limit_gives_no_refund),
        cmocka_unit_test(users_of_part_of_a_year_count_in_part),
        cmocka_unit_test(a_net_cost_below_the_thresholds_is_all_the_municipalitys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

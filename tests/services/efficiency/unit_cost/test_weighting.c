#include "tests/support/cmocka.h"

#include "services/efficiency/unit_cost/weighting.h"

static struct kf_delivered service(double rate, double quantity)
{
    return (struct kf_delivered){.quantity = {kf_wide_from_figure(quantity), KF_CELL_VALUE},
                                 .rate = kf_wide_from_figure(rate)};
}

static struct kf_delivered unknown(double rate, uint8_t status)
{
    return (struct kf_delivered){.quantity = {kf_wide_from(0), status},
                                 .rate = kf_wide_from_figure(rate)};
}

static struct kf_unit_cell net(double kr)
{
    return (struct kf_unit_cell){kf_wide_from_figure(kr), KF_CELL_VALUE};
}

static double cost(const struct kf_delivered *item)
{
    assert_true(kf_cell_has_value(item->unit_cost.status));
    return kf_wide_value(item->unit_cost.value);
}

/* Worth 100·20 + 300·10 = 5000 kr, and cost 6000: a fifth more than the rates. */
static void the_expenditure_of_a_group_is_shared_by_what_the_rates_say(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(300, 10)};
    kf_weigh(net(6000), list, 2);
    assert_true(cost(&list[0]) == 120);
    assert_true(cost(&list[1]) == 360);
    assert_true(20 * cost(&list[0]) + 10 * cost(&list[1]) == 6000);
}

/* AK annex V.2: home help and nursing in Hobøl at 1.228 times the rates of annex V.1, 2017. The
 * hours are not printed, and do not matter. */
static const double rates[] = {724, 1020, 537, 501, 551};
static const double printed[] = {889, 1253, 660, 615, 677};
static const double hours[] = {30000, 21450.5, 1, 12000, 0.25};
enum { HOBOL = 5, HTBODK = 2 };

static void hobol(double ratio, struct kf_delivered *list)
{
    struct kf_wide worth = kf_wide_from(0);
    for (size_t i = 0; i < HOBOL; i++) {
        list[i] = service(rates[i], hours[i]);
        worth = kf_wide_add(worth, kf_wide_mul(list[i].rate, list[i].quantity.value));
    }
    struct kf_unit_cell spent = {kf_wide_mul(worth, kf_wide_from_figure(ratio)), KF_CELL_VALUE};
    kf_weigh(spent, list, HOBOL);
}

static void hobols_unit_costs_are_the_rates_times_1_228(void **state)
{
    (void)state;
    static const double expected[] = {889.072, 1252.56, 659.436, 615.228, 676.628};
    struct kf_delivered list[HOBOL];
    hobol(1.228, list);
    for (size_t i = 0; i < HOBOL; i++) {
        assert_true(cost(&list[i]) == expected[i]);
        if (i != HTBODK) {
            assert_true(round(cost(&list[i])) == printed[i]);
        }
    }
}

/* Practical help, HTBODK, is printed 660 and comes to 659.4: 1.228 is rounded, too. Any ratio from
 * 1.22812 to 1.2285, which all round to 1.228, gives all five as printed. */
static void hobols_practical_help_is_printed_with_a_ratio_that_was_not_rounded(void **state)
{
    (void)state;
    struct kf_delivered list[HOBOL];
    hobol(1.228, list);
    assert_true(round(cost(&list[HTBODK])) == 659);
    static const double ratios[] = {1.22812, 1.2283, 1.2284999};
    for (size_t r = 0; r < 3; r++) {
        hobol(ratios[r], list);
        for (size_t i = 0; i < HOBOL; i++) {
            assert_true(round(cost(&list[i])) == printed[i]);
        }
    }
}

static void one_service_costs_what_is_spent_for_an_hour_with_a_rate_or_without(void **state)
{
    (void)state;
    struct kf_delivered rated = service(4505, 8);
    struct kf_delivered unrated = service(0, 8);
    kf_weigh(net(10000), &rated, 1);
    kf_weigh(net(10000), &unrated, 1);
    assert_true(cost(&rated) == 1250);
    assert_true(cost(&unrated) == 1250);
}

static void a_service_without_volume_has_no_unit_cost(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(300, 0),
                                  unknown(300, KF_CELL_NOT_APPLICABLE)};
    kf_weigh(net(6000), list, 3);
    assert_true(cost(&list[0]) == 300);
    assert_int_equal(list[0].unit_cost.status, KF_CELL_VALUE);
    assert_int_equal(list[1].unit_cost.status, KF_CELL_MISSING);
    assert_true(list[1].unit_cost.value.high == 0);
    assert_int_equal(list[2].unit_cost.status, KF_CELL_NOT_APPLICABLE);
}

static void nobody_delivers_and_nothing_is_divided_by_zero(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 0), service(300, 0)};
    kf_weigh(net(6000), list, 2);
    assert_int_equal(list[0].unit_cost.status, KF_CELL_MISSING);
    assert_int_equal(list[1].unit_cost.status, KF_CELL_MISSING);
    struct kf_unit_cell grant = kf_delivered_grants(list, 2);
    assert_int_equal(grant.status, KF_CELL_VALUE);
    assert_true(grant.value.high == 0);
}

static void a_quantity_that_is_missing_leaves_the_others_incomplete(void **state)
{
    (void)state;
    static const uint8_t statuses[] = {KF_CELL_MISSING, KF_CELL_CONFIDENTIAL};
    for (size_t i = 0; i < 2; i++) {
        struct kf_delivered list[] = {service(100, 20), unknown(300, statuses[i]),
                                      service(200, 10)};
        kf_weigh(net(6000), list, 3);
        assert_true(cost(&list[0]) == 150);
        assert_int_equal(list[0].unit_cost.status, KF_CELL_INCOMPLETE);
        assert_int_equal(list[1].unit_cost.status, statuses[i]);
        struct kf_unit_cell grant = kf_delivered_grants(list, 3);
        assert_int_equal(grant.status, KF_CELL_INCOMPLETE);
        assert_close(kf_wide_value(grant.value), 0.004, 2e-10);
    }
}

static void without_a_rate_the_weighting_of_several_services_is_unknown(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(0, 10), service(0, 0)};
    kf_weigh(net(6000), list, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(list[i].unit_cost.status, KF_CELL_MISSING);
    }
    assert_close(kf_wide_value(kf_delivered_grant(&list[0]).value), 0.002, 2e-10);
    assert_int_equal(kf_delivered_grant(&list[1]).status, KF_CELL_MISSING);
    assert_int_equal(kf_delivered_grant(&list[2]).status, KF_CELL_VALUE);
    assert_int_equal(kf_delivered_grants(list, 3).status, KF_CELL_MISSING);
}

static void a_service_that_nobody_asks_for_needs_no_rate(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(0, 0), service(200, 20)};
    kf_weigh(net(12000), list, 3);
    assert_true(cost(&list[0]) == 200);
    assert_true(cost(&list[2]) == 400);
    assert_close(kf_wide_value(kf_delivered_grants(list, 3).value), 0.006, 2e-10);
}

static void expenditure_that_is_missing_says_so_and_one_below_zero_is_shared(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(200, 20)};
    kf_weigh((struct kf_unit_cell){kf_wide_from(0), KF_CELL_CONFIDENTIAL}, list, 2);
    assert_int_equal(list[0].unit_cost.status, KF_CELL_CONFIDENTIAL);
    kf_weigh(net(-3000), list, 2);
    assert_true(cost(&list[0]) == -50);
    assert_true(cost(&list[1]) == -100);
    kf_weigh(net(0), list, 2);
    assert_true(cost(&list[1]) == 0);
}

static void flags_of_expenditure_and_all_quantities_stay(void **state)
{
    (void)state;
    struct kf_delivered list[] = {service(100, 20), service(200, 20)};
    list[1].quantity.status = KF_CELL_INFERRED;
    kf_weigh((struct kf_unit_cell){kf_wide_from(10), KF_CELL_PRELIMINARY}, list, 2);
    assert_int_equal(list[0].unit_cost.status, KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    assert_int_equal(kf_delivered_grant(&list[0]).status, KF_CELL_VALUE);
    assert_int_equal(kf_delivered_grants(list, 2).status, KF_CELL_INFERRED);
}

static void a_group_without_a_known_quantity_has_no_calculated_grant(void **state)
{
    (void)state;
    struct kf_delivered list[] = {unknown(100, KF_CELL_NOT_APPLICABLE),
                                  unknown(100, KF_CELL_MISSING)};
    assert_int_equal(kf_delivered_grants(list, 2).status, KF_CELL_NOT_APPLICABLE);
    assert_int_equal(kf_delivered_grants(list, 0).status, KF_CELL_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_expenditure_of_a_group_is_shared_by_what_the_rates_say),
        cmocka_unit_test(hobols_unit_costs_are_the_rates_times_1_228),
        cmocka_unit_test(hobols_practical_help_is_printed_with_a_ratio_that_was_not_rounded),
        cmocka_unit_test(one_service_costs_what_is_spent_for_an_hour_with_a_rate_or_without),
        cmocka_unit_test(a_service_without_volume_has_no_unit_cost),
        cmocka_unit_test(nobody_delivers_and_nothing_is_divided_by_zero),
        cmocka_unit_test(a_quantity_that_is_missing_leaves_the_others_incomplete),
        cmocka_unit_test(without_a_rate_the_weighting_of_several_services_is_unknown),
        cmocka_unit_test(a_service_that_nobody_asks_for_needs_no_rate),
        cmocka_unit_test(expenditure_that_is_missing_says_so_and_one_below_zero_is_shared),
        cmocka_unit_test(flags_of_expenditure_and_all_quantities_stay),
        cmocka_unit_test(a_group_without_a_known_quantity_has_no_calculated_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

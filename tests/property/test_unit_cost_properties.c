/* What holds for unit costs of any panel: the weighting method, exact sums, invariance. */
#include "tests/support/cmocka.h"

#include <float.h>

#include "tests/services/efficiency/unit_cost/unit_fixture.h"
#include "tests/support/decimals.h"

#define PANELS   40
#define MEMBERS  12
#define GROUPS   5
#define SERVICES 8
#define DIGITS   (8 * DBL_EPSILON) /* of sums taken naively, relative */

static const char *const groups[GROUPS] = {"g0", "g1", "g2", "g3", "g4"};
static const char *const services[SERVICES] = {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"};

/* Figures before they are a panel. Every group delivers some services, and a quantity of 0 is as
 * good as any. */
struct figures {
    double rates[SERVICES];
    bool delivers[GROUPS][SERVICES];
    double quantity[GROUPS][SERVICES][MEMBERS];
    double net[GROUPS][MEMBERS];
    double grant[GROUPS][MEMBERS];
};

static void draw(struct fixture_random *random, struct figures *figures)
{
    for (size_t s = 0; s < SERVICES; s++) {
        figures->rates[s] = (double)fixture_random_whole(random, 50, 4700);
    }
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t s = 0; s < SERVICES; s++) {
            figures->delivers[g][s] = fixture_random_whole(random, 0, 2) > 0;
            for (size_t k = 0; k < MEMBERS; k++) {
                int64_t tenths = fixture_random_whole(random, -200000, 900000);
                figures->quantity[g][s][k] = tenths > 0 ? (double)tenths / 10 : 0;
            }
        }
        for (size_t k = 0; k < MEMBERS; k++) {
            figures->net[g][k] = (double)fixture_random_whole(random, -1000000, 400000000);
            figures->grant[g][k] = (double)fixture_random_whole(random, 0, 400000000);
        }
    }
}

/* ΣPq of one group and member: whole tenths of kroner, exact in double. */
static double worth(const struct figures *figures, size_t g, size_t k)
{
    double tenths = 0;
    for (size_t s = 0; s < SERVICES; s++) {
        bool delivered = figures->delivers[g][s];
        tenths += delivered ? figures->rates[s] * round(figures->quantity[g][s][k] * 10) : 0;
    }
    return tenths / 10;
}

/* How figures are written down. */
struct form {
    bool given;    /* with grants of their own */
    bool reversed; /* services, groups and members the other way round */
};

static size_t at(const struct form *form, size_t i, size_t count)
{
    return form->reversed ? count - 1 - i : i;
}

static const double *placed(const struct form *form, const double *values, double room[MEMBERS])
{
    for (size_t k = 0; k < MEMBERS; k++) {
        room[at(form, k, MEMBERS)] = values[k];
    }
    return room;
}

static struct kf_panel *compute(const struct figures *figures, const struct form *form)
{
    struct kf_panel *panel = unit_panel_new(2017, MEMBERS);
    double room[MEMBERS];
    for (size_t i = 0; i < SERVICES; i++) {
        size_t s = at(form, i, SERVICES);
        unit_service(panel, services[s], "hours", figures->rates[s]);
    }
    for (size_t i = 0; i < GROUPS; i++) {
        size_t g = at(form, i, GROUPS);
        unit_group(panel, groups[g], placed(form, figures->net[g], room));
        if (form->given) {
            unit_grant(panel, groups[g], placed(form, figures->grant[g], room));
        }
        for (size_t j = 0; j < SERVICES; j++) {
            size_t s = at(form, j, SERVICES);
            if (figures->delivers[g][s]) {
                unit_delivers(panel, groups[g], services[s],
                              placed(form, figures->quantity[g][s], room));
            }
        }
    }
    unit_compute(panel);
    return panel;
}

static void with_figures(void (*change)(struct figures *figures),
                         void (*check)(const struct figures *figures, const struct kf_panel *panel),
                         bool given)
{
    struct fixture_random random = {.state = 20180831};
    struct figures *figures = test_malloc(sizeof *figures);
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        if (change) {
            change(figures);
        }
        struct kf_panel *panel = compute(figures, &(struct form){.given = given});
        check(figures, panel);
        kf_panel_destroy(&panel);
    }
    test_free(figures);
}

/* --- the weighting method -------------------------------------------------------------------- */

static void spend_the_grant(struct figures *figures)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t k = 0; k < MEMBERS; k++) {
            figures->net[g][k] = worth(figures, g, k);
        }
    }
}

static void check_rates(const struct figures *figures, const struct kf_panel *panel)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t s = 0; s < SERVICES; s++) {
            for (size_t k = 0; figures->delivers[g][s] && k < MEMBERS; k++) {
                if (figures->quantity[g][s][k] > 0) {
                    assert_true(unit_value(panel, groups[g], services[s], "unit_cost_kr", k) ==
                                figures->rates[s]);
                }
            }
        }
        for (size_t k = 0; k < MEMBERS; k++) {
            if (worth(figures, g, k) > 0) {
                assert_close(unit_value(panel, groups[g], "", "gain_million_kr", k), 0, 2e-9);
                assert_close(unit_value(panel, groups[g], "", "ratio", k), 1, 1e-6);
            }
        }
    }
}

static void who_spends_what_the_rates_grant_has_the_national_rates(void **state)
{
    (void)state;
    with_figures(spend_the_grant, check_rates, false);
}

static void check_spending(const struct figures *figures, const struct kf_panel *panel)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t k = 0; k < MEMBERS; k++) {
            long double spent = 0;
            for (size_t s = 0; s < SERVICES; s++) {
                double quantity = figures->quantity[g][s][k];
                if (figures->delivers[g][s] && quantity > 0) {
                    spent += (long double)quantity *
                             unit_value(panel, groups[g], services[s], "unit_cost_kr", k);
                }
            }
            double expected = worth(figures, g, k) > 0 ? figures->net[g][k] : 0;
            assert_close((double)spent, expected, fabs(expected) * DIGITS);
        }
    }
}

static void unit_costs_times_quantities_are_what_was_spent(void **state)
{
    (void)state;
    with_figures(NULL, check_spending, false);
}

static void check_volumes(const struct figures *figures, const struct kf_panel *panel)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t s = 0; s < SERVICES; s++) {
            for (size_t k = 0; figures->delivers[g][s] && k < MEMBERS; k++) {
                const struct kf_result *cost = kf_panel_result(panel, KF_TOPIC_UNIT_COST, groups[g],
                                                               services[s], "unit_cost_kr");
                bool delivered = figures->quantity[g][s][k] > 0;
                if (cost) {
                    assert_int_equal(cost->status[k], delivered ? KF_CELL_VALUE : KF_CELL_MISSING);
                }
                assert_true(cost || !delivered);
            }
        }
    }
}

static void a_service_without_volume_is_missing_everywhere(void **state)
{
    (void)state;
    with_figures(NULL, check_volumes, false);
}

/* --- sums ------------------------------------------------------------------------------------ */

static double sum_of_groups(const struct kf_panel *panel, const char *measure, size_t k)
{
    double sum = 0;
    for (size_t g = GROUPS; g > 0; g--) {
        sum = decimals_add(sum, unit_value(panel, groups[g - 1], "", measure, k));
    }
    return sum;
}

static void check_sums(const struct figures *figures, const struct kf_panel *panel)
{
    (void)figures;
    static const char *const measures[] = {"net_expenditure_million_kr", "grant_million_kr",
                                           "gain_million_kr"};
    for (size_t k = 0; k < MEMBERS; k++) {
        for (size_t m = 0; m < 3; m++) {
            assert_true(sum_of_groups(panel, measures[m], k) ==
                        unit_value(panel, "services", "", measures[m], k));
        }
        assert_true(
            unit_value(panel, "services", "", "gain_million_kr", k) ==
            decimals_add(unit_value(panel, "services", "", "grant_million_kr", k),
                         -unit_value(panel, "services", "", "net_expenditure_million_kr", k)));
    }
}

static void gains_of_groups_add_up_exactly(void **state)
{
    (void)state;
    with_figures(NULL, check_sums, true);
}

static void check_services(const struct figures *figures, const struct kf_panel *panel)
{
    static const char grant[] = "calculated_grant_million_kr";
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t k = 0; k < MEMBERS; k++) {
            double sum = 0;
            size_t delivered = 0;
            for (size_t s = 0; s < SERVICES; s++) {
                if (figures->delivers[g][s]) {
                    sum = decimals_add(sum, unit_value(panel, groups[g], services[s], grant, k));
                    delivered++;
                }
            }
            assert_true(delivered == 0 || sum == unit_value(panel, groups[g], "", grant, k));
        }
    }
}

static void grants_of_services_add_up_exactly(void **state)
{
    (void)state;
    with_figures(NULL, check_services, true);
}

/* --- over the members ------------------------------------------------------------------------ */

/* What everybody but number `out` pays for an hour of a service, naively; all: `out` is nobody. */
static bool naive_cost(const struct figures *figures, const struct kf_panel *panel, size_t s,
                       size_t out, double *cost)
{
    long double spent = 0;
    long double hours = 0;
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t k = 0; figures->delivers[g][s] && k < MEMBERS; k++) {
            double quantity = figures->quantity[g][s][k];
            if (k != out && quantity > 0) {
                spent += (long double)quantity *
                         unit_value(panel, groups[g], services[s], "unit_cost_kr", k);
                hours += (long double)quantity;
            }
        }
    }
    *cost = hours > 0 ? (double)(spent / hours) : 0;
    return hours > 0;
}

static void check_others(const struct figures *figures, const struct kf_panel *panel)
{
    for (size_t s = 0; s < SERVICES; s++) {
        double expected = 0;
        for (size_t k = 0; k < MEMBERS; k++) {
            if (naive_cost(figures, panel, s, k, &expected)) {
                assert_close(unit_value(panel, "services", services[s], "unit_cost_others_kr", k),
                             expected, 1e-9);
            }
        }
        if (naive_cost(figures, panel, s, MEMBERS, &expected)) {
            const struct kf_result *all =
                unit_group_cell(panel, "services", services[s], "unit_cost_kr");
            assert_close(all->values[0], expected, 1e-9);
        }
    }
}

static void others_and_all_are_weighted_by_hours(void **state)
{
    (void)state;
    with_figures(NULL, check_others, false);
}

/* --- invariance ------------------------------------------------------------------------------ */

static const struct kf_result *same_result(const struct kf_panel *panel,
                                           const struct kf_result *result)
{
    return result->group
               ? unit_group_cell(panel, result->sector, result->indicator, result->measure)
               : kf_panel_result(panel, result->topic, result->sector, result->indicator,
                                 result->measure);
}

static void order_does_not_show_in_the_last_bit(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 5};
    struct figures *figures = test_malloc(sizeof *figures);
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        struct kf_panel *one = compute(figures, &(struct form){0});
        struct kf_panel *other = compute(figures, &(struct form){.reversed = true});
        assert_int_equal(one->results_len, other->results_len);
        for (size_t r = 0; r < one->results_len; r++) {
            const struct kf_result *result = &one->results[r];
            const struct kf_result *same = same_result(other, result);
            assert_non_null(same);
            for (size_t k = 0; k < (result->group ? 1 : MEMBERS); k++) {
                size_t there = result->group ? 0 : MEMBERS - 1 - k;
                assert_true(result->values[k] == same->values[there]);
                assert_int_equal(result->status[k], same->status[there]);
            }
        }
        kf_panel_destroy(&one);
        kf_panel_destroy(&other);
    }
    test_free(figures);
}

static void scale(struct figures *figures, double factor)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t k = 0; k < MEMBERS; k++) {
            figures->net[g][k] *= factor;
            for (size_t s = 0; s < SERVICES; s++) {
                figures->quantity[g][s][k] *= factor;
            }
        }
    }
}

/* Eight times as many hours at eight times the cost: the same hour. */
static void a_larger_municipality_that_is_run_alike_has_the_same_unit_costs(void **state)
{
    (void)state;
    struct fixture_random random = {.state = 17};
    struct figures *figures = test_malloc(sizeof *figures);
    for (size_t i = 0; i < PANELS; i++) {
        draw(&random, figures);
        struct kf_panel *small = compute(figures, &(struct form){0});
        scale(figures, 8);
        struct kf_panel *large = compute(figures, &(struct form){0});
        for (size_t s = 0; s < SERVICES; s++) {
            const struct kf_result *cost =
                kf_panel_result(small, KF_TOPIC_UNIT_COST, "services", services[s], "unit_cost_kr");
            for (size_t k = 0; cost && k < MEMBERS; k++) {
                if (kf_cell_has_value(cost->status[k])) {
                    assert_true(unit_value(large, "services", services[s], "unit_cost_kr", k) ==
                                cost->values[k]);
                }
            }
        }
        for (size_t k = 0; k < MEMBERS; k++) {
            assert_close(unit_value(large, "services", "", "gain_million_kr", k),
                         8 * unit_value(small, "services", "", "gain_million_kr", k), 1e-7);
        }
        kf_panel_destroy(&small);
        kf_panel_destroy(&large);
    }
    test_free(figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_spends_what_the_rates_grant_has_the_national_rates),
        cmocka_unit_test(unit_costs_times_quantities_are_what_was_spent),
        cmocka_unit_test(a_service_without_volume_is_missing_everywhere),
        cmocka_unit_test(gains_of_groups_add_up_exactly),
        cmocka_unit_test(grants_of_services_add_up_exactly),
        cmocka_unit_test(others_and_all_are_weighted_by_hours),
        cmocka_unit_test(order_does_not_show_in_the_last_bit),
        cmocka_unit_test(a_larger_municipality_that_is_run_alike_has_the_same_unit_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

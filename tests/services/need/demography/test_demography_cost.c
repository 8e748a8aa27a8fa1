#include "tests/support/cmocka.h"

#include <stdio.h>

#include "common/base/memory.h"
#include "services/need/demography/demography.h"
#include "tests/services/need/demography/demography_fixture.h"

#define EPSILON 1e-9

/* Two cost groups, "0" and "1-2", and two services. The first member had 10 and 30 people, has 12
 * and 24; the second 100 and 0, and 90 and 8. Base two years before: 8 and 40; 50 and 0.
 *     barnehage      0: 100,000 kr    1-2: 250,000 kr
 *     helse          0:  40,000 kr    1-2:  10,000 kr                                          */
static struct kf_panel *two_services(void)
{
    struct kf_panel *panel = demography_panel_new(2, 2008);
    demography_cost_group(panel, "0", 0, 0);
    demography_cost_group(panel, "1-2", 1, 2);
    demography_service(panel, "barnehage", (double[]){100000, 250000});
    demography_service(panel, "helse", (double[]){40000, 10000});
    fixture_population(panel, (double[]){400, 1000});
    demography_age(panel, 0, (double[]){12, 90});
    demography_age(panel, 1, (double[]){10, 8});
    demography_age(panel, 2, (double[]){14, 0});
    struct kf_panel *last = fixture_previous(panel);
    demography_age(last, 0, (double[]){10, 100});
    demography_age(last, 1, (double[]){30, 0});
    demography_age(last, 2, (double[]){0, 0});
    struct kf_panel *base = fixture_further(panel, 2008);
    demography_age(base, 0, (double[]){8, 50});
    demography_age(base, 1, (double[]){40, 0});
    demography_age(base, 2, (double[]){0, 0});
    return panel;
}

static double cost(const struct kf_panel *panel, const char *service, const char *group, size_t k)
{
    return demography_value(panel, service, group, "cost_million_kr", k);
}

/* First member: barnehage +2·.1 = .2 and −6·.25 = −1.5; helse +.08 and −.06. Second: −10·.1 = −1
 * and +8·.25 = 2; helse −.4 and +.08. */
static void cost_is_rate_times_change_since_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    demography_compute(panel);
    assert_close(cost(panel, "barnehage", "0", 0), 0.2, EPSILON);
    assert_close(cost(panel, "barnehage", "1-2", 0), -1.5, EPSILON);
    assert_close(cost(panel, "helse", "1-2", 0), -0.06, EPSILON);
    assert_close(cost(panel, "barnehage", "", 0), -1.3, EPSILON);
    assert_close(cost(panel, "total", "0", 0), 0.28, EPSILON);
    assert_close(cost(panel, "total", "1-2", 0), -1.56, EPSILON);
    assert_close(cost(panel, "total", "", 0), -1.28, EPSILON);
    assert_close(cost(panel, "helse", "0", 1), -0.4, EPSILON);
    assert_close(cost(panel, "total", "", 1), 0.68, EPSILON);
    kf_panel_destroy(&panel);
}

/* −1.28 million over 400 inhabitants are −3200 kr; the million lies on a grid of 2e-4 kr. */
static void cost_an_inhabitant_is_over_the_population_of_the_year(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    demography_compute(panel);
    assert_close(demography_value(panel, "total", "", "cost_kr_per_capita", 0), -3200, 1e-6);
    assert_close(demography_value(panel, "barnehage", "", "cost_kr_per_capita", 1), 1000, 1e-6);
    kf_panel_destroy(&panel);
}

/* First member since 2008: +4 and −16: barnehage .4 − 4 = −3.6, helse .16 − .16 = 0. Levels of
 * barnehage: 12·.1 + 24·.25 = 7.2 of .8 + 10 = 10.8: .6667; helse .48 + .24 = .72 of .72: 1;
 * together 7.92/11.52 = .6875. */
static void cost_since_the_base_year_and_need_are_of_levels(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    demography_compute(panel);
    static const char measure[] = "cost_since_base_million_kr";
    assert_close(demography_value(panel, "barnehage", "", measure, 0), -3.6, EPSILON);
    assert_close(demography_value(panel, "helse", "", measure, 0), 0, EPSILON);
    assert_close(demography_value(panel, "total", "", measure, 0), -3.6, EPSILON);
    assert_close(demography_value(panel, "barnehage", "", "need_index", 0), 7.2 / 10.8, EPSILON);
    assert_close(demography_value(panel, "helse", "", "need_index", 0), 1, EPSILON);
    assert_close(demography_value(panel, "total", "", "need_index", 0), 0.6875, EPSILON);
    kf_panel_destroy(&panel);
}

/* The second member had nobody of 1-2 in the base year, and has 8. */
static void nobody_of_a_group_in_the_base_year_costs_as_any_other(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    demography_compute(panel);
    static const char measure[] = "cost_since_base_million_kr";
    assert_close(demography_value(panel, "barnehage", "", measure, 1), 4 + 2, EPSILON);
    assert_close(demography_value(panel, "barnehage", "", "need_index", 1), 11.0 / 5, EPSILON);
    kf_panel_destroy(&panel);
}

static void need_is_one_in_the_base_year(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    fixture_edition(panel)->demography.base_year = 2010;
    demography_compute(panel);
    for (size_t k = 0; k < 2; k++) {
        assert_true(demography_value(panel, "total", "", "need_index", k) == 1);
        assert_true(demography_value(panel, "total", "", "cost_since_base_million_kr", k) == 0);
    }
    kf_panel_destroy(&panel);
}

static void the_first_year_has_no_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    panel->previous = NULL;
    demography_compute(panel);
    assert_false(demography_has(panel, "total", "", "cost_million_kr"));
    assert_false(demography_has(panel, "barnehage", "0", "cost_million_kr"));
    assert_false(demography_has(panel, "total", "", "cost_kr_per_capita"));
    assert_true(demography_has(panel, "total", "", "cost_since_base_million_kr"));
    kf_panel_destroy(&panel);
}

static void a_member_without_one_age_has_no_cost_of_its_group_and_what_it_is_in(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    demography_age(panel->previous, 2, (double[]){0, FIXTURE_MISSING});
    demography_compute(panel);
    assert_close(cost(panel, "barnehage", "0", 1), -1, EPSILON);
    static const char *const rows[][2] = {
        {"barnehage", "1-2"}, {"barnehage", ""}, {"total", "1-2"}, {"total", ""}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(demography_status(panel, rows[i][0], rows[i][1], "cost_million_kr", 1),
                         KF_CELL_MISSING);
    }
    assert_close(cost(panel, "total", "", 0), -1.28, EPSILON);
    kf_panel_destroy(&panel);
}

/* --- what always holds ----------------------------------------------------------------------- */

#define MEMBERS  9
#define GROUPS   7
#define SERVICES 4

static const char *const group_ids[GROUPS] = {"0", "1", "2", "3", "4", "5", "6"};
static const char *const service_ids[SERVICES] = {"a", "b", "c", "d"};

/* People of one age at most: from 200 inhabitants to as many as Oslo has. */
static const int64_t age_max[MEMBERS] = {28, 60, 150, 400, 900, 2500, 8000, 30000, 100000};

static void random_ages(struct fixture_random *random, struct kf_panel *year)
{
    for (int age = 0; age < GROUPS; age++) {
        double people[MEMBERS];
        for (size_t k = 0; k < MEMBERS; k++) {
            people[k] = (double)fixture_random_whole(random, 0, age_max[k]);
        }
        demography_age(year, age, people);
    }
}

static struct kf_panel *random_panel(uint64_t seed, double factor)
{
    struct fixture_random random = {.state = seed};
    struct kf_panel *panel = demography_panel_new(MEMBERS, 2008);
    for (int g = 0; g < GROUPS; g++) {
        demography_cost_group(panel, group_ids[g], g, g);
    }
    for (size_t s = 0; s < SERVICES; s++) {
        double rates[GROUPS];
        for (size_t g = 0; g < GROUPS; g++) {
            rates[g] = factor * (double)fixture_random_whole(&random, 0, 4000000) / 10;
        }
        demography_service(panel, service_ids[s], rates);
    }
    double people[MEMBERS];
    for (size_t k = 0; k < MEMBERS; k++) {
        people[k] = (double)fixture_random_whole(&random, 4 * age_max[k], 7 * age_max[k]);
    }
    fixture_population(panel, people);
    random_ages(&random, panel);
    random_ages(&random, fixture_previous(panel));
    random_ages(&random, fixture_further(panel, 2008));
    demography_compute(panel);
    return panel;
}

static double sum_services(const struct kf_panel *panel, const char *group, const char *measure,
                           size_t k)
{
    double sum = 0;
    for (size_t s = 0; s < SERVICES; s++) {
        sum += demography_value(panel, service_ids[s], group, measure, k);
    }
    return sum;
}

static double sum_groups(const struct kf_panel *panel, const char *service, size_t k)
{
    double sum = 0;
    for (size_t g = GROUPS; g > 0; g--) {
        sum += cost(panel, service, group_ids[g - 1], k);
    }
    return sum;
}

static void groups_and_services_add_up_exactly(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct kf_panel *panel = random_panel(seed, 1);
        for (size_t k = 0; k < MEMBERS; k++) {
            assert_true(sum_groups(panel, "total", k) == cost(panel, "total", "", k));
            for (size_t s = 0; s < SERVICES; s++) {
                assert_true(sum_groups(panel, service_ids[s], k) ==
                            cost(panel, service_ids[s], "", k));
            }
            for (size_t g = 0; g < GROUPS; g++) {
                assert_true(sum_services(panel, group_ids[g], "cost_million_kr", k) ==
                            cost(panel, "total", group_ids[g], k));
            }
            static const char *const measures[] = {"cost_million_kr", "cost_kr_per_capita",
                                                   "cost_since_base_million_kr"};
            for (size_t m = 0; m < 3; m++) {
                assert_true(sum_services(panel, "", measures[m], k) ==
                            demography_value(panel, "total", "", measures[m], k));
            }
        }
        kf_panel_destroy(&panel);
    }
}

/* Three times the rates: three times the cost, the same need. */
static void cost_is_linear_in_rates_and_need_does_not_know_their_level(void **state)
{
    (void)state;
    struct kf_panel *once = random_panel(77, 1);
    struct kf_panel *thrice = random_panel(77, 3);
    for (size_t k = 0; k < MEMBERS; k++) {
        assert_close(cost(thrice, "total", "", k), 3 * cost(once, "total", "", k), 1e-8);
        assert_close(demography_value(thrice, "total", "", "need_index", k),
                     demography_value(once, "total", "", "need_index", k), 1e-14);
    }
    kf_panel_destroy(&once);
    kf_panel_destroy(&thrice);
}

/* Four groups of six ages, split further; each age keeps the rate of its sixth. */
static double cost_of_partition(int width)
{
    struct kf_panel *panel = demography_panel_new(1, 2010);
    struct fixture_random random = {.state = 5};
    double rates[32];
    size_t count = 0;
    for (int from = 0; from < 24; from += width) {
        char *id = kf_arena_printf(panel->arena, "%d", from);
        demography_cost_group(panel, id, from, from + width - 1);
        rates[count++] = 1000.0 * (double)(1 + from / 6);
    }
    demography_service(panel, "alt", rates);
    fixture_population(panel, (double[]){1000});
    struct kf_panel *last = fixture_previous(panel);
    for (int age = 0; age < 24; age++) {
        demography_age(panel, age, (double[]){(double)fixture_random_whole(&random, 0, 900)});
        demography_age(last, age, (double[]){(double)fixture_random_whole(&random, 0, 900)});
    }
    demography_compute(panel);
    double value = cost(panel, "total", "", 0);
    kf_panel_destroy(&panel);
    return value;
}

static void a_finer_partition_of_ages_costs_the_same(void **state)
{
    (void)state;
    double coarse = cost_of_partition(6);
    assert_true(coarse != 0);
    assert_close(cost_of_partition(3), coarse, EPSILON);
    assert_close(cost_of_partition(2), coarse, EPSILON);
    assert_close(cost_of_partition(1), coarse, EPSILON);
}

static void flags_of_the_people_travel_to_the_cost(void **state)
{
    (void)state;
    struct kf_panel *panel = two_services();
    fixture_seal(panel);
    assert_string_equal(panel->columns[0].variable, "alder_0");
    panel->columns[0].status[1] = KF_CELL_INFERRED;
    struct kf_error err = {0};
    assert_int_equal(kf_demography_append(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(demography_status(panel, "total", "", "cost_million_kr", 1), KF_CELL_INFERRED);
    assert_int_equal(demography_status(panel, "total", "", "need_index", 1), KF_CELL_INFERRED);
    assert_int_equal(demography_status(panel, "barnehage", "1-2", "cost_million_kr", 1),
                     KF_CELL_VALUE);
    assert_int_equal(demography_status(panel, "total", "", "cost_million_kr", 0), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void an_edition_without_demography_passes_unchanged(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, (double[]){1000});
    demography_compute(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 0; !done && n < 100; n++) {
        struct kf_panel *panel = two_services();
        demography_project(panel, 2009, true);
        fixture_seal(panel);
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_demography_append(panel, fixture_findings(), &err);
        kf_memory_fail_after(-1);
        done = code == KF_OK;
        assert_true(done || code == KF_ERR_MEMORY);
        assert_true(done || err.text[0] != '\0');
        kf_panel_destroy(&panel);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_is_rate_times_change_since_the_year_before),
        cmocka_unit_test(cost_an_inhabitant_is_over_the_population_of_the_year),
        cmocka_unit_test(cost_since_the_base_year_and_need_are_of_levels),
        cmocka_unit_test(nobody_of_a_group_in_the_base_year_costs_as_any_other),
        cmocka_unit_test(need_is_one_in_the_base_year),
        cmocka_unit_test(the_first_year_has_no_cost),
        cmocka_unit_test(a_member_without_one_age_has_no_cost_of_its_group_and_what_it_is_in),
        cmocka_unit_test(groups_and_services_add_up_exactly),
        cmocka_unit_test(cost_is_linear_in_rates_and_need_does_not_know_their_level),
        cmocka_unit_test(a_finer_partition_of_ages_costs_the_same),
        cmocka_unit_test(flags_of_the_people_travel_to_the_cost),
        cmocka_unit_test(an_edition_without_demography_passes_unchanged),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

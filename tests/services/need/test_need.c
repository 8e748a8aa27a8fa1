#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "services/need/need.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-12

static void compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
}

static double need(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, sector, "", "need_index", k);
}

static double need_population(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, sector, "", "need_population", k);
}

/* --- the need year (METHOD N5) ---------------------------------------------------------------- */

static void fill(struct kf_panel *year, const double *people, const double *children)
{
    fixture_population(year, people);
    fixture_column(year, "barn", children);
}

/* 2009: 2000 and 2000 inhabitants with 10 and 30 children: .5 and 1.5. 2010: 1000 and 3000 with 100
 * and 100: 2 and 2/3. 2011: 2000 and 6000 with 90 and 70: .045/.02 = 2.25 and 7/12. */
static struct kf_panel *three_years(int need_year)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_edition(panel)->need_year = need_year;
    fixture_sector(panel, "barnehage", 0)->need_weight = 1;
    fixture_criterion(panel, "barnehage", "barn", 1);
    fill(panel, (double[]){1000, 3000}, (double[]){100, 100});
    fill(fixture_previous(panel), (double[]){2000, 2000}, (double[]){10, 30});
    fill(fixture_further(panel, 2011), (double[]){2000, 6000}, (double[]){90, 70});
    return panel;
}

static void need_of_a_year_uses_the_figures_of_the_next(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_NEXT);
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 2.25, EPSILON);
    assert_close(need(panel, "barnehage", 1), 7.0 / 12, EPSILON);
    assert_close(need(panel, "total", 0), 2.25, EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_NEED, "barnehage", "barn", "driver", 0), 1.25,
                 EPSILON);
    kf_panel_destroy(&panel);
}

static void need_corrected_are_the_inhabitants_of_the_year_itself(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_NEXT);
    compute(panel);
    assert_close(need_population(panel, "barnehage", 0), 2250, 1e-9);
    assert_close(need_population(panel, "barnehage", 1), 1750, 1e-9);
    kf_panel_destroy(&panel);
}

/* The need year of the year before is the panel itself: no further panel. */
static void the_year_before_uses_the_figures_of_the_panel(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_NEXT);
    compute(panel);
    assert_close(need(panel->previous, "barnehage", 0), 2, EPSILON);
    assert_close(need_population(panel->previous, "barnehage", 1), 2000.0 * 2 / 3, 1e-9);
    assert_int_equal(panel->further->results_len, 0);
    kf_panel_destroy(&panel);
}

static void a_need_year_that_is_named_counts_for_every_year(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(2011);
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 2.25, EPSILON);
    assert_close(need(panel->previous, "barnehage", 0), 2.25, EPSILON);
    kf_panel_destroy(&panel);
    panel = three_years(2009);
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 0.5, EPSILON);
    assert_close(need_population(panel, "barnehage", 0), 500, 1e-9);
    kf_panel_destroy(&panel);
}

static void without_the_need_year_there_is_no_need(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(2012);
    compute(panel);
    assert_int_equal(panel->results_len + panel->previous->results_len, 0);
    kf_panel_destroy(&panel);
}

static void published_indices_are_those_of_the_need_year(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_NEXT);
    struct kf_sector *sector = &fixture_edition(panel)->sectors[0];
    sector->criteria_len = 0;
    sector->published_need = "dki";
    fixture_column(panel, "dki", (double[]){1.1, 0.9});
    fixture_column(panel->further, "dki", (double[]){1.2, FIXTURE_MISSING});
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 1.2, 0);
    assert_int_equal(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 1),
                     KF_CELL_MISSING);
    assert_close(need(panel->previous, "barnehage", 1), 0.9, 0);
    kf_panel_destroy(&panel);
}

static bool has_result(const struct kf_panel *panel, const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_NEED, "barnehage", "", measure) != NULL;
}

/* The population of a projected year is the projection's: 100 children who were counted are not so
 * many an inhabitant who was foreseen. */
static void observed_criteria_are_not_divided_by_projected_inhabitants(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_SAME);
    fixture_edition(panel)->demography.observed_through = panel->year - 1;
    compute(panel);
    assert_false(has_result(panel, "need_index"));
    assert_false(has_result(panel, "need_population"));
    assert_close(need(panel->previous, "barnehage", 0), 0.5, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_published_index_stands_in_a_projected_year(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_SAME);
    fixture_edition(panel)->demography.observed_through = panel->year - 1;
    fixture_edition(panel)->sectors[0].published_need = "dki";
    fixture_column(panel, "dki", (double[]){1.1, 0.9});
    compute(panel);
    assert_close(need(panel, "barnehage", 0), 1.1, 0);
    assert_true(fixture_status(panel, KF_TOPIC_NEED, "barnehage", "", "need_index", 0) &
                KF_CELL_PUBLISHED);
    kf_panel_destroy(&panel);
}

static void both_need_years_must_give_the_country_or_none(void **state)
{
    (void)state;
    struct kf_panel *panel = three_years(KF_NEED_YEAR_NEXT);
    fixture_country(panel->further, "folkemengde", 80000);
    fixture_country(panel->further, "barn", 1600);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_need_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].problem, "given for 2011 and not for 2010"));
    kf_panel_destroy(&panel);
}

/* --- social services (METHOD N8) -------------------------------------------------------------- */

/* Refugees 30 and 10 of 1000 and 3000: .01 in all, c = 3 and 1/3. Urbanitet 1 and 3: c = 1. Zone 5
 * and 3: 8 of 4000, c = .005/.002 = 2.5 and .5. Key .5, .3, .2. With urbanitet, without zone:
 * (.5·3 + .3·1)/.8 = 2.25; were urbanitet a cost like zone, it would be 3. */
static void social_services_keep_urbanitet_in_the_need_corrected_population(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 2);
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "sosial", 0)->need_weight = 1;
    fixture_criterion(panel, "sosial", "flyktninger", 0.5);
    fixture_criterion(panel, "sosial", "urbanitet", 0.3);
    fixture_criterion(panel, "sosial", "sone", 0.2)->cost_disadvantage = true;
    fixture_column(panel, "flyktninger", (double[]){30, 10});
    fixture_column(panel, "urbanitet", (double[]){1, 3});
    fixture_column(panel, "sone", (double[]){5, 3});
    compute(panel);
    assert_close(need_population(panel, "sosial", 0), 2250, 1e-9);
    assert_close(need_population(panel, "sosial", 1), 3000 * (0.5 / 3 + 0.3) / 0.8, 1e-9);
    assert_close(need(panel, "sosial", 0), 1.5 + 0.3 + 0.5, EPSILON);
    kf_panel_destroy(&panel);
}

/* --- memory ----------------------------------------------------------------------------------- */

#define MANY 1000 /* members: an arena asks for memory often */

/* A sector by criteria and one published, each index with a published one beside. Not computed. */
static struct kf_panel *with_all_results(void)
{
    static double ones[MANY];
    for (size_t k = 0; k < MANY; k++) {
        ones[k] = 1;
    }
    struct kf_panel *panel = fixture_panel_new(1, MANY);
    fixture_population(panel, ones);
    fixture_column(panel, "barn", ones);
    fixture_sector(panel, "barnehage", 0)->need_weight = 0.5;
    fixture_criterion(panel, "barnehage", "barn", 1);
    fixture_sector(panel, "skole", 0)->need_weight = 0.5;
    fixture_edition(panel)->sectors[0].published_need = "barn";
    fixture_edition(panel)->sectors[1].published_need = "barn";
    fixture_edition(panel)->published_need = "barn";
    fixture_seal(panel);
    return panel;
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_panel *panel = with_all_results();
        struct kf_findings *findings = fixture_findings();
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        code = kf_need_compute(panel, findings, &err);
        kf_memory_fail_after(-1);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 5);
}

/* --- properties ------------------------------------------------------------------------------- */

#define MEMBERS  23
#define CRITERIA 5
#define YEARS    4 /* of age in each criterion */
#define SECTORS  3

/* How a random country is written down; the same figures in all. */
struct writing {
    bool by_group;    /* one variable a criterion instead of one a year of age */
    bool in_reverse;  /* members and criteria the other way round */
    double thousands; /* what figures are divided by: 1, 1000 */
};

static size_t place_of(const struct writing *writing, size_t k, size_t count)
{
    return writing->in_reverse ? count - 1 - k : k;
}

static void add_figures(struct kf_panel *panel, const struct writing *writing, const char *variable,
                        const double *figures)
{
    double placed[MEMBERS];
    for (size_t k = 0; k < MEMBERS; k++) {
        placed[place_of(writing, k, MEMBERS)] = figures[k] / writing->thousands;
    }
    fixture_column(panel, variable, placed);
}

/* The criterion's people by year of age, and together. */
static void add_people(struct kf_panel *panel, const struct writing *writing, size_t j,
                       struct fixture_random *random)
{
    double together[MEMBERS] = {0};
    char name[32];
    for (size_t year = 0; year < YEARS; year++) {
        double figures[MEMBERS];
        for (size_t k = 0; k < MEMBERS; k++) {
            figures[k] = (double)fixture_random_whole(random, 0, 4000);
            together[k] += figures[k];
        }
        (void)snprintf(name, sizeof name, "alder_%zu", j * YEARS + year);
        add_figures(panel, writing, name, figures);
    }
    if (writing->by_group) {
        (void)snprintf(name, sizeof name, "innb_%zu", j);
        add_figures(panel, writing, name, together);
    }
}

static void add_criterion(struct kf_panel *panel, const char *sector, size_t j, double weight)
{
    char name[32];
    (void)snprintf(name, sizeof name, "innb_%zu", j);
    struct kf_criterion *criterion = fixture_criterion(panel, sector, name, weight);
    for (size_t year = 0; year < YEARS; year++) {
        (void)snprintf(name, sizeof name, "alder_%zu", j * YEARS + year);
        criterion->ages = fixture_plus(panel, criterion->ages, name, 1);
    }
}

static void add_sectors(struct kf_panel *panel, const struct writing *writing,
                        struct fixture_random *random)
{
    static const char *const names[SECTORS] = {"a", "b", "c"};
    static const double shares[SECTORS] = {0.5, 0.25, 0.25};
    for (size_t s = 0; s < SECTORS; s++) {
        double weights[CRITERIA];
        double sum = 0;
        for (size_t j = 0; j < CRITERIA; j++) {
            weights[j] = (double)fixture_random_whole(random, 1, 1000);
            sum += weights[j];
        }
        fixture_sector(panel, names[s], 0)->need_weight = shares[s];
        for (size_t i = 0; i < CRITERIA; i++) {
            size_t j = place_of(writing, i, CRITERIA);
            add_criterion(panel, names[s], j, weights[j] / sum);
        }
    }
}

static struct kf_panel *random_country(uint64_t seed, const struct writing *writing)
{
    struct fixture_random random = {seed};
    struct kf_panel *panel = fixture_panel_new(1, MEMBERS);
    double people[MEMBERS];
    for (size_t k = 0; k < MEMBERS; k++) {
        people[k] = (double)fixture_random_whole(&random, 200, 700000);
    }
    add_figures(panel, writing, "folkemengde", people);
    for (size_t j = 0; j < CRITERIA; j++) {
        add_people(panel, writing, j, &random);
    }
    add_sectors(panel, writing, &random);
    compute(panel);
    return panel;
}

static double sum_of_drivers(const struct kf_panel *panel, const char *sector, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        if (strcmp(result->measure, "driver") == 0 && strcmp(result->sector, sector) == 0) {
            sum += result->values[k];
        }
    }
    return sum;
}

static void drivers_of_any_country_add_up_exactly_and_its_mean_is_one(void **state)
{
    (void)state;
    static const char *const scopes[] = {"a", "b", "c", "total"};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct kf_panel *panel = random_country(seed, &(struct writing){.thousands = 1});
        const double *people = kf_panel_population(panel);
        for (size_t s = 0; s < 4; s++) {
            struct kf_sum need_sum = {0};
            struct kf_sum people_sum = {0};
            for (size_t k = 0; k < MEMBERS; k++) {
                double index = need(panel, scopes[s], k);
                assert_true(s == 3 || sum_of_drivers(panel, scopes[s], k) == index - 1);
                kf_sum_add(&need_sum, people[k] * index);
                kf_sum_add(&people_sum, people[k]);
            }
            assert_close(kf_sum_value(&need_sum) / kf_sum_value(&people_sum), 1, EPSILON);
        }
        kf_panel_destroy(&panel);
    }
}

/* To the last bit. */
static void check_same_need(const struct writing *one, const struct writing *other)
{
    static const char *const scopes[] = {"a", "b", "c", "total"};
    for (uint64_t seed = 50; seed < 60; seed++) {
        struct kf_panel *first = random_country(seed, one);
        struct kf_panel *second = random_country(seed, other);
        for (size_t i = 0; i < 4 * MEMBERS; i++) {
            size_t k = i % MEMBERS;
            double expected = need(first, scopes[i / MEMBERS], place_of(one, k, MEMBERS));
            double value = need(second, scopes[i / MEMBERS], place_of(other, k, MEMBERS));
            assert_close(value, expected, 0);
        }
        kf_panel_destroy(&first);
        kf_panel_destroy(&second);
    }
}

static void criteria_by_single_years_are_those_by_group(void **state)
{
    (void)state;
    check_same_need(&(struct writing){.thousands = 1},
                    &(struct writing){.thousands = 1, .by_group = true});
}

static void need_does_not_depend_on_the_unit_of_figures(void **state)
{
    (void)state;
    check_same_need(&(struct writing){.thousands = 1}, &(struct writing){.thousands = 1000});
}

static void need_does_not_depend_on_the_order_of_members_and_criteria(void **state)
{
    (void)state;
    check_same_need(&(struct writing){.thousands = 1},
                    &(struct writing){.thousands = 1, .in_reverse = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_of_a_year_uses_the_figures_of_the_next),
        cmocka_unit_test(need_corrected_are_the_inhabitants_of_the_year_itself),
        cmocka_unit_test(the_year_before_uses_the_figures_of_the_panel),
        cmocka_unit_test(a_need_year_that_is_named_counts_for_every_year),
        cmocka_unit_test(without_the_need_year_there_is_no_need),
        cmocka_unit_test(published_indices_are_those_of_the_need_year),
        cmocka_unit_test(observed_criteria_are_not_divided_by_projected_inhabitants),
        cmocka_unit_test(a_published_index_stands_in_a_projected_year),
        cmocka_unit_test(both_need_years_must_give_the_country_or_none),
        cmocka_unit_test(social_services_keep_urbanitet_in_the_need_corrected_population),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(drivers_of_any_country_add_up_exactly_and_its_mean_is_one),
        cmocka_unit_test(criteria_by_single_years_are_those_by_group),
        cmocka_unit_test(need_does_not_depend_on_the_unit_of_figures),
        cmocka_unit_test(need_does_not_depend_on_the_order_of_members_and_criteria),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

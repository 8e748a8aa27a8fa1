/* When the circuit breaker trips, and what it says. */
#include "tests/support/cmocka.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/breaker.h"
#include "tests/support/panel_fixture.h"

#define NATIONAL 356
#define SMALL    4

static struct kf_breaker_limits limits;
static struct kf_findings findings;

static int set_up(void **state)
{
    (void)state;
    limits = kf_breaker_limits_usual();
    kf_findings_init(&findings);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_findings_clear(&findings);
    return 0;
}

/* A panel of `members` with one column `timer`, and its population. */
static struct kf_panel *panel_of(size_t members, const double *values)
{
    double people[NATIONAL];
    struct kf_panel *panel = fixture_panel_new(100, members);
    for (size_t i = 0; i < members; i++) {
        people[i] = 1000 + (double)i;
    }
    fixture_population(panel, people);
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 1);
    fixture_column(panel, "timer", values);
    fixture_seal(panel);
    return panel;
}

static bool trips(size_t members, const double *before, const double *now)
{
    struct kf_panel *a = panel_of(members, before);
    struct kf_panel *b = panel_of(members, now);
    kf_findings_clear(&findings);
    bool tripped = kf_breaker_trips(&limits, a, b, &findings);
    assert_int_equal(tripped, kf_findings_count(&findings) > 0);
    kf_panel_destroy(&a);
    kf_panel_destroy(&b);
    return tripped;
}

static void fill(double *values, size_t count, double value)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = value;
    }
}

static const char *told(size_t i)
{
    assert_true(i < findings.length);
    return findings.list[i].problem;
}

static void identical_panels_never_trip_it(void **state)
{
    (void)state;
    double values[NATIONAL];
    srand(7);
    limits.vanished = 0;
    limits.jumped = 0;
    limits.cells_min = 1;
    for (int round = 0; round < 50; round++) {
        size_t members = 1 + (size_t)rand() % NATIONAL;
        for (size_t i = 0; i < members; i++) {
            bool missing = rand() % 4 == 0;
            values[i] = missing ? FIXTURE_MISSING : ((double)rand() / RAND_MAX - 0.5) * 1e9;
        }
        assert_false(trips(members, values, values));
    }
}

/* 20 of 100 is allowed, 21 is not. */
static void it_trips_from_the_first_cell_beyond_the_share_on(void **state)
{
    (void)state;
    double before[100];
    double now[100];
    fill(before, 100, 50);
    for (size_t kind = 0; kind < 2; kind++) {
        fill(now, 100, 50);
        for (size_t gone = 1; gone <= 100; gone++) {
            now[gone - 1] = kind ? 500 : FIXTURE_MISSING;
            assert_int_equal(trips(100, before, now), gone > 20);
        }
    }
}

static void ninety_five_per_cent_gone_are_told_with_the_largest(void **state)
{
    (void)state;
    double before[20];
    double now[20];
    for (size_t i = 0; i < 20; i++) {
        before[i] = 100 + (double)i;
        now[i] = i == 0 ? before[i] : FIXTURE_MISSING;
    }
    assert_true(trips(20, before, now));
    assert_string_equal(findings.list[0].variable, "timer");
    assert_string_equal(findings.list[0].municipality, "0020");
    assert_non_null(strstr(told(0), "2010: 19 of 20 figures are gone (95.0 %, at most 20 % may"));
    assert_non_null(strstr(told(0), "the largest was 119"));
    assert_non_null(strstr(findings.list[0].remedy, "kf releases approve"));
}

static void times_a_thousand_is_told_with_both_figures_either_way(void **state)
{
    (void)state;
    double one[NATIONAL];
    double thousand[NATIONAL];
    for (size_t i = 0; i < NATIONAL; i++) {
        one[i] = 2.5 + (double)i;
        thousand[i] = one[i] * 1000;
    }
    thousand[6] = one[6] * 4000;
    assert_true(trips(NATIONAL, one, thousand));
    assert_string_equal(findings.list[0].municipality, "0007");
    assert_non_null(strstr(told(0), "356 of 356 figures are over 5 times larger or smaller"));
    assert_non_null(strstr(told(0), "most of all 8.5 before, 34000 now"));
    assert_true(trips(NATIONAL, thousand, one));
    assert_non_null(strstr(told(0), "most of all 34000 before, 8.5 now"));
}

static void one_municipality_alone_does_not_hold_up_the_country(void **state)
{
    (void)state;
    double before[NATIONAL];
    double now[NATIONAL];
    fill(before, NATIONAL, 3);
    fill(now, NATIONAL, 3);
    now[100] = 3000;
    assert_false(trips(NATIONAL, before, now));
}

static void five_times_is_not_over_five_times(void **state)
{
    (void)state;
    double before[10];
    double now[10];
    fill(before, 10, 2);
    fill(now, 10, 10);
    assert_false(trips(10, before, now));
    fill(now, 10, 10.01);
    assert_true(trips(10, before, now));
}

static void zeros_count_when_the_other_figure_is_not_small(void **state)
{
    (void)state;
    static const struct {
        double before, now;
        bool trips;
    } cases[] = {{0, 0, false},  {0, 9.9, false}, {0, 10, true},   {9.9, 0, false}, {10, 0, true},
                 {-3, 3, false}, {-5, 5, true},   {-2, -9, false}, {-2, -11, true}};
    double before[10];
    double now[10];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fill(before, 10, cases[i].before);
        fill(now, 10, cases[i].now);
        assert_int_equal(trips(10, before, now), cases[i].trips);
    }
}

/* Five are a column; 1 of 5 is no more than a fifth, 2 are. */
static void five_municipalities_are_judged_by_column(void **state)
{
    (void)state;
    const double before[] = {7, 7, 7, 7, 7};
    assert_false(trips(5, before, (double[]){7, 7, FIXTURE_MISSING, 7, 7}));
    assert_true(trips(5, before, (double[]){7, FIXTURE_MISSING, FIXTURE_MISSING, 7, 7}));
}

/* Two columns of four: 8 cells, population among them. One lost is an eighth, two are a quarter. */
static void fewer_are_judged_by_all_columns_together(void **state)
{
    (void)state;
    const double before[SMALL] = {7, 7, 7, 7};
    assert_false(trips(SMALL, before, (double[]){7, 7, 7, 70}));
    assert_true(trips(SMALL, before, (double[]){7, 7, 70, 70}));
    assert_string_equal(findings.list[0].variable, "");
    assert_non_null(strstr(told(0), "2 of 8 figures of all columns together are over 5 times"));
    assert_false(trips(SMALL, before, (double[]){7, 7, 7, FIXTURE_MISSING}));
    assert_true(trips(SMALL, before, (double[]){7, 7, FIXTURE_MISSING, FIXTURE_MISSING}));
    assert_non_null(strstr(told(0), "2 of 8 figures of all columns together are gone (25.0 %"));
}

static void a_column_with_few_figures_before_does_not_trip_alone(void **state)
{
    (void)state;
    double before[20];
    double now[20];
    fill(before, 20, FIXTURE_MISSING);
    fill(now, 20, FIXTURE_MISSING);
    fill(before, 4, 7);
    assert_false(trips(20, before, now));
    fill(before, 5, 7);
    assert_true(trips(20, before, now));
}

static void figures_that_are_new_are_no_fault(void **state)
{
    (void)state;
    double before[20];
    double now[20];
    fill(before, 20, FIXTURE_MISSING);
    fill(now, 20, 1e6);
    assert_false(trips(20, before, now));
}

static void municipalities_that_are_gone_take_their_figures_along(void **state)
{
    (void)state;
    double values[20];
    fill(values, 20, 7);
    struct kf_panel *all = panel_of(20, values);
    struct kf_panel *most = panel_of(16, values);
    struct kf_panel *few = panel_of(15, values);
    assert_false(kf_breaker_trips(&limits, all, most, &findings));
    assert_true(kf_breaker_trips(&limits, all, few, &findings));
    assert_non_null(strstr(told(0), "5 of 20 figures are gone"));
    kf_findings_clear(&findings);
    assert_false(kf_breaker_trips(&limits, few, all, &findings));
    kf_panel_destroy(&all);
    kf_panel_destroy(&most);
    kf_panel_destroy(&few);
}

/* The panel with columns timer, and `variables` beside. */
static struct kf_panel *panel_with(const char *const *variables, size_t count, bool named)
{
    double values[10];
    fill(values, 10, 7);
    struct kf_panel *panel = fixture_panel_new(100, 10);
    fixture_population(panel, values);
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", named ? 0.5 : 1);
    fixture_column(panel, "timer", values);
    if (named) {
        fixture_indicator(panel, "skole", "plasser", 0.5);
    }
    for (size_t i = 0; i < count; i++) {
        fixture_column(panel, variables[i], values);
    }
    fixture_seal(panel);
    return panel;
}

static void a_column_that_is_gone_trips_unless_the_edition_does_without_it(void **state)
{
    (void)state;
    static const char *const both[] = {"plasser"};
    struct kf_panel *before = panel_with(both, 1, true);
    struct kf_panel *less = panel_with(NULL, 0, false);
    struct kf_panel *lost = panel_with(NULL, 0, true);
    assert_true(kf_breaker_trips(&limits, before, lost, &findings));
    assert_string_equal(findings.list[0].variable, "plasser");
    assert_non_null(strstr(told(0), "10 of 10 figures are gone"));
    kf_findings_clear(&findings);
    fixture_edition(less)->digest[0] ^= 1; /* another version of the edition */
    assert_false(kf_breaker_trips(&limits, before, less, &findings));
    assert_false(kf_breaker_trips(&limits, less, before, &findings));
    kf_panel_destroy(&before);
    kf_panel_destroy(&less);
    kf_panel_destroy(&lost);
}

static void the_worst_columns_come_first_and_the_others_are_counted(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct kf_panel *before = panel_with(names, 6, false);
    struct kf_panel *now = panel_with(names, 6, false);
    for (size_t c = 0; c < 6; c++) { /* 3 to 8 of 10 are gone */
        const struct kf_column *column = kf_panel_column(now, names[c]);
        for (size_t i = 0; i < 3 + c; i++) {
            column->status[i] = KF_CELL_MISSING;
            column->values[i] = 0;
        }
    }
    assert_true(kf_breaker_trips(&limits, before, now, &findings));
    assert_int_equal(findings.length, 6); /* four columns, how many more, all together */
    assert_string_equal(findings.list[0].variable, "f");
    assert_string_equal(findings.list[3].variable, "c");
    assert_non_null(strstr(told(4), "likewise 2 more of its 8 columns"));
    assert_non_null(strstr(told(5), "33 of 80 figures of all columns together are gone (41.2 %"));
    kf_panel_destroy(&before);
    kf_panel_destroy(&now);
}

static void in_a_new_year_the_year_before_is_named(void **state)
{
    (void)state;
    double one[10];
    double other[10];
    fill(one, 10, 7);
    fill(other, 10, 7000);
    struct kf_panel *before = panel_of(10, one);
    struct kf_panel *now = panel_of(10, other);
    now->year = 2011;
    assert_true(kf_breaker_trips(&limits, before, now, &findings));
    assert_non_null(strstr(told(0), " 2011: 10 of 10 figures"));
    assert_non_null(strstr(told(0), "than those of 2010"));
    kf_panel_destroy(&before);
    kf_panel_destroy(&now);
}

/* Whatever trips it still trips it when more is wrong, and with a stricter limit. */
static void it_is_monotone(void **state)
{
    (void)state;
    double before[60];
    double now[60];
    srand(11);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < 60; i++) {
            before[i] = 1 + rand() % 100;
            now[i] = rand() % 5 == 0 ? before[i] * (1 + rand() % 12) : before[i];
            now[i] = rand() % 7 == 0 ? FIXTURE_MISSING : now[i];
        }
        limits = kf_breaker_limits_usual();
        bool usual = trips(60, before, now);
        limits.vanished /= 2;
        limits.jumped /= 2;
        limits.factor /= 2;
        bool strict = trips(60, before, now);
        assert_true(strict || !usual);
        limits = kf_breaker_limits_usual();
        for (size_t i = (size_t)rand() % 60; i < 60; i++) { /* what had not jumped goes */
            bool had_not = before[i] == now[i];
            now[i] = had_not ? FIXTURE_MISSING : now[i];
        }
        assert_true(trips(60, before, now) || !usual);
    }
}

static void switched_off_it_never_trips(void **state)
{
    (void)state;
    double before[10];
    double now[10];
    fill(before, 10, 7);
    fill(now, 10, FIXTURE_MISSING);
    limits.off = true;
    assert_false(trips(10, before, now));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(identical_panels_never_trip_it),
        TEST(it_trips_from_the_first_cell_beyond_the_share_on),
        TEST(ninety_five_per_cent_gone_are_told_with_the_largest),
        TEST(times_a_thousand_is_told_with_both_figures_either_way),
        TEST(one_municipality_alone_does_not_hold_up_the_country),
        TEST(five_times_is_not_over_five_times),
        TEST(zeros_count_when_the_other_figure_is_not_small),
        TEST(five_municipalities_are_judged_by_column),
        TEST(fewer_are_judged_by_all_columns_together),
        TEST(a_column_with_few_figures_before_does_not_trip_alone),
        TEST(figures_that_are_new_are_no_fault),
        TEST(municipalities_that_are_gone_take_their_figures_along),
        TEST(a_column_that_is_gone_trips_unless_the_edition_does_without_it),
        TEST(the_worst_columns_come_first_and_the_others_are_counted),
        TEST(in_a_new_year_the_year_before_is_named),
        TEST(it_is_monotone),
        TEST(switched_off_it_never_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

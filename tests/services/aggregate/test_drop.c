/* The rule `drop`: what a member did not report is left out for it, and its other weights are
 * rescaled, on both levels (METHOD A2, A4, A5, A7). */
#include "tests/support/cmocka.h"

#include "services/aggregate/aggregate.h"
#include "tests/services/aggregate/normalized_fixture.h"

#define EPSILON 1e-9
#define GONE    FIXTURE_MISSING

static struct kf_panel *panel;

/* Two sectors (.75 and .25). School: a (.6) and b (.4); culture: c alone. */
static void two_sectors(const double *a, const double *b, const double *c)
{
    panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){500, 500, 1000});
    fixture_sector(panel, "skole", 0.75);
    fixture_sector(panel, "kultur", 0.25);
    fixture_indicator(panel, "skole", "a", 0.6);
    fixture_indicator(panel, "skole", "b", 0.4);
    fixture_indicator(panel, "kultur", "c", 1);
    fixture_normalized(panel, "skole", "a", a);
    fixture_normalized(panel, "skole", "b", b);
    fixture_normalized(panel, "kultur", "c", c);
}

static double index_of(const char *sector, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDEX, sector, "", measure, k);
}

static uint8_t status_of(const char *sector, const char *measure, size_t k)
{
    return fixture_status(panel, KF_TOPIC_INDEX, sector, "", measure, k);
}

static double part_of(const char *sector, const char *indicator, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDICATOR, sector, indicator, measure, k);
}

static void the_other_weights_are_rescaled(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){GONE, 120, 80}, (double[]){150, 50, 100});
    fixture_aggregate(panel);
    /* School of the first is a alone, 90; total .75·90 + .25·150 = 105. */
    assert_close(index_of("skole", "index", 0), 90, EPSILON);
    assert_close(index_of("total", "index", 0), 105, EPSILON);
    assert_int_equal(status_of("skole", "index", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status_of("total", "index", 0), KF_CELL_INCOMPLETE);
    /* .6·110 + .4·120 = 114; nothing is left out for the second. */
    assert_close(index_of("skole", "index", 1), 114, EPSILON);
    assert_int_equal(status_of("total", "index", 1), KF_CELL_VALUE);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDICATOR, "skole", "b", "contribution", 0),
                     KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void contributions_still_add_up_to_the_last_bit(void **state)
{
    (void)state;
    two_sectors((double[]){90.7, 110.3, GONE}, (double[]){GONE, 120.1, 80.9},
                (double[]){151.3, GONE, 100.7});
    fixture_aggregate(panel);
    assert_true(part_of("skole", "a", "contribution", 0) == index_of("skole", "index", 0));
    assert_true(part_of("skole", "a", "contribution_to_total", 0) +
                    part_of("kultur", "c", "contribution_to_total", 0) ==
                index_of("total", "index", 0));
    assert_true(part_of("skole", "a", "contribution_to_total", 1) +
                    part_of("skole", "b", "contribution_to_total", 1) ==
                index_of("total", "index", 1));
    assert_true(index_of("skole", "contribution", 2) + index_of("kultur", "contribution", 2) ==
                index_of("total", "index", 2));
    kf_panel_destroy(&panel);
}

static void a_sector_without_anything_reported_is_missing_and_the_total_does_without(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){GONE, 50, 130});
    fixture_aggregate(panel);
    assert_int_equal(status_of("kultur", "index", 0), KF_CELL_MISSING);
    assert_int_equal(status_of("kultur", "rank", 0), KF_CELL_MISSING);
    assert_int_equal(status_of("kultur", "contribution", 0), KF_CELL_MISSING);
    assert_int_equal(status_of("kultur", "index_without_imputed", 0), KF_CELL_MISSING);
    /* School .6·90 + .4·100 = 94 is the whole of the first. */
    assert_close(index_of("total", "index", 0), 94, EPSILON);
    assert_int_equal(status_of("total", "index", 0), KF_CELL_INCOMPLETE);
    assert_int_equal(status_of("skole", "index", 0), KF_CELL_VALUE);
    assert_close(part_of("skole", "b", "contribution_to_total", 0), 40, EPSILON);
    kf_panel_destroy(&panel);
}

static void ranks_are_among_those_who_have_a_value(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){GONE, 50, 130});
    fixture_aggregate(panel);
    assert_true(index_of("kultur", "rank", 2) == 1);
    assert_true(index_of("kultur", "rank", 1) == 2);
    kf_panel_destroy(&panel);
}

static void descriptives_are_of_those_who_have_a_value(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){GONE, 50, 130});
    fixture_aggregate(panel);
    /* (500·50 + 1000·130)/1500. */
    assert_close(fixture_value(panel, KF_TOPIC_STATISTICS, "kultur", "", "mean_weighted", 0),
                 155000.0 / 1500, EPSILON);
    assert_close(fixture_value(panel, KF_TOPIC_STATISTICS, "kultur", "", "minimum", 0), 50, 0);
    kf_panel_destroy(&panel);
}

static void who_reported_nothing_at_all_has_no_total(void **state)
{
    (void)state;
    two_sectors((double[]){GONE, 110, 100}, (double[]){GONE, 120, 80}, (double[]){GONE, 50, 130});
    fixture_aggregate(panel);
    assert_int_equal(status_of("total", "index", 0), KF_CELL_MISSING);
    assert_int_equal(status_of("total", "rank", 0), KF_CELL_MISSING);
    assert_int_equal(status_of("total", "index_without_imputed", 0), KF_CELL_MISSING);
    /* .75·(.6·110 + .4·120) + .25·50 = 98; .75·(.6·100 + .4·80) + .25·130 = 101.5. */
    assert_true(index_of("total", "rank", 1) == 2);
    assert_true(index_of("total", "rank", 2) == 1);
    kf_panel_destroy(&panel);
}

static void nobody_with_a_value_is_a_finding(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){GONE, GONE, GONE});
    fixture_seal(panel);
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_aggregate_compute(panel, findings, NULL), KF_ERR_DATA);
    assert_int_equal(kf_findings_count(findings), 1);
    kf_panel_destroy(&panel);
}

/* Nothing is imputed, so the alternative is the same number, though something is left out. */
static void leaving_out_is_not_imputing(void **state)
{
    (void)state;
    two_sectors((double[]){90.7, 110, 100}, (double[]){GONE, 120, 80}, (double[]){GONE, 50, 130});
    fixture_aggregate(panel);
    assert_true(index_of("skole", "index_without_imputed", 0) == index_of("skole", "index", 0));
    assert_true(index_of("total", "index_without_imputed", 0) == index_of("total", "index", 0));
    kf_panel_destroy(&panel);
}

/* a is imputed and b left out: of school nothing was reported, of the whole culture alone. */
static void what_is_imputed_is_left_out_of_the_alternative_as_before(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){GONE, 120, 80}, (double[]){150, 50, 100});
    fixture_flag(panel, "skole", "a", 0, KF_CELL_IMPUTED);
    fixture_aggregate(panel);
    assert_int_equal(status_of("skole", "index_without_imputed", 0), KF_CELL_MISSING);
    assert_close(index_of("total", "index_without_imputed", 0), 150, EPSILON);
    assert_close(index_of("total", "index", 0), 105, EPSILON);
    kf_panel_destroy(&panel);
}

static void flags_of_a_cell_reach_the_index(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){150, 50, 100});
    fixture_flag(panel, "skole", "a", 0, KF_CELL_INFERRED);
    fixture_flag(panel, "kultur", "c", 0, KF_CELL_PRELIMINARY);
    fixture_aggregate(panel);
    assert_int_equal(status_of("skole", "index", 0), KF_CELL_INFERRED);
    assert_int_equal(status_of("total", "index", 0), KF_CELL_INFERRED | KF_CELL_PRELIMINARY);
    assert_int_equal(status_of("total", "index", 1), KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void a_sector_that_produces_nothing_is_skipped(void **state)
{
    (void)state;
    two_sectors((double[]){90, 110, 100}, (double[]){100, 120, 80}, (double[]){150, 50, 100});
    fixture_sector(panel, "administrasjon", 0);
    fixture_aggregate(panel);
    assert_null(kf_panel_result(panel, KF_TOPIC_INDEX, "administrasjon", "", "index"));
    assert_close(index_of("total", "index", 0), 108, EPSILON); /* .75·94 + .25·150 */
    kf_panel_destroy(&panel);
}

static void an_edition_that_produces_nothing_has_no_total(void **state)
{
    (void)state;
    panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){500});
    fixture_sector(panel, "administrasjon", 0);
    fixture_aggregate(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_weights_are_rescaled),
        cmocka_unit_test(contributions_still_add_up_to_the_last_bit),
        cmocka_unit_test(a_sector_without_anything_reported_is_missing_and_the_total_does_without),
        cmocka_unit_test(ranks_are_among_those_who_have_a_value),
        cmocka_unit_test(descriptives_are_of_those_who_have_a_value),
        cmocka_unit_test(who_reported_nothing_at_all_has_no_total),
        cmocka_unit_test(nobody_with_a_value_is_a_finding),
        cmocka_unit_test(leaving_out_is_not_imputing),
        cmocka_unit_test(what_is_imputed_is_left_out_of_the_alternative_as_before),
        cmocka_unit_test(flags_of_a_cell_reach_the_index),
        cmocka_unit_test(a_sector_that_produces_nothing_is_skipped),
        cmocka_unit_test(an_edition_that_produces_nothing_has_no_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

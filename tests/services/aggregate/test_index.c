#include "tests/support/cmocka.h"

#include "services/aggregate/aggregate.h"
#include "services/normalize/normalize.h"
#include "tests/support/panel_fixture.h"

#define EPSILON 1e-9

/* Two members of equal size, two sectors (.75 and .25). School: a (.6) and b (.4); culture: c
 * alone. Values whose plain mean is 100 are their own normalised values. */
static struct kf_panel *two_sectors(double b_of_first, double b_of_second)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){500, 500});
    fixture_sector(panel, "skole", 0.75);
    fixture_sector(panel, "kultur", 0.25);
    fixture_indicator(panel, "skole", "a", 0.6);
    fixture_indicator(panel, "skole", "b", 0.4);
    fixture_indicator(panel, "kultur", "c", 1);
    fixture_column(panel, "a", (double[]){90, 110});
    fixture_column(panel, "b", (double[]){b_of_first, b_of_second});
    fixture_column(panel, "c", (double[]){150, 50});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_int_equal(kf_aggregate_compute(panel, findings, &err), KF_OK);
    return panel;
}

static double index_of(const struct kf_panel *panel, const char *sector, const char *measure,
                       size_t member)
{
    return fixture_value(panel, KF_TOPIC_INDEX, sector, "", measure, member);
}

static void indices_are_weighted_sums(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors(120, 80);
    /* .6·90 + .4·120 = 102; .75·102 + .25·150 = 114. */
    assert_close(index_of(panel, "skole", "index", 0), 102, EPSILON);
    assert_close(index_of(panel, "kultur", "index", 0), 150, EPSILON);
    assert_close(index_of(panel, "total", "index", 0), 114, EPSILON);
    assert_close(index_of(panel, "total", "index", 1), 86, EPSILON);
    assert_true(index_of(panel, "total", "rank", 0) == 1);
    assert_true(index_of(panel, "skole", "rank", 1) == 2);
    kf_panel_destroy(&panel);
}

static void contributions_add_up_exactly_on_both_levels(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors(121.7, 81.3);
    for (size_t k = 0; k < 2; k++) {
        double school = fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "a", "contribution", k) +
                        fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "b", "contribution", k);
        assert_true(school == index_of(panel, "skole", "index", k));
        double sectors = index_of(panel, "kultur", "contribution", k) +
                         index_of(panel, "skole", "contribution", k);
        assert_true(sectors == index_of(panel, "total", "index", k));
        double indicators =
            fixture_value(panel, KF_TOPIC_INDICATOR, "kultur", "c", "contribution_to_total", k) +
            fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "b", "contribution_to_total", k) +
            fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "a", "contribution_to_total", k);
        assert_true(indicators == index_of(panel, "total", "index", k));
    }
    kf_panel_destroy(&panel);
}

static void an_imputed_cell_marks_what_rests_on_it_and_the_alternative_leaves_it_out(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors(FIXTURE_MISSING, 80);
    /* b is 80 for both, so 100 for both: school .6·90 + .4·100 = 94; without b it is 90.
     * Total .75·94 + .25·150 = 108; without b .75·90 + .25·150 = 105. */
    assert_close(index_of(panel, "skole", "index", 0), 94, EPSILON);
    assert_close(index_of(panel, "skole", "index_without_imputed", 0), 90, EPSILON);
    assert_close(index_of(panel, "total", "index", 0), 108, EPSILON);
    assert_close(index_of(panel, "total", "index_without_imputed", 0), 105, EPSILON);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "skole", "", "index", 0),
                     KF_CELL_INCOMPLETE);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "total", "", "index", 0),
                     KF_CELL_INCOMPLETE);
    assert_int_equal(fixture_status(panel, KF_TOPIC_INDEX, "kultur", "", "index", 0),
                     KF_CELL_VALUE);
    kf_panel_destroy(&panel);
}

static void who_reported_everything_has_the_same_index_twice(void **state)
{
    (void)state;
    struct kf_panel *panel = two_sectors(FIXTURE_MISSING, 80);
    const char *sectors[] = {"skole", "kultur", "total"};
    for (size_t s = 0; s < 3; s++) {
        assert_true(index_of(panel, sectors[s], "index", 1) ==
                    index_of(panel, sectors[s], "index_without_imputed", 1));
    }
    kf_panel_destroy(&panel);
}

static void
a_sector_that_is_all_imputed_has_no_alternative_and_is_left_out_of_the_total(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){500, 500});
    fixture_sector(panel, "skole", 0.75);
    fixture_sector(panel, "kultur", 0.25);
    fixture_indicator(panel, "skole", "a", 1);
    fixture_indicator(panel, "kultur", "c", 1);
    fixture_column(panel, "a", (double[]){90, 110});
    fixture_column(panel, "c", (double[]){FIXTURE_MISSING, 50});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_OK);
    assert_int_equal(kf_aggregate_compute(panel, findings, &err), KF_OK);
    assert_int_equal(
        fixture_status(panel, KF_TOPIC_INDEX, "kultur", "", "index_without_imputed", 0),
        KF_CELL_MISSING);
    assert_close(index_of(panel, "total", "index_without_imputed", 0), 90, EPSILON);
    kf_panel_destroy(&panel);
}

static void a_panel_that_was_not_normalised_is_rejected(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(100, 1);
    fixture_population(panel, (double[]){500});
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "a", 1);
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_aggregate_compute(panel, findings, &err), KF_ERR_DATA);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_are_weighted_sums),
        cmocka_unit_test(contributions_add_up_exactly_on_both_levels),
        cmocka_unit_test(an_imputed_cell_marks_what_rests_on_it_and_the_alternative_leaves_it_out),
        cmocka_unit_test(who_reported_everything_has_the_same_index_twice),
        cmocka_unit_test(
            a_sector_that_is_all_imputed_has_no_alternative_and_is_left_out_of_the_total),
        cmocka_unit_test(a_panel_that_was_not_normalised_is_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

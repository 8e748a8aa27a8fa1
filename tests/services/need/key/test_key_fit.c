#include "tests/support/cmocka.h"

#include "services/need/key/key_fit.h"
#include "tests/support/panel_fixture.h"

static void give(struct kf_panel *panel, const char *measure, const double *values)
{
    struct kf_result_key key = {
        .topic = KF_TOPIC_NEED, .sector = "skole", .indicator = "", .measure = measure};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = isnan(values[k]);
        result->status[k] = missing ? (uint8_t)KF_CELL_MISSING : (uint8_t)KF_CELL_VALUE;
        result->values[k] = missing ? 0 : values[k];
    }
}

/* Inhabitants 1, 1, 2 and a member too many. */
static struct kf_panel *with_indices(const double *computed, const double *published)
{
    struct kf_panel *panel = fixture_panel_new(1, 4);
    fixture_population(panel, (double[]){1, 1, 2, 50});
    fixture_seal(panel);
    give(panel, "need_index", computed);
    give(panel, "published_need_index", published);
    struct kf_error err = {0};
    assert_int_equal(kf_key_fit_append(panel, "skole", &err), KF_OK);
    return panel;
}

static double statistic(const struct kf_panel *panel, const char *measure)
{
    return fixture_value(panel, KF_TOPIC_STATISTICS, "skole", "", measure, 0);
}

/* p = 1, 2, 5 and c = 1, 2, 3, both of the first three only. Means m = 13/4 and 9/4.
 * ΣN(p−m)² = 81/16 + 25/16 + 2·49/16 = 51/4; ΣN(p−c)² = 8: R² = 1 − 32/51 = 19/51.
 * ΣN(c−m)² = 11/4; Σ of the products 45/16 + 5/16 + 2·21/16 = 23/4.
 * Mean of |p−c|: 2·2/4 = 1. */
static void statistics_are_weighted_by_inhabitants_of_those_that_have_both(void **state)
{
    (void)state;
    struct kf_panel *panel =
        with_indices((double[]){1, 2, 3, FIXTURE_MISSING}, (double[]){1, 2, 5, 7});
    assert_close(statistic(panel, "r_squared"), 19.0 / 51, 1e-15);
    assert_close(statistic(panel, "correlation"), 23 / sqrt(51.0 * 11), 1e-15);
    assert_close(statistic(panel, "mean_absolute_difference"), 1, 1e-15);
    kf_panel_destroy(&panel);
}

static void equal_indices_explain_everything(void **state)
{
    (void)state;
    struct kf_panel *panel =
        with_indices((double[]){0.9, 1.25, 1, 1.5}, (double[]){0.9, 1.25, 1, 1.5});
    assert_close(statistic(panel, "r_squared"), 1, 1e-15);
    assert_close(statistic(panel, "correlation"), 1, 1e-15);
    assert_close(statistic(panel, "mean_absolute_difference"), 0, 1e-15);
    kf_panel_destroy(&panel);
}

/* p = 1, 2 and c = 2, 1: mean 1.5, Σ(p−1.5)² = .5, Σ(p−c)² = 2: R² = 1 − 2/.5 = −3. */
static void an_index_that_runs_the_other_way_is_worse_than_the_mean(void **state)
{
    (void)state;
    struct kf_panel *panel = with_indices((double[]){2, 1, FIXTURE_MISSING, FIXTURE_MISSING},
                                          (double[]){1, 2, FIXTURE_MISSING, FIXTURE_MISSING});
    assert_close(statistic(panel, "r_squared"), -3, 1e-15);
    assert_close(statistic(panel, "correlation"), -1, 1e-15);
    kf_panel_destroy(&panel);
}

static void what_cannot_be_computed_is_missing(void **state)
{
    (void)state;
    static const char *const measures[] = {"r_squared", "correlation", "mean_absolute_difference"};
    struct kf_panel *panel = with_indices((double[]){1, 2, 3, 4}, (double[]){1, 1, 1, 1});
    for (size_t i = 0; i < 3; i++) {
        uint8_t told = fixture_status(panel, KF_TOPIC_STATISTICS, "skole", "", measures[i], 0);
        assert_int_equal(told, i < 2 ? KF_CELL_MISSING : KF_CELL_VALUE);
    }
    kf_panel_destroy(&panel);
    panel = with_indices((double[]){1, FIXTURE_MISSING, FIXTURE_MISSING, FIXTURE_MISSING},
                         (double[]){FIXTURE_MISSING, 1, 2, 3});
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fixture_status(panel, KF_TOPIC_STATISTICS, "skole", "", measures[i], 0),
                         KF_CELL_MISSING);
    }
    kf_panel_destroy(&panel);
}

static void without_one_of_the_indices_there_is_nothing_to_tell(void **state)
{
    (void)state;
    struct kf_panel *panel = fixture_panel_new(1, 1);
    fixture_population(panel, (double[]){1});
    fixture_seal(panel);
    give(panel, "need_index", (double[]){1});
    struct kf_error err = {0};
    assert_int_equal(kf_key_fit_append(panel, "skole", &err), KF_OK);
    assert_int_equal(panel->results_len, 1);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_are_weighted_by_inhabitants_of_those_that_have_both),
        cmocka_unit_test(equal_indices_explain_everything),
        cmocka_unit_test(an_index_that_runs_the_other_way_is_worse_than_the_mean),
        cmocka_unit_test(what_cannot_be_computed_is_missing),
        cmocka_unit_test(without_one_of_the_indices_there_is_nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

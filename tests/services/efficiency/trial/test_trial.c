/* A trial with everything in it, from its figures to its rows. */
#include "tests/support/cmocka.h"

#include "common/base/memory.h"
#include "services/efficiency/trial/trial.h"
#include "tests/services/efficiency/trial/trial_fixture.h"

/* Grants, users by themselves and in aggregates, demography; nothing of it sealed. */
static struct kf_panel *everything(void)
{
    struct kf_panel *panel = trial_of_demography(2017);
    struct kf_trial *trial = &fixture_edition(panel)->trial;
    trial->grant = fixture_term(panel, "tilskudd", 1e6);
    trial->resource_intensive.base_year = 2016;
    trial->resource_intensive.growth = trial_years(panel, 1, (int[]){2017}, (double[]){0.695});
    trial_users(panel, 2, true);
    trial_costly(panel, &sio_costly_2017);
    fixture_column(panel, "tilskudd", (double[]){115.0, 224.1, 375.3, 442.1});
    fixture_column(panel, "bruker_kostnad_1", (double[]){2e6, FIXTURE_MISSING, 3e6, 1e6});
    fixture_column(panel, "bruker_alder_1", (double[]){60, FIXTURE_MISSING, 61, 62});
    return panel;
}

static void every_part_has_its_rows(void **state)
{
    (void)state;
    struct kf_panel *panel = everything();
    trial_compute(panel);
    assert_true(trial_has(panel, "grants", "gain_million_kr"));
    assert_true(trial_has(panel, "resource_intensive", "refund_million_kr"));
    assert_true(trial_has(panel, "resource_intensive", "gain_million_kr"));
    assert_true(trial_has(panel, "demography", "gain_million_kr"));
    assert_true(trial_has(panel, "total", "gain_million_kr"));
    kf_panel_destroy(&panel);
}

static void every_measure_is_in_the_table_of_measures(void **state)
{
    (void)state;
    struct kf_panel *panel = everything();
    trial_compute(panel);
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        const struct kf_measure *measure = kf_measure_find(result->topic, result->measure);
        assert_non_null(measure);
        assert_string_equal(result->unit, measure->unit);
        assert_int_equal(result->topic, KF_TOPIC_UNIT_COST);
    }
    kf_panel_destroy(&panel);
}

static void an_edition_without_a_trial_has_no_rows_of_it(void **state)
{
    (void)state;
    struct kf_panel *panel = everything();
    fixture_edition(panel)->trial = (struct kf_trial){0};
    trial_compute(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void a_panel_without_figures_has_no_rows(void **state)
{
    (void)state;
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    trial_demography(panel);
    trial_compute(panel);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

/* A fault of the users does not hide one of the years that refunds are taken from, and both are
 * told once. */
static void faults_of_all_parts_are_told_at_once(void **state)
{
    (void)state;
    struct kf_panel *panel = everything();
    fixture_column(panel, "bruker_kostnad_1",
                   (double[]){FIXTURE_MISSING, FIXTURE_MISSING, 3e6, 1e6});
    fixture_column(panel, "brukere", (double[]){0, 17, 37, 42});
    for (struct kf_panel *of = panel->further; of; of = of->further) {
        if (of->year == 2016) {
            fixture_column(of, "brukere", (double[]){16, 14, 0, 39});
        }
    }
    struct kf_findings *findings = fixture_findings();
    struct kf_error err = {0};
    fixture_seal(panel);
    assert_int_equal(kf_trial_append(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 2);
    assert_int_equal(findings->left_out, 0);
    kf_panel_destroy(&panel);
}

/* Three users of every member, as `order` numbers them. */
static struct kf_panel *ordered(const size_t order[3])
{
    static const double costs[3][SIO_MEMBERS] = {{2345678.9, 1235000.01, 3e6, FIXTURE_MISSING},
                                                 {1e6, 4444444.44, 1999999.99, 5e6},
                                                 {7654321.1, 1500000, FIXTURE_MISSING, 1.3e6}};
    static const double ages[3][SIO_MEMBERS] = {{20, 30, 40, 50}, {66, 67, 68, 12}, {1, 2, 3, 4}};
    static const char *const cost_of[] = {"bruker_kostnad_1", "bruker_kostnad_2",
                                          "bruker_kostnad_3"};
    static const char *const age_of[] = {"bruker_alder_1", "bruker_alder_2", "bruker_alder_3"};
    struct kf_panel *panel = trial_panel(2017, SIO_MEMBERS);
    trial_users(panel, 3, true);
    for (size_t i = 0; i < 3; i++) {
        fixture_column(panel, cost_of[i], costs[order[i]]);
        fixture_column(panel, age_of[i], ages[order[i]]);
    }
    trial_compute(panel);
    return panel;
}

static void the_numbers_of_the_users_do_not_matter(void **state)
{
    (void)state;
    static const size_t orders[][3] = {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct kf_panel *one = ordered((const size_t[]){0, 1, 2});
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
        struct kf_panel *other = ordered(orders[o]);
        assert_int_equal(one->results_len, other->results_len);
        for (size_t i = 0; i < one->results_len; i++) {
            assert_memory_equal(one->results[i].values, other->results[i].values,
                                SIO_MEMBERS * sizeof(double));
            assert_memory_equal(one->results[i].status, other->results[i].status, SIO_MEMBERS);
        }
        kf_panel_destroy(&other);
    }
    kf_panel_destroy(&one);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t tried = 0;
    for (; code != KF_OK && tried < 500; tried++) {
        struct kf_panel *panel = everything();
        fixture_seal(panel);
        struct kf_findings *findings = fixture_findings();
        struct kf_error err = {0};
        kf_memory_fail_after(tried);
        code = kf_trial_append(panel, findings, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || (code == KF_ERR_MEMORY && err.text[0] != '\0'));
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(tried > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_has_its_rows),
        cmocka_unit_test(every_measure_is_in_the_table_of_measures),
        cmocka_unit_test(an_edition_without_a_trial_has_no_rows_of_it),
        cmocka_unit_test(a_panel_without_figures_has_no_rows),
        cmocka_unit_test(faults_of_all_parts_are_told_at_once),
        cmocka_unit_test(the_numbers_of_the_users_do_not_matter),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "services/normalize/normalize.h"
#include "services/normalize/school_correction.h"
#include "tests/support/panel_fixture.h"

/* Two members and two others. Together they are four points on which a pencil gives b = 1.9,
 * constant 0, mean of z 2.5 (see test_regression.c):
 *
 *              z   g                     c = g − 1.9(z − 2.5)      c ÷ g
 *     0001     1   2      member         4.85                      2.425
 *     0002     4   8      member         5.15                      .64375
 *     9001     2   4      other
 *     9002     3   5      other
 */
static const char *const regressors[] = {"z"};
static const char *const other_codes[] = {"9001", "9002"};

static void other_values(struct kf_panel *panel, const char *variable, const double *values)
{
    for (size_t c = 0; c < panel->columns_len; c++) {
        struct kf_column *column = &panel->columns[c];
        if (strcmp(column->variable, variable) != 0) {
            continue;
        }
        column->other_values = kf_arena_calloc(panel->arena, panel->others_len, sizeof(double));
        column->other_status = kf_arena_calloc(panel->arena, panel->others_len, 1);
        for (size_t k = 0; k < panel->others_len; k++) {
            bool missing = isnan(values[k]);
            column->other_values[k] = missing ? 0 : values[k];
            column->other_status[k] = missing ? KF_CELL_MISSING : KF_CELL_VALUE;
        }
    }
}

static void fill_year(struct kf_panel *panel)
{
    panel->others = kf_arena_calloc(panel->arena, 2, sizeof *panel->others);
    panel->others[0] = other_codes[0];
    panel->others[1] = other_codes[1];
    panel->others_len = 2;
    fixture_population(panel, (double[]){100, 300});
    fixture_column(panel, "z", (double[]){1, 4});
    fixture_column(panel, "g", (double[]){2, 8});
    fixture_column(panel, "prove", (double[]){10, 40});
    other_values(panel, "z", (double[]){2, 3});
    other_values(panel, "g", (double[]){4, 5});
}

static struct kf_indicator *add_indicator(struct kf_panel *panel, const char *id, double weight)
{
    struct kf_indicator *indicator = fixture_indicator(panel, "skole", id, weight);
    indicator->correction = "poengkorreksjon";
    return indicator;
}

/* The panel with the outcome itself and a test as indicators. */
static struct kf_panel *four_municipalities(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    struct kf_edition *edition = fixture_edition(panel);
    edition->corrections = kf_arena_calloc(panel->arena, 1, sizeof *edition->corrections);
    const char **names = kf_arena_calloc(panel->arena, 4, sizeof *names);
    names[0] = regressors[0];
    edition->corrections[0] = (struct kf_correction){"poengkorreksjon", "g", names, 1};
    edition->corrections_len = 1;
    fixture_sector(panel, "skole", 1);
    add_indicator(panel, "g", 0.5);
    add_indicator(panel, "prove", 0.5);
    fill_year(panel);
    return panel;
}

static void compute(struct kf_panel *panel)
{
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_normalize_compute(panel, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
}

static double corrected(const struct kf_panel *panel, const char *indicator, size_t k)
{
    return fixture_value(panel, KF_TOPIC_INDICATOR, "skole", indicator, "corrected", k);
}

static uint8_t status_of(const struct kf_panel *panel, const char *indicator, const char *measure,
                         size_t k)
{
    return fixture_status(panel, KF_TOPIC_INDICATOR, "skole", indicator, measure, k);
}

static void the_result_and_the_tests_move_by_the_same_percentage(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    compute(panel);
    assert_true(corrected(panel, "g", 0) == 4.85);
    assert_true(corrected(panel, "g", 1) == 5.15);
    assert_true(corrected(panel, "prove", 0) == 24.25); /* 10 · 2.425 */
    assert_true(corrected(panel, "prove", 1) == 25.75); /* 40 · .64375 */
    assert_int_equal(status_of(panel, "prove", "corrected", 0), KF_CELL_INFERRED);
    assert_int_equal(status_of(panel, "prove", "normalized", 0), KF_CELL_INFERRED);
    assert_int_equal(status_of(panel, "prove", "raw", 0), KF_CELL_VALUE);
    /* (100·24.25 + 300·25.75)/400 = 25.375. */
    assert_close(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "prove", "normalized", 0),
                 100 * 24.25 / 25.375, 1e-13);
    kf_panel_destroy(&panel);
}

static double figure(const struct kf_panel *panel, const char *indicator, const char *measure)
{
    return fixture_value(panel, KF_TOPIC_STATISTICS, "poengkorreksjon", indicator, measure, 0);
}

static void the_regression_is_published_with_all_it_says(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    compute(panel);
    assert_true(figure(panel, "", "observations") == 4);
    assert_close(figure(panel, "", "r_squared"), 1 - 0.7 / 18.75, 1e-16);
    assert_true(figure(panel, "", "condition_number") == 1);
    assert_true(figure(panel, "z", "coefficient") == 1.9);
    assert_close(figure(panel, "z", "standard_error"), sqrt(0.07), 1e-16);
    assert_close(figure(panel, "z", "t_value"), 1.9 / sqrt(0.07), 1e-14);
    double square = 1.9 * 1.9 / 0.07;
    assert_close(figure(panel, "z", "p_value"), 1 - sqrt(square / (2 + square)), 1e-15);
    assert_true(figure(panel, "z", "stars") == 2);
    assert_close(figure(panel, "constant", "coefficient"), 0, 1e-30);
    assert_close(figure(panel, "constant", "standard_error"), sqrt(0.525), 1e-15);
    const struct kf_result *z =
        kf_panel_result(panel, KF_TOPIC_STATISTICS, "poengkorreksjon", "z", "coefficient");
    assert_string_equal(z->unit, "g/z");
    kf_panel_destroy(&panel);
}

static void incomplete_municipalities_are_left_out_of_the_estimate(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    const char *codes[] = {"9001", "9002", "9003", "9004"};
    panel->others = codes;
    panel->others_len = 4;
    other_values(panel, "z", (double[]){2, 3, 70, FIXTURE_MISSING});
    other_values(panel, "g", (double[]){4, 5, FIXTURE_MISSING, 70});
    compute(panel);
    assert_true(figure(panel, "", "observations") == 4);
    assert_true(corrected(panel, "g", 0) == 4.85);
    kf_panel_destroy(&panel);
}

static void a_member_without_a_regressor_has_no_corrected_value(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    fixture_column(panel, "z", (double[]){1, FIXTURE_MISSING});
    const char *codes[] = {"9001", "9002", "9003"};
    panel->others = codes;
    panel->others_len = 3;
    other_values(panel, "z", (double[]){2, 3, 4}); /* 9003 takes the member's place */
    other_values(panel, "g", (double[]){4, 5, 8});
    compute(panel);
    assert_true(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "prove", "raw", 1) == 40);
    assert_int_equal(status_of(panel, "prove", "corrected", 1), KF_CELL_MISSING);
    assert_int_equal(status_of(panel, "prove", "normalized", 1), KF_CELL_IMPUTED);
    assert_true(corrected(panel, "prove", 0) == 24.25);
    assert_true(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "prove", "normalized", 1) == 100);
    kf_panel_destroy(&panel);
}

static void a_missing_or_zero_result_cannot_be_corrected(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    fixture_column(panel, "g", (double[]){FIXTURE_MISSING, 0});
    other_values(panel, "g", (double[]){4, 5});
    fixture_edition(panel)->sectors[0].indicators[0].missing = KF_MISSING_DROP;
    fixture_seal(panel);
    struct kf_error err = {0};
    assert_int_equal(kf_normalize_compute(panel, fixture_findings(), &err), KF_ERR_DATA);
    assert_int_equal(status_of(panel, "prove", "corrected", 0), KF_CELL_MISSING);
    assert_int_equal(status_of(panel, "prove", "corrected", 1), KF_CELL_MISSING);
    kf_panel_destroy(&panel);
}

static void dependent_regressors_are_told_once_and_by_name(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    const struct kf_correction *correction = &panel->edition->corrections[0];
    correction->regressors[1] = "prosent";
    fixture_edition(panel)->corrections[0].regressors_len = 2;
    fixture_column(panel, "prosent", (double[]){100, 400});
    other_values(panel, "prosent", (double[]){200, 300});
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].problem, "is a linear combination of"));
    assert_non_null(strstr(findings->list[0].problem, "poengkorreksjon in 2010"));
    kf_panel_destroy(&panel);
}

static void an_absent_regressor_leaves_too_few_municipalities(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    panel->edition->corrections[0].regressors[0] = "finnes_ikke";
    fixture_seal(panel);
    struct kf_error err = {0};
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_normalize_compute(panel, findings, &err), KF_ERR_DATA);
    assert_int_equal(findings->length, 1);
    assert_non_null(strstr(findings->list[0].problem, "only 0 municipalities"));
    kf_panel_destroy(&panel);
}

static void earlier_years_are_corrected_by_their_own_regression(void **state)
{
    (void)state;
    /* The year before every result was half as high: b = .95, g* = g − .95(z − 2.5). */
    struct kf_panel *panel = four_municipalities();
    struct kf_panel *last = fixture_previous(panel);
    fill_year(last);
    fixture_column(last, "g", (double[]){1, 4});
    other_values(last, "g", (double[]){2, 2.5});
    compute(panel);
    assert_true(corrected(last, "g", 0) == 2.425);
    assert_true(corrected(last, "g", 1) == 2.575);
    assert_true(corrected(last, "prove", 0) == 24.25);
    assert_true(corrected(panel, "g", 0) == 4.85);
    assert_null(kf_panel_result(last, KF_TOPIC_STATISTICS, "poengkorreksjon", "", "observations"));
    kf_panel_destroy(&panel);
}

static void an_earlier_year_without_results_has_nothing_to_correct(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    struct kf_panel *last = fixture_previous(panel);
    fixture_population(last, (double[]){100, 300});
    fixture_column(last, "prove", (double[]){10, 40});
    compute(panel);
    assert_true(corrected(panel, "g", 0) == 4.85);
    assert_int_equal(status_of(last, "prove", "corrected", 0), KF_CELL_MISSING);
    assert_true(fixture_value(last, KF_TOPIC_INDICATOR, "skole", "prove", "raw", 0) == 10);
    kf_panel_destroy(&panel);
}

static void the_latest_corrected_value_replaces_a_missing_one(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    struct kf_panel *last = fixture_previous(panel);
    fill_year(last);
    fixture_column(panel, "prove", (double[]){10, FIXTURE_MISSING});
    fixture_edition(panel)->sectors[0].indicators[1].missing = KF_MISSING_LATEST;
    compute(panel);
    /* Last year's 25.75: (100·24.25 + 300·25.75)/400 = 25.375. */
    assert_close(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "prove", "normalized", 1),
                 100 * 25.75 / 25.375, 1e-13);
    assert_int_equal(status_of(panel, "prove", "normalized", 1),
                     KF_CELL_IMPUTED | KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

static void the_country_is_corrected_as_a_municipality_is(void **state)
{
    (void)state;
    /* z = 3, g = 5.3 in the country: g* = 5.3 − 1.9·.5 = 4.35, and the test 21.2·4.35/5.3 = 17.4.
     */
    struct kf_panel *panel = four_municipalities();
    fixture_edition(panel)->reference = KF_REFERENCE_COUNTRY;
    fixture_country(panel, "z", 3);
    fixture_country(panel, "g", 5.3);
    fixture_country(panel, "prove", 21.2);
    compute(panel);
    assert_close(fixture_value(panel, KF_TOPIC_INDICATOR, "skole", "prove", "normalized", 0),
                 100 * 24.25 / 17.4, 1e-13);
    kf_panel_destroy(&panel);
}

static void an_exact_fit_has_no_t_and_no_stars(void **state)
{
    (void)state;
    struct kf_panel *panel = four_municipalities();
    fixture_column(panel, "g", (double[]){12, 18});
    other_values(panel, "g", (double[]){14, 16});
    compute(panel);
    /* g = 10 + 2 z: all alike once corrected. */
    assert_true(corrected(panel, "g", 0) == 15 && corrected(panel, "g", 1) == 15);
    assert_true(figure(panel, "", "r_squared") == 1);
    assert_int_equal(
        fixture_status(panel, KF_TOPIC_STATISTICS, "poengkorreksjon", "z", "t_value", 0),
        KF_CELL_NOT_APPLICABLE);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY && n < 200; n++) {
        struct kf_panel *panel = four_municipalities();
        fixture_seal(panel);
        struct kf_error err = {0};
        struct kf_findings *findings = fixture_findings();
        kf_memory_fail_after(n);
        code = kf_normalize_compute(panel, findings, &err);
        kf_memory_fail_after(-1);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_result_and_the_tests_move_by_the_same_percentage),
        cmocka_unit_test(the_regression_is_published_with_all_it_says),
        cmocka_unit_test(incomplete_municipalities_are_left_out_of_the_estimate),
        cmocka_unit_test(a_member_without_a_regressor_has_no_corrected_value),
        cmocka_unit_test(a_missing_or_zero_result_cannot_be_corrected),
        cmocka_unit_test(dependent_regressors_are_told_once_and_by_name),
        cmocka_unit_test(an_absent_regressor_leaves_too_few_municipalities),
        cmocka_unit_test(earlier_years_are_corrected_by_their_own_regression),
        cmocka_unit_test(an_earlier_year_without_results_has_nothing_to_correct),
        cmocka_unit_test(the_latest_corrected_value_replaces_a_missing_one),
        cmocka_unit_test(the_country_is_corrected_as_a_municipality_is),
        cmocka_unit_test(an_exact_fit_has_no_t_and_no_stars),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "fixture.h"

#include <math.h>

#include "common/base/memory.h"
#include "common/model/statistics.h"

static void descriptives_are_those_worked_by_hand(void **state)
{
    (void)state;
    /* Population 1, 2, 1 thousand; values 90, 100, 130: mean (90+200+130)/4 = 105;
     * ΣN(n−m)²/ΣN = (225 + 2·25 + 625)/4 = 225; × 3/2 = 337.5.
     * Unweighted mean 320/3; Σ(n−m)² = (50² + 20² + 70²)/9 = 7800/9; ÷ 3 = 2600/9. */
    static const double values[] = {90, 100, 130};
    static const double population[] = {1000, 2000, 1000};
    struct kf_statistics statistics;
    kf_statistics_compute(values, population, 3, &statistics);
    assert_true(statistics.minimum == 90);
    assert_true(statistics.maximum == 130);
    assert_true(statistics.mean_weighted == 105);
    assert_true(fabs(statistics.sd_weighted - sqrt(337.5)) < 1e-13);
    assert_true(fabs(statistics.sd_unweighted - sqrt(2600.0 / 9)) < 1e-13);
}

static void a_single_member_does_not_vary(void **state)
{
    (void)state;
    static const double value = 97.1;
    static const double population = 586860;
    struct kf_statistics statistics;
    kf_statistics_compute(&value, &population, 1, &statistics);
    assert_true(statistics.minimum == 97.1 && statistics.maximum == 97.1);
    assert_true(statistics.mean_weighted == 97.1);
    assert_true(statistics.sd_weighted == 0 && statistics.sd_unweighted == 0);
}

static void the_mean_does_not_depend_on_order_or_unit(void **state)
{
    (void)state;
    static const double values[] = {104.7, 96.7, 97.1, 88.3, 0.1, 113.9};
    static const double reversed[] = {113.9, 0.1, 88.3, 97.1, 96.7, 104.7};
    static const double shares[] = {1.047, 0.967, 0.971, 0.883, 0.001, 1.139};
    static const double weights[] = {73638, 111213, 586860, 62566, 81295, 64597};
    static const double weights_reversed[] = {64597, 81295, 62566, 586860, 111213, 73638};
    double mean = kf_mean_weighted(values, weights, 6);
    assert_true(mean == kf_mean_weighted(reversed, weights_reversed, 6));
    /* The same in whole tenths, exact in 64 bits. */
    long long tenths[] = {1047, 967, 971, 883, 1, 1139};
    long long total = 0;
    long long people = 0;
    for (size_t i = 0; i < 6; i++) {
        total += tenths[i] * (long long)weights[i];
        people += (long long)weights[i];
    }
    assert_true(fabs(mean - (double)total / 10 / (double)people) < 2e-14);
    double share = kf_mean_weighted(shares, weights, 6);
    assert_true(fabs(share * 100 - mean) <= 1.5e-14);
}

static void descriptives_equal_the_method_written_naively(void **state)
{
    (void)state;
    double values[357];
    double weights[357];
    uint32_t random = 12345;
    for (size_t i = 0; i < 357; i++) {
        random = random * 1664525u + 1013904223u;
        values[i] = 50 + (double)(random >> 16) / 1000;
        random = random * 1664525u + 1013904223u;
        weights[i] = 200 + (double)(random >> 8) / 30;
    }
    double n = 357;
    double total = 0;
    double people = 0;
    double plain = 0;
    for (size_t i = 0; i < 357; i++) {
        total += weights[i] * values[i];
        people += weights[i];
        plain += values[i];
    }
    double m = total / people;
    double weighted = 0;
    double unweighted = 0;
    for (size_t i = 0; i < 357; i++) {
        weighted += weights[i] * pow(values[i] - m, 2);
        unweighted += pow(values[i] - plain / n, 2);
    }
    struct kf_statistics statistics;
    kf_statistics_compute(values, weights, 357, &statistics);
    assert_true(fabs(statistics.mean_weighted - m) < 1e-11);
    assert_true(fabs(statistics.sd_weighted - sqrt(n / (n - 1) * weighted / people)) < 1e-11);
    assert_true(fabs(statistics.sd_unweighted - sqrt(unweighted / n)) < 1e-11);
}

static struct kf_edition edition = {.id = "liten", .population = "folkemengde"};

/* A panel of three members with population 1000, 2000, 1000. */
static struct kf_panel *small_panel(void)
{
    static const char *members[] = {"0106", "0219", "0301"};
    static double population[] = {1000, 2000, 1000};
    static uint8_t status[] = {0, 0, 0};
    static struct kf_column column = {
        .variable = "folkemengde", .values = population, .status = status};
    struct kf_panel *panel = kf_panel_new();
    assert_non_null(panel);
    panel->edition = &edition;
    panel->year = 2010;
    panel->members = members;
    panel->members_len = 3;
    panel->columns = &column;
    panel->columns_len = 1;
    return panel;
}

static void the_five_descriptives_become_results_of_the_group(void **state)
{
    (void)state;
    static const double values[] = {90, 100, 130};
    struct kf_panel *panel = small_panel();
    struct kf_error err;
    assert_int_equal(kf_statistics_append(panel, "barnehage", "timer", values, NULL, &err), KF_OK);
    static const struct {
        const char *measure;
        double value;
    } expected[] = {
        {"minimum", 90},
        {"maximum", 130},
        {"mean_weighted", 105},
        {"sd_weighted", 18.371173070873837},   /* √337.5 */
        {"sd_unweighted", 16.996731711975951}, /* √2600 / 3 */
    };
    assert_int_equal(panel->results_len, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct kf_result *result =
            kf_panel_result(panel, KF_TOPIC_STATISTICS, "barnehage", "timer", expected[i].measure);
        assert_ptr_equal(result, &panel->results[i]);
        assert_true(result->group && result->status[0] == KF_CELL_VALUE);
        assert_true(fabs(result->values[0] - expected[i].value) < 1e-13);
    }
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    kf_panel_destroy(&panel);
}

static void members_without_a_value_do_not_count(void **state)
{
    (void)state;
    /* 90 with 1000 and 130 with 1000 people: mean 110, n = 2: 2/1·400 = 800; unweighted 20. */
    static const double values[] = {90, 0, 130};
    static const uint8_t status[] = {KF_CELL_PRELIMINARY, KF_CELL_MISSING, KF_CELL_IMPUTED};
    struct kf_panel *panel = small_panel();
    struct kf_error err;
    assert_int_equal(kf_statistics_append(panel, "barnehage", "timer", values, status, &err),
                     KF_OK);
    static const double expected[] = {90, 130, 110, 28.284271247461902, 20}; /* √800 */
    assert_int_equal(panel->results_len, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(fabs(panel->results[i].values[0] - expected[i]) < 1e-13);
        assert_int_equal(panel->results[i].status[0], KF_CELL_VALUE);
    }
    kf_panel_destroy(&panel);
}

static void a_column_that_nobody_has_a_value_in_has_missing_descriptives(void **state)
{
    (void)state;
    static const double values[] = {0, 0, 0};
    static const uint8_t status[] = {KF_CELL_MISSING, KF_CELL_CONFIDENTIAL, KF_CELL_MISSING};
    struct kf_panel *panel = small_panel();
    struct kf_error err;
    assert_int_equal(kf_statistics_append(panel, "barnehage", "timer", values, status, &err),
                     KF_OK);
    assert_int_equal(panel->results_len, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(panel->results[i].status[0], KF_CELL_MISSING);
        assert_true(panel->results[i].values[0] == 0);
    }
    kf_panel_destroy(&panel);
}

static void without_a_population_there_are_no_descriptives(void **state)
{
    (void)state;
    static const double values[] = {90, 100, 130};
    struct kf_panel *panel = small_panel();
    struct kf_error err;
    panel->columns_len = 0;
    assert_int_equal(kf_statistics_append(panel, "barnehage", "timer", values, NULL, &err),
                     KF_ERR_DATA);
    assert_int_equal(panel->results_len, 0);
    kf_panel_destroy(&panel);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    static const double values[] = {90, 100, 0};
    static const uint8_t status[] = {KF_CELL_VALUE, KF_CELL_VALUE, KF_CELL_MISSING};
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        struct kf_panel *panel = small_panel();
        struct kf_error err;
        kf_memory_fail_after(n);
        code = kf_statistics_append(panel, "barnehage", "timer", values, status, &err);
        kf_memory_fail_after(-1);
        kf_panel_destroy(&panel);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptives_are_those_worked_by_hand),
        cmocka_unit_test(a_single_member_does_not_vary),
        cmocka_unit_test(the_mean_does_not_depend_on_order_or_unit),
        cmocka_unit_test(descriptives_equal_the_method_written_naively),
        cmocka_unit_test(the_five_descriptives_become_results_of_the_group),
        cmocka_unit_test(members_without_a_value_do_not_count),
        cmocka_unit_test(a_column_that_nobody_has_a_value_in_has_missing_descriptives),
        cmocka_unit_test(without_a_population_there_are_no_descriptives),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

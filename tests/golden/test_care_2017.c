/* Care 2017, 416 real municipalities. Every value is recomputed in
 * tests/pipeline/test_care_2017.py; here stands what can be worked out by hand, and what must hold
 * for all. */
#include "tests/support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden/bundled.h"

#define SECTOR "pleie_omsorg"

static struct bundled care;

static int compute(void **state)
{
    (void)state;
    return bundled_compute(&care, "care-2017", 2017, "data/care-2017/care-2017.csv") ? 0 : -1;
}

static int clear(void **state)
{
    (void)state;
    bundled_clear(&care);
    return 0;
}

static double value_of(enum kf_topic topic, const char *indicator, const char *measure,
                       const char *municipality)
{
    struct kf_result_key key = {
        .topic = topic, .sector = SECTOR, .indicator = indicator, .measure = measure};
    return bundled_value(&care, &key, municipality);
}

static void institutions_have_the_budget_share_of_the_report(void **state)
{
    (void)state;
    assert_close(value_of(KF_TOPIC_STATISTICS, "liggedogn_institusjon", "weight", ""), 0.34408,
                 1e-12);
    assert_close(value_of(KF_TOPIC_STATISTICS, "enerom", "weight", ""), 0.08602, 1e-12);
    assert_close(value_of(KF_TOPIC_STATISTICS, "timer_hjemmebasert_omsorg", "weight", ""), 0.5699,
                 1e-12);
}

/* Oslo: its inhabitants aged 0–66, 67–79, 80–89, 90+, against the country's, by the key of 2011. */
static double need_of_oslo(void)
{
    static const struct {
        double weight;
        double oslo;
        double country;
    } ages[] = {{0.1188, 595245, 4492315},
                {0.1142, 50547, 545022},
                {0.2044, 16001, 176371},
                {0.1433, 4966, 44609}};
    double sum = 0;
    double weights = 0;
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        sum += ages[i].weight * (ages[i].oslo / 666759) / (ages[i].country / 5258317);
        weights += ages[i].weight;
    }
    return sum / weights;
}

static void oslo_needs_less_because_few_are_old(void **state)
{
    (void)state;
    assert_close(value_of(KF_TOPIC_NEED, "", "need_index", "0301"), need_of_oslo(), 1e-12);
    assert_true(value_of(KF_TOPIC_NEED, "innb_0_66", "driver", "0301") > 0);
    assert_true(value_of(KF_TOPIC_NEED, "innb_80_89", "driver", "0301") < 0);
}

/* 1 784 027 days and 4 292 single rooms, for 666 759 inhabitants. */
static void oslos_raw_values_are_those_of_the_source(void **state)
{
    (void)state;
    assert_close(value_of(KF_TOPIC_INDICATOR, "liggedogn_institusjon", "raw", "0301"),
                 1784027 / (666759 * need_of_oslo()), 1e-12);
    assert_close(value_of(KF_TOPIC_INDICATOR, "enerom", "raw", "0301"), 4292.0 / 1784027, 1e-12);
}

static void group_means_are_100_on_all_levels(void **state)
{
    (void)state;
    size_t columns = 0;
    for (size_t i = 0; i < care.panel->results_len; i++) {
        const struct kf_result *result = &care.panel->results[i];
        bool at_scale = strcmp(result->measure, "normalized") == 0 ||
                        strcmp(result->measure, "index") == 0 ||
                        strcmp(result->measure, "expenditure_index") == 0 ||
                        strcmp(result->measure, "efficiency") == 0;
        if (at_scale) {
            columns++;
            assert_close(bundled_mean(&care, result), 100, 1e-9);
        }
    }
    assert_int_equal(columns, 3 + 2 + 2 + 2);
}

/* Utsira reported nothing: it has need, and nothing is filled in. */
static void all_but_utsira_have_index_expenditure_and_efficiency(void **state)
{
    (void)state;
    static const struct {
        enum kf_topic topic;
        const char *measure;
    } measures[] = {{KF_TOPIC_INDEX, "index"},
                    {KF_TOPIC_EFFICIENCY, "expenditure_index"},
                    {KF_TOPIC_EFFICIENCY, "efficiency"}};
    assert_int_equal(care.panel->members_len, 416);
    for (size_t i = 0; i < 3; i++) {
        const struct kf_result *result = kf_panel_result(care.panel, measures[i].topic,
                                                         KF_SECTOR_TOTAL, "", measures[i].measure);
        assert_non_null(result);
        for (size_t k = 0; k < care.panel->members_len; k++) {
            bool utsira = strcmp(care.panel->members[k], "1151") == 0;
            assert_true(kf_cell_has_value(result->status[k]) != utsira);
            assert_false(result->status[k] & KF_CELL_IMPUTED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(institutions_have_the_budget_share_of_the_report),
        cmocka_unit_test(oslo_needs_less_because_few_are_old),
        cmocka_unit_test(oslos_raw_values_are_those_of_the_source),
        cmocka_unit_test(group_means_are_100_on_all_levels),
        cmocka_unit_test(all_but_utsira_have_index_expenditure_and_efficiency),
    };
    return cmocka_run_group_tests(tests, compute, clear);
}

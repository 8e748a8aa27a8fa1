/* The ASSS index 2010 against the tables that SØF-rapport 06/11 printed (one decimal). */
#include "tests/support/cmocka.h"

#include <math.h>
#include <string.h>

#include "tests/golden/asss_2010.h"

#define TOLERANCE 0.11

static const struct kf_panel *panel;

static int compute(void **state)
{
    int outcome = asss_2010_compute(state);
    panel = asss_2010_panel();
    return outcome;
}

static enum kf_topic topic_of(const char *measure)
{
    if (strcmp(measure, "normalized") == 0) {
        return KF_TOPIC_INDICATOR;
    }
    return strcmp(measure, "index") == 0 ? KF_TOPIC_INDEX : KF_TOPIC_EFFICIENCY;
}

/* Published values of the tables beginning with `prefix`, compared. */
struct comparison {
    const char *prefix;
    size_t compared;
};

static void compare_row(const struct asss_2010_published *row, void *context)
{
    struct comparison *comparison = context;
    if (strncmp(row->table, comparison->prefix, strlen(comparison->prefix)) != 0) {
        return;
    }
    const struct kf_result *result =
        kf_panel_result(panel, topic_of(row->measure), row->sector, row->indicator, row->measure);
    assert_non_null(result);
    size_t k = asss_2010_member(row->municipality);
    assert_true(kf_cell_has_value(result->status[k]));
    if (fabs(result->values[k] - row->value) > TOLERANCE) {
        fail_msg("table %s %s %s %s: %g, printed %g", row->table, row->sector, row->indicator,
                 row->municipality, result->values[k], row->value);
    }
    comparison->compared++;
}

/* Compares every published value of the tables beginning with `prefix`; returns how many. */
static size_t compare_tables(const char *prefix)
{
    struct comparison comparison = {.prefix = prefix};
    (void)asss_2010_each_published(compare_row, &comparison);
    return comparison.compared;
}

static void tables_3_1_to_3_7_are_reproduced(void **state)
{
    (void)state;
    assert_int_equal(compare_tables("3."), 440 + 70);
}

static void table_4_1_is_reproduced(void **state)
{
    (void)state;
    assert_int_equal(compare_tables("4.1"), 30);
}

static void table_4_2_is_reproduced(void **state)
{
    (void)state;
    assert_int_equal(compare_tables("4.2"), 30);
}

/* Bærum's day centres, qualification benefit and individual plans, and nothing else. */
static void exactly_three_cells_are_imputed(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"pleie_omsorg", "dagsenter"},
                                              {"sosial", "kvalifiseringsstonad"},
                                              {"sosial", "individuell_plan"}};
    size_t baerum = asss_2010_member("0219");
    for (size_t i = 0; i < 3; i++) {
        const struct kf_result *result = kf_panel_result(panel, KF_TOPIC_INDICATOR, expected[i][0],
                                                         expected[i][1], "normalized");
        assert_non_null(result);
        assert_true(result->status[baerum] & KF_CELL_IMPUTED);
    }
    size_t imputed = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        size_t cells = panel->results[i].group ? 1 : panel->members_len;
        for (size_t k = 0; k < cells; k++) {
            imputed += (panel->results[i].status[k] & KF_CELL_IMPUTED) != 0;
        }
    }
    assert_int_equal(imputed, 3);
}

/* METHOD A2: the alternative moves Bærum's total by 2.3 points. */
static void without_imputed_cells_baerum_gains_2_3_points(void **state)
{
    (void)state;
    const struct kf_result *index =
        kf_panel_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index");
    const struct kf_result *without =
        kf_panel_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index_without_imputed");
    for (size_t k = 0; k < panel->members_len; k++) {
        double moved = without->values[k] - index->values[k];
        bool baerum = strcmp(panel->members[k], "0219") == 0;
        assert_true(fabs(moved - (baerum ? 2.3 : 0)) <= (baerum ? 0.05 : 0));
    }
}

static double group_mean(const struct kf_result *result)
{
    const double *population = kf_panel_population(panel);
    double people = 0;
    double weighted = 0;
    for (size_t k = 0; k < panel->members_len; k++) {
        people += population[k];
        weighted += population[k] * result->values[k];
    }
    return weighted / people;
}

static void group_means_are_100_on_all_levels(void **state)
{
    (void)state;
    size_t columns = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        const struct kf_result *result = &panel->results[i];
        bool at_scale = strcmp(result->measure, "normalized") == 0 ||
                        strcmp(result->measure, "index") == 0 ||
                        strcmp(result->measure, "expenditure_index") == 0 ||
                        strcmp(result->measure, "efficiency") == 0;
        if (at_scale) {
            columns++;
            assert_close(group_mean(result), 100, 1e-9);
        }
    }
    assert_int_equal(columns, 44 + 7 + 1 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_3_1_to_3_7_are_reproduced),
        cmocka_unit_test(table_4_1_is_reproduced),
        cmocka_unit_test(table_4_2_is_reproduced),
        cmocka_unit_test(exactly_three_cells_are_imputed),
        cmocka_unit_test(without_imputed_cells_baerum_gains_2_3_points),
        cmocka_unit_test(group_means_are_100_on_all_levels),
    };
    return cmocka_run_group_tests(tests, compute, asss_2010_clear);
}

#include "tests/support/cmocka.h"

#include <string.h>

#include "services/board/board_metrics.h"

static void what_is_known_is_counted(void **state)
{
    (void)state;
    struct kf_board_metrics own;
    struct kf_text page;
    struct kf_metrics *all = kf_metrics_new();
    const struct kf_board_progress progress = {.behind = 3, .read = 9, .refused = 1};
    const struct kf_board_totals totals = {.rows = 7, .staged = 2};
    kf_text_init(&page, 100000);
    kf_board_metrics_add(&own, all);
    kf_board_metrics_set(&own, &progress, &totals);
    kf_metrics_print(all, &page);
    assert_non_null(strstr(page.bytes, "\nkostraflow_board_rows 7\n"));
    assert_non_null(strstr(page.bytes, "\nkostraflow_board_staged_rows 2\n"));
    assert_non_null(strstr(page.bytes, "\nkostraflow_board_behind_records 3\n"));
    assert_non_null(strstr(page.bytes, "\nkostraflow_board_records_total 9\n"));
    assert_non_null(strstr(page.bytes, "\nkostraflow_board_records_refused_total 1\n"));
    kf_text_clear(&page);
    kf_metrics_destroy(&all);
}

static void stages_are_counted_by_how_they_are(void **state)
{
    (void)state;
    struct kf_board_metrics own;
    struct kf_metrics *all = kf_metrics_new();
    struct kf_line *line = kf_line_new();
    const struct kf_line_time now = {.monotonic_ms = 1, .wall_ms = 1};
    kf_board_metrics_add(&own, all);
    assert_int_equal(kf_line_expect(line, "need", 0, "ipc:///a", now, NULL), KF_OK);
    assert_int_equal(kf_line_expect(line, "need", 1, "ipc:///b", now, NULL), KF_OK);
    kf_board_metrics_set_stages(&own, line);
    assert_int_equal(kf_metric_value(own.stages[KF_LINE_UNKNOWN]), 2);
    assert_int_equal(kf_metric_value(own.stages[KF_LINE_READY]), 0);
    kf_line_destroy(&line);
    kf_metrics_destroy(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_is_counted),
        cmocka_unit_test(stages_are_counted_by_how_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

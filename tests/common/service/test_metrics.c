#include "tests/support/cmocka.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/service/metrics.h"

static void metrics_print_in_the_text_format_of_prometheus(void **state)
{
    (void)state;
    struct kf_metrics *metrics = kf_metrics_new();
    struct kf_metric *in =
        kf_metrics_add(metrics, "panels_in_total", KF_METRIC_COUNTER, NULL, "Panels taken in.");
    struct kf_metric *late = kf_metrics_add(metrics, "refused_total", KF_METRIC_COUNTER,
                                            "reason=\"late\"", "Refused,\nby \\ reason.");
    struct kf_metric *memory =
        kf_metrics_add(metrics, "process_resident_memory_bytes", KF_METRIC_GAUGE, NULL, "Memory.");
    struct kf_metric *corrupt = kf_metrics_add(metrics, "refused_total", KF_METRIC_COUNTER,
                                               "reason=\"corrupt\"", "Refused.");
    kf_metric_increase(in, 3);
    kf_metric_increase(late, 1);
    kf_metric_increase(corrupt, 2);
    kf_metric_set(memory, 1.5);
    struct kf_text page;
    kf_text_init(&page, 4096);
    kf_metrics_print(metrics, &page);
    assert_string_equal(page.bytes, "# HELP kostraflow_panels_in_total Panels taken in.\n"
                                    "# TYPE kostraflow_panels_in_total counter\n"
                                    "kostraflow_panels_in_total 3\n"
                                    "# HELP kostraflow_refused_total Refused,\\nby \\\\ reason.\n"
                                    "# TYPE kostraflow_refused_total counter\n"
                                    "kostraflow_refused_total{reason=\"late\"} 1\n"
                                    "kostraflow_refused_total{reason=\"corrupt\"} 2\n"
                                    "# HELP process_resident_memory_bytes Memory.\n"
                                    "# TYPE process_resident_memory_bytes gauge\n"
                                    "process_resident_memory_bytes 1.5\n");
    kf_text_clear(&page);
    kf_metrics_destroy(&metrics);
    assert_null(metrics);
}

static void values_that_are_no_numbers_print_as_prometheus_wants_them(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *line;
    } cases[] = {{NAN, "kostraflow_x NaN\n"},
                 {INFINITY, "kostraflow_x +Inf\n"},
                 {-INFINITY, "kostraflow_x -Inf\n"}};
    struct kf_metrics *metrics = kf_metrics_new();
    struct kf_metric *metric = kf_metrics_add(metrics, "x", KF_METRIC_GAUGE, NULL, "X.");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_text page;
        kf_text_init(&page, 4096);
        kf_metric_set(metric, cases[i].value);
        kf_metrics_print(metrics, &page);
        assert_non_null(strstr(page.bytes, cases[i].line));
        kf_text_clear(&page);
    }
    kf_metrics_destroy(&metrics);
}

#define THREADS   4
#define INCREASES 20000

static void *increase(void *metric)
{
    for (int i = 0; i < INCREASES; i++) {
        kf_metric_increase(metric, 1);
    }
    return NULL;
}

static void no_increase_is_lost_between_threads(void **state)
{
    (void)state;
    struct kf_metrics *metrics = kf_metrics_new();
    struct kf_metric *metric = kf_metrics_add(metrics, "n_total", KF_METRIC_COUNTER, NULL, "N.");
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, increase, metric), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_true(kf_metric_value(metric) == (double)THREADS * INCREASES);
    kf_metrics_destroy(&metrics);
}

static void without_memory_there_are_no_metrics(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    assert_null(kf_metrics_new());
    kf_memory_fail_after(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_print_in_the_text_format_of_prometheus),
        cmocka_unit_test(values_that_are_no_numbers_print_as_prometheus_wants_them),
        cmocka_unit_test(no_increase_is_lost_between_threads),
        cmocka_unit_test(without_memory_there_are_no_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

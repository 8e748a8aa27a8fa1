/* What a running service serves under /metrics, read by Prometheus' own tool. */
#include "tests/support/cmocka.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "http_client.h"
#include "toy.h"

static struct toy toy;
static struct http_answer got;

static int begin(void **state)
{
    (void)state;
    toy_begin(&toy);
    toy_run(&toy, NULL);
    http_get(toy.port, "/metrics", &got);
    return got.status == 200 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    toy_end(&toy);
    return 0;
}

/* The exit code of promtool for `page`: 0 fine, 3 complaints. */
static int promtool_check(const char *page)
{
    FILE *promtool = popen("promtool check metrics >&2", "w");
    assert_non_null(promtool);
    assert_int_equal(fwrite(page, 1, strlen(page), promtool), strlen(page));
    int status = pclose(promtool);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 127) {
        fail_msg("promtool is missing: install the package prometheus");
    }
    return WEXITSTATUS(status);
}

static void promtool_finds_nothing_to_complain_about(void **state)
{
    (void)state;
    assert_int_equal(promtool_check(got.body), 0);
}

static void promtool_does_complain_about_what_is_wrong(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_not_equal(promtool_check("# TYPE x counter\nx 1\n"), 0);
}

static void every_service_has_the_metrics_that_all_have(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "\nkostraflow_build_info{service=\"toy\",version=\"" KF_VERSION "\"} 1\n",
        "\nkostraflow_panels_in_total 0\n",
        "\nkostraflow_panels_out_total 0\n",
        "\nkostraflow_panels_rejected_total 0\n",
        "\nkostraflow_frames_refused_total 0\n",
        "\nkostraflow_panels_in_progress 0\n",
        "\nkostraflow_ready 1\n",
        "\nkostraflow_last_success_timestamp_seconds 0\n",
        "\nkostraflow_loop_last_turn_timestamp_seconds 1",
        "\nkostraflow_loop_longest_turn_seconds ",
        "\nkostraflow_start_time_seconds 1",
        "\nprocess_resident_memory_bytes ",
        "\nprocess_cpu_seconds_total ",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(got.body, lines[i])) {
            fail_msg("missing: %s in\n%s", lines[i], got.body);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promtool_finds_nothing_to_complain_about),
        cmocka_unit_test(promtool_does_complain_about_what_is_wrong),
        cmocka_unit_test(every_service_has_the_metrics_that_all_have),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

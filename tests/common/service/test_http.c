#include "tests/support/cmocka.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/http.h"
#include "http_client.h"

static struct kf_metrics *metrics;
static struct kf_metric *metric;
static struct kf_http *http;
static struct http_answer got;
static atomic_bool healthy = true;

static bool health(void *context, bool readiness, struct kf_text *page)
{
    kf_text_add(page, readiness ? "ready?" : context);
    return atomic_load(&healthy);
}

static char context[] = "alive?";

static enum kf_err start(const struct kf_http_options *options, struct kf_error *err)
{
    return kf_http_start(options, metrics, health, context, &http, err);
}

static int begin_with(unsigned timeout_s)
{
    struct kf_http_options options = {
        .address = "127.0.0.1", .connections_max = 4, .timeout_s = timeout_s};
    metrics = kf_metrics_new();
    metric = kf_metrics_add(metrics, "n_total", KF_METRIC_COUNTER, NULL, "N.");
    atomic_store(&healthy, true);
    return start(&options, NULL) == KF_OK ? 0 : -1;
}

static int begin(void **state)
{
    (void)state;
    return begin_with(30);
}

static int begin_impatient(void **state)
{
    (void)state;
    return begin_with(1);
}

static int end(void **state)
{
    (void)state;
    kf_http_destroy(&http);
    kf_metrics_destroy(&metrics);
    return 0;
}

static void the_system_chooses_a_port(void **state)
{
    (void)state;
    assert_true(kf_http_port(http) > 0);
}

static void metrics_are_served(void **state)
{
    (void)state;
    kf_metric_increase(metric, 7);
    http_get(kf_http_port(http), "/metrics", &got);
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "\nkostraflow_n_total 7\n"));
    assert_non_null(strstr(got.head, "Content-Type: text/plain; version=0.0.4"));
}

static void every_answer_forbids_sniffing_and_storing(void **state)
{
    (void)state;
    static const char *const paths[] = {"/metrics", "/healthz", "/readyz", "/nothing"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        http_get(kf_http_port(http), paths[i], &got);
        assert_non_null(strstr(got.head, "X-Content-Type-Options: nosniff"));
        assert_non_null(strstr(got.head, "Content-Security-Policy: default-src 'none'"));
        assert_non_null(strstr(got.head, "Cache-Control: no-store"));
    }
}

/* As a browser says it for a page that has its name lead to 127.0.0.1. */
static void only_who_asks_for_this_machine_by_name_is_answered(void **state)
{
    (void)state;
    static const char *const local[] = {"localhost", "LocalHost:80", "127.0.0.1:9100", "127.1.2.3",
                                        "[::1]:80"};
    static const char *const foreign[] = {
        "evil.example",           "evil.example:9100", "localhost.evil.example",
        "127.0.0.1.evil.example", "10.0.0.1",          "",
        "127.0.0.1evil"};
    char request[128];
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        (void)snprintf(request, sizeof request, "GET /metrics HTTP/1.1\r\nHost: %s\r\n\r\n",
                       local[i]);
        http_send(kf_http_port(http), request, &got);
        assert_int_equal(got.status, 200);
    }
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        (void)snprintf(request, sizeof request, "GET /metrics HTTP/1.1\r\nHost: %s\r\n\r\n",
                       foreign[i]);
        http_send(kf_http_port(http), request, &got);
        assert_int_equal(got.status, 421);
        assert_null(strstr(got.body, "kostraflow"));
    }
}

static void health_and_readiness_answer_200_or_503_with_the_reason(void **state)
{
    (void)state;
    http_get(kf_http_port(http), "/healthz", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "alive?");
    http_get(kf_http_port(http), "/readyz?verbose", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "ready?");
    atomic_store(&healthy, false);
    http_get(kf_http_port(http), "/readyz", &got);
    assert_int_equal(got.status, 503);
    assert_string_equal(got.body, "ready?");
}

static void other_paths_are_not_found(void **state)
{
    (void)state;
    static const char *const paths[] = {"/", "/metrics/", "/metrics/../../etc/passwd",
                                        "/../healthz", "/%2e%2e/metrics"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        http_get(kf_http_port(http), paths[i], &got);
        assert_int_equal(got.status, 404);
    }
}

static void other_methods_are_not_allowed(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "BREW"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        char request[256];
        (void)snprintf(request, sizeof request,
                       "%s /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                       methods[i]);
        http_send(kf_http_port(http), request, &got);
        assert_int_equal(got.status, 405);
        assert_non_null(strstr(got.head, "Allow: GET, HEAD"));
    }
}

static void head_answers_without_a_body(void **state)
{
    (void)state;
    http_send(kf_http_port(http), "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "");
}

static void what_is_no_http_does_no_harm(void **state)
{
    (void)state;
    static char long_request[40000] = "GET /";
    memset(long_request + 5, 'x', sizeof long_request - 6);
    http_send(kf_http_port(http), long_request, &got);
    assert_int_not_equal(got.status, 200);
    http_send(kf_http_port(http), "\x16\x03\x01\x02 not http\r\n\r\n", &got);
    assert_int_not_equal(got.status, 200);
    http_get(kf_http_port(http), "/healthz", &got);
    assert_int_equal(got.status, 200);
}

static bool is_closed(int fd, int patience_ms)
{
    struct pollfd item = {.fd = fd, .events = POLLIN};
    char byte = 0;
    return poll(&item, 1, patience_ms) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static void a_client_that_trickles_is_cut_and_others_are_served(void **state)
{
    (void)state;
    int slow[4];
    for (int i = 0; i < 4; i++) { /* all the connections there are */
        slow[i] = http_connect(kf_http_port(http));
        assert_true(slow[i] >= 0);
    }
    bool closed = false;
    int64_t deadline_ms = kf_clock_monotonic_ms() + 20000;
    while (!closed && kf_clock_monotonic_ms() < deadline_ms) {
        for (int i = 0; i < 4; i++) { /* never idle for as long as the time-out */
            (void)send(slow[i], "G", 1, MSG_NOSIGNAL);
        }
        kf_http_cut_slow(http);
        closed = is_closed(slow[0], 100);
    }
    assert_true(closed);
    http_get(kf_http_port(http), "/healthz", &got);
    assert_int_equal(got.status, 200);
    for (int i = 0; i < 4; i++) {
        (void)close(slow[i]);
    }
}

static void a_port_in_use_is_a_configuration_error_that_names_it(void **state)
{
    (void)state;
    char port[16];
    struct kf_error err = {0};
    struct kf_http *first = http;
    struct kf_http *second = NULL;
    struct kf_http_options options = {
        .address = "127.0.0.1", .port = kf_http_port(first), .connections_max = 4, .timeout_s = 1};
    assert_int_equal(kf_http_start(&options, metrics, health, context, &second, &err),
                     KF_ERR_CONFIG);
    assert_null(second);
    (void)snprintf(port, sizeof port, "%u", (unsigned)options.port);
    assert_non_null(strstr(err.text, port));
    options.port = 0;
    options.address = "nowhere.example";
    assert_int_equal(kf_http_start(&options, metrics, health, context, &second, &err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "nowhere.example"));
}

static void without_memory_it_does_not_start(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_http *second = NULL;
    struct kf_http_options options = {.address = "127.0.0.1", .connections_max = 1, .timeout_s = 1};
    for (int64_t n = 0; n < 2; n++) {
        kf_memory_fail_after(n);
        assert_int_equal(kf_http_start(&options, metrics, health, context, &second, &err),
                         KF_ERR_MEMORY);
        kf_memory_fail_after(-1);
        assert_null(second);
    }
}

static atomic_bool counting;

static void *count(void *argument)
{
    (void)argument;
    while (atomic_load(&counting)) {
        kf_metric_increase(metric, 1);
    }
    return NULL;
}

static void metrics_can_be_read_while_they_are_written(void **state)
{
    (void)state;
    pthread_t thread;
    atomic_store(&counting, true);
    assert_int_equal(pthread_create(&thread, NULL, count, NULL), 0);
    for (int i = 0; i < 20; i++) {
        http_get(kf_http_port(http), "/metrics", &got);
        assert_int_equal(got.status, 200);
    }
    atomic_store(&counting, false);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_system_chooses_a_port, begin, end),
        cmocka_unit_test_setup_teardown(metrics_are_served, begin, end),
        cmocka_unit_test_setup_teardown(every_answer_forbids_sniffing_and_storing, begin, end),
        cmocka_unit_test_setup_teardown(health_and_readiness_answer_200_or_503_with_the_reason,
                                        begin, end),
        cmocka_unit_test_setup_teardown(only_who_asks_for_this_machine_by_name_is_answered, begin,
                                        end),
        cmocka_unit_test_setup_teardown(other_paths_are_not_found, begin, end),
        cmocka_unit_test_setup_teardown(other_methods_are_not_allowed, begin, end),
        cmocka_unit_test_setup_teardown(head_answers_without_a_body, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_http_does_no_harm, begin, end),
        cmocka_unit_test_setup_teardown(a_client_that_trickles_is_cut_and_others_are_served,
                                        begin_impatient, end),
        cmocka_unit_test_setup_teardown(a_port_in_use_is_a_configuration_error_that_names_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(without_memory_it_does_not_start, begin, end),
        cmocka_unit_test_setup_teardown(metrics_can_be_read_while_they_are_written, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

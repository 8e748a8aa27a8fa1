#include "tests/support/cmocka.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/http.h"
#include "common/service/http_stream.h"
#include "http_client.h"

#define STREAMS     3
#define PATIENCE_MS 20000

static struct kf_metrics *metrics;
static struct kf_http *http;
static struct http_answer got;
static struct kf_text data;

static bool health(void *context, bool readiness, struct kf_text *page)
{
    (void)context;
    (void)readiness;
    (void)page;
    return true;
}

static bool site(void *context, const struct kf_http_request *request,
                 struct kf_http_answer *answer)
{
    (void)context;
    (void)request;
    answer->type = "text/event-stream";
    answer->stream = true;
    kf_text_add(&answer->body, "event: first\ndata: 0\n\n");
    return true;
}

static int begin(void **state)
{
    (void)state;
    struct kf_http_options options = {.address = "127.0.0.1",
                                      .connections_max = 2,
                                      .timeout_s = 1,
                                      .streams_max = STREAMS,
                                      .site = site};
    kf_text_init(&data, KF_HTTP_STREAM_BYTES_MAX);
    metrics = kf_metrics_new();
    return kf_http_start(&options, metrics, health, NULL, &http, NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_http_destroy(&http);
    kf_metrics_destroy(&metrics);
    kf_text_clear(&data);
    return 0;
}

static int listen_to_it(void)
{
    static const char request[] = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int fd = http_connect(kf_http_port(http));
    assert_true(fd >= 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    return fd;
}

/* Reads until `text` has come; false when it never comes. */
static bool hears(int fd, const char *text)
{
    static char bytes[4096];
    struct pollfd item = {.fd = fd, .events = POLLIN};
    size_t length = 0;
    int64_t deadline_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (kf_clock_monotonic_ms() < deadline_ms && poll(&item, 1, PATIENCE_MS) == 1) {
        ssize_t read = recv(fd, bytes + length, sizeof bytes - 1 - length, 0);
        if (read <= 0) {
            return false;
        }
        length += (size_t)read;
        bytes[length] = '\0';
        if (strstr(bytes, text)) {
            return true;
        }
        length = length > sizeof bytes / 2 ? 0 : length;
    }
    return false;
}

static bool count_becomes(size_t count)
{
    int64_t deadline_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (kf_http_streams(http) != count && kf_clock_monotonic_ms() < deadline_ms) {
        (void)poll(NULL, 0, 5);
    }
    return kf_http_streams(http) == count;
}

static void tell(const char *event, const char *text)
{
    kf_text_reset(&data);
    kf_text_add(&data, text);
    kf_http_tell(http, event, &data);
}

static void who_listens_is_told_in_order(void **state)
{
    (void)state;
    int fd = listen_to_it();
    assert_true(hears(fd, "data: 0\n\n"));
    for (int i = 1; i <= 20; i++) {
        char text[16];
        char line[64];
        (void)snprintf(text, sizeof text, "%d", i);
        (void)snprintf(line, sizeof line, "event: status\ndata: %d\n\n", i);
        tell("status", text);
        assert_true(hears(fd, line));
    }
    (void)close(fd);
}

static void others_are_served_while_some_listen(void **state)
{
    (void)state;
    int fds[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
        fds[i] = listen_to_it();
        assert_true(hears(fds[i], "data: 0\n\n"));
    }
    http_get(kf_http_port(http), "/healthz", &got);
    assert_int_equal(got.status, 200);
    http_get(kf_http_port(http), "/events", &got); /* one too many */
    assert_int_equal(got.status, 503);
    assert_non_null(strstr(got.head, "Retry-After: "));
    for (int i = 0; i < STREAMS; i++) {
        (void)close(fds[i]);
    }
}

static void a_listener_outlives_the_time_out_of_others(void **state)
{
    (void)state;
    int fd = listen_to_it();
    assert_true(hears(fd, "data: 0\n\n"));
    int64_t until_ms = kf_clock_monotonic_ms() + 2500; /* the time-out is 1 s */
    while (kf_clock_monotonic_ms() < until_ms) {
        kf_http_cut_slow(http);
        (void)poll(NULL, 0, 50);
    }
    tell("status", "late");
    assert_true(hears(fd, "data: late\n\n"));
    (void)close(fd);
}

static void who_has_gone_makes_room(void **state)
{
    (void)state;
    int fd = listen_to_it();
    assert_true(hears(fd, "data: 0\n\n"));
    assert_int_equal(kf_http_streams(http), 1);
    (void)close(fd);
    int64_t deadline_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (kf_http_streams(http) > 0 && kf_clock_monotonic_ms() < deadline_ms) {
        tell("status", "x");
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(kf_http_streams(http), 0);
}

/* It never reads: what it lags behind is bounded, and then it is cut. */
static void who_does_not_keep_up_is_cut(void **state)
{
    (void)state;
    static char long_text[60000];
    memset(long_text, 'x', sizeof long_text - 1);
    int deaf = listen_to_it();
    int fd = listen_to_it();
    assert_true(hears(fd, "data: 0\n\n"));
    assert_true(count_becomes(2));
    int64_t deadline_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (kf_http_streams(http) > 1 && kf_clock_monotonic_ms() < deadline_ms) {
        tell("status", long_text);
        assert_true(hears(fd, "xx\n\n"));
    }
    assert_int_equal(kf_http_streams(http), 1);
    tell("status", "still");
    assert_true(hears(fd, "data: still\n\n"));
    (void)close(deaf);
    (void)close(fd);
}

static void it_stops_while_some_listen(void **state)
{
    (void)state;
    int fd = listen_to_it();
    assert_true(hears(fd, "data: 0\n\n"));
    kf_http_destroy(&http);
    assert_false(hears(fd, "never"));
    (void)close(fd);
}

static void asking_for_the_head_listens_to_nothing(void **state)
{
    (void)state;
    http_send(kf_http_port(http), "HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n", &got);
    assert_int_equal(got.status, 200);
    assert_int_equal(got.body_length, 0);
    assert_true(count_becomes(0));
}

static void without_memory_there_are_no_streams(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    assert_null(kf_http_streams_new(1, 1));
    kf_memory_fail_after(-1);
}

static void who_lags_behind_is_cut_at_once(void **state)
{
    (void)state;
    static char long_text[KF_HTTP_STREAM_BYTES_MAX];
    struct kf_http_streams *streams = kf_http_streams_new(1, 1000);
    const struct kf_text most = {.bytes = long_text, .length = sizeof long_text};
    const struct kf_text more = {.bytes = long_text, .length = 1};
    const struct kf_text nothing = {.bytes = long_text};
    struct MHD_Response *response = kf_http_streams_open(streams, NULL, &nothing);
    kf_http_streams_tell(streams, &most);
    assert_int_equal(kf_http_streams_count(streams), 1);
    kf_http_streams_tell(streams, &more);
    assert_int_equal(kf_http_streams_count(streams), 0);
    MHD_destroy_response(response);
    kf_http_streams_destroy(&streams);
}

static void who_hears_nothing_for_long_is_told_so(void **state)
{
    (void)state;
    struct kf_http_streams *streams = kf_http_streams_new(1, 0);
    const struct kf_text nothing = {.bytes = (char[]){""}};
    struct MHD_Response *response = kf_http_streams_open(streams, NULL, &nothing);
    assert_non_null(response);
    assert_null(kf_http_streams_open(streams, NULL, &nothing)); /* one is all there may be */
    kf_http_streams_tend(streams);
    MHD_destroy_response(response);
    assert_int_equal(kf_http_streams_count(streams), 0);
    kf_http_streams_end(streams);
    assert_null(kf_http_streams_open(streams, NULL, &nothing)); /* it has ended */
    kf_http_streams_destroy(&streams);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_listens_is_told_in_order),
        CASE(others_are_served_while_some_listen),
        CASE(a_listener_outlives_the_time_out_of_others),
        CASE(who_has_gone_makes_room),
        CASE(who_does_not_keep_up_is_cut),
        CASE(it_stops_while_some_listen),
        CASE(asking_for_the_head_listens_to_nothing),
        cmocka_unit_test(without_memory_there_are_no_streams),
        cmocka_unit_test(who_lags_behind_is_cut_at_once),
        cmocka_unit_test(who_hears_nothing_for_long_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

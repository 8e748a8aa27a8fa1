/* Any bytes as what a client sends to a service's HTTP port, over a real connection. The first byte
 * says how it comes: whole, or in pieces. Whatever it is, every answer is one of ours: a status
 * line that is known, our headers where it is our page, a body as long as it says; and a second
 * client is served afterwards. */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/service/http.h"
#include "tests/common/service/http_client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"

#define ALIVE          "alive\n"
#define ALIVE_ATTEMPTS 5
#define ANSWER_SIZE    65536
#define WHOLE_MS       20000 /* beyond the server's own time-out: it answers or closes */
#define CUT_MS         5
#define REQUEST_SIZE   32768 /* beyond the 16 kB of a connection, within what the socket takes */

static struct kf_metrics *metrics;
static struct kf_metric *asked;
static struct kf_http *http;

static bool health(void *context, bool readiness, struct kf_text *page)
{
    (void)context;
    kf_metric_increase(asked, 1);
    kf_text_add(page, ALIVE);
    return !readiness;
}

/* Whatever the query holds when it comes here is text. */
static bool site(void *context, const struct kf_http_request *request,
                 struct kf_http_answer *answer)
{
    (void)context;
    if (strcmp(request->path, "/values") != 0) {
        return false;
    }
    for (size_t i = 0; i < request->values_len; i++) {
        const char *value = request->values[i].value;
        must(kf_text_is_utf8(value, strlen(value)) && strpbrk(value, "\r\n") == NULL);
        kf_text_add(&answer->body, value);
    }
    kf_text_add_char(&answer->body, kf_http_request_takes_gzip(request) ? 'g' : 'p');
    (void)kf_http_answer_is_known(answer, request, "values");
    return true;
}

static void stop(void)
{
    kf_http_destroy(&http);
    kf_metrics_destroy(&metrics);
}

static void start(void)
{
    const struct kf_http_options options = {
        .address = "127.0.0.1", .connections_max = 64, .timeout_s = 2, .site = site};
    struct kf_error err = {0};
    metrics = kf_metrics_new();
    must(metrics != NULL);
    asked = kf_metrics_add(metrics, "asked_total", KF_METRIC_COUNTER, NULL, "Asked.");
    must(kf_http_start(&options, metrics, health, NULL, &http, &err) == KF_OK);
    must(atexit(stop) == 0);
}

/* --- a client -------------------------------------------------------------------------------- */

/* Sends as much as the server takes, in pieces of `step` bytes. */
static void send_in_pieces(int fd, const uint8_t *data, size_t size, size_t step)
{
    while (size > 0) {
        size_t piece = size < step ? size : step;
        ssize_t sent = send(fd, data, piece, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the server has closed: it has heard enough */
        }
        data += sent;
        size -= (size_t)sent;
    }
}

/* True when a server may know what is asked: there is an empty line. Else it waits for more until
 * its time is up. */
static bool is_whole(const uint8_t *data, size_t size)
{
    for (size_t i = 1; i < size; i++) {
        bool empty = data[i - 1] == '\n' && data[i] == '\n';
        if (empty || (i + 1 < size && memcmp(data + i - 1, "\n\r\n", 3) == 0)) {
            return true;
        }
    }
    return false;
}

static size_t read_answer(int fd, int patience_ms, char *bytes, size_t room)
{
    struct pollfd item = {.fd = fd, .events = POLLIN};
    size_t length = 0;
    while (length < room && poll(&item, 1, patience_ms) == 1) {
        ssize_t got = recv(fd, bytes + length, room - length, 0);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
    }
    bytes[length] = '\0';
    return length;
}

/* The answer to `data`; its length, 0 when the server has closed without a word. */
static size_t ask(const uint8_t *data, size_t size, size_t step, char answer[ANSWER_SIZE + 1])
{
    struct linger at_once = {.l_onoff = 1};
    int fd = http_connect(kf_http_port(http));
    must(fd >= 0);
    send_in_pieces(fd, data, size, step);
    (void)shutdown(fd, SHUT_WR);
    int patience_ms = is_whole(data, size) ? WHOLE_MS : CUT_MS;
    size_t length = read_answer(fd, patience_ms, answer, ANSWER_SIZE);
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once); /* no TIME_WAIT */
    (void)close(fd);
    return length;
}

/* --- promises -------------------------------------------------------------------------------- */

static bool is_ours(int status)
{
    static const int statuses[] = {100, 200, 304, 400, 404, 405, 408, 411, 413,
                                   414, 417, 421, 431, 494, 500, 501, 503, 505};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i] == status) {
            return true;
        }
    }
    return false;
}

/* The body is as long as the head says; of HEAD there is none. */
static void promise_length(const char *answer, size_t length)
{
    const char *body = strstr(answer, "\r\n\r\n");
    const char *says = strstr(answer, "\r\nContent-Length: ");
    unsigned expected = 0;
    must(body != NULL);
    size_t there = length - (size_t)(body + 4 - answer);
    if (says && says < body) {
        must(sscanf(says, "\r\nContent-Length: %u", &expected) == 1);
        must(there == 0 || there == expected);
    }
}

static void promise_page(const char *answer, size_t length, int status)
{
    if (status != 200 && status != 404 && status != 405 && status != 421 && status != 503) {
        return; /* the library's own: 0.9.75 writes the head of some of them twice */
    }
    must(strstr(answer, "\r\nX-Content-Type-Options: nosniff\r\n") != NULL);
    must(strstr(answer, "\r\nCache-Control: no-") != NULL);
    must(strstr(answer, "\r\nContent-Security-Policy: default-src 'none'") != NULL);
    must(strstr(answer, "\r\nContent-Type: text/plain") != NULL);
    must(status != 405 || strstr(answer, "\r\nAllow: GET, HEAD\r\n") != NULL);
    promise_length(answer, length);
}

static void promise_answer(const char *answer, size_t length)
{
    int status = 0;
    if (length == 0) {
        return;
    }
    must(length < ANSWER_SIZE);
    must(sscanf(answer, "HTTP/1.%*1[01] %d", &status) == 1 && is_ours(status));
    if (status == 100) { /* what comes behind it is the answer */
        const char *next = strstr(answer, "\r\n\r\n");
        must(next != NULL);
        promise_answer(next + 4, length - (size_t)(next + 4 - answer));
        return;
    }
    promise_page(answer, length, status);
}

/* True when another client is served. */
static bool is_alive(void)
{
    static const char request[] = "GET /healthz HTTP/1.0\r\n\r\n";
    static char answer[ANSWER_SIZE + 1];
    double before = kf_metric_value(asked);
    size_t length = ask((const uint8_t *)request, sizeof request - 1, sizeof request, answer);
    return length > sizeof ALIVE && strncmp(answer + 8, " 200 ", 5) == 0 &&
           strcmp(answer + length - (sizeof ALIVE - 1), ALIVE) == 0 &&
           kf_metric_value(asked) >= before + 1;
}

/* On a machine that is busy for seconds a client is cut as a slow one: it may ask again. */
static void promise_alive(void)
{
    bool alive = false;
    for (int i = 0; i < ALIVE_ATTEMPTS && !alive; i++) {
        alive = is_alive();
    }
    must(alive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char answer[ANSWER_SIZE + 1];
    if (!http) {
        start();
    }
    if (size < 1 || size > REQUEST_SIZE) {
        return 0;
    }
    size_t pieces = 1 + data[0] % 8;
    size_t step = 1 + (size - 1) / pieces;
    promise_answer(answer, ask(data + 1, size - 1, step, answer));
    promise_alive();
    return 0;
}

#include "toy_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"

#define TRICKLE_MS 20

struct toy_server {
    toy_answer *answer;
    void *context;
    char url[64];
    int listener;
    int stop[2]; /* a pipe: readable once the server shall end */
    pthread_t thread;
    pthread_mutex_t lock;
    size_t requests;
    int64_t times[TOY_REQUESTS_MAX];
    struct toy_request request; /* of the server's thread */
};

static void must(bool holds, const char *what)
{
    if (!holds) {
        perror(what);
        exit(1);
    }
}

/* --- the thread -------------------------------------------------------------------------------
 */

/* Waits for `descriptor`; false when the server shall end, or after `timeout_ms` of nothing. */
static bool wait_for(struct toy_server *self, int descriptor, int timeout_ms)
{
    struct pollfd items[] = {{.fd = descriptor, .events = POLLIN},
                             {.fd = self->stop[0], .events = POLLIN}};
    int ready = poll(items, 2, timeout_ms);
    return ready > 0 && !items[1].revents;
}

static size_t length_of_body(const char *head)
{
    const char *at = strstr(head, "Content-Length: ");
    return at ? (size_t)strtoul(at + strlen("Content-Length: "), NULL, 10) : 0;
}

/* Reads until `length` bytes are there or, with 0, until the head is over. */
static bool read_head(struct toy_server *self, int connection)
{
    size_t length = 0;
    char *head = self->request.head;
    head[0] = '\0';
    while (length + 1 < TOY_HEAD_SIZE && !strstr(head, "\r\n\r\n")) {
        if (!wait_for(self, connection, -1) || read(connection, head + length, 1) != 1) {
            return false;
        }
        head[++length] = '\0';
    }
    return true;
}

static bool read_body(struct toy_server *self, int connection)
{
    size_t whole = length_of_body(self->request.head);
    size_t length = 0;
    must(whole < TOY_BODY_SIZE, "the body of a request fits");
    while (length < whole) {
        if (!wait_for(self, connection, -1)) {
            return false;
        }
        ssize_t got = read(connection, self->request.body + length, whole - length);
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
    }
    self->request.body[length] = '\0';
    return true;
}

static void remember(struct toy_server *self)
{
    self->request.at_ms = kf_clock_monotonic_ms();
    must(pthread_mutex_lock(&self->lock) == 0, "lock");
    must(self->requests < TOY_REQUESTS_MAX, "so many requests are remembered");
    self->request.number = self->requests;
    self->times[self->requests++] = self->request.at_ms;
    must(pthread_mutex_unlock(&self->lock) == 0, "unlock");
}

static bool send_all(int connection, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(connection, at, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_slowly(struct toy_server *self, int connection, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        struct pollfd stop = {.fd = self->stop[0], .events = POLLIN};
        if (poll(&stop, 1, TRICKLE_MS) != 0 || !send_all(connection, bytes + i, 1)) {
            return false;
        }
    }
    return true;
}

static size_t write_head(const struct toy_reply *reply, char head[TOY_HEAD_SIZE])
{
    char length[64] = "Connection: close\r\n";
    if (!reply->without_length) {
        (void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", reply->length);
    }
    return (size_t)snprintf(
        head, TOY_HEAD_SIZE, "HTTP/1.1 %d Whatever\r\nContent-Type: %s\r\n%s%s\r\n",
        reply->status ? reply->status : 200, reply->type ? reply->type : "application/json", length,
        reply->headers ? reply->headers : "");
}

/* True when the connection may be used again. */
static bool reply_to(struct toy_server *self, int connection, const struct toy_reply *reply)
{
    char head[TOY_HEAD_SIZE];
    size_t length = write_head(reply, head);
    size_t sent = reply->length - reply->missing;
    if (reply->raw) {
        (void)send_all(connection, reply->raw, strlen(reply->raw));
        return false;
    }
    bool ok = send_all(connection, head, length);
    ok = ok && (reply->trickle ? send_slowly(self, connection, reply->body, sent)
                               : send_all(connection, reply->body, sent));
    if (ok && reply->silent) {
        (void)wait_for(self, connection, -1);
        return false;
    }
    return ok && reply->missing == 0 && !reply->without_length && !reply->reset;
}

static void serve(struct toy_server *self, int connection)
{
    bool goes_on = true;
    while (goes_on && read_head(self, connection) && read_body(self, connection)) {
        struct toy_reply reply = {.status = 200};
        remember(self);
        self->answer(self->context, &self->request, &reply);
        goes_on = reply_to(self, connection, &reply);
        if (reply.reset) {
            struct linger at_once = {.l_onoff = 1, .l_linger = 0};
            (void)setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
    }
    (void)close(connection);
}

static void *run(void *context)
{
    struct toy_server *self = context;
    while (wait_for(self, self->listener, -1)) {
        int connection = accept(self->listener, NULL, NULL);
        if (connection >= 0) {
            serve(self, connection);
        }
    }
    return NULL;
}

/* --- life -------------------------------------------------------------------------------------
 */

static void listen_somewhere(struct toy_server *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    self->listener = socket(AF_INET, SOCK_STREAM, 0);
    must(self->listener >= 0, "socket");
    must(bind(self->listener, (struct sockaddr *)&address, size) == 0, "bind");
    must(listen(self->listener, 16) == 0, "listen");
    must(getsockname(self->listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
    (void)snprintf(self->url, sizeof self->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

struct toy_server *toy_server_new(toy_answer *answer, void *context)
{
    struct toy_server *self = calloc(1, sizeof *self);
    must(self != NULL, "calloc");
    self->answer = answer;
    self->context = context;
    must(pipe(self->stop) == 0, "pipe");
    must(pthread_mutex_init(&self->lock, NULL) == 0, "mutex");
    listen_somewhere(self);
    must(pthread_create(&self->thread, NULL, run, self) == 0, "thread");
    return self;
}

void toy_server_destroy(struct toy_server *self)
{
    must(write(self->stop[1], "x", 1) == 1, "write");
    must(pthread_join(self->thread, NULL) == 0, "join");
    (void)close(self->listener);
    (void)close(self->stop[0]);
    (void)close(self->stop[1]);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
}

const char *toy_server_url(const struct toy_server *self)
{
    return self->url;
}

size_t toy_server_requests(struct toy_server *self)
{
    must(pthread_mutex_lock(&self->lock) == 0, "lock");
    size_t requests = self->requests;
    must(pthread_mutex_unlock(&self->lock) == 0, "unlock");
    return requests;
}

int64_t toy_server_time(struct toy_server *self, size_t number)
{
    must(pthread_mutex_lock(&self->lock) == 0, "lock");
    int64_t at_ms = self->times[number];
    must(pthread_mutex_unlock(&self->lock) == 0, "unlock");
    return at_ms;
}

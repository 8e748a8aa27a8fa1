/* A small HTTP server in a thread of the test: it answers as the test says, in good manners or
 * without, and remembers what it was asked and when. One connection at a time. */
#ifndef KF_TESTS_SSB_TOY_SERVER_H
#define KF_TESTS_SSB_TOY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOY_REQUESTS_MAX 1000
#define TOY_HEAD_SIZE    8192
#define TOY_BODY_SIZE    65536

struct toy_request {
    size_t number; /* 0 is the first */
    int64_t at_ms; /* kf_clock_monotonic_ms, when it was there in full */
    char head[TOY_HEAD_SIZE];
    char body[TOY_BODY_SIZE];
};

/* Zero: 200, application/json, an empty body. */
struct toy_reply {
    int status;
    const char *headers; /* more of them, each with its \r\n */
    const char *type;
    const void *body;
    size_t length;
    size_t missing;      /* bytes of the body that are announced and not sent */
    bool without_length; /* the end of the connection ends the body */
    bool silent;         /* nothing more after this, and the connection stays open */
    bool trickle;        /* a byte now and then */
    bool reset;          /* the connection is broken off hard */
    const char *raw;     /* this instead of all that */
};

/* Called in the server's thread. */
typedef void toy_answer(void *context, const struct toy_request *request, struct toy_reply *reply);

struct toy_server;

/* Failures end the test program. */
struct toy_server *toy_server_new(toy_answer *answer, void *context);
void toy_server_destroy(struct toy_server *self);

/* "http://127.0.0.1:PORT", as long as the server lives. */
const char *toy_server_url(const struct toy_server *self);

size_t toy_server_requests(struct toy_server *self);
int64_t toy_server_time(struct toy_server *self, size_t number);

#endif

/* A small HTTP client for tests: one request, one answer, the connection closed. */
#ifndef KF_TESTS_HTTP_CLIENT_H
#define KF_TESTS_HTTP_CLIENT_H

#include <stddef.h>
#include <stdint.h>

struct http_answer {
    int status;       /* 0: no answer */
    char head[4096];  /* status line and headers */
    char body[65536]; /* a NUL behind it */
    size_t body_length;
};

/* Connects to 127.0.0.1; -1 on failure. */
int http_connect(uint16_t port);

/* Sends `request` as it is and reads until the server closes. */
void http_send(uint16_t port, const char *request, struct http_answer *answer);

/* GET `path`. */
void http_get(uint16_t port, const char *path, struct http_answer *answer);

#endif

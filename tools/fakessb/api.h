/* One question, one answer: what stands behind each address. No network here. */
#ifndef KF_FAKESSB_API_H
#define KF_FAKESSB_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"
#include "tools/fakessb/mode.h"
#include "tools/fakessb/world.h"

#define KF_FAKE_API         "/api/pxwebapi/v2"
#define KF_FAKE_KLASS       "/api/klass/v1/classifications/131"
#define KF_FAKE_CONTROL     "/-/control"
#define KF_FAKE_STATE       "/-/state"
#define KF_FAKE_BODY_MAX    ((size_t)1 << 20)   /* of a question */
#define KF_FAKE_ANSWER_MAX  ((size_t)768 << 20) /* a bomb's compressed form is far below */
#define KF_FAKE_HEADERS_MAX 8
#define KF_FAKE_HEADER_SIZE 128

struct kf_fake_question {
    const char *method;
    const char *url; /* as it came, with its parameters */
    const char *body;
    size_t body_len;
    bool gzip;            /* the client takes it */
    const char *etag;     /* If-None-Match, or "" */
    const char *base;     /* http://HOST:PORT, for links */
    const char *editions; /* folder of the municipal register */
};

struct kf_fake_header {
    char name[KF_FAKE_HEADER_SIZE];
    char value[KF_FAKE_HEADER_SIZE];
};

struct kf_fake_answer {
    unsigned status;
    const char *type; /* "" : none */
    struct kf_text body;
    struct kf_fake_header headers[KF_FAKE_HEADERS_MAX];
    size_t headers_len;
    enum kf_fake_transport transport;
    bool compressed;
    uint64_t cells;
    const char *mode; /* how it misbehaves, or "" */
};

/* Answers. Turns the world first, counts the call against the rate, misbehaves where it is to. The
 * caller clears the answer's body, whatever happened. */
void kf_fake_answer(struct kf_fake_world *world, const struct kf_fake_question *question,
                    struct kf_fake_answer *answer);

#endif

/* Ways to misbehave: everything that a client of a public server must bear. */
#ifndef KF_FAKESSB_MODE_H
#define KF_FAKESSB_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "tools/fakessb/writer.h"

/* How the bytes leave. */
enum kf_fake_transport {
    KF_FAKE_WHOLE = 0,
    KF_FAKE_SILENT,       /* never an answer */
    KF_FAKE_CLOSED,       /* the connection is closed without one */
    KF_FAKE_TRICKLE,      /* a few bytes now and then */
    KF_FAKE_CUT,          /* half of the body, then the connection is closed */
    KF_FAKE_SHORT_LENGTH, /* Content-Length is less than the body */
    KF_FAKE_CUT_GZIP,     /* compressed, half of it, as if it were all */
    KF_FAKE_BOMB,         /* compressed white space, far more than was received */
    KF_FAKE_BROKEN_JSON,  /* one bracket is wrong */
    KF_FAKE_LOOP,         /* 302 to the same place */
};

struct kf_fake_mode {
    const char *name;
    unsigned status;  /* answered in place of the real answer; 0: the real one, twisted */
    const char *type; /* content type, or NULL: the usual one */
    const char *body; /* with `status` */
    enum kf_fake_transport transport;
    struct kf_fake_twist twist;
    bool twice; /* the table list has its first table twice */
    bool moves; /* the table changes after each answer with figures */
    const char *help;
};

/* By name, or NULL. */
const struct kf_fake_mode *kf_fake_mode_find(const char *name);

/* The names, NULL at the end. */
const char *const *kf_fake_mode_names(void);

/* Appends a line a mode: name and what it does. */
void kf_fake_mode_help(struct kf_text *page);

/* Compresses `from` as gzip. KF_ERR_MEMORY. */
enum kf_err kf_fake_gzip(const struct kf_text *from, struct kf_text *to, struct kf_error *err);

/* Appends the gzip of the beginning of a JSON object and `bytes` of white space. */
enum kf_err kf_fake_bomb(size_t bytes, struct kf_text *to, struct kf_error *err);

#endif

/* What the head of an answer says about itself, about the rate and about waiting. Pure. */
#ifndef KF_INGEST_SSB_HEADERS_H
#define KF_INGEST_SSB_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "services/ingest/ssb/ssb.h"

#define KF_SSB_TYPE_SIZE 64

/* No pause or window of a server's is taken for longer than this. */
#define KF_SSB_WAIT_MAX_MS INT64_C(3600000)

struct kf_ssb_headers {
    char content_type[KF_SSB_TYPE_SIZE]; /* "" when it does not say */
    char etag[KF_SSB_ETAG_SIZE];         /* likewise, and when it is longer */
    unsigned limit;                      /* calls in a window; 0: it does not say */
    int64_t window_ms;                   /* 60 s when only the limit is told */
    bool has_remaining;
    unsigned remaining;  /* calls left in this window */
    int64_t retry_after; /* milliseconds to wait; -1: it does not say */
};

/* Nothing said. */
void kf_ssb_headers_init(struct kf_ssb_headers *self);

/* Takes one line, with or without its end; a line "HTTP/…" begins a new head and forgets the one
 * before. `wall_ms` is what the day shows: a Retry-After that is a date counts from there. What is
 * malformed is as if it were not there. */
void kf_ssb_headers_line(struct kf_ssb_headers *self, const char *line, size_t length,
                         int64_t wall_ms);

#endif

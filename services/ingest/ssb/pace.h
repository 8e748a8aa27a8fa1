/* When the next call may be made. Pure: the caller tells the time, milliseconds of the day.
 *
 * A call counts from its beginning to its end. Between the end of a call and the beginning of the
 * one that comes `calls_max` later lies a whole minute, so that no minute of the server's, wherever
 * it begins and however long a call was on its way, sees more than `calls_max`. The same holds for
 * the limit and the window that the server tells. Calls are made one at a time.
 */
#ifndef KF_INGEST_SSB_PACE_H
#define KF_INGEST_SSB_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "services/ingest/ssb/headers.h"

#define KF_SSB_PACE_CALLS_MAX 256

struct kf_ssb_pace {
    unsigned calls_max;  /* in any minute; 1 to KF_SSB_PACE_CALLS_MAX */
    unsigned server_max; /* in any window; 0: it has not said */
    int64_t server_window_ms;
    int64_t ended_ms[KF_SSB_PACE_CALLS_MAX]; /* a ring of the newest calls */
    uint64_t calls;                          /* ever */
    int64_t closed_until_ms;                 /* as Retry-After says */
    bool has_remaining;
    unsigned remaining;         /* of the server's window */
    int64_t remaining_until_ms; /* when that window is over at the latest */
};

/* `calls_max` is brought into its bounds. */
void kf_ssb_pace_init(struct kf_ssb_pace *self, unsigned calls_max);

/* The earliest time for the next call; not later than `now_ms` when it may be made now. */
int64_t kf_ssb_pace_next(const struct kf_ssb_pace *self, int64_t now_ms);

/* A call begins. */
void kf_ssb_pace_begin(struct kf_ssb_pace *self, int64_t now_ms);

/* The newest call has ended, with this head; NULL when there was no answer. */
void kf_ssb_pace_end(struct kf_ssb_pace *self, int64_t now_ms,
                     const struct kf_ssb_headers *headers);

#endif

/* Dispatch: which panels of the open release go out now, which are on their way, which the
 * publisher holds. A state machine without I/O and without a clock: time is passed in, actions come
 * out.
 *
 * Panels may be lost anywhere between here and the publisher, doubled, and overtaken. The promise
 * is that every panel is sent again until the publisher holds it, and that the release stays open
 * until somebody says it is committed or rejected. Life of a panel:
 *
 *     waiting ──sent──▶ in flight ──HELD──▶ held
 *        ▲                  │                 │
 *        └── no progress ───┴── publisher restarted, or no commit for long
 *
 * At most `window` panels are in flight. A timer runs while the release is open; each time it
 * expires without progress the next wait is twice as long, up to a maximum. The wait returns to its
 * start when a panel that was sent only once is held: the receipt of a panel sent twice does not
 * tell which sending arrived, and a slow pipeline must not be flooded with copies.
 *
 * Every receipt names its publisher. Another name means that the earlier publisher is gone with all
 * it held; what it says afterwards about holding counts no more. That a release is committed counts
 * whoever says it.
 */
#ifndef KF_INGEST_DISPATCH_H
#define KF_INGEST_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/receipt.h"

struct kf_dispatch_options {
    uint32_t window;                   /* panels in flight at most, at least 1 */
    int64_t redelivery_timeout_ms;     /* first wait for progress */
    int64_t redelivery_timeout_max_ms; /* longest wait for progress */
    int64_t commit_timeout_ms;         /* wait for the commit once all are held; doubles as well */
    int64_t commit_timeout_max_ms;
};

/* The usual waits for a first wait of `redelivery_timeout_ms`. */
struct kf_dispatch_options kf_dispatch_options_usual(uint32_t window,
                                                     int64_t redelivery_timeout_ms);

struct kf_dispatch;

/* Nothing open. NULL when there is no memory. */
struct kf_dispatch *kf_dispatch_new(const struct kf_dispatch_options *options);
void kf_dispatch_destroy(struct kf_dispatch **self);

/* Opens the release `id` of `panels` panels (1 to KF_RELEASE_PANELS_MAX), none of them sent. No
 * other may be open (assert). */
enum kf_err kf_dispatch_open(struct kf_dispatch *self, const char *id, uint32_t panels,
                             int64_t now_ms, struct kf_error *err);

/* True between kf_dispatch_open and the receipt that closes the release. */
bool kf_dispatch_is_open(const struct kf_dispatch *self);

/* The open release's id, or "". */
const char *kf_dispatch_release(const struct kf_dispatch *self);

/* What to send now: the lowest waiting panel, if the window has room. `attempt` is 1 the first time
 * the panel goes out. The state changes with kf_dispatch_sent only: what could not be sent is named
 * again. */
bool kf_dispatch_next(const struct kf_dispatch *self, uint32_t *index, uint32_t *attempt);

/* Panel `index`, named by kf_dispatch_next, has been handed to the bus. */
void kf_dispatch_sent(struct kf_dispatch *self, uint32_t index, int64_t now_ms);

enum kf_dispatch_event {
    KF_DISPATCH_NOTHING,   /* a duplicate, late or foreign receipt */
    KF_DISPATCH_PROGRESS,  /* a panel is held */
    KF_DISPATCH_RESTARTED, /* the publisher was restarted: all goes again */
    KF_DISPATCH_COMMITTED, /* closed; the receipt says the rest */
    KF_DISPATCH_REJECTED,  /* closed */
};

/* Takes a receipt in, whatever it says. */
enum kf_dispatch_event kf_dispatch_receipt(struct kf_dispatch *self,
                                           const struct kf_receipt *receipt, int64_t now_ms);

/* When kf_dispatch_expire has something to do; INT64_MAX when nothing is on its way. */
int64_t kf_dispatch_deadline_ms(const struct kf_dispatch *self);

/* Puts back what has made no progress until now. Returns how many panels go again. */
uint32_t kf_dispatch_expire(struct kf_dispatch *self, int64_t now_ms);

/* Counts of the open release; all 0 when none is open. */
struct kf_dispatch_counts {
    uint32_t panels;
    uint32_t waiting;
    uint32_t in_flight;
    uint32_t held;
};

/* The counts now. */
struct kf_dispatch_counts kf_dispatch_counts(const struct kf_dispatch *self);

/* The publisher that receipts come from, or "" before the first. */
const char *kf_dispatch_publisher(const struct kf_dispatch *self);

#endif

/* The sender: takes the oldest open release from the ledger, sends its panels to the first stage,
 * takes receipts from the publisher, and closes the release in the ledger. What to send when is the
 * dispatch's to say; here it meets sockets, ledger and log.
 *
 * One release at a time, in the order of the ledger: nothing older is published after something
 * newer.
 */
#ifndef KF_INGEST_SENDER_H
#define KF_INGEST_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/bus/socket.h"
#include "common/service/service.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/send/dispatch.h"

/* No receipt is longer: the socket it comes from refuses it. */
#define KF_RECEIPT_BYTES_MAX (KF_LETTERS_BYTES_MAX + (size_t)64 * 1024)

struct kf_sender_options {
    struct kf_service *service;
    struct kf_ledger *ledger;
    struct kf_socket *output;   /* to the first stage */
    struct kf_socket *receipts; /* from publish */
    struct kf_dispatch_options dispatch;
    uint32_t keep_releases; /* closed releases that keep their panels */
};

struct kf_sender;

/* Borrows what the options name. Adds its metrics to the service. */
enum kf_err kf_sender_new(const struct kf_sender_options *options, struct kf_sender **sender,
                          struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_sender_destroy(struct kf_sender **self);

/* Fills in two items at most and lowers `deadline_ms`. Returns how many items. */
size_t kf_sender_wait(const struct kf_sender *self, struct kf_poll_item *items,
                      int64_t *deadline_ms);

/* A bounded amount of work. `may_open`: another release may be begun. Anything but KF_OK is fatal.
 */
enum kf_err kf_sender_work(struct kf_sender *self, bool may_open, int64_t now_ms,
                           struct kf_error *err);

/* The ledger has a new release. */
void kf_sender_wake(struct kf_sender *self);

/* True while panels of the open release are on their way or held, so that waiting can finish it. */
bool kf_sender_is_busy(const struct kf_sender *self);

/* What the sender waits for, for people; NULL when all is well. */
const char *kf_sender_trouble(const struct kf_sender *self, int64_t now_ms);

/* Counts of the open release; all 0 when none is open. */
struct kf_dispatch_counts kf_sender_counts(const struct kf_sender *self);

/* When publish held all panels of the release, by the wall clock; 0 for one that never was so in
 * this life, or is not among the newest few. */
int64_t kf_sender_held_ms(const struct kf_sender *self, const char *release);

/* Grows with every change of the ledger made here. */
uint64_t kf_sender_changes(const struct kf_sender *self);

#endif

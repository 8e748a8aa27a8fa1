/* The outbox: receipts on their way to ingest. Bounded; while it is full the publisher takes no new
 * panels. A receipt that never arrives does no harm: ingest sends the panels again and is told
 * again.
 */
#ifndef KF_PUBLISH_OUTBOX_H
#define KF_PUBLISH_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/bus/socket.h"
#include "common/codec/receipt.h"
#include "services/publish/recent.h"

#define KF_OUTBOX_MAX 256

struct kf_outbox;

/* `socket` and `recent` are borrowed, `publisher` copied into every receipt. A closing receipt goes
 * with the dead letters that `recent` has of its release. NULL when there is no memory. */
struct kf_outbox *kf_outbox_new(struct kf_socket *socket, const char *publisher,
                                const struct kf_recent *recent);
void kf_outbox_destroy(struct kf_outbox **self);

/* Queues the receipt; `publisher` is filled in. When the outbox is full the oldest one goes. */
void kf_outbox_add(struct kf_outbox *self, const struct kf_receipt *receipt);

/* Sends what can be sent now. KF_ERR_AGAIN when nobody takes the next one. */
enum kf_err kf_outbox_send(struct kf_outbox *self, struct kf_error *err);

/* Receipts that wait. */
size_t kf_outbox_length(const struct kf_outbox *self);

/* True when as many as `more` fit without losing any. */
bool kf_outbox_has_room(const struct kf_outbox *self, size_t more);

#endif

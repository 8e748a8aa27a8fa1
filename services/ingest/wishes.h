/* Wishes: what people asked of the ledger (kf releases approve, replay, retry), carried out by the
 * one process that may write it.
 *
 *     struct kf_wishes wishes = {.ledger = ledger, .left = true};
 *     … every turn: kf_wishes_work(&wishes, kf_clock_monotonic_ms(), &granted, &err)
 *     … not later than wishes.at_ms
 */
#ifndef KF_INGEST_WISHES_H
#define KF_INGEST_WISHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"

#define KF_WISHES_AT_ONCE 20  /* in one turn; the rest in the next */
#define KF_WISHES_MS      500 /* how often it is looked whether there are any */

struct kf_wishes {
    struct kf_ledger *ledger;
    int64_t at_ms; /* when to look next */
    /* Carries out a retry (kf_retry); NULL: refused. */
    enum kf_err (*retry)(void *context, const char *id, char outcome[KF_REASON_SIZE],
                         struct kf_error *err);
    void *retry_context;
    bool left; /* look even when nobody has written since: at the start, after a failure */
};

/* Carries out the wishes that wait when it is time to look for them: the oldest first, writes down
 * what came of each, and logs it. `granted` is how many were, also before a failure. A wish
 * that cannot be granted is no error; a ledger that cannot be written is: it is tried again. */
enum kf_err kf_wishes_work(struct kf_wishes *self, int64_t now_ms, size_t *granted,
                           struct kf_error *err);

#endif

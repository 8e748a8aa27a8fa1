/* Retry: what a closed release was made from is taken in anew, with the editions and files of
 * today: the input of the drop folder goes back into the inbox, the watched tables are assembled
 * again. What comes of it is a release of its own when anything differs, else it is known already
 * and nothing is sent. Doing it twice does no harm.
 */
#ifndef KF_INGEST_RETRY_H
#define KF_INGEST_RETRY_H

#include "common/base/error.h"
#include "services/ingest/inbox/inbox.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/watch/watch.h"

/* All borrowed. */
struct kf_retry {
    struct kf_ledger *ledger;
    struct kf_inbox *inbox;
    struct kf_watch *watch; /* NULL: nothing is watched */
};

/* Sets about taking in anew what the release `id` was made from; `outcome` says what will happen.
 * `context` is a struct kf_retry. KF_ERR_CONFIG, with the reason, when it is refused: the release
 * is not closed, a later one has any of its editions and years, or what it was made from is not to
 * be found. KF_ERR_IO: try again. */
enum kf_err kf_retry(void *context, const char *id, char outcome[KF_REASON_SIZE],
                     struct kf_error *err);

#endif

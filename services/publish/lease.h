/* The lease: which publisher may write under a topic prefix. A record with the key `lease` on
 * PREFIX.publisher.v1 names the holder; the last one counts. What it says are headers, as in a
 * manifest's summary; the value says nothing.
 *
 *     kf-lease             1, the version of these headers
 *     kf-publisher         the process: changes with every start
 *     kf-host              where it runs
 *     kf-transactional-id  its name towards Kafka
 *     kf-epoch             counts the holders
 *     kf-lease-state       taking, or held: all before it have been shut out since
 *     kf-lease-open        a transactional id that is still to be shut out; as often as there are
 *
 * Kafka shuts out a second producer of the same transactional id by itself. The lease does so for
 * different ids. Who takes it: writes itself down as `taking`, reads again, has Kafka shut out
 * every other id that may have thought it held the lease when it began to write (its suspects),
 * writes itself down as `held`, and reads again, until there are no suspects. A session of somebody
 * else that read the lease before the record was there is shut out; one that begins later reads the
 * record and stops. So the last to start wins, and of two that start at once, the last to write.
 *
 * Pure: what records say, and what follows from them.
 */
#ifndef KF_PUBLISH_LEASE_H
#define KF_PUBLISH_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/receipt.h"
#include "services/publish/event.h"

#define KF_LEASE_KEY        "lease"
#define KF_LEASE_VALUE      "{}"
#define KF_LEASE_VERSION    1
#define KF_LEASE_HOST_SIZE  65
#define KF_LEASE_ID_SIZE    250 /* transactional ids have up to 249 bytes */
#define KF_LEASE_IDS_MAX    8
#define KF_LEASE_EPOCH_SIZE 24

struct kf_lease_holder {
    char publisher[KF_PUBLISHER_SIZE];
    char host[KF_LEASE_HOST_SIZE];
    char transactional_id[KF_LEASE_ID_SIZE];
    uint64_t epoch;
};

/* A set of transactional ids. */
struct kf_lease_ids {
    char list[KF_LEASE_IDS_MAX][KF_LEASE_ID_SIZE];
    size_t length;
    bool overflow; /* there were more */
};

/* Adds a copy of the id unless it is in; `overflow` when there is no room. */
void kf_lease_ids_add(struct kf_lease_ids *self, const char *id);

/* --- records --------------------------------------------------------------------------------- */

struct kf_lease_record {
    unsigned long version; /* 0: none was found */
    struct kf_lease_holder holder;
    bool held;
    struct kf_lease_ids open;
    int64_t time_ms;
};

/* Reads one header into the record; start from {0}. Other names, and values that make no sense,
 * leave it as it is. */
void kf_lease_record_read(struct kf_lease_record *self, const char *name, const char *value,
                          size_t length);

#define KF_LEASE_HEADERS_MAX (6 + KF_LEASE_IDS_MAX)

/* The record's headers; they point into the record and into `epoch`. Returns their number. */
size_t kf_lease_record_print(const struct kf_lease_record *self, char epoch[KF_LEASE_EPOCH_SIZE],
                             struct kf_header headers[KF_LEASE_HEADERS_MAX]);

/* --- this process and the topic -------------------------------------------------------------- */

enum kf_lease_state {
    KF_LEASE_NEW = 0, /* never held it */
    KF_LEASE_HELD,
    KF_LEASE_LOST, /* for good: somebody who started later has it */
};

/* What this process knows over all its sessions. Start from {.own = {…}} with epoch 0. */
struct kf_lease {
    struct kf_lease_holder own;
    enum kf_lease_state state;
    struct kf_lease_holder other; /* HELD: who had it before, "" for nobody; LOST: who has it */
    int64_t other_ms;             /* when that one wrote it, wall clock */
};

/* What the records of the topic say, from the first to the last. Start from {0}. */
struct kf_lease_view {
    bool any;
    bool own_seen;      /* this process wrote one of them */
    uint64_t own_epoch; /* its last one */
    bool own_held;
    struct kf_lease_record last;
    struct kf_lease_ids suspects; /* other ids that may be writing without knowing of the last */
};

/* Takes the topic's next record into account; `lease` says which ids and records are our own. */
void kf_lease_view_add(struct kf_lease_view *self, const struct kf_lease *lease,
                       const struct kf_lease_record *record);

enum kf_lease_verdict {
    KF_LEASE_TAKE,   /* shut out the suspects, write `taking` */
    KF_LEASE_SETTLE, /* shut out the suspects, write `held` */
    KF_LEASE_GO,     /* it is held */
    KF_LEASE_STOP,   /* somebody who started later has it */
};

/* What to do next. KF_ERR_PEER when the last record cannot be understood: a newer program wrote it,
 * or it is none of ours, or the suspects are too many; `topic` is for the message. */
enum kf_err kf_lease_judge(const struct kf_lease *self, const struct kf_lease_view *view,
                           const char *topic, enum kf_lease_verdict *verdict, struct kf_error *err);

/* The record to write after that verdict: TAKE or SETTLE. */
struct kf_lease_record kf_lease_next(const struct kf_lease *self, const struct kf_lease_view *view,
                                     enum kf_lease_verdict verdict);

/* True when the topic shows the record, which this process wrote. */
bool kf_lease_shows(const struct kf_lease_view *self, const struct kf_lease_record *record);

/* Notes the verdict GO or STOP. */
void kf_lease_settle(struct kf_lease *self, const struct kf_lease_view *view,
                     enum kf_lease_verdict verdict);

/* Fills `err` with KF_ERR_PEER: who took over when, and what to do. */
enum kf_err kf_lease_tell_lost(const struct kf_lease *self, struct kf_error *err);

#endif

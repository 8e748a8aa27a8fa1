/* Kafka, as far as publishing a release needs it. The kafka*.c files are the only ones that know
 * librdkafka.
 *
 * A session is one attempt to publish: a reader and a transactional producer, made anew each time,
 * because a transactional id expires while nothing is published for months and because after most
 * failures a new producer is the only cure. Life: open → look → begin → produce … → commit →
 * destroy. After any failure: abort, destroy, and later a new session. Opening takes the lease on
 * the topics (lease.h), or makes sure that this process still has it.
 *
 * Opening a session ends whatever an earlier producer of the same transactional id left unfinished,
 * and waits for it: what was not committed by then never will be. Looking afterwards therefore
 * gives the final answer whether a release is on the topics, also after a commit whose answer was
 * lost.
 *
 * All calls block; each within `step_ms` (commit: the transaction's time), in slices short enough
 * to notice `stop`. One thread at a time.
 */
#ifndef KF_PUBLISH_KAFKA_H
#define KF_PUBLISH_KAFKA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/kafka/kafka_options.h"
#include "common/kafka/topics.h"
#include "services/publish/former.h"
#include "services/publish/lease.h"
#include "services/publish/records.h"
#include "services/publish/summary.h"
#include "services/publish/withdraw.h"

/* How much is to be given up. */
enum kf_kafka_stop {
    KF_KAFKA_GO = 0,
    KF_KAFKA_DRAIN,   /* begin nothing; finish a transaction that has begun */
    KF_KAFKA_ABANDON, /* leave at once */
};

/* Whether settings of topics are checked before anything is written. */
enum kf_topic_check_mode {
    KF_TOPIC_CHECK_OFF = 0,
    KF_TOPIC_CHECK_IF_ALLOWED,
    KF_TOPIC_CHECK_STRICT
};

/* That, and what came of it so far; used by one session or probe at a time. */
struct kf_kafka_topic_check {
    enum kf_topic_check_mode mode;
    bool passed;
    int64_t passed_ms; /* monotonic */
    bool told_denied;
    bool told_advice;
};

struct kf_kafka_settings {
    const char *bootstrap_servers;
    const char *transactional_id;
    int64_t transaction_timeout_ms;
    const char *compression;                /* none, gzip, snappy, lz4 or zstd */
    const struct kf_kafka_options *options; /* from the operator's file; NULL for none */
    const struct kf_topic_set *topics;
    struct kf_lease *lease; /* this process's; changes from session to session */
    bool create_topics;
    struct kf_kafka_topic_check *topic_check; /* NULL: off */
    int replication; /* of topics that are created; -1: as the brokers are configured */
    int64_t step_ms;
    const atomic_int *stop; /* enum kf_kafka_stop; NULL: never */
};

/* Failures by what they demanded. */
struct kf_kafka_errors {
    uint64_t retriable; /* the same call again */
    uint64_t abortable; /* abort the transaction, try again later */
    uint64_t fatal;     /* a new producer */
    uint64_t unknown;   /* the answer to a commit did not come */
};

struct kf_kafka;

/* Checks that librdkafka takes the settings, without talking to anybody. KF_ERR_CONFIG. */
enum kf_err kf_kafka_check(const struct kf_kafka_settings *settings, struct kf_error *err);

/* Asks the brokers for the topics and creates those that are missing, where that is wanted and
 * possible; looks whether a lease that was taken is still held. KF_ERR_PEER when no broker answers,
 * a topic cannot be had or the lease is lost; the text says which. */
enum kf_err kf_kafka_probe(const struct kf_kafka_settings *settings, struct kf_error *err);

/* Opens a session; `settings` are borrowed for its life. Once the lease is lost this fails without
 * a word to Kafka, so that whoever holds it is not disturbed. What fails is counted in `errors`,
 * which outlives the session. KF_ERR_PEER, KF_ERR_CONFIG, KF_ERR_MEMORY. */
enum kf_err kf_kafka_open(const struct kf_kafka_settings *settings, struct kf_kafka_errors *errors,
                          struct kf_kafka **session, struct kf_error *err);

/* NULL is fine, the pointer is nulled. What was begun and not committed is never seen by anybody
 * who reads committed records. */
void kf_kafka_destroy(struct kf_kafka **self);

/* What the manifests say. */
struct kf_kafka_found {
    bool known; /* the release is on the topics */
    struct kf_summary summary;
    char
        previous_release[KF_RELEASE_ID_SIZE]; /* the last that published one of the panels, or "" */
};

/* Reads all committed manifests, oldest first; what they say of the keys of earlier releases goes
 * into `former`. KF_ERR_PEER. */
enum kf_err kf_kafka_look(struct kf_kafka *self, const char *release, struct kf_former *former,
                          struct kf_kafka_found *found, struct kf_error *err);

/* Reads the keys of all committed records of a topic of results, within a partition in the order
 * written. What this session writes is not among them. KF_ERR_PEER, or what the visitor returned.
 */
enum kf_err kf_kafka_read_keys(struct kf_kafka *self, size_t topic,
                               const struct kf_key_visitor *visitor, struct kf_error *err);

/* Begins the session's transaction. KF_ERR_PEER. */
enum kf_err kf_kafka_begin(struct kf_kafka *self, struct kf_error *err);

/* Hands over a copy of the record; waits while too much is on its way. Its topic must be in the
 * topic set. */
enum kf_err kf_kafka_produce(struct kf_kafka *self, const struct kf_record *record,
                             struct kf_error *err);

/* Waits until everything is committed. On failure nothing may be concluded: the release may be on
 * the topics or not, and a new session finds out. */
enum kf_err kf_kafka_commit(struct kf_kafka *self, struct kf_error *err);

/* After a failure: true when the brokers or the library refused a record for good, for its size or
 * its form, so that writing it again would be in vain. `*panel` is the record's, or
 * KF_RECORD_NO_PANEL. Forgotten at the next begin; a new session is better. */
bool kf_kafka_refused(const struct kf_kafka *self, uint32_t *panel);

/* Ends the transaction, if one was begun, as well as that goes: for the readers' sake, who would
 * otherwise wait until it times out. */
void kf_kafka_abort(struct kf_kafka *self);

#endif

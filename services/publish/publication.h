/* The publication of a release, as a protocol: known already? → nothing to write : write
 * everything, commit. What Kafka does is behind a table of calls, so that the protocol is tested
 * with a fake.
 *
 * Why each release appears exactly once, whatever is killed in between:
 *   - All records and the manifest are one transaction: readers see all or nothing.
 *   - Opening ends, and waits for, whatever an earlier attempt left unfinished. Only then are the
 *     manifests read. So an earlier attempt either shows there, or will never show.
 *   - After any failure, and above all after a commit whose answer did not come, nothing is
 * assumed: the whole protocol is gone through again.
 */
#ifndef KF_PUBLISH_PUBLICATION_H
#define KF_PUBLISH_PUBLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/publish/assembly.h"
#include "services/publish/kafka.h"
#include "services/publish/records.h"

/* What the protocol needs of Kafka, as the calls of kafka.h. `open` makes a session, `close` ends
 * it; close follows every successful open. */
struct kf_publication_calls {
    enum kf_err (*open)(void *context, struct kf_error *err);
    enum kf_err (*look)(void *context, const char *release, struct kf_former *former,
                        struct kf_kafka_found *found, struct kf_error *err);
    kf_withdraw_read *read_keys;
    enum kf_err (*begin)(void *context, struct kf_error *err);
    enum kf_err (*produce)(void *context, const struct kf_record *record, struct kf_error *err);
    enum kf_err (*commit)(void *context, struct kf_error *err);
    bool (*refused)(void *context, uint32_t *panel);
    void (*abort)(void *context);
    void (*close)(void *context);
};

struct kf_publication_options {
    const struct kf_topic_set *topics;
    enum kf_encoding encoding;
};

/* How it ended, when it ended well. */
struct kf_publication_result {
    bool known_before; /* nothing was written: the release was on the topics already */
    struct kf_summary summary;
    uint64_t rows_by_topic[KF_TOPICS_ALL]; /* written now */
    uint64_t withdrawn;                    /* keys of earlier releases, now */
    uint32_t panels_spoilt;                /* turned into dead letters here */
};

/* Goes through the protocol once. A panel that has no valid records becomes a dead letter of the
 * release, and the transaction is begun anew. So does one of whose records Kafka refuses for good,
 * and a dead letter that it refuses loses its findings; then the protocol is gone through again in
 * a new session. KF_ERR_PEER: try again later; the release may be on the topics all the same.
 * KF_ERR_MEMORY. */
enum kf_err kf_publication_run(const struct kf_publication_calls *calls, void *context,
                               struct kf_collected *release,
                               const struct kf_publication_options *options,
                               struct kf_publication_result *result, struct kf_error *err);

#endif

/* The topics that a release is written to: one for each kind of result, one for the manifests, one
 * for dead letters; and one that says which publisher may write. Their names are the
 * prefix, the kind and the version of the contract: kostra.need.v1, …, kostra.release.v1,
 * kostra.rejected.v1.
 */
#ifndef KF_KAFKA_TOPICS_H
#define KF_KAFKA_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/model/topic.h"

/* Topics of results are numbered as in enum kf_topic; these three follow. */
enum { KF_TOPIC_RELEASE = KF_TOPICS, KF_TOPIC_REJECTED, KF_TOPIC_PUBLISHER, KF_TOPICS_ALL };

#define KF_TOPIC_NAME_SIZE  128
#define KF_TOPIC_PREFIX_MAX 100

struct kf_topic_set {
    char names[KF_TOPICS_ALL][KF_TOPIC_NAME_SIZE]; /* "" for a kind that has no measures yet */
};

/* Fills in the names. KF_ERR_CONFIG when the prefix is empty, too long, or holds anything but
 * letters, digits, dot, underscore and hyphen. */
enum kf_err kf_topic_set_init(struct kf_topic_set *self, const char *prefix, struct kf_error *err);

/* "need", …, "release", "rejected", "publisher"; "" for KF_TOPIC_NONE. */
const char *kf_topic_kind(size_t topic);

/* True for the topics of results and the lease: the newest record of a key is what counts, older
 * ones may be compacted away. Manifests and dead letters are kept as they are. */
bool kf_topic_compacted(size_t topic);

#endif

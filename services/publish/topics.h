/* The topics that a release is written to: one for each kind of result, one for the manifests, one
 * for dead letters. Their names are the prefix, the kind and the version of the contract:
 * kostra.need.v1, …, kostra.release.v1, kostra.rejected.v1.
 */
#ifndef KF_PUBLISH_TOPICS_H
#define KF_PUBLISH_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/model/topic.h"

/* Topics of results are numbered as in enum kf_topic; these two follow. */
enum { KF_TOPIC_RELEASE = KF_TOPICS, KF_TOPIC_REJECTED, KF_PUBLISH_TOPICS };

/* Whose rejections the publisher's own are. */
#define KF_PUBLISH_STAGE "publish"

#define KF_TOPIC_NAME_SIZE  128
#define KF_TOPIC_PREFIX_MAX 100

struct kf_topic_set {
    char names[KF_PUBLISH_TOPICS][KF_TOPIC_NAME_SIZE]; /* "" for a kind that has no measures yet */
};

/* Fills in the names. KF_ERR_CONFIG when the prefix is empty, too long, or holds anything but
 * letters, digits, dot, underscore and hyphen. */
enum kf_err kf_topic_set_init(struct kf_topic_set *self, const char *prefix, struct kf_error *err);

/* "need", …, "release", "rejected"; "" for KF_TOPIC_NONE. */
const char *kf_publish_topic_kind(size_t topic);

/* True for the topics of results: the newest record of a key is what counts, older ones may be
 * compacted away. Manifests and dead letters are kept as they are. */
bool kf_publish_topic_compacted(size_t topic);

#endif

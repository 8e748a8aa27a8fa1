/* What a release puts on the topics, panel by panel: how many rows on each topic, and their digest.
 * So a consumer can tell of each edition and year by itself whether it has all of it, also when a
 * newer release has taken the place of the others. Pure.
 */
#ifndef KF_PUBLISH_CONTENTS_H
#define KF_PUBLISH_CONTENTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/record.h"
#include "common/kafka/topics.h"
#include "common/model/digest.h"

/* Contents of panels that a manifest has at most, a panel's topics counted one by one: some 200 KB.
 * A release with more says of none, only of all together. */
#define KF_CONTENTS_MAX 2000

/* One panel's. */
struct kf_panel_sums {
    uint64_t rows[KF_TOPICS];
    uint64_t withdrawn[KF_TOPICS];
    struct kf_digest_sum digests[KF_TOPICS];
};

/* In the caller's storage; start from {0}. */
struct kf_contents {
    struct kf_panel_sums *panels; /* [panels_len] */
    uint32_t panels_len;
    struct kf_topic_content *list; /* what has been described */
};

/* Nothing yet of `panels_len` panels. KF_ERR_MEMORY. */
enum kf_err kf_contents_init(struct kf_contents *self, uint32_t panels_len, struct kf_error *err);
void kf_contents_clear(struct kf_contents *self);

/* Counts a row of a panel. */
void kf_contents_add(struct kf_contents *self, uint32_t panel, size_t topic,
                     const struct kf_digest_sum *row);

/* Counts a key that is withdrawn. */
void kf_contents_withdraw(struct kf_contents *self, uint32_t panel, size_t topic);

/* Fills in `topics` of each of the panels; they live as long as `self`. KF_ERR_MEMORY. */
enum kf_err kf_contents_describe(struct kf_contents *self, const struct kf_topic_set *topics,
                                 struct kf_panel_content *panels, struct kf_error *err);

#endif

/* Records from the topics into the store's tables. All inside a transaction of the follower's.
 * Internal to the store. */
#ifndef KF_BOARD_TAKE_H
#define KF_BOARD_TAKE_H

#include "common/kafka/topics.h"
#include "services/board/store/store_tables.h"

/* A record and where it stood. */
struct kf_board_record {
    size_t topic; /* enum kf_topic, KF_TOPIC_RELEASE, KF_TOPIC_REJECTED */
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    const char *key;
    size_t key_length;
    const char *value; /* NULL: withdrawn */
    size_t value_length;
};

/* Takes one record. Withdrawn keys are passed over: what is shown of a release is its own rows
 * alone. `topics` names the topics, for manifests. A record that is none of ours is counted in
 * `refused`, its fault told in `refusal`, and nothing kept of it. KF_ERR_AGAIN: the store has to be
 * read anew, for the topics are others than those it was read from. Otherwise it fails as the store
 * does. */
enum kf_err kf_board_take(struct kf_board_store *self, const struct kf_board_record *record,
                          const struct kf_topic_set *topics, struct kf_error *err);

/* Writes the counts and digests of what has been taken since the last time. */
enum kf_err kf_board_take_flush(struct kf_board_store *self, struct kf_error *err);

/* Forgets what is not written, and what is remembered of what is: after a transaction that was
 * rolled back, and when states of arrivals have changed. */
void kf_board_take_forget(struct kf_board_store *self);

#endif

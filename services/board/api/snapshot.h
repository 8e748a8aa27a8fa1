/* A text that one thread renews and others copy. */
#ifndef KF_BOARD_SNAPSHOT_H
#define KF_BOARD_SNAPSHOT_H

#include <pthread.h>

#include "common/base/text.h"

#define KF_SNAPSHOT_BYTES_MAX ((size_t)256 * 1024)

struct kf_snapshot {
    pthread_mutex_t mutex;
    struct kf_text text;
};

/* An empty one in the caller's storage. */
void kf_snapshot_init(struct kf_snapshot *self);
void kf_snapshot_clear(struct kf_snapshot *self);

/* Replaces it by a copy; without memory the one before stays. Any thread. */
void kf_snapshot_set(struct kf_snapshot *self, const struct kf_text *text);

/* Appends it to `text`. Any thread. */
void kf_snapshot_copy(struct kf_snapshot *self, struct kf_text *text);

#endif

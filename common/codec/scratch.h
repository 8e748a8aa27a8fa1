/* Building in an arena without a check at every step: the first failure is remembered, later calls
 * do no harm, and one question at the end tells. Internal to the codec.
 */
#ifndef KF_CODEC_SCRATCH_H
#define KF_CODEC_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"

struct kf_scratch {
    struct kf_arena *arena; /* NULL counts as a failure */
    bool failed;
};

/* `count` zeroed elements; NULL when `count` is 0 or after a failure. */
void *kf_scratch_array(struct kf_scratch *self, size_t count, size_t size);

/* `text` for a message that is packed while the text lives: itself when it is UTF-8 of at most
 * KF_CODEC_TEXT_MAX bytes, else a clean copy. NULL counts as "". Never NULL. */
char *kf_scratch_text(struct kf_scratch *self, const char *text);

/* A copy of `text`, clean in the same way. Never NULL. */
char *kf_scratch_copy(struct kf_scratch *self, const char *text);

/* KF_OK; when anything failed KF_ERR_LIMIT if the arena is full, else KF_ERR_MEMORY. */
enum kf_err kf_scratch_result(const struct kf_scratch *self, struct kf_error *err);

#endif

/* Which keys of one topic are withdrawn: those that stand there, with a value, for the panels of a
 * release, and that the release has not.
 *
 *     new → (start → keep … → see … → finish → at …) repeated → destroy
 *
 * Bounded: what it holds are digests of keys and the text of those that may have to be withdrawn.
 * When that would be more than KF_WITHDRAWAL_KEYS_MAX keys or KF_WITHDRAWAL_BYTES_MAX of text, it
 * is told to go through the topic several times, each time for a slice of the keys: `narrow` and
 * start again, then `next`. Pure.
 */
#ifndef KF_PUBLISH_WITHDRAWAL_H
#define KF_PUBLISH_WITHDRAWAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

#define KF_WITHDRAWAL_KEYS_MAX  ((size_t)512 * 1024)
#define KF_WITHDRAWAL_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct kf_withdrawal;

/* For at most so many keys, kept or seen, at a time, at least 1. NULL when there is no memory. */
struct kf_withdrawal *kf_withdrawal_new(size_t keys_max);
void kf_withdrawal_destroy(struct kf_withdrawal **self);

/* The first slice is all keys; begins with a topic. */
void kf_withdrawal_reset(struct kf_withdrawal *self);

/* Forgets all keys: the slice from its beginning. */
void kf_withdrawal_start(struct kf_withdrawal *self);

/* A key that the release has. KF_ERR_LIMIT when the slice has too many, KF_ERR_MEMORY. */
enum kf_err kf_withdrawal_keep(struct kf_withdrawal *self, const char *key, size_t length,
                               struct kf_error *err);

/* A record of the topic, in the order written, of a panel of the release: `panel` is its index;
 * `live`: it has a value. After all calls of keep. KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_withdrawal_see(struct kf_withdrawal *self, const char *key, size_t length,
                              uint32_t panel, bool live, struct kf_error *err);

/* After KF_ERR_LIMIT: half of the slice, which is to be started again. False when it cannot be
 * made smaller. */
bool kf_withdrawal_narrow(struct kf_withdrawal *self);

/* When a slice is done with: the one behind it, to be started; false when that was the last. */
bool kf_withdrawal_next(struct kf_withdrawal *self);

/* Sorts what is to be withdrawn of this slice by key; `*count` is how many keys that are.
 * KF_ERR_MEMORY. */
enum kf_err kf_withdrawal_finish(struct kf_withdrawal *self, size_t *count, struct kf_error *err);

/* Key number `i` of these, NUL-terminated, and whose it is. */
const char *kf_withdrawal_at(const struct kf_withdrawal *self, size_t i, uint32_t *panel);

#endif

/* The releases published last and how they ended, so that one that comes again is receipted at
 * once. Only a shortcut: what is not remembered is found in the manifests. Pure.
 */
#ifndef KF_PUBLISH_RECENT_H
#define KF_PUBLISH_RECENT_H

#include <stddef.h>

#include "common/base/text.h"
#include "common/codec/receipt.h"

#define KF_RECENT_MAX 8

/* A ring; start from {0}, clear it in the end. */
struct kf_recent {
    struct kf_receipt receipts[KF_RECENT_MAX];
    struct kf_text letters[KF_RECENT_MAX]; /* packed; empty when there are none */
    size_t next;
};

/* Remembers the closing receipt of a release, and its packed dead letters, which are moved in;
 * NULL: it has none. The oldest is forgotten. */
void kf_recent_add(struct kf_recent *self, const struct kf_receipt *receipt,
                   struct kf_text *letters);

/* The closing receipt of the release, or NULL. */
const struct kf_receipt *kf_recent_find(const struct kf_recent *self, const char *release);

/* Its packed dead letters; NULL when it has none or is not remembered. */
const struct kf_text *kf_recent_letters(const struct kf_recent *self, const char *release);

/* Frees the letters and forgets everything. */
void kf_recent_clear(struct kf_recent *self);

#endif

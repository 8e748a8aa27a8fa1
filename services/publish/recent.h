/* The releases published last and how they ended, so that one that comes again is receipted at
 * once. Only a shortcut: what is not remembered is found in the manifests. Pure.
 */
#ifndef KF_PUBLISH_RECENT_H
#define KF_PUBLISH_RECENT_H

#include <stddef.h>

#include "common/codec/receipt.h"

#define KF_RECENT_MAX 8

/* A ring; start from {0}. */
struct kf_recent {
    struct kf_receipt receipts[KF_RECENT_MAX];
    size_t next;
};

/* Remembers the closing receipt of a release, forgetting the oldest. */
void kf_recent_add(struct kf_recent *self, const struct kf_receipt *receipt);

/* The closing receipt of the release, or NULL. */
const struct kf_receipt *kf_recent_find(const struct kf_recent *self, const char *release);

#endif

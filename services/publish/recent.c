#include "services/publish/recent.h"

#include <string.h>

void kf_recent_add(struct kf_recent *self, const struct kf_receipt *receipt)
{
    self->receipts[self->next] = *receipt;
    self->next = (self->next + 1) % KF_RECENT_MAX;
}

const struct kf_receipt *kf_recent_find(const struct kf_recent *self, const char *release)
{
    for (size_t i = 0; i < KF_RECENT_MAX; i++) {
        const struct kf_receipt *receipt = &self->receipts[i];
        if (receipt->release[0] != '\0' && strcmp(receipt->release, release) == 0) {
            return receipt;
        }
    }
    return NULL;
}

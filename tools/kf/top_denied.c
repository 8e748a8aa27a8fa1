#include "tools/kf/top_denied.h"

#include <stdio.h>

void kf_top_denied_note(struct kf_top_denied *self, const char *address, const char *reason,
                        int64_t now_ms)
{
    (void)snprintf(self->text, sizeof self->text, "%s: %s", address, reason);
    self->until_ms = now_ms + KF_TOP_DENIED_MS;
}

const char *kf_top_denied_text(const struct kf_top_denied *self, int64_t now_ms)
{
    return now_ms < self->until_ms ? self->text : "";
}

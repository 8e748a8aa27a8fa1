#include "services/publish/recent.h"

#include <string.h>

void kf_recent_add(struct kf_recent *self, const struct kf_receipt *receipt,
                   struct kf_text *letters)
{
    kf_text_clear(&self->letters[self->next]);
    memset(&self->letters[self->next], 0, sizeof self->letters[0]);
    self->receipts[self->next] = *receipt;
    if (letters != NULL) {
        self->letters[self->next] = *letters;
        kf_text_init(letters, letters->size_max);
    }
    self->next = (self->next + 1) % KF_RECENT_MAX;
}

static size_t find(const struct kf_recent *self, const char *release)
{
    size_t place = 0;

    while (place < KF_RECENT_MAX && (self->receipts[place].release[0] == '\0' ||
                                     strcmp(self->receipts[place].release, release) != 0)) {
        place++;
    }
    return place;
}

const struct kf_receipt *kf_recent_find(const struct kf_recent *self, const char *release)
{
    size_t place = find(self, release);

    return place < KF_RECENT_MAX ? &self->receipts[place] : NULL;
}

const struct kf_text *kf_recent_letters(const struct kf_recent *self, const char *release)
{
    size_t place = find(self, release);

    return place < KF_RECENT_MAX && self->letters[place].length > 0 ? &self->letters[place] : NULL;
}

void kf_recent_clear(struct kf_recent *self)
{
    for (size_t i = 0; i < KF_RECENT_MAX; i++) {
        kf_text_clear(&self->letters[i]);
    }
    memset(self, 0, sizeof *self);
}

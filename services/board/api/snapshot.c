#include "services/board/api/snapshot.h"

void kf_snapshot_init(struct kf_snapshot *self)
{
    (void)pthread_mutex_init(&self->mutex, NULL);
    kf_text_init(&self->text, KF_SNAPSHOT_BYTES_MAX);
}

void kf_snapshot_clear(struct kf_snapshot *self)
{
    (void)pthread_mutex_destroy(&self->mutex);
    kf_text_clear(&self->text);
}

void kf_snapshot_set(struct kf_snapshot *self, const struct kf_text *text)
{
    struct kf_text copy;
    kf_text_init(&copy, KF_SNAPSHOT_BYTES_MAX);
    kf_text_add_bytes(&copy, text->bytes, text->length);
    if (!copy.failed && !text->failed) {
        (void)pthread_mutex_lock(&self->mutex);
        struct kf_text before = self->text;
        self->text = copy;
        copy = before;
        (void)pthread_mutex_unlock(&self->mutex);
    }
    kf_text_clear(&copy);
}

void kf_snapshot_copy(struct kf_snapshot *self, struct kf_text *text)
{
    (void)pthread_mutex_lock(&self->mutex);
    kf_text_add_bytes(text, self->text.bytes, self->text.length);
    (void)pthread_mutex_unlock(&self->mutex);
}

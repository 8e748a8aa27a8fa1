#include "common/codec/scratch.h"

#include <string.h>

#include "common/base/text.h"
#include "common/codec/unpack.h"

static char nothing[1] = "";

void *kf_scratch_array(struct kf_scratch *self, size_t count, size_t size)
{
    if (count == 0 || self->failed) {
        return NULL;
    }
    void *array = self->arena ? kf_arena_calloc(self->arena, count, size) : NULL;
    self->failed = !array;
    return array;
}

static char *clean_copy(struct kf_scratch *self, const char *text, size_t length)
{
    size_t size = (length < KF_CODEC_TEXT_MAX ? length : KF_CODEC_TEXT_MAX) + 1;
    char *copy = kf_scratch_array(self, size, 1);
    if (!copy) {
        return nothing;
    }
    kf_clean_copy(copy, size, text);
    return copy;
}

char *kf_scratch_text(struct kf_scratch *self, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0) {
        return nothing;
    }
    if (length <= KF_CODEC_TEXT_MAX && kf_text_is_utf8(text, length)) {
        return kf_borrow(text);
    }
    return clean_copy(self, text, length);
}

char *kf_scratch_copy(struct kf_scratch *self, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    return length == 0 ? nothing : clean_copy(self, text, length);
}

enum kf_err kf_scratch_result(const struct kf_scratch *self, struct kf_error *err)
{
    if (!self->failed) {
        return KF_OK;
    }
    if (self->arena && kf_arena_is_full(self->arena)) {
        return kf_error_set(err, KF_ERR_LIMIT, "what is in the message does not fit into memory");
    }
    return kf_codec_no_memory(err);
}

#include "common/codec/text_list.h"

void kf_texts_to_message(const char *const *texts, size_t texts_len, char ***list, size_t *count,
                         struct kf_scratch *scratch)
{
    *list = kf_scratch_array(scratch, texts_len, sizeof(char *));
    *count = *list ? texts_len : 0;
    for (size_t i = 0; i < *count; i++) {
        (*list)[i] = kf_scratch_text(scratch, texts[i]);
    }
}

const char **kf_texts_from_message(char *const *list, size_t count, size_t *texts_len,
                                   struct kf_scratch *scratch)
{
    const char **texts = kf_scratch_array(scratch, count, sizeof *texts);
    *texts_len = texts ? count : 0;
    for (size_t i = 0; i < *texts_len; i++) {
        texts[i] = kf_scratch_copy(scratch, list[i]);
    }
    return texts;
}

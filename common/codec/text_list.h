/* Lists of texts between the model and repeated fields. Internal to the codec. */
#ifndef KF_CODEC_TEXT_LIST_H
#define KF_CODEC_TEXT_LIST_H

#include <stddef.h>

#include "common/codec/scratch.h"

/* Sets a repeated field to the texts, in `scratch`; they are borrowed. */
void kf_texts_to_message(const char *const *texts, size_t texts_len, char ***list, size_t *count,
                         struct kf_scratch *scratch);

/* The texts of a repeated field, copied; their number lands in `texts_len`. */
const char **kf_texts_from_message(char *const *list, size_t count, size_t *texts_len,
                                   struct kf_scratch *scratch);

#endif

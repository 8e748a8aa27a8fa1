/* Weighted sums of variables between the model and the generated messages. Internal to the codec.
 */
#ifndef KF_CODEC_TERMS_CODEC_H
#define KF_CODEC_TERMS_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* Sets a repeated field to the terms, in `scratch`; texts are borrowed. */
void kf_terms_to_message(const struct kf_terms *terms, Kf__V1__Term ***list, size_t *count,
                         struct kf_scratch *scratch);

/* Every term names a variable and has a finite factor (KF_ERR_DATA); there are at most KF_TERMS_MAX
 * (KF_ERR_LIMIT). `where` says whose they are. */
enum kf_err kf_terms_check_message(Kf__V1__Term *const *list, size_t count, const char *where,
                                   struct kf_error *err);

/* The terms of a repeated field, copied. */
struct kf_terms kf_terms_from_message(Kf__V1__Term *const *list, size_t count,
                                      struct kf_scratch *scratch);

#endif

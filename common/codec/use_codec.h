/* Amounts with a name – uses of income, parts of a grant – between the model and the generated
 * messages. Internal to the codec. */
#ifndef KF_CODEC_USE_CODEC_H
#define KF_CODEC_USE_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* Sets a repeated field to the uses, in `scratch`; texts are borrowed. */
void kf_uses_to_message(const struct kf_use *uses, size_t uses_len, Kf__V1__Use ***list,
                        size_t *count, struct kf_scratch *scratch);

/* A use has an id and an amount. KF_ERR_DATA, KF_ERR_LIMIT; `what` and `where` say what one of them
 * is called, and whose it is. */
enum kf_err kf_use_check_message(const Kf__V1__Use *use, const char *what, const char *where,
                                 struct kf_error *err);

/* The uses of a repeated field, copied; their number lands in `uses_len`. */
struct kf_use *kf_uses_from_message(Kf__V1__Use *const *list, size_t count, size_t *uses_len,
                                    struct kf_scratch *scratch);

#endif

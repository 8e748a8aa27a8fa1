/* Where expenditure comes from, between the model and the generated messages. Internal to the
 * codec.
 */
#ifndef KF_CODEC_EXPENDITURE_CODEC_H
#define KF_CODEC_EXPENDITURE_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `expenditure`, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Expenditure *kf_expenditure_to_message(const struct kf_expenditure *expenditure,
                                               struct kf_scratch *scratch);

/* Every sum is sound, and a published index excludes accounts. `where` says whose it is. A message
 * that is NULL is fine. KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_expenditure_check_message(const Kf__V1__Expenditure *message, const char *where,
                                         struct kf_error *err);

/* The expenditure of a message, copied; nothing when the message is NULL. */
struct kf_expenditure kf_expenditure_from_message(const Kf__V1__Expenditure *message,
                                                  struct kf_scratch *scratch);

#endif

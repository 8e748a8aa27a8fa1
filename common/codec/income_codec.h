/* Disposable income and its uses, between the model and the generated messages. Internal to the
 * codec. */
#ifndef KF_CODEC_INCOME_CODEC_H
#define KF_CODEC_INCOME_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* Sets what the message says of income, in `scratch`; texts are borrowed. */
void kf_income_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                          struct kf_scratch *scratch);

/* Every sum is sound; uses have unique ids, which no sector has, and an amount. KF_ERR_DATA,
 * KF_ERR_LIMIT. */
enum kf_err kf_income_check_message(const Kf__V1__Edition *message, struct kf_error *err);

/* What the message says of income, copied into `edition`. */
void kf_income_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                            struct kf_scratch *scratch);

#endif

/* Names for people between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_NAME_CODEC_H
#define KF_CODEC_NAME_CODEC_H

#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `name`, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Name *kf_name_to_message(const struct kf_name *name, struct kf_scratch *scratch);

/* The name of a message, copied; two empty texts when the message is NULL. */
struct kf_name kf_name_from_message(const Kf__V1__Name *message, struct kf_scratch *scratch);

#endif

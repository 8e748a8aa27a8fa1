/* Editions between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_EDITION_CODEC_H
#define KF_CODEC_EDITION_CODEC_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `edition`, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Edition *kf_edition_to_message(const struct kf_edition *edition,
                                       struct kf_scratch *scratch);

/* An edition in `arena` from a message. KF_ERR_LIMIT beyond the limits of edition.h, KF_ERR_DATA
 * when a name is missing, a rule unknown or a number not finite. What only ingest needs is left
 * empty. */
enum kf_err kf_edition_from_message(const Kf__V1__Edition *message, struct kf_arena *arena,
                                    const struct kf_edition **edition, struct kf_error *err);

#endif

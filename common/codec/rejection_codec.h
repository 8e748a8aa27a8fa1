/* Rejections and sources between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_REJECTION_CODEC_H
#define KF_CODEC_REJECTION_CODEC_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/codec/envelope.h"
#include "common/codec/scratch.h"
#include "kf/v1/envelope.pb-c.h"

/* The messages of `count` sources, in `scratch`; texts are borrowed. NULL when there are none and
 * after a failure. */
Kf__V1__Source **kf_sources_to_messages(const struct kf_source *sources, size_t count,
                                        struct kf_scratch *scratch);

/* The message of a rejection, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Rejection *kf_rejection_to_message(const struct kf_rejection *rejection,
                                           struct kf_scratch *scratch);

/* A rejection in `arena`, its findings on the heap: clear them before the arena goes. */
enum kf_err kf_rejection_from_message(const Kf__V1__Rejection *message, struct kf_arena *arena,
                                      struct kf_rejection **rejection, struct kf_error *err);

#endif

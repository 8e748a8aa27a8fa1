/* Weightings between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_WEIGHTING_CODEC_H
#define KF_CODEC_WEIGHTING_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `weighting`, in `scratch`; texts are borrowed. NULL when it has no parts, and
 * after a failure. */
Kf__V1__Weighting *kf_weighting_to_message(const struct kf_weighting *weighting,
                                           struct kf_scratch *scratch);

/* The parts make one tree: a part stands behind its parent, items are its leaves and name each of
 * the `count` ids exactly once, siblings that no rule weighs have a share or an amount. Rules and
 * closure are known, shares finite, levels and parts within the limits of edition.h. `where` says
 * whose weighting it is. A message that is NULL is fine. KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_weighting_check_message(const Kf__V1__Weighting *message, const char *const *ids,
                                       size_t count, const char *where, struct kf_error *err);

/* The weighting of a message, copied; without parts or closure when the message is NULL. */
struct kf_weighting kf_weighting_from_message(const Kf__V1__Weighting *message,
                                              struct kf_scratch *scratch);

#endif

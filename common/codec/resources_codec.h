/* Resource use of a sector, between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_RESOURCES_CODEC_H
#define KF_CODEC_RESOURCES_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `resources`, in `scratch`; texts are borrowed. NULL after a failure, and for a
 * sector without resource use. */
Kf__V1__Resources *kf_resources_to_message(const struct kf_resources *resources,
                                           struct kf_scratch *scratch);

/* Every sum is sound and there are net expenditures; the sector whose need is taken is one of
 * `edition`; adjustments have unique ids, a known purpose, either an amount or payroll costs with
 * wages, and municipality codes that ascend. `where` says whose it is. A message that is NULL is
 * fine. KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_resources_check_message(const Kf__V1__Resources *message,
                                       const Kf__V1__Edition *edition, const char *where,
                                       struct kf_error *err);

/* The resource use of a message, copied; none when the message is NULL. */
struct kf_resources kf_resources_from_message(const Kf__V1__Resources *message,
                                              struct kf_scratch *scratch);

#endif

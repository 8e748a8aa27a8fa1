/* Unit costs between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_UNIT_COST_CODEC_H
#define KF_CODEC_UNIT_COST_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `costs`, in `scratch`; texts are borrowed. NULL after a failure, and for an
 * edition without unit costs. */
Kf__V1__UnitCosts *kf_unit_costs_to_message(const struct kf_unit_costs *costs,
                                            struct kf_scratch *scratch);

/* Services, cost groups, kinds of time and of growth have unique ids and what they are computed
 * from; what a group delivers are services of the edition, each once; years ascend; rates are above
 * 0, growth above −100 percent, norms shares. An edition without unit costs is fine. KF_ERR_DATA,
 * KF_ERR_LIMIT. */
enum kf_err kf_unit_costs_check_message(const Kf__V1__Edition *edition, struct kf_error *err);

/* The unit costs of a message, copied; none when the message is NULL. */
struct kf_unit_costs kf_unit_costs_from_message(const Kf__V1__UnitCosts *message,
                                                struct kf_scratch *scratch);

#endif

/* Indicators between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_INDICATOR_CODEC_H
#define KF_CODEC_INDICATOR_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `indicator`, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Indicator *kf_indicator_to_message(const struct kf_indicator *indicator,
                                           struct kf_scratch *scratch);

/* Id, numerator, rules and numbers are sound, and what the indicator refers to is there: a sector
 * and a correction of `edition`. `sector` says whose it is. KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_indicator_check_message(const Kf__V1__Indicator *message,
                                       const Kf__V1__Edition *edition, const char *sector,
                                       struct kf_error *err);

/* The indicator of a message, copied. */
struct kf_indicator kf_indicator_from_message(const Kf__V1__Indicator *message,
                                              struct kf_scratch *scratch);

/* True when the value is one of the model's missing rules. */
bool kf_missing_rule_is_known(Kf__V1__MissingRule rule);

#endif

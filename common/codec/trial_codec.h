/* A trial with state funding between the model and the generated messages. Internal to the codec.
 */
#ifndef KF_CODEC_TRIAL_CODEC_H
#define KF_CODEC_TRIAL_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `trial`, in `scratch`; texts are borrowed. Of the variables of each user the
 * prefixes and the number travel. NULL after a failure, and for an edition without a trial. */
Kf__V1__Trial *kf_trial_to_message(const struct kf_trial *trial, struct kf_scratch *scratch);

/* Parts of the grant have unique ids and amounts; users have a threshold in kr, a refund from 0 to
 * 1, prefixes that are ids, and are at most KF_USERS_MAX; gains by demography have a variable and
 * the year of the deduction; years ascend and are years. An edition without a trial is fine.
 * KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_trial_check_message(const Kf__V1__Edition *edition, struct kf_error *err);

/* The trial of a message, copied, with the variables of each user; none when the message is NULL.
 */
struct kf_trial kf_trial_from_message(const Kf__V1__Trial *message, struct kf_scratch *scratch);

#endif

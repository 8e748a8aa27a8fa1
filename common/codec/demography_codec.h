/* Demography between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_DEMOGRAPHY_CODEC_H
#define KF_CODEC_DEMOGRAPHY_CODEC_H

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `demography`, in `scratch`; texts are borrowed. NULL after a failure, and for an
 * edition without demography. */
Kf__V1__Demography *kf_demography_to_message(const struct kf_demography *demography,
                                             struct kf_scratch *scratch);

/* Years are years; groups have unique ids, people, and a finite weight in the care-need index;
 * services have unique ids and either a finite rate for each cost group or sectors of `edition`
 * that make them, and then there is a year of rates. An edition without demography is fine.
 * KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_demography_check_message(const Kf__V1__Edition *edition, struct kf_error *err);

/* The demography of a message, copied; none when the message is NULL. */
struct kf_demography kf_demography_from_message(const Kf__V1__Demography *message,
                                                struct kf_scratch *scratch);

#endif

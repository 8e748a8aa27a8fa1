/* Sectors with their cost keys, between the model and the generated messages. Internal to the
 * codec.
 */
#ifndef KF_CODEC_SECTOR_CODEC_H
#define KF_CODEC_SECTOR_CODEC_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* The message of `sector`, in `scratch`; texts are borrowed. NULL after a failure. */
Kf__V1__Sector *kf_sector_to_message(const struct kf_sector *sector, struct kf_scratch *scratch);

/* True when a sector of `edition` has this id. */
bool kf_sector_is_known(const Kf__V1__Edition *edition, const char *id);

/* Sector, indicators, criteria, weighting, resource use and expenditure are sound; ids are there
 * and unique in their list; weights are finite, counts within the limits of edition.h. References
 * are looked up in `edition`. KF_ERR_DATA, KF_ERR_LIMIT. */
enum kf_err kf_sector_check_message(const Kf__V1__Sector *message, const Kf__V1__Edition *edition,
                                    struct kf_error *err);

/* The sector of a message, copied. */
struct kf_sector kf_sector_from_message(const Kf__V1__Sector *message, struct kf_scratch *scratch);

#endif

/* What take.c and take_manifest.c share. Internal to them. */
#ifndef KF_BOARD_TAKING_H
#define KF_BOARD_TAKING_H

#include "services/board/store/take.h"

/* One record on its way into the tables. */
struct taking {
    struct kf_board_store *store;
    const struct kf_board_record *record;
    const struct kf_topic_set *topics;
    struct kf_digest_sum digest;      /* of the row */
    bool ours;                        /* it could be read */
    char release[KF_RELEASE_ID_SIZE]; /* of a manifest; "": none */
};

/* The rows of a release in an edition and year, which begin to arrive when they are not there yet.
 * It takes the place of one that was not used for longer: the pointer is good until the next call.
 */
enum kf_err kf_board_find_arrival(struct kf_board_store *self, const char *release,
                                  const char *edition, int year, struct kf_board_arrival **arrival,
                                  struct kf_error *err);

/* Keeps a manifest; `context` is the struct taking. */
enum kf_err kf_board_visit_manifest(void *context, const struct kf_manifest *manifest,
                                    struct kf_error *err);

#endif

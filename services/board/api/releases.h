/* What was released, as JSON of the board's API (`Release` in services/board/page/src/api.ts). */
#ifndef KF_BOARD_RELEASES_H
#define KF_BOARD_RELEASES_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/board/store/store.h"

#define KF_RELEASES_MAX 500 /* in one answer */

/* Appends a list of the newest `limit` releases, newest first. Errors of the store; KF_ERR_LIMIT
 * when it does not fit. */
enum kf_err kf_releases_json(struct kf_board_store *store, size_t limit, struct kf_text *json,
                             struct kf_error *err);

/* Appends one. */
void kf_release_json(const struct kf_board_release *release, struct kf_text *json);

/* Appends member `sources`: the files that it was made from. */
void kf_sources_json(const struct kf_board_release *release, struct kf_text *json);

#endif

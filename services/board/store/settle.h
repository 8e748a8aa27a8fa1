/* What becomes of what has come: whole panels are shown, what they replace is deleted. All inside a
 * transaction of the follower's. Internal to the store. */
#ifndef KF_BOARD_SETTLE_H
#define KF_BOARD_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "services/board/store/store_tables.h"

/* Shows what has become whole, newest first, until `until_ms` of the monotonic clock; one panel at
 * least. `more` says that there may be more to do. */
enum kf_err kf_board_settle(struct kf_board_store *self, int64_t until_ms, bool *more,
                            struct kf_error *err);

/* Deletes some of the rows that are gone; `more` as above. */
enum kf_err kf_board_sweep(struct kf_board_store *self, bool *more, struct kf_error *err);

/* Drops rows that have waited for their manifest since before `before_ms` of the wall clock:
 * a release is written whole. Should its manifest come after all, kf_board_take asks for all to be
 * read anew. */
enum kf_err kf_board_drop_orphans(struct kf_board_store *self, int64_t before_ms,
                                  struct kf_error *err);

/* Says whether all that the manifest tells is here: of a panel by itself when it was `told`, else
 * of the whole release. `reason` (or NULL) gets what lacks. */
enum kf_err kf_board_is_whole(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                              bool told, bool *whole, char reason[KF_BOARD_REASON_SIZE],
                              struct kf_error *err);

#endif

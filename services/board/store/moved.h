/* What a release moves in a panel, seen when it takes the place of the one that was shown. Internal
 * to the store. */
#ifndef KF_BOARD_MOVED_H
#define KF_BOARD_MOVED_H

#include "services/board/store/store_tables.h"

/* Sets the rows of `arrival` beside those of arrival `before`, which is of release
 * `before_release`, and keeps what differs. */
enum kf_err kf_board_note_moved(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                                int64_t before, const char *before_release, struct kf_error *err);

/* What was kept of a release and panel; `found` says whether anything was. */
enum kf_err kf_board_read_moved(struct kf_board_store *self, const char *release,
                                const struct kf_board_release_panel *panel,
                                struct kf_board_moved *moved, bool *found, struct kf_error *err);

/* Adds what became of one row to `moved`: either may be NULL, when there was or is no such row. */
void kf_board_compare_rows(const struct kf_record_row *before, const struct kf_record_row *after,
                           struct kf_board_moved *moved);

#endif

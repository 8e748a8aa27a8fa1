/* How the line and the board are now, as JSON of the board's API (`Status` in
 * services/board/page/src/api.ts). */
#ifndef KF_BOARD_STATUS_H
#define KF_BOARD_STATUS_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/board/line/line.h"
#include "services/board/store/follower.h"
#include "services/board/store/store.h"

/* Of panels that are not whole; how many there are is told beside. With it, and the longest texts
 * of KF_LINE_STAGES_MAX workers, a status fits into KF_SNAPSHOT_BYTES_MAX. */
#define KF_STATUS_INCOMPLETE_MAX 100

struct kf_board_status {
    const char *program;
    const struct kf_line *line;
    const struct kf_board_progress *progress;
    struct kf_board_store *store;
    int64_t now_ms; /* wall */
};

/* Appends the status, as one line. Errors of the store. */
enum kf_err kf_board_status_json(const struct kf_board_status *status, struct kf_text *json,
                                 struct kf_error *err);

#endif

/* The municipalities of an edition and year side by side (`Spread` in services/board/page/src/
 * api.ts): of each measure and sector that the article compares in, all codes and values. */
#ifndef KF_BOARD_SPREADS_H
#define KF_BOARD_SPREADS_H

#include "common/base/text.h"
#include "services/board/store/store.h"

/* Appends a list of them. Errors of the store; KF_ERR_MEMORY, also when there are more than an
 * edition can have. */
enum kf_err kf_spreads_json(struct kf_board_store *store, const struct kf_board_panel *panel,
                            struct kf_text *json, struct kf_error *err);

#endif

/* What the articles about all municipalities have in common, read once for each state of the store:
 * which editions and years are shown, who is in them, and their members side by side.
 *
 *     code = kf_shared_refresh(shared, &err);     first, in each state that is read
 *     kf_shared_panels(shared) …                  then the rest
 *
 * It holds texts up to a bound and one more; beyond that they are read again. Belongs to one
 * thread, as the store's handle does.
 */
#ifndef KF_BOARD_SHARED_H
#define KF_BOARD_SHARED_H

#include "common/base/text.h"
#include "services/board/api/panels.h"

#define KF_SHARED_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct kf_shared;

/* The store is borrowed for its life. `bytes_max`: of texts, KF_SHARED_BYTES_MAX but for tests.
 * KF_ERR_MEMORY. */
enum kf_err kf_shared_new(struct kf_board_store *store, size_t bytes_max, struct kf_shared **shared,
                          struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_shared_destroy(struct kf_shared **self);

/* Forgets all when the store has changed since. Call it between kf_board_store_begin and
 * kf_board_store_end, and what follows before the end. Errors of the store, KF_ERR_MEMORY: there
 * are no panels then. */
enum kf_err kf_shared_refresh(struct kf_shared *self, struct kf_error *err);

/* Those that are shown; until the next kf_shared_refresh. */
const struct kf_panels *kf_shared_panels(const struct kf_shared *self);

/* Visits the codes of the municipalities in the panel, ascending. `panel` is one of those above. */
enum kf_err kf_shared_municipalities(struct kf_shared *self, const struct kf_board_panel *panel,
                                     kf_board_code_visit *visit, void *context,
                                     struct kf_error *err);

/* Appends a member "spreads": see spreads.h. KF_ERR_LIMIT when they do not fit. */
enum kf_err kf_shared_spreads_json(struct kf_shared *self, const struct kf_board_panel *panel,
                                   struct kf_text *json, struct kf_error *err);

#endif

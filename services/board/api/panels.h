/* The editions and years that are shown, as one list. */
#ifndef KF_BOARD_PANELS_H
#define KF_BOARD_PANELS_H

#include "services/board/store/store.h"

#define KF_PANELS_MAX 4096

struct kf_panels {
    struct kf_board_panel *list; /* by edition and year */
    size_t count;
    size_t room;
};

/* Reads those that are shown; an empty list is {0}. KF_ERR_LIMIT beyond KF_PANELS_MAX,
 * KF_ERR_MEMORY, errors of the store. On failure the list is empty. */
enum kf_err kf_panels_read(struct kf_panels *self, struct kf_board_store *store,
                           struct kf_error *err);
void kf_panels_clear(struct kf_panels *self);

/* The panel, or NULL. */
const struct kf_board_panel *kf_panels_find(const struct kf_panels *self, const char *edition,
                                            int year);

#endif

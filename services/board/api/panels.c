#include "services/board/api/panels.h"

#include <string.h>

#include "common/base/memory.h"

static enum kf_err grow(struct kf_panels *self, struct kf_error *err)
{
    size_t room = self->room > 0 ? self->room * 2 : 32;
    if (room > KF_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d editions and years are shown",
                            KF_PANELS_MAX);
    }
    struct kf_board_panel *grown = kf_realloc(self->list, room * sizeof *grown);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu editions and years", room);
    }
    self->list = grown;
    self->room = room;
    return KF_OK;
}

static enum kf_err add(void *context, const struct kf_board_panel *panel, struct kf_error *err)
{
    struct kf_panels *self = context;
    enum kf_err code = self->count == self->room ? grow(self, err) : KF_OK;
    if (code == KF_OK) {
        self->list[self->count++] = *panel;
    }
    return code;
}

enum kf_err kf_panels_read(struct kf_panels *self, struct kf_board_store *store,
                           struct kf_error *err)
{
    enum kf_err code = kf_board_store_panels(store, NULL, add, self, err);
    if (code != KF_OK) {
        kf_panels_clear(self);
    }
    return code;
}

void kf_panels_clear(struct kf_panels *self)
{
    kf_free(self->list);
    *self = (struct kf_panels){0};
}

const struct kf_board_panel *kf_panels_find(const struct kf_panels *self, const char *edition,
                                            int year)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->list[i].year == year && strcmp(self->list[i].edition, edition) == 0) {
            return &self->list[i];
        }
    }
    return NULL;
}

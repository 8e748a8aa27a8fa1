#include "services/board/api/idset.h"

#include <string.h>

#include "common/base/memory.h"

/* Where `id` stands, or belongs; what comes in order is found at once. */
static size_t place(const struct kf_idset *self, const char *id, bool *there)
{
    size_t low = 0;
    size_t high = self->count;
    *there = false;
    if (high > 0 && strcmp(self->list[high - 1], id) < 0) {
        return high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(self->list[middle], id);
        if (order == 0) {
            *there = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool make_room(struct kf_idset *self)
{
    if (self->count < self->room) {
        return true;
    }
    size_t room = self->room > 0 ? self->room * 2 : 64;
    char **grown = room > KF_IDSET_MAX ? NULL : kf_realloc(self->list, room * sizeof *grown);
    if (!grown) {
        return false;
    }
    self->list = grown;
    self->room = room;
    return true;
}

bool kf_idset_add(struct kf_idset *self, const char *id)
{
    bool there = false;
    size_t at = place(self, id, &there);
    if (there) {
        return true;
    }
    char *copy = make_room(self) ? kf_strdup(id) : NULL;
    if (!copy) {
        return false;
    }
    memmove(self->list + at + 1, self->list + at, (self->count - at) * sizeof *self->list);
    self->list[at] = copy;
    self->count++;
    return true;
}

bool kf_idset_has(const struct kf_idset *self, const char *id)
{
    bool there = false;
    (void)place(self, id, &there);
    return there;
}

void kf_idset_clear(struct kf_idset *self)
{
    for (size_t i = 0; i < self->count; i++) {
        kf_free(self->list[i]);
    }
    kf_free(self->list);
    *self = (struct kf_idset){0};
}

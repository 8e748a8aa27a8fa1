#include "common/model/users.h"

const char *kf_users_variable(struct kf_arena *arena, const char *prefix, size_t number)
{
    return kf_arena_printf(arena, "%s%zu", prefix, number);
}

/* NULL after a failure. */
static const char **variables(struct kf_arena *arena, const char *prefix, size_t count)
{
    const char **list = kf_arena_calloc(arena, count, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        list[i] = kf_users_variable(arena, prefix, i + 1);
        if (!list[i]) {
            return NULL;
        }
    }
    return list;
}

bool kf_users_fill(struct kf_users *self, struct kf_arena *arena)
{
    if (self->count == 0) {
        self->costs = NULL;
        self->ages = NULL;
        return true;
    }
    bool aged = self->age_prefix && self->age_prefix[0];
    const char **costs = variables(arena, self->cost_prefix, self->count);
    const char **ages = aged ? variables(arena, self->age_prefix, self->count) : NULL;
    if (!costs || (aged && !ages)) {
        return false;
    }
    self->costs = costs;
    self->ages = ages;
    return true;
}

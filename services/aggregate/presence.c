#include "services/aggregate/presence.h"

#include "common/model/cell.h"

enum kf_err kf_presence_new(struct kf_arena *arena, size_t members, struct kf_presence *self,
                            struct kf_error *err)
{
    struct kf_presence made = {
        .weight = kf_arena_calloc(arena, members, sizeof *made.weight),
        .lacks = kf_arena_calloc(arena, members, sizeof *made.lacks),
        .imputed = kf_arena_calloc(arena, members, sizeof *made.imputed),
    };
    if (!made.weight || !made.lacks || !made.imputed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what the members report");
    }
    *self = made;
    return KF_OK;
}

void kf_presence_add(struct kf_presence *self, size_t k, double weight, uint8_t status)
{
    if (!kf_cell_has_value(status)) {
        self->lacks[k] = true;
        return;
    }
    self->weight[k] = kf_wide_add(self->weight[k], kf_wide_from(weight));
    self->imputed[k] = self->imputed[k] || (status & KF_CELL_IMPUTED) != 0;
}

bool kf_presence_any(const struct kf_presence *self, size_t k)
{
    return self->weight[k].high > 0;
}

double kf_presence_weight(const struct kf_presence *self, size_t k, double weight)
{
    return self->lacks[k] ? kf_wide_value(kf_wide_div(kf_wide_from(weight), self->weight[k]))
                          : weight;
}

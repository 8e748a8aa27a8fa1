#include "services/need/use/per_capita.h"

#include <string.h>

enum kf_err kf_per_capita_new(const struct kf_panel *panel, struct kf_arena *arena,
                              struct kf_per_capita *self, struct kf_error *err)
{
    struct kf_per_capita made = {
        .values = kf_arena_calloc(arena, panel->members_len, sizeof *made.values),
        .status = kf_arena_calloc(arena, panel->members_len, sizeof *made.status),
        .members = panel->members_len,
    };
    if (!made.values || !made.status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for kroner per inhabitant");
    }
    *self = made;
    return KF_OK;
}

double kf_per_capita_grid(struct kf_wide value)
{
    return kf_grid(kf_wide_value(value), KF_PER_CAPITA_SCALE);
}

void kf_per_capita_set(struct kf_per_capita *self, size_t k, struct kf_wide value, uint8_t status)
{
    self->values[k] = kf_cell_has_value(status) ? kf_per_capita_grid(value) : 0;
    self->status[k] = status;
}

static void divide(const struct kf_column *people, const struct kf_values *amount, size_t k,
                   struct kf_per_capita *self)
{
    bool inhabited = people && kf_cell_has_value(people->status[k]) && people->values[k] > 0;
    uint8_t status = amount->status[k];
    struct kf_wide value = kf_wide_from(0);
    if (kf_cell_has_value(status)) {
        status = inhabited ? status | people->status[k] : KF_CELL_MISSING;
    }
    if (kf_cell_has_value(status)) {
        value = kf_wide_div(amount->values[k], kf_wide_from_figure(people->values[k]));
    }
    kf_per_capita_set(self, k, value, status);
}

enum kf_err kf_per_capita_of(const struct kf_panel *panel, const struct kf_values *amount,
                             struct kf_arena *arena, struct kf_per_capita *self,
                             struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    enum kf_err code = kf_per_capita_new(panel, arena, self, err);
    for (size_t k = 0; code == KF_OK && k < self->members; k++) {
        divide(people, amount, k, self);
    }
    return code;
}

void kf_per_capita_add(struct kf_per_capita *self, const struct kf_per_capita *other, int sign)
{
    for (size_t k = 0; k < self->members; k++) {
        if (!kf_cell_has_value(self->status[k])) {
            continue;
        }
        if (kf_cell_has_value(other->status[k])) {
            self->values[k] += sign * other->values[k];
            self->status[k] |= other->status[k];
        } else {
            self->values[k] = 0;
            self->status[k] = other->status[k];
        }
    }
}

void kf_per_capita_flag(struct kf_per_capita *self, uint8_t flags)
{
    for (size_t k = 0; k < self->members; k++) {
        self->status[k] |= kf_cell_has_value(self->status[k]) ? flags : 0;
    }
}

enum kf_err kf_per_capita_append(struct kf_panel *panel, const struct kf_result_key *key,
                                 const struct kf_per_capita *self, struct kf_error *err)
{
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, key, &result, err);
    if (code == KF_OK) {
        memcpy(result->values, self->values, self->members * sizeof *self->values);
        memcpy(result->status, self->status, self->members);
    }
    return code;
}

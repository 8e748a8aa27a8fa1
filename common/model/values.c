#include "common/model/values.h"

#include <string.h>

enum kf_err kf_values_new(const struct kf_panel *panel, struct kf_arena *arena,
                          struct kf_values *values, struct kf_error *err)
{
    size_t cells = panel->members_len + 1;
    struct kf_values made = {
        .values = kf_arena_calloc(arena, cells, sizeof *made.values),
        .status = kf_arena_calloc(arena, cells, sizeof *made.status),
        .members = panel->members_len,
    };
    if (!made.values || !made.status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the values of a column");
    }
    *values = made;
    return KF_OK;
}

enum kf_err kf_values_new_missing(const struct kf_panel *panel, struct kf_arena *arena,
                                  struct kf_values *values, struct kf_error *err)
{
    enum kf_err code = kf_values_new(panel, arena, values, err);
    if (code == KF_OK) {
        memset(values->status, KF_CELL_MISSING, values->members + 1);
    }
    return code;
}

bool kf_values_any(const struct kf_values *self)
{
    for (size_t k = 0; k < self->members; k++) {
        if (kf_cell_has_value(self->status[k])) {
            return true;
        }
    }
    return false;
}

void kf_values_clear(struct kf_values *self, size_t k, uint8_t status)
{
    self->values[k] = kf_wide_from(0);
    self->status[k] = status;
}

void kf_values_add(struct kf_values *self, size_t k, struct kf_wide value, uint8_t status)
{
    if (!kf_cell_has_value(self->status[k])) {
        return;
    }
    if (!kf_cell_has_value(status)) {
        kf_values_clear(self, k, status);
        return;
    }
    self->values[k] = kf_wide_add(self->values[k], value);
    self->status[k] |= status;
}

static void add_term(const struct kf_panel *panel, const struct kf_term *term,
                     struct kf_values *sum)
{
    const struct kf_column *column = kf_panel_column(panel, term->variable);
    struct kf_wide factor = kf_wide_from_figure(term->factor);
    for (size_t k = 0; k <= sum->members; k++) {
        bool country = term->country || k == sum->members;
        double figure = 0;
        uint8_t status = KF_CELL_MISSING;
        if (column) {
            figure = country ? column->country_value : column->values[k];
            status = country ? column->country_status : column->status[k];
        }
        kf_values_add(sum, k, kf_wide_mul(kf_wide_from_figure(figure), factor), status);
    }
}

enum kf_err kf_terms_sum(const struct kf_panel *panel, const struct kf_terms *terms,
                         struct kf_arena *arena, struct kf_values *sum, struct kf_error *err)
{
    struct kf_values made = {0};
    enum kf_err code = kf_values_new(panel, arena, &made, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t t = 0; t < terms->count; t++) {
        add_term(panel, &terms->list[t], &made);
    }
    *sum = made;
    return KF_OK;
}

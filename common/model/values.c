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

/* Adds factor·figure of a cell to number `k`. */
static inline void add_cell(struct kf_values *sum, size_t k, double figure, uint8_t status,
                            double factor)
{
    struct kf_wide part = kf_wide_from_figure(figure);
    if (factor != 1) {
        part = kf_wide_mul(part, kf_wide_from_figure(factor));
    }
    kf_values_add(sum, k, part, status);
}

static void add_term(const struct kf_panel *panel, const struct kf_term *term,
                     struct kf_values *sum)
{
    static const struct kf_column none = {.country_status = KF_CELL_MISSING};
    const struct kf_column *column = kf_panel_column(panel, term->variable);
    bool own = column && !term->country; /* a figure of its own for every member */
    column = column ? column : &none;
    for (size_t k = 0; own && k < sum->members; k++) {
        add_cell(sum, k, column->values[k], column->status[k], term->factor);
    }
    for (size_t k = own ? sum->members : 0; k <= sum->members; k++) {
        add_cell(sum, k, column->country_value, column->country_status, term->factor);
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

enum kf_err kf_values_append(struct kf_panel *panel, const struct kf_result_key *key,
                             const struct kf_values *values, struct kf_error *err)
{
    if (!kf_values_any(values)) {
        return KF_OK;
    }
    struct kf_result *column = NULL;
    enum kf_err code = kf_panel_append(panel, key, &column, err);
    for (size_t k = 0; code == KF_OK && k < values->members; k++) {
        column->values[k] = kf_wide_value(values->values[k]);
        column->status[k] = values->status[k];
    }
    return code;
}

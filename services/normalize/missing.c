#include "services/normalize/missing.h"

#include <stdlib.h>

static void impute(struct kf_values *values, size_t k, struct kf_wide value, uint8_t flags)
{
    values->values[k] = value;
    values->status[k] = (uint8_t)(KF_CELL_VALUE | KF_CELL_IMPUTED | flags);
}

static void impute_all(struct kf_values *values, struct kf_wide value)
{
    for (size_t k = 0; k < values->members; k++) {
        if (!kf_cell_has_value(values->status[k])) {
            impute(values, k, value, 0);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    const struct kf_wide *left = a;
    const struct kf_wide *right = b;
    return kf_wide_less(*right, *left) - kf_wide_less(*left, *right);
}

/* The values there are, ascending; there is at least one. */
static enum kf_err sort_values(const struct kf_values *values, struct kf_arena *arena,
                               struct kf_wide **sorted, size_t *count, struct kf_error *err)
{
    struct kf_wide *list = kf_arena_calloc(arena, values->members, sizeof *list);
    if (!list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what replaces a missing value");
    }
    size_t found = 0;
    for (size_t k = 0; k < values->members; k++) {
        if (kf_cell_has_value(values->status[k])) {
            list[found++] = values->values[k];
        }
    }
    qsort(list, found, sizeof *list, by_size);
    *sorted = list;
    *count = found;
    return KF_OK;
}

static struct kf_wide median_of(const struct kf_wide *sorted, size_t count)
{
    struct kf_wide upper = sorted[count / 2];
    if (count % 2) {
        return upper;
    }
    return kf_wide_mul(kf_wide_add(sorted[count / 2 - 1], upper), kf_wide_from(0.5));
}

static void take_latest(const struct kf_earlier *earlier, struct kf_values *values)
{
    for (size_t k = 0; k < values->members; k++) {
        for (size_t y = 0; y < earlier->length && !kf_cell_has_value(values->status[k]); y++) {
            const struct kf_values *year = &earlier->years[y];
            if (kf_cell_has_value(year->status[k])) {
                impute(values, k, year->values[k], year->status[k]);
            }
        }
    }
}

enum kf_err kf_missing_fill(enum kf_missing_rule rule, const struct kf_earlier *earlier,
                            struct kf_arena *arena, struct kf_values *values, struct kf_error *err)
{
    if (rule == KF_MISSING_DROP) {
        return KF_OK;
    }
    bool reported = kf_values_any(values);
    struct kf_wide *sorted = NULL;
    size_t count = 0;
    enum kf_err code = reported ? sort_values(values, arena, &sorted, &count, err) : KF_OK;
    if (code == KF_OK && rule == KF_MISSING_LATEST) {
        take_latest(earlier, values);
        if (!reported && kf_values_any(values)) {
            code = sort_values(values, arena, &sorted, &count, err);
        }
    }
    if (code == KF_OK && count > 0) {
        impute_all(values, rule == KF_MISSING_MEDIAN ? median_of(sorted, count) : sorted[0]);
    }
    return code;
}

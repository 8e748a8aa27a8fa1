#include "common/model/edition.h"

#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* How many variables the edition can name at most. */
static size_t mentions(const struct kf_edition *self)
{
    size_t count = 1 + 4 + self->expenditure.minus_len + 2;
    for (size_t s = 0; s < self->sectors_len; s++) {
        count += 2 * self->sectors[s].indicators_len + self->sectors[s].criteria_len;
    }
    return count;
}

static void take(const char **names, size_t *count, const char *name)
{
    if (name && name[0]) {
        names[(*count)++] = name;
    }
}

static void take_sector(const char **names, size_t *count, const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->indicators_len; i++) {
        take(names, count, sector->indicators[i].variable);
        take(names, count, sector->indicators[i].per_variable);
    }
    for (size_t i = 0; i < sector->criteria_len; i++) {
        take(names, count, sector->criteria[i].variable);
    }
}

static void take_expenditure(const char **names, size_t *count,
                             const struct kf_expenditure *expenditure)
{
    take(names, count, expenditure->given);
    take(names, count, expenditure->gross);
    take(names, count, expenditure->payroll_costs);
    take(names, count, expenditure->wages);
    for (size_t i = 0; i < expenditure->minus_len; i++) {
        take(names, count, expenditure->minus[i]);
    }
}

static size_t unique(const char **names, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0) {
            names[kept++] = names[i];
        }
    }
    return kept;
}

enum kf_err kf_edition_variables(const struct kf_edition *self, struct kf_arena *arena,
                                 const char ***names, size_t *count, struct kf_error *err)
{
    const char **all = kf_arena_calloc(arena, mentions(self), sizeof *all);
    if (!all) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the variables of %s", self->id);
    }
    size_t taken = 0;
    take(all, &taken, self->population);
    for (size_t s = 0; s < self->sectors_len; s++) {
        take_sector(all, &taken, &self->sectors[s]);
    }
    take_expenditure(all, &taken, &self->expenditure);
    take(all, &taken, self->change.production);
    take(all, &taken, self->change.expenditure);
    if (taken > 0) {
        qsort(all, taken, sizeof *all, compare_texts);
    }
    *names = all;
    *count = unique(all, taken);
    return KF_OK;
}

bool kf_edition_has_year(const struct kf_edition *self, int year)
{
    for (size_t i = 0; i < self->years_len; i++) {
        if (self->years[i] == year) {
            return true;
        }
    }
    return self->years_len == 0 && self->year_from <= year && year <= self->year_to;
}

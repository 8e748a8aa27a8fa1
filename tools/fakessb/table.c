#include "tools/fakessb/table.h"

#include <string.h>

#include "common/base/memory.h"
#include "tools/fakessb/expression.h"

void kf_fake_table_clear(struct kf_fake_table *self)
{
    for (size_t i = 0; i < self->dimensions_len; i++) {
        kf_free(self->dimensions[i].codes);
    }
    kf_free(self->cells);
    *self = (struct kf_fake_table){0};
}

static enum kf_err count_cells(const struct kf_fake_table *self, size_t *count,
                               struct kf_error *err)
{
    size_t cells = 1;
    for (size_t i = 0; i < self->dimensions_len; i++) {
        cells *= self->dimensions[i].codes_len;
        if (cells > KF_FAKE_CELLS_MAX) {
            return kf_error_set(err, KF_ERR_LIMIT, "table %s has more than %d cells", self->id,
                                KF_FAKE_CELLS_MAX);
        }
    }
    *count = cells;
    return KF_OK;
}

static void empty_cells(struct kf_fake_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cells[i] = (struct kf_fake_cell){.status = ".."};
    }
}

/* As many as the dimensions say, all empty; at least one, so that there is something to free. */
static enum kf_err new_cells(const struct kf_fake_table *self, struct kf_fake_cell **cells,
                             size_t *count, struct kf_error *err)
{
    enum kf_err code = count_cells(self, count, err);
    if (code != KF_OK) {
        return code;
    }
    *cells = kf_calloc(*count + 1, sizeof **cells);
    if (!*cells) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the cells of table %s", self->id);
    }
    empty_cells(*cells, *count);
    return KF_OK;
}

enum kf_err kf_fake_table_make_cells(struct kf_fake_table *self, struct kf_error *err)
{
    return new_cells(self, &self->cells, &self->cells_len, err);
}

enum kf_err kf_fake_dimension_add(struct kf_fake_dimension *self, const struct kf_fake_code *code,
                                  struct kf_error *err)
{
    if (self->codes_len >= KF_FAKE_CODES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "%s has more than %d codes", self->id,
                            KF_FAKE_CODES_MAX);
    }
    size_t room = self->codes_len;
    if (room == 0 || (room & (room - 1)) == 0) { /* grows at powers of two */
        struct kf_fake_code *more =
            kf_realloc(self->codes, (room == 0 ? 1 : room * 2) * sizeof *more);
        if (!more) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for the codes of %s", self->id);
        }
        self->codes = more;
    }
    self->codes[self->codes_len++] = *code;
    return KF_OK;
}

size_t kf_fake_table_dimension(const struct kf_fake_table *self, const char *id)
{
    for (size_t i = 0; i < self->dimensions_len; i++) {
        if (strcmp(self->dimensions[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t kf_fake_dimension_code(const struct kf_fake_dimension *self, const char *code)
{
    for (size_t i = 0; i < self->codes_len; i++) {
        if (strcmp(self->codes[i].code, code) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

bool kf_fake_dimension_shows(const struct kf_fake_dimension *self, size_t code)
{
    bool is_total = self->has_total && code + 1 == self->codes_len;
    return !is_total && !self->codes[code].hidden;
}

size_t kf_fake_dimension_shown(const struct kf_fake_dimension *self)
{
    size_t shown = 0;
    for (size_t i = 0; i < self->codes_len; i++) {
        shown += kf_fake_dimension_shows(self, i) ? 1 : 0;
    }
    return shown;
}

const char *kf_fake_cell_shows(const struct kf_fake_cell *self, double *value)
{
    const char *symbol = self->mask[0] != '\0' ? self->mask : self->status;
    *value = self->value;
    if (symbol[0] == '\0') {
        return NULL;
    }
    if (strcmp(symbol, "0") == 0) {
        *value = 0;
        return NULL;
    }
    return symbol;
}

/* --- changes --------------------------------------------------------------------------------- */

enum kf_err kf_fake_where_add(const struct kf_fake_table *table, const char *dimension,
                              const char *const *texts, size_t texts_len,
                              struct kf_fake_where *where, struct kf_error *err)
{
    size_t place = kf_fake_table_dimension(table, dimension);
    if (place == SIZE_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "table %s has no dimension %s", table->id, dimension);
    }
    const struct kf_fake_dimension *own = &table->dimensions[place];
    bool *flags = kf_arena_calloc(table->arena, own->codes_len + 1, sizeof *flags);
    if (!flags) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a selection");
    }
    for (size_t i = 0; i < texts_len; i++) {
        size_t hits = kf_fake_expression_mark(own, texts[i], true, flags);
        if (hits == 0 || hits == KF_FAKE_EXPRESSION_ILLEGAL) {
            return kf_error_set(err, KF_ERR_DATA, "%s of table %s has no code %s", dimension,
                                table->id, texts[i]);
        }
    }
    where->codes[place] = flags;
    return KF_OK;
}

/* The next cell's places; the last dimension turns fastest. */
static void turn(const struct kf_fake_table *self, size_t places[KF_FAKE_DIMENSIONS_MAX])
{
    for (size_t i = self->dimensions_len; i-- > 0;) {
        if (++places[i] < self->dimensions[i].codes_len) {
            return;
        }
        places[i] = 0;
    }
}

static bool is_meant(const struct kf_fake_table *self, const struct kf_fake_where *where,
                     const size_t places[KF_FAKE_DIMENSIONS_MAX])
{
    for (size_t i = 0; i < self->dimensions_len; i++) {
        if (where->codes[i] && !where->codes[i][places[i]]) {
            return false;
        }
    }
    return true;
}

void kf_fake_table_visit(struct kf_fake_table *self, const struct kf_fake_where *where,
                         kf_fake_cell_visit *visit, void *context)
{
    size_t places[KF_FAKE_DIMENSIONS_MAX] = {0};
    for (size_t i = 0; i < self->cells_len; i++) {
        if (is_meant(self, where, places)) {
            visit(context, &self->cells[i]);
        }
        turn(self, places);
    }
}

/* The total stays the last one. */
static void settle_total(struct kf_fake_dimension *self)
{
    if (self->has_total && self->codes_len >= 2) {
        struct kf_fake_code added = self->codes[self->codes_len - 1];
        self->codes[self->codes_len - 1] = self->codes[self->codes_len - 2];
        self->codes[self->codes_len - 2] = added;
    }
}

/* Lays the old cells where they are among the new ones: `added` is the place of the new code. */
static void spread(struct kf_fake_table *self, size_t dimension, size_t added,
                   struct kf_fake_cell *cells, size_t count)
{
    size_t places[KF_FAKE_DIMENSIONS_MAX] = {0};
    size_t old = 0;
    for (size_t i = 0; i < count; i++) {
        if (places[dimension] != added) {
            cells[i] = self->cells[old++];
        }
        turn(self, places);
    }
}

enum kf_err kf_fake_table_add_code(struct kf_fake_table *self, size_t dimension,
                                   const struct kf_fake_code *code, struct kf_error *err)
{
    struct kf_fake_dimension *own = &self->dimensions[dimension];
    struct kf_fake_cell *cells = NULL;
    size_t count = 0;
    if (kf_fake_dimension_code(own, code->code) != SIZE_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "%s of table %s has the code %s already", own->id,
                            self->id, code->code);
    }
    enum kf_err result = kf_fake_dimension_add(own, code, err);
    if (result != KF_OK) {
        return result;
    }
    result = new_cells(self, &cells, &count, err);
    if (result != KF_OK) {
        own->codes_len--;
        return result;
    }
    settle_total(own);
    spread(self, dimension, own->codes_len - 1 - (own->has_total ? 1 : 0), cells, count);
    kf_free(self->cells);
    self->cells = cells;
    self->cells_len = count;
    return KF_OK;
}

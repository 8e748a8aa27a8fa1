#include "common/model/observation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/model/cell.h"
#include "common/model/municipality.h"

#define ROOM_FIRST ((size_t)1024)
#define NO_FILE    UINT16_MAX
#define YEARS      ((size_t)(KF_YEAR_MAX - KF_YEAR_MIN + 1))

struct file {
    char *name;
    const struct kf_observations_whole *whole; /* NULL: its rows do not belong together */
};

struct kf_observations {
    const struct kf_variables *variables;
    size_t variables_len;
    size_t rows_max;
    struct kf_observation *rows;
    size_t count;
    size_t room;
    struct file *files;
    size_t files_len;
    size_t files_room;
    bool sealed;
};

struct kf_observations *kf_observations_new(const struct kf_variables *variables, size_t rows_max)
{
    struct kf_observations *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->variables = variables;
        self->rows_max = rows_max;
        (void)kf_variables_all(variables, &self->variables_len);
    }
    return self;
}

void kf_observations_destroy(struct kf_observations **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < (*self)->files_len; i++) {
        kf_free((*self)->files[i].name);
    }
    kf_free((*self)->files);
    kf_free((*self)->rows);
    kf_free(*self);
    *self = NULL;
}

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for more observations");
}

enum kf_err kf_observations_begin_file(struct kf_observations *self, const char *name,
                                       struct kf_error *err)
{
    if (self->files_len == NO_FILE) {
        return kf_error_set(err, KF_ERR_LIMIT, "%s: more than %d files", name, NO_FILE);
    }
    if (self->files_len == self->files_room) {
        size_t room = self->files_room ? self->files_room * 2 : 8;
        struct file *grown = kf_realloc(self->files, room * sizeof *grown);
        if (!grown) {
            return no_memory(err);
        }
        self->files = grown;
        self->files_room = room;
    }
    char *copy = kf_strdup(name);
    if (!copy) {
        return no_memory(err);
    }
    self->files[self->files_len++] = (struct file){.name = copy};
    return KF_OK;
}

void kf_observations_keep_whole(struct kf_observations *self,
                                const struct kf_observations_whole *whole)
{
    self->files[self->files_len - 1].whole = whole;
}

static enum kf_err make_room(struct kf_observations *self, struct kf_error *err)
{
    if (self->count < self->room) {
        return KF_OK;
    }
    size_t room = self->room ? self->room * 2 : ROOM_FIRST;
    room = room < self->rows_max ? room : self->rows_max;
    struct kf_observation *grown = kf_realloc(self->rows, room * sizeof *grown);
    if (!grown) {
        return no_memory(err);
    }
    self->rows = grown;
    self->room = room;
    return KF_OK;
}

static enum kf_err check_row(const struct kf_observations *self, const struct kf_observation *row,
                             struct kf_error *err)
{
    if (row->year < KF_YEAR_MIN || row->year > KF_YEAR_MAX ||
        row->variable >= self->variables_len || row->municipality > KF_OBSERVATION_COUNTRY ||
        !isfinite(row->value)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "line %u: year %u, variable %u, municipality %u or the value is out "
                            "of range",
                            (unsigned)row->line, (unsigned)row->year, (unsigned)row->variable,
                            (unsigned)row->municipality);
    }
    return KF_OK;
}

enum kf_err kf_observations_add(struct kf_observations *self, const struct kf_observation *row,
                                struct kf_error *err)
{
    if (self->count >= self->rows_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu observations", self->rows_max);
    }
    enum kf_err code = check_row(self, row, err);
    if (code == KF_OK) {
        code = make_room(self, err);
    }
    if (code != KF_OK) {
        return code;
    }
    struct kf_observation *added = &self->rows[self->count++];
    *added = *row;
    added->file = self->files_len > 0 ? (uint16_t)(self->files_len - 1) : NO_FILE;
    added->value = kf_cell_has_value(row->status) ? row->value : 0;
    self->sealed = false;
    return KF_OK;
}

/* --- order ----------------------------------------------------------------------------------- */

/* The canonical order as one number: year, variable, municipality. */
static uint64_t rank(const struct kf_observation *row)
{
    return (uint64_t)row->year << 32 | (uint64_t)row->variable << 16 | row->municipality;
}

static bool is_sorted(const struct kf_observations *self)
{
    for (size_t i = 1; i < self->count; i++) {
        if (rank(&self->rows[i - 1]) > rank(&self->rows[i])) {
            return false;
        }
    }
    return true;
}

enum part { BY_MUNICIPALITY, BY_VARIABLE, BY_YEAR };

static size_t part_of(const struct kf_observation *row, enum part part)
{
    switch (part) {
    case BY_MUNICIPALITY:
        return row->municipality;
    case BY_VARIABLE:
        return row->variable;
    default:
        return (size_t)row->year - KF_YEAR_MIN;
    }
}

/* One stable counting sort by `part`, from `rows` into `sorted`; `starts` has a place for each
 * value and one more. */
static void sort_by(const struct kf_observation *rows, struct kf_observation *sorted, size_t count,
                    enum part part, size_t *starts)
{
    for (size_t i = 0; i < count; i++) {
        starts[part_of(&rows[i], part) + 1]++;
    }
    size_t start = 0;
    for (size_t i = 0; start < count; i++) {
        start += starts[i];
        starts[i] = start;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[starts[part_of(&rows[i], part)]++] = rows[i];
    }
}

/* Radix sort: by the least part first, so that the stable passes leave the canonical order. */
static enum kf_err sort_rows(struct kf_observations *self, struct kf_error *err)
{
    const size_t values[] = {
        [BY_MUNICIPALITY] = KF_OBSERVATION_COUNTRY + 1,
        [BY_VARIABLE] = self->variables_len,
        [BY_YEAR] = YEARS,
    };
    struct kf_observation *other = kf_calloc(self->count, sizeof *other);
    if (!other) {
        return no_memory(err);
    }
    for (size_t part = BY_MUNICIPALITY; part <= BY_YEAR; part++) {
        size_t *starts = kf_calloc(values[part] + 1, sizeof *starts);
        if (!starts) {
            kf_free(other);
            return no_memory(err);
        }
        sort_by(self->rows, other, self->count, (enum part)part, starts);
        kf_free(starts);
        struct kf_observation *sorted = other;
        other = self->rows;
        self->rows = sorted;
    }
    kf_free(other);
    self->room = self->count;
    return KF_OK;
}

/* What the file of the row says of its rows, or NULL. */
static const struct kf_observations_whole *whole_of(const struct kf_observations *self,
                                                    const struct kf_observation *row)
{
    return row->file < self->files_len ? self->files[row->file].whole : NULL;
}

/* Two files whose rows belong together, and not the row that speaks for all: told there. */
static bool is_told_elsewhere(const struct kf_observations *self,
                              const struct kf_observation *first, const struct kf_observation *row)
{
    const struct kf_observations_whole *whole = whole_of(self, row);
    size_t count = 0;
    return whole && whole == whole_of(self, first) &&
           strcmp(kf_variables_all(self->variables, &count)[row->variable].id, whole->first) != 0;
}

static void tell_duplicate(const struct kf_observations *self, const struct kf_observation *first,
                           const struct kf_observation *row, struct kf_findings *findings)
{
    const struct kf_observations_whole *whole = whole_of(self, row);
    whole = whole ? whole : whole_of(self, first);
    char code[KF_MUNICIPALITY_SIZE] = KF_MUNICIPALITY_COUNTRY;
    if (row->municipality != KF_OBSERVATION_COUNTRY) {
        kf_municipality_print(row->municipality, code);
    }
    char cell[KF_DECIMAL_SIZE] = "";
    if (kf_cell_has_value(row->status)) {
        (void)kf_decimal_print(row->value, cell);
    }
    size_t count = 0;
    struct kf_place place = {
        .file = kf_observations_file(self, row->file),
        .line = row->line,
        .municipality = code,
        .variable = kf_variables_all(self->variables, &count)[row->variable].id,
        .cell = cell,
    };
    kf_findings_add(findings, &place, whole ? whole->remedy : "keep one of the two rows",
                    "the cell of %u is given on line %u of %s already", (unsigned)row->year,
                    (unsigned)first->line, kf_observations_file(self, first->file));
}

static uint64_t tell_duplicates(const struct kf_observations *self, struct kf_findings *findings)
{
    uint64_t told = 0;
    size_t first = 0;
    for (size_t i = 1; i < self->count; i++) {
        if (rank(&self->rows[first]) == rank(&self->rows[i])) {
            if (!is_told_elsewhere(self, &self->rows[first], &self->rows[i])) {
                tell_duplicate(self, &self->rows[first], &self->rows[i], findings);
            }
            told++;
        } else {
            first = i;
        }
    }
    return told;
}

enum kf_err kf_observations_seal(struct kf_observations *self, struct kf_findings *findings,
                                 struct kf_error *err)
{
    if (!is_sorted(self)) {
        enum kf_err code = sort_rows(self, err);
        if (code != KF_OK) {
            return code;
        }
    }
    uint64_t duplicates = tell_duplicates(self, findings);
    if (duplicates > 0) {
        return kf_error_set(err, KF_ERR_DATA, "%llu cells are given more than once",
                            (unsigned long long)duplicates);
    }
    self->sealed = true;
    return KF_OK;
}

/* --- reading --------------------------------------------------------------------------------- */

const struct kf_observation *kf_observations_rows(const struct kf_observations *self, size_t *count)
{
    *count = self->count;
    return self->rows;
}

/* The first row from `low` on whose rank is at least `wanted`; near `low` it is found at once. */
static size_t lower_bound(const struct kf_observations *self, size_t low, uint64_t wanted)
{
    size_t high = self->count;
    for (size_t step = 512; low + step < high; step *= 2) {
        if (rank(&self->rows[low + step]) >= wanted) {
            high = low + step;
        } else {
            low += step;
        }
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rank(&self->rows[middle]) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct kf_observation *kf_observations_find(const struct kf_observations *self, int year,
                                                  size_t variable, size_t *count)
{
    *count = 0;
    if (!self->sealed || year < KF_YEAR_MIN || year > KF_YEAR_MAX ||
        variable >= self->variables_len) {
        return NULL;
    }
    struct kf_observation wanted = {.year = (uint16_t)year, .variable = (uint16_t)variable};
    size_t from = lower_bound(self, 0, rank(&wanted));
    wanted.municipality = KF_OBSERVATION_COUNTRY;
    size_t to = lower_bound(self, from, rank(&wanted) + 1);
    *count = to - from;
    return *count > 0 ? &self->rows[from] : NULL;
}

const struct kf_observation *kf_observation_among(const struct kf_observation *rows, size_t count,
                                                  unsigned code)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle].municipality < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && rows[low].municipality == code ? &rows[low] : NULL;
}

const struct kf_observation *kf_observations_cell(const struct kf_observations *self, int year,
                                                  size_t variable, unsigned code)
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_find(self, year, variable, &count);
    return kf_observation_among(rows, count, code);
}

const char *kf_observations_file(const struct kf_observations *self, uint16_t file)
{
    return file < self->files_len ? self->files[file].name : "";
}

const struct kf_variables *kf_observations_variables(const struct kf_observations *self)
{
    return self->variables;
}

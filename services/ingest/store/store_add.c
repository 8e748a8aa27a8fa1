#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/store/store_column.h"
#include "services/ingest/store/store_tables.h"

#define ADDING "adding a vintage"

/* A part of the vintage that is being added. */
struct part {
    int kind;
    int year;
    const char *variable;
    size_t first; /* of its rows */
    size_t length;
    char digest[KF_DIGEST_SIZE];
};

struct adding {
    struct kf_store *store;
    const struct kf_variable *variables;
    size_t variables_len;
    const struct kf_observation *rows;
    size_t rows_len;
    const struct kf_estimate **estimates; /* by variable, year, region */
    size_t estimates_len;
    struct part *parts; /* by kind, variable, year */
    size_t parts_len;
    size_t parts_room;
    struct kf_text bytes; /* of one column */
};

/* --- what there is to add ------------------------------------------------------------------ */

static int compare_estimates(const void *a, const void *b)
{
    const struct kf_estimate *one = *(const struct kf_estimate *const *)a;
    const struct kf_estimate *other = *(const struct kf_estimate *const *)b;
    if (one->variable != other->variable) {
        return one->variable < other->variable ? -1 : 1;
    }
    if (one->year != other->year) {
        return one->year < other->year ? -1 : 1;
    }
    return strncmp(one->region, other->region, KF_REGION_SIZE);
}

static enum kf_err check_estimate(const struct adding *self, const struct kf_estimate *estimate,
                                  struct kf_error *err)
{
    size_t length = strnlen(estimate->region, KF_REGION_SIZE);
    bool sound = length > 0 && length < KF_REGION_SIZE && isfinite(estimate->value) &&
                 estimate->variable < self->variables_len && estimate->year >= KF_YEAR_MIN &&
                 estimate->year <= KF_YEAR_MAX;
    return sound ? KF_OK
                 : kf_error_set(err, KF_ERR_DATA,
                                "the estimate of region \"%.15s\", year %u, variable %u is out of "
                                "range",
                                estimate->region, (unsigned)estimate->year,
                                (unsigned)estimate->variable);
}

static enum kf_err check_order(const struct adding *self, struct kf_error *err)
{
    for (size_t i = 1; i < self->estimates_len; i++) {
        if (compare_estimates(&self->estimates[i - 1], &self->estimates[i]) == 0) {
            const struct kf_estimate *twice = self->estimates[i];
            return kf_error_set(err, KF_ERR_DATA, "%s of %u is estimated twice for region %s",
                                self->variables[twice->variable].id, (unsigned)twice->year,
                                twice->region);
        }
    }
    return KF_OK;
}

static enum kf_err sort_estimates(struct adding *self, const struct kf_estimates *given,
                                  struct kf_error *err)
{
    if (!given || given->length == 0) {
        return KF_OK;
    }
    self->estimates = kf_calloc(given->length, sizeof(struct kf_estimate *));
    if (!self->estimates) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for estimates");
    }
    for (size_t i = 0; i < given->length; i++) {
        enum kf_err code = check_estimate(self, &given->list[i], err);
        if (code != KF_OK) {
            return code;
        }
        self->estimates[i] = &given->list[i];
    }
    self->estimates_len = given->length;
    qsort(self->estimates, self->estimates_len, sizeof(struct kf_estimate *), compare_estimates);
    return check_order(self, err);
}

static enum kf_err add_part(struct adding *self, const struct part *part, struct kf_error *err)
{
    if (self->parts_len >= KF_STORE_PARTS_MAX || part->length > KF_STORE_COLUMN_ROWS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "more than %zu columns, or a column of more than %zu rows",
                            KF_STORE_PARTS_MAX, KF_STORE_COLUMN_ROWS_MAX);
    }
    if (self->parts_len == self->parts_room) {
        size_t room = self->parts_room ? self->parts_room * 2 : 256;
        struct part *grown = kf_realloc(self->parts, room * sizeof *grown);
        if (!grown) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for columns");
        }
        self->parts = grown;
        self->parts_room = room;
    }
    self->parts[self->parts_len++] = *part;
    return KF_OK;
}

/* Which column a figure or an estimate belongs to. */
struct place {
    int year;
    size_t variable;
};

static struct place place_of(const struct adding *self, int kind, size_t row)
{
    return kind == KF_STORE_FIGURES
               ? (struct place){self->rows[row].year, self->rows[row].variable}
               : (struct place){self->estimates[row]->year, self->estimates[row]->variable};
}

static bool is_beside(const struct adding *self, int kind, size_t row, size_t other)
{
    struct place one = place_of(self, kind, row);
    struct place two = place_of(self, kind, other);
    return one.year == two.year && one.variable == two.variable;
}

/* Sorted rows of one kind into columns. */
static enum kf_err split(struct adding *self, int kind, size_t rows_len, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    size_t end = 0;
    for (size_t first = 0; code == KF_OK && first < rows_len; first = end) {
        struct place place = place_of(self, kind, first);
        for (end = first + 1; end < rows_len && is_beside(self, kind, first, end);) {
            end++;
        }
        const struct part part = {.kind = kind,
                                  .year = place.year,
                                  .variable = self->variables[place.variable].id,
                                  .first = first,
                                  .length = end - first};
        code = add_part(self, &part, err);
    }
    return code;
}

static int compare_parts(const void *a, const void *b)
{
    const struct part *one = a;
    const struct part *other = b;
    if (one->kind != other->kind) {
        return one->kind - other->kind;
    }
    int order = strcmp(one->variable, other->variable);
    return order != 0 ? order : one->year - other->year;
}

static enum kf_err pack(struct adding *self, const struct part *part, struct kf_error *err)
{
    kf_text_reset(&self->bytes);
    if (part->kind == KF_STORE_FIGURES) {
        kf_store_column_pack(self->rows + part->first, part->length, &self->bytes);
    } else {
        kf_store_column_pack_estimates(self->estimates + part->first, part->length, &self->bytes);
    }
    return self->bytes.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a column") : KF_OK;
}

static enum kf_err digest_parts(struct adding *self, char hex[KF_DIGEST_SIZE], struct kf_error *err)
{
    struct kf_digest *digest = kf_digest_new();
    enum kf_err code = digest ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a digest");
    for (size_t i = 0; code == KF_OK && i < self->parts_len; i++) {
        struct part *part = &self->parts[i];
        code = pack(self, part, err);
        if (code == KF_OK) {
            kf_digest_of(self->bytes.bytes, self->bytes.length, part->digest);
            kf_store_digest_part(digest, &(struct kf_store_part){.kind = part->kind,
                                                                 .variable = part->variable,
                                                                 .year = part->year,
                                                                 .digest = part->digest});
        }
    }
    if (code == KF_OK) {
        kf_digest_print(digest, hex);
    }
    kf_digest_destroy(&digest);
    return code;
}

static enum kf_err plan(struct adding *self, const struct kf_estimates *estimates,
                        char digest[KF_DIGEST_SIZE], struct kf_error *err)
{
    enum kf_err code = sort_estimates(self, estimates, err);
    if (code == KF_OK) {
        code = split(self, KF_STORE_FIGURES, self->rows_len, err);
    }
    if (code == KF_OK) {
        code = split(self, KF_STORE_ESTIMATES, self->estimates_len, err);
    }
    if (code == KF_OK && self->parts_len > 0) {
        qsort(self->parts, self->parts_len, sizeof *self->parts, compare_parts);
    }
    return code == KF_OK ? digest_parts(self, digest, err) : code;
}

static int newest_year(const struct adding *self)
{
    for (size_t i = self->rows_len; i > 0; i--) {
        if (kf_cell_has_value(self->rows[i - 1].status)) {
            return self->rows[i - 1].year;
        }
    }
    return 0;
}

/* --- writing ------------------------------------------------------------------------------- */

/* Stores the column unless it is there; one that was damaged is mended. */
static enum kf_err put_column(struct adding *self, const struct part *part, int64_t *number,
                              struct kf_error *err)
{
    struct kf_database *base = &self->store->base;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = pack(self, part, err);
    if (code == KF_OK) {
        code = kf_store_prepare(self->store, KF_STORE_UPSERT_COLUMN, &statement, err);
    }
    if (code == KF_OK) {
        kf_database_bind_text(statement, 1, part->digest);
        (void)sqlite3_bind_blob64(statement, 2, self->bytes.bytes, self->bytes.length,
                                  SQLITE_STATIC);
        code = kf_database_finish(base, statement, ADDING, err);
    }
    if (code == KF_OK) {
        code = kf_store_prepare(self->store, KF_STORE_SELECT_COLUMN_NUMBER, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, part->digest);
    code = kf_database_step(base, statement, ADDING, err);
    *number = sqlite3_column_int64(statement, 0);
    kf_database_done(statement);
    return code;
}

static enum kf_err put_part(struct adding *self, int64_t vintage, const struct part *part,
                            struct kf_error *err)
{
    int64_t column = 0;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = put_column(self, part, &column, err);
    if (code == KF_OK) {
        code = kf_store_prepare(self->store, KF_STORE_INSERT_PART, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, vintage);
    kf_database_bind_number(statement, 2, part->kind);
    kf_database_bind_text(statement, 3, part->variable);
    kf_database_bind_number(statement, 4, part->year);
    kf_database_bind_number(statement, 5, column);
    return kf_database_finish(&self->store->base, statement, ADDING, err);
}

/* Also for a vintage that is there already: what was damaged of it is whole afterwards. */
static enum kf_err put_parts(struct adding *self, int64_t vintage, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self->store, KF_STORE_DELETE_PARTS_OF, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, vintage);
    code = kf_database_finish(&self->store->base, statement, ADDING, err);
    for (size_t i = 0; code == KF_OK && i < self->parts_len; i++) {
        code = put_part(self, vintage, &self->parts[i], err);
    }
    return code;
}

static enum kf_err insert_vintage(struct adding *self, struct kf_vintage *vintage,
                                  struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self->store, KF_STORE_INSERT_VINTAGE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, vintage->source);
    kf_database_bind_text(statement, 2, vintage->updated);
    kf_database_bind_number(statement, 3, vintage->updated_ms);
    kf_database_bind_text(statement, 4, vintage->kind);
    kf_database_bind_number(statement, 5, vintage->received_ms);
    kf_database_bind_text(statement, 6, vintage->digest);
    kf_database_bind_number(statement, 7, (int64_t)vintage->figures);
    kf_database_bind_number(statement, 8, (int64_t)vintage->estimates);
    kf_database_bind_number(statement, 9, vintage->newest_year);
    code = kf_database_finish(&self->store->base, statement, ADDING, err);
    vintage->number = sqlite3_last_insert_rowid(self->store->base.base);
    return code;
}

static enum kf_err note_updated(struct adding *self, struct kf_vintage *newest,
                                const struct kf_vintage *given, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self->store, KF_STORE_UPDATE_UPDATED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, newest->number);
    kf_database_bind_text(statement, 2, given->updated);
    kf_database_bind_number(statement, 3, given->updated_ms);
    (void)snprintf(newest->updated, sizeof newest->updated, "%s", given->updated);
    newest->updated_ms = given->updated_ms;
    return kf_database_finish(&self->store->base, statement, ADDING, err);
}

/* --- what it is to those that are there ---------------------------------------------------- */

/* One whose figures stood at that time; not when others of the same time came after it. */
static enum kf_err find_known(struct adding *self, const struct kf_vintage *given,
                              const struct kf_vintage *newest, struct kf_vintage *known,
                              struct kf_error *err)
{
    if (given->updated_ms == newest->updated_ms && strcmp(given->digest, newest->digest) != 0) {
        return KF_ERR_AGAIN;
    }
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self->store, KF_STORE_SELECT_KNOWN, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, given->source);
    kf_database_bind_number(statement, 2, given->updated_ms);
    kf_database_bind_text(statement, 3, given->digest);
    code = kf_database_step(&self->store->base, statement, "reading a vintage", err);
    if (code == KF_OK) {
        kf_store_read_vintage(statement, known);
    }
    kf_database_done(statement);
    return code;
}

/* What it is; `found` is the vintage that it is the same as. */
static enum kf_err judge(struct adding *self, const struct kf_vintage *given,
                         struct kf_vintage *found, enum kf_store_added *added, struct kf_error *err)
{
    struct kf_vintage newest;
    enum kf_err code = kf_store_newest(self->store, given->source, &newest, err);
    if (code == KF_ERR_AGAIN) {
        *added = KF_STORE_NEW;
        return KF_OK;
    }
    if (code != KF_OK) {
        return code;
    }
    if (given->updated_ms > newest.updated_ms) {
        *added = strcmp(given->digest, newest.digest) == 0 ? KF_STORE_SAME : KF_STORE_NEW;
        *found = newest;
        return KF_OK;
    }
    code = find_known(self, given, &newest, found, err);
    if (code == KF_ERR_AGAIN) {
        *added = given->updated_ms == newest.updated_ms ? KF_STORE_NEW : KF_STORE_OLDER;
        return KF_OK;
    }
    *added = KF_STORE_KNOWN;
    return code;
}

static enum kf_err write_all(struct adding *self, struct kf_vintage *vintage,
                             enum kf_store_added *added, struct kf_error *err)
{
    struct kf_vintage found;
    enum kf_err code = judge(self, vintage, &found, added, err);
    if (code != KF_OK) {
        return code;
    }
    if (*added == KF_STORE_NEW || *added == KF_STORE_OLDER) {
        code = insert_vintage(self, vintage, err);
    } else {
        code = *added == KF_STORE_SAME ? note_updated(self, &found, vintage, err) : KF_OK;
        *vintage = found;
    }
    if (code == KF_OK) {
        code = put_parts(self, vintage->number, err);
    }
    KF_CRASH_POINT("ingest.storing");
    return code;
}

static enum kf_err transact(struct adding *self, struct kf_vintage *vintage,
                            enum kf_store_added *added, struct kf_error *err)
{
    struct kf_vintage completed = *vintage;
    enum kf_store_added what = KF_STORE_NEW;
    enum kf_err code = kf_database_begin(&self->store->base, ADDING, err);
    if (code != KF_OK) {
        return code;
    }
    code = write_all(self, &completed, &what, err);
    code = kf_database_end(&self->store->base, code, ADDING, err);
    if (code == KF_OK) {
        *vintage = completed;
        *added = what;
        KF_CRASH_POINT("ingest.stored");
    }
    return code;
}

enum kf_err kf_store_add(struct kf_store *self, struct kf_vintage *vintage,
                         const struct kf_observations *figures,
                         const struct kf_estimates *estimates, enum kf_store_added *added,
                         struct kf_error *err)
{
    struct adding adding = {.store = self};
    struct kf_vintage given = *vintage;
    adding.variables = kf_variables_all(kf_observations_variables(figures), &adding.variables_len);
    adding.rows = kf_observations_rows(figures, &adding.rows_len);
    kf_text_init(&adding.bytes, KF_STORE_COLUMN_BYTES_MAX);
    given.figures = adding.rows_len;
    given.estimates = estimates ? estimates->length : 0;
    given.newest_year = newest_year(&adding);
    enum kf_err code = plan(&adding, estimates, given.digest, err);
    if (code == KF_OK) {
        code = transact(&adding, &given, added, err);
    }
    if (code == KF_OK) {
        *vintage = given;
    }
    kf_text_clear(&adding.bytes);
    kf_free(adding.parts);
    kf_free(adding.estimates);
    return code;
}

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/store/store_column.h"
#include "services/ingest/store/store_tables.h"

#define READING        "reading a vintage"
#define ESTIMATES_ROOM ((size_t)1024)

/* --- what cannot be read ------------------------------------------------------------------- */

static enum kf_err damaged(const struct kf_store *self, const char *what, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA,
                        "%s: %s is damaged: move the file away, ingest asks for the figures again",
                        self->base.path, what);
}

static enum kf_err damaged_vintage(const struct kf_store *self, const struct kf_vintage *vintage,
                                   struct kf_error *err)
{
    char what[160];
    (void)snprintf(what, sizeof what, "vintage %" PRId64 " (%s %s)", vintage->number,
                   vintage->source, vintage->updated);
    return damaged(self, what, err);
}

/* --- columns ------------------------------------------------------------------------------- */

/* Opens the column and leaves `statement`, which owns its bytes, to be ended by the caller. A
 * column number 0 is one without rows. */
static enum kf_err open_column(struct kf_store *self, sqlite3_stmt *statement, int64_t number,
                               int kind, struct kf_store_column *column, struct kf_error *err)
{
    if (number == 0) {
        *column = (struct kf_store_column){.length = 0};
        return KF_OK;
    }
    char what[64];
    char digest[KF_DIGEST_SIZE];
    (void)snprintf(what, sizeof what, "column %" PRId64, number);
    kf_database_bind_number(statement, 1, number);
    enum kf_err code = kf_database_step(&self->base, statement, READING, err);
    if (code == KF_ERR_AGAIN) {
        return damaged(self, what, err);
    }
    if (code != KF_OK) {
        return code;
    }
    const void *bytes = sqlite3_column_blob(statement, 1);
    size_t length = (size_t)sqlite3_column_bytes(statement, 1);
    if (!bytes) {
        return damaged(self, what, err);
    }
    kf_digest_of(bytes, length, digest);
    bool sound = strcmp(digest, kf_database_text(statement, 0)) == 0 &&
                 (kind == KF_STORE_FIGURES ? kf_store_column_open(bytes, length, column)
                                           : kf_store_column_open_estimates(bytes, length, column));
    return sound ? KF_OK : damaged(self, what, err);
}

/* --- parts --------------------------------------------------------------------------------- */

/* Called for each part with its open column. */
typedef enum kf_err visit_part(void *context, const struct kf_store_part *part,
                               const struct kf_store_column *column, struct kf_error *err);

static struct kf_store_part part_of(sqlite3_stmt *row)
{
    return (struct kf_store_part){.kind = (int)sqlite3_column_int64(row, 0),
                                  .variable = kf_database_text(row, 1),
                                  .year = (int)sqlite3_column_int64(row, 2),
                                  .digest = kf_database_text(row, 3)};
}

static enum kf_err visit_one(struct kf_store *self, sqlite3_stmt *row,
                             const struct kf_store_part *part, visit_part *visit, void *context,
                             struct kf_error *err)
{
    struct kf_store_column column;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_COLUMN, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    code = open_column(self, statement, sqlite3_column_int64(row, 4), part->kind, &column, err);
    if (code == KF_OK) {
        code = visit(context, part, &column, err);
    }
    kf_database_done(statement);
    return code;
}

struct walk {
    int kind;          /* of the parts that are visited */
    visit_part *visit; /* NULL: none is */
    void *context;
    struct kf_digest *digest; /* of all parts */
};

static enum kf_err walk(struct kf_store *self, const struct kf_vintage *vintage,
                        const struct walk *how, struct kf_error *err)
{
    sqlite3_stmt *rows = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_PARTS, &rows, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(rows, 1, vintage->number);
    while (code == KF_OK) {
        code = kf_database_step(&self->base, rows, READING, err);
        if (code == KF_OK) {
            const struct kf_store_part part = part_of(rows);
            kf_store_digest_part(how->digest, &part);
            if (how->visit && part.kind == how->kind) {
                code = visit_one(self, rows, &part, how->visit, how->context, err);
            }
        }
    }
    kf_database_done(rows);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* Walks the parts, all of them sound and none missing, else KF_ERR_DATA: the vintage's digest says
 * so. */
static enum kf_err walk_checked(struct kf_store *self, const struct kf_vintage *vintage, int kind,
                                visit_part *visit, void *context, struct kf_error *err)
{
    char hex[KF_DIGEST_SIZE];
    struct kf_digest *digest = kf_digest_new();
    if (!digest) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a digest");
    }
    const struct walk how = {.kind = kind, .visit = visit, .context = context, .digest = digest};
    enum kf_err code = walk(self, vintage, &how, err);
    kf_digest_print(digest, hex);
    kf_digest_destroy(&digest);
    if (code == KF_OK && strcmp(hex, vintage->digest) != 0) {
        code = damaged_vintage(self, vintage, err);
    }
    return code;
}

/* --- figures ------------------------------------------------------------------------------- */

struct reading {
    const struct kf_variables *variables;
    struct kf_observations *table;
    struct kf_estimates *estimates;
    uint32_t line;
    size_t unknown;
};

/* False for a variable that the register no longer has. */
static bool find_variable(struct reading *self, const char *id, uint16_t *number)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(self->variables, &count);
    const struct kf_variable *found = kf_variables_find(self->variables, id, strlen(id));
    if (!found) {
        self->unknown++;
        return false;
    }
    *number = (uint16_t)(found - all);
    return true;
}

static enum kf_err add_figures(void *context, const struct kf_store_part *part,
                               const struct kf_store_column *column, struct kf_error *err)
{
    struct reading *self = context;
    uint16_t variable = 0;
    enum kf_err code = KF_OK;
    if (!find_variable(self, part->variable, &variable)) {
        return KF_OK;
    }
    for (size_t i = 0; code == KF_OK && i < column->length; i++) {
        struct kf_observation row = kf_store_column_row(column, i);
        row.year = (uint16_t)part->year;
        row.variable = variable;
        row.line = ++self->line;
        code = kf_observations_add(self->table, &row, err);
    }
    return code;
}

enum kf_err kf_store_read(struct kf_store *self, const struct kf_vintage *vintage,
                          struct kf_observations *table, size_t *unknown, struct kf_error *err)
{
    struct reading reading = {.variables = kf_observations_variables(table), .table = table};
    char name[KF_STORE_SOURCE_SIZE + KF_SSB_TIME_SIZE + 1];
    (void)snprintf(name, sizeof name, "%s %s", vintage->source, vintage->updated);
    enum kf_err code = kf_observations_begin_file(table, name, err);
    if (code == KF_OK) {
        code = walk_checked(self, vintage, KF_STORE_FIGURES, add_figures, &reading, err);
    }
    if (code == KF_OK && unknown) {
        *unknown = reading.unknown;
    }
    return code;
}

/* --- estimates ----------------------------------------------------------------------------- */

/* Room is a power of two, so that who appends by doubling can go on. */
static enum kf_err make_room(struct kf_estimates *self, size_t more, struct kf_error *err)
{
    if (more > self->length_max || self->length > self->length_max - more) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu estimates", self->length_max);
    }
    size_t room = ESTIMATES_ROOM;
    while (room < self->length + more) {
        room *= 2;
    }
    struct kf_estimate *grown = kf_realloc(self->list, room * sizeof *grown);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for estimates");
    }
    self->list = grown;
    return KF_OK;
}

static enum kf_err add_estimates(void *context, const struct kf_store_part *part,
                                 const struct kf_store_column *column, struct kf_error *err)
{
    struct reading *self = context;
    uint16_t variable = 0;
    if (!find_variable(self, part->variable, &variable)) {
        return KF_OK;
    }
    enum kf_err code = make_room(self->estimates, column->length, err);
    for (size_t i = 0; code == KF_OK && i < column->length; i++) {
        struct kf_estimate estimate = kf_store_column_estimate(column, i);
        estimate.variable = variable;
        estimate.year = (uint16_t)part->year;
        self->estimates->list[self->estimates->length++] = estimate;
    }
    return code;
}

enum kf_err kf_store_estimates(struct kf_store *self, const struct kf_vintage *vintage,
                               const struct kf_variables *variables, struct kf_estimates *estimates,
                               struct kf_error *err)
{
    struct reading reading = {.variables = variables, .estimates = estimates};
    size_t before = estimates->length;
    enum kf_err code =
        walk_checked(self, vintage, KF_STORE_ESTIMATES, add_estimates, &reading, err);
    if (code != KF_OK) {
        estimates->length = before;
    }
    return code;
}

/* --- changes ------------------------------------------------------------------------------- */

struct comparing {
    const char *variable;
    int year;
    kf_store_visit_change *visit;
    void *context;
};

static const struct kf_observation no_row = {.status = KF_CELL_MISSING};

static enum kf_err tell(const struct comparing *self, unsigned municipality,
                        const struct kf_observation *before, const struct kf_observation *after,
                        struct kf_error *err)
{
    if (before->status == after->status && before->value == after->value) {
        return KF_OK;
    }
    const struct kf_store_change change = {.variable = self->variable,
                                           .year = self->year,
                                           .municipality = municipality,
                                           .before = before->value,
                                           .after = after->value,
                                           .status_before = before->status,
                                           .status_after = after->status};
    return self->visit(self->context, &change, err);
}

/* Goes through both columns side by side. */
static enum kf_err merge(const struct comparing *self, const struct kf_store_column *before,
                         const struct kf_store_column *after, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    size_t i = 0;
    size_t j = 0;
    while (code == KF_OK && (i < before->length || j < after->length)) {
        struct kf_observation one = no_row;
        struct kf_observation other = no_row;
        unsigned code_one = KF_OBSERVATION_COUNTRY + 1;
        unsigned code_other = KF_OBSERVATION_COUNTRY + 1;
        if (i < before->length) {
            one = kf_store_column_row(before, i);
            code_one = one.municipality;
        }
        if (j < after->length) {
            other = kf_store_column_row(after, j);
            code_other = other.municipality;
        }
        unsigned lower = code_one < code_other ? code_one : code_other;
        i += code_one == lower;
        j += code_other == lower;
        code = tell(self, lower, code_one == lower ? &one : &no_row,
                    code_other == lower ? &other : &no_row, err);
    }
    return code;
}

static enum kf_err compare(struct kf_store *self, sqlite3_stmt *row,
                           const struct comparing *comparing, struct kf_error *err)
{
    struct kf_store_column before;
    struct kf_store_column after;
    sqlite3_stmt *one = NULL;
    sqlite3_stmt *other = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_COLUMN, &one, err);
    if (code == KF_OK) {
        code = kf_store_prepare(self, KF_STORE_SELECT_COLUMN_OTHER, &other, err);
    }
    if (code == KF_OK) {
        code = open_column(self, one, sqlite3_column_int64(row, 2), KF_STORE_FIGURES, &before, err);
    }
    if (code == KF_OK) {
        code =
            open_column(self, other, sqlite3_column_int64(row, 3), KF_STORE_FIGURES, &after, err);
    }
    if (code == KF_OK) {
        code = merge(comparing, &before, &after, err);
    }
    kf_database_done(one);
    kf_database_done(other);
    return code;
}

static enum kf_err check_pair(struct kf_store *self, const struct kf_vintage *from,
                              const struct kf_vintage *to, struct kf_error *err)
{
    if (strcmp(from->source, to->source) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "vintages of %s and %s cannot be compared",
                            from->source, to->source);
    }
    enum kf_err code = walk_checked(self, from, KF_STORE_FIGURES, NULL, NULL, err);
    return code == KF_OK ? walk_checked(self, to, KF_STORE_FIGURES, NULL, NULL, err) : code;
}

enum kf_err kf_store_changes(struct kf_store *self, const struct kf_vintage *from,
                             const struct kf_vintage *to, kf_store_visit_change *visit,
                             void *context, struct kf_error *err)
{
    sqlite3_stmt *rows = NULL;
    enum kf_err code = check_pair(self, from, to, err);
    if (code == KF_OK) {
        code = kf_store_prepare(self, KF_STORE_SELECT_CHANGED, &rows, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(rows, 1, from->number);
    kf_database_bind_number(rows, 2, to->number);
    while (code == KF_OK) {
        code = kf_database_step(&self->base, rows, "comparing vintages", err);
        if (code == KF_OK) {
            const struct comparing comparing = {.variable = kf_database_text(rows, 0),
                                                .year = (int)sqlite3_column_int64(rows, 1),
                                                .visit = visit,
                                                .context = context};
            code = compare(self, rows, &comparing, err);
        }
    }
    kf_database_done(rows);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

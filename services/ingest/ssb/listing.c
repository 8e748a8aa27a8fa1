#include "services/ingest/ssb/listing.h"

#include <jansson.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/day.h"
#include "common/base/memory.h"

struct kf_ssb_listing {
    struct kf_arena *texts;
    void *rows; /* of the kind's struct */
    size_t rows_len;
    size_t rows_room;
    enum kf_ssb_kind kind;
    size_t pages;
    json_int_t total; /* of the search; -1: not told */
};

/* --- life ------------------------------------------------------------------------------------- */

enum kf_err kf_ssb_listing_new(struct kf_ssb_listing **listing, struct kf_error *err)
{
    struct kf_ssb_listing *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->texts = kf_arena_new(KF_SSB_LISTED_BYTES_MAX);
        self->pages = 1;
        self->total = -1;
    }
    if (!self || !self->texts) {
        kf_free(self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a list");
    }
    *listing = self;
    return KF_OK;
}

void kf_ssb_listing_destroy(struct kf_ssb_listing **self)
{
    if (*self) {
        kf_arena_destroy(&(*self)->texts);
        kf_free((*self)->rows);
    }
    kf_free(*self);
    *self = NULL;
}

/* --- rows ------------------------------------------------------------------------------------- */

static size_t row_size(enum kf_ssb_kind kind)
{
    switch (kind) {
    case KF_SSB_CODES:
        return sizeof(struct kf_ssb_code);
    case KF_SSB_CHANGES:
        return sizeof(struct kf_ssb_change);
    default:
        return sizeof(struct kf_ssb_table);
    }
}

static enum kf_ssb_cause no_memory(struct kf_error *err)
{
    (void)kf_error_set(err, KF_ERR_MEMORY, "no memory for the list");
    return KF_SSB_NO_MEMORY;
}

static enum kf_ssb_cause foreign(struct kf_error *err, const char *what)
{
    (void)kf_error_set(err, KF_ERR_DATA, "the answer is not what it should be: %s", what);
    return KF_SSB_FOREIGN;
}

static enum kf_ssb_cause make_room(struct kf_ssb_listing *self, size_t more, struct kf_error *err)
{
    size_t needed = self->rows_len + more;
    if (more > KF_SSB_LISTED_MAX || needed > KF_SSB_LISTED_MAX) {
        (void)kf_error_set(err, KF_ERR_LIMIT, "a list of more than %d rows", KF_SSB_LISTED_MAX);
        return KF_SSB_TOO_LARGE;
    }
    if (needed > self->rows_room) {
        void *rows = kf_realloc(self->rows, needed * row_size(self->kind));
        if (!rows) {
            return no_memory(err);
        }
        self->rows = rows;
        self->rows_room = needed;
    }
    return KF_SSB_NO_CAUSE;
}

/* What is wrong with the row, or NULL. */
struct reading {
    struct kf_ssb_listing *listing;
    const char *fault;
    bool no_memory;
};

/* The text of that key, kept. A null is "" unless the text must be there. */
static const char *text_of(struct reading *self, const json_t *row, const char *key, bool must)
{
    const json_t *value = json_object_get(row, key);
    const char *text = json_string_value(value);
    if (!text && (must || (value && !json_is_null(value)))) {
        self->fault = key;
        return "";
    }
    const char *kept = kf_arena_strdup(self->listing->texts, text);
    self->no_memory = self->no_memory || !kept;
    return kept ? kept : "";
}

static const char *time_of(struct reading *self, const json_t *row, const char *key)
{
    int64_t wall_ms = 0;
    const char *text = text_of(self, row, key, false);
    if (text[0] != '\0' && !kf_day_time(text, &wall_ms)) {
        self->fault = key;
    }
    return text;
}

static void read_table(struct reading *self, const json_t *row, size_t index)
{
    ((struct kf_ssb_table *)self->listing->rows)[index] = (struct kf_ssb_table){
        .id = text_of(self, row, "id", true),
        .label = text_of(self, row, "label", true),
        .updated = time_of(self, row, "updated"),
        .first = text_of(self, row, "firstPeriod", false),
        .last = text_of(self, row, "lastPeriod", false),
        .discontinued = json_is_true(json_object_get(row, "discontinued")),
    };
}

static void read_code(struct reading *self, const json_t *row, size_t index)
{
    ((struct kf_ssb_code *)self->listing->rows)[index] = (struct kf_ssb_code){
        .code = text_of(self, row, "code", true),
        .name = text_of(self, row, "name", true),
    };
}

static void read_change(struct reading *self, const json_t *row, size_t index)
{
    ((struct kf_ssb_change *)self->listing->rows)[index] = (struct kf_ssb_change){
        .from = text_of(self, row, "oldCode", false),
        .from_name = text_of(self, row, "oldName", false),
        .to = text_of(self, row, "newCode", false),
        .to_name = text_of(self, row, "newName", false),
        .date = time_of(self, row, "changeOccurred"),
    };
}

static void read_row(struct reading *self, const json_t *row, size_t index)
{
    if (!json_is_object(row)) {
        self->fault = "a row is no object";
    } else if (self->listing->kind == KF_SSB_CODES) {
        read_code(self, row, index);
    } else if (self->listing->kind == KF_SSB_CHANGES) {
        read_change(self, row, index);
    } else {
        read_table(self, row, index);
    }
}

static enum kf_ssb_cause add_rows(struct kf_ssb_listing *self, const json_t *rows,
                                  struct kf_error *err)
{
    size_t count = json_array_size(rows);
    struct reading reading = {.listing = self};
    enum kf_ssb_cause cause = make_room(self, count, err);
    for (size_t i = 0; i < count && !cause; i++) {
        read_row(&reading, json_array_get(rows, i), self->rows_len + i);
        if (reading.no_memory) {
            cause = no_memory(err);
        } else if (reading.fault) {
            cause = foreign(err, reading.fault);
        }
    }
    self->rows_len += cause ? 0 : count;
    return cause;
}

/* --- documents -------------------------------------------------------------------------------- */

/* How many pages there are. A search that has other results than a page ago has changed. */
static enum kf_ssb_cause read_pages(struct kf_ssb_listing *self, const json_t *root,
                                    struct kf_error *err)
{
    const json_t *page = json_object_get(root, "page");
    json_int_t pages = json_integer_value(json_object_get(page, "totalPages"));
    const json_t *total = json_object_get(page, "totalElements");
    if (!json_is_object(page) || !json_is_integer(total) || pages < 0 || pages > KF_SSB_PAGES_MAX) {
        return foreign(err, "page");
    }
    if (self->total >= 0 && self->total != json_integer_value(total)) {
        (void)kf_error_set(err, KF_ERR_DATA, "tables were updated while they were listed");
        return KF_SSB_CHANGED;
    }
    self->total = json_integer_value(total);
    self->pages = pages > 0 ? (size_t)pages : 1;
    return KF_SSB_NO_CAUSE;
}

static const char *list_key(enum kf_ssb_kind kind)
{
    switch (kind) {
    case KF_SSB_CODES:
        return "codes";
    case KF_SSB_CHANGES:
        return "codeChanges";
    default:
        return "tables";
    }
}

/* One table stands by itself. */
static enum kf_ssb_cause add_one(struct kf_ssb_listing *self, json_t *root, struct kf_error *err)
{
    json_t *rows = json_array();
    if (!rows || json_array_append(rows, root)) {
        json_decref(rows);
        return no_memory(err);
    }
    enum kf_ssb_cause cause = add_rows(self, rows, err);
    json_decref(rows);
    return cause;
}

static enum kf_ssb_cause add_list(struct kf_ssb_listing *self, const json_t *root,
                                  struct kf_error *err)
{
    const json_t *rows = json_object_get(root, list_key(self->kind));
    if (!json_is_array(rows)) {
        return foreign(err, list_key(self->kind));
    }
    enum kf_ssb_cause cause =
        self->kind == KF_SSB_TABLES ? read_pages(self, root, err) : KF_SSB_NO_CAUSE;
    return cause ? cause : add_rows(self, rows, err);
}

/* What is wrong in the last word may be that it is not there in full. */
static bool is_cut(const json_error_t *error, size_t length)
{
    enum json_error_code code = json_error_code(error);
    bool at_the_end = error->position >= 0 && (size_t)error->position >= length;
    return code == json_error_premature_end_of_input ||
           (code == json_error_invalid_syntax && at_the_end);
}

static enum kf_ssb_cause parse_fault(const json_error_t *error, size_t length, struct kf_error *err)
{
    (void)kf_error_set(err, KF_ERR_DATA, "no JSON at byte %d: %.120s", error->position,
                       error->text);
    if (json_error_code(error) == json_error_out_of_memory) {
        return KF_SSB_NO_MEMORY;
    }
    return is_cut(error, length) ? KF_SSB_CUT : KF_SSB_FOREIGN;
}

enum kf_ssb_cause kf_ssb_listing_add(struct kf_ssb_listing *self, enum kf_ssb_kind kind,
                                     const char *json, size_t length, struct kf_error *err)
{
    json_error_t error;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
    enum kf_ssb_cause cause = KF_SSB_NO_CAUSE;
    self->kind = kind;
    if (!root) {
        return parse_fault(&error, length, err);
    }
    if (!json_is_object(root)) {
        cause = foreign(err, "no object");
    } else {
        cause = kind == KF_SSB_TABLE ? add_one(self, root, err) : add_list(self, root, err);
    }
    json_decref(root);
    return cause;
}

size_t kf_ssb_listing_pages(const struct kf_ssb_listing *self)
{
    return self->pages;
}

void kf_ssb_listing_show(const struct kf_ssb_listing *self, struct kf_ssb_answer *answer)
{
    if (self->kind == KF_SSB_CODES) {
        answer->codes = self->rows;
        answer->codes_len = self->rows_len;
    } else if (self->kind == KF_SSB_CHANGES) {
        answer->changes = self->rows;
        answer->changes_len = self->rows_len;
    } else {
        answer->tables = self->rows;
        answer->tables_len = self->rows_len;
    }
}

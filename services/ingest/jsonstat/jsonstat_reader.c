#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/jsonstat/jsonstat_parts.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

#define CELLS_MAX      800000
#define CATEGORIES_MAX 20000
#define TEXT_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define DEPTH_MAX      32
#define BYTES_MAX      (UINT64_C(256) * 1024 * 1024)

#define PATH_SIZE 200

static struct kf_jsonstat_limits with_defaults(const struct kf_jsonstat_limits *given)
{
    struct kf_jsonstat_limits limits = given ? *given : (struct kf_jsonstat_limits){0};
    limits.cells_max = limits.cells_max > 0 ? limits.cells_max : CELLS_MAX;
    limits.categories_max = limits.categories_max > 0 ? limits.categories_max : CATEGORIES_MAX;
    limits.text_bytes_max = limits.text_bytes_max > 0 ? limits.text_bytes_max : TEXT_BYTES_MAX;
    limits.depth_max = limits.depth_max > 0 ? limits.depth_max : DEPTH_MAX;
    limits.depth_max = limits.depth_max < KF_JSON_DEPTH_MAX ? limits.depth_max : KF_JSON_DEPTH_MAX;
    limits.bytes_max = limits.bytes_max > 0 ? limits.bytes_max : BYTES_MAX;
    limits.symbols_len = limits.symbols ? limits.symbols_len : 0;
    limits.symbols_len =
        limits.symbols_len < KF_JSONSTAT_SYMBOLS_MAX ? limits.symbols_len : KF_JSONSTAT_SYMBOLS_MAX;
    return limits;
}

enum kf_err kf_jsonstat_reader_new(const struct kf_jsonstat_limits *limits,
                                   struct kf_jsonstat_reader **reader, struct kf_error *err)
{
    struct kf_jsonstat_reader *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a json-stat reader");
    }
    self->limits = with_defaults(limits);
    self->frames = kf_calloc(self->limits.depth_max, sizeof *self->frames);
    kf_json_scan_init(&self->scan, self->limits.depth_max, self->limits.text_bytes_max);
    if (!self->frames) {
        kf_jsonstat_reader_destroy(&self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a json-stat reader");
    }
    self->cells.cells_max = self->limits.cells_max;
    self->dimensions.categories_max = self->limits.categories_max;
    kf_jsonstat_reader_reset(self);
    *reader = self;
    return KF_OK;
}

void kf_jsonstat_reader_destroy(struct kf_jsonstat_reader **self)
{
    if (!self || !*self) {
        return;
    }
    struct kf_jsonstat_reader *reader = *self;
    kf_json_scan_clear(&reader->scan);
    kf_jsonstat_dimensions_clear(&reader->dimensions);
    kf_jsonstat_cells_clear(&reader->cells);
    kf_jsonstat_names_clear(&reader->names);
    kf_arena_destroy(&reader->arena);
    kf_free(reader->frames);
    kf_free(reader);
    *self = NULL;
}

void kf_jsonstat_reader_reset(struct kf_jsonstat_reader *self)
{
    kf_json_scan_reset(&self->scan);
    kf_jsonstat_dimensions_clear(&self->dimensions);
    kf_jsonstat_cells_reset(&self->cells);
    kf_jsonstat_names_reset(&self->names);
    kf_arena_destroy(&self->arena);
    *self = (struct kf_jsonstat_reader){.limits = self->limits,
                                        .scan = self->scan,
                                        .names = self->names,
                                        .dimensions = self->dimensions,
                                        .cells = self->cells,
                                        .frames = self->frames,
                                        .scopes = KF_JSONSTAT_SCOPE_FREE};
    self->notes_end = &self->notes;
}

struct kf_jsonstat_frame *kf_jsonstat_top(struct kf_jsonstat_reader *self)
{
    return &self->frames[self->depth - 1];
}

/* ---- failures: where it was, and that it stays so ---- */

static void print_path(const struct kf_jsonstat_reader *self, char path[PATH_SIZE])
{
    size_t length = 0;
    path[0] = '\0';
    for (unsigned i = 0; i < self->depth && length < PATH_SIZE - 1; i++) {
        const struct kf_jsonstat_frame *frame = &self->frames[i];
        int more = 0;
        if (frame->is_array) {
            more = snprintf(path + length, PATH_SIZE - length, "[%zu]", frame->index);
        } else if (frame->shown[0] != '\0') {
            more = snprintf(path + length, PATH_SIZE - length, "%s%s", length > 0 ? "." : "",
                            frame->shown);
        }
        length += more > 0 ? (size_t)more : 0;
    }
    length = strlen(path);
    path[kf_text_whole(path, length)] = '\0';
}

static enum kf_err fail(struct kf_jsonstat_reader *self, const struct kf_error *reason,
                        struct kf_error *err)
{
    char path[PATH_SIZE];
    print_path(self, path);
    (void)kf_error_set(&self->failure, reason->code, "byte %llu%s%s: %s",
                       (unsigned long long)self->scan.token_offset, path[0] != '\0' ? ", " : "",
                       path, reason->text);
    return err ? kf_error_set(err, self->failure.code, "%s", self->failure.text)
               : self->failure.code;
}

/* ---- tokens ---- */

static void show_key(struct kf_jsonstat_frame *frame, const struct kf_json_token *key)
{
    size_t length = key->length < KF_JSONSTAT_KEY_SHOWN ? key->length : KF_JSONSTAT_KEY_SHOWN;
    memcpy(frame->shown, key->text, length);
    frame->shown[kf_text_whole(frame->shown, length)] = '\0';
    for (char *c = frame->shown; *c != '\0'; c++) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c;
    }
}

static enum kf_err on_member(struct kf_jsonstat_reader *self, struct kf_jsonstat_frame *frame,
                             const struct kf_json_token *key, struct kf_error *err)
{
    const struct kf_jsonstat_name wanted = {
        .text = key->text, .length = key->length, .scope = frame->scope};
    struct kf_jsonstat_name found;
    bool added = false;
    enum kf_err code =
        kf_jsonstat_names_add(&self->names, self->arena, &wanted, &found, &added, err);
    if (code == KF_OK && !added) {
        return kf_error_set(err, KF_ERR_DATA, "stands here twice");
    }
    frame->member = code == KF_OK ? found.text : NULL;
    return code;
}

static enum kf_err on_key(struct kf_jsonstat_reader *self, const struct kf_json_token *key,
                          struct kf_error *err)
{
    struct kf_jsonstat_frame *frame = kf_jsonstat_top(self);
    show_key(frame, key);
    switch (kf_jsonstat_keys_of(frame->place)) {
    case KF_JSONSTAT_KEYS_MEMBERS:
        return on_member(self, frame, key, err);
    case KF_JSONSTAT_KEYS_CODES:
        return kf_jsonstat_keep_code(self, key, err);
    case KF_JSONSTAT_KEYS_POSITIONS:
        return kf_jsonstat_keep_position(self, key, err);
    case KF_JSONSTAT_KEYS_SKIPPED:
    default:
        return KF_OK;
    }
}

/* A member of the outermost object, or of its "dataset": not of both. */
static enum kf_err check_dataset(struct kf_jsonstat_reader *self,
                                 const struct kf_jsonstat_rule *rule, struct kf_error *err)
{
    bool opens = rule->place == KF_JSONSTAT_DOCUMENT;
    if (self->depth > 1) {
        return opens ? kf_error_set(err, KF_ERR_DATA, "a dataset in a dataset") : KF_OK;
    }
    if (opens ? self->has_member : self->has_dataset) {
        return kf_error_set(err, KF_ERR_DATA, "%s beside another dataset's",
                            opens ? "a dataset" : "a member of a dataset");
    }
    self->has_dataset = self->has_dataset || opens;
    self->has_member = self->has_member || !opens;
    return KF_OK;
}

/* What is to be known before a container is entered. */
static enum kf_err before_opening(struct kf_jsonstat_reader *self,
                                  const struct kf_jsonstat_rule *rule, bool is_array,
                                  struct kf_error *err)
{
    const struct kf_jsonstat_frame *top = kf_jsonstat_top(self);
    bool *given = rule->place == KF_JSONSTAT_IDS     ? &self->has_ids
                  : rule->place == KF_JSONSTAT_SIZES ? &self->has_sizes
                                                     : NULL;
    if (given && *given) {
        return kf_error_set(err, KF_ERR_DATA, "was given before");
    }
    if (given) {
        *given = true;
    }
    if (rule->place == KF_JSONSTAT_VALUES) {
        self->cells.has_values = true;
        self->cells.values_dense = is_array;
    }
    if (rule->place == KF_JSONSTAT_STATUSES) {
        self->cells.has_marks = true;
        self->cells.marks_dense = is_array;
    }
    if (rule->place != KF_JSONSTAT_ONE_DIMENSION) {
        return KF_OK;
    }
    enum kf_err code = kf_jsonstat_dimensions_find(&self->dimensions, top->member,
                                                   strlen(top->member), &self->dimension, err);
    if (code == KF_OK) {
        self->dimensions.drafts[self->dimension].described = true;
    }
    return code;
}

static void push(struct kf_jsonstat_reader *self, enum kf_jsonstat_place place, bool is_array)
{
    struct kf_jsonstat_frame *frame = &self->frames[self->depth++];
    frame->place = place;
    frame->is_array = is_array;
    frame->scope = self->scopes++;
    frame->index = 0;
    frame->member = NULL;
    frame->shown[0] = '\0';
}

static enum kf_err on_value(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                            struct kf_error *err)
{
    struct kf_jsonstat_frame *top = kf_jsonstat_top(self);
    /* Of an index in an object the rule needs to know that there is a key. */
    const char *member = top->is_array ? NULL : top->member ? top->member : "";
    const struct kf_jsonstat_rule *rule = kf_jsonstat_rule_of(top->place, member, token->kind);
    enum kf_err code = KF_OK;
    if (!kf_jsonstat_takes(rule, token->kind)) {
        return kf_error_set(err, KF_ERR_DATA, "is not %s", kf_jsonstat_expected(rule));
    }
    if (top->place == KF_JSONSTAT_DOCUMENT && rule->member) {
        code = check_dataset(self, rule, err);
    }
    if (code == KF_OK && (token->kind == KF_JSON_OBJECT || token->kind == KF_JSON_ARRAY)) {
        bool is_array = token->kind == KF_JSON_ARRAY;
        code = before_opening(self, rule, is_array, err);
        if (code == KF_OK) {
            push(self, rule->place, is_array);
        }
        return code;
    }
    bool passed = token->kind == KF_JSON_NULL && !(rule->takes & KF_JSONSTAT_TAKES_NULL);
    if (code == KF_OK && !passed) {
        code = kf_jsonstat_keep(self, rule->slot, token, err);
    }
    top->index++;
    return code;
}

static enum kf_err on_end(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (kf_jsonstat_top(self)->place == KF_JSONSTAT_SIZES) {
        code = kf_jsonstat_dimensions_cells(&self->dimensions, &self->table.cells, err);
        code =
            code == KF_OK ? kf_jsonstat_cells_expect(&self->cells, self->table.cells, err) : code;
    }
    if (code == KF_OK) {
        self->depth--;
        if (self->depth > 0) {
            kf_jsonstat_top(self)->index++;
        }
    }
    return code;
}

static enum kf_err take(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                        struct kf_error *err)
{
    switch (token->kind) {
    case KF_JSON_KEY:
        return on_key(self, token, err);
    case KF_JSON_OBJECT_END:
    case KF_JSON_ARRAY_END:
        return on_end(self, err);
    default:
        break;
    }
    if (self->depth > 0) {
        return on_value(self, token, err);
    }
    if (token->kind != KF_JSON_OBJECT) {
        return kf_error_set(err, KF_ERR_DATA, "the document is not an object");
    }
    push(self, KF_JSONSTAT_DOCUMENT, false);
    return KF_OK;
}

/* The quick way through the figures of a dense table. */
static enum kf_err take_figures(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    size_t count = 1;
    enum kf_err code = KF_OK;
    while (count > 0 && self->cells.values_len < self->limits.cells_max) {
        double *values = NULL;
        size_t room = 0;
        if (self->table.cells > 0 && self->cells.values_len >= self->table.cells) {
            return KF_OK; /* the next one, if there is one, is told of with its place */
        }
        code = kf_jsonstat_cells_room(&self->cells, &values, &room, err);
        if (code != KF_OK) {
            return code;
        }
        count = kf_json_scan_numbers(&self->scan, values, room);
        kf_jsonstat_cells_added(&self->cells, count);
        kf_jsonstat_top(self)->index += count;
    }
    return KF_OK;
}

static enum kf_err prepare(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    if (!self->arena) {
        self->arena = kf_arena_new(self->limits.text_bytes_max);
    }
    self->dimensions.names = &self->names;
    self->dimensions.arena = self->arena;
    return self->arena ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for texts");
}

static enum kf_err take_piece(struct kf_jsonstat_reader *self, struct kf_error *err)
{
    enum kf_err code = prepare(self, err);
    while (code == KF_OK) {
        struct kf_json_token token = {0};
        if (self->depth > 0 && kf_jsonstat_top(self)->place == KF_JSONSTAT_VALUES &&
            kf_jsonstat_top(self)->is_array) {
            code = take_figures(self, err);
        }
        code = code == KF_OK ? kf_json_scan_next(&self->scan, &token, err) : code;
        code = code == KF_OK ? take(self, &token, err) : code;
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

enum kf_err kf_jsonstat_reader_feed(struct kf_jsonstat_reader *self, const void *bytes,
                                    size_t length, struct kf_error *err)
{
    struct kf_error reason = {0};
    if (self->failure.code != KF_OK) {
        return kf_error_set(err, self->failure.code, "%s", self->failure.text);
    }
    if (length > self->limits.bytes_max - kf_json_scan_offset(&self->scan)) {
        (void)kf_error_set(&reason, KF_ERR_LIMIT, "the document is longer than %llu bytes",
                           (unsigned long long)self->limits.bytes_max);
        return fail(self, &reason, err);
    }
    kf_json_scan_input(&self->scan, bytes, length);
    return take_piece(self, &reason) == KF_OK ? KF_OK : fail(self, &reason, err);
}

enum kf_err kf_jsonstat_reader_finish(struct kf_jsonstat_reader *self,
                                      const struct kf_jsonstat **table, struct kf_error *err)
{
    struct kf_error reason = {0};
    enum kf_err code = KF_OK;
    if (self->failure.code != KF_OK) {
        return kf_error_set(err, self->failure.code, "%s", self->failure.text);
    }
    if (!self->is_whole) {
        self->scan.token_offset = kf_json_scan_offset(&self->scan);
        code = kf_json_scan_is_whole(&self->scan)
                   ? kf_jsonstat_complete(self, &reason)
                   : kf_error_set(&reason, KF_ERR_DATA, "the document ends too early");
    }
    if (code != KF_OK) {
        return fail(self, &reason, err);
    }
    self->is_whole = true;
    *table = &self->table;
    return KF_OK;
}

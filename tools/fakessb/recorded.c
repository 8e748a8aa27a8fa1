#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/base/day.h"
#include "tools/fakessb/scenario.h"

struct reading {
    const char *path;
    const json_t *root;
    struct kf_fake_table *table;
    struct kf_error *err;
};

static enum kf_err fault(const struct reading *self, const char *problem)
{
    return kf_error_set(self->err, KF_ERR_CONFIG, "%s: %s", self->path, problem);
}

static const char *text_of(const struct reading *self, const json_t *json, const char *otherwise)
{
    const char *text = json_string_value(json);
    const char *copy = kf_arena_strdup(self->table->arena, text ? text : otherwise);
    return copy ? copy : "";
}

/* --- dimensions ------------------------------------------------------------------------------ */

static bool is_listed(const json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text && strcmp(text, id) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_fake_role role_of(const struct reading *self, const char *id)
{
    static const char *const names[KF_FAKE_ROLES] = {"", "time", "geo", "metric"};
    const json_t *roles = json_object_get(self->root, "role");
    for (size_t i = 1; i < KF_FAKE_ROLES; i++) {
        if (is_listed(json_object_get(roles, names[i]), id)) {
            return (enum kf_fake_role)i;
        }
    }
    return KF_FAKE_PLAIN;
}

static const json_t *description_of(const json_t *dimension)
{
    const json_t *links = json_object_get(json_object_get(dimension, "link"), "describedby");
    return json_object_get(json_array_get(links, 0), "extension");
}

static enum kf_err read_code(const struct reading *self, const json_t *dimension,
                             struct kf_fake_dimension *to, const char *code)
{
    const json_t *category = json_object_get(dimension, "category");
    const json_t *unit = json_object_get(json_object_get(category, "unit"), code);
    struct kf_fake_code read = {
        .code = kf_arena_strdup(self->table->arena, code),
        .label = text_of(self, json_object_get(json_object_get(category, "label"), code), code),
        .unit = text_of(self, json_object_get(unit, "base"), ""),
        .description = text_of(self, json_object_get(description_of(dimension), code), ""),
        .decimals = (int)json_integer_value(json_object_get(unit, "decimals")),
    };
    return kf_fake_dimension_add(to, &read, self->err);
}

/* The code whose index is `place`; the object of indices is in any order. */
static const char *code_at(json_t *index, size_t place)
{
    const char *code = NULL;
    json_t *value = NULL;
    if (json_is_array(index)) {
        return json_string_value(json_array_get(index, place));
    }
    json_object_foreach(index, code, value)
    {
        if (json_integer_value(value) == (json_int_t)place) {
            return code;
        }
    }
    return NULL;
}

static enum kf_err read_codes(const struct reading *self, const json_t *dimension, size_t size,
                              struct kf_fake_dimension *to)
{
    json_t *index = json_object_get(json_object_get(dimension, "category"), "index");
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < size; i++) {
        const char *text = code_at(index, i);
        code = text ? read_code(self, dimension, to, text) : fault(self, "a code is missing");
    }
    return code;
}

static enum kf_err read_dimension(const struct reading *self, const char *id, size_t size)
{
    const json_t *dimension = json_object_get(json_object_get(self->root, "dimension"), id);
    const json_t *extension = json_object_get(dimension, "extension");
    if (!dimension || self->table->dimensions_len == KF_FAKE_DIMENSIONS_MAX) {
        return fault(self, "a dimension is missing, or there are too many");
    }
    struct kf_fake_dimension *to = &self->table->dimensions[self->table->dimensions_len++];
    *to = (struct kf_fake_dimension){
        .id = kf_arena_strdup(self->table->arena, id),
        .label = text_of(self, json_object_get(dimension, "label"), id),
        .description = text_of(self, json_object_get(description_of(dimension), id), ""),
        .role = role_of(self, id),
        .elimination = json_is_true(json_object_get(extension, "elimination"))};
    return read_codes(self, dimension, size, to);
}

static enum kf_err read_dimensions(const struct reading *self)
{
    const json_t *ids = json_object_get(self->root, "id");
    const json_t *sizes = json_object_get(self->root, "size");
    enum kf_err code = json_array_size(ids) > 0 ? KF_OK : fault(self, "no json-stat2");
    for (size_t i = 0; code == KF_OK && i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        json_int_t size = json_integer_value(json_array_get(sizes, i));
        code = id && size > 0 ? read_dimension(self, id, (size_t)size)
                              : fault(self, "id and size do not fit");
    }
    return code;
}

/* --- cells ----------------------------------------------------------------------------------- */

static const json_t *at(const json_t *list, size_t place)
{
    char key[32];
    (void)snprintf(key, sizeof key, "%zu", place);
    return json_is_array(list) ? json_array_get(list, place) : json_object_get(list, key);
}

static enum kf_err read_cells(const struct reading *self)
{
    const json_t *values = json_object_get(self->root, "value");
    const json_t *status = json_object_get(self->root, "status");
    enum kf_err code = kf_fake_table_make_cells(self->table, self->err);
    for (size_t i = 0; code == KF_OK && i < self->table->cells_len; i++) {
        const json_t *value = at(values, i);
        const char *symbol = json_string_value(at(status, i));
        struct kf_fake_cell *cell = &self->table->cells[i];
        if (json_is_number(value)) {
            cell->value = json_number_value(value);
            cell->status[0] = '\0';
        }
        if (symbol) {
            (void)snprintf(cell->status, sizeof cell->status, "%.3s", symbol);
        }
    }
    return code;
}

/* --- the table ------------------------------------------------------------------------------- */

static void read_notes(const struct reading *self)
{
    const json_t *list = json_object_get(self->root, "note");
    const char **notes =
        kf_arena_calloc(self->table->arena, json_array_size(list) + 1, sizeof *notes);
    for (size_t i = 0; notes && i < json_array_size(list); i++) {
        notes[i] = text_of(self, json_array_get(list, i), "");
        self->table->notes_len = i + 1;
    }
    self->table->notes = notes;
}

static enum kf_err read_head(const struct reading *self)
{
    struct kf_fake_table *table = self->table;
    const json_t *extension = json_object_get(self->root, "extension");
    const json_t *px = json_object_get(extension, "px");
    const json_t *contact = json_array_get(json_object_get(extension, "contact"), 0);
    const char *updated = json_string_value(json_object_get(self->root, "updated"));
    table->label = text_of(self, json_object_get(self->root, "label"), "");
    table->contact = text_of(self, json_object_get(contact, "name"), "Statistisk sentralbyrå");
    table->subject_code = text_of(self, json_object_get(px, "subject-code"), "");
    table->subject = text_of(self, json_object_get(px, "subject-area"), "");
    table->id = text_of(self, json_object_get(px, "tableid"), "");
    if (table->id[0] == '\0') { /* the label begins with it */
        table->id =
            kf_arena_strndup(table->arena, table->label, strspn(table->label, "0123456789"));
    }
    if (!table->id || table->id[0] == '\0' || !updated ||
        !kf_day_time(updated, &table->updated_ms)) {
        return fault(self, "no table's id, or no `updated`");
    }
    read_notes(self);
    return KF_OK;
}

/* The bytes as they are. */
static enum kf_err keep_bytes(const struct reading *self)
{
    FILE *file = fopen(self->path, "rb");
    if (!file) {
        return fault(self, "cannot be read");
    }
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = size > 0 ? kf_arena_alloc(self->table->arena, (size_t)size + 1) : NULL;
    bool whole = bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    (void)fclose(file);
    self->table->recorded = whole ? bytes : NULL;
    return whole ? KF_OK : fault(self, "cannot be read");
}

enum kf_err kf_fake_recorded_read(const char *path, struct kf_fake_table *table,
                                  struct kf_error *err)
{
    json_error_t problem;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    struct reading reading = {.path = path, .root = root, .table = table, .err = err};
    enum kf_err code = root ? read_head(&reading) : fault(&reading, problem.text);
    if (code == KF_OK) {
        code = read_dimensions(&reading);
    }
    if (code == KF_OK) {
        code = read_cells(&reading);
    }
    if (code == KF_OK) {
        code = keep_bytes(&reading);
    }
    json_decref(root);
    return code;
}

#include "tests/services/ingest/jsonstat/jsonstat_reference.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/model/cell.h"

static json_t *load(const void *bytes, size_t length)
{
    json_error_t error;
    return json_loadb(bytes, length, JSON_DECODE_INT_AS_REAL, &error);
}

bool jsonstat_reference_takes(const void *bytes, size_t length)
{
    json_t *root = load(bytes, length);
    bool takes = root != NULL;
    json_decref(root);
    return takes;
}

static bool text_is(const json_t *value, const char *text)
{
    const char *expected = json_string_value(value);
    return strcmp(expected ? expected : "", text) == 0;
}

/* `name` of the dataset, or of its dimensions in json-stat 1. */
static json_t *part(const json_t *dataset, const char *name)
{
    json_t *found = json_object_get(dataset, name);
    json_t *inner = json_object_get(json_object_get(dataset, "dimension"), name);
    return found && !json_is_null(found) ? found : inner;
}

static const char *code_at(const json_t *category, size_t position)
{
    json_t *index = json_object_get(category, "index");
    const char *code = NULL;
    json_t *value = NULL;
    if (json_is_array(index)) {
        return json_string_value(json_array_get(index, position));
    }
    if (!index) {
        void *first = json_object_iter(json_object_get(category, "label"));
        first = first ? first : json_object_iter(json_object_get(category, "unit"));
        return first ? json_object_iter_key(first) : NULL;
    }
    json_object_foreach(index, code, value)
    {
        if (json_number_value(value) == (double)position) {
            return code;
        }
    }
    return NULL;
}

static size_t index_size(const json_t *category)
{
    const json_t *index = json_object_get(category, "index");
    return !index ? 1 : json_is_array(index) ? json_array_size(index) : json_object_size(index);
}

static const char *compare_category(const struct kf_jsonstat_category *it, const json_t *category,
                                    size_t position)
{
    const char *code = code_at(category, position);
    const json_t *unit = json_object_get(json_object_get(category, "unit"), it->code);
    const json_t *decimals = json_object_get(unit, "decimals");
    if (!code || strcmp(code, it->code) != 0) {
        return "a code differs";
    }
    if (!text_is(json_object_get(json_object_get(category, "label"), code), it->label)) {
        return "a label differs";
    }
    if (!text_is(json_object_get(unit, "base"), it->unit)) {
        return "a unit differs";
    }
    return it->decimals == (json_is_number(decimals) ? (int)json_number_value(decimals) : -1)
               ? NULL
               : "decimals differ";
}

static enum kf_jsonstat_role role_of(const json_t *roles, const char *id)
{
    static const char *const names[] = {"", "time", "geo", "metric"};
    for (int role = KF_JSONSTAT_TIME; role <= KF_JSONSTAT_METRIC; role++) {
        size_t i = 0;
        const json_t *value = NULL;
        json_array_foreach(json_object_get(roles, names[role]), i, value)
        {
            if (text_is(value, id)) {
                return (enum kf_jsonstat_role)role;
            }
        }
    }
    return KF_JSONSTAT_PLAIN;
}

static const char *compare_dimension(const struct kf_jsonstat_dimension *it, const json_t *dataset,
                                     size_t place)
{
    const json_t *dimension = json_object_get(json_object_get(dataset, "dimension"), it->id);
    const json_t *category = json_object_get(dimension, "category");
    if (!text_is(json_array_get(part(dataset, "id"), place), it->id) ||
        json_number_value(json_array_get(part(dataset, "size"), place)) !=
            (double)it->categories_len ||
        index_size(category) != it->categories_len) {
        return "an id or a size differs";
    }
    if (!text_is(json_object_get(dimension, "label"), it->label)) {
        return "a dimension's label differs";
    }
    if (json_is_true(json_object_get(json_object_get(dimension, "extension"), "elimination")) !=
        it->elimination) {
        return "an elimination differs";
    }
    enum kf_jsonstat_role outer = role_of(json_object_get(dataset, "role"), it->id);
    enum kf_jsonstat_role inner =
        role_of(json_object_get(json_object_get(dataset, "dimension"), "role"), it->id);
    if (it->role != (outer != KF_JSONSTAT_PLAIN ? outer : inner)) {
        return "a role differs";
    }
    const char *difference = NULL;
    for (size_t i = 0; !difference && i < it->categories_len; i++) {
        difference = compare_category(&it->categories[i], category, i);
    }
    return difference;
}

static const json_t *at(const json_t *list, size_t i)
{
    char key[32];
    (void)snprintf(key, sizeof key, "%zu", i);
    return json_is_array(list)    ? json_array_get(list, i)
           : json_is_object(list) ? json_object_get(list, key)
                                  : list;
}

/* What a symbol says of a cell, with and without a number. */
static int meaning(const char *symbol, bool has_number)
{
    static const struct {
        const char *symbol;
        int with;
        int without;
    } meanings[] = {
        {"", KF_CELL_VALUE, KF_CELL_MISSING},
        {"*", KF_CELL_PRELIMINARY, KF_CELL_MISSING},
        {".", KF_CELL_NOT_APPLICABLE, KF_CELL_NOT_APPLICABLE},
        {"..", KF_CELL_MISSING, KF_CELL_MISSING},
        {"...", KF_CELL_MISSING, KF_CELL_MISSING},
        {"-", KF_CELL_MISSING, KF_CELL_MISSING},
        {":", KF_CELL_CONFIDENTIAL, KF_CELL_CONFIDENTIAL},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strcmp(meanings[i].symbol, symbol) == 0) {
            return has_number ? meanings[i].with : meanings[i].without;
        }
    }
    return -1;
}

static const char *compare_cells(const struct kf_jsonstat *table, const json_t *dataset)
{
    const json_t *values = json_object_get(dataset, "value");
    const json_t *statuses = json_object_get(dataset, "status");
    if (!values || json_is_null(values)) {
        return table->values || table->status ? "cells without a value" : NULL;
    }
    if (json_is_array(values) && json_array_size(values) != table->cells) {
        return "another number of figures";
    }
    for (size_t i = 0; i < table->cells; i++) {
        const json_t *value = at(values, i);
        const char *symbol = json_string_value(at(statuses, i));
        int status = meaning(symbol ? symbol : "", json_is_number(value));
        bool counts = status >= 0 && (status & KF_CELL_KIND_MASK) == KF_CELL_VALUE;
        if (table->status[i] != status) {
            return "a status differs";
        }
        if (table->values[i] != (counts ? json_number_value(value) : 0.0)) {
            return "a figure differs";
        }
    }
    return NULL;
}

static const char *compare_notes(const struct kf_jsonstat *table, const json_t *note)
{
    if (json_is_string(note)) {
        return table->notes_len == 1 && text_is(note, table->notes[0]) ? NULL : "the note differs";
    }
    if (json_array_size(note) != table->notes_len) {
        return "another number of notes";
    }
    for (size_t i = 0; i < table->notes_len; i++) {
        if (!text_is(json_array_get(note, i), table->notes[i])) {
            return "a note differs";
        }
    }
    return NULL;
}

static const char *compare_texts(const struct kf_jsonstat *table, const json_t *dataset)
{
    const json_t *px = json_object_get(json_object_get(dataset, "extension"), "px");
    const json_t *id = json_object_get(px, "tableid");
    if (!text_is(json_object_get(dataset, "label"), table->label) ||
        !text_is(json_object_get(dataset, "source"), table->source) ||
        !text_is(json_object_get(dataset, "updated"), table->updated)) {
        return "label, source or updated differs";
    }
    if (json_is_string(id) && !text_is(id, table->table)) {
        return "the table's id differs";
    }
    if (!json_is_string(id) && strncmp(table->label, table->table, strlen(table->table)) != 0) {
        return "the table's id is not what its label begins with";
    }
    return compare_notes(table, json_object_get(dataset, "note"));
}

static const char *compare(const struct kf_jsonstat *table, const json_t *root)
{
    const json_t *dataset =
        json_object_get(root, "class") ? root : json_object_get(root, "dataset");
    const char *difference = compare_texts(table, dataset);
    double cells = 1.0;
    if (!difference && json_array_size(part(dataset, "id")) != table->dimensions_len) {
        difference = "another number of dimensions";
    }
    for (size_t i = 0; !difference && i < table->dimensions_len; i++) {
        cells *= (double)table->dimensions[i].categories_len;
        difference = compare_dimension(&table->dimensions[i], dataset, i);
    }
    if (!difference && cells != (double)table->cells) {
        difference = "another number of cells";
    }
    return difference ? difference : compare_cells(table, dataset);
}

const char *jsonstat_reference_differs(const struct kf_jsonstat *table, const void *bytes,
                                       size_t length)
{
    json_t *root = load(bytes, length);
    const char *difference = root ? compare(table, root) : "jansson refuses it";
    json_decref(root);
    return difference;
}

enum kf_err jsonstat_read_in_pieces(const void *bytes, size_t length, size_t step,
                                    struct kf_jsonstat_reader *reader,
                                    const struct kf_jsonstat **table, struct kf_error *err)
{
    const char *text = bytes;
    enum kf_err code = KF_OK;
    step = step > 0 ? step : length;
    kf_jsonstat_reader_reset(reader);
    for (size_t i = 0; code == KF_OK && i < length; i += step) {
        size_t take = length - i < step ? length - i : step;
        /* An exact copy on the heap, so that the sanitizer sees a read beyond the piece. */
        char *piece = malloc(take);
        if (!piece) {
            return kf_error_set(err, KF_ERR_INTERNAL, "no memory for the test's own copy");
        }
        memcpy(piece, text + i, take);
        code = kf_jsonstat_reader_feed(reader, piece, take, err);
        free(piece);
    }
    return code == KF_OK ? kf_jsonstat_reader_finish(reader, table, err) : code;
}

char *jsonstat_recorded(const char *name, size_t *length)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/data/api/%s", KF_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    size_t room = (size_t)1 << 20;
    char *bytes = malloc(room);
    if (!file || !bytes) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    *length = fread(bytes, 1, room, file);
    (void)fclose(file);
    return bytes;
}

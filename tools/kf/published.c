#include "tools/kf/published.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/cell.h"

#define COMMITTED    "RELEASE_STATE_COMMITTED"
#define KEY_SIZE     512
#define MEASURE_SIZE 80

struct kf_published {
    char *edition;
    int year;
    char prefix[KEY_SIZE]; /* of the rows' keys: edition/year/ */
    json_t *manifest;      /* of the newest committed release, or NULL */
    int64_t manifest_ms;
    bool replaced;             /* in part, by a newer release */
    uint64_t found[KF_TOPICS]; /* records of the release */
    json_t *rows;              /* topic/municipality/sector/indicator → row */
};

struct kf_published *kf_published_new(const char *edition, int year)
{
    json_set_alloc_funcs(kf_malloc, kf_free);
    struct kf_published *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->edition = kf_strdup(edition);
    self->year = year;
    self->rows = json_object();
    int length = snprintf(self->prefix, sizeof self->prefix, "%s/%d/", edition, year);
    if (!self->edition || !self->rows || length >= (int)sizeof self->prefix) {
        kf_published_destroy(&self);
    }
    return self;
}

void kf_published_destroy(struct kf_published **self)
{
    if (!*self) {
        return;
    }
    json_decref((*self)->manifest);
    json_decref((*self)->rows);
    kf_free((*self)->edition);
    kf_free(*self);
    *self = NULL;
}

/* --- JSON ------------------------------------------------------------------------------------ */

/* The member's text; "" when it is absent, as proto3 leaves out what is empty. */
static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static enum kf_err parse(const struct kf_topic_record *record, const char *what, json_t **object,
                         struct kf_error *err)
{
    json_error_t why;
    if (!record->value || record->value_length == 0 || record->value[0] != '{') {
        return kf_error_set(err, KF_ERR_DATA,
                            "a %s is not JSON; are the values written as protobuf? kf show reads "
                            "JSON",
                            what);
    }
    json_t *parsed = json_loadb(record->value, record->value_length, 0, &why);
    if (parsed) {
        *object = parsed;
        return KF_OK;
    }
    bool memory = json_error_code(&why) == json_error_out_of_memory;
    return kf_error_set(err, memory ? KF_ERR_MEMORY : KF_ERR_DATA, "a %s is not sound: %s", what,
                        why.text);
}

/* need_index → needIndex */
static void camel_case(const char *name, char camel[MEASURE_SIZE])
{
    size_t length = 0;
    bool raise = false;
    for (; *name && length < MEASURE_SIZE - 1; name++) {
        if (*name == '_') {
            raise = true;
            continue;
        }
        bool lower = *name >= 'a' && *name <= 'z';
        camel[length++] = raise && lower ? (char)(*name - 'a' + 'A') : *name;
        raise = false;
    }
    camel[length] = '\0';
}

/* --- manifests ------------------------------------------------------------------------------- */

static bool holds_panel(const json_t *manifest, const char *edition, json_int_t year)
{
    size_t i = 0;
    const json_t *panel = NULL;
    json_array_foreach(json_object_get(manifest, "panels"), i, panel)
    {
        if (strcmp(text_of(panel, "edition"), edition) == 0 &&
            json_integer_value(json_object_get(panel, "year")) == year &&
            !json_is_true(json_object_get(panel, "rejected"))) {
            return true;
        }
    }
    return false;
}

/* True when both hold the same edition and year. */
static bool shares_panel(const json_t *manifest, const json_t *other)
{
    size_t i = 0;
    const json_t *panel = NULL;
    json_array_foreach(json_object_get(manifest, "panels"), i, panel)
    {
        if (!json_is_true(json_object_get(panel, "rejected")) &&
            holds_panel(other, text_of(panel, "edition"),
                        json_integer_value(json_object_get(panel, "year")))) {
            return true;
        }
    }
    return false;
}

/* A committed manifest, not older than the one that is kept. */
static void take_newer(struct kf_published *self, json_t *manifest, int64_t timestamp_ms)
{
    if (!holds_panel(manifest, self->edition, self->year)) {
        self->replaced = self->replaced || shares_panel(manifest, self->manifest);
        return;
    }
    json_decref(self->manifest);
    self->manifest = json_incref(manifest);
    self->manifest_ms = timestamp_ms;
    self->replaced = false;
}

enum kf_err kf_published_add_manifest(struct kf_published *self,
                                      const struct kf_topic_record *record, struct kf_error *err)
{
    json_t *manifest = NULL;
    if (!record->value) {
        return KF_OK; /* a manifest that was taken back */
    }
    enum kf_err code = parse(record, "manifest", &manifest, err);
    if (code != KF_OK) {
        return code;
    }
    bool newer = !self->manifest || record->timestamp_ms >= self->manifest_ms;
    if (newer && strcmp(text_of(manifest, "state"), COMMITTED) == 0 &&
        text_of(manifest, "release")[0]) {
        take_newer(self, manifest, record->timestamp_ms);
    }
    json_decref(manifest);
    return KF_OK;
}

const char *kf_published_release(const struct kf_published *self)
{
    return text_of(self->manifest, "release");
}

const char *kf_published_text(const struct kf_published *self, const char *name)
{
    return text_of(self->manifest, name);
}

bool kf_published_topic(const struct kf_published *self, size_t i, const char **topic,
                        const char **rows)
{
    const json_t *content = json_array_get(json_object_get(self->manifest, "topics"), i);
    if (!content) {
        return false;
    }
    *topic = text_of(content, "topic");
    *rows = text_of(content, "rows"); /* a 64-bit number: proto3 JSON writes it as text */
    *rows = **rows ? *rows : "0";
    return true;
}

uint64_t kf_published_found(const struct kf_published *self, enum kf_topic topic)
{
    return self->found[topic];
}

bool kf_published_replaced(const struct kf_published *self)
{
    return self->replaced;
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool is_ours(const struct kf_published *self, const struct kf_topic_record *record)
{
    size_t length = strlen(self->prefix);
    return record->key && record->key_length > length &&
           memcmp(record->key, self->prefix, length) == 0;
}

/* True when the record's value names the release that is read. Not parsed: these are the rows of
 * all editions and years. */
static bool is_of_release(const struct kf_published *self, const struct kf_topic_record *record)
{
    char member[KEY_SIZE];
    int length = snprintf(member, sizeof member, "\"release\":\"%s\"", kf_published_release(self));
    const char *at = record->value;
    const char *end = at ? at + record->value_length : NULL;
    if (length <= 0 || length >= KEY_SIZE || !kf_published_release(self)[0]) {
        return false;
    }
    while (at && end - at >= length) {
        if (memcmp(at, member, (size_t)length) == 0) {
            return true;
        }
        at = memchr(at + 1, '"', (size_t)(end - at - 1));
    }
    return false;
}

/* The name a row is kept under; false when it does not fit. The parts are ids: none holds a '/'.
 * The group's rows have no municipality. */
static bool name_row(const struct kf_published_key *key, char name[KEY_SIZE])
{
    const char *indicator = key->indicator;
    const char *municipality = key->municipality;
    int length =
        snprintf(name, KEY_SIZE, "%d/%s%s%s%s%s", (int)key->topic, municipality,
                 municipality[0] ? "/" : "", key->sector, indicator[0] ? "/" : "", indicator);
    return length > 0 && length < KEY_SIZE;
}

/* The same from a record's key edition/year/municipality/sector[/indicator]. */
static bool name_record(const struct kf_published *self, enum kf_topic topic,
                        const struct kf_topic_record *record, char name[KEY_SIZE])
{
    size_t prefix = strlen(self->prefix);
    int length = snprintf(name, KEY_SIZE, "%d/%.*s", (int)topic, (int)(record->key_length - prefix),
                          record->key + prefix);
    return length > 0 && length < KEY_SIZE;
}

static enum kf_err keep(struct kf_published *self, const char *name, json_t *row,
                        struct kf_error *err)
{
    if (strcmp(text_of(row, "release"), kf_published_release(self)) != 0) {
        return KF_OK;
    }
    if (json_object_size(self->rows) >= KF_PUBLISHED_ROWS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d rows", KF_PUBLISHED_ROWS_MAX);
    }
    if (json_object_set(self->rows, name, row) != 0) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the rows");
    }
    return KF_OK;
}

enum kf_err kf_published_add_row(struct kf_published *self, enum kf_topic topic,
                                 const struct kf_topic_record *record, struct kf_error *err)
{
    char name[KEY_SIZE];
    json_t *row = NULL;
    self->found[topic] += is_of_release(self, record);
    if (!is_ours(self, record)) {
        return KF_OK;
    }
    if (record->key_length >= KEY_SIZE || !name_record(self, topic, record, name)) {
        return kf_error_set(err, KF_ERR_LIMIT, "a row's key is longer than %d bytes", KEY_SIZE);
    }
    if (!record->value) {
        (void)json_object_del(self->rows, name);
        return KF_OK;
    }
    enum kf_err code = parse(record, "row", &row, err);
    if (code == KF_OK) {
        code = keep(self, name, row, err);
    }
    json_decref(row);
    return code;
}

static const json_t *find(const struct kf_published *self, const struct kf_published_key *key)
{
    char name[KEY_SIZE];
    return name_row(key, name) ? json_object_get(self->rows, name) : NULL;
}

/* The bits of a flag's name, 0 for one that is not known. */
static uint8_t bits_of(const char *flag)
{
    for (unsigned bits = 1; bits <= UINT8_MAX; bits++) {
        const char *name = kf_cell_flag((uint8_t)bits, 0);
        bool single = bits <= KF_CELL_KIND_MASK || (bits & (bits - 1)) == 0;
        if (single && name && strcmp(name, flag) == 0) {
            return (uint8_t)bits;
        }
    }
    return 0;
}

bool kf_published_status(const struct kf_published *self, const struct kf_published_key *key,
                         uint8_t *status)
{
    const json_t *row = find(self, key);
    size_t i = 0;
    const json_t *flag = NULL;
    if (!row) {
        return false;
    }
    *status = 0;
    json_array_foreach(json_object_get(row, "flags"), i, flag)
    {
        const char *name = json_string_value(flag);
        uint8_t bits = name ? bits_of(name) : 0;
        bool second_kind = (*status & KF_CELL_KIND_MASK) && (bits & KF_CELL_KIND_MASK);
        *status = (uint8_t)(*status | (second_kind ? 0 : bits)); /* kinds are numbers, not bits */
    }
    return true;
}

bool kf_published_value(const struct kf_published *self, const struct kf_published_key *key,
                        const char *measure, double *value)
{
    char camel[MEASURE_SIZE];
    camel_case(measure, camel);
    const json_t *number = json_object_get(find(self, key), camel);
    if (!json_is_number(number)) {
        return false;
    }
    *value = json_number_value(number);
    return true;
}

static int compare_codes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Leaves each of the sorted codes once; returns how many. */
static size_t unite(const char **codes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(codes[kept - 1], codes[i]) != 0) {
            codes[kept++] = codes[i];
        }
    }
    return kept;
}

enum kf_err kf_published_municipalities(const struct kf_published *self, const char ***codes,
                                        size_t *count, struct kf_error *err)
{
    const char **list = kf_calloc(json_object_size(self->rows) + 1, sizeof *list);
    if (!list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the municipalities");
    }
    size_t length = 0;
    void *at = json_object_iter(self->rows);
    for (; at; at = json_object_iter_next(self->rows, at)) {
        const char *code = text_of(json_object_iter_value(at), "municipality");
        if (code[0]) {
            list[length++] = code;
        }
    }
    qsort(list, length, sizeof *list, compare_codes);
    *codes = list;
    *count = unite(list, length);
    return KF_OK;
}

size_t kf_published_rows(const struct kf_published *self)
{
    return json_object_size(self->rows);
}

#include "tools/fakessb/register.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/lines.h"
#include "common/codec/json.h"

#define FIELDS    5
#define PATH_SIZE 4096

typedef char field[KF_FAKE_REGISTER_TEXT];

/* Called for each row after the head. */
typedef enum kf_err row_visit(void *context, field fields[FIELDS], struct kf_error *err);

/* Fields that are missing are "". */
static void split(const char *line, size_t length, field fields[FIELDS])
{
    size_t from = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const char *comma = from < length ? memchr(line + from, ',', length - from) : NULL;
        size_t end = comma ? (size_t)(comma - line) : length;
        int size = from < end ? (int)(end - from) : 0;
        (void)snprintf(fields[i], sizeof fields[i], "%.*s", size, size > 0 ? line + from : "");
        from = end + 1;
    }
}

static enum kf_err read_rows(const char *editions, const char *name, row_visit *visit,
                             void *context, struct kf_error *err)
{
    struct kf_lines_options options = {.line_bytes_max = 4096, .file_bytes_max = 16 << 20};
    struct kf_lines *lines = NULL;
    const char *line = NULL;
    size_t length = 0;
    field fields[FIELDS];
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", editions, name);
    enum kf_err code = kf_lines_open(path, &options, &lines, err);
    if (code != KF_OK) {
        return code;
    }
    code = kf_lines_next(lines, &line, &length, err);
    while (code == KF_OK && (code = kf_lines_next(lines, &line, &length, err)) == KF_OK) {
        split(line, length, fields);
        code = visit(context, fields, err);
    }
    kf_lines_destroy(&lines);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* --- municipalities.csv: municipality, name, valid_from, valid_to ------------------------------
 */

struct valid_rows {
    const char *date;
    kf_fake_valid_visit *visit;
    void *context;
};

static enum kf_err visit_valid(void *context, field fields[FIELDS], struct kf_error *err)
{
    struct valid_rows *self = context;
    struct kf_fake_valid valid;
    bool begun = strcmp(fields[2], self->date) <= 0;
    bool ended = fields[3][0] != '\0' && strcmp(fields[3], self->date) <= 0;
    if (!begun || ended) {
        return KF_OK;
    }
    memcpy(valid.code, fields[0], sizeof valid.code);
    memcpy(valid.name, fields[1], sizeof valid.name);
    return self->visit(self->context, &valid, err);
}

enum kf_err kf_fake_register_valid(const char *editions, const char *date,
                                   kf_fake_valid_visit *visit, void *context, struct kf_error *err)
{
    struct valid_rows rows = {.date = date, .visit = visit, .context = context};
    return read_rows(editions, "municipalities.csv", visit_valid, &rows, err);
}

static void member(const char *name, const char *value, struct kf_text *json)
{
    kf_json_quote(name, json);
    kf_text_add_char(json, ':');
    kf_json_quote(value, json);
}

static enum kf_err write_code(void *context, const struct kf_fake_valid *valid,
                              struct kf_error *err)
{
    (void)err;
    struct kf_text *json = context;
    kf_text_add_char(json, '{');
    member("code", valid->code, json);
    kf_text_add(json, ",\"parentCode\":null,\"level\":\"1\",");
    member("name", valid->name, json);
    kf_text_add(json, ",\"shortName\":\"\",\"presentationName\":\"\",\"validFrom\":null,"
                      "\"validTo\":null,\"notes\":\"\"},");
    return KF_OK;
}

enum kf_err kf_fake_klass_codes(const char *editions, const char *date, struct kf_text *json,
                                struct kf_error *err)
{
    static const struct kf_fake_valid unknown = {"9999", "Uoppgitt"};
    kf_text_add(json, "{\"codes\":[");
    enum kf_err code = kf_fake_register_valid(editions, date, write_code, json, err);
    if (code == KF_OK) {
        (void)write_code(json, &unknown, err);
        json->length -= json->failed ? 0 : 1; /* the last comma */
        kf_text_add(json, "]}");
    }
    return code;
}

/* --- municipality_changes.csv: year, from, to, weight, through --------------------------------
 */

struct change_rows {
    const char *editions;
    const char *const *days;
    struct kf_text *json;
    bool more;
};

struct naming {
    const char *code;
    const char *date;
    field found;
    bool old;
};

/* The name a code had: of the row that ends on the day, or of the one that begins. */
static enum kf_err visit_name(void *context, field fields[FIELDS], struct kf_error *err)
{
    (void)err;
    struct naming *self = context;
    const char *mark = self->old ? fields[3] : fields[2];
    if (strcmp(fields[0], self->code) == 0 &&
        (self->found[0] == '\0' || strcmp(mark, self->date) == 0)) {
        memcpy(self->found, fields[1], sizeof self->found);
    }
    return KF_OK;
}

static void write_name(const struct change_rows *self, const char *key, struct naming *naming)
{
    struct kf_error err;
    (void)read_rows(self->editions, "municipalities.csv", visit_name, naming, &err);
    kf_text_add_char(self->json, ',');
    member(key, naming->found, self->json);
}

/* A row that goes through another code is two changes told as one: the two stand there as well. */
static enum kf_err visit_change(void *context, field fields[FIELDS], struct kf_error *err)
{
    (void)err;
    struct change_rows *self = context;
    char date[KF_FAKE_REGISTER_TEXT + 8];
    (void)snprintf(date, sizeof date, "%s-01-01", fields[0]);
    if (fields[4][0] != '\0' || strcmp(date, self->days[0]) < 0 ||
        strcmp(date, self->days[1]) >= 0) {
        return KF_OK;
    }
    struct naming from = {.code = fields[1], .date = date, .old = true};
    struct naming to = {.code = fields[2], .date = date};
    kf_text_add(self->json, self->more ? ",{" : "{");
    member("oldCode", fields[1], self->json);
    write_name(self, "oldName", &from);
    kf_text_add(self->json, ",\"oldShortName\":\"\",");
    member("newCode", fields[2], self->json);
    write_name(self, "newName", &to);
    kf_text_add(self->json, ",\"newShortName\":\"\",");
    member("changeOccurred", date, self->json);
    kf_text_add_char(self->json, '}');
    self->more = true;
    return KF_OK;
}

enum kf_err kf_fake_klass_changes(const char *editions, const char *const days[2],
                                  struct kf_text *json, struct kf_error *err)
{
    struct change_rows rows = {.editions = editions, .days = days, .json = json};
    kf_text_add(json, "{\"codeChanges\":[");
    enum kf_err code = read_rows(editions, "municipality_changes.csv", visit_change, &rows, err);
    kf_text_add(json, "]}");
    return code;
}

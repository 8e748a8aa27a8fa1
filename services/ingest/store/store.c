#include "services/ingest/store/store.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/store/store_tables.h"

/* --- opening and closing ------------------------------------------------------------------- */

static enum kf_err open_with(const char *path, bool writing, struct kf_store **store,
                             struct kf_error *err)
{
    struct kf_store *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the observation store");
    }
    enum kf_err code = writing ? kf_database_open(&self->base, &kf_store_class, path, err)
                               : kf_database_open_readonly(&self->base, &kf_store_class, path, err);
    if (code == KF_OK) {
        *store = self;
    } else {
        kf_store_close(&self);
    }
    return code;
}

enum kf_err kf_store_open(const char *path, struct kf_store **store, struct kf_error *err)
{
    return open_with(path, true, store, err);
}

enum kf_err kf_store_open_readonly(const char *path, struct kf_store **store, struct kf_error *err)
{
    return open_with(path, false, store, err);
}

void kf_store_close(struct kf_store **self)
{
    if (self && *self) {
        kf_database_close(&(*self)->base);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- vintages ------------------------------------------------------------------------------ */

static enum kf_err read_one(struct kf_store *self, sqlite3_stmt *statement,
                            struct kf_vintage *vintage, struct kf_error *err)
{
    enum kf_err code = kf_database_step(&self->base, statement, "reading a vintage", err);
    if (code == KF_OK) {
        kf_store_read_vintage(statement, vintage);
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_store_newest(struct kf_store *self, const char *source, struct kf_vintage *vintage,
                            struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_NEWEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, source);
    return read_one(self, statement, vintage, err);
}

enum kf_err kf_store_find(struct kf_store *self, int64_t number, struct kf_vintage *vintage,
                          struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_BY_NUMBER, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    return read_one(self, statement, vintage, err);
}

enum kf_err kf_store_list(struct kf_store *self, const char *source, kf_store_visit *visit,
                          void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_LIST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, source);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        struct kf_vintage vintage;
        kf_store_read_vintage(statement, &vintage);
        code = visit(context, &vintage, err);
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_database_refuse(&self->base, answer, "listing", err);
    }
    kf_database_done(statement);
    return code;
}

/* --- retention ----------------------------------------------------------------------------- */

static enum kf_err prune_with(struct kf_store *self, enum kf_store_statement which, uint32_t keep,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    if (which != KF_STORE_DELETE_COLUMNS) {
        kf_database_bind_number(statement, 1, keep);
    }
    return kf_database_finish(&self->base, statement, "dropping old vintages", err);
}

enum kf_err kf_store_prune(struct kf_store *self, uint32_t keep, struct kf_error *err)
{
    static const enum kf_store_statement steps[] = {KF_STORE_DELETE_PARTS, KF_STORE_DELETE_VINTAGES,
                                                    KF_STORE_DELETE_COLUMNS};
    enum kf_err code = kf_database_begin(&self->base, "dropping old vintages", err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t i = 0; code == KF_OK && i < sizeof steps / sizeof steps[0]; i++) {
        code = prune_with(self, steps[i], keep > 0 ? keep : 1, err);
    }
    return kf_database_end(&self->base, code, "dropping old vintages", err);
}

/* --- notes --------------------------------------------------------------------------------- */

static enum kf_err check_note(const char *key, const char *text, struct kf_error *err)
{
    size_t length = strlen(key);
    if (length == 0 || length >= KF_STORE_KEY_SIZE) {
        return kf_error_set(err, KF_ERR_LIMIT, "a note cannot be called \"%.128s\"", key);
    }
    if (text && strlen(text) > KF_STORE_NOTE_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "the note %s has more than %zu bytes", key,
                            KF_STORE_NOTE_MAX);
    }
    return KF_OK;
}

static enum kf_err check_room(struct kf_store *self, const char *key, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_COUNT_NOTES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, key);
    code = kf_database_step(&self->base, statement, "counting notes", err);
    if (code == KF_OK && sqlite3_column_int64(statement, 0) >= KF_STORE_NOTES_MAX) {
        code = kf_error_set(err, KF_ERR_LIMIT, "%s: no room for the note %s, there are %d already",
                            self->base.path, key, KF_STORE_NOTES_MAX);
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err remove_note(struct kf_store *self, const char *key, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_DELETE_NOTE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, key);
    return kf_database_finish(&self->base, statement, "removing a note", err);
}

enum kf_err kf_store_note(struct kf_store *self, const char *key, const char *text,
                          struct kf_error *err)
{
    enum kf_err code = check_note(key, text, err);
    if (code == KF_OK && !text) {
        return remove_note(self, key, err);
    }
    if (code == KF_OK) {
        code = check_room(self, key, err);
    }
    sqlite3_stmt *statement = NULL;
    if (code == KF_OK) {
        code = kf_store_prepare(self, KF_STORE_UPSERT_NOTE, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    int64_t stored = 0;
    size_t length = strlen(text);
    uint64_t checksum = kf_checksum(text, length);
    memcpy(&stored, &checksum, sizeof stored);
    kf_database_bind_text(statement, 1, key);
    kf_database_bind_number(statement, 2, stored);
    (void)sqlite3_bind_blob64(statement, 3, text, length, SQLITE_STATIC);
    return kf_database_finish(&self->base, statement, "writing a note", err);
}

static enum kf_err take_note(const struct kf_store *self, sqlite3_stmt *statement, const char *key,
                             struct kf_text *text, struct kf_error *err)
{
    int64_t stored = sqlite3_column_int64(statement, 0);
    const void *bytes = sqlite3_column_blob(statement, 1);
    size_t length = (size_t)sqlite3_column_bytes(statement, 1);
    uint64_t checksum = 0;
    memcpy(&checksum, &stored, sizeof checksum);
    if (kf_checksum(bytes ? bytes : "", length) != checksum) {
        return kf_error_set(err, KF_ERR_DATA, "%s: the note %s is damaged, its checksum is wrong",
                            self->base.path, key);
    }
    if (length > 0) {
        kf_text_add_bytes(text, bytes, length);
    }
    return text->failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for the note %s", key)
                        : KF_OK;
}

enum kf_err kf_store_noted(struct kf_store *self, const char *key, struct kf_text *text,
                           struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_store_prepare(self, KF_STORE_SELECT_NOTE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, key);
    code = kf_database_step(&self->base, statement, "reading a note", err);
    if (code == KF_OK) {
        code = take_note(self, statement, key, text, err);
    }
    kf_database_done(statement);
    return code;
}

#include "services/ingest/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/model/digest.h"
#include "services/ingest/ledger_store.h"

static const char *const state_names[KF_LEDGER_STATES] = {
    [0] = "",
    [KF_LEDGER_DISCOVERED] = "discovered",
    [KF_LEDGER_SENT] = "sent",
    [KF_LEDGER_COMMITTED] = "committed",
    [KF_LEDGER_REJECTED] = "rejected",
};

const char *kf_ledger_state_name(enum kf_ledger_state state)
{
    size_t index = (size_t)state;
    return index < KF_LEDGER_STATES ? state_names[index] : "";
}

/* 0 for a state that this program does not know. */
static enum kf_ledger_state state_from(const char *name)
{
    for (int i = KF_LEDGER_DISCOVERED; i < KF_LEDGER_STATES; i++) {
        if (kf_text_equal(state_names[i], name)) {
            return (enum kf_ledger_state)i;
        }
    }
    return 0;
}

/* --- binding and reading ------------------------------------------------------------------- */

/* Binding fails only without memory; the NULL that then stands there is refused by the table. */
static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    (void)sqlite3_bind_text(statement, place, text ? text : "", -1, SQLITE_TRANSIENT);
}

static void bind_number(sqlite3_stmt *statement, int place, int64_t number)
{
    (void)sqlite3_bind_int64(statement, place, number);
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

/* --- adding -------------------------------------------------------------------------------- */

static enum kf_err insert_release(struct kf_ledger *self, const struct kf_release *release,
                                  const char *input, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_INSERT_RELEASE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_text(statement, 1, release->id);
    bind_text(statement, 2, input);
    bind_text(statement, 3, release->vintage);
    bind_text(statement, 4, release->program);
    bind_number(statement, 5, release->discovered_ms);
    bind_number(statement, 6, release->panels);
    code = kf_ledger_finish(self, statement, "adding a release", err);
    self->adding_number = sqlite3_last_insert_rowid(self->base);
    return code;
}

static enum kf_err insert_source(struct kf_ledger *self, size_t place,
                                 const struct kf_source *source, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_INSERT_SOURCE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, self->adding_number);
    bind_number(statement, 2, (int64_t)place);
    bind_text(statement, 3, source->name);
    bind_text(statement, 4, source->digest);
    bind_number(statement, 5, (int64_t)source->bytes);
    bind_text(statement, 6, source->updated);
    return kf_ledger_finish(self, statement, "adding a source", err);
}

enum kf_err kf_ledger_add_begin(struct kf_ledger *self, const struct kf_release *release,
                                const char *input, struct kf_error *err)
{
    assert(!self->adding);
    enum kf_err code = kf_ledger_run(self, "BEGIN IMMEDIATE", "adding a release", err);
    if (code != KF_OK) {
        return code;
    }
    self->adding = true;
    self->adding_panels = release->panels;
    self->added_panels = 0;
    code = insert_release(self, release, input, err);
    for (size_t i = 0; code == KF_OK && i < release->sources_len; i++) {
        code = insert_source(self, i, &release->sources[i], err);
    }
    if (code != KF_OK) {
        kf_ledger_add_cancel(self);
    }
    return code;
}

enum kf_err kf_ledger_add_panel(struct kf_ledger *self, uint32_t index, const void *bytes,
                                size_t length, struct kf_error *err)
{
    assert(self->adding);
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_INSERT_PANEL, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    uint64_t checksum = kf_checksum(bytes, length);
    int64_t stored = 0;
    memcpy(&stored, &checksum, sizeof stored);
    bind_number(statement, 1, self->adding_number);
    bind_number(statement, 2, index);
    bind_number(statement, 3, stored);
    (void)sqlite3_bind_blob64(statement, 4, bytes, length, SQLITE_STATIC);
    code = kf_ledger_finish(self, statement, "adding a panel", err);
    if (code == KF_OK) {
        self->added_panels++;
    }
    return code;
}

enum kf_err kf_ledger_add_commit(struct kf_ledger *self, struct kf_error *err)
{
    assert(self->adding);
    enum kf_err code = KF_OK;
    if (self->added_panels != self->adding_panels) {
        code = kf_error_set(err, KF_ERR_INTERNAL, "a release of %u panels was given %u",
                            self->adding_panels, self->added_panels);
    }
    if (code == KF_OK) {
        code = kf_ledger_run(self, "COMMIT", "writing a release", err);
    }
    if (code == KF_OK) {
        self->adding = false;
    } else {
        kf_ledger_add_cancel(self);
    }
    return code;
}

void kf_ledger_add_cancel(struct kf_ledger *self)
{
    if (self->adding) {
        self->adding = false;
        (void)kf_ledger_run(self, "ROLLBACK", "forgetting a release", NULL);
    }
}

/* --- reading ------------------------------------------------------------------------------- */

static enum kf_err read_release(const struct kf_ledger *self, sqlite3_stmt *statement,
                                struct kf_ledger_release *release, struct kf_error *err)
{
    struct kf_ledger_release read = {
        .number = sqlite3_column_int64(statement, 0),
        .state = state_from(column_text(statement, 2)),
        .discovered_ms = sqlite3_column_int64(statement, 4),
        .sent_ms = sqlite3_column_int64(statement, 5),
        .committed_ms = sqlite3_column_int64(statement, 6),
        .panels = (uint32_t)sqlite3_column_int64(statement, 7),
        .panels_rejected = (uint32_t)sqlite3_column_int64(statement, 8),
        .attempts = (uint32_t)sqlite3_column_int64(statement, 9),
        .rows = (uint64_t)sqlite3_column_int64(statement, 10),
        .kept = sqlite3_column_int64(statement, 11) != 0,
    };
    (void)snprintf(read.id, sizeof read.id, "%s", column_text(statement, 1));
    (void)snprintf(read.input, sizeof read.input, "%s", column_text(statement, 3));
    (void)snprintf(read.reason, sizeof read.reason, "%s", column_text(statement, 12));
    if (read.state == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: release %s is in state \"%.64s\", which this "
                            "program does not know",
                            self->path, read.id, column_text(statement, 2));
    }
    *release = read;
    return KF_OK;
}

/* Runs a statement that gives at most one release. */
static enum kf_err read_one(struct kf_ledger *self, sqlite3_stmt *statement,
                            struct kf_ledger_release *release, struct kf_error *err)
{
    int answer = sqlite3_step(statement);
    enum kf_err code = KF_ERR_AGAIN;
    if (answer == SQLITE_ROW) {
        code = read_release(self, statement, release, err);
    } else if (answer != SQLITE_DONE) {
        code = kf_ledger_refuse(self, answer, "reading a release", err);
    }
    kf_ledger_done(statement);
    return code;
}

enum kf_err kf_ledger_find(struct kf_ledger *self, const char *id,
                           struct kf_ledger_release *release, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_BY_ID, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_text(statement, 1, id);
    return read_one(self, statement, release, err);
}

enum kf_err kf_ledger_next_open(struct kf_ledger *self, struct kf_ledger_release *release,
                                struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_NEXT_OPEN, &statement, err);
    return code == KF_OK ? read_one(self, statement, release, err) : code;
}

static enum kf_err damaged_panel(const struct kf_ledger *self,
                                 const struct kf_ledger_release *release, uint32_t index,
                                 const char *how, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "%s: panel %u of release %s %s: give the input again",
                        self->path, index, release->id, how);
}

static enum kf_err read_panel(const struct kf_ledger *self, sqlite3_stmt *statement,
                              const struct kf_ledger_release *release, uint32_t index,
                              struct kf_text *bytes, struct kf_error *err)
{
    int64_t stored = sqlite3_column_int64(statement, 0);
    const void *blob = sqlite3_column_blob(statement, 1);
    size_t length = (size_t)sqlite3_column_bytes(statement, 1);
    uint64_t checksum = 0;
    memcpy(&checksum, &stored, sizeof checksum);
    if (!blob || kf_checksum(blob, length) != checksum) {
        return damaged_panel(self, release, index, "is damaged, its checksum is wrong", err);
    }
    kf_text_add_bytes(bytes, blob, length);
    return bytes->failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for panel %u of %s", index,
                                        release->id)
                         : KF_OK;
}

enum kf_err kf_ledger_panel(struct kf_ledger *self, const struct kf_ledger_release *release,
                            uint32_t index, struct kf_text *bytes, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_PANEL, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, release->number);
    bind_number(statement, 2, index);
    int answer = sqlite3_step(statement);
    if (answer == SQLITE_ROW) {
        code = read_panel(self, statement, release, index, bytes, err);
    } else if (answer == SQLITE_DONE) {
        code = damaged_panel(self, release, index, "is not there", err);
    } else {
        code = kf_ledger_refuse(self, answer, "reading a panel", err);
    }
    kf_ledger_done(statement);
    return code;
}

enum kf_err kf_ledger_list(struct kf_ledger *self, size_t count_max, kf_ledger_visit *visit,
                           void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_NEWEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, count_max > INT64_MAX ? INT64_MAX : (int64_t)count_max);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        struct kf_ledger_release release;
        code = read_release(self, statement, &release, err);
        if (code == KF_OK) {
            code = visit(context, &release, err);
        }
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_ledger_refuse(self, answer, "listing", err);
    }
    kf_ledger_done(statement);
    return code;
}

enum kf_err kf_ledger_sources(struct kf_ledger *self, const struct kf_ledger_release *release,
                              kf_ledger_visit_source *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_SOURCES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, release->number);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct kf_source source = {.name = column_text(statement, 0),
                                         .digest = column_text(statement, 1),
                                         .bytes = (uint64_t)sqlite3_column_int64(statement, 2),
                                         .updated = column_text(statement, 3)};
        code = visit(context, &source, err);
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_ledger_refuse(self, answer, "reading sources", err);
    }
    kf_ledger_done(statement);
    return code;
}

enum kf_err kf_ledger_totals(struct kf_ledger *self, struct kf_ledger_totals *totals,
                             struct kf_error *err)
{
    struct kf_ledger_totals read = {.oldest_open_ms = 0};
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_TOTALS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    int answer = SQLITE_DONE;
    while ((answer = sqlite3_step(statement)) == SQLITE_ROW) {
        enum kf_ledger_state state = state_from(column_text(statement, 0));
        int64_t oldest_ms = sqlite3_column_int64(statement, 2);
        bool open = state == KF_LEDGER_DISCOVERED || state == KF_LEDGER_SENT;
        read.releases[state] = (uint64_t)sqlite3_column_int64(statement, 1);
        if (open && (read.oldest_open_ms == 0 || oldest_ms < read.oldest_open_ms)) {
            read.oldest_open_ms = oldest_ms;
        }
    }
    if (answer == SQLITE_DONE) {
        *totals = read;
    } else {
        code = kf_ledger_refuse(self, answer, "counting", err);
    }
    kf_ledger_done(statement);
    return code;
}

/* --- changing ------------------------------------------------------------------------------ */

enum kf_err kf_ledger_mark_sent(struct kf_ledger *self, const char *id, int64_t now_ms,
                                struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_SENT, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_text(statement, 1, id);
    bind_number(statement, 2, now_ms);
    return kf_ledger_finish(self, statement, "marking a release", err);
}

enum kf_err kf_ledger_mark_closed(struct kf_ledger *self, const struct kf_receipt *receipt,
                                  int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_CLOSED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bool committed = receipt->state == KF_RECEIPT_COMMITTED;
    bind_text(statement, 1, receipt->release);
    bind_text(statement, 2,
              kf_ledger_state_name(committed ? KF_LEDGER_COMMITTED : KF_LEDGER_REJECTED));
    bind_number(statement, 3, now_ms);
    bind_number(statement, 4, (int64_t)receipt->rows);
    bind_number(statement, 5, receipt->panels_rejected);
    bind_text(statement, 6, receipt->reason);
    return kf_ledger_finish(self, statement, "closing a release", err);
}

enum kf_err kf_ledger_mark_damaged(struct kf_ledger *self, const struct kf_ledger_release *release,
                                   const char *reason, int64_t now_ms, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_UPDATE_DAMAGED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, release->number);
    bind_number(statement, 2, now_ms);
    bind_text(statement, 3, reason);
    return kf_ledger_finish(self, statement, "closing a damaged release", err);
}

static enum kf_err prune_with(struct kf_ledger *self, enum kf_ledger_statement which, uint32_t keep,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_number(statement, 1, keep);
    return kf_ledger_finish(self, statement, "dropping old panels", err);
}

enum kf_err kf_ledger_prune(struct kf_ledger *self, uint32_t keep, struct kf_error *err)
{
    enum kf_err code = kf_ledger_run(self, "BEGIN IMMEDIATE", "dropping old panels", err);
    if (code != KF_OK) {
        return code;
    }
    code = prune_with(self, KF_LEDGER_DELETE_PANELS, keep, err);
    if (code == KF_OK) {
        code = prune_with(self, KF_LEDGER_UPDATE_NOT_KEPT, keep, err);
    }
    if (code == KF_OK) {
        code = kf_ledger_run(self, "COMMIT", "dropping old panels", err);
    }
    if (code != KF_OK) {
        (void)kf_ledger_run(self, "ROLLBACK", "dropping old panels", NULL);
    }
    return code;
}

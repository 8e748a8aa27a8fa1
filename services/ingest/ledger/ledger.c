#include "services/ingest/ledger/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/model/digest.h"
#include "services/ingest/ledger/ledger_store.h"

#define RELEASE_VALUES 15 /* columns that read_release reads */

static const char *const state_names[KF_LEDGER_STATES] = {
    [0] = "",
    [KF_LEDGER_DISCOVERED] = "discovered",
    [KF_LEDGER_COMPLETE] = "complete",
    [KF_LEDGER_HELD] = "held",
    [KF_LEDGER_SENT] = "sent",
    [KF_LEDGER_COMMITTED] = "committed",
    [KF_LEDGER_REJECTED] = "rejected",
};

const char *kf_ledger_state_name(enum kf_ledger_state state)
{
    size_t index = (size_t)state;
    return index < KF_LEDGER_STATES ? state_names[index] : "";
}

enum kf_ledger_state kf_ledger_state_from(const char *name)
{
    for (int i = KF_LEDGER_DISCOVERED; i < KF_LEDGER_STATES; i++) {
        if (kf_text_equal(state_names[i], name)) {
            return (enum kf_ledger_state)i;
        }
    }
    return 0;
}

/* --- adding -------------------------------------------------------------------------------- */

static enum kf_err insert_release(struct kf_ledger *self, const struct kf_ledger_addition *addition,
                                  struct kf_error *err)
{
    const struct kf_release *release = addition->release;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_INSERT_RELEASE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    enum kf_ledger_state state = addition->held ? KF_LEDGER_HELD : KF_LEDGER_COMPLETE;
    kf_database_bind_text(statement, 1, release->id);
    kf_database_bind_text(statement, 2, kf_ledger_state_name(state));
    kf_database_bind_text(statement, 3, addition->input);
    kf_database_bind_text(statement, 4, release->vintage);
    kf_database_bind_text(statement, 5, release->program);
    kf_database_bind_number(statement, 6, release->discovered_ms);
    kf_database_bind_number(statement, 7, release->panels);
    kf_database_bind_text(statement, 8, addition->held);
    code = kf_database_finish(&self->base, statement, "adding a release", err);
    self->adding_number = sqlite3_last_insert_rowid(self->base.base);
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
    kf_database_bind_number(statement, 1, self->adding_number);
    kf_database_bind_number(statement, 2, (int64_t)place);
    kf_database_bind_text(statement, 3, source->name);
    kf_database_bind_text(statement, 4, source->digest);
    kf_database_bind_number(statement, 5, (int64_t)source->bytes);
    kf_database_bind_text(statement, 6, source->updated);
    return kf_database_finish(&self->base, statement, "adding a source", err);
}

/* Makes room for one more that is held. */
static enum kf_err drop_held(struct kf_ledger *self, int64_t now_ms, struct kf_error *err)
{
    static const enum kf_ledger_statement steps[] = {KF_LEDGER_DELETE_HELD_PANELS,
                                                     KF_LEDGER_UPDATE_HELD_DROPPED};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof steps / sizeof steps[0]; i++) {
        sqlite3_stmt *statement = NULL;
        code = kf_ledger_prepare(self, steps[i], &statement, err);
        if (code != KF_OK) {
            break;
        }
        kf_database_bind_number(statement, 1, KF_LEDGER_HELD_MAX - 1);
        if (steps[i] == KF_LEDGER_UPDATE_HELD_DROPPED) {
            kf_database_bind_number(statement, 2, now_ms);
        }
        code = kf_database_finish(&self->base, statement, "dropping a held release", err);
    }
    return code;
}

enum kf_err kf_ledger_add_begin(struct kf_ledger *self, const struct kf_ledger_addition *addition,
                                struct kf_error *err)
{
    assert(!self->adding);
    const struct kf_release *release = addition->release;
    enum kf_err code = kf_database_begin(&self->base, "adding a release", err);
    if (code != KF_OK) {
        return code;
    }
    self->adding = true;
    self->adding_panels = release->panels;
    self->added_panels = 0;
    if (addition->announced) {
        code = kf_ledger_withdraw(self, addition->announced, err);
    }
    if (code == KF_OK && addition->held) {
        code = drop_held(self, release->discovered_ms, err);
    }
    if (code == KF_OK) {
        code = insert_release(self, addition, err);
    }
    for (size_t i = 0; code == KF_OK && i < release->sources_len; i++) {
        code = insert_source(self, i, &release->sources[i], err);
    }
    if (code != KF_OK) {
        kf_ledger_add_cancel(self);
    }
    return code;
}

static enum kf_err insert_content(struct kf_ledger *self, uint32_t index,
                                  const struct kf_ledger_content *content, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_INSERT_CONTENT, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, self->adding_number);
    kf_database_bind_number(statement, 2, index);
    kf_ledger_bind_content(statement, content);
    return kf_database_finish(&self->base, statement, "adding what a panel is", err);
}

enum kf_err kf_ledger_add_panel(struct kf_ledger *self, uint32_t index,
                                const struct kf_ledger_content *content, const void *bytes,
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
    kf_database_bind_number(statement, 1, self->adding_number);
    kf_database_bind_number(statement, 2, index);
    kf_database_bind_number(statement, 3, stored);
    (void)sqlite3_bind_blob64(statement, 4, bytes, length, SQLITE_STATIC);
    code = kf_database_finish(&self->base, statement, "adding a panel", err);
    if (code == KF_OK) {
        code = insert_content(self, index, content, err);
    }
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
        code = kf_database_run(&self->base, "COMMIT", "writing a release", err);
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
        (void)kf_database_run(&self->base, "ROLLBACK", "forgetting a release", NULL);
    }
}

/* --- reading ------------------------------------------------------------------------------- */

static enum kf_err read_release(const struct kf_ledger *self, sqlite3_stmt *statement,
                                struct kf_ledger_release *release, struct kf_error *err)
{
    struct kf_ledger_release read = {
        .number = sqlite3_column_int64(statement, 0),
        .state = kf_ledger_state_from(kf_database_text(statement, 2)),
        .discovered_ms = sqlite3_column_int64(statement, 4),
        .sent_ms = sqlite3_column_int64(statement, 5),
        .committed_ms = sqlite3_column_int64(statement, 6),
        .panels = (uint32_t)sqlite3_column_int64(statement, 7),
        .panels_rejected = (uint32_t)sqlite3_column_int64(statement, 8),
        .attempts = (uint32_t)sqlite3_column_int64(statement, 9),
        .rows = (uint64_t)sqlite3_column_int64(statement, 10),
        .kept = sqlite3_column_int64(statement, 11) != 0,
    };
    (void)snprintf(read.id, sizeof read.id, "%s", kf_database_text(statement, 1));
    (void)snprintf(read.input, sizeof read.input, "%s", kf_database_text(statement, 3));
    (void)snprintf(read.reason, sizeof read.reason, "%s", kf_database_text(statement, 12));
    (void)snprintf(read.vintage, sizeof read.vintage, "%s", kf_database_text(statement, 13));
    (void)snprintf(read.moved, sizeof read.moved, "%s", kf_database_text(statement, 14));
    read.reason[kf_text_whole(read.reason, strlen(read.reason))] = '\0';
    kf_text_defuse(read.input);
    kf_text_defuse(read.reason);
    if (read.state == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: release %s is in state \"%.64s\", which this "
                            "program does not know",
                            self->base.path, read.id, kf_database_text(statement, 2));
    }
    *release = read;
    return KF_OK;
}

/* Runs a statement that gives at most one release. */
static enum kf_err read_one(struct kf_ledger *self, sqlite3_stmt *statement,
                            struct kf_ledger_release *release, struct kf_error *err)
{
    enum kf_err code = kf_database_step(&self->base, statement, "reading a release", err);
    if (code == KF_OK) {
        code = read_release(self, statement, release, err);
    }
    kf_database_done(statement);
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
    kf_database_bind_text(statement, 1, id);
    return read_one(self, statement, release, err);
}

enum kf_err kf_ledger_next_open(struct kf_ledger *self, struct kf_ledger_release *release,
                                struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_NEXT_OPEN, &statement, err);
    return code == KF_OK ? read_one(self, statement, release, err) : code;
}

enum kf_err kf_ledger_newest_of(struct kf_ledger *self, const char *edition, int year,
                                bool committed, struct kf_ledger_newest *newest,
                                struct kf_error *err)
{
    struct kf_ledger_newest read;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_NEWEST_OF, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, edition);
    kf_database_bind_number(statement, 2, year);
    kf_database_bind_number(statement, 3, committed);
    code = kf_database_step(&self->base, statement, "reading the newest", err);
    if (code == KF_OK) {
        code = read_release(self, statement, &read.release, err);
    }
    if (code == KF_OK) {
        read.panel = (uint32_t)sqlite3_column_int64(statement, RELEASE_VALUES);
        (void)snprintf(read.digest, sizeof read.digest, "%s",
                       kf_database_text(statement, RELEASE_VALUES + 1));
        *newest = read;
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err damaged_panel(const struct kf_ledger *self,
                                 const struct kf_ledger_release *release, uint32_t index,
                                 const char *how, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "%s: panel %u of release %s %s: give the input again",
                        self->base.path, index, release->id, how);
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
    kf_database_bind_number(statement, 1, release->number);
    kf_database_bind_number(statement, 2, index);
    int answer = sqlite3_step(statement);
    if (answer == SQLITE_ROW) {
        code = read_panel(self, statement, release, index, bytes, err);
    } else if (answer == SQLITE_DONE) {
        code = damaged_panel(self, release, index, "is not there", err);
    } else {
        code = kf_database_refuse(&self->base, answer, "reading a panel", err);
    }
    kf_database_done(statement);
    return code;
}

/* Calls `visit` for each row of the statement, whose only parameter is how many. */
static enum kf_err visit_releases(struct kf_ledger *self, sqlite3_stmt *statement, size_t count_max,
                                  kf_ledger_visit *visit, void *context, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    kf_database_bind_number(statement, 1, count_max > INT64_MAX ? INT64_MAX : (int64_t)count_max);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        struct kf_ledger_release release;
        code = read_release(self, statement, &release, err);
        if (code == KF_OK) {
            code = visit(context, &release, err);
        }
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_database_refuse(&self->base, answer, "listing", err);
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_ledger_list(struct kf_ledger *self, size_t count_max, kf_ledger_visit *visit,
                           void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_LIST, &statement, err);
    return code == KF_OK ? visit_releases(self, statement, count_max, visit, context, err) : code;
}

enum kf_err kf_ledger_list_held(struct kf_ledger *self, size_t count_max, kf_ledger_visit *visit,
                                void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_HELD, &statement, err);
    return code == KF_OK ? visit_releases(self, statement, count_max, visit, context, err) : code;
}

enum kf_err kf_ledger_sources(struct kf_ledger *self, const struct kf_ledger_release *release,
                              kf_ledger_visit_source *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_SOURCES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release->number);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct kf_source source = {.name = kf_database_text(statement, 0),
                                         .digest = kf_database_text(statement, 1),
                                         .bytes = (uint64_t)sqlite3_column_int64(statement, 2),
                                         .updated = kf_database_text(statement, 3)};
        code = visit(context, &source, err);
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_database_refuse(&self->base, answer, "reading sources", err);
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_ledger_contents(struct kf_ledger *self, const struct kf_ledger_release *release,
                               kf_ledger_visit_content *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_ledger_prepare(self, KF_LEDGER_SELECT_CONTENTS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, release->number);
    int answer = SQLITE_DONE;
    while (code == KF_OK && (answer = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct kf_ledger_content content = {.edition = kf_database_text(statement, 1),
                                                  .year = (int)sqlite3_column_int64(statement, 2),
                                                  .digest = kf_database_text(statement, 3),
                                                  .rejected =
                                                      sqlite3_column_int64(statement, 4) != 0};
        code = visit(context, (uint32_t)sqlite3_column_int64(statement, 0), &content, err);
    }
    if (code == KF_OK && answer != SQLITE_DONE) {
        code = kf_database_refuse(&self->base, answer, "reading contents", err);
    }
    kf_database_done(statement);
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
        enum kf_ledger_state state = kf_ledger_state_from(kf_database_text(statement, 0));
        int64_t oldest_ms = sqlite3_column_int64(statement, 2);
        bool open = state == KF_LEDGER_COMPLETE || state == KF_LEDGER_SENT;
        read.releases[state] = (uint64_t)sqlite3_column_int64(statement, 1);
        if (open && (read.oldest_open_ms == 0 || oldest_ms < read.oldest_open_ms)) {
            read.oldest_open_ms = oldest_ms;
        }
        if (state == KF_LEDGER_COMMITTED) {
            read.newest_committed_ms = sqlite3_column_int64(statement, 3);
        }
    }
    if (answer == SQLITE_DONE) {
        *totals = read;
    } else {
        code = kf_database_refuse(&self->base, answer, "counting", err);
    }
    kf_database_done(statement);
    return code;
}

#include "services/ingest/ledger_store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/memory.h"

#define APPLICATION_ID 0x4b464c47 /* "KFLG" */
#define BUSY_MS        2000

static const char schema[] =
    "CREATE TABLE releases("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " state TEXT NOT NULL, input TEXT NOT NULL, vintage TEXT NOT NULL, program TEXT NOT NULL,"
    " discovered_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL DEFAULT 0,"
    " committed_ms INTEGER NOT NULL DEFAULT 0, panels INTEGER NOT NULL,"
    " panels_rejected INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,"
    " rows INTEGER NOT NULL DEFAULT 0, kept INTEGER NOT NULL DEFAULT 1,"
    " reason TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX releases_by_state ON releases(state, number);"
    "CREATE TABLE sources("
    " release INTEGER NOT NULL REFERENCES releases(number), place INTEGER NOT NULL,"
    " name TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL, updated TEXT NOT NULL,"
    " PRIMARY KEY(release, place)) WITHOUT ROWID;"
    "CREATE TABLE panels("
    " release INTEGER NOT NULL REFERENCES releases(number), place INTEGER NOT NULL,"
    " checksum INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(release, place));";

#define RELEASE_COLUMNS                                                                            \
    "SELECT number, id, state, input, discovered_ms, sent_ms, committed_ms, panels,"               \
    " panels_rejected, attempts, rows, kept, reason FROM releases "
#define CLOSED "('committed','rejected')"
#define BEYOND_KEEP                                                                                \
    "(SELECT number FROM releases WHERE kept = 1 AND state IN " CLOSED                             \
    " ORDER BY number DESC LIMIT -1 OFFSET ?1)"

static const char *const statement_texts[KF_LEDGER_STATEMENTS] = {
    [KF_LEDGER_INSERT_RELEASE] =
        "INSERT INTO releases(id, state, input, vintage, program, discovered_ms,"
        " panels) VALUES(?1, 'discovered', ?2, ?3, ?4, ?5, ?6)",
    [KF_LEDGER_INSERT_SOURCE] = "INSERT INTO sources VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [KF_LEDGER_INSERT_PANEL] = "INSERT INTO panels VALUES(?1, ?2, ?3, ?4)",
    [KF_LEDGER_SELECT_BY_ID] = RELEASE_COLUMNS "WHERE id = ?1",
    [KF_LEDGER_SELECT_NEXT_OPEN] =
        RELEASE_COLUMNS "WHERE state IN ('discovered','sent') ORDER BY number LIMIT 1",
    [KF_LEDGER_SELECT_NEWEST] = RELEASE_COLUMNS "ORDER BY number DESC LIMIT ?1",
    [KF_LEDGER_SELECT_PANEL] =
        "SELECT checksum, bytes FROM panels WHERE release = ?1 AND place = ?2",
    [KF_LEDGER_SELECT_SOURCES] =
        "SELECT name, digest, bytes, updated FROM sources WHERE release = ?1 ORDER BY place",
    [KF_LEDGER_SELECT_TOTALS] =
        "SELECT state, count(*), min(discovered_ms) FROM releases GROUP BY state",
    [KF_LEDGER_UPDATE_SENT] = "UPDATE releases SET state = 'sent', attempts = attempts + 1,"
                              " sent_ms = iif(sent_ms = 0, ?2, sent_ms)"
                              " WHERE id = ?1 AND state IN ('discovered','sent')",
    [KF_LEDGER_UPDATE_CLOSED] = "UPDATE releases SET state = ?2, committed_ms = ?3, rows = ?4,"
                                " panels_rejected = ?5, reason = ?6"
                                " WHERE id = ?1 AND state IN ('discovered','sent')",
    [KF_LEDGER_UPDATE_DAMAGED] =
        "UPDATE releases SET id = 'damaged-' || number, state = 'rejected', committed_ms = ?2,"
        " reason = ?3 WHERE number = ?1",
    [KF_LEDGER_DELETE_PANELS] = "DELETE FROM panels WHERE release IN " BEYOND_KEEP,
    [KF_LEDGER_UPDATE_NOT_KEPT] = "UPDATE releases SET kept = 0 WHERE number IN " BEYOND_KEEP,
};

/* --- SQLite's answers ---------------------------------------------------------------------- */

enum kf_err kf_ledger_refuse(const struct kf_ledger *self, int answer, const char *doing,
                             struct kf_error *err)
{
    int primary = answer & 0xff;
    bool damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
    enum kf_err code = damaged ? KF_ERR_DATA : primary == SQLITE_NOMEM ? KF_ERR_MEMORY : KF_ERR_IO;
    const char *text = self->base ? sqlite3_errmsg(self->base) : sqlite3_errstr(answer);
    kf_error_set(err, code, "%s: %s fails: %s%s", self->path, doing, text,
                 damaged ? "; the ledger is damaged: move it away and start with a new one" : "");
    if (err && damaged) {
        err->disposition = KF_FATAL;
    }
    return code;
}

enum kf_err kf_ledger_run(struct kf_ledger *self, const char *sql, const char *doing,
                          struct kf_error *err)
{
    int answer = sqlite3_exec(self->base, sql, NULL, NULL, NULL);
    return answer == SQLITE_OK ? KF_OK : kf_ledger_refuse(self, answer, doing, err);
}

enum kf_err kf_ledger_prepare(struct kf_ledger *self, enum kf_ledger_statement which,
                              sqlite3_stmt **statement, struct kf_error *err)
{
    if (!self->statements[which]) {
        int answer = sqlite3_prepare_v3(self->base, statement_texts[which], -1,
                                        SQLITE_PREPARE_PERSISTENT, &self->statements[which], NULL);
        if (answer != SQLITE_OK) {
            return kf_ledger_refuse(self, answer, "preparing", err);
        }
    }
    *statement = self->statements[which];
    return KF_OK;
}

void kf_ledger_done(sqlite3_stmt *statement)
{
    if (statement) {
        (void)sqlite3_reset(statement);
        (void)sqlite3_clear_bindings(statement);
    }
}

enum kf_err kf_ledger_finish(struct kf_ledger *self, sqlite3_stmt *statement, const char *doing,
                             struct kf_error *err)
{
    int answer = sqlite3_step(statement);
    enum kf_err code = answer == SQLITE_DONE ? KF_OK : kf_ledger_refuse(self, answer, doing, err);
    kf_ledger_done(statement);
    return code;
}

/* --- opening ------------------------------------------------------------------------------- */

static enum kf_err lock_for_writing(struct kf_ledger *self, struct kf_error *err)
{
    char path[KF_LEDGER_PATH_MAX + sizeof ".lock"];
    (void)snprintf(path, sizeof path, "%s.lock", self->path);
    self->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: cannot be opened", path);
    }
    if (flock(self->lock, LOCK_EX | LOCK_NB) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: another ingest uses this ledger; stop it, or give this one "
                            "another --state-dir",
                            self->path);
    }
    return KF_OK;
}

static enum kf_err read_number(struct kf_ledger *self, const char *sql, int64_t *number,
                               struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    int answer = sqlite3_prepare_v2(self->base, sql, -1, &statement, NULL);
    if (answer == SQLITE_OK) {
        answer = sqlite3_step(statement);
    }
    enum kf_err code = KF_OK;
    if (answer == SQLITE_ROW) {
        *number = sqlite3_column_int64(statement, 0);
    } else {
        code = kf_ledger_refuse(self, answer, "reading", err);
    }
    (void)sqlite3_finalize(statement);
    return code;
}

static const char *verdict(sqlite3_stmt *statement)
{
    const unsigned char *text = sqlite3_column_text(statement, 0);
    return text ? (const char *)text : "no answer";
}

static enum kf_err check_integrity(struct kf_ledger *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = KF_OK;
    int answer = sqlite3_prepare_v2(self->base, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (answer == SQLITE_OK) {
        answer = sqlite3_step(statement);
    }
    if (answer != SQLITE_ROW) {
        code = kf_ledger_refuse(self, answer, "checking", err);
    } else if (strcmp(verdict(statement), "ok") != 0) {
        code = kf_error_set(err, KF_ERR_DATA,
                            "%s: the ledger is damaged (%s): move it away and start with a new one",
                            self->path, verdict(statement));
    }
    if (code == KF_ERR_DATA && err) {
        err->disposition = KF_FATAL;
    }
    (void)sqlite3_finalize(statement);
    return code;
}

/* Makes the tables in an empty file. */
static enum kf_err create(struct kf_ledger *self, struct kf_error *err)
{
    char sql[sizeof schema + 256];
    (void)snprintf(sql, sizeof sql,
                   "BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d;"
                   " COMMIT;",
                   schema, APPLICATION_ID, KF_LEDGER_VERSION);
    return kf_ledger_run(self, sql, "making the ledger", err);
}

/* Sees what the file is: ours, empty, newer, foreign. */
static enum kf_err check_version(struct kf_ledger *self, bool may_create, struct kf_error *err)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    enum kf_err code = read_number(self, "PRAGMA application_id", &application, err);
    if (code == KF_OK) {
        code = read_number(self, "PRAGMA user_version", &version, err);
    }
    if (code == KF_OK) {
        code = read_number(self, "SELECT count(*) FROM sqlite_schema", &tables, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (tables == 0 && application == 0 && may_create) {
        return create(self, err);
    }
    if (application != APPLICATION_ID) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s: is not a ledger of kostraflow", self->path);
    }
    if (version > KF_LEDGER_VERSION) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: the ledger has version %" PRId64 ", this program knows up to %d: "
                            "use the newer program, or another --ledger",
                            self->path, version, KF_LEDGER_VERSION);
    }
    return KF_OK;
}

static enum kf_err ledger_new(const char *path, struct kf_ledger **ledger, struct kf_error *err)
{
    struct kf_ledger *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the ledger");
    }
    self->lock = -1;
    if ((size_t)snprintf(self->path, sizeof self->path, "%s", path) >= sizeof self->path) {
        kf_free(self);
        return kf_error_set(err, KF_ERR_CONFIG, "the ledger's path is too long");
    }
    *ledger = self;
    return KF_OK;
}

static enum kf_err open_base(struct kf_ledger *self, int flags, struct kf_error *err)
{
    int answer = sqlite3_open_v2(self->path, &self->base, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (answer != SQLITE_OK) {
        return kf_ledger_refuse(self, answer, "opening", err);
    }
    (void)sqlite3_busy_timeout(self->base, BUSY_MS);
    (void)sqlite3_extended_result_codes(self->base, 1);
    return KF_OK;
}

/* Starting again does not mend a damaged ledger: whoever watches over the service is told so by the
 * code. */
static enum kf_err as_setting(enum kf_err code, struct kf_error *err)
{
    return code == KF_ERR_DATA ? kf_error_set(err, KF_ERR_CONFIG, "%s", err ? err->text : "")
                               : code;
}

enum kf_err kf_ledger_open(const char *path, struct kf_ledger **ledger, struct kf_error *err)
{
    struct kf_ledger *self = NULL;
    enum kf_err code = ledger_new(path, &self, err);
    if (code != KF_OK) {
        return code;
    }
    code = lock_for_writing(self, err);
    if (code == KF_OK) {
        code = open_base(self, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    }
    if (code == KF_OK) {
        code = check_version(self, true, err);
    }
    if (code == KF_OK) {
        code = check_integrity(self, err);
    }
    if (code == KF_OK) {
        code = kf_ledger_run(self,
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                             " PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864;"
                             " PRAGMA cache_size = -2048;",
                             "setting up", err);
    }
    if (code != KF_OK) {
        kf_ledger_close(&self);
        return as_setting(code, err);
    }
    *ledger = self;
    return KF_OK;
}

enum kf_err kf_ledger_open_readonly(const char *path, struct kf_ledger **ledger,
                                    struct kf_error *err)
{
    struct kf_ledger *self = NULL;
    enum kf_err code = ledger_new(path, &self, err);
    if (code != KF_OK) {
        return code;
    }
    if (access(path, F_OK) != 0) {
        code = kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: no ledger", path);
    }
    if (code == KF_OK) {
        code = open_base(self, SQLITE_OPEN_READONLY, err);
    }
    if (code == KF_OK) {
        code = check_version(self, false, err);
    }
    if (code != KF_OK) {
        kf_ledger_close(&self);
        return code;
    }
    *ledger = self;
    return KF_OK;
}

void kf_ledger_close(struct kf_ledger **self)
{
    if (!self || !*self) {
        return;
    }
    kf_ledger_add_cancel(*self);
    for (size_t i = 0; i < KF_LEDGER_STATEMENTS; i++) {
        (void)sqlite3_finalize((*self)->statements[i]);
    }
    (void)sqlite3_close((*self)->base);
    if ((*self)->lock >= 0) {
        (void)close((*self)->lock);
    }
    kf_free(*self);
    *self = NULL;
}

#include "common/database/database.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/text.h"

#define BUSY_MS         2000
#define WRITER_SIZE     64
#define WRITER_SQL_SIZE 1024

/* --- SQLite's answers ---------------------------------------------------------------------- */

enum kf_err kf_database_refuse(const struct kf_database *self, int answer, const char *doing,
                               struct kf_error *err)
{
    int primary = answer & 0xff;
    /* Our statements are sound: SQLITE_ERROR says that the tables are not those we made. */
    bool damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
    enum kf_err code = damaged ? KF_ERR_DATA : primary == SQLITE_NOMEM ? KF_ERR_MEMORY : KF_ERR_IO;
    const char *text = self->base ? sqlite3_errmsg(self->base) : sqlite3_errstr(answer);
    if (damaged) {
        /* Nobody shall delete a file of another kind because it was named by mistake. */
        const char *doubt = primary == SQLITE_NOTADB ? "unless this is the wrong file, " : "";
        kf_error_set(err, code, "%s: %s fails: %s; %sthe %s is damaged: %s", self->path, doing,
                     text, doubt, self->class->noun, self->class->loss);
    } else {
        kf_error_set(err, code, "%s: %s fails: %s", self->path, doing, text);
    }
    if (err && damaged) {
        err->disposition = KF_FATAL;
    }
    return code;
}

enum kf_err kf_database_run(struct kf_database *self, const char *sql, const char *doing,
                            struct kf_error *err)
{
    int answer = sqlite3_exec(self->base, sql, NULL, NULL, NULL);
    return answer == SQLITE_OK ? KF_OK : kf_database_refuse(self, answer, doing, err);
}

/* What is written to a file that has lost its name is gone with the process. */
static enum kf_err expect_in_place(struct kf_database *self, const char *doing,
                                   struct kf_error *err)
{
    int moved = 0;
    (void)sqlite3_file_control(self->base, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (!moved) {
        return KF_OK;
    }
    kf_error_set(err, KF_ERR_IO,
                 "%s: %s is refused: the %s was removed or replaced while it was in use; put it "
                 "back before the next start, or begin a new one",
                 self->path, doing, self->class->noun);
    if (err) {
        err->disposition = KF_FATAL;
    }
    return KF_ERR_IO;
}

enum kf_err kf_database_begin(struct kf_database *self, const char *doing, struct kf_error *err)
{
    if (expect_in_place(self, doing, err) != KF_OK) {
        return KF_ERR_IO;
    }
    return kf_database_run(self, "BEGIN IMMEDIATE", doing, err);
}

enum kf_err kf_database_end(struct kf_database *self, enum kf_err code, const char *doing,
                            struct kf_error *err)
{
    if (code == KF_OK) {
        code = kf_database_run(self, "COMMIT", doing, err);
    }
    if (code != KF_OK && sqlite3_get_autocommit(self->base) == 0) {
        (void)kf_database_run(self, "ROLLBACK", doing, NULL);
    }
    return code;
}

enum kf_err kf_database_prepare(struct kf_database *self, size_t which, sqlite3_stmt **statement,
                                struct kf_error *err)
{
    assert(which < self->class->statements_len);
    if (!self->statements[which]) {
        int answer = sqlite3_prepare_v3(self->base, self->class->statements[which], -1,
                                        SQLITE_PREPARE_PERSISTENT, &self->statements[which], NULL);
        if (answer != SQLITE_OK) {
            return kf_database_refuse(self, answer, "preparing", err);
        }
    }
    *statement = self->statements[which];
    return KF_OK;
}

void kf_database_done(sqlite3_stmt *statement)
{
    if (statement) {
        (void)sqlite3_reset(statement);
        (void)sqlite3_clear_bindings(statement);
    }
}

enum kf_err kf_database_finish(struct kf_database *self, sqlite3_stmt *statement, const char *doing,
                               struct kf_error *err)
{
    int answer = sqlite3_step(statement);
    enum kf_err code = answer == SQLITE_DONE ? KF_OK : kf_database_refuse(self, answer, doing, err);
    kf_database_done(statement);
    return code;
}

enum kf_err kf_database_step(struct kf_database *self, sqlite3_stmt *statement, const char *doing,
                             struct kf_error *err)
{
    int answer = sqlite3_step(statement);
    if (answer == SQLITE_ROW) {
        return KF_OK;
    }
    return answer == SQLITE_DONE ? KF_ERR_AGAIN : kf_database_refuse(self, answer, doing, err);
}

enum kf_err kf_database_number(struct kf_database *self, const char *sql, int64_t *number,
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
        code = kf_database_refuse(self, answer, "reading", err);
    }
    (void)sqlite3_finalize(statement);
    return code;
}

int kf_database_changes(const struct kf_database *self)
{
    return sqlite3_changes(self->base);
}

void kf_database_bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    (void)sqlite3_bind_text(statement, place, text ? text : "", -1, SQLITE_TRANSIENT);
}

void kf_database_bind_number(sqlite3_stmt *statement, int place, int64_t number)
{
    (void)sqlite3_bind_int64(statement, place, number);
}

const char *kf_database_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

/* --- what the file is ---------------------------------------------------------------------- */

static const char *verdict(sqlite3_stmt *statement)
{
    const unsigned char *text = sqlite3_column_text(statement, 0);
    return text ? (const char *)text : "no answer";
}

/* Indexes included: a release that an index has lost would be forgotten without a word. */
static enum kf_err check_integrity(struct kf_database *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = KF_OK;
    int answer = sqlite3_prepare_v2(self->base, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    if (answer == SQLITE_OK) {
        answer = sqlite3_step(statement);
    }
    if (answer != SQLITE_ROW) {
        code = kf_database_refuse(self, answer, "checking", err);
    } else if (strcmp(verdict(statement), "ok") != 0) {
        code = kf_error_set(err, KF_ERR_DATA, "%s: the %s is damaged (%s): %s", self->path,
                            self->class->noun, verdict(statement), self->class->loss);
    }
    if (code == KF_ERR_DATA && err) {
        err->disposition = KF_FATAL;
    }
    (void)sqlite3_finalize(statement);
    return code;
}

static enum kf_err check_statements(struct kf_database *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->class->statements_len; i++) {
        code = kf_database_prepare(self, i, &statement, err);
    }
    return code;
}

/* SQLite takes the first bytes of a database that was cut short for an empty one. */
static enum kf_err expect_empty_file(const struct kf_database *self, struct kf_error *err)
{
    struct stat about;
    if (stat(self->path, &about) != 0 || about.st_size == 0) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_DATA, "%s: the %s is damaged (cut short): %s", self->path,
                        self->class->noun, self->class->loss);
}

/* Makes the tables in an empty file. */
static enum kf_err create(struct kf_database *self, struct kf_error *err)
{
    char sql[KF_DATABASE_SCHEMA_MAX];
    if (expect_empty_file(self, err) != KF_OK) {
        return KF_ERR_DATA;
    }
    int length = snprintf(sql, sizeof sql,
                          "BEGIN IMMEDIATE; %s PRAGMA application_id = %d;"
                          " PRAGMA user_version = %d; COMMIT;",
                          self->class->schema, self->class->application_id, self->class->version);
    assert(length > 0 && (size_t)length < sizeof sql);
    (void)length;
    enum kf_err code = kf_database_run(self, sql, "making the tables", err);
    return code == KF_OK ? KF_OK : kf_database_end(self, code, "making the tables", err);
}

/* Which program has it written last, as far as it says so. */
static void read_writer(struct kf_database *self, char writer[WRITER_SIZE])
{
    sqlite3_stmt *statement = NULL;
    (void)snprintf(writer, WRITER_SIZE, "a newer program");
    if (sqlite3_prepare_v2(self->base, "SELECT program FROM written_by ORDER BY rowid DESC LIMIT 1",
                           -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        (void)snprintf(writer, WRITER_SIZE, "kostraflow %.32s", kf_database_text(statement, 0));
        kf_text_defuse(writer);
    }
    (void)sqlite3_finalize(statement);
}

static enum kf_err refuse_newer(struct kf_database *self, int64_t version, struct kf_error *err)
{
    char writer[WRITER_SIZE];
    char backup[KF_DATABASE_PATH_MAX + 32];
    char back[KF_DATABASE_PATH_MAX + 128] = "";
    read_writer(self, writer);
    kf_database_backup_path(self, self->class->version, backup, sizeof backup);
    if (!self->class->irreplaceable) {
        (void)snprintf(back, sizeof back, ", or %s", self->class->loss);
    } else if (access(backup, F_OK) == 0) {
        (void)snprintf(back, sizeof back, ", or go back to %s, the copy from before", backup);
    }
    return kf_error_set(err, KF_ERR_CONFIG,
                        "%s: the %s has version %" PRId64 ", written by %s; this program is "
                        "kostraflow " KF_VERSION " and knows up to %d: use %s%s",
                        self->path, self->class->noun, version, writer, self->class->version,
                        strcmp(writer, "a newer program") == 0 ? "that program" : writer, back);
}

/* Ours and of which version; 0: an empty file. */
static enum kf_err read_version(struct kf_database *self, int64_t *version, struct kf_error *err)
{
    int64_t application = 0;
    int64_t tables = 0;
    enum kf_err code = kf_database_number(self, "PRAGMA application_id", &application, err);
    if (code == KF_OK) {
        code = kf_database_number(self, "PRAGMA user_version", version, err);
    }
    if (code == KF_OK) {
        code = kf_database_number(self, "SELECT count(*) FROM sqlite_schema", &tables, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (tables == 0 && application == 0) {
        *version = 0;
    } else if (application != self->class->application_id || *version < 1) {
        code = kf_error_set(err, KF_ERR_CONFIG, "%s: is not a%s %s of kostraflow", self->path,
                            strchr("aeiou", self->class->noun[0]) ? "n" : "", self->class->noun);
    } else if (*version > self->class->version) {
        code = refuse_newer(self, *version, err);
    }
    return code;
}

/* Notes that this program writes from now on, unless it was the last to. */
static enum kf_err note_writer(struct kf_database *self, struct kf_error *err)
{
    char sql[WRITER_SQL_SIZE];
    (void)snprintf(sql, sizeof sql,
                   "CREATE TABLE IF NOT EXISTS written_by(program TEXT NOT NULL,"
                   " version INTEGER NOT NULL, since_ms INTEGER NOT NULL);"
                   "INSERT INTO written_by SELECT '" KF_VERSION "', %d, %" PRId64
                   " WHERE NOT EXISTS(SELECT 1 FROM written_by"
                   " WHERE rowid = (SELECT max(rowid) FROM written_by)"
                   " AND program = '" KF_VERSION "' AND version = %d)",
                   self->class->version, kf_clock_wall_ms(), self->class->version);
    return kf_database_run(self, sql, "noting the program", err);
}

static enum kf_err migrate(struct kf_database *self, int version, struct kf_error *err)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", self->class->version);
    enum kf_err code = kf_database_begin(self, "bringing up to date", err);
    if (code != KF_OK) {
        return code;
    }
    for (int i = version; code == KF_OK && i < self->class->version; i++) {
        code = self->class->migrate(self, i, err);
    }
    if (code == KF_OK) {
        code = kf_database_run(self, sql, "bringing up to date", err);
    }
    if (code == KF_OK) {
        code = note_writer(self, err);
    }
    KF_CRASH_POINT("ingest.migrating");
    return kf_database_end(self, code, "bringing up to date", err);
}

/* From an older version to ours, in one transaction, after a copy was made. */
static enum kf_err bring_up_to_date(struct kf_database *self, int version, struct kf_error *err)
{
    enum kf_err code = self->class->irreplaceable ? kf_database_backup(self, version, err) : KF_OK;
    if (code == KF_OK) {
        code = migrate(self, version, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.migrated");
    }
    return code;
}

/* Only one of our own version can be read or added to. */
static enum kf_err expect_ours(struct kf_database *self, struct kf_error *err)
{
    int64_t version = 0;
    enum kf_err code = read_version(self, &version, err);
    if (code == KF_OK && version != self->class->version) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "%s: the %s has version %" PRId64 ", this program reads version %d: "
                            "start %s once, it brings it up to date",
                            self->path, self->class->noun, version, self->class->version,
                            self->class->owner);
    }
    return code;
}

/* --- opening ------------------------------------------------------------------------------- */

static enum kf_err begin(struct kf_database *self, const struct kf_database_class *class,
                         const char *path, struct kf_error *err)
{
    assert(class->statements_len <= KF_DATABASE_STATEMENTS_MAX);
    self->class = class;
    if ((size_t)snprintf(self->path, sizeof self->path, "%s", path) >= sizeof self->path) {
        return kf_error_set(err, KF_ERR_CONFIG, "the path of the %s is too long", class->noun);
    }
    return KF_OK;
}

static enum kf_err lock_for_writing(struct kf_database *self, struct kf_error *err)
{
    char path[KF_DATABASE_PATH_MAX + sizeof ".lock"];
    (void)snprintf(path, sizeof path, "%s.lock", self->path);
    self->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: cannot be opened", path);
    }
    self->locked = true;
    if (flock(self->lock, LOCK_EX | LOCK_NB) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s: another %s uses this %s; stop it, or give this one "
                            "another --state-dir",
                            self->path, self->class->owner, self->class->noun);
    }
    return KF_OK;
}

static enum kf_err open_base(struct kf_database *self, int flags, struct kf_error *err)
{
    int answer = sqlite3_open_v2(self->path, &self->base, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (answer != SQLITE_OK) {
        return kf_database_refuse(self, answer, "opening", err);
    }
    (void)sqlite3_busy_timeout(self->base, BUSY_MS);
    (void)sqlite3_extended_result_codes(self->base, 1);
    return KF_OK;
}

/* Starting again does not mend a damaged database: whoever watches over the service is told so by
 * the code. */
static enum kf_err as_setting(enum kf_err code, struct kf_error *err)
{
    return code == KF_ERR_DATA ? kf_error_set(err, KF_ERR_CONFIG, "%s", err ? err->text : "")
                               : code;
}

static enum kf_err open_locked(struct kf_database *self, struct kf_error *err)
{
    int64_t version = 0;
    enum kf_err code = open_base(self, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (code == KF_OK) {
        code = read_version(self, &version, err);
    }
    if (code == KF_OK && version == 0) {
        code = create(self, err);
    }
    if (code == KF_OK) {
        code = check_integrity(self, err);
    }
    if (code == KF_OK) {
        code = kf_database_run(self,
                               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                               " PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864;"
                               " PRAGMA cache_size = -2048;",
                               "setting up", err);
    }
    if (code == KF_OK && version > 0 && version < self->class->version) {
        code = bring_up_to_date(self, (int)version, err);
    } else if (code == KF_OK) {
        code = note_writer(self, err);
    }
    return code == KF_OK ? check_statements(self, err) : code;
}

static void close_base(struct kf_database *self)
{
    for (size_t i = 0; i < KF_DATABASE_STATEMENTS_MAX; i++) {
        (void)sqlite3_finalize(self->statements[i]);
        self->statements[i] = NULL;
    }
    (void)sqlite3_close(self->base);
    self->base = NULL;
}

/* Whether the disk gives all of the file. */
static enum kf_err read_whole(const char *path, struct kf_error *err)
{
    char bytes[65536];
    ssize_t length = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    while (file >= 0 && length > 0) {
        length = read(file, bytes, sizeof bytes);
    }
    int reason = errno;
    if (file >= 0) {
        (void)close(file);
    }
    return file >= 0 && length == 0
               ? KF_OK
               : kf_error_set_errno(err, KF_ERR_IO, reason,
                                    "%s: cannot be read, the disk refuses it", path);
}

/* SQLite takes a disk that refuses to be read for a damaged file, and nobody is to be told to move
 * away a sound one: damaged is what is found so twice, and can be read. */
static enum kf_err open_again(struct kf_database *self, struct kf_error *err)
{
    close_base(self);
    enum kf_err code = open_locked(self, err);
    struct kf_error why;
    if (code == KF_ERR_DATA && read_whole(self->path, &why) != KF_OK) {
        return kf_error_set(err, why.code, "%s", why.text);
    }
    return code;
}

enum kf_err kf_database_open(struct kf_database *self, const struct kf_database_class *class,
                             const char *path, struct kf_error *err)
{
    enum kf_err code = begin(self, class, path, err);
    if (code == KF_OK) {
        code = lock_for_writing(self, err);
    }
    if (code == KF_OK) {
        code = open_locked(self, err);
    }
    if (code == KF_ERR_DATA) {
        code = open_again(self, err);
    }
    return as_setting(code, err);
}

static enum kf_err open_existing(struct kf_database *self, const struct kf_database_class *class,
                                 const char *path, int flags, struct kf_error *err)
{
    enum kf_err code = begin(self, class, path, err);
    if (code == KF_OK && access(path, F_OK) != 0) {
        code = kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: no %s", path, class->noun);
    }
    if (code == KF_OK) {
        code = open_base(self, flags, err);
    }
    return code == KF_OK ? expect_ours(self, err) : code;
}

enum kf_err kf_database_open_readonly(struct kf_database *self,
                                      const struct kf_database_class *class, const char *path,
                                      struct kf_error *err)
{
    return open_existing(self, class, path, SQLITE_OPEN_READONLY, err);
}

enum kf_err kf_database_open_beside(struct kf_database *self, const struct kf_database_class *class,
                                    const char *path, struct kf_error *err)
{
    enum kf_err code = open_existing(self, class, path, SQLITE_OPEN_READWRITE, err);
    return code == KF_OK ? kf_database_run(self, "PRAGMA synchronous = FULL", "setting up", err)
                         : code;
}

void kf_database_close(struct kf_database *self)
{
    close_base(self);
    if (self->locked) {
        (void)close(self->lock);
        self->locked = false;
    }
}

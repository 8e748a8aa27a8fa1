/* A SQLite file of a service's: what they all have in common.
 *
 * One process writes: it holds the lock file beside the database for as long as it has it open.
 * Others read along, or add a single row without the lock (kf_database_open_beside). Write-ahead
 * log, full synchronisation: what is committed survives the loss of power. The file says what it is
 * (application id), of which version its tables are, and which program has written it since when
 * (table written_by); an older version is brought up to date in one transaction when it is opened
 * for writing, after a copy was made of what cannot be had again; a newer one is refused and never
 * changed.
 *
 * All answers of SQLite are translated here, once.
 */
#ifndef KF_DATABASE_DATABASE_H
#define KF_DATABASE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

#define KF_DATABASE_PATH_MAX       4096
#define KF_DATABASE_STATEMENTS_MAX 64
#define KF_DATABASE_SCHEMA_MAX     8192

struct kf_database;

/* What kind of database it is. */
struct kf_database_class {
    const char *noun;   /* "ledger": for messages */
    const char *owner;  /* "ingest": the service that writes it */
    const char *option; /* "--ledger": says where it lies */
    const char *loss;   /* what to do with a damaged one */
    int application_id;
    int version;
    bool irreplaceable; /* copied before it is brought up to date */
    const char *schema; /* of an empty file */
    const char *const *statements;
    size_t statements_len;
    /* Brings the tables from `version` to the next one; runs inside a transaction. */
    enum kf_err (*migrate)(struct kf_database *self, int version, struct kf_error *err);
};

/* An open database, in its owner's storage. Start from {0}; plain data for its owner. */
struct kf_database {
    const struct kf_database_class *class;
    char path[KF_DATABASE_PATH_MAX];
    bool locked;
    int lock; /* when `locked` */
    sqlite3 *base;
    sqlite3_stmt *statements[KF_DATABASE_STATEMENTS_MAX]; /* prepared when first used */
};

/* --- opening and closing ------------------------------------------------------------------- */

/* Opens for writing, makes it when it is not there, brings it up to date, and runs a quick check of
 * the whole file. KF_ERR_CONFIG: another process has it, it is newer, foreign or damaged.
 * KF_ERR_IO. On failure close it all the same. */
enum kf_err kf_database_open(struct kf_database *self, const struct kf_database_class *class,
                             const char *path, struct kf_error *err);

/* Opens an existing one for reading. KF_ERR_CONFIG for one of another version: only who may write
 * brings an older one up to date. */
enum kf_err kf_database_open_readonly(struct kf_database *self,
                                      const struct kf_database_class *class, const char *path,
                                      struct kf_error *err);

/* Opens an existing one for adding a row beside the process that has the lock; waits for its
 * transactions. */
enum kf_err kf_database_open_beside(struct kf_database *self, const struct kf_database_class *class,
                                    const char *path, struct kf_error *err);

/* Writes the path of the copy that is made before a database of that version is brought up to date:
 * PATH.vVERSION.bak. */
void kf_database_backup_path(const struct kf_database *self, int version, char *path, size_t size);

/* Makes that copy, durable before this returns; an earlier one of the same version is replaced in
 * one step. KF_ERR_IO when there is no room for the copy and for bringing the database up to date,
 * or the disk fails: nothing has changed then. */
enum kf_err kf_database_backup(struct kf_database *self, int version, struct kf_error *err);

/* Rolls back what is not committed. */
void kf_database_close(struct kf_database *self);

/* --- transactions and statements ----------------------------------------------------------- */

/* Translates SQLite's last answer to an error of ours; `doing` says what failed. Damage is fatal:
 * nothing more can be promised. Returns the code. */
enum kf_err kf_database_refuse(const struct kf_database *self, int answer, const char *doing,
                               struct kf_error *err);

/* Runs fixed SQL without parameters and rows. */
enum kf_err kf_database_run(struct kf_database *self, const char *sql, const char *doing,
                            struct kf_error *err);

/* Begins a transaction that writes; it ends with kf_database_end. */
enum kf_err kf_database_begin(struct kf_database *self, const char *doing, struct kf_error *err);

/* Commits when `code` is KF_OK; rolls back otherwise, and when the commit fails. Returns the first
 * failure. */
enum kf_err kf_database_end(struct kf_database *self, enum kf_err code, const char *doing,
                            struct kf_error *err);

/* Statement `which` of the class, ready for binding. Give it back with kf_database_done or
 * kf_database_finish. */
enum kf_err kf_database_prepare(struct kf_database *self, size_t which, sqlite3_stmt **statement,
                                struct kf_error *err);

/* Ends the use of a statement, so that no transaction stays open. */
void kf_database_done(sqlite3_stmt *statement);

/* Runs a bound statement that gives no rows, and ends its use. */
enum kf_err kf_database_finish(struct kf_database *self, sqlite3_stmt *statement, const char *doing,
                               struct kf_error *err);

/* Runs a bound statement to its first row: KF_OK, KF_ERR_AGAIN when there is none. Its use must be
 * ended afterwards. */
enum kf_err kf_database_step(struct kf_database *self, sqlite3_stmt *statement, const char *doing,
                             struct kf_error *err);

/* The number that fixed SQL gives. */
enum kf_err kf_database_number(struct kf_database *self, const char *sql, int64_t *number,
                               struct kf_error *err);

/* Rows that the last statement changed. */
int kf_database_changes(const struct kf_database *self);

/* --- binding and reading ------------------------------------------------------------------- */

/* Binding fails only without memory; the NULL that then stands there is refused by the table. */
void kf_database_bind_text(sqlite3_stmt *statement, int place, const char *text);
void kf_database_bind_number(sqlite3_stmt *statement, int place, int64_t number);

/* "" for NULL. */
const char *kf_database_text(sqlite3_stmt *statement, int column);

#endif

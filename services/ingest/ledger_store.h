/* The ledger's SQLite file: opening, checking, the statements. Internal to the ledger. */
#ifndef KF_INGEST_LEDGER_STORE_H
#define KF_INGEST_LEDGER_STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "services/ingest/ledger.h"

#define KF_LEDGER_PATH_MAX 4096

/* All statements, prepared when first used. */
enum kf_ledger_statement {
    KF_LEDGER_INSERT_RELEASE,
    KF_LEDGER_INSERT_SOURCE,
    KF_LEDGER_INSERT_PANEL,
    KF_LEDGER_SELECT_BY_ID,
    KF_LEDGER_SELECT_NEXT_OPEN,
    KF_LEDGER_SELECT_NEWEST,
    KF_LEDGER_SELECT_PANEL,
    KF_LEDGER_SELECT_SOURCES,
    KF_LEDGER_SELECT_TOTALS,
    KF_LEDGER_UPDATE_SENT,
    KF_LEDGER_UPDATE_CLOSED,
    KF_LEDGER_UPDATE_DAMAGED,
    KF_LEDGER_DELETE_PANELS,
    KF_LEDGER_UPDATE_NOT_KEPT,
    KF_LEDGER_STATEMENTS,
};

struct kf_ledger {
    char path[KF_LEDGER_PATH_MAX];
    int lock; /* -1 when opened for reading */
    sqlite3 *base;
    sqlite3_stmt *statements[KF_LEDGER_STATEMENTS];
    bool adding;
    int64_t adding_number;
    uint32_t adding_panels;
    uint32_t added_panels;
};

/* Translates SQLite's last answer to an error of ours; `doing` says what failed. Damage is fatal:
 * nothing more can be promised. Returns the code. */
enum kf_err kf_ledger_refuse(const struct kf_ledger *self, int answer, const char *doing,
                             struct kf_error *err);

/* Runs fixed SQL without parameters and rows. */
enum kf_err kf_ledger_run(struct kf_ledger *self, const char *sql, const char *doing,
                          struct kf_error *err);

/* The statement, ready for binding. Give it back with kf_ledger_done or kf_ledger_finish. */
enum kf_err kf_ledger_prepare(struct kf_ledger *self, enum kf_ledger_statement which,
                              sqlite3_stmt **statement, struct kf_error *err);

/* Ends the use of a statement, so that no transaction stays open. */
void kf_ledger_done(sqlite3_stmt *statement);

/* Runs a bound statement that gives no rows, and ends its use. */
enum kf_err kf_ledger_finish(struct kf_ledger *self, sqlite3_stmt *statement, const char *doing,
                             struct kf_error *err);

#endif

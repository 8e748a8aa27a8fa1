/* The ledger's tables and statements, and how an older ledger becomes one of today. Internal to the
 * ledger. */
#ifndef KF_INGEST_LEDGER_STORE_H
#define KF_INGEST_LEDGER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/database/database.h"
#include "services/ingest/ledger/ledger.h"

/* All statements. */
enum kf_ledger_statement {
    KF_LEDGER_INSERT_RELEASE,
    KF_LEDGER_INSERT_SOURCE,
    KF_LEDGER_INSERT_PANEL,
    KF_LEDGER_INSERT_CONTENT,
    KF_LEDGER_UPSERT_ANNOUNCED,
    KF_LEDGER_DELETE_ANNOUNCED,
    KF_LEDGER_SELECT_BY_ID,
    KF_LEDGER_SELECT_NEXT_OPEN,
    KF_LEDGER_SELECT_LIST,
    KF_LEDGER_SELECT_HELD,
    KF_LEDGER_SELECT_NEWEST_OF,
    KF_LEDGER_SELECT_PANEL,
    KF_LEDGER_SELECT_SOURCES,
    KF_LEDGER_SELECT_CONTENTS,
    KF_LEDGER_SELECT_TOTALS,
    KF_LEDGER_SELECT_LATER,
    KF_LEDGER_UPDATE_SENT,
    KF_LEDGER_UPDATE_CLOSED,
    KF_LEDGER_UPDATE_MOVED,
    KF_LEDGER_INSERT_LETTER,
    KF_LEDGER_DELETE_LETTERS,
    KF_LEDGER_DELETE_OLD_LETTERS,
    KF_LEDGER_SELECT_LETTERS,
    KF_LEDGER_UPDATE_DAMAGED,
    KF_LEDGER_UPDATE_COMPLETE,
    KF_LEDGER_DELETE_PANELS,
    KF_LEDGER_UPDATE_NOT_KEPT,
    KF_LEDGER_DELETE_HELD_PANELS,
    KF_LEDGER_UPDATE_HELD_DROPPED,
    KF_LEDGER_UPDATE_HELD_OUTDATED,
    KF_LEDGER_INSERT_REQUEST,
    KF_LEDGER_COUNT_REQUESTS,
    KF_LEDGER_SELECT_NEXT_REQUEST,
    KF_LEDGER_SELECT_REQUEST,
    KF_LEDGER_SELECT_REQUESTS_OF,
    KF_LEDGER_UPDATE_REQUEST,
    KF_LEDGER_DELETE_REQUESTS,
    KF_LEDGER_DATA_VERSION,
    KF_LEDGER_STATEMENTS,
};

struct kf_ledger {
    struct kf_database base;
    bool adding;
    int64_t adding_number;
    uint32_t adding_panels;
    uint32_t added_panels;
    int64_t data_version; /* as SQLite said when it was asked last */
};

extern const struct kf_database_class kf_ledger_class;

/* The statement, ready for binding; as kf_database_prepare. */
enum kf_err kf_ledger_prepare(struct kf_ledger *self, enum kf_ledger_statement which,
                              sqlite3_stmt **statement, struct kf_error *err);

/* 0 for a state that this program does not know. */
enum kf_ledger_state kf_ledger_state_from(const char *name);

/* Binds what a panel is to ?3 and the following of KF_LEDGER_INSERT_CONTENT. */
void kf_ledger_bind_content(sqlite3_stmt *statement, const struct kf_ledger_content *content);

/* Adds a dead letter of the release `id`, within the transaction that is open. */
enum kf_err kf_ledger_insert_letter(struct kf_database *base, const char *id,
                                    const struct kf_letter *letter, struct kf_error *err);

/* From version 1: states have their new names, and what the kept panels are is read from their
 * envelopes. From version 2: the dead letters of ingest's own rejections likewise; those of later
 * stages were never told. */
enum kf_err kf_ledger_migrate(struct kf_database *base, int version, struct kf_error *err);

/* Tables that version 1 has not. */
#define KF_LEDGER_TABLES_2                                                                         \
    "CREATE TABLE contents("                                                                       \
    " release INTEGER NOT NULL REFERENCES releases(number), place INTEGER NOT NULL,"               \
    " edition TEXT NOT NULL, year INTEGER NOT NULL, digest TEXT NOT NULL,"                         \
    " rejected INTEGER NOT NULL, PRIMARY KEY(release, place)) WITHOUT ROWID;"                      \
    "CREATE INDEX contents_by_panel ON contents(edition, year, release);"                          \
    "CREATE TABLE requests("                                                                       \
    " number INTEGER PRIMARY KEY AUTOINCREMENT, wish TEXT NOT NULL, release TEXT NOT NULL,"        \
    " asked_by TEXT NOT NULL, asked_ms INTEGER NOT NULL, done_ms INTEGER NOT NULL DEFAULT 0,"      \
    " granted INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '');"                      \
    "CREATE INDEX requests_waiting ON requests(number) WHERE done_ms = 0;"

/* What version 2 has not. */
#define KF_LEDGER_TABLES_3                                                                         \
    "ALTER TABLE releases ADD COLUMN moved TEXT NOT NULL DEFAULT '';"                              \
    "CREATE TABLE letters("                                                                        \
    " release INTEGER NOT NULL REFERENCES releases(number), place INTEGER NOT NULL,"               \
    " stage TEXT NOT NULL, reason TEXT NOT NULL, edition TEXT NOT NULL, year INTEGER NOT NULL,"    \
    " checksum INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(release, place));"                    \
    "CREATE INDEX letters_by_panel ON letters(edition, year, release);"

#endif

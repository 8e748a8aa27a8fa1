/* The store's tables and statements. Internal to the store. */
#ifndef KF_INGEST_STORE_TABLES_H
#define KF_INGEST_STORE_TABLES_H

#include "common/database/database.h"
#include "services/ingest/store/store.h"

enum kf_store_statement {
    KF_STORE_INSERT_VINTAGE,
    KF_STORE_UPDATE_UPDATED,
    KF_STORE_SELECT_NEWEST,
    KF_STORE_SELECT_BY_NUMBER,
    KF_STORE_SELECT_LIST,
    KF_STORE_SELECT_KNOWN,
    KF_STORE_UPSERT_COLUMN,
    KF_STORE_SELECT_COLUMN_NUMBER,
    KF_STORE_INSERT_PART,
    KF_STORE_DELETE_PARTS_OF,
    KF_STORE_SELECT_PARTS,
    KF_STORE_SELECT_CHANGED,
    KF_STORE_SELECT_COLUMN,
    KF_STORE_SELECT_COLUMN_OTHER,
    KF_STORE_DELETE_PARTS,
    KF_STORE_DELETE_VINTAGES,
    KF_STORE_DELETE_COLUMNS,
    KF_STORE_UPSERT_NOTE,
    KF_STORE_DELETE_NOTE,
    KF_STORE_SELECT_NOTE,
    KF_STORE_COUNT_NOTES,
    KF_STORE_STATEMENTS,
};

/* Kinds of parts. */
enum { KF_STORE_FIGURES = 0, KF_STORE_ESTIMATES = 1 };

struct kf_store {
    struct kf_database base;
};

extern const struct kf_database_class kf_store_class;

/* A part of a vintage: which column is its variable in a year. */
struct kf_store_part {
    int kind;
    const char *variable;
    int year;
    const char *digest; /* of the column's bytes */
};

/* Adds the part to the digest of a vintage; parts go by kind, variable and year. */
void kf_store_digest_part(struct kf_digest *digest, const struct kf_store_part *part);

/* Reads the row of a vintage that the statement stands on. */
void kf_store_read_vintage(sqlite3_stmt *statement, struct kf_vintage *vintage);

/* The statement, ready for binding; as kf_database_prepare. */
enum kf_err kf_store_prepare(struct kf_store *self, enum kf_store_statement which,
                             sqlite3_stmt **statement, struct kf_error *err);

#endif

#include "services/ingest/store/store_tables.h"

#include <stdio.h>
#include <string.h>

#define APPLICATION_ID 0x4b464f53 /* "KFOS" */

static const char schema[] =
    "CREATE TABLE vintages("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, updated TEXT NOT NULL,"
    " updated_ms INTEGER NOT NULL, since_ms INTEGER NOT NULL, kind TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL, digest TEXT NOT NULL, figures INTEGER NOT NULL,"
    " estimates INTEGER NOT NULL, newest_year INTEGER NOT NULL);"
    "CREATE INDEX vintages_by_source ON vintages(source, updated_ms, number);"
    "CREATE TABLE columns("
    " number INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL);"
    "CREATE TABLE parts("
    " vintage INTEGER NOT NULL REFERENCES vintages(number), kind INTEGER NOT NULL,"
    " variable TEXT NOT NULL, year INTEGER NOT NULL,"
    " stored INTEGER NOT NULL REFERENCES columns(number),"
    " PRIMARY KEY(vintage, kind, variable, year)) WITHOUT ROWID;"
    "CREATE INDEX parts_by_column ON parts(stored);"
    "CREATE TABLE notes("
    " key TEXT PRIMARY KEY, checksum INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;";

#define VINTAGE_COLUMNS                                                                            \
    "SELECT number, source, updated, updated_ms, kind, received_ms, digest, figures, estimates,"   \
    " newest_year, since_ms FROM vintages "
#define NEWEST_FIRST "ORDER BY updated_ms DESC, number DESC "
#define BEYOND_KEEP                                                                                \
    "(SELECT number FROM (SELECT number, row_number() OVER"                                        \
    " (PARTITION BY source " NEWEST_FIRST ") AS place FROM vintages) WHERE place > ?1)"
#define COLUMN_BYTES "SELECT digest, bytes FROM columns WHERE number = ?1"

static const char *const statement_texts[KF_STORE_STATEMENTS] = {
    [KF_STORE_INSERT_VINTAGE] =
        "INSERT INTO vintages(source, updated, updated_ms, since_ms, kind, received_ms, digest,"
        " figures, estimates, newest_year) VALUES(?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [KF_STORE_UPDATE_UPDATED] =
        "UPDATE vintages SET updated = ?2, updated_ms = ?3 WHERE number = ?1",
    [KF_STORE_SELECT_NEWEST] = VINTAGE_COLUMNS "WHERE source = ?1 " NEWEST_FIRST "LIMIT 1",
    [KF_STORE_SELECT_BY_NUMBER] = VINTAGE_COLUMNS "WHERE number = ?1",
    [KF_STORE_SELECT_LIST] = VINTAGE_COLUMNS "WHERE ?1 = '' OR source = ?1"
                                             " ORDER BY source, updated_ms DESC, number DESC",
    [KF_STORE_SELECT_KNOWN] = VINTAGE_COLUMNS
    "WHERE source = ?1 AND digest = ?3 AND ?2 BETWEEN since_ms AND updated_ms " NEWEST_FIRST
    "LIMIT 1",
    [KF_STORE_UPSERT_COLUMN] = "INSERT INTO columns(digest, bytes) VALUES(?1, ?2)"
                               " ON CONFLICT(digest) DO UPDATE SET bytes = ?2 WHERE bytes <> ?2",
    [KF_STORE_SELECT_COLUMN_NUMBER] = "SELECT number FROM columns WHERE digest = ?1",
    [KF_STORE_INSERT_PART] = "INSERT INTO parts VALUES(?1, ?2, ?3, ?4, ?5)",
    [KF_STORE_DELETE_PARTS_OF] = "DELETE FROM parts WHERE vintage = ?1",
    [KF_STORE_SELECT_PARTS] =
        "SELECT kind, variable, year, digest, stored FROM parts JOIN columns ON number = stored"
        " WHERE vintage = ?1 ORDER BY kind, variable, year",
    [KF_STORE_SELECT_CHANGED] =
        "SELECT variable, year, max(before), max(after) FROM"
        " (SELECT variable, year, stored AS before, 0 AS after FROM parts"
        "  WHERE vintage = ?1 AND kind = 0"
        "  UNION ALL SELECT variable, year, 0, stored FROM parts"
        "  WHERE vintage = ?2 AND kind = 0)"
        " GROUP BY variable, year HAVING max(before) <> max(after) ORDER BY variable, year",
    [KF_STORE_SELECT_COLUMN] = COLUMN_BYTES,
    [KF_STORE_SELECT_COLUMN_OTHER] = COLUMN_BYTES,
    [KF_STORE_DELETE_PARTS] = "DELETE FROM parts WHERE vintage IN " BEYOND_KEEP,
    [KF_STORE_DELETE_VINTAGES] = "DELETE FROM vintages WHERE number IN " BEYOND_KEEP,
    [KF_STORE_DELETE_COLUMNS] =
        "DELETE FROM columns WHERE NOT EXISTS(SELECT 1 FROM parts WHERE stored = number)",
    [KF_STORE_UPSERT_NOTE] = "INSERT INTO notes VALUES(?1, ?2, ?3)"
                             " ON CONFLICT(key) DO UPDATE SET checksum = ?2, bytes = ?3",
    [KF_STORE_DELETE_NOTE] = "DELETE FROM notes WHERE key = ?1",
    [KF_STORE_SELECT_NOTE] = "SELECT checksum, bytes FROM notes WHERE key = ?1",
    [KF_STORE_COUNT_NOTES] = "SELECT count(*) FROM notes WHERE key <> ?1",
};

/* The first version has no older one. */
static enum kf_err migrate(struct kf_database *base, int version, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_INTERNAL, "%s: no way from version %d", base->path, version);
}

const struct kf_database_class kf_store_class = {
    .noun = "observation store",
    .owner = "ingest",
    .option = "--observations",
    .loss = "move it away, ingest asks for the figures again",
    .application_id = APPLICATION_ID,
    .version = KF_STORE_VERSION,
    .schema = schema,
    .statements = statement_texts,
    .statements_len = KF_STORE_STATEMENTS,
    .migrate = migrate,
};

void kf_store_digest_part(struct kf_digest *digest, const struct kf_store_part *part)
{
    char head[64];
    int length = snprintf(head, sizeof head, "%d %d %s", part->kind, part->year, part->digest);
    kf_digest_add_sized(digest, part->variable, strlen(part->variable));
    kf_digest_add_sized(digest, head, (size_t)length);
}

void kf_store_read_vintage(sqlite3_stmt *statement, struct kf_vintage *vintage)
{
    struct kf_vintage read = {
        .number = sqlite3_column_int64(statement, 0),
        .updated_ms = sqlite3_column_int64(statement, 3),
        .received_ms = sqlite3_column_int64(statement, 5),
        .figures = (uint64_t)sqlite3_column_int64(statement, 7),
        .estimates = (uint64_t)sqlite3_column_int64(statement, 8),
        .newest_year = (int)sqlite3_column_int64(statement, 9),
    };
    (void)snprintf(read.source, sizeof read.source, "%s", kf_database_text(statement, 1));
    (void)snprintf(read.updated, sizeof read.updated, "%s", kf_database_text(statement, 2));
    (void)snprintf(read.kind, sizeof read.kind, "%s", kf_database_text(statement, 4));
    (void)snprintf(read.digest, sizeof read.digest, "%s", kf_database_text(statement, 6));
    *vintage = read;
}

enum kf_err kf_store_prepare(struct kf_store *self, enum kf_store_statement which,
                             sqlite3_stmt **statement, struct kf_error *err)
{
    return kf_database_prepare(&self->base, which, statement, err);
}

#include "services/ingest/ledger/ledger_store.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/model/digest.h"

#define APPLICATION_ID 0x4b464c47 /* "KFLG" */

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
    " checksum INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(release, place));" KF_LEDGER_TABLES_2
        KF_LEDGER_TABLES_3;

#define RELEASE_VALUES                                                                             \
    "number, id, state, input, discovered_ms, sent_ms, committed_ms, panels,"                      \
    " panels_rejected, attempts, rows, kept, reason, vintage, moved"
#define RELEASE_COLUMNS "SELECT " RELEASE_VALUES " FROM releases "
#define OPEN            "('complete','sent')"
#define CLOSED          "('committed','rejected')"
#define STANDING        "('complete','sent','committed')" /* is published, or will be */
/* The panel `panels` was rejected by a later stage: it is not on the topics. */
#define LETTER_OF(panels)                                                                          \
    "EXISTS(SELECT 1 FROM letters AS l WHERE l.release = " panels ".release AND l.place = " panels \
    ".place)"
/* The release that published the letter's panel since, or its input, when nothing of it became a
 * panel. */
#define RESOLVED_BY                                                                                \
    "coalesce((SELECT later.id FROM contents AS sound"                                             \
    " JOIN releases AS later ON later.number = sound.release AND later.state = 'committed'"        \
    " WHERE letters.edition <> '' AND sound.edition = letters.edition"                             \
    " AND sound.year = letters.year AND sound.release > letters.release AND sound.rejected = 0"    \
    " AND NOT " LETTER_OF(                                                                         \
        "sound") " ORDER BY sound.release LIMIT 1),"                                               \
                 " (SELECT later.id FROM releases AS later WHERE letters.edition = ''"             \
                 " AND later.input = ours.input AND later.number > ours.number"                    \
                 " AND later.state = 'committed' ORDER BY later.number LIMIT 1), '')"
/* What is on the topics has room of its own: refused inputs, however many, do not drive out the
 * figures that the next release is compared with. */
#define BEYOND_KEEP                                                                                \
    "(SELECT number FROM (SELECT number FROM releases WHERE kept = 1 AND state = 'committed'"      \
    " ORDER BY number DESC LIMIT -1 OFFSET ?1)"                                                    \
    " UNION ALL SELECT number FROM (SELECT number, state FROM releases WHERE kept = 1"             \
    " AND state IN " CLOSED " ORDER BY number DESC LIMIT -1 OFFSET ?1) WHERE state = 'rejected')"
#define BEYOND_HELD                                                                                \
    "(SELECT number FROM releases WHERE state = 'held' ORDER BY number DESC LIMIT -1 OFFSET ?1)"
#define REQUEST_COLUMNS                                                                            \
    "SELECT number, wish, release, asked_by, asked_ms, done_ms, granted, outcome FROM requests "

static const char *const statement_texts[KF_LEDGER_STATEMENTS] = {
    [KF_LEDGER_INSERT_RELEASE] =
        "INSERT INTO releases(id, state, input, vintage, program, discovered_ms,"
        " panels, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [KF_LEDGER_INSERT_SOURCE] = "INSERT INTO sources VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [KF_LEDGER_INSERT_PANEL] = "INSERT INTO panels VALUES(?1, ?2, ?3, ?4)",
    [KF_LEDGER_INSERT_CONTENT] = "INSERT INTO contents VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [KF_LEDGER_UPSERT_ANNOUNCED] =
        "INSERT INTO releases(id, state, input, vintage, program, discovered_ms, panels, kept,"
        " reason) VALUES(?1, 'discovered', '', '', '', ?2, 0, 0, ?3)"
        " ON CONFLICT(id) DO UPDATE SET reason = ?3 WHERE state = 'discovered'",
    [KF_LEDGER_DELETE_ANNOUNCED] = "DELETE FROM releases WHERE id = ?1 AND state = 'discovered'",
    [KF_LEDGER_SELECT_BY_ID] = RELEASE_COLUMNS "WHERE id = ?1",
    [KF_LEDGER_SELECT_NEXT_OPEN] =
        RELEASE_COLUMNS "WHERE state IN " OPEN " ORDER BY number LIMIT 1",
    [KF_LEDGER_SELECT_LIST] = RELEASE_COLUMNS "ORDER BY number DESC LIMIT ?1",
    [KF_LEDGER_SELECT_HELD] = RELEASE_COLUMNS "WHERE state = 'held' ORDER BY number DESC LIMIT ?1",
    [KF_LEDGER_SELECT_NEWEST_OF] =
        "SELECT " RELEASE_VALUES ", place, digest FROM contents"
        " JOIN releases ON number = release"
        " WHERE edition = ?1 AND year = ?2 AND rejected = 0 AND state IN " STANDING
        " AND (NOT ?3 OR (state = 'committed' AND NOT " LETTER_OF(
            "contents") "))"
                        " ORDER BY release DESC, place LIMIT 1",
    [KF_LEDGER_SELECT_PANEL] =
        "SELECT checksum, bytes FROM panels WHERE release = ?1 AND place = ?2",
    [KF_LEDGER_SELECT_SOURCES] =
        "SELECT name, digest, bytes, updated FROM sources WHERE release = ?1 ORDER BY place",
    [KF_LEDGER_SELECT_CONTENTS] =
        "SELECT place, edition, year, digest, rejected FROM contents WHERE release = ?1"
        " ORDER BY place",
    [KF_LEDGER_SELECT_TOTALS] = "SELECT state, count(*), min(discovered_ms), max(committed_ms) "
                                "FROM releases GROUP BY state",
    [KF_LEDGER_SELECT_LATER] =
        "SELECT later.id, theirs.edition, theirs.year FROM contents AS ours"
        " JOIN contents AS theirs ON theirs.edition = ours.edition AND theirs.year = ours.year"
        " AND theirs.release > ours.release AND theirs.rejected = 0"
        " JOIN releases AS later ON later.number = theirs.release AND later.state IN " STANDING
        " WHERE ours.release = ?1 AND (ours.rejected = 0 OR ?2) AND ours.edition <> ''"
        " AND NOT (later.state = 'committed' AND " LETTER_OF(
            "theirs") ")"
                      " ORDER BY theirs.release LIMIT 1",
    [KF_LEDGER_UPDATE_SENT] = "UPDATE releases SET state = 'sent', attempts = attempts + 1,"
                              " sent_ms = iif(sent_ms = 0, ?2, sent_ms)"
                              " WHERE id = ?1 AND state IN " OPEN,
    [KF_LEDGER_UPDATE_CLOSED] = "UPDATE releases SET state = ?2, committed_ms = ?3, rows = ?4,"
                                " panels_rejected = ?5, reason = ?6"
                                " WHERE id = ?1 AND state IN " OPEN,
    [KF_LEDGER_UPDATE_MOVED] = "UPDATE releases SET moved = ?2 WHERE id = ?1",
    [KF_LEDGER_INSERT_LETTER] =
        "INSERT INTO letters SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM releases WHERE id = ?1",
    [KF_LEDGER_DELETE_LETTERS] =
        "DELETE FROM letters WHERE release = (SELECT number FROM releases WHERE id = ?1)",
    [KF_LEDGER_DELETE_OLD_LETTERS] =
        "DELETE FROM letters WHERE release <= (SELECT release FROM letters GROUP BY release"
        " ORDER BY release DESC LIMIT 1 OFFSET ?1)",
    [KF_LEDGER_SELECT_LETTERS] =
        "SELECT * FROM (SELECT ours.number, ours.id, ours.input, ours.committed_ms, letters.place,"
        " letters.stage, letters.reason, letters.edition, letters.year, letters.checksum,"
        " letters.bytes, " RESOLVED_BY " AS resolved FROM letters"
        " JOIN releases AS ours ON ours.number = letters.release"
        " WHERE ?1 = 0 OR letters.release = ?1)"
        " WHERE NOT ?2 OR resolved = '' ORDER BY number DESC, place LIMIT ?3",
    [KF_LEDGER_UPDATE_DAMAGED] =
        "UPDATE releases SET id = 'damaged-' || number, state = 'rejected', committed_ms = ?2,"
        " reason = ?3 WHERE number = ?1",
    [KF_LEDGER_UPDATE_COMPLETE] =
        "UPDATE releases SET state = 'complete', sent_ms = 0, committed_ms = 0,"
        " panels_rejected = 0, rows = 0, reason = '' WHERE number = ?1",
    [KF_LEDGER_DELETE_PANELS] = "DELETE FROM panels WHERE release IN " BEYOND_KEEP,
    [KF_LEDGER_UPDATE_NOT_KEPT] = "UPDATE releases SET kept = 0 WHERE number IN " BEYOND_KEEP,
    [KF_LEDGER_DELETE_HELD_PANELS] = "DELETE FROM panels WHERE release IN " BEYOND_HELD,
    [KF_LEDGER_UPDATE_HELD_DROPPED] =
        "UPDATE releases SET id = 'dropped-' || number, state = 'rejected', kept = 0,"
        " committed_ms = ?2, reason = 'held and never approved: ' || reason"
        " WHERE number IN " BEYOND_HELD,
    [KF_LEDGER_UPDATE_HELD_OUTDATED] =
        "UPDATE releases SET id = 'dropped-' || number, state = 'rejected', committed_ms = ?3,"
        " reason = 'held until its source said otherwise: ' || reason"
        " WHERE state = 'held' AND substr(input, 1, length(?1)) = ?1 AND id <> ?2",
    [KF_LEDGER_INSERT_REQUEST] = "INSERT INTO requests(wish, release, asked_by, asked_ms)"
                                 " VALUES(?1, ?2, ?3, ?4)",
    [KF_LEDGER_COUNT_REQUESTS] = "SELECT count(*) FROM requests WHERE done_ms = 0",
    [KF_LEDGER_SELECT_NEXT_REQUEST] = REQUEST_COLUMNS "WHERE done_ms = 0 ORDER BY number LIMIT 1",
    [KF_LEDGER_SELECT_REQUEST] = REQUEST_COLUMNS "WHERE number = ?1",
    [KF_LEDGER_SELECT_REQUESTS_OF] = REQUEST_COLUMNS "WHERE release = ?1 ORDER BY number",
    [KF_LEDGER_UPDATE_REQUEST] = "UPDATE requests SET done_ms = ?2, granted = ?3, outcome = ?4"
                                 " WHERE number = ?1 AND done_ms = 0",
    [KF_LEDGER_DELETE_REQUESTS] = "DELETE FROM requests WHERE done_ms <> 0 AND number <= ?1",
    [KF_LEDGER_DATA_VERSION] = "PRAGMA data_version",
};

const struct kf_database_class kf_ledger_class = {
    .noun = "ledger",
    .owner = "ingest",
    .option = "--ledger",
    .loss = "move it away and start with a new one",
    .application_id = APPLICATION_ID,
    .version = KF_LEDGER_VERSION,
    .irreplaceable = true,
    .schema = schema,
    .statements = statement_texts,
    .statements_len = KF_LEDGER_STATEMENTS,
    .migrate = kf_ledger_migrate,
};

enum kf_err kf_ledger_prepare(struct kf_ledger *self, enum kf_ledger_statement which,
                              sqlite3_stmt **statement, struct kf_error *err)
{
    return kf_database_prepare(&self->base, which, statement, err);
}

void kf_ledger_bind_content(sqlite3_stmt *statement, const struct kf_ledger_content *content)
{
    kf_database_bind_text(statement, 3, content->edition);
    kf_database_bind_number(statement, 4, content->year);
    kf_database_bind_text(statement, 5, content->digest);
    kf_database_bind_number(statement, 6, content->rejected);
}

static void bind_letter(sqlite3_stmt *statement, const struct kf_letter *letter,
                        const struct kf_text *bytes)
{
    const struct kf_rejection *rejection = letter->rejection;
    uint64_t checksum = kf_checksum(bytes->bytes, bytes->length);
    int64_t stored = 0;
    memcpy(&stored, &checksum, sizeof stored);
    kf_database_bind_number(statement, 2, letter->panel);
    kf_database_bind_text(statement, 3, rejection->stage);
    kf_database_bind_text(statement, 4, rejection->reason);
    kf_database_bind_text(statement, 5, rejection->edition);
    kf_database_bind_number(statement, 6, rejection->year);
    kf_database_bind_number(statement, 7, stored);
    (void)sqlite3_bind_blob64(statement, 8, bytes->bytes, bytes->length, SQLITE_STATIC);
}

enum kf_err kf_ledger_insert_letter(struct kf_database *base, const char *id,
                                    const struct kf_letter *letter, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    struct kf_text bytes;
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    enum kf_err code = kf_letters_pack(letter, 1, KF_LETTERS_BYTES_MAX, &bytes, err);
    if (code == KF_OK) {
        code = kf_database_prepare(base, KF_LEDGER_INSERT_LETTER, &statement, err);
    }
    if (code == KF_OK) {
        kf_database_bind_text(statement, 1, id);
        bind_letter(statement, letter, &bytes);
        code = kf_database_finish(base, statement, "keeping a dead letter", err);
    }
    kf_text_clear(&bytes);
    return code;
}

static enum kf_err open_with(const char *path, bool writing, struct kf_ledger **ledger,
                             struct kf_error *err)
{
    struct kf_ledger *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the ledger");
    }
    enum kf_err code = writing
                           ? kf_database_open(&self->base, &kf_ledger_class, path, err)
                           : kf_database_open_readonly(&self->base, &kf_ledger_class, path, err);
    if (code == KF_OK) {
        (void)kf_ledger_has_news(self);
        *ledger = self;
    } else {
        kf_ledger_close(&self);
    }
    return code;
}

enum kf_err kf_ledger_open(const char *path, struct kf_ledger **ledger, struct kf_error *err)
{
    return open_with(path, true, ledger, err);
}

enum kf_err kf_ledger_open_readonly(const char *path, struct kf_ledger **ledger,
                                    struct kf_error *err)
{
    return open_with(path, false, ledger, err);
}

void kf_ledger_close(struct kf_ledger **self)
{
    if (!self || !*self) {
        return;
    }
    kf_ledger_add_cancel(*self);
    kf_database_close(&(*self)->base);
    kf_free(*self);
    *self = NULL;
}

#include "services/board/store/store_tables.h"

#include <stdio.h>

#define APPLICATION_ID 0x4b464244 /* "KFBD" */
#define VERSION        1

/* Topics are kept by their numbers: another order is another version. */
_Static_assert(KF_TOPIC_NEED == 1 && KF_TOPIC_STATISTICS == 8 && KF_TOPICS == 9, "");

/* manifests: in the order of their topic, which is order_ms (never falling within a partition),
 * partition, place. arrivals: rows of a release in an edition and year, with what has come (parts)
 * and has to come (wanted; told: by the manifest, of this panel by itself). */
static const char schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE positions(topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,"
    " PRIMARY KEY(topic, partition)) WITHOUT ROWID;"
    "CREATE TABLE manifests("
    " number INTEGER PRIMARY KEY, release TEXT NOT NULL UNIQUE, order_ms INTEGER NOT NULL,"
    " partition INTEGER NOT NULL, place INTEGER NOT NULL, published_ms INTEGER NOT NULL,"
    " rejected INTEGER NOT NULL, vintage TEXT NOT NULL, program TEXT NOT NULL,"
    " previous TEXT NOT NULL, rows INTEGER NOT NULL, withdrawn INTEGER NOT NULL);"
    "CREATE INDEX manifests_in_order ON manifests(order_ms, partition, place);"
    "CREATE INDEX manifests_by_place ON manifests(partition, place);"
    "CREATE TABLE sources(manifest INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,"
    " updated TEXT NOT NULL, PRIMARY KEY(manifest, place)) WITHOUT ROWID;"
    "CREATE TABLE wanted(release TEXT NOT NULL, edition TEXT NOT NULL, year INTEGER NOT NULL,"
    " topic INTEGER NOT NULL, rows INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,"
    " PRIMARY KEY(release, edition, year, topic)) WITHOUT ROWID;"
    "CREATE TABLE manifest_panels(manifest INTEGER NOT NULL, place INTEGER NOT NULL,"
    " edition TEXT NOT NULL, year INTEGER NOT NULL, edition_digest TEXT NOT NULL,"
    " municipalities INTEGER NOT NULL, rejected INTEGER NOT NULL,"
    " PRIMARY KEY(manifest, place)) WITHOUT ROWID;"
    "CREATE TABLE arrivals("
    " number INTEGER PRIMARY KEY, release TEXT NOT NULL, edition TEXT NOT NULL,"
    " year INTEGER NOT NULL, state INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
    " manifest INTEGER, told INTEGER NOT NULL, UNIQUE(release, edition, year));"
    "CREATE INDEX arrivals_by_panel ON arrivals(edition, year);"
    "CREATE INDEX arrivals_by_state ON arrivals(state, manifest);"
    "CREATE TABLE parts(arrival INTEGER NOT NULL, topic INTEGER NOT NULL, rows INTEGER NOT NULL,"
    " high INTEGER NOT NULL, low INTEGER NOT NULL, PRIMARY KEY(arrival, topic)) WITHOUT ROWID;"
    "CREATE TABLE rows(arrival INTEGER NOT NULL, topic INTEGER NOT NULL,"
    " municipality TEXT NOT NULL, sector TEXT NOT NULL, indicator TEXT NOT NULL,"
    " flags INTEGER NOT NULL, measures BLOB NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,"
    " PRIMARY KEY(arrival, topic, municipality, sector, indicator)) WITHOUT ROWID;"
    "CREATE TABLE shown(edition TEXT NOT NULL, year INTEGER NOT NULL, arrival INTEGER NOT NULL,"
    " manifest INTEGER NOT NULL, PRIMARY KEY(edition, year)) WITHOUT ROWID;"
    "CREATE TABLE coverage(municipality TEXT NOT NULL, arrival INTEGER NOT NULL,"
    " topic INTEGER NOT NULL, rows INTEGER NOT NULL, figures INTEGER NOT NULL,"
    " PRIMARY KEY(municipality, arrival, topic)) WITHOUT ROWID;"
    "CREATE INDEX coverage_by_arrival ON coverage(arrival);"
    "CREATE TABLE letters(release TEXT NOT NULL, panel INTEGER NOT NULL, stage TEXT NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY(release, panel)) WITHOUT ROWID;"
    "CREATE TABLE moved(release TEXT NOT NULL, edition TEXT NOT NULL, year INTEGER NOT NULL,"
    " before TEXT NOT NULL, figures INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " added INTEGER NOT NULL, removed INTEGER NOT NULL,"
    " PRIMARY KEY(release, edition, year)) WITHOUT ROWID;"
    "CREATE TABLE moves(release TEXT NOT NULL, edition TEXT NOT NULL, year INTEGER NOT NULL,"
    " place INTEGER NOT NULL, topic INTEGER NOT NULL, municipality TEXT NOT NULL,"
    " sector TEXT NOT NULL, measure INTEGER NOT NULL, before REAL NOT NULL, after REAL NOT NULL,"
    " PRIMARY KEY(release, edition, year, place)) WITHOUT ROWID;"
    "CREATE TABLE phases(release TEXT PRIMARY KEY, discovered_ms INTEGER NOT NULL,"
    " recorded_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL, held_ms INTEGER NOT NULL,"
    " committed_ms INTEGER NOT NULL, attempts INTEGER NOT NULL) WITHOUT ROWID;";

#define ROW_COLUMNS "SELECT topic, municipality, sector, indicator, flags, measures FROM rows "

#define NEWER                                                                                      \
    "(m.order_ms, m.partition, m.place) >"                                                         \
    " (SELECT order_ms, partition, place FROM manifests WHERE number = s.manifest)"

static const char *const statement_texts[KF_BOARD_STATEMENTS] = {
    [KF_BOARD_SELECT_META] = "SELECT value FROM meta WHERE name = ?1",
    [KF_BOARD_UPSERT_META] =
        "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2",
    [KF_BOARD_SELECT_POSITION] = "SELECT next FROM positions WHERE topic = ?1 AND partition = ?2",
    [KF_BOARD_UPSERT_POSITION] = "INSERT INTO positions VALUES(?1, ?2, ?3)"
                                 " ON CONFLICT(topic, partition) DO UPDATE SET next = ?3",
    [KF_BOARD_SELECT_TOPICS] = "SELECT DISTINCT topic FROM positions",
    [KF_BOARD_SELECT_ARRIVAL] = "SELECT number, state FROM arrivals"
                                " WHERE release = ?1 AND edition = ?2 AND year = ?3",
    [KF_BOARD_INSERT_ARRIVAL] = "INSERT INTO arrivals(release, edition, year, state, since_ms,"
                                " manifest, told) VALUES(?1, ?2, ?3, 0, ?4, NULL, 0)",
    [KF_BOARD_SELECT_PARTS] = "SELECT topic, rows, high, low FROM parts WHERE arrival = ?1",
    [KF_BOARD_UPSERT_PART] =
        "INSERT INTO parts VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT(arrival, topic) DO UPDATE SET rows = ?3, high = ?4, low = ?5",
    [KF_BOARD_INSERT_ROW] =
        "INSERT INTO rows VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    [KF_BOARD_SELECT_ROW_DIGEST] =
        "SELECT high, low FROM rows WHERE arrival = ?1 AND topic = ?2 AND municipality = ?3"
        " AND sector = ?4 AND indicator = ?5",
    [KF_BOARD_REPLACE_ROW] = "INSERT OR REPLACE INTO rows VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                             " ?9)",
    [KF_BOARD_SELECT_ORDER] = "SELECT coalesce(max(order_ms), 0) FROM manifests"
                              " WHERE partition = ?1",
    [KF_BOARD_SELECT_LAST_PLACE] = "SELECT max(place) FROM manifests WHERE partition = ?1",
    [KF_BOARD_SELECT_RELEASE_AT] = "SELECT release FROM manifests WHERE partition = ?1"
                                   " AND place = ?2",
    [KF_BOARD_INSERT_MANIFEST] =
        "INSERT INTO manifests(release, order_ms, partition, place, published_ms, rejected,"
        " vintage, program, previous, rows, withdrawn)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(release) DO NOTHING",
    [KF_BOARD_INSERT_SOURCE] = "INSERT INTO sources VALUES(?1, ?2, ?3, ?4)",
    [KF_BOARD_INSERT_CONTENT] = "INSERT OR REPLACE INTO wanted VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [KF_BOARD_INSERT_MANIFEST_PANEL] =
        "INSERT INTO manifest_panels VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [KF_BOARD_UPDATE_ARRIVAL] = "UPDATE arrivals SET manifest = ?2, told = ?3 WHERE number = ?1",
    [KF_BOARD_INSERT_LETTER] = "INSERT OR REPLACE INTO letters VALUES(?1, ?2, ?3, ?4)",
    [KF_BOARD_SELECT_CANDIDATES] =
        "SELECT a.number, a.told, a.release, a.edition, a.year FROM arrivals a JOIN manifests m ON"
        " m.number = a.manifest WHERE a.state = 0 AND (?1 = 0 OR"
        " (m.order_ms, m.partition, m.place, -a.number) < (SELECT n.order_ms, n.partition, n.place,"
        "  -b.number FROM arrivals b JOIN manifests n ON n.number = b.manifest"
        "  WHERE b.number = ?1))"
        " ORDER BY m.order_ms DESC, m.partition DESC, m.place DESC, a.number",
    [KF_BOARD_SELECT_WANTED] = "SELECT topic, rows, high, low FROM wanted"
                               " WHERE release = ?1 AND edition = ?2 AND year = ?3",
    [KF_BOARD_SELECT_ARRIVED] =
        "SELECT p.topic, p.rows, p.high, p.low FROM parts p JOIN arrivals a ON a.number = p.arrival"
        " WHERE a.release = ?1 AND (?2 = '' OR (a.edition = ?2 AND a.year = ?3))",
    [KF_BOARD_UPDATE_STATE] = "UPDATE arrivals SET state = ?2 WHERE number = ?1",
    [KF_BOARD_UPSERT_SHOWN] = "INSERT OR REPLACE INTO shown SELECT edition, year, number, manifest"
                              " FROM arrivals WHERE number = ?1",
    [KF_BOARD_SELECT_SHOWN] =
        "SELECT s.arrival, b.release, a.manifest IS NOT NULL AND"
        " (s.arrival IS NULL OR EXISTS(SELECT 1 FROM manifests m WHERE m.number = a.manifest"
        "  AND " NEWER ")) FROM arrivals a"
        " LEFT JOIN shown s ON s.edition = a.edition AND s.year = a.year"
        " LEFT JOIN arrivals b ON b.number = s.arrival WHERE a.number = ?1",
    [KF_BOARD_INSERT_COVERAGE] =
        "INSERT INTO coverage SELECT municipality, ?1, topic, count(*), sum(length(measures)) / 9"
        " FROM rows WHERE arrival = ?1 GROUP BY topic, municipality",
    [KF_BOARD_DROP_OLDER] =
        "UPDATE arrivals SET state = 2 WHERE state < 2 AND number IN (SELECT a.number"
        " FROM arrivals a JOIN shown s ON s.edition = a.edition AND s.year = a.year"
        " JOIN manifests m ON m.number = a.manifest"
        " WHERE a.edition = ?1 AND a.year = ?2 AND a.number <> s.arrival AND NOT " NEWER ")",
    [KF_BOARD_DROP_ORPHANS] =
        "UPDATE arrivals SET state = 2 WHERE state = 0 AND manifest IS NULL AND since_ms < ?1",
    [KF_BOARD_SELECT_GONE] = "SELECT number FROM arrivals WHERE state = 2 LIMIT 1",
    [KF_BOARD_DELETE_ROWS] =
        "DELETE FROM rows WHERE (arrival, topic, municipality, sector, indicator) IN"
        " (SELECT arrival, topic, municipality, sector, indicator FROM rows WHERE arrival = ?1"
        "  LIMIT ?2)",
    [KF_BOARD_DELETE_COVERAGE] = "DELETE FROM coverage WHERE arrival = ?1",
    [KF_BOARD_SELECT_SECTOR_ROWS] =
        ROW_COLUMNS "WHERE arrival = ?1 AND topic = ?2 AND indicator = ''"
                    " ORDER BY municipality, sector",
    [KF_BOARD_SELECT_ALL_ROWS] = ROW_COLUMNS "WHERE arrival = ?1"
                                             " ORDER BY topic, municipality, sector, indicator",
    [KF_BOARD_SELECT_BEFORE] = ROW_COLUMNS "WHERE arrival = ?1"
                                           " ORDER BY topic, municipality, sector, indicator",
    [KF_BOARD_INSERT_MOVED] = "INSERT OR REPLACE INTO moved VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [KF_BOARD_INSERT_MOVE] =
        "INSERT OR REPLACE INTO moves VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [KF_BOARD_SELECT_MOVED] = "SELECT before, figures, changed, added, removed FROM moved"
                              " WHERE release = ?1 AND edition = ?2 AND year = ?3",
    [KF_BOARD_SELECT_MOVES] =
        "SELECT topic, municipality, sector, measure, before, after FROM moves"
        " WHERE release = ?1 AND edition = ?2 AND year = ?3 ORDER BY place",
    [KF_BOARD_UPSERT_PHASES] =
        "INSERT INTO phases VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(release) DO UPDATE SET"
        " discovered_ms = coalesce(nullif(?2, 0), discovered_ms),"
        " recorded_ms = coalesce(nullif(?3, 0), recorded_ms),"
        " sent_ms = coalesce(nullif(?4, 0), sent_ms),"
        " held_ms = coalesce(nullif(?5, 0), held_ms),"
        " committed_ms = coalesce(nullif(?6, 0), committed_ms),"
        " attempts = max(?7, attempts) WHERE ?2 NOT IN (0, discovered_ms)"
        " OR ?3 NOT IN (0, recorded_ms) OR ?4 NOT IN (0, sent_ms) OR ?5 NOT IN (0, held_ms)"
        " OR ?6 NOT IN (0, committed_ms) OR ?7 > attempts",
    [KF_BOARD_SELECT_PANELS] =
        "SELECT s.edition, s.year, s.arrival, m.release, m.vintage, m.published_ms,"
        " coalesce((SELECT edition_digest FROM manifest_panels d WHERE d.manifest = m.number"
        "  AND d.edition = s.edition AND d.year = s.year AND NOT d.rejected), ''),"
        " (SELECT count(DISTINCT municipality) FROM coverage c WHERE c.arrival = s.arrival"
        "  AND c.municipality <> '')"
        " FROM shown s JOIN manifests m ON m.number = s.manifest"
        " WHERE (?1 = '' OR s.edition = ?1) AND (?2 = 0 OR s.year = ?2)"
        " ORDER BY s.edition, s.year",
    [KF_BOARD_SELECT_MUNICIPALITIES] =
        "SELECT DISTINCT c.municipality FROM coverage c JOIN shown s ON s.arrival = c.arrival"
        " WHERE c.municipality <> '' AND (?1 = '' OR s.edition = ?1) AND (?2 = 0 OR s.year = ?2)"
        " ORDER BY c.municipality",
    [KF_BOARD_SELECT_COVERAGE] =
        "SELECT s.edition, s.year, c.topic, c.rows, c.figures FROM coverage c"
        " JOIN shown s ON s.arrival = c.arrival WHERE c.municipality = ?1"
        " ORDER BY s.edition, s.year, c.topic",
    /* The + keeps the bounds out of the search: topic by topic it goes straight to the rows. */
    [KF_BOARD_SELECT_ROWS_OF] =
        ROW_COLUMNS "WHERE arrival = ?1 AND +topic BETWEEN 1 AND 8 AND topic IN"
                    " (SELECT topic FROM parts WHERE arrival = ?1) AND municipality = ?2"
                    " ORDER BY topic, sector, indicator",
    [KF_BOARD_SELECT_RELEASES] =
        "SELECT m.number, m.release, m.rejected, m.vintage, m.program, m.previous, m.published_ms,"
        " m.rows, m.withdrawn, p.discovered_ms, p.recorded_ms, p.sent_ms, p.held_ms,"
        " p.committed_ms, p.attempts FROM manifests m LEFT JOIN phases p ON p.release = m.release"
        " WHERE ?1 = '' OR m.release = ?1"
        " ORDER BY m.order_ms DESC, m.partition DESC, m.place DESC LIMIT ?2",
    [KF_BOARD_SELECT_SOURCES] = "SELECT name, updated FROM sources WHERE manifest = ?1"
                                " ORDER BY place",
    [KF_BOARD_SELECT_RELEASE_PANELS] =
        "SELECT d.edition, d.year, d.municipalities, d.rejected, a.state, a.told,"
        " l.reason FROM manifest_panels d JOIN manifests m ON m.number = d.manifest"
        " LEFT JOIN arrivals a ON a.release = m.release AND a.edition = d.edition"
        "  AND a.year = d.year AND NOT d.rejected"
        " LEFT JOIN letters l ON l.release = m.release AND l.panel = d.place AND d.rejected"
        " WHERE d.manifest = ?1 ORDER BY d.place",
    [KF_BOARD_SELECT_INCOMPLETE] =
        "SELECT a.release, a.edition, a.year, a.told FROM arrivals a"
        " JOIN manifests m ON m.number = a.manifest WHERE a.state = 0"
        " ORDER BY a.edition, a.year, m.order_ms DESC, m.partition DESC, m.place DESC",
    [KF_BOARD_SELECT_TOTALS] =
        "SELECT coalesce((SELECT sum(p.rows) FROM parts p JOIN shown s ON s.arrival = p.arrival),"
        " 0), coalesce((SELECT sum(p.rows) FROM parts p JOIN arrivals a ON a.number = p.arrival"
        "  WHERE a.state = 0), 0), coalesce((SELECT m.release FROM shown s JOIN manifests m ON"
        "  m.number = s.manifest ORDER BY m.order_ms DESC, m.partition DESC, m.place DESC LIMIT 1),"
        " ''), coalesce((SELECT value FROM meta WHERE name = 'changes'), 0)",
};

/* The first version has no older one. */
static enum kf_err migrate(struct kf_database *base, int version, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_INTERNAL, "%s: no way from version %d", base->path, version);
}

const struct kf_database_class kf_board_store_class = {
    .noun = "board's store",
    .owner = "board",
    .option = "--state-dir",
    .loss = "delete it, the board reads the topics again",
    .application_id = APPLICATION_ID,
    .version = VERSION,
    .schema = schema,
    .statements = statement_texts,
    .statements_len = KF_BOARD_STATEMENTS,
    .migrate = migrate,
};

enum kf_err kf_board_prepare(struct kf_board_store *self, enum kf_board_statement which,
                             sqlite3_stmt **statement, struct kf_error *err)
{
    return kf_database_prepare(&self->base, which, statement, err);
}

void kf_board_bind_key(sqlite3_stmt *statement, const char *release, const char *edition, int year)
{
    kf_database_bind_text(statement, 1, release);
    kf_database_bind_text(statement, 2, edition);
    kf_database_bind_number(statement, 3, year);
}

enum kf_err kf_board_meta(struct kf_board_store *self, const char *name, int64_t *value,
                          struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_META, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, name);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK || code == KF_ERR_AGAIN) {
        *value = code == KF_OK ? sqlite3_column_int64(statement, 0) : 0;
        code = KF_OK;
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_board_set_meta(struct kf_board_store *self, const char *name, int64_t value,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_UPSERT_META, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, name);
    kf_database_bind_number(statement, 2, value);
    return kf_database_finish(&self->base, statement, "writing", err);
}

void kf_board_copy_text(sqlite3_stmt *statement, int column, char *copy, size_t size)
{
    (void)snprintf(copy, size, "%s", kf_database_text(statement, column));
}

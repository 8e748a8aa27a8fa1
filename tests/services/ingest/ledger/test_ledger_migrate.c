/* A ledger of version 1 becomes one of today, wholly or not at all. */
#include "tests/support/cmocka.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/failing_disk.h"
#include "tests/services/ingest/scratch.h"
#include "tests/support/panel_fixture.h"

#define FIRST  "11111111111111111111111111111111"
#define SECOND "22222222222222222222222222222222"
#define THIRD  "33333333333333333333333333333333"
#define FOURTH "44444444444444444444444444444444"

/* The tables as version 1 made them, word for word. */
static const char schema_of_1[] =
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
    " checksum INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(release, place));"
    "PRAGMA application_id = 1262898247; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;";

/* Releases in every state that version 1 had; the panels of the first have been dropped. */
static const char releases_of_1[] =
    "INSERT INTO releases VALUES(1, '" FIRST "', 'committed', 'a.csv', 'unspecified', '0.1.0',"
    " 1000, 1100, 1200, 1, 0, 1, 77, 0, '');"
    "INSERT INTO releases VALUES(2, '" SECOND "', 'rejected', 'b.csv', 'unspecified', '0.1.0',"
    " 2000, 2100, 2200, 2, 2, 1, 0, 1, 'why');"
    "INSERT INTO releases VALUES(3, '" THIRD "', 'sent', 'c.csv', 'revised', '0.1.0',"
    " 3000, 3100, 0, 1, 0, 1, 0, 1, '');"
    "INSERT INTO releases VALUES(4, '" FOURTH "', 'discovered', 'd.csv', 'unspecified', '0.1.0',"
    " 4000, 0, 0, 2, 0, 0, 0, 1, '');";

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

static const char *path(void)
{
    return scratch_path(&scratch, "ledger.db");
}

static void run(sqlite3 *base, const char *sql)
{
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
}

static struct kf_panel *panel_new(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    fixture_population(panel, (double[]){100, 200, 300});
    fixture_sector(panel, "skole", 1.0);
    fixture_indicator(panel, "skole", "timer", 1.0);
    fixture_column(panel, "timer", (double[]){1, 2, 3});
    fixture_seal(panel);
    return panel;
}

/* A packed panel, or a rejection of one. */
static void pack(const char *id, bool rejected, struct kf_text *bytes)
{
    struct kf_release release = {
        .panels = 2, .vintage = "unspecified", .program = "0.1.0", .discovered_ms = 1};
    struct kf_envelope *envelope = kf_envelope_new();
    assert_non_null(envelope);
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    assert_int_equal(kf_envelope_set_release(envelope, &release, &err), KF_OK);
    envelope->attempt = 1;
    envelope->panel = panel_new();
    if (rejected) {
        assert_int_equal(kf_envelope_reject(envelope, "need", "why", NULL, &err), KF_OK);
    }
    assert_int_equal(kf_envelope_pack(envelope, bytes, &err), KF_OK);
    kf_envelope_destroy(&envelope);
}

static void put_panel(sqlite3 *base, int release, int place, const void *bytes, size_t length)
{
    sqlite3_stmt *statement = NULL;
    uint64_t checksum = kf_checksum(bytes, length);
    int64_t stored = 0;
    memcpy(&stored, &checksum, sizeof stored);
    assert_int_equal(
        sqlite3_prepare_v2(base, "INSERT INTO panels VALUES(?1, ?2, ?3, ?4)", -1, &statement, NULL),
        SQLITE_OK);
    (void)sqlite3_bind_int(statement, 1, release);
    (void)sqlite3_bind_int(statement, 2, place);
    (void)sqlite3_bind_int64(statement, 3, stored);
    (void)sqlite3_bind_blob64(statement, 4, bytes, length, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    (void)sqlite3_finalize(statement);
}

static void put_packed(sqlite3 *base, int release, int place, const char *id, bool rejected)
{
    struct kf_text bytes;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    pack(id, rejected, &bytes);
    put_panel(base, release, place, bytes.bytes, bytes.length);
    kf_text_clear(&bytes);
}

static int set_up(void **state)
{
    (void)state;
    sqlite3 *base = NULL;
    scratch_make(&scratch);
    assert_int_equal(sqlite3_open(path(), &base), SQLITE_OK);
    run(base, schema_of_1);
    run(base, releases_of_1);
    put_packed(base, 2, 0, SECOND, true);
    put_packed(base, 2, 1, SECOND, false);
    put_packed(base, 3, 0, THIRD, false);
    put_packed(base, 4, 0, FOURTH, false);
    put_panel(base, 4, 1, "damaged", 7);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static int64_t count_of(const char *sql)
{
    sqlite3 *base = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path(), &base), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(base, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    return number;
}

static struct kf_ledger_release find(const char *id)
{
    struct kf_ledger_release release = {0};
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    return release;
}

static void states_have_their_new_names_and_the_rest_stays(void **state)
{
    (void)state;
    struct kf_ledger_release next;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    assert_int_equal(find(FIRST).state, KF_LEDGER_COMMITTED);
    assert_int_equal(find(FIRST).rows, 77);
    assert_false(find(FIRST).kept);
    assert_int_equal(find(SECOND).state, KF_LEDGER_REJECTED);
    assert_string_equal(find(SECOND).reason, "why");
    assert_int_equal(find(THIRD).state, KF_LEDGER_SENT);
    assert_string_equal(find(THIRD).vintage, "revised");
    assert_int_equal(find(FOURTH).state, KF_LEDGER_COMPLETE);
    assert_int_equal(kf_ledger_next_open(ledger, &next, &err), KF_OK);
    assert_string_equal(next.id, THIRD);
    assert_int_equal(count_of("PRAGMA user_version"), KF_LEDGER_VERSION);
}

static enum kf_err collect(void *context, uint32_t index, const struct kf_ledger_content *content,
                           struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%u %s %d '%s' %d\n", index, content->edition, content->year,
                       content->digest, content->rejected);
    return KF_OK;
}

static void expect_contents(const char *id, const char *expected)
{
    struct kf_text text;
    struct kf_ledger_release release = find(id);
    kf_text_init(&text, 1000);
    assert_int_equal(kf_ledger_contents(ledger, &release, collect, &text, &err), KF_OK);
    assert_string_equal(text.length > 0 ? text.bytes : "", expected);
    kf_text_clear(&text);
}

static void what_kept_panels_are_is_read_from_them(void **state)
{
    (void)state;
    struct kf_ledger_newest newest;
    char one[64];
    char two[128];
    struct kf_panel *panel = panel_new();
    (void)snprintf(one, sizeof one, "0 %s %d '' 0\n", panel->edition->id, panel->year);
    (void)snprintf(two, sizeof two, "0 %s %d '' 1\n1 %s %d '' 0\n", panel->edition->id, panel->year,
                   panel->edition->id, panel->year);
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    expect_contents(FIRST, "");
    expect_contents(SECOND, two);
    expect_contents(THIRD, one);
    expect_contents(FOURTH, one); /* its second panel cannot be read */
    assert_int_equal(
        kf_ledger_newest_of(ledger, panel->edition->id, panel->year, false, &newest, &err), KF_OK);
    assert_string_equal(newest.release.id, FOURTH);
    assert_string_equal(newest.digest, "");                                  /* like no other */
    assert_int_equal(kf_ledger_replay(ledger, SECOND, &err), KF_ERR_CONFIG); /* third is newer */
    kf_panel_destroy(&panel);
}

static void it_is_brought_up_to_date_once(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    assert_int_equal(count_of("SELECT count(*) FROM contents"), 4);
}

static void who_only_reads_is_told_to_start_ingest_once(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open_readonly(path(), &ledger, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "start ingest once"));
    assert_null(ledger);
    assert_int_equal(count_of("PRAGMA user_version"), 1);
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    assert_int_equal(kf_ledger_open_readonly(path(), &ledger, &err), KF_OK);
}

/* Version 1, its tables and states, as they were. */
static void expect_untouched(void)
{
    assert_int_equal(count_of("PRAGMA user_version"), 1);
    assert_int_equal(count_of("SELECT count(*) FROM sqlite_schema WHERE name = 'contents'"), 0);
    assert_int_equal(count_of("SELECT count(*) FROM releases WHERE state = 'discovered'"), 1);
}

static void a_failing_allocation_leaves_version_1(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = kf_ledger_open(path(), &ledger, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        if (code != KF_OK) {
            expect_untouched();
        }
    }
    assert_true(n > 10);
    assert_int_equal(count_of("SELECT count(*) FROM contents"), 4);
}

static void a_disk_that_is_full_at_any_write_leaves_version_1(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_IO;
    int64_t n = 0;
    failing_disk_insert();
    for (; code != KF_OK; n++) {
        failing_disk_fail_after(n);
        code = kf_ledger_open(path(), &ledger, &err);
        failing_disk_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_IO);
        if (code != KF_OK) {
            expect_untouched();
        }
    }
    assert_true(n > 3);
    assert_int_equal(find(FOURTH).state, KF_LEDGER_COMPLETE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(states_have_their_new_names_and_the_rest_stays),
        TEST(what_kept_panels_are_is_read_from_them),
        TEST(it_is_brought_up_to_date_once),
        TEST(who_only_reads_is_told_to_start_ingest_once),
        TEST(a_failing_allocation_leaves_version_1),
        TEST(a_disk_that_is_full_at_any_write_leaves_version_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

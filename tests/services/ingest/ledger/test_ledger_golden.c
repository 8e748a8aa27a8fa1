/* Ledgers as earlier versions left them become one of today: with a copy, wholly or not at all, and
 * whatever kills it, the next start goes on. */
#include "tests/support/cmocka.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/failing_disk.h"
#include "tests/services/ingest/scratch.h"

/* What was given to the programs that wrote the golden ledgers, in this order. */
#define DENOMINATOR "dbd4107db34cfe42209e0dfeef1b2aad" /* refused by efficiency */
#define SOUND       "9c94bc0531099260ba8b49beaafa31d0" /* published */
#define WILD        "a67d08e227fcc3d7fc96263ee9a6c232" /* held; version 1 published it */
#define NAN_GIVEN   "003271600431b4af0635936c4e7a196b" /* refused by ingest: a cell is NaN */
#define MENDED      "5524fd9d1498c3f4b8a233dee7fe1604" /* published */

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

static const char *path(void)
{
    return scratch_path(&scratch, "ledger.db");
}

static void run_file(const char *database, const char *sql_name)
{
    char from[512];
    sqlite3 *base = NULL;
    char *why = NULL;
    (void)snprintf(from, sizeof from, "%s/%s", KF_GOLDEN_LEDGERS, sql_name);
    scratch_copy(&scratch, from, "golden.sql");
    char *sql = scratch_read(&scratch, "golden.sql");
    assert_int_equal(sqlite3_open(scratch_path(&scratch, database), &base), SQLITE_OK);
    if (sqlite3_exec(base, sql, NULL, NULL, &why) != SQLITE_OK) {
        fail_msg("%s: %s", sql_name, why);
    }
    free(sql);
    assert_int_equal(sqlite3_exec(base, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static int set_up_version(const char *sql_name)
{
    scratch_make(&scratch);
    run_file("ledger.db", sql_name);
    return 0;
}

static int set_up_1(void **state)
{
    (void)state;
    return set_up_version("ledger.v1.sql");
}

static int set_up_2(void **state)
{
    (void)state;
    return set_up_version("ledger.v2.sql");
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

/* The text that `sql` gives of that file; empty when it gives none. */
static const char *ask(const char *file, const char *sql)
{
    static char answer[256];
    sqlite3 *base = NULL;
    sqlite3_stmt *statement = NULL;
    answer[0] = '\0';
    assert_int_equal(sqlite3_open(scratch_path(&scratch, file), &base), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(base, sql, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        (void)snprintf(answer, sizeof answer, "%s",
                       (const char *)sqlite3_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    return answer;
}

static struct kf_ledger_release find(const char *id)
{
    struct kf_ledger_release release = {0};
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    return release;
}

/* Every kept panel is there, and is an envelope of its release. */
static void expect_panels(const char *id)
{
    struct kf_ledger_release release = find(id);
    struct kf_envelope *envelope = NULL;
    struct kf_text bytes;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    assert_true(release.kept);
    assert_int_equal(release.panels, 1);
    assert_int_equal(kf_ledger_panel(ledger, &release, 0, &bytes, &err), KF_OK);
    assert_int_equal(kf_envelope_unpack(bytes.bytes, bytes.length, &envelope, &err), KF_OK);
    assert_string_equal(envelope->release.id, id);
    kf_envelope_destroy(&envelope);
    kf_text_clear(&bytes);
}

static enum kf_err collect(void *context, const struct kf_ledger_letter *letter,
                           struct kf_error *error)
{
    struct kf_letters *letters = NULL;
    assert_int_equal(kf_letters_unpack(letter->bytes, letter->length, &letters, error), KF_OK);
    const struct kf_findings *findings = &letters->list[0].rejection->findings;
    kf_text_add_format(context, "%s %u %s '%s' %d %s %s %s\n", letter->release, letter->panel,
                       letter->stage, letter->edition, letter->year, findings->list[0].municipality,
                       findings->list[0].variable, findings->list[0].cell);
    kf_letters_destroy(&letters);
    return KF_OK;
}

static void expect_letters(const char *expected)
{
    const struct kf_ledger_letters_of of = {.count_max = 10};
    struct kf_text text;
    kf_text_init(&text, 2000);
    assert_int_equal(kf_ledger_letters(ledger, &of, collect, &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

/* What holds of either after it was brought up to date: published is what was, the rejected are
 * told with the cells as far as the ledger had them, everything can be sent again. */
static void expect_todays(void)
{
    static const char *const all[] = {DENOMINATOR, SOUND, WILD, NAN_GIVEN, MENDED};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        expect_panels(all[i]);
        assert_int_equal(find(all[i]).number, i + 1);
    }
    assert_int_equal(find(DENOMINATOR).state, KF_LEDGER_REJECTED);
    assert_int_equal(find(SOUND).state, KF_LEDGER_COMMITTED);
    assert_int_equal(find(SOUND).rows, 583);
    assert_string_equal(find(SOUND).input, "sound.csv");
    assert_int_equal(find(NAN_GIVEN).state, KF_LEDGER_REJECTED);
    assert_int_equal(find(MENDED).state, KF_LEDGER_COMMITTED);
    assert_string_equal(find(MENDED).moved, "");
    expect_letters(NAN_GIVEN " 0 ingest '' 0 0301 folkemengde NaN\n");
    struct kf_ledger_newest newest;
    assert_int_equal(kf_ledger_newest_of(ledger, "asss-2010", 2010, true, &newest, &err), KF_OK);
    assert_string_equal(newest.release.id, MENDED);
}

static void expect_writer(void)
{
    assert_string_equal(ask("ledger.db", "PRAGMA user_version"), "3");
    assert_string_equal(ask("ledger.db", "SELECT program || ' ' || version FROM written_by"),
                        KF_VERSION " 3");
    assert_string_equal(ask("ledger.db", "SELECT count(*) FROM written_by"), "1");
}

static void one_of_version_1_becomes_one_of_today(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    expect_todays();
    assert_int_equal(find(WILD).state, KF_LEDGER_COMMITTED);
    kf_ledger_close(&ledger);
    expect_writer();
    assert_string_equal(ask("ledger.db.v1.bak", "PRAGMA user_version"), "1");
    assert_string_equal(ask("ledger.db.v1.bak", "SELECT count(*) FROM panels"), "5");
}

static void one_of_version_2_becomes_one_of_today(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    expect_todays();
    assert_int_equal(find(WILD).state, KF_LEDGER_HELD);
    assert_non_null(strstr(find(WILD).reason, "korrigert_utgift"));
    assert_int_equal(kf_ledger_approve(ledger, WILD, &err), KF_ERR_CONFIG); /* mended came later */
    kf_ledger_close(&ledger);
    expect_writer();
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK); /* and stays so */
    kf_ledger_close(&ledger);
    expect_writer();
}

static void the_copy_is_the_ledger_as_it_was(void **state)
{
    (void)state;
    run_file("asked.db", "ledger.v2.sql");
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    assert_string_equal(ask("ledger.db.v2.bak", "PRAGMA user_version"), "2");
    assert_string_equal(ask("ledger.db.v2.bak", "PRAGMA integrity_check"), "ok");
    static const char *const tables[] = {"releases", "sources", "panels", "contents", "requests"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[512];
        (void)snprintf(sql, sizeof sql, "ATTACH '%s' AS asked", scratch_path(&scratch, "asked.db"));
        sqlite3 *base = NULL;
        assert_int_equal(sqlite3_open(scratch_path(&scratch, "ledger.db.v2.bak"), &base),
                         SQLITE_OK);
        assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
        (void)snprintf(sql, sizeof sql,
                       "CREATE TEMP TABLE differ AS SELECT * FROM main.%s EXCEPT SELECT * FROM "
                       "asked.%s; CREATE TEMP TABLE lack AS SELECT * FROM asked.%s EXCEPT SELECT * "
                       "FROM main.%s; CREATE TEMP TABLE must(n CHECK(n = 0)); INSERT INTO must "
                       "SELECT count(*) FROM differ UNION ALL SELECT count(*) FROM lack",
                       tables[i], tables[i], tables[i], tables[i]);
        assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(base), SQLITE_OK);
    }
}

static void the_copy_put_back_is_a_ledger_again(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    assert_false(scratch_has(&scratch, "ledger.db-wal"));
    scratch_rename(&scratch, "ledger.db.v2.bak", "ledger.db");
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    expect_todays();
}

static void a_disk_that_is_full_at_any_write_leaves_it_as_it_was(void **state)
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
        assert_false(scratch_has(&scratch, "ledger.db.v2.bak.tmp"));
        if (code != KF_OK) {
            assert_string_equal(ask("ledger.db", "PRAGMA user_version"), "2");
        }
        if (scratch_has(&scratch, "ledger.db.v2.bak")) {
            assert_string_equal(ask("ledger.db.v2.bak", "PRAGMA user_version"), "2");
        }
    }
    assert_true(n > 20); /* the copy alone has more pages */
    expect_todays();
}

#ifdef KF_CRASH_POINTS
/* True when a process that opens the ledger is killed at the point. */
static bool dies_at(const char *point)
{
    int how = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)setenv("KF_CRASH_AT", point, 1);
        _exit(kf_ledger_open(path(), &ledger, &err) == KF_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
}

static void killed_at_any_step_the_next_start_goes_on(void **state)
{
    (void)state;
    static const char *const points[] = {"ingest.copying", "ingest.copied", "ingest.kept",
                                         "ingest.migrating", "ingest.migrated"};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        char point[64];
        (void)snprintf(point, sizeof point, "%s:1", points[i]);
        assert_true(dies_at(point));
        if (scratch_has(&scratch, "ledger.db.v2.bak")) {
            assert_string_equal(ask("ledger.db.v2.bak", "PRAGMA integrity_check"), "ok");
            assert_string_equal(ask("ledger.db.v2.bak", "PRAGMA user_version"), "2");
        }
        assert_true(i < 2 || scratch_has(&scratch, "ledger.db.v2.bak"));
    }
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    expect_todays();
    assert_false(scratch_has(&scratch, "ledger.db.v2.bak.tmp"));
}
#endif

/* --- the other way ---------------------------------------------------------------------------- */

static void change(const char *sql)
{
    sqlite3 *base = NULL;
    assert_int_equal(sqlite3_open(path(), &base), SQLITE_OK);
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static void a_newer_one_is_refused_with_the_program_that_wrote_it_and_the_way_back(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    change("PRAGMA user_version = 4; INSERT INTO written_by VALUES('9.8.7', 4, 1)");
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "has version 4, written by kostraflow 9.8.7"));
    assert_non_null(strstr(err.text, "use kostraflow 9.8.7"));
    assert_null(strstr(err.text, ".bak")); /* there is none of version 3 */
    scratch_write_text(&scratch, "ledger.db.v3.bak", "");
    assert_int_equal(kf_ledger_open_readonly(path(), &ledger, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "or go back to "));
    assert_non_null(strstr(err.text, "ledger.db.v3.bak"));
    assert_null(ledger);
    assert_string_equal(ask("ledger.db", "PRAGMA user_version"), "4");
}

static void every_program_that_writes_is_noted_once(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
    kf_ledger_close(&ledger);
    change("INSERT INTO written_by VALUES('0.0.9', 3, 1)");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kf_ledger_open(path(), &ledger, &err), KF_OK);
        kf_ledger_close(&ledger);
    }
    assert_string_equal(ask("ledger.db", "SELECT group_concat(program) FROM written_by"),
                        KF_VERSION ",0.0.9," KF_VERSION);
}

#define TEST(name, version) cmocka_unit_test_setup_teardown(name, set_up_##version, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_of_version_1_becomes_one_of_today, 1),
        TEST(one_of_version_2_becomes_one_of_today, 2),
        TEST(the_copy_is_the_ledger_as_it_was, 2),
        TEST(the_copy_put_back_is_a_ledger_again, 2),
        TEST(a_disk_that_is_full_at_any_write_leaves_it_as_it_was, 2),
#ifdef KF_CRASH_POINTS
        TEST(killed_at_any_step_the_next_start_goes_on, 2),
#endif
        TEST(a_newer_one_is_refused_with_the_program_that_wrote_it_and_the_way_back, 2),
        TEST(every_program_that_writes_is_noted_once, 2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

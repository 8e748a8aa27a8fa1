/* What every database promises, with one of the test's own. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/database/database.h"
#include "tests/services/ingest/failing_disk.h"
#include "tests/services/ingest/scratch.h"

enum { INSERT, COUNT, STATEMENTS };

static const char *const statements[STATEMENTS] = {
    [INSERT] = "INSERT INTO rows(number, text) VALUES(?1, ?2)",
    [COUNT] = "SELECT count(*) FROM rows",
};

static struct scratch scratch;
static struct kf_database base;
static struct kf_error err;

/* Version 2 has a column more; a row that says "stop" cannot be brought there. */
static enum kf_err migrate(struct kf_database *self, int version, struct kf_error *error)
{
    int64_t stops = 0;
    assert_int_equal(version, 1);
    enum kf_err code =
        kf_database_run(self, "ALTER TABLE rows ADD COLUMN more TEXT", "adding", error);
    if (code == KF_OK) {
        code = kf_database_number(self, "SELECT count(*) FROM rows WHERE text = 'stop'", &stops,
                                  error);
    }
    return code == KF_OK && stops > 0 ? kf_error_set(error, KF_ERR_INTERNAL, "stop") : code;
}

static const struct kf_database_class first = {
    .noun = "book",
    .owner = "ingest",
    .option = "--book",
    .loss = "write a new one",
    .application_id = 4711,
    .version = 1,
    .schema = "CREATE TABLE rows(number INTEGER PRIMARY KEY, text TEXT NOT NULL);",
    .statements = statements,
    .statements_len = STATEMENTS,
};

static struct kf_database_class second;

static const char *path(void)
{
    return scratch_path(&scratch, "book.db");
}

static enum kf_err open_as(const struct kf_database_class *class)
{
    return kf_database_open(&base, class, path(), &err);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    second = first;
    second.version = 2;
    second.migrate = migrate;
    memset(&base, 0, sizeof base);
    return open_as(&first) == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_database_close(&base);
    scratch_remove(&scratch);
    return 0;
}

static enum kf_err insert(struct kf_database *self, int64_t number, const char *text)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_database_prepare(self, INSERT, &statement, &err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    kf_database_bind_text(statement, 2, text);
    return kf_database_finish(self, statement, "adding a row", &err);
}

static int64_t count(struct kf_database *self)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(kf_database_prepare(self, COUNT, &statement, &err), KF_OK);
    assert_int_equal(kf_database_step(self, statement, "counting", &err), KF_OK);
    int64_t number = sqlite3_column_int64(statement, 0);
    kf_database_done(statement);
    return number;
}

static void what_is_committed_stays_and_what_fails_goes(void **state)
{
    (void)state;
    assert_int_equal(kf_database_begin(&base, "adding", &err), KF_OK);
    enum kf_err code = insert(&base, 1, "one");
    assert_int_equal(kf_database_end(&base, code, "adding", &err), KF_OK);
    assert_int_equal(kf_database_begin(&base, "adding", &err), KF_OK);
    assert_int_equal(insert(&base, 2, "two"), KF_OK);
    code = insert(&base, 1, "one again");
    assert_int_equal(code, KF_ERR_IO);
    assert_non_null(strstr(err.text, "adding a row fails"));
    assert_int_equal(kf_database_end(&base, code, "adding", &err), KF_ERR_IO);
    assert_int_equal(count(&base), 1);
    kf_database_close(&base);
    assert_int_equal(open_as(&first), KF_OK);
    assert_int_equal(count(&base), 1);
}

static void it_is_written_ahead_and_synchronised(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_int_equal(kf_database_number(&base, "PRAGMA synchronous", &number, &err), KF_OK);
    assert_int_equal(number, 2); /* FULL */
    assert_int_equal(insert(&base, 1, "one"), KF_OK);
    assert_true(scratch_has(&scratch, "book.db-wal"));
}

static void a_second_writer_is_refused_and_a_reader_is_not(void **state)
{
    (void)state;
    static struct kf_database other;
    memset(&other, 0, sizeof other);
    assert_int_equal(kf_database_open(&other, &first, path(), &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "another ingest uses this book"));
    kf_database_close(&other);
    assert_int_equal(kf_database_open_readonly(&other, &first, path(), &err), KF_OK);
    assert_int_equal(insert(&base, 1, "one"), KF_OK);
    assert_int_equal(count(&other), 1);
    assert_int_equal(insert(&other, 2, "two"), KF_ERR_IO);
    kf_database_close(&other);
    assert_int_equal(kf_database_open_beside(&other, &first, path(), &err), KF_OK);
    assert_int_equal(insert(&other, 2, "two"), KF_OK);
    assert_int_equal(count(&base), 2);
    kf_database_close(&other);
}

static void the_lock_goes_with_the_process_that_has_it(void **state)
{
    (void)state;
    kf_database_close(&base);
    pid_t child = fork();
    if (child == 0) {
        _exit(open_as(&first) == KF_OK ? 7 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 7);
    assert_int_equal(open_as(&first), KF_OK);
}

static void an_older_one_is_brought_up_to_date_and_a_newer_one_refused(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_int_equal(insert(&base, 1, "one"), KF_OK);
    kf_database_close(&base);
    assert_int_equal(kf_database_open_readonly(&base, &second, path(), &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "start ingest once"));
    kf_database_close(&base);
    assert_int_equal(open_as(&second), KF_OK);
    assert_int_equal(count(&base), 1);
    assert_int_equal(kf_database_number(&base, "SELECT count(more) FROM rows", &number, &err),
                     KF_OK);
    kf_database_close(&base);
    assert_int_equal(open_as(&first), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "has version 2, written by kostraflow " KF_VERSION));
    assert_non_null(strstr(err.text, "knows up to 1: use kostraflow " KF_VERSION));
}

static void one_that_cannot_be_brought_up_to_date_stays_as_it_was(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_int_equal(insert(&base, 1, "stop"), KF_OK);
    kf_database_close(&base);
    assert_int_equal(open_as(&second), KF_ERR_INTERNAL);
    kf_database_close(&base);
    assert_int_equal(open_as(&first), KF_OK);
    assert_int_equal(
        kf_database_number(&base, "SELECT count(*) FROM pragma_table_info('rows')", &number, &err),
        KF_OK);
    assert_int_equal(number, 2);
}

static void one_that_was_removed_while_it_is_open_takes_nothing_more(void **state)
{
    (void)state;
    assert_int_equal(unlink(path()), 0);
    assert_int_equal(kf_database_begin(&base, "adding", &err), KF_ERR_IO);
    assert_int_equal(err.disposition, KF_FATAL);
    assert_non_null(strstr(err.text, "removed or replaced while it was in use"));
}

/* A reader may be pointed at anything: the advice is not to delete somebody's figures. */
static void a_file_of_another_kind_may_be_the_wrong_one(void **state)
{
    (void)state;
    kf_database_close(&base);
    FILE *file = fopen(path(), "w");
    assert_non_null(file);
    for (int i = 0; i < 100; i++) {
        assert_true(fputs("municipality,year,variable,value,status\n", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_not_equal(kf_database_open_readonly(&base, &first, path(), &err), KF_OK);
    assert_non_null(strstr(err.text, "unless this is the wrong file, the "));
}

/* Flips bytes of the closed file, one at a time: it is opened as it was, or refused with a reason;
 * never a crash. */
static void a_flipped_byte_is_told_or_harmless(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(insert(&base, i, "a row of some length, so that there are pages"), KF_OK);
    }
    kf_database_close(&base);
    char *whole = scratch_read(&scratch, "book.db");
    static char copy[3 * 4096];
    memcpy(copy, whole, sizeof copy);
    free(whole);
    unsigned refused = 0;
    for (size_t at = 0; at < sizeof copy; at += 97) {
        copy[at] = (char)(copy[at] ^ 0x40);
        scratch_write(&scratch, "book.db", copy, sizeof copy);
        enum kf_err code = open_as(&first);
        assert_true(code == KF_OK || err.text[0] != '\0');
        refused += code != KF_OK;
        kf_database_close(&base);
        copy[at] = (char)(copy[at] ^ 0x40);
    }
    assert_true(refused > 3);
}

static void a_full_disk_refuses_a_row_and_takes_it_later(void **state)
{
    (void)state;
    kf_database_close(&base);
    failing_disk_insert();
    assert_int_equal(open_as(&first), KF_OK);
    failing_disk_fail_after(0);
    assert_int_equal(insert(&base, 1, "one"), KF_ERR_IO);
    assert_int_equal(err.disposition, KF_RETRY);
    failing_disk_fail_after(-1);
    assert_int_equal(count(&base), 0);
    assert_int_equal(insert(&base, 1, "one"), KF_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_committed_stays_and_what_fails_goes),
        TEST(it_is_written_ahead_and_synchronised),
        TEST(a_second_writer_is_refused_and_a_reader_is_not),
        TEST(the_lock_goes_with_the_process_that_has_it),
        TEST(an_older_one_is_brought_up_to_date_and_a_newer_one_refused),
        TEST(one_that_cannot_be_brought_up_to_date_stays_as_it_was),
        TEST(one_that_was_removed_while_it_is_open_takes_nothing_more),
        TEST(a_file_of_another_kind_may_be_the_wrong_one),
        TEST(a_flipped_byte_is_told_or_harmless),
        TEST(a_full_disk_refuses_a_row_and_takes_it_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

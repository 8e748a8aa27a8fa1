/* How the store finds what it is asked for: by its keys, without reading what others have. */
#include <stdio.h>
#include <string.h>

#include "services/board/store/store_tables.h"
#include "tests/services/ingest/scratch.h"
#include "tests/support/cmocka.h"

#define PLAN_SIZE 1024

static struct scratch scratch;
static struct kf_board_store *store;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    assert_int_equal(kf_board_store_open(scratch_path(&scratch, "board.db"), &store, &err), KF_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_board_store_destroy(&store);
    scratch_remove(&scratch);
    return 0;
}

/* How SQLite will search: a line a table. */
static const char *plan_of(enum kf_board_statement which)
{
    static char plan[PLAN_SIZE];
    char sql[PLAN_SIZE];
    sqlite3_stmt *statement = NULL;
    sqlite3_stmt *explained = NULL;
    assert_int_equal(kf_board_prepare(store, which, &statement, &err), KF_OK);
    (void)snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", sqlite3_sql(statement));
    sqlite3 *base = sqlite3_db_handle(statement);
    assert_int_equal(sqlite3_prepare_v2(base, sql, -1, &explained, NULL), SQLITE_OK);
    size_t used = 0;
    plan[0] = '\0';
    while (sqlite3_step(explained) == SQLITE_ROW) {
        int length = snprintf(plan + used, sizeof plan - used, "%s\n",
                              (const char *)sqlite3_column_text(explained, 3));
        used += (size_t)length;
        assert_true(used < sizeof plan);
    }
    sqlite3_finalize(explained);
    kf_database_done(statement);
    return plan;
}

static void check_search(enum kf_board_statement which, const char *keys)
{
    if (!strstr(plan_of(which), keys)) {
        fail_msg("not by %s but:\n%s", keys, plan_of(which));
    }
}

static void rows_of_a_municipality_are_found_without_those_of_others(void **state)
{
    (void)state;
    check_search(KF_BOARD_SELECT_ROWS_OF,
                 "SEARCH rows USING PRIMARY KEY (arrival=? AND topic=? AND municipality=?)");
}

static void rows_of_a_topic_are_found_without_those_of_others(void **state)
{
    (void)state;
    check_search(KF_BOARD_SELECT_SECTOR_ROWS,
                 "SEARCH rows USING PRIMARY KEY (arrival=? AND topic=?)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_of_a_municipality_are_found_without_those_of_others),
        TEST(rows_of_a_topic_are_found_without_those_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

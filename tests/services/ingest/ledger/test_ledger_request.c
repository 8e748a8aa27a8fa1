/* People's wishes: any process may add one while ingest has the ledger open, ingest carries it
 * out. */
#include "tests/support/cmocka.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/scratch.h"

#define FIRST "11111111111111111111111111111111"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err) == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static enum kf_err ask(enum kf_ledger_wish wish, int64_t *number)
{
    const struct kf_ledger_request request = {
        .wish = wish, .release = FIRST, .by = "kari", .asked_ms = 1234};
    return kf_ledger_ask(scratch_path(&scratch, "ledger.db"), &request, number, &err);
}

static void change_file(const char *sql)
{
    sqlite3 *base = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "ledger.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static void a_wish_is_added_beside_the_process_that_writes(void **state)
{
    (void)state;
    struct kf_ledger_request request;
    int64_t number = 0;
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_ERR_AGAIN);
    assert_int_equal(ask(KF_LEDGER_REPLAY, &number), KF_OK);
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_int_equal(request.number, number);
    assert_int_equal(request.wish, KF_LEDGER_REPLAY);
    assert_string_equal(request.release, FIRST);
    assert_string_equal(request.by, "kari");
    assert_int_equal(request.asked_ms, 1234);
    assert_int_equal(request.done_ms, 0);
    assert_int_equal(ask(0, &number), KF_ERR_INTERNAL);
}

static void wishes_are_carried_out_in_their_order_and_their_outcome_is_kept(void **state)
{
    (void)state;
    struct kf_ledger_request request;
    int64_t one = 0;
    int64_t other = 0;
    assert_int_equal(ask(KF_LEDGER_APPROVE, &one), KF_OK);
    assert_int_equal(ask(KF_LEDGER_REPLAY, &other), KF_OK);
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_int_equal(request.number, one);
    request.granted = true;
    (void)snprintf(request.outcome, sizeof request.outcome, "it goes its way");
    assert_int_equal(kf_ledger_request_done(ledger, &request, 5678, &err), KF_OK);
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_int_equal(request.number, other);
    assert_int_equal(kf_ledger_request(ledger, one, &request, &err), KF_OK);
    assert_true(request.granted);
    assert_int_equal(request.done_ms, 5678);
    assert_string_equal(request.outcome, "it goes its way");
    assert_int_equal(kf_ledger_request(ledger, 99, &request, &err), KF_ERR_AGAIN);
}

static void what_was_done_stays_as_it_is(void **state)
{
    (void)state;
    struct kf_ledger_request request;
    int64_t number = 0;
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_OK);
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_int_equal(kf_ledger_request_done(ledger, &request, 1, &err), KF_OK);
    request.granted = true;
    assert_int_equal(kf_ledger_request_done(ledger, &request, 2, &err), KF_OK);
    assert_int_equal(kf_ledger_request(ledger, number, &request, &err), KF_OK);
    assert_int_equal(request.done_ms, 1);
    assert_false(request.granted);
}

static void news_is_what_another_process_wrote(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_false(kf_ledger_has_news(ledger));
    assert_int_equal(kf_ledger_announce(ledger, "mine", "12362", 1, &err), KF_OK);
    assert_false(kf_ledger_has_news(ledger));
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_OK);
    assert_true(kf_ledger_has_news(ledger));
    assert_false(kf_ledger_has_news(ledger));
}

static void a_wish_of_another_process_is_news_here(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        char program[] = "test_ledger_request";
        char word[] = "ask";
        char path[SCRATCH_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s", scratch_path(&scratch, "ledger.db"));
        char *const arguments[] = {program, word, path, NULL};
        (void)execv("/proc/self/exe", arguments);
        _exit(1);
    }
    int how = 0;
    struct kf_ledger_request request;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 0);
    assert_true(kf_ledger_has_news(ledger));
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_string_equal(request.by, "a child");
}

static void a_wish_waits_for_the_transaction_of_the_other(void **state)
{
    (void)state;
    struct kf_release release = {.panels = 1, .vintage = "", .program = ""};
    const struct kf_ledger_addition addition = {.release = &release, .input = "in"};
    int64_t number = 0;
    (void)snprintf(release.id, sizeof release.id, "%s", FIRST);
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_ERR_IO); /* never ends: it says so */
    kf_ledger_add_cancel(ledger);
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_OK);
}

static void without_a_ledger_of_this_version_nothing_is_asked(void **state)
{
    (void)state;
    int64_t number = 0;
    const struct kf_ledger_request request = {.wish = KF_LEDGER_APPROVE};
    assert_int_equal(kf_ledger_ask(scratch_path(&scratch, "none.db"), &request, &number, &err),
                     KF_ERR_CONFIG);
    assert_false(scratch_has(&scratch, "none.db"));
    kf_ledger_close(&ledger);
    change_file("PRAGMA user_version = 1");
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "start ingest once"));
    change_file("PRAGMA user_version = 4");
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_ERR_CONFIG);
}

static void too_many_wishes_are_refused_and_old_ones_are_forgotten(void **state)
{
    (void)state;
    int64_t number = 0;
    struct kf_ledger_request request;
    change_file("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                " INSERT INTO requests(wish, release, asked_by, asked_ms)"
                " SELECT 'approve', 'x', '', 0 FROM n");
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_ERR_LIMIT);
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
        assert_int_equal(request.number, i);
        assert_int_equal(kf_ledger_request_done(ledger, &request, 1, &err), KF_OK);
    }
    assert_int_equal(ask(KF_LEDGER_APPROVE, &number), KF_OK);
    assert_int_equal(number, 1001);
    change_file("UPDATE requests SET done_ms = 1 WHERE number < 1001");
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_OK);
    assert_int_equal(kf_ledger_request_done(ledger, &request, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_request(ledger, 1, &request, &err), KF_ERR_AGAIN);
    assert_int_equal(kf_ledger_request(ledger, 2, &request, &err), KF_OK);
}

static void a_wish_that_this_program_does_not_know_is_told(void **state)
{
    (void)state;
    struct kf_ledger_request request;
    change_file("INSERT INTO requests(wish, release, asked_by, asked_ms)"
                " VALUES('delete', 'x', '', 0)");
    assert_int_equal(kf_ledger_next_request(ledger, &request, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "\"delete\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* As a child: adds a wish to the ledger and ends. */
static int ask_and_end(const char *path)
{
    int64_t number = 0;
    const struct kf_ledger_request request = {
        .wish = KF_LEDGER_APPROVE, .release = FIRST, .by = "a child"};
    return kf_ledger_ask(path, &request, &number, &err) == KF_OK ? 0 : 1;
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wish_is_added_beside_the_process_that_writes),
        TEST(wishes_are_carried_out_in_their_order_and_their_outcome_is_kept),
        TEST(what_was_done_stays_as_it_is),
        TEST(news_is_what_another_process_wrote),
        TEST(a_wish_of_another_process_is_news_here),
        TEST(a_wish_waits_for_the_transaction_of_the_other),
        TEST(without_a_ledger_of_this_version_nothing_is_asked),
        TEST(too_many_wishes_are_refused_and_old_ones_are_forgotten),
        TEST(a_wish_that_this_program_does_not_know_is_told),
    };
    if (count == 3 && strcmp(words[1], "ask") == 0) {
        return ask_and_end(words[2]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

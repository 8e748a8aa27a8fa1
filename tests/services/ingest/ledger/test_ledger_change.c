/* What becomes of a release: announced, held, approved, replayed; nothing older after something
 * newer. */
#include "tests/support/cmocka.h"

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

#define FIRST  "11111111111111111111111111111111"
#define SECOND "22222222222222222222222222222222"
#define THIRD  "33333333333333333333333333333333"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

/* What the panels of a release are. */
struct plan {
    const char *id;
    const char *held;
    const char *announced;
    struct kf_ledger_content contents[3];
    uint32_t panels;
};

static enum kf_err open_ledger(void)
{
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return open_ledger() == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static enum kf_err try_to_add(const struct plan *plan)
{
    struct kf_release release = {
        .discovered_ms = 1000, .panels = plan->panels, .vintage = "revised", .program = "0.1.0"};
    const struct kf_ledger_addition addition = {
        .release = &release, .input = "ssb", .held = plan->held, .announced = plan->announced};
    (void)snprintf(release.id, sizeof release.id, "%s", plan->id);
    enum kf_err code = kf_ledger_add_begin(ledger, &addition, &err);
    for (uint32_t i = 0; code == KF_OK && i < plan->panels; i++) {
        code = kf_ledger_add_panel(ledger, i, &plan->contents[i], "panel", 5, &err);
    }
    if (code == KF_OK) {
        return kf_ledger_add_commit(ledger, &err);
    }
    kf_ledger_add_cancel(ledger);
    return code;
}

static void add(const struct plan *plan)
{
    assert_int_equal(try_to_add(plan), KF_OK);
}

/* A release with one panel of that year, held when told why. */
static void add_year(const char *id, int year, const char *held)
{
    add(&(struct plan){.id = id,
                       .held = held,
                       .contents = {{.edition = "demo", .year = year, .digest = id}},
                       .panels = 1});
}

static struct kf_ledger_release find(const char *id)
{
    struct kf_ledger_release release = {0};
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    return release;
}

static bool is_there(const char *id)
{
    struct kf_ledger_release release;
    enum kf_err code = kf_ledger_find(ledger, id, &release, &err);
    assert_true(code == KF_OK || code == KF_ERR_AGAIN);
    return code == KF_OK;
}

static void close_as(const char *id, enum kf_receipt_state what)
{
    struct kf_receipt receipt = {.state = what, .rows = 7};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", id);
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, 3000, &err), KF_OK);
}

static void expect_next_open(const char *id)
{
    struct kf_ledger_release release;
    enum kf_err code = kf_ledger_next_open(ledger, &release, &err);
    if (!id) {
        assert_int_equal(code, KF_ERR_AGAIN);
        return;
    }
    assert_int_equal(code, KF_OK);
    assert_string_equal(release.id, id);
}

/* --- announcing ---------------------------------------------------------------------------- */

static void an_announced_release_is_there_once_and_is_not_sent(void **state)
{
    (void)state;
    struct kf_ledger_totals totals;
    assert_int_equal(kf_ledger_announce(ledger, "kostra-2026-03-15", "12362", 500, &err), KF_OK);
    assert_int_equal(kf_ledger_announce(ledger, "kostra-2026-03-15", "07459", 900, &err), KF_OK);
    struct kf_ledger_release release = find("kostra-2026-03-15");
    assert_int_equal(release.state, KF_LEDGER_DISCOVERED);
    assert_string_equal(release.reason, "07459"); /* what it waits for now */
    assert_int_equal(release.discovered_ms, 500);
    assert_int_equal(release.panels, 0);
    assert_false(release.kept);
    expect_next_open(NULL);
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.releases[KF_LEDGER_DISCOVERED], 1);
    assert_int_equal(totals.oldest_open_ms, 0);
}

static void its_row_goes_when_the_release_itself_comes_or_nothing_came_of_it(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_announce(ledger, "first", "12362", 500, &err), KF_OK);
    assert_int_equal(kf_ledger_announce(ledger, "second", "12362", 500, &err), KF_OK);
    add(&(struct plan){.id = FIRST,
                       .announced = "first",
                       .contents = {{.edition = "demo", .year = 2025, .digest = FIRST}},
                       .panels = 1});
    assert_false(is_there("first"));
    assert_true(is_there("second"));
    assert_int_equal(kf_ledger_withdraw(ledger, "second", &err), KF_OK);
    assert_false(is_there("second"));
    assert_int_equal(kf_ledger_withdraw(ledger, "second", &err), KF_OK);
    assert_int_equal(kf_ledger_withdraw(ledger, FIRST, &err), KF_OK); /* no announcement */
    assert_true(is_there(FIRST));
}

static void a_release_that_fails_to_be_added_stays_announced(void **state)
{
    (void)state;
    add_year(FIRST, 2025, NULL);
    assert_int_equal(kf_ledger_announce(ledger, "again", "12362", 500, &err), KF_OK);
    const struct plan twice = {.id = FIRST, .announced = "again"};
    assert_int_equal(try_to_add(&twice), KF_ERR_IO);
    assert_true(is_there("again"));
}

static void a_name_is_no_releases_and_fits(void **state)
{
    (void)state;
    add_year(FIRST, 2025, NULL);
    assert_int_equal(kf_ledger_announce(ledger, FIRST, "12362", 500, &err), KF_ERR_CONFIG);
    assert_int_equal(find(FIRST).state, KF_LEDGER_COMPLETE);
    assert_int_equal(kf_ledger_announce(ledger, FIRST "3", "12362", 500, &err), KF_ERR_LIMIT);
    assert_int_equal(kf_ledger_announce(ledger, "", "12362", 500, &err), KF_ERR_LIMIT);
}

/* --- what panels are ----------------------------------------------------------------------- */

static enum kf_err collect(void *context, uint32_t index, const struct kf_ledger_content *content,
                           struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%u %s %d %s %d\n", index, content->edition, content->year,
                       content->digest, content->rejected);
    return KF_OK;
}

static void what_panels_are_is_kept_after_the_panels_are_dropped(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    add(&(struct plan){
        .id = FIRST,
        .contents = {{.edition = "demo", .year = 2024, .digest = "aa"},
                     {.edition = "demo", .year = 2025, .digest = "", .rejected = true}},
        .panels = 2});
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_prune(ledger, 0, &err), KF_OK);
    struct kf_ledger_release release = find(FIRST);
    assert_false(release.kept);
    assert_int_equal(kf_ledger_contents(ledger, &release, collect, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "0 demo 2024 aa 0\n1 demo 2025  1\n");
    kf_text_clear(&text);
}

static void expect_newest(int year, const char *id, uint32_t panel, const char *digest)
{
    struct kf_ledger_newest newest;
    enum kf_err code = kf_ledger_newest_of(ledger, "demo", year, false, &newest, &err);
    if (!id) {
        assert_int_equal(code, KF_ERR_AGAIN);
        return;
    }
    assert_int_equal(code, KF_OK);
    assert_string_equal(newest.release.id, id);
    assert_int_equal(newest.panel, panel);
    assert_string_equal(newest.digest, digest);
}

static void the_newest_of_an_edition_and_year_is_what_is_or_will_be_published(void **state)
{
    (void)state;
    expect_newest(2025, NULL, 0, "");
    add(&(struct plan){.id = FIRST,
                       .contents = {{.edition = "other", .year = 2025, .digest = "xx"},
                                    {.edition = "demo", .year = 2025, .digest = "aa"}},
                       .panels = 2});
    expect_newest(2025, FIRST, 1, "aa");
    struct kf_ledger_newest newest;
    assert_int_equal(kf_ledger_newest_of(ledger, "demo", 2025, true, &newest, &err), KF_ERR_AGAIN);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_newest_of(ledger, "demo", 2025, true, &newest, &err), KF_OK);
    add_year(SECOND, 2025, "half the figures are gone"); /* held: does not count */
    expect_newest(2025, FIRST, 1, "aa");
    add(&(struct plan){
        .id = THIRD, /* a rejection does not count either */
        .contents = {{.edition = "demo", .year = 2025, .digest = "", .rejected = true}},
        .panels = 1});
    expect_newest(2025, FIRST, 1, "aa");
    close_as(THIRD, KF_RECEIPT_REJECTED);
    assert_int_equal(kf_ledger_approve(ledger, SECOND, &err), KF_OK);
    expect_newest(2025, SECOND, 0, SECOND);
    close_as(SECOND, KF_RECEIPT_REJECTED);
    expect_newest(2025, FIRST, 1, "aa");
    expect_newest(2024, NULL, 0, "");
}

/* --- approving ----------------------------------------------------------------------------- */

static void what_its_source_no_longer_says_is_not_held_any_more(void **state)
{
    (void)state;
    add_year(FIRST, 2025, "half the figures are gone");
    add_year(SECOND, 2025, "half the figures are gone");
    add_year(THIRD, 2024, NULL);
    const char *input = find(FIRST).input;
    char other[KF_LEDGER_INPUT_SIZE + 1];
    (void)snprintf(other, sizeof other, "%sx", input);
    assert_int_equal(kf_ledger_drop_outdated(ledger, other, "", 7, &err), KF_OK);
    assert_int_equal(find(FIRST).state, KF_LEDGER_HELD);
    assert_int_equal(kf_ledger_drop_outdated(ledger, input, SECOND, 7, &err), KF_OK);
    assert_int_equal(find("dropped-1").state, KF_LEDGER_REJECTED);
    assert_int_equal(find("dropped-1").committed_ms, 7);
    assert_non_null(strstr(find("dropped-1").reason, "half the figures are gone"));
    assert_int_equal(kf_ledger_approve(ledger, FIRST, &err), KF_ERR_CONFIG);
    assert_int_equal(find(SECOND).state, KF_LEDGER_HELD);
    assert_int_equal(find(THIRD).state, KF_LEDGER_COMPLETE);
    add_year(FIRST, 2025, NULL); /* the same figures may come again */
}

static void a_held_release_waits_until_it_is_approved(void **state)
{
    (void)state;
    struct kf_ledger_totals totals;
    add_year(FIRST, 2025, "half the figures are gone");
    add_year(SECOND, 2024, NULL);
    assert_int_equal(find(FIRST).state, KF_LEDGER_HELD);
    assert_string_equal(find(FIRST).reason, "half the figures are gone");
    expect_next_open(SECOND);
    assert_int_equal(kf_ledger_mark_sent(ledger, FIRST, 1, &err), KF_OK);
    close_as(FIRST, KF_RECEIPT_COMMITTED); /* nobody can have received it */
    assert_int_equal(find(FIRST).state, KF_LEDGER_HELD);
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.releases[KF_LEDGER_HELD], 1);
    assert_int_equal(kf_ledger_prune(ledger, 0, &err), KF_OK);
    assert_true(find(FIRST).kept);
    assert_int_equal(kf_ledger_approve(ledger, FIRST, &err), KF_OK);
    assert_int_equal(find(FIRST).state, KF_LEDGER_COMPLETE);
    assert_string_equal(find(FIRST).reason, "");
    expect_next_open(FIRST);
    assert_int_equal(kf_ledger_approve(ledger, FIRST, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "is complete, not held"));
    assert_int_equal(kf_ledger_approve(ledger, THIRD, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "no release " THIRD));
}

/* A later release in `what` (0: complete) stands in the way, or not. */
static void expect_approval(enum kf_receipt_state what, bool sent, enum kf_err expected)
{
    add_year(FIRST, 2025, "held");
    add_year(SECOND, 2025, NULL);
    if (sent) {
        assert_int_equal(kf_ledger_mark_sent(ledger, SECOND, 1, &err), KF_OK);
    }
    if (what != 0) {
        close_as(SECOND, what);
    }
    assert_int_equal(kf_ledger_approve(ledger, FIRST, &err), expected);
    if (expected != KF_OK) {
        assert_non_null(strstr(err.text, SECOND));
        assert_non_null(strstr(err.text, "demo of 2025"));
        assert_int_equal(find(FIRST).state, KF_LEDGER_HELD);
    }
}

static void nothing_older_is_approved_after_something_newer_that_is_complete(void **state)
{
    (void)state;
    expect_approval(0, false, KF_ERR_CONFIG);
}

static void nor_after_something_newer_that_is_sent(void **state)
{
    (void)state;
    expect_approval(0, true, KF_ERR_CONFIG);
}

static void nor_after_something_newer_that_is_committed(void **state)
{
    (void)state;
    expect_approval(KF_RECEIPT_COMMITTED, true, KF_ERR_CONFIG);
}

static void but_after_something_newer_that_was_rejected(void **state)
{
    (void)state;
    expect_approval(KF_RECEIPT_REJECTED, true, KF_OK);
}

static void what_is_newer_of_another_year_or_held_is_in_nobodys_way(void **state)
{
    (void)state;
    add_year(FIRST, 2025, "held");
    add_year(SECOND, 2025, "held, too");
    add_year(THIRD, 2024, NULL);
    assert_int_equal(kf_ledger_approve(ledger, SECOND, &err), KF_OK);
    assert_int_equal(kf_ledger_approve(ledger, FIRST, &err), KF_ERR_CONFIG); /* now it is */
}

/* --- replaying ----------------------------------------------------------------------------- */

static void a_closed_release_is_sent_once_more(void **state)
{
    (void)state;
    add_year(FIRST, 2025, NULL);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "only what is closed"));
    assert_int_equal(kf_ledger_mark_sent(ledger, FIRST, 2000, &err), KF_OK);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_OK);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(release.state, KF_LEDGER_COMPLETE);
    assert_int_equal(release.committed_ms, 0);
    assert_int_equal(release.rows, 0);
    assert_int_equal(release.attempts, 1); /* how often it went out stays known */
    expect_next_open(FIRST);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    assert_int_equal(find(FIRST).rows, 7);
}

static size_t count_panels(void)
{
    size_t kept = 0;
    sqlite3 *base = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "ledger.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(base, "SELECT count(*) FROM panels", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    kept = (size_t)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    return kept;
}

static void what_nobody_approves_does_not_fill_the_disk(void **state)
{
    (void)state;
    struct kf_ledger_totals totals;
    add_year(FIRST, 2025, "too different");
    for (int i = 0; i < KF_LEDGER_HELD_MAX; i++) {
        char id[KF_RELEASE_ID_SIZE];
        (void)snprintf(id, sizeof id, "%032d", i);
        assert_true(is_there(FIRST));
        add_year(id, 2025, "too different");
    }
    assert_false(is_there(FIRST)); /* so that its figures can be given again */
    const struct kf_ledger_release oldest = find("dropped-1");
    assert_int_equal(oldest.state, KF_LEDGER_REJECTED);
    assert_false(oldest.kept);
    assert_int_equal(oldest.committed_ms, 1000);
    assert_string_equal(oldest.reason, "held and never approved: too different");
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.releases[KF_LEDGER_HELD], KF_LEDGER_HELD_MAX);
    assert_int_equal(count_panels(), KF_LEDGER_HELD_MAX);
    assert_int_equal(kf_ledger_replay(ledger, "dropped-1", &err), KF_ERR_CONFIG);
    add_year(SECOND, 2025, NULL); /* what is not held drops nothing */
    assert_int_equal(count_panels(), KF_LEDGER_HELD_MAX + 1);
}

static void what_is_dropped_damaged_or_older_is_not_replayed(void **state)
{
    (void)state;
    add_year(FIRST, 2025, NULL);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    add_year(SECOND, 2025, NULL);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, SECOND));
    const struct kf_ledger_release second = find(SECOND);
    assert_int_equal(kf_ledger_mark_damaged(ledger, &second, "why", 1, &err), KF_OK);
    assert_int_equal(kf_ledger_replay(ledger, "damaged-2", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "give its input again"));
    assert_int_equal(kf_ledger_prune(ledger, 0, &err), KF_OK);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "have been dropped"));
}

/* --- what goes wrong ----------------------------------------------------------------------- */

static void a_disk_that_is_full_at_any_write_adds_no_half_release(void **state)
{
    (void)state;
    const struct plan plan = {.id = FIRST,
                              .announced = "first",
                              .contents = {{.edition = "demo", .year = 2024, .digest = "aa"},
                                           {.edition = "demo", .year = 2025, .digest = "bb"}},
                              .panels = 2};
    kf_ledger_close(&ledger);
    failing_disk_insert();
    assert_int_equal(open_ledger(), KF_OK);
    assert_int_equal(kf_ledger_announce(ledger, "first", "12362", 500, &err), KF_OK);
    enum kf_err code = KF_ERR_IO;
    int64_t n = 0;
    for (; code != KF_OK; n++) {
        failing_disk_fail_after(n);
        code = try_to_add(&plan);
        failing_disk_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_IO);
        assert_int_equal(is_there(FIRST), code == KF_OK);
        assert_int_equal(is_there("first"), code != KF_OK);
    }
    assert_true(n > 2);
}

static void an_approval_survives_the_death_of_the_process(void **state)
{
    (void)state;
    add_year(FIRST, 2025, "held");
    kf_ledger_close(&ledger);
    pid_t child = fork();
    if (child == 0) {
        bool held = setenv("KF_CRASH_AT", "ingest.approved:1", 1) == 0 && open_ledger() == KF_OK;
        (void)kf_ledger_approve(ledger, FIRST, &err);
        _exit(held ? 7 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 7);
    assert_int_equal(open_ledger(), KF_OK);
    assert_int_equal(find(FIRST).state, KF_LEDGER_COMPLETE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_announced_release_is_there_once_and_is_not_sent),
        TEST(its_row_goes_when_the_release_itself_comes_or_nothing_came_of_it),
        TEST(a_release_that_fails_to_be_added_stays_announced),
        TEST(a_name_is_no_releases_and_fits),
        TEST(what_panels_are_is_kept_after_the_panels_are_dropped),
        TEST(the_newest_of_an_edition_and_year_is_what_is_or_will_be_published),
        TEST(what_its_source_no_longer_says_is_not_held_any_more),
        TEST(a_held_release_waits_until_it_is_approved),
        TEST(nothing_older_is_approved_after_something_newer_that_is_complete),
        TEST(nor_after_something_newer_that_is_sent),
        TEST(nor_after_something_newer_that_is_committed),
        TEST(but_after_something_newer_that_was_rejected),
        TEST(what_is_newer_of_another_year_or_held_is_in_nobodys_way),
        TEST(a_closed_release_is_sent_once_more),
        TEST(what_nobody_approves_does_not_fill_the_disk),
        TEST(what_is_dropped_damaged_or_older_is_not_replayed),
        TEST(an_approval_survives_the_death_of_the_process),
        TEST(a_disk_that_is_full_at_any_write_adds_no_half_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

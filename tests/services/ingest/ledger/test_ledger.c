/* The ledger: what is in it survives, and damage is told, never a crash. */
#include "tests/support/cmocka.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/scratch.h"

#define FIRST  "11111111111111111111111111111111"
#define SECOND "22222222222222222222222222222222"
#define THIRD  "33333333333333333333333333333333"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

static enum kf_err open_ledger(void)
{
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return open_ledger() == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static struct kf_release release_of(const char *id, uint32_t panels)
{
    static const struct kf_source sources[] = {
        {.name = "a.csv", .digest = "aa", .bytes = 10, .updated = ""},
        {.name = "b.csv", .digest = "bb", .bytes = 20, .updated = "2026-03-15T07:00:00Z"},
    };
    struct kf_release release = {.discovered_ms = 1000,
                                 .panels = panels,
                                 .sources = sources,
                                 .sources_len = 2,
                                 .vintage = "revised",
                                 .program = "0.1.0"};
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    return release;
}

static enum kf_err begin(const struct kf_release *release)
{
    const struct kf_ledger_addition addition = {.release = release, .input = "in.csv"};
    return kf_ledger_add_begin(ledger, &addition, &err);
}

static enum kf_err add_panel(uint32_t index, const char *bytes, size_t length)
{
    const struct kf_ledger_content content = {
        .edition = "demo", .year = 2020 + (int)index, .digest = FIRST};
    return kf_ledger_add_panel(ledger, index, &content, bytes, length, &err);
}

/* Panel i of a release holds "ID/i". */
static void add(const char *id, uint32_t panels)
{
    const struct kf_release release = release_of(id, panels);
    assert_int_equal(begin(&release), KF_OK);
    for (uint32_t i = 0; i < panels; i++) {
        char bytes[64];
        int length = snprintf(bytes, sizeof bytes, "%s/%u", id, i);
        assert_int_equal(add_panel(i, bytes, (size_t)length), KF_OK);
    }
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

static struct kf_ledger_release find(const char *id)
{
    struct kf_ledger_release release = {0};
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    return release;
}

static void close_later_as(const char *id, enum kf_receipt_state what, int64_t now_ms)
{
    struct kf_receipt receipt = {.state = what, .rows = 4711, .panels_rejected = 1};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", id);
    (void)snprintf(receipt.reason, sizeof receipt.reason, "why");
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, now_ms, &err), KF_OK);
}

static void close_as(const char *id, enum kf_receipt_state what)
{
    close_later_as(id, what, 3000);
}

static void expect_panel(const char *id, uint32_t index, const char *expected)
{
    struct kf_ledger_release release = find(id);
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    assert_int_equal(kf_ledger_panel(ledger, &release, index, &bytes, &err), KF_OK);
    assert_string_equal(bytes.bytes, expected);
    kf_text_clear(&bytes);
}

static void change_file(const char *sql)
{
    sqlite3 *base = NULL;
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "ledger.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static void a_release_is_found_as_it_was_added(void **state)
{
    (void)state;
    add(FIRST, 2);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(release.number, 1);
    assert_int_equal(release.state, KF_LEDGER_COMPLETE);
    assert_string_equal(release.input, "in.csv");
    assert_string_equal(release.vintage, "revised");
    assert_int_equal(release.discovered_ms, 1000);
    assert_int_equal(release.panels, 2);
    assert_int_equal(release.attempts, 0);
    assert_true(release.kept);
    expect_panel(FIRST, 0, FIRST "/0");
    expect_panel(FIRST, 1, FIRST "/1");
    assert_int_equal(kf_ledger_find(ledger, SECOND, &release, &err), KF_ERR_AGAIN);
}

static enum kf_err collect_source(void *context, const struct kf_source *source,
                                  struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%s %s %llu %s\n", source->name, source->digest,
                       (unsigned long long)source->bytes, source->updated);
    return KF_OK;
}

static void sources_are_kept_in_order(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    add(FIRST, 1);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(kf_ledger_sources(ledger, &release, collect_source, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "a.csv aa 10 \nb.csv bb 20 2026-03-15T07:00:00Z\n");
    kf_text_clear(&text);
}

static void the_oldest_open_release_is_next(void **state)
{
    (void)state;
    struct kf_ledger_release release;
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_ERR_AGAIN);
    add(SECOND, 1);
    add(FIRST, 1);
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_OK);
    assert_string_equal(release.id, SECOND);
    assert_int_equal(kf_ledger_mark_sent(ledger, SECOND, 2000, &err), KF_OK);
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_OK);
    assert_string_equal(release.id, SECOND);
    close_as(SECOND, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_OK);
    assert_string_equal(release.id, FIRST);
    close_as(FIRST, KF_RECEIPT_REJECTED);
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_ERR_AGAIN);
}

static void states_and_times_are_marked(void **state)
{
    (void)state;
    add(FIRST, 1);
    assert_int_equal(kf_ledger_mark_sent(ledger, FIRST, 2000, &err), KF_OK);
    assert_int_equal(kf_ledger_mark_sent(ledger, FIRST, 2500, &err), KF_OK);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(release.state, KF_LEDGER_SENT);
    assert_int_equal(release.attempts, 2);
    assert_int_equal(release.sent_ms, 2000);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    release = find(FIRST);
    assert_int_equal(release.state, KF_LEDGER_COMMITTED);
    assert_int_equal(release.committed_ms, 3000);
    assert_int_equal(release.rows, 4711);
    assert_int_equal(release.panels_rejected, 1);
    assert_string_equal(release.reason, "why");
}

static void a_closed_release_stays_as_it_is(void **state)
{
    (void)state;
    add(FIRST, 1);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    close_as(FIRST, KF_RECEIPT_REJECTED);
    assert_int_equal(kf_ledger_mark_sent(ledger, FIRST, 9000, &err), KF_OK);
    assert_int_equal(find(FIRST).state, KF_LEDGER_COMMITTED);
}

static void a_release_is_added_once(void **state)
{
    (void)state;
    add(FIRST, 1);
    const struct kf_release again = release_of(FIRST, 1);
    assert_int_equal(begin(&again), KF_ERR_IO);
    add(SECOND, 1);
}

static void a_release_that_lacks_a_panel_is_not_added(void **state)
{
    (void)state;
    struct kf_ledger_release found;
    const struct kf_release release = release_of(FIRST, 2);
    assert_int_equal(begin(&release), KF_OK);
    assert_int_equal(add_panel(0, "x", 1), KF_OK);
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_ERR_INTERNAL);
    assert_int_equal(kf_ledger_find(ledger, FIRST, &found, &err), KF_ERR_AGAIN);
    add(FIRST, 2);
}

static void a_cancelled_release_leaves_no_trace(void **state)
{
    (void)state;
    struct kf_ledger_release found;
    const struct kf_release release = release_of(FIRST, 1);
    assert_int_equal(begin(&release), KF_OK);
    assert_int_equal(add_panel(0, "x", 1), KF_OK);
    kf_ledger_add_cancel(ledger);
    kf_ledger_add_cancel(ledger);
    assert_int_equal(kf_ledger_find(ledger, FIRST, &found, &err), KF_ERR_AGAIN);
}

static void a_killed_process_leaves_what_was_committed_and_nothing_else(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    pid_t child = fork();
    if (child == 0) {
        const struct kf_release half = release_of(SECOND, 1);
        bool held = open_ledger() == KF_OK;
        add(FIRST, 1);
        held = held && begin(&half) == KF_OK;
        held = held && add_panel(0, "x", 1) == KF_OK;
        _exit(held ? 7 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 7);
    assert_int_equal(open_ledger(), KF_OK);
    struct kf_ledger_release found;
    expect_panel(FIRST, 0, FIRST "/0");
    assert_int_equal(kf_ledger_find(ledger, SECOND, &found, &err), KF_ERR_AGAIN);
}

static enum kf_err collect_id(void *context, const struct kf_ledger_release *release,
                              struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%.1s %s\n", release->id, kf_ledger_state_name(release->state));
    return KF_OK;
}

static void releases_are_listed_newest_first(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    add(FIRST, 1);
    add(SECOND, 1);
    add(THIRD, 1);
    close_as(SECOND, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_list(ledger, 2, collect_id, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "3 complete\n2 committed\n");
    kf_text_clear(&text);
}

static enum kf_err stop_at_once(void *context, const struct kf_ledger_release *release,
                                struct kf_error *error)
{
    (void)release;
    ++*(int *)context;
    return kf_error_set(error, KF_ERR_AGAIN, "enough");
}

static void a_walk_can_be_stopped(void **state)
{
    (void)state;
    int seen = 0;
    add(FIRST, 1);
    add(SECOND, 1);
    assert_int_equal(kf_ledger_list(ledger, 10, stop_at_once, &seen, &err), KF_ERR_AGAIN);
    assert_int_equal(seen, 1);
}

static void totals_count_each_state_and_know_the_oldest_and_newest(void **state)
{
    (void)state;
    struct kf_ledger_totals totals;
    add(FIRST, 1);
    add(SECOND, 1);
    add(THIRD, 1);
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.newest_committed_ms, 0);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_mark_sent(ledger, SECOND, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.newest_committed_ms, 3000);
    assert_int_equal(totals.releases[KF_LEDGER_COMMITTED], 1);
    assert_int_equal(totals.releases[KF_LEDGER_SENT], 1);
    assert_int_equal(totals.releases[KF_LEDGER_COMPLETE], 1);
    assert_int_equal(totals.oldest_open_ms, 1000);
    close_later_as(SECOND, KF_RECEIPT_COMMITTED, 4000);
    close_later_as(THIRD, KF_RECEIPT_REJECTED, 5000);
    assert_int_equal(kf_ledger_totals(ledger, &totals, &err), KF_OK);
    assert_int_equal(totals.oldest_open_ms, 0);
    assert_int_equal(totals.newest_committed_ms, 4000);
}

static void old_panels_are_dropped_and_rows_stay(void **state)
{
    (void)state;
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    add(FIRST, 1);
    add(SECOND, 1);
    add(THIRD, 1);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    close_as(SECOND, KF_RECEIPT_COMMITTED);
    assert_int_equal(kf_ledger_prune(ledger, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_prune(ledger, 1, &err), KF_OK);
    struct kf_ledger_release release = find(FIRST);
    assert_false(release.kept);
    assert_int_equal(release.rows, 4711);
    assert_int_equal(kf_ledger_panel(ledger, &release, 0, &bytes, &err), KF_ERR_DATA);
    expect_panel(SECOND, 0, SECOND "/0");
    expect_panel(THIRD, 0, THIRD "/0"); /* open: never dropped */
    kf_text_clear(&bytes);
}

static void rejected_releases_do_not_drive_out_what_is_on_the_topics(void **state)
{
    (void)state;
    add(FIRST, 1);
    add(SECOND, 1);
    add(THIRD, 1);
    close_as(FIRST, KF_RECEIPT_COMMITTED);
    close_as(SECOND, KF_RECEIPT_REJECTED);
    close_as(THIRD, KF_RECEIPT_REJECTED);
    assert_int_equal(kf_ledger_prune(ledger, 1, &err), KF_OK);
    assert_int_equal(kf_ledger_prune(ledger, 1, &err), KF_OK);
    expect_panel(FIRST, 0, FIRST "/0");
    assert_false(find(SECOND).kept);
    expect_panel(THIRD, 0, THIRD "/0");
}

static void a_flipped_byte_is_told_with_the_release(void **state)
{
    (void)state;
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    add(FIRST, 2);
    kf_ledger_close(&ledger);
    change_file("UPDATE panels SET bytes = x'00010203' WHERE place = 1");
    assert_int_equal(open_ledger(), KF_OK);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(kf_ledger_panel(ledger, &release, 1, &bytes, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, FIRST));
    assert_non_null(strstr(err.text, "panel 1"));
    assert_int_equal(bytes.length, 0);
    kf_text_clear(&bytes);
}

static void a_damaged_release_makes_room_for_the_same_input_again(void **state)
{
    (void)state;
    add(FIRST, 1);
    struct kf_ledger_release release = find(FIRST);
    assert_int_equal(kf_ledger_mark_damaged(ledger, &release, "a flipped byte", 4000, &err), KF_OK);
    assert_int_equal(kf_ledger_next_open(ledger, &release, &err), KF_ERR_AGAIN);
    add(FIRST, 1);
    release = find("damaged-1");
    assert_int_equal(release.state, KF_LEDGER_REJECTED);
    assert_string_equal(release.reason, "a flipped byte");
}

static void a_ledger_of_a_newer_program_is_refused_and_untouched(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    change_file("PRAGMA user_version = 4");
    assert_int_equal(open_ledger(), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "version 4"));
    assert_null(ledger);
    change_file("PRAGMA user_version = 3");
    assert_int_equal(open_ledger(), KF_OK);
}

static void another_programs_database_is_refused(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    change_file("PRAGMA application_id = 5; CREATE TABLE mine(x)");
    assert_int_equal(open_ledger(), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "not a ledger"));
}

static void what_is_no_database_is_told(void **state)
{
    (void)state;
    char rubbish[8192];
    memset(rubbish, 'x', sizeof rubbish);
    kf_ledger_close(&ledger);
    scratch_write(&scratch, "ledger.db", rubbish, sizeof rubbish);
    assert_int_equal(open_ledger(), KF_ERR_CONFIG);
    assert_int_equal(err.disposition, KF_FATAL);
    assert_non_null(strstr(err.text, "damaged"));
}

static void a_torn_file_is_an_error_wherever_it_was_torn(void **state)
{
    (void)state;
    add(FIRST, 3);
    kf_ledger_close(&ledger);
    static char copy[1 << 17];
    struct stat file;
    assert_int_equal(stat(scratch_path(&scratch, "ledger.db"), &file), 0);
    size_t size = (size_t)file.st_size;
    assert_in_range(size, 20000, sizeof copy);
    char *whole = scratch_read(&scratch, "ledger.db");
    memcpy(copy, whole, size);
    free(whole);
    scratch_write(&scratch, "ledger.db", copy, size);
    assert_int_equal(open_ledger(), KF_OK); /* the copy itself is whole */
    kf_ledger_close(&ledger);
    unsigned refused = 0;
    for (size_t at = 100; at < size; at += 509) {
        char flipped = copy[at];
        copy[at] = (char)(flipped ^ 0x5a);
        scratch_write(&scratch, "ledger.db", copy, size);
        struct kf_ledger_release release;
        enum kf_err code = open_ledger();
        code = code == KF_OK ? kf_ledger_next_open(ledger, &release, &err) : code;
        refused += code != KF_OK;
        kf_ledger_close(&ledger);
        copy[at] = flipped;
    }
    assert_true(refused > 0);
}

static void only_one_process_writes(void **state)
{
    (void)state;
    struct kf_ledger *other = NULL;
    assert_int_equal(kf_ledger_open(scratch_path(&scratch, "ledger.db"), &other, &err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "another ingest"));
    assert_null(other);
}

static void others_read_along(void **state)
{
    (void)state;
    struct kf_ledger *reader = NULL;
    struct kf_ledger_release release;
    add(FIRST, 1);
    assert_int_equal(kf_ledger_open_readonly(scratch_path(&scratch, "ledger.db"), &reader, &err),
                     KF_OK);
    assert_int_equal(kf_ledger_find(reader, FIRST, &release, &err), KF_OK);
    add(SECOND, 1);
    assert_int_equal(kf_ledger_find(reader, SECOND, &release, &err), KF_OK);
    assert_int_equal(kf_ledger_mark_sent(reader, FIRST, 1, &err), KF_ERR_IO);
    kf_ledger_close(&reader);
    assert_int_equal(kf_ledger_open_readonly(scratch_path(&scratch, "none.db"), &reader, &err),
                     KF_ERR_CONFIG);
    assert_false(scratch_has(&scratch, "none.db"));
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    kf_ledger_close(&ledger);
    for (; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = open_ledger();
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
    }
    kf_memory_fail_after(-1);
    assert_true(n > 1);
    add(FIRST, 1);
    struct kf_text bytes;
    struct kf_ledger_release release = find(FIRST);
    kf_text_init(&bytes, 1000);
    kf_memory_fail_after(0);
    assert_int_equal(kf_ledger_panel(ledger, &release, 0, &bytes, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    kf_text_clear(&bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_release_is_found_as_it_was_added),
        TEST(sources_are_kept_in_order),
        TEST(the_oldest_open_release_is_next),
        TEST(states_and_times_are_marked),
        TEST(a_closed_release_stays_as_it_is),
        TEST(a_release_is_added_once),
        TEST(a_release_that_lacks_a_panel_is_not_added),
        TEST(a_cancelled_release_leaves_no_trace),
        TEST(a_killed_process_leaves_what_was_committed_and_nothing_else),
        TEST(releases_are_listed_newest_first),
        TEST(a_walk_can_be_stopped),
        TEST(totals_count_each_state_and_know_the_oldest_and_newest),
        TEST(old_panels_are_dropped_and_rows_stay),
        TEST(rejected_releases_do_not_drive_out_what_is_on_the_topics),
        TEST(a_flipped_byte_is_told_with_the_release),
        TEST(a_damaged_release_makes_room_for_the_same_input_again),
        TEST(a_ledger_of_a_newer_program_is_refused_and_untouched),
        TEST(another_programs_database_is_refused),
        TEST(what_is_no_database_is_told),
        TEST(a_torn_file_is_an_error_wherever_it_was_torn),
        TEST(only_one_process_writes),
        TEST(others_read_along),
        TEST(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

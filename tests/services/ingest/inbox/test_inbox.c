/* The watched folder: what is taken when, and where it goes. */
#include "tests/support/cmocka.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/inbox/inbox.h"
#include "tests/services/ingest/scratch.h"

#define SETTLE_MS 500
#define RESCAN_MS 5000

static struct scratch scratch;
static struct kf_inbox *inbox;
static struct kf_error err;
static char paths[3][SCRATCH_PATH_SIZE * 2];

static enum kf_err open_inbox(void)
{
    static const char *const names[] = {"inbox", "done", "rejected"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%s", scratch_path(&scratch, names[i]));
    }
    const struct kf_inbox_options options = {.inbox = paths[0],
                                             .done = paths[1],
                                             .rejected = paths[2],
                                             .settle_ms = SETTLE_MS,
                                             .rescan_ms = RESCAN_MS};
    return kf_inbox_open(&options, &inbox, &err);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return open_inbox() == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_inbox_destroy(&inbox);
    scratch_remove(&scratch);
    return 0;
}

static void look(int64_t now_ms)
{
    kf_inbox_notice(inbox, now_ms);
    assert_int_equal(kf_inbox_scan(inbox, now_ms, &err), KF_OK);
}

/* The candidate at `now_ms`, or NULL. */
static struct kf_inbox_candidate *next(int64_t now_ms)
{
    struct kf_inbox_candidate *candidate = NULL;
    look(now_ms);
    enum kf_err code = kf_inbox_next(inbox, now_ms, &candidate, &err);
    assert_true(code == KF_OK || code == KF_ERR_AGAIN);
    return candidate;
}

static void expect_next(int64_t now_ms, const char *name)
{
    struct kf_inbox_candidate *candidate = next(now_ms);
    assert_string_equal(candidate ? candidate->name : "(none)", name ? name : "(none)");
    kf_inbox_candidate_destroy(&candidate);
}

static void finish(struct kf_inbox_candidate **candidate, bool rejected, const char *report,
                   const char *expected)
{
    char moved[KF_DISK_PATH_MAX];
    assert_int_equal(kf_inbox_finish(inbox, *candidate, rejected, report, moved, &err), KF_OK);
    assert_string_equal(moved, scratch_path(&scratch, expected));
    assert_true(scratch_has(&scratch, expected));
    kf_inbox_candidate_destroy(candidate);
}

static void rename_in(const char *name)
{
    scratch_write_text(&scratch, "outside", "x");
    assert_int_equal(rename(scratch_path(&scratch, "outside"), scratch_path(&scratch, name)), 0);
}

static void the_folders_are_made(void **state)
{
    (void)state;
    assert_true(scratch_has(&scratch, "inbox"));
    assert_true(scratch_has(&scratch, "done"));
    assert_true(scratch_has(&scratch, "rejected"));
    expect_next(0, NULL);
}

static void a_written_file_is_taken_when_it_has_settled(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "inbox/a.csv", "x");
    expect_next(1000, NULL);
    assert_true(kf_inbox_deadline_ms(inbox) == 1000 + SETTLE_MS);
    expect_next(1000 + SETTLE_MS - 1, NULL);
    expect_next(1000 + SETTLE_MS, "a.csv");
}

static void a_change_starts_the_settling_anew(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "inbox/a.csv", "x");
    expect_next(1000, NULL);
    scratch_write_text(&scratch, "inbox/a.csv", "xyz");
    expect_next(1400, NULL);
    expect_next(1600, NULL);
    expect_next(1900, "a.csv");
}

static void a_file_that_is_still_being_written_waits_longer(void **state)
{
    (void)state;
    FILE *file = fopen(scratch_path(&scratch, "inbox/a.csv"), "w");
    assert_non_null(file);
    expect_next(1000, NULL);
    expect_next(1000 + 2 * SETTLE_MS, NULL);
    assert_int_equal(fclose(file), 0);
    expect_next(3000, NULL);
    expect_next(3000 + SETTLE_MS, "a.csv");
}

static void a_file_renamed_in_is_taken_at_once(void **state)
{
    (void)state;
    rename_in("inbox/a.csv");
    expect_next(1000, "a.csv");
}

static void the_descriptor_wakes_when_something_happens(void **state)
{
    (void)state;
    struct pollfd item = {.fd = kf_inbox_descriptor(inbox), .events = POLLIN};
    look(0);
    assert_int_equal(poll(&item, 1, 0), 0);
    rename_in("inbox/a.csv");
    assert_int_equal(poll(&item, 1, 1000), 1);
    look(1);
    assert_int_equal(poll(&item, 1, 0), 0);
}

static void candidates_come_in_the_order_of_their_names(void **state)
{
    (void)state;
    rename_in("inbox/b.csv");
    rename_in("inbox/a.csv");
    rename_in("inbox/c.csv");
    static const char *const names[] = {"a.csv", "b.csv", "c.csv"};
    for (size_t i = 0; i < 3; i++) {
        struct kf_inbox_candidate *candidate = next(0);
        char expected[32];
        assert_non_null(candidate);
        assert_string_equal(candidate->name, names[i]);
        (void)snprintf(expected, sizeof expected, "done/%s", names[i]);
        finish(&candidate, false, "", expected);
    }
    expect_next(0, NULL);
}

static void hidden_and_temporary_names_are_left_alone(void **state)
{
    (void)state;
    rename_in("inbox/.hidden.csv");
    rename_in("inbox/a.csv.tmp");
    rename_in("inbox/b.csv.part");
    expect_next(0, NULL);
    expect_next(100000, NULL);
    assert_true(scratch_has(&scratch, "inbox/.hidden.csv"));
}

static void a_file_that_is_not_csv_is_refused_with_a_reason(void **state)
{
    (void)state;
    rename_in("inbox/report.xlsx");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_string_equal(candidate->refusal, "this is not a .csv or .json file");
    assert_int_equal(candidate->files_len, 1);
    finish(&candidate, true, "why\n", "rejected/report.xlsx");
    char *report = scratch_read(&scratch, "rejected/report.xlsx.errors.txt");
    assert_string_equal(report, "why\n");
    free(report);
}

static void a_workbook_is_refused_with_how_to_save_it(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "outside", "PK\x03\x04");
    assert_int_equal(
        rename(scratch_path(&scratch, "outside"), scratch_path(&scratch, "inbox/figures.xlsx")), 0);
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_non_null(strstr(candidate->refusal, "a workbook (.xlsx, .ods)"));
    assert_non_null(strstr(candidate->remedy, "CSV UTF-8"));
    kf_inbox_candidate_destroy(&candidate);
}

static void what_is_put_in_the_place_of_a_taken_file_stays_and_is_taken_itself(void **state)
{
    (void)state;
    char moved[KF_DISK_PATH_MAX];
    rename_in("inbox/a.csv");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    scratch_write_text(&scratch, "outside", "newer figures");
    assert_int_equal(
        rename(scratch_path(&scratch, "outside"), scratch_path(&scratch, "inbox/a.csv")), 0);
    assert_int_equal(kf_inbox_finish(inbox, candidate, true, "why\n", moved, &err), KF_ERR_AGAIN);
    assert_true(scratch_has(&scratch, "inbox/a.csv"));
    assert_false(scratch_has(&scratch, "rejected/a.csv"));
    assert_false(scratch_has(&scratch, "rejected/a.csv.errors.txt"));
    kf_inbox_candidate_destroy(&candidate);
    candidate = next(1);
    assert_non_null(candidate);
    finish(&candidate, false, "", "done/a.csv");
    char *text = scratch_read(&scratch, "done/a.csv");
    assert_string_equal(text, "newer figures");
    free(text);
}

static void a_folder_with_a_linked_csv_is_refused_whole(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_path(&scratch, "inbox/set"), 0700), 0);
    scratch_write_text(&scratch, "inbox/set/a.csv", "x");
    assert_int_equal(symlink("a.csv", scratch_path(&scratch, "inbox/set/b.csv")), 0);
    next(0);
    struct kf_inbox_candidate *candidate = next(SETTLE_MS * 10);
    assert_non_null(candidate);
    assert_string_equal(candidate->refusal,
                        "the folder holds a .csv or .json that is a link or a folder");
    assert_int_equal(candidate->files_len, 0);
    finish(&candidate, true, "why\n", "rejected/set");
}

static void a_table_as_json_stat_is_taken(void **state)
{
    (void)state;
    rename_in("inbox/07459.json");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_null(candidate->refusal);
    assert_int_equal(candidate->files_len, 1);
    finish(&candidate, false, "", "done/07459.json");
}

static void the_ending_may_be_in_capitals(void **state)
{
    (void)state;
    rename_in("inbox/A.CSV");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_null(candidate->refusal);
    kf_inbox_candidate_destroy(&candidate);
}

static void a_folder_is_one_input_of_its_csv_files_by_name(void **state)
{
    (void)state;
    scratch_folder(&scratch, "outside");
    scratch_write_text(&scratch, "outside/b.csv", "b");
    scratch_write_text(&scratch, "outside/a.csv", "a");
    scratch_write_text(&scratch, "outside/README.md", "r");
    scratch_write_text(&scratch, "outside/.hidden.csv", "h");
    scratch_folder(&scratch, "outside/published");
    assert_int_equal(rename(scratch_path(&scratch, "outside"), scratch_path(&scratch, "inbox/in")),
                     0);
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_string_equal(candidate->name, "in");
    assert_int_equal(candidate->files_len, 2);
    assert_string_equal(candidate->files[0].name, "in/a.csv");
    assert_string_equal(candidate->files[1].name, "in/b.csv");
    assert_string_equal(candidate->files[0].path, scratch_path(&scratch, "inbox/in/a.csv"));
    assert_int_equal(candidate->left_out, 3);
    assert_null(candidate->refusal);
    finish(&candidate, false, "", "done/in");
    assert_true(scratch_has(&scratch, "done/in/README.md"));
}

static void a_folder_settles_with_what_is_in_it(void **state)
{
    (void)state;
    scratch_folder(&scratch, "inbox/in");
    scratch_write_text(&scratch, "inbox/in/a.csv", "a");
    expect_next(1000, NULL);
    scratch_write_text(&scratch, "inbox/in/b.csv", "b");
    expect_next(1000 + SETTLE_MS, NULL);
    expect_next(1000 + 2 * SETTLE_MS, "in");
}

static void a_folder_without_csv_files_is_refused(void **state)
{
    (void)state;
    scratch_folder(&scratch, "inbox/empty");
    next(0);
    struct kf_inbox_candidate *candidate = next(SETTLE_MS);
    assert_non_null(candidate);
    assert_string_equal(candidate->refusal, "the folder holds no .csv or .json file");
    finish(&candidate, true, "why\n", "rejected/empty");
    assert_true(scratch_has(&scratch, "rejected/empty.errors.txt"));
}

static void a_folder_of_too_many_files_is_refused(void **state)
{
    (void)state;
    scratch_folder(&scratch, "inbox/many");
    for (int i = 0; i < 257; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "inbox/many/%d.csv", i);
        scratch_write_text(&scratch, name, "x");
    }
    next(0);
    struct kf_inbox_candidate *candidate = next(SETTLE_MS);
    assert_non_null(candidate);
    assert_non_null(candidate->refusal);
    assert_int_equal(candidate->files_len, 0);
    kf_inbox_candidate_destroy(&candidate);
}

static void links_and_pipes_are_refused_and_not_followed(void **state)
{
    (void)state;
    assert_int_equal(symlink("/etc/passwd", scratch_path(&scratch, "inbox/a.csv")), 0);
    assert_int_equal(mkfifo(scratch_path(&scratch, "inbox/b.csv"), 0600), 0);
    next(0);
    for (int i = 0; i < 2; i++) {
        struct kf_inbox_candidate *candidate = next(SETTLE_MS * 10);
        assert_non_null(candidate);
        assert_string_equal(candidate->refusal, "this is neither a file nor a folder");
        assert_int_equal(candidate->files_len, 0);
        finish(&candidate, true, "why\n", i == 0 ? "rejected/a.csv" : "rejected/b.csv");
    }
    assert_true(access("/etc/passwd", F_OK) == 0);
}

static void a_taken_name_gets_a_number(void **state)
{
    (void)state;
    static const char *const expected[] = {"done/a.csv", "done/a.2.csv", "done/a.3.csv"};
    for (size_t i = 0; i < 3; i++) {
        rename_in("inbox/a.csv");
        struct kf_inbox_candidate *candidate = next((int64_t)i);
        assert_non_null(candidate);
        finish(&candidate, false, "", expected[i]);
    }
}

static void the_longest_names_are_moved_too(void **state)
{
    (void)state;
    char name[300] = "inbox/";
    memset(name + 6, 'n', 251);
    memcpy(name + 6 + 251, ".csv", 5);
    for (int i = 0; i < 2; i++) {
        char moved[KF_DISK_PATH_MAX];
        rename_in(name);
        struct kf_inbox_candidate *candidate = next(i);
        assert_non_null(candidate);
        assert_int_equal(kf_inbox_finish(inbox, candidate, true, "why\n", moved, &err), KF_OK);
        kf_inbox_candidate_destroy(&candidate);
    }
    expect_next(10, NULL);
}

static void a_change_after_finding_is_noticed(void **state)
{
    (void)state;
    rename_in("inbox/a.csv");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_true(kf_inbox_unchanged(inbox, candidate));
    scratch_write_text(&scratch, "inbox/a.csv", "something else");
    assert_false(kf_inbox_unchanged(inbox, candidate));
    assert_int_equal(unlink(scratch_path(&scratch, "inbox/a.csv")), 0);
    assert_false(kf_inbox_unchanged(inbox, candidate));
    kf_inbox_candidate_destroy(&candidate);
}

static void a_postponed_candidate_lets_others_pass(void **state)
{
    (void)state;
    rename_in("inbox/a.csv");
    rename_in("inbox/b.csv");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    kf_inbox_postpone(inbox, candidate, 2000);
    kf_inbox_candidate_destroy(&candidate);
    expect_next(1, "b.csv");
    expect_next(2000, "a.csv");
}

static void what_cannot_be_moved_stays_in_the_inbox(void **state)
{
    (void)state;
    char moved[KF_DISK_PATH_MAX] = "untouched";
    rename_in("inbox/a.csv");
    struct kf_inbox_candidate *candidate = next(0);
    assert_non_null(candidate);
    assert_int_equal(rmdir(paths[1]), 0);
    assert_int_equal(kf_inbox_finish(inbox, candidate, false, "", moved, &err), KF_ERR_IO);
    assert_string_equal(moved, "untouched");
    assert_true(scratch_has(&scratch, "inbox/a.csv"));
    kf_inbox_candidate_destroy(&candidate);
}

static void a_vanished_file_is_forgotten(void **state)
{
    (void)state;
    rename_in("inbox/a.csv");
    look(0);
    assert_int_equal(unlink(scratch_path(&scratch, "inbox/a.csv")), 0);
    expect_next(0, NULL);
}

static void a_vanished_inbox_is_an_error_until_it_is_back(void **state)
{
    (void)state;
    assert_int_equal(rmdir(paths[0]), 0);
    kf_inbox_notice(inbox, 0);
    assert_int_equal(kf_inbox_scan(inbox, 0, &err), KF_ERR_IO);
    assert_true(kf_inbox_deadline_ms(inbox) == RESCAN_MS);
    scratch_folder(&scratch, "inbox");
    look(RESCAN_MS);
    rename_in("inbox/a.csv");
    expect_next(RESCAN_MS, "a.csv");
}

static void without_events_a_look_now_and_then_finds_it(void **state)
{
    (void)state;
    look(0);
    scratch_write_text(&scratch, "inbox/a.csv", "x");
    assert_int_equal(kf_inbox_scan(inbox, RESCAN_MS, &err), KF_OK); /* without notice */
    assert_true(kf_inbox_deadline_ms(inbox) == RESCAN_MS + SETTLE_MS);
}

static void ten_thousand_files_are_taken_a_share_at_a_time(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "inbox/%05d.csv", i);
        scratch_write_text(&scratch, name, "");
    }
    look(0);
    expect_next(SETTLE_MS * 10, "00000.csv");
    for (int i = 0; i < KF_INBOX_ENTRIES_MAX; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "inbox/%05d.csv", i);
        assert_int_equal(unlink(scratch_path(&scratch, name)), 0);
    }
    kf_inbox_notice(inbox, 1);
    assert_true(kf_inbox_deadline_ms(inbox) == 0); /* there is room for the others */
    look(1);
    expect_next(1 + SETTLE_MS * 10, "04096.csv");
}

static void the_folder_is_not_read_through_again_for_each_input(void **state)
{
    (void)state;
    look(0);
    rename_in("inbox/a.csv");
    rename_in("inbox/b.csv");
    struct kf_inbox_candidate *candidate = next(1);
    assert_non_null(candidate);
    finish(&candidate, false, "", "done/a.csv");
    kf_inbox_notice(inbox, RESCAN_MS - 1);
    kf_inbox_postpone(inbox, &(struct kf_inbox_candidate){.entry = "b.csv"}, INT64_MAX);
    assert_true(kf_inbox_deadline_ms(inbox) == RESCAN_MS); /* as the scan at 0 has it */
}

static void one_folder_for_two_purposes_is_refused(void **state)
{
    (void)state;
    kf_inbox_destroy(&inbox);
    const struct kf_inbox_options options = {
        .inbox = paths[0], .done = paths[0], .rejected = paths[2], .settle_ms = 1, .rescan_ms = 1};
    assert_int_equal(kf_inbox_open(&options, &inbox, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "one folder"));
}

static void every_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_inbox_candidate *candidate = NULL;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    kf_inbox_destroy(&inbox);
    kf_memory_fail_after(0);
    assert_int_equal(open_inbox(), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_int_equal(open_inbox(), KF_OK);
    scratch_folder(&scratch, "inbox/in");
    scratch_write_text(&scratch, "inbox/in/a.csv", "x");
    for (int64_t now_ms = 0; code != KF_OK && n < 100; n++, now_ms += 2 * RESCAN_MS) {
        look(now_ms);
        kf_memory_fail_after(n);
        code = kf_inbox_next(inbox, now_ms + SETTLE_MS, &candidate, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_AGAIN);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 3);
    kf_inbox_candidate_destroy(&candidate);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_folders_are_made),
        TEST(a_written_file_is_taken_when_it_has_settled),
        TEST(a_change_starts_the_settling_anew),
        TEST(a_file_that_is_still_being_written_waits_longer),
        TEST(a_file_renamed_in_is_taken_at_once),
        TEST(the_descriptor_wakes_when_something_happens),
        TEST(candidates_come_in_the_order_of_their_names),
        TEST(hidden_and_temporary_names_are_left_alone),
        TEST(a_file_that_is_not_csv_is_refused_with_a_reason),
        TEST(a_workbook_is_refused_with_how_to_save_it),
        TEST(what_is_put_in_the_place_of_a_taken_file_stays_and_is_taken_itself),
        TEST(a_folder_with_a_linked_csv_is_refused_whole),
        TEST(a_table_as_json_stat_is_taken),
        TEST(the_ending_may_be_in_capitals),
        TEST(a_folder_is_one_input_of_its_csv_files_by_name),
        TEST(a_folder_settles_with_what_is_in_it),
        TEST(a_folder_without_csv_files_is_refused),
        TEST(a_folder_of_too_many_files_is_refused),
        TEST(links_and_pipes_are_refused_and_not_followed),
        TEST(a_taken_name_gets_a_number),
        TEST(the_longest_names_are_moved_too),
        TEST(a_change_after_finding_is_noticed),
        TEST(a_postponed_candidate_lets_others_pass),
        TEST(what_cannot_be_moved_stays_in_the_inbox),
        TEST(a_vanished_file_is_forgotten),
        TEST(a_vanished_inbox_is_an_error_until_it_is_back),
        TEST(without_events_a_look_now_and_then_finds_it),
        TEST(ten_thousand_files_are_taken_a_share_at_a_time),
        TEST(the_folder_is_not_read_through_again_for_each_input),
        TEST(one_folder_for_two_purposes_is_refused),
        TEST(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

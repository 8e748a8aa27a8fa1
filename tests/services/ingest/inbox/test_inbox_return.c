/* An input goes back into the inbox once, whole, and over nothing else. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/inbox/inbox.h"
#include "tests/services/ingest/scratch.h"

static struct scratch scratch;
static struct kf_inbox *inbox;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    static char paths[3][SCRATCH_PATH_SIZE * 2];
    static const char *const names[] = {"inbox", "fertig", "avvist"}; /* whatever they are called */
    scratch_make(&scratch);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%s", scratch_path(&scratch, names[i]));
    }
    const struct kf_inbox_options options = {.inbox = paths[0],
                                             .done = paths[1],
                                             .rejected = paths[2],
                                             .settle_ms = 500,
                                             .rescan_ms = 5000};
    return kf_inbox_open(&options, &inbox, &err) == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_inbox_destroy(&inbox);
    scratch_remove(&scratch);
    return 0;
}

static void it_goes_back_under_its_own_name_and_is_a_candidate(void **state)
{
    (void)state;
    struct kf_inbox_candidate *candidate = NULL;
    scratch_write_text(&scratch, "fertig/a.csv", "another");
    scratch_write_text(&scratch, "fertig/a.2.csv", "this");
    assert_int_equal(kf_inbox_take_back(inbox, "done/a.2.csv", "a.csv", &err), KF_OK);
    assert_true(scratch_has(&scratch, "fertig/a.csv"));
    assert_false(scratch_has(&scratch, "fertig/a.2.csv"));
    char *text = scratch_read(&scratch, "inbox/a.csv");
    assert_string_equal(text, "this");
    free(text);
    kf_inbox_notice(inbox, 0);
    assert_int_equal(kf_inbox_scan(inbox, 0, &err), KF_OK);
    assert_int_equal(kf_inbox_next(inbox, 0, &candidate, &err), KF_OK);
    assert_string_equal(candidate->name, "a.csv");
    kf_inbox_candidate_destroy(&candidate);
}

static void its_report_goes_and_a_second_time_does_no_harm(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "avvist/a.csv", "this");
    scratch_write_text(&scratch, "avvist/a.csv.errors.txt", "wrong");
    assert_int_equal(kf_inbox_take_back(inbox, "rejected/a.csv", "a.csv", &err), KF_OK);
    assert_false(scratch_has(&scratch, "avvist/a.csv.errors.txt"));
    assert_int_equal(kf_inbox_take_back(inbox, "rejected/a.csv", "a.csv", &err), KF_ERR_AGAIN);
    assert_true(scratch_has(&scratch, "inbox/a.csv"));
}

static void a_folder_goes_back_whole(void **state)
{
    (void)state;
    scratch_folder(&scratch, "fertig/b");
    scratch_write_text(&scratch, "fertig/b/one.csv", "1");
    assert_int_equal(kf_inbox_take_back(inbox, "done/b", "b", &err), KF_OK);
    assert_true(scratch_has(&scratch, "inbox/b/one.csv"));
}

static void one_of_which_nobody_noted_where_it_lies_is_looked_for(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "avvist/a.csv", "this");
    assert_int_equal(kf_inbox_take_back(inbox, "", "a.csv", &err), KF_OK);
    assert_true(scratch_has(&scratch, "inbox/a.csv"));
    scratch_write_text(&scratch, "avvist/b.csv", "one");
    scratch_write_text(&scratch, "fertig/b.csv", "two");
    assert_int_equal(kf_inbox_take_back(inbox, "", "b.csv", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "the one that is meant"));
    assert_false(scratch_has(&scratch, "inbox/b.csv"));
}

static void nothing_else_is_moved_or_written_over(void **state)
{
    (void)state;
    scratch_write_text(&scratch, "inbox/a.csv", "waits");
    scratch_write_text(&scratch, "fertig/a.csv", "this");
    assert_int_equal(kf_inbox_take_back(inbox, "done/a.csv", "a.csv", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "another a.csv waits"));
    char *text = scratch_read(&scratch, "inbox/a.csv");
    assert_string_equal(text, "waits");
    free(text);
    assert_int_equal(kf_inbox_take_back(inbox, "done/c.csv", "c.csv", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "put it into the inbox"));
    scratch_write_text(&scratch, "secret.csv", "not ours");
    static const char *const places[] = {"done/../secret.csv", "../secret.csv", "done/", "done"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_int_equal(kf_inbox_take_back(inbox, places[i], "secret.csv", &err), KF_ERR_CONFIG);
        assert_int_equal(kf_inbox_take_back(inbox, places[i], "../secret.csv", &err),
                         KF_ERR_CONFIG);
    }
    assert_true(scratch_has(&scratch, "secret.csv"));
    assert_false(scratch_has(&scratch, "inbox/secret.csv"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_goes_back_under_its_own_name_and_is_a_candidate),
        TEST(its_report_goes_and_a_second_time_does_no_harm),
        TEST(a_folder_goes_back_whole),
        TEST(one_of_which_nobody_noted_where_it_lies_is_looked_for),
        TEST(nothing_else_is_moved_or_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

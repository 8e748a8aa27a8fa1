#include "tools/kf/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-test-waiting-XXXXXX";
static struct kf_ledger *ledger;
static struct kf_error err;

static const char *path_of(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const files[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
                                        "ledger.db.lock"};
    (void)state;
    kf_ledger_close(&ledger);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)unlink(path_of(files[i]));
    }
    return rmdir(folder);
}

static void add(const char *id)
{
    struct kf_release release = {
        .discovered_ms = 1000, .panels = 1, .vintage = "unspecified", .program = "0.1.0"};
    const struct kf_ledger_addition addition = {.release = &release, .input = "in.csv"};
    const struct kf_ledger_content content = {.edition = "demo", .year = 2024, .digest = ""};
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    assert_int_equal(kf_ledger_add_panel(ledger, 0, &content, "panel", 5, &err), KF_OK);
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

static void close_as(const char *id, enum kf_receipt_state what)
{
    struct kf_receipt receipt = {.state = what};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", id);
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, 3000, &err), KF_OK);
}

static uint64_t count(void)
{
    uint64_t releases = 99;
    assert_int_equal(kf_waiting_count(folder, &releases, &err), KF_OK);
    return releases;
}

static void without_a_ledger_nothing_waits(void **state)
{
    (void)state;
    assert_int_equal(count(), 0);
    assert_int_not_equal(access(path_of("ledger.db"), F_OK), 0);
}

static void what_is_recorded_or_sent_waits_and_what_has_its_outcome_does_not(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path_of("ledger.db"), &ledger, &err), KF_OK);
    assert_int_equal(count(), 0);
    add("11111111111111111111111111111111");
    add("22222222222222222222222222222222");
    add("33333333333333333333333333333333");
    assert_int_equal(kf_ledger_mark_sent(ledger, "11111111111111111111111111111111", 2000, &err),
                     KF_OK);
    assert_int_equal(count(), 3);
    close_as("11111111111111111111111111111111", KF_RECEIPT_COMMITTED);
    close_as("22222222222222222222222222222222", KF_RECEIPT_REJECTED);
    assert_int_equal(count(), 1);
    kf_ledger_close(&ledger);
    assert_int_equal(count(), 1); /* also when ingest has gone */
}

static void a_ledger_that_cannot_be_read_is_told(void **state)
{
    (void)state;
    uint64_t releases = 99;
    FILE *file = fopen(path_of("ledger.db"), "we");
    assert_non_null(file);
    for (int i = 0; i < 100; i++) {
        assert_true(fputs("this is no ledger but a text of many bytes\n", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_not_equal(kf_waiting_count(folder, &releases, &err), KF_OK);
    assert_true(err.text[0] != '\0');
    assert_int_equal(releases, 99);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    assert_int_equal(kf_ledger_open(path_of("ledger.db"), &ledger, &err), KF_OK);
    add("11111111111111111111111111111111");
    kf_ledger_close(&ledger);
    uint64_t releases = 99;
    enum kf_err code = KF_ERR_MEMORY;
    for (int n = 0; code != KF_OK; n++) {
        assert_true(n < 1000);
        assert_int_equal(releases, 99);
        kf_memory_fail_after(n);
        code = kf_waiting_count(folder, &releases, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(releases, 1);
}

static void expect_said(uint64_t releases, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 256);
    kf_waiting_print(releases, &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void the_number_is_said_in_words_for_people(void **state)
{
    (void)state;
    expect_said(0, "nothing was left undelivered");
    expect_said(1, "1 release waits in the ledger; it goes on at the next start");
    expect_said(2, "2 releases wait in the ledger; they go on at the next start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_ledger_nothing_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_recorded_or_sent_waits_and_what_has_its_outcome_does_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ledger_that_cannot_be_read_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_memory_it_says_so, set_up, tear_down),
        cmocka_unit_test(the_number_is_said_in_words_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

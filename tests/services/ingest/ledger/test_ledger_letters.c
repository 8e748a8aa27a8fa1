/* Dead letters stay in the ledger as they were told, and are resolved by what is published later.
 */
#include "tests/support/cmocka.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/scratch.h"

#define FIRST  "11111111111111111111111111111111"
#define SECOND "22222222222222222222222222222222"
#define THIRD  "33333333333333333333333333333333"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err) == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

/* A release of the demo edition's panels of these years; year 0: the input never became a panel. */
static void add(const char *id, const char *input, const int *years, uint32_t panels)
{
    struct kf_release release = {.panels = panels, .vintage = "unspecified", .program = "1"};
    const struct kf_ledger_addition addition = {.release = &release, .input = input};
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    for (uint32_t i = 0; i < panels; i++) {
        const struct kf_ledger_content content = {.edition = years[i] ? "demo" : "",
                                                  .year = years[i],
                                                  .digest = years[i] ? id : "",
                                                  .rejected = years[i] == 0};
        assert_int_equal(kf_ledger_add_panel(ledger, i, &content, "x", 1, &err), KF_OK);
    }
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

/* Closes the release with a letter of each of these panels. */
static enum kf_err close_with(const char *id, const uint32_t *panels, size_t count, int year)
{
    static struct kf_rejection rejections[4];
    struct kf_letter list[4];
    struct kf_letters letters = {.list = list, .length = count};
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED, .panels_rejected = (uint32_t)count};
    (void)snprintf(receipt.release, sizeof receipt.release, "%s", id);
    for (size_t i = 0; i < count; i++) {
        kf_findings_init(&rejections[i].findings);
        rejections[i].stage = "normalize";
        rejections[i].reason = "2 cells cannot be computed";
        rejections[i].edition = year ? "demo" : "";
        rejections[i].year = year ? year + (int)i : 0;
        const struct kf_place place = {.municipality = "0301", .variable = "areal", .cell = "-5"};
        kf_findings_add(&rejections[i].findings, &place, "correct it", "is below 0");
        list[i] = (struct kf_letter){panels[i], &rejections[i]};
    }
    enum kf_err code = kf_ledger_mark_closed_with(ledger, &receipt, &letters, 3000, &err);
    for (size_t i = 0; i < count; i++) {
        kf_findings_clear(&rejections[i].findings);
    }
    return code;
}

static void publish(const char *id, int year)
{
    add(id, "later.csv", &year, 1);
    assert_int_equal(close_with(id, NULL, 0, 0), KF_OK);
}

static enum kf_err collect(void *context, const struct kf_ledger_letter *letter,
                           struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%.1s/%u %s %d %.1s|", letter->release, letter->panel,
                       letter->stage, letter->year, letter->resolved);
    return KF_OK;
}

static void expect(bool open, const char *expected)
{
    const struct kf_ledger_letters_of of = {.open = open, .count_max = 100};
    struct kf_text text;
    kf_text_init(&text, 2000);
    assert_int_equal(kf_ledger_letters(ledger, &of, collect, &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static enum kf_err keep_text(void *context, const struct kf_ledger_letter *letter,
                             struct kf_error *error)
{
    struct kf_letters *letters = NULL;
    assert_int_equal(kf_letters_unpack(letter->bytes, letter->length, &letters, error), KF_OK);
    const struct kf_finding *finding = &letters->list[0].rejection->findings.list[0];
    kf_text_add_format(context, "%s %s %s: %s; %s", finding->municipality, finding->variable,
                       finding->cell, finding->problem, finding->remedy);
    kf_letters_destroy(&letters);
    return KF_OK;
}

static void a_letter_is_there_as_it_was_told_with_its_cells(void **state)
{
    (void)state;
    struct kf_text text;
    const struct kf_ledger_letters_of of = {.count_max = 1};
    kf_text_init(&text, 1000);
    add(FIRST, "a.csv", (int[]){2020, 2021}, 2);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0, 1}, 2, 2020), KF_OK);
    expect(true, "1/0 normalize 2020 |1/1 normalize 2021 |");
    assert_int_equal(kf_ledger_letters(ledger, &of, keep_text, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "0301 areal -5: is below 0; correct it");
    kf_text_clear(&text);
}

static void a_sound_panel_that_is_published_later_resolves_it(void **state)
{
    (void)state;
    add(FIRST, "a.csv", (int[]){2020, 2021}, 2);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0, 1}, 2, 2020), KF_OK);
    add(SECOND, "b.csv", (int[]){2020}, 1);
    expect(true, "1/0 normalize 2020 |1/1 normalize 2021 |"); /* it is not published yet */
    assert_int_equal(close_with(SECOND, NULL, 0, 0), KF_OK);
    expect(true, "1/1 normalize 2021 |");
    expect(false, "1/0 normalize 2020 2|1/1 normalize 2021 |");
}

static void one_that_is_rejected_by_a_later_stage_resolves_nothing(void **state)
{
    (void)state;
    add(FIRST, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    add(SECOND, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(SECOND, (uint32_t[]){0}, 1, 2020), KF_OK);
    expect(true, "2/0 normalize 2020 |1/0 normalize 2020 |");
    publish(THIRD, 2020);
    expect(true, "");
    expect(false, "2/0 normalize 2020 3|1/0 normalize 2020 3|");
}

static void what_was_published_before_resolves_nothing(void **state)
{
    (void)state;
    publish(FIRST, 2020);
    add(SECOND, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(SECOND, (uint32_t[]){0}, 1, 2020), KF_OK);
    expect(true, "2/0 normalize 2020 |");
}

static void an_input_that_never_became_a_panel_is_resolved_by_the_next_of_its_name(void **state)
{
    (void)state;
    add(FIRST, "a.csv", (int[]){0}, 1);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 0), KF_OK);
    add(SECOND, "b.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(SECOND, NULL, 0, 0), KF_OK);
    expect(true, "1/0 normalize 0 |");
    add(THIRD, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(THIRD, NULL, 0, 0), KF_OK);
    expect(false, "1/0 normalize 0 3|");
}

static void told_again_the_letters_are_those_told_last_and_none_comes_twice(void **state)
{
    (void)state;
    add(FIRST, "a.csv", (int[]){2020, 2021}, 2);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0, 1}, 2, 2020), KF_OK);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK); /* closed: stays */
    expect(false, "1/0 normalize 2020 |1/1 normalize 2021 |");
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_OK);
    expect(false, "1/0 normalize 2020 |1/1 normalize 2021 |"); /* until it is told again */
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    expect(false, "1/0 normalize 2020 |");
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_OK);
    assert_int_equal(close_with(FIRST, NULL, 0, 0), KF_OK); /* nothing is rejected any more */
    expect(false, "");
}

static void a_receipt_without_the_letters_leaves_those_that_were_told(void **state)
{
    (void)state;
    struct kf_receipt receipt = {
        .state = KF_RECEIPT_COMMITTED, .release = FIRST, .panels_rejected = 1};
    add(FIRST, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_OK);
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, 4000, &err), KF_OK);
    expect(true, "1/0 normalize 2020 |");
}

static void letters_stay_when_the_panels_are_dropped(void **state)
{
    (void)state;
    add(FIRST, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    assert_int_equal(kf_ledger_prune(ledger, 0, &err), KF_OK);
    expect(true, "1/0 normalize 2020 |");
}

static void a_rejected_panel_is_nothing_that_stands(void **state)
{
    (void)state;
    struct kf_ledger_newest newest;
    publish(FIRST, 2020);
    add(SECOND, "a.csv", (int[]){2020}, 1);
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_ERR_CONFIG); /* may yet be sound */
    assert_int_equal(close_with(SECOND, (uint32_t[]){0}, 1, 2020), KF_OK);
    assert_int_equal(kf_ledger_newest_of(ledger, "demo", 2020, true, &newest, &err), KF_OK);
    assert_string_equal(newest.release.id, FIRST);
    assert_int_equal(kf_ledger_newest_of(ledger, "demo", 2020, false, &newest, &err), KF_OK);
    assert_string_equal(newest.release.id, SECOND); /* what the tables say is it all the same */
    assert_int_equal(kf_ledger_replay(ledger, FIRST, &err), KF_OK);
}

static void a_retry_is_refused_over_something_newer_also_of_what_was_rejected(void **state)
{
    (void)state;
    struct kf_ledger_release release;
    add(FIRST, "a.csv", (int[]){2020}, 1);
    assert_int_equal(kf_ledger_check_retry(ledger, FIRST, &release, &err),
                     KF_ERR_CONFIG); /* open */
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    assert_int_equal(kf_ledger_mark_moved(ledger, FIRST, "done/a.2.csv", &err), KF_OK);
    assert_int_equal(kf_ledger_check_retry(ledger, FIRST, &release, &err), KF_OK);
    assert_string_equal(release.moved, "done/a.2.csv");
    publish(SECOND, 2020);
    assert_int_equal(kf_ledger_check_retry(ledger, FIRST, &release, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, SECOND " came later"));
    assert_int_equal(kf_ledger_check_retry(ledger, THIRD, &release, &err), KF_ERR_CONFIG);
}

static void a_flipped_byte_is_told(void **state)
{
    (void)state;
    sqlite3 *base = NULL;
    const struct kf_ledger_letters_of of = {.count_max = 1};
    add(FIRST, "a.csv", (int[]){2020}, 1);
    assert_int_equal(close_with(FIRST, (uint32_t[]){0}, 1, 2020), KF_OK);
    assert_int_equal(sqlite3_open(scratch_path(&scratch, "ledger.db"), &base), SQLITE_OK);
    assert_int_equal(sqlite3_exec(base, "UPDATE letters SET bytes = x'00'", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
    assert_int_equal(kf_ledger_letters(ledger, &of, collect, NULL, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, FIRST));
}

static void a_failing_allocation_keeps_the_release_open(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    struct kf_ledger_release release;
    int64_t n = 0;
    add(FIRST, "a.csv", (int[]){2020, 2021}, 2);
    for (; code != KF_OK; n++) {
        struct kf_rejection rejection = {
            .stage = "need", .reason = "why", .edition = "demo", .year = 2020};
        struct kf_letter list[] = {{0, &rejection}, {1, &rejection}};
        const struct kf_letters letters = {.list = list, .length = 2};
        const struct kf_receipt receipt = {
            .state = KF_RECEIPT_REJECTED, .release = FIRST, .panels_rejected = 2};
        kf_memory_fail_after(n);
        code = kf_ledger_mark_closed_with(ledger, &receipt, &letters, 3000, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY);
        assert_int_equal(kf_ledger_find(ledger, FIRST, &release, &err), KF_OK);
        assert_int_equal(release.state, code == KF_OK ? KF_LEDGER_REJECTED : KF_LEDGER_COMPLETE);
    }
    assert_true(n > 2);
    expect(true, "1/0 need 2020 |1/1 need 2020 |");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_letter_is_there_as_it_was_told_with_its_cells),
        TEST(a_sound_panel_that_is_published_later_resolves_it),
        TEST(one_that_is_rejected_by_a_later_stage_resolves_nothing),
        TEST(what_was_published_before_resolves_nothing),
        TEST(an_input_that_never_became_a_panel_is_resolved_by_the_next_of_its_name),
        TEST(told_again_the_letters_are_those_told_last_and_none_comes_twice),
        TEST(a_receipt_without_the_letters_leaves_those_that_were_told),
        TEST(letters_stay_when_the_panels_are_dropped),
        TEST(a_rejected_panel_is_nothing_that_stands),
        TEST(a_retry_is_refused_over_something_newer_also_of_what_was_rejected),
        TEST(a_flipped_byte_is_told),
        TEST(a_failing_allocation_keeps_the_release_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What people ask of the ledger is carried out, and what came of it stands there. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "services/ingest/wishes.h"

#define HELD  "00000000000000000000000000000001"
#define NEWER "00000000000000000000000000000002"

static struct scratch scratch;
static struct kf_ledger *ledger;
static struct kf_wishes wishes;
static struct kf_error err;
static int64_t clock_ms;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    clock_ms = 0;
    enum kf_err code = kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err);
    wishes = (struct kf_wishes){.ledger = ledger, .left = true};
    return code == KF_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_ledger_close(&ledger);
    scratch_remove(&scratch);
    return 0;
}

static void add(const char *id, const char *held)
{
    struct kf_release release = {.panels = 1, .vintage = "unspecified", .program = "0"};
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    const struct kf_ledger_addition addition = {.release = &release, .input = "a", .held = held};
    const struct kf_ledger_content content = {.edition = "e", .year = 2024, .digest = id};
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    assert_int_equal(kf_ledger_add_panel(ledger, 0, &content, "x", 1, &err), KF_OK);
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

static int64_t ask(enum kf_ledger_wish wish, const char *id)
{
    int64_t number = 0;
    struct kf_ledger_request request = {.wish = wish, .by = "Kari", .asked_ms = 5};
    (void)snprintf(request.release, sizeof request.release, "%s", id);
    assert_int_equal(kf_ledger_ask(scratch_path(&scratch, "ledger.db"), &request, &number, &err),
                     KF_OK);
    return number;
}

/* A turn half a second later; how many were granted. */
static size_t turn(void)
{
    size_t granted = 0;
    clock_ms += KF_WISHES_MS;
    assert_int_equal(kf_wishes_work(&wishes, clock_ms, &granted, &err), KF_OK);
    return granted;
}

static enum kf_ledger_state state_of(const char *id)
{
    struct kf_ledger_release release;
    assert_int_equal(kf_ledger_find(ledger, id, &release, &err), KF_OK);
    return release.state;
}

static struct kf_ledger_request outcome_of(int64_t number)
{
    struct kf_ledger_request request;
    assert_int_equal(kf_ledger_request(ledger, number, &request, &err), KF_OK);
    return request;
}

static void a_held_release_is_let_go(void **state)
{
    (void)state;
    add(HELD, "too different");
    int64_t number = ask(KF_LEDGER_APPROVE, HELD);
    assert_int_equal(turn(), 1);
    assert_int_equal(state_of(HELD), KF_LEDGER_COMPLETE);
    struct kf_ledger_request request = outcome_of(number);
    assert_true(request.granted);
    assert_true(request.done_ms > 0);
    assert_non_null(strstr(request.outcome, "goes its way"));
}

static void what_was_asked_while_ingest_was_down_is_carried_out_at_the_start(void **state)
{
    (void)state;
    add(HELD, "too different");
    kf_ledger_close(&ledger);
    (void)ask(KF_LEDGER_APPROVE, HELD);
    assert_int_equal(kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err), KF_OK);
    wishes = (struct kf_wishes){.ledger = ledger, .left = true};
    assert_int_equal(turn(), 1);
    assert_int_equal(state_of(HELD), KF_LEDGER_COMPLETE);
}

static void a_refusal_is_written_down_with_its_reason(void **state)
{
    (void)state;
    add(HELD, "too different");
    add(NEWER, NULL);
    int64_t late = ask(KF_LEDGER_APPROVE, HELD);
    int64_t nowhere = ask(KF_LEDGER_REPLAY, "ffffffffffffffffffffffffffffffff");
    assert_int_equal(turn(), 0);
    assert_int_equal(state_of(HELD), KF_LEDGER_HELD);
    assert_false(outcome_of(late).granted);
    assert_non_null(strstr(outcome_of(late).outcome, NEWER " came later"));
    assert_false(outcome_of(nowhere).granted);
    assert_non_null(strstr(outcome_of(nowhere).outcome, "there is no release"));
    assert_true(outcome_of(nowhere).done_ms > 0);
}

/* Asked twice, or done and killed before it was written down. */
static void what_is_done_already_is_granted(void **state)
{
    (void)state;
    add(HELD, "too different");
    int64_t first = ask(KF_LEDGER_APPROVE, HELD);
    int64_t second = ask(KF_LEDGER_APPROVE, HELD);
    assert_int_equal(turn(), 2);
    assert_true(outcome_of(first).granted);
    assert_true(outcome_of(second).granted);
    int64_t replay = ask(KF_LEDGER_REPLAY, HELD); /* it is on its way */
    assert_int_equal(turn(), 1);
    assert_true(outcome_of(replay).granted);
    assert_int_equal(state_of(HELD), KF_LEDGER_COMPLETE);
}

static void it_is_looked_for_when_it_is_time_and_many_take_several_turns(void **state)
{
    (void)state;
    size_t granted = 0;
    add(HELD, "too different");
    assert_int_equal(turn(), 0);
    for (size_t i = 0; i < KF_WISHES_AT_ONCE + 3; i++) {
        (void)ask(KF_LEDGER_APPROVE, HELD);
    }
    assert_int_equal(kf_wishes_work(&wishes, clock_ms + 1, &granted, &err), KF_OK);
    assert_int_equal(granted, 0);
    assert_int_equal(state_of(HELD), KF_LEDGER_HELD);
    assert_int_equal(turn(), KF_WISHES_AT_ONCE);
    assert_int_equal(turn(), 3);
    assert_int_equal(turn(), 0);
}

/* What the retry was asked to do, and what it says. */
struct asked {
    const char *says; /* NULL: refused */
    unsigned times;
};

static enum kf_err take_anew(void *context, const char *id, char outcome[KF_REASON_SIZE],
                             struct kf_error *error)
{
    struct asked *asked = context;
    assert_string_equal(id, HELD);
    asked->times++;
    if (!asked->says) {
        return kf_error_set(error, KF_ERR_CONFIG, "its input is gone");
    }
    (void)snprintf(outcome, KF_REASON_SIZE, "%s", asked->says);
    return KF_OK;
}

static void a_retry_is_carried_out_by_whoever_can_and_its_outcome_is_kept(void **state)
{
    (void)state;
    struct asked asked = {.says = "it lies in the inbox again"};
    int64_t nobody = ask(KF_LEDGER_RETRY, HELD);
    assert_int_equal(turn(), 0);
    assert_false(outcome_of(nobody).granted);
    wishes.retry = take_anew;
    wishes.retry_context = &asked;
    int64_t good = ask(KF_LEDGER_RETRY, HELD);
    assert_int_equal(turn(), 1);
    assert_true(outcome_of(good).granted);
    assert_string_equal(outcome_of(good).outcome, asked.says);
    asked.says = NULL;
    int64_t bad = ask(KF_LEDGER_RETRY, HELD);
    assert_int_equal(turn(), 0);
    assert_false(outcome_of(bad).granted);
    assert_string_equal(outcome_of(bad).outcome, "its input is gone");
    assert_int_equal(asked.times, 2);
}

/* Pages of the ledger's file go bad under a running ingest. */
static void spoil(void)
{
    char bytes[4096];
    FILE *file = fopen(scratch_path(&scratch, "ledger.db"), "rb+");
    assert_non_null(file);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(fseek(file, sizeof bytes, SEEK_SET), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(fwrite(bytes, sizeof bytes, 1, file), 1);
    }
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_ledger_ends_the_work_of_wishes(void **state)
{
    (void)state;
    size_t granted = 0;
    add(HELD, "too different");
    kf_ledger_close(&ledger); /* all of it lies in the file now */
    assert_int_equal(kf_ledger_open(scratch_path(&scratch, "ledger.db"), &ledger, &err), KF_OK);
    wishes = (struct kf_wishes){.ledger = ledger, .left = true};
    (void)ask(KF_LEDGER_APPROVE, HELD);
    spoil();
    assert_int_equal(kf_wishes_work(&wishes, KF_WISHES_MS, &granted, &err), KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_FATAL);
    assert_int_equal(granted, 0);
}

static void who_asks_moves_no_terminal(void **state)
{
    (void)state;
    int64_t number = 0;
    struct kf_ledger_request request = {
        .wish = KF_LEDGER_APPROVE, .release = HELD, .by = "\x1b[2JKari", .asked_ms = 5};
    add(HELD, "too \xc2\x9b different");
    assert_int_equal(kf_ledger_ask(scratch_path(&scratch, "ledger.db"), &request, &number, &err),
                     KF_OK);
    struct kf_ledger_release release;
    assert_int_equal(kf_ledger_find(ledger, HELD, &release, &err), KF_OK);
    assert_string_equal(outcome_of(number).by, "?[2JKari");
    assert_string_equal(release.reason, "too ?? different");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_held_release_is_let_go),
        TEST(what_was_asked_while_ingest_was_down_is_carried_out_at_the_start),
        TEST(a_refusal_is_written_down_with_its_reason),
        TEST(what_is_done_already_is_granted),
        TEST(a_retry_is_carried_out_by_whoever_can_and_its_outcome_is_kept),
        TEST(a_damaged_ledger_ends_the_work_of_wishes),
        TEST(who_asks_moves_no_terminal),
        TEST(it_is_looked_for_when_it_is_time_and_many_take_several_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

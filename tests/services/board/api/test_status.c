#include "tests/support/cmocka.h"

#include <jansson.h>
#include <string.h>

#include "fake_store.h"
#include "services/board/api/snapshot.h"
#include "services/board/api/status.h"

static struct kf_board_store store;
static struct kf_line *line;
static struct kf_text text;

static int begin(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    kf_text_init(&text, KF_SNAPSHOT_BYTES_MAX);
    line = kf_line_new();
    return line ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_line_destroy(&line);
    kf_text_clear(&text);
    return 0;
}

static enum kf_err make(const struct kf_board_progress *progress, struct kf_error *err)
{
    const struct kf_board_status status = {
        .program = "test 1", .line = line, .progress = progress, .store = &store, .now_ms = 42};
    return kf_board_status_json(&status, &text, err);
}

static void the_board_and_the_stages_are_told(void **state)
{
    (void)state;
    const struct kf_board_progress progress = {
        .state = KF_BOARD_READING, .detail = "so", .behind = 7};
    const struct kf_line_time now = {.monotonic_ms = 1, .wall_ms = 2};
    json_int_t behind = 0;
    const char *board = NULL;
    const char *service = NULL;
    const char *reason = NULL;
    store.incomplete[0] = (struct kf_board_incomplete){"r1", "need-2026", 2026, "2 rows lack"};
    store.incomplete_len = 1;
    assert_int_equal(kf_line_expect(line, "need", 0, "ipc:///x", now, NULL), KF_OK);
    assert_int_equal(make(&progress, NULL), KF_OK);
    assert_null(strchr(text.bytes, '\n')); /* it is an event's one line */
    json_t *json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_int_equal(json_unpack(json, "{s:{s:s,s:I,s:[{s:s}]},s:[{s:s}]}", "board", "state",
                                 &board, "behind", &behind, "incomplete", "reason", &reason,
                                 "stages", "service", &service),
                     0);
    assert_string_equal(board, "reading");
    assert_int_equal(behind, 7);
    assert_string_equal(reason, "2 rows lack");
    assert_string_equal(service, "need");
    json_decref(json);
}

static void many_that_are_not_whole_are_counted_and_the_first_of_them_listed(void **state)
{
    (void)state;
    const struct kf_board_progress progress = {.state = KF_BOARD_FOLLOWING};
    char reason[KF_BOARD_REASON_SIZE];
    json_int_t total = 0;
    json_t *list = NULL;
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    for (size_t i = 0; i < FAKE_INCOMPLETE_MAX; i++) {
        store.incomplete[i] = (struct kf_board_incomplete){"r1", "need-2026", (int)i, reason};
    }
    store.incomplete_len = FAKE_INCOMPLETE_MAX;
    assert_int_equal(make(&progress, NULL), KF_OK);
    assert_false(text.failed);
    json_t *json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_int_equal(
        json_unpack(json, "{s:{s:o,s:I}}", "board", "incomplete", &list, "incompleteTotal", &total),
        0);
    assert_int_equal(json_array_size(list), KF_STATUS_INCOMPLETE_MAX);
    assert_int_equal(total, FAKE_INCOMPLETE_MAX);
    json_decref(json);
}

static void a_store_that_fails_is_told(void **state)
{
    (void)state;
    struct kf_error err;
    const struct kf_board_progress progress = {.state = KF_BOARD_FOLLOWING};
    store.fails = KF_ERR_IO;
    assert_int_equal(make(&progress, &err), KF_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_board_and_the_stages_are_told, begin, end),
        cmocka_unit_test_setup_teardown(
            many_that_are_not_whole_are_counted_and_the_first_of_them_listed, begin, end),
        cmocka_unit_test_setup_teardown(a_store_that_fails_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

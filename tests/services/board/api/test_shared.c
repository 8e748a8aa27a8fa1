/* What is kept stands until the store tells of a change, and is bounded. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "fake_store.h"
#include "services/board/api/shared.h"

#define SMALL 8 /* bytes: less than the codes of two */

static struct kf_board_store store;
static struct kf_shared *shared;
static struct kf_text text;
static struct kf_error err;

static int begin_with(size_t bytes_max)
{
    memset(&store, 0, sizeof store);
    fake_panel(&store, "a", 2020, "r1");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", ""), "need_index", 1.5);
    fake_row(&store, KF_TOPIC_NEED, "1103", "x", "");
    fake_panel(&store, "b", 2020, "r1");
    fake_row(&store, KF_TOPIC_NEED, "4601", "x", "");
    kf_text_init(&text, 4096);
    return kf_shared_new(&store, bytes_max, &shared, &err) == KF_OK ? 0 : -1;
}

static int begin(void **state)
{
    (void)state;
    return begin_with(KF_SHARED_BYTES_MAX);
}

static int begin_small(void **state)
{
    (void)state;
    return begin_with(SMALL);
}

static int end(void **state)
{
    (void)state;
    kf_shared_destroy(&shared);
    kf_text_clear(&text);
    return 0;
}

static enum kf_err add_code(void *context, const char *code, struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%s ", code);
    return KF_OK;
}

static const struct kf_board_panel *panel(const char *edition)
{
    const struct kf_board_panel *found = kf_panels_find(kf_shared_panels(shared), edition, 2020);
    assert_non_null(found);
    return found;
}

static void check_codes(const char *edition, const char *expected)
{
    kf_text_reset(&text);
    assert_int_equal(kf_shared_refresh(shared, &err), KF_OK);
    assert_int_equal(kf_shared_municipalities(shared, panel(edition), add_code, &text, &err),
                     KF_OK);
    assert_string_equal(text.bytes, expected);
}

static void check_spreads(const char *edition, const char *expected)
{
    kf_text_reset(&text);
    assert_int_equal(kf_shared_refresh(shared, &err), KF_OK);
    assert_int_equal(kf_shared_spreads_json(shared, panel(edition), &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
}

/* The store's lists are changed behind its back: what it does not tell is not looked for. */
static void what_was_read_stands_until_the_store_changes(void **state)
{
    (void)state;
    check_codes("a", "0301 1103 ");
    store.rows[0].municipality = "0302";
    check_codes("a", "0301 1103 ");
    check_codes("b", "4601 ");
    store.changes++;
    check_codes("a", "0302 1103 ");
}

static void so_do_municipalities_side_by_side(void **state)
{
    (void)state;
    static const char *const before =
        "\"spreads\":[{\"topic\":\"need\",\"sector\":\"x\",\"measure\":"
        "\"need_index\",\"codes\":[\"0301\"],\"values\":[1.5]}]";
    static const char *const after =
        "\"spreads\":[{\"topic\":\"need\",\"sector\":\"x\",\"measure\":"
        "\"need_index\",\"codes\":[\"0301\"],\"values\":[2.5]}]";
    check_spreads("a", before);
    store.rows[0].measures[0].value = 2.5;
    check_spreads("a", before);
    store.changes++;
    check_spreads("a", after);
}

static void a_panel_that_is_new_is_found(void **state)
{
    (void)state;
    check_codes("b", "4601 ");
    fake_panel(&store, "c", 2020, "r2");
    fake_row(&store, KF_TOPIC_NEED, "5001", "x", "");
    store.changes++;
    check_codes("c", "5001 ");
    check_spreads("c", "\"spreads\":[]");
}

static void beyond_the_bound_texts_are_read_again(void **state)
{
    (void)state;
    check_codes("a", "0301 1103 ");
    store.rows[0].municipality = "0302";
    check_codes("a", "0301 1103 ");
    check_codes("b", "4601 "); /* has no room beside it */
    check_codes("a", "0302 1103 ");
}

static void after_a_failure_it_begins_anew(void **state)
{
    (void)state;
    check_codes("a", "0301 1103 ");
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_shared_refresh(shared, &err), KF_ERR_IO);
    assert_int_equal(kf_shared_panels(shared)->count, 0);
    store.fails = KF_OK;
    store.rows[0].municipality = "0302";
    check_codes("a", "0302 1103 ");
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_shared_spreads_json(shared, panel("b"), &text, &err), KF_ERR_IO);
    store.fails = KF_OK;
    check_spreads("b", "\"spreads\":[]");
}

static enum kf_err read_all(void)
{
    struct kf_shared *made = NULL;
    enum kf_err code = kf_shared_new(&store, KF_SHARED_BYTES_MAX, &made, &err);
    if (code == KF_OK) {
        code = kf_shared_refresh(made, &err);
    }
    if (code == KF_OK) {
        const struct kf_board_panel *first = &kf_shared_panels(made)->list[0];
        code = kf_shared_municipalities(made, first, add_code, &text, &err);
        if (code == KF_OK) {
            code = kf_shared_spreads_json(made, first, &text, &err);
        }
    }
    kf_shared_destroy(&made);
    return code;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK && n < 200; n++) {
        kf_memory_fail_after(n);
        code = read_all();
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_LIMIT);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 4);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_read_stands_until_the_store_changes),
        CASE(so_do_municipalities_side_by_side),
        CASE(a_panel_that_is_new_is_found),
        cmocka_unit_test_setup_teardown(beyond_the_bound_texts_are_read_again, begin_small, end),
        CASE(after_a_failure_it_begins_anew),
        CASE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

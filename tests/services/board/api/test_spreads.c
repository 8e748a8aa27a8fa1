#include "tests/support/cmocka.h"

#include <string.h>

#include "fake_store.h"
#include "services/board/api/spreads.h"

static struct kf_board_store store;
static struct kf_text text;
static struct kf_error err;

static int begin(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    fake_panel(&store, "a", 2020, "r1");
    kf_text_init(&text, 4096);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static void check(const char *expected)
{
    assert_int_equal(kf_spreads_json(&store, &store.panels[0], &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
}

static void each_sector_has_its_own(void **state)
{
    (void)state;
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", ""), "need_index", 1.5);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "y", ""), "need_index", 0.5);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "1103", "x", ""), "need_index", 2);
    check("[{\"topic\":\"need\",\"sector\":\"x\",\"measure\":\"need_index\",\"codes\":[\"0301\","
          "\"1103\"],\"values\":[1.5,2]},"
          "{\"topic\":\"need\",\"sector\":\"y\",\"measure\":\"need_index\",\"codes\":[\"0301\"],"
          "\"values\":[0.5]}]");
}

static void the_group_indicators_and_other_measures_are_no_part_of_it(void **state)
{
    (void)state;
    fake_value(fake_row(&store, KF_TOPIC_NEED, "", "x", ""), "need_index", 1);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", ""), "share", 0.25);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", "i"), "need_index", 0.5);
    check("[]");
}

static void a_store_that_fails_is_told(void **state)
{
    (void)state;
    fake_row(&store, KF_TOPIC_NEED, "0301", "x", "");
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_spreads_json(&store, &store.panels[0], &text, &err), KF_ERR_IO);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_sector_has_its_own),
        CASE(the_group_indicators_and_other_measures_are_no_part_of_it),
        CASE(a_store_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

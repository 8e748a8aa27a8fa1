#include "services/board/store/moved.h"

#include <string.h>

#include "tests/support/cmocka.h"

static struct kf_board_moved moved;

static int set_up(void **state)
{
    (void)state;
    memset(&moved, 0, sizeof moved);
    return 0;
}

static struct kf_record_row row_of(const char *measure, uint32_t number, double value)
{
    return (struct kf_record_row){.topic = KF_TOPIC_INDEX,
                                  .municipality = "0301",
                                  .sector = "barnehage",
                                  .indicator = "",
                                  .measures = {{number, measure, value}},
                                  .measures_len = 1};
}

static void what_is_new_gone_and_changed_is_counted(void **state)
{
    (void)state;
    struct kf_record_row before = row_of("index", 8, 100);
    struct kf_record_row after = row_of("index", 8, 90);
    before.measures[before.measures_len++] = (struct kf_record_measure){10, "rank", 3};
    after.measures[after.measures_len++] = (struct kf_record_measure){11, "contribution", 0};
    kf_board_compare_rows(&before, &after, &moved);
    assert_int_equal(moved.figures, 2);
    assert_int_equal(moved.changed, 1);
    assert_int_equal(moved.removed, 1);
    assert_int_equal(moved.added, 1);
    assert_int_equal(moved.largest_len, 1);
    kf_board_compare_rows(NULL, &after, &moved);
    kf_board_compare_rows(&before, NULL, &moved);
    assert_int_equal(moved.figures, 4);
    assert_int_equal(moved.changed, 1);
    assert_int_equal(moved.added, 3);
    assert_int_equal(moved.removed, 3);
}

static void the_same_value_has_not_moved(void **state)
{
    (void)state;
    struct kf_record_row row = row_of("index", 8, 100);
    kf_board_compare_rows(&row, &row, &moved);
    assert_int_equal(moved.changed, 0);
    assert_int_equal(moved.largest_len, 0);
}

static void only_headlines_of_sectors_are_among_the_largest(void **state)
{
    static const char *const measures[] = {"index",      "need_index",
                                           "efficiency", "deviation_kr_per_capita",
                                           "rank",       "efficiency_percent"};
    (void)state;
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        struct kf_record_row before = row_of(measures[i], 8, 100);
        struct kf_record_row after = row_of(measures[i], 8, 110);
        kf_board_compare_rows(&before, &after, &moved);
        before.indicator = "timer";
        after.indicator = "timer";
        kf_board_compare_rows(&before, &after, &moved);
    }
    assert_int_equal(moved.changed, 12);
    assert_int_equal(moved.largest_len, 4);
}

/* |after − before| ÷ the larger: 1/2, 1/100, 2 (another sign), 1 (from nothing), … */
static void the_largest_come_first_and_no_more_than_there_is_room_for(void **state)
{
    static const double pairs[][2] = {{100, 50}, {100, 99}, {-10, 10}, {0, 7}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct kf_record_row before = row_of("index", 8, pairs[i][0]);
        struct kf_record_row after = row_of("index", 8, pairs[i][1]);
        kf_board_compare_rows(&before, &after, &moved);
    }
    assert_true(moved.largest[0].before == -10);
    assert_true(moved.largest[1].after == 7);
    assert_true(moved.largest[2].after == 50);
    assert_true(moved.largest[3].after == 99);
    for (size_t i = 0; i < KF_BOARD_LARGEST_MAX; i++) {
        struct kf_record_row before = row_of("index", 8, 100);
        struct kf_record_row after = row_of("index", 8, 60);
        kf_board_compare_rows(&before, &after, &moved);
    }
    assert_int_equal(moved.largest_len, KF_BOARD_LARGEST_MAX);
    assert_true(moved.largest[2].after == 50);
    assert_true(moved.largest[3].after == 60);
    assert_true(moved.largest[KF_BOARD_LARGEST_MAX - 1].after == 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_new_gone_and_changed_is_counted, set_up),
        cmocka_unit_test_setup(the_same_value_has_not_moved, set_up),
        cmocka_unit_test_setup(only_headlines_of_sectors_are_among_the_largest, set_up),
        cmocka_unit_test_setup(the_largest_come_first_and_no_more_than_there_is_room_for, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

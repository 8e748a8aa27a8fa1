#include "services/board/store/measures.h"

#include <string.h>

#include "tests/support/cmocka.h"

static void measures_are_unpacked_as_they_were_packed(void **state)
{
    (void)state;
    const struct kf_record_row row = {.topic = KF_TOPIC_INDEX,
                                      .measures = {{8, "index", -1.0 / 3}, {10, "rank", 1e300}},
                                      .measures_len = 2};
    struct kf_record_row read = {.topic = KF_TOPIC_INDEX};
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    kf_board_measures_pack(&row, &bytes);
    assert_int_equal(bytes.length, 2 * KF_BOARD_MEASURE_BYTES);
    kf_board_measures_unpack(bytes.bytes, bytes.length, &read);
    assert_int_equal(read.measures_len, 2);
    assert_string_equal(read.measures[0].name, "index");
    assert_true(read.measures[0].value == -1.0 / 3);
    assert_string_equal(read.measures[1].name, "rank");
    assert_true(read.measures[1].value == 1e300);
    kf_text_clear(&bytes);
}

static void what_is_no_measure_of_the_topic_is_left_out(void **state)
{
    (void)state;
    static const unsigned char bytes[2 * KF_BOARD_MEASURE_BYTES + 3] = {250, [9] = 8};
    struct kf_record_row read = {.topic = KF_TOPIC_INDEX};
    kf_board_measures_unpack(bytes, sizeof bytes, &read);
    assert_int_equal(read.measures_len, 1);
    assert_string_equal(read.measures[0].name, "index");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_unpacked_as_they_were_packed),
        cmocka_unit_test(what_is_no_measure_of_the_topic_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

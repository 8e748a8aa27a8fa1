#include "tests/support/cmocka.h"

#include <math.h>

#include "common/base/memory.h"
#include "common/codec/json_writer.h"

static struct kf_text json;

static int begin(void **state)
{
    (void)state;
    kf_text_init(&json, 1000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&json);
    return 0;
}

static void members_are_joined_by_commas(void **state)
{
    (void)state;
    kf_json_open(&json, NULL, '{');
    kf_json_text(&json, "a", "x\"y");
    kf_json_open(&json, "list", '[');
    kf_json_whole(&json, NULL, -1);
    kf_json_flag(&json, NULL, true);
    kf_json_open(&json, NULL, '{');
    kf_json_close(&json, '}');
    kf_json_close(&json, ']');
    kf_json_raw(&json, "raw", "[1]", 3);
    kf_json_close(&json, '}');
    assert_string_equal(json.bytes, "{\"a\":\"x\\\"y\",\"list\":[-1,true,{}],\"raw\":[1]}");
}

static void a_text_that_ends_like_an_opening_is_followed_by_a_comma(void **state)
{
    (void)state;
    kf_json_open(&json, NULL, '[');
    kf_json_text(&json, NULL, "{");
    kf_json_text(&json, NULL, "a:");
    kf_json_text(&json, NULL, "");
    kf_json_close(&json, ']');
    assert_string_equal(json.bytes, "[\"{\",\"a:\",\"\"]");
}

static void numbers_read_back_to_the_same_double(void **state)
{
    (void)state;
    kf_json_open(&json, NULL, '[');
    kf_json_number(&json, NULL, 0.1);
    kf_json_number(&json, NULL, 1.0 / 3);
    kf_json_number(&json, NULL, -2);
    kf_json_number(&json, NULL, 1e300);
    kf_json_close(&json, ']');
    assert_string_equal(json.bytes, "[0.1,0.3333333333333333,-2,1e+300]");
}

static void a_time_that_is_none_is_left_out(void **state)
{
    (void)state;
    kf_json_open(&json, NULL, '{');
    kf_json_time(&json, "sentMs", 0);
    kf_json_time(&json, "heldMs", 1);
    kf_json_close(&json, '}');
    assert_string_equal(json.bytes, "{\"heldMs\":1}");
}

static void what_is_no_number_fails(void **state)
{
    (void)state;
    kf_json_number(&json, "a", (double)NAN);
    assert_true(json.failed);
    kf_text_reset(&json);
    kf_json_number(&json, "a", (double)INFINITY);
    assert_true(json.failed);
}

static void bytes_that_are_no_text_are_marked(void **state)
{
    (void)state;
    kf_json_text(&json, "a", "x\xff");
    assert_string_equal(json.bytes, "\"a\":\"x?\"");
    kf_text_reset(&json);
    kf_memory_fail_after(0);
    kf_json_text(&json, "a", "x\xff");
    kf_memory_fail_after(-1);
    assert_true(json.failed);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(members_are_joined_by_commas),
        CASE(a_text_that_ends_like_an_opening_is_followed_by_a_comma),
        CASE(numbers_read_back_to_the_same_double),
        CASE(a_time_that_is_none_is_left_out),
        CASE(what_is_no_number_fails),
        CASE(bytes_that_are_no_text_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Lines that fit a screen. */
#include "tools/kf/top_canvas.h"

#include <string.h>

#include "tests/support/cmocka.h"

static struct kf_text text;

static int begin(void **state)
{
    (void)state;
    kf_text_init(&text, 65536);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static struct kf_top_canvas canvas_of(size_t columns, size_t rows)
{
    return (struct kf_top_canvas){.text = &text, .end = "|", .columns = columns, .rows = rows};
}

static void what_fits_stands_as_it_is(void **state)
{
    (void)state;
    struct kf_top_canvas canvas = canvas_of(8, 0);
    kf_top_put(&canvas, KF_TOP_RED, "Bærum");
    kf_top_put_format(&canvas, " %d", 12);
    kf_top_end(&canvas);
    assert_string_equal(text.bytes, "Bærum 12|");
}

static void what_does_not_is_cut_and_says_so(void **state)
{
    (void)state;
    struct kf_top_canvas canvas = canvas_of(5, 0);
    kf_top_put(&canvas, KF_TOP_PLAIN, "øøøøø");
    kf_top_end(&canvas);
    kf_top_put(&canvas, KF_TOP_PLAIN, "øøøøøø");
    kf_top_put(&canvas, KF_TOP_PLAIN, "left out");
    kf_top_end(&canvas);
    kf_top_put(&canvas, KF_TOP_PLAIN, "a");
    kf_top_end(&canvas);
    assert_string_equal(text.bytes, "øøøøø|øøøø…|a|");
}

static void lines_beyond_the_rows_are_counted_only(void **state)
{
    (void)state;
    struct kf_top_canvas canvas = canvas_of(5, 2);
    for (int i = 0; i < 4; i++) {
        kf_top_put(&canvas, KF_TOP_PLAIN, "x");
        kf_top_end(&canvas);
    }
    assert_string_equal(text.bytes, "x|x|");
    assert_int_equal(canvas.row, 4);
}

static void colours_take_no_room_and_are_left_out_when_unwanted(void **state)
{
    (void)state;
    struct kf_top_canvas canvas = canvas_of(4, 0);
    canvas.colour = true;
    kf_top_put(&canvas, KF_TOP_GREEN, "ok");
    kf_top_put(&canvas, KF_TOP_PLAIN, "!");
    kf_top_pad(&canvas, 4);
    kf_top_put(&canvas, KF_TOP_RED, "x");
    kf_top_end(&canvas);
    assert_string_equal(text.bytes, "\033[32mok\033[0m! |");
}

/* A service's detail may quote what somebody else wrote. */
static void what_a_terminal_would_obey_is_defused(void **state)
{
    (void)state;
    struct kf_top_canvas canvas = canvas_of(40, 0);
    kf_top_put(&canvas, KF_TOP_PLAIN, "a\033[2Jb\nc\xff");
    kf_top_end(&canvas);
    assert_string_equal(text.bytes, "a?[2Jb?c?|");
}

static void a_width_is_that_of_characters(void **state)
{
    (void)state;
    assert_int_equal(kf_top_width(""), 0);
    assert_int_equal(kf_top_width("Tromsø …"), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(what_fits_stands_as_it_is),
        TEST(what_does_not_is_cut_and_says_so),
        TEST(lines_beyond_the_rows_are_counted_only),
        TEST(colours_take_no_room_and_are_left_out_when_unwanted),
        TEST(what_a_terminal_would_obey_is_defused),
        TEST(a_width_is_that_of_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

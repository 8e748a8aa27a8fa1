#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/scratch.h"
#include "common/codec/unpack.h"
#include "tests/support/cmocka.h"

static int open_arena(void **state)
{
    *state = kf_arena_new(64 * 1024);
    return *state ? 0 : -1;
}

static int close_arena(void **state)
{
    struct kf_arena *arena = *state;
    kf_arena_destroy(&arena);
    return 0;
}

static void good_texts_are_borrowed(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    const char *text = "Bærum";
    assert_ptr_equal(kf_scratch_text(&scratch, text), text);
    assert_string_equal(kf_scratch_text(&scratch, NULL), "");
    assert_int_equal(kf_scratch_result(&scratch, NULL), KF_OK);
}

static void texts_that_are_not_utf8_are_cleaned(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    assert_string_equal(kf_scratch_text(&scratch, "B\xe6rum"), "B?rum");
}

static void texts_that_are_too_long_are_cut(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    static char text[KF_CODEC_TEXT_MAX + 10];
    memset(text, 'a', sizeof text - 1);
    assert_int_equal(strlen(kf_scratch_text(&scratch, text)), KF_CODEC_TEXT_MAX);
    assert_int_equal(strlen(kf_scratch_copy(&scratch, text)), KF_CODEC_TEXT_MAX);
}

static void copies_live_on_their_own(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    char text[] = "0301";
    const char *copy = kf_scratch_copy(&scratch, text);
    text[0] = '9';
    assert_string_equal(copy, "0301");
    assert_string_equal(kf_scratch_copy(&scratch, NULL), "");
}

static void an_empty_array_is_no_failure(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    assert_null(kf_scratch_array(&scratch, 0, 8));
    assert_int_equal(kf_scratch_result(&scratch, NULL), KF_OK);
}

static void the_first_failure_is_remembered(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    struct kf_error err = {0};
    assert_null(kf_scratch_array(&scratch, 1024, 1024)); /* beyond the arena's ceiling */
    assert_null(kf_scratch_array(&scratch, 1, 1));
    assert_string_equal(kf_scratch_copy(&scratch, "text"), "");
    assert_int_equal(kf_scratch_result(&scratch, &err), KF_ERR_LIMIT);
    assert_int_equal(err.code, KF_ERR_LIMIT);
}

static void a_failing_machine_is_told_from_a_full_arena(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    kf_memory_fail_after(0);
    assert_null(kf_scratch_array(&scratch, 1024, 32));
    kf_memory_fail_after(-1);
    assert_int_equal(kf_scratch_result(&scratch, NULL), KF_ERR_MEMORY);
}

static void an_arena_that_could_not_be_made_is_a_failure(void **state)
{
    (void)state;
    struct kf_scratch scratch = {.arena = NULL};
    assert_null(kf_scratch_array(&scratch, 1, 1));
    assert_int_equal(kf_scratch_result(&scratch, NULL), KF_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(good_texts_are_borrowed, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(texts_that_are_not_utf8_are_cleaned, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(texts_that_are_too_long_are_cut, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(copies_live_on_their_own, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(an_empty_array_is_no_failure, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(the_first_failure_is_remembered, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_failing_machine_is_told_from_a_full_arena, open_arena,
                                        close_arena),
        cmocka_unit_test(an_arena_that_could_not_be_made_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

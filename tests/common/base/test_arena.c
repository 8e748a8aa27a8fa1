#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(10 * 1024 * 1024);
    static const size_t sizes[] = {1, 3, 8, 17, 4000, 16384, 16385, 100000, 2, 5000, 12000, 1};
    unsigned char *pieces[sizeof sizes / sizeof sizes[0]];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        pieces[i] = kf_arena_alloc(arena, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(pieces[i][j], 0);
        }
        memset(pieces[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(pieces[i][j], i + 1);
        }
    }
    kf_arena_destroy(&arena);
    assert_null(arena);
}

static void the_ceiling_holds_and_smaller_pieces_still_fit(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1000);
    assert_null(kf_arena_alloc(arena, 1001));
    assert_int_equal(kf_arena_used(arena), 0);
    assert_non_null(kf_arena_alloc(arena, 600));
    assert_null(kf_arena_alloc(arena, 600));
    assert_non_null(kf_arena_alloc(arena, 300));
    assert_in_range(kf_arena_used(arena), 900, 1000);
    size_t handed_out = 0;
    while (kf_arena_alloc(arena, 1)) {
        assert_true(handed_out++ < 100);
    }
    assert_true(kf_arena_used(arena) <= 1000);
    kf_arena_destroy(&arena);
}

static void absurd_sizes_are_refused_even_without_a_ceiling(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(SIZE_MAX);
    for (size_t less = 0; less < 80; less++) {
        assert_null(kf_arena_alloc(arena, SIZE_MAX - less));
    }
    assert_null(kf_arena_calloc(arena, SIZE_MAX / 2, 3));
    assert_null(kf_arena_calloc(arena, 3, SIZE_MAX / 2));
    assert_null(kf_arena_strndup(arena, "x", SIZE_MAX));
    assert_int_equal(kf_arena_used(arena), 0);
    kf_arena_destroy(&arena);
}

static void an_arena_tells_its_ceiling_from_the_machines_memory(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(100000);
    assert_non_null(kf_arena_alloc(arena, 50000));
    kf_memory_fail_after(0);
    assert_null(kf_arena_alloc(arena, 40000));
    kf_memory_fail_after(-1);
    assert_false(kf_arena_is_full(arena));
    assert_null(kf_arena_alloc(arena, 60000));
    assert_true(kf_arena_is_full(arena));
    assert_non_null(kf_arena_alloc(arena, 40000));
    assert_true(kf_arena_is_full(arena)); /* something was refused, whatever came after */
    kf_arena_destroy(&arena);
}

static void whatever_is_refused_for_its_size_fills_the_arena(void **state)
{
    (void)state;
    for (int way = 0; way < 5; way++) {
        struct kf_arena *arena = kf_arena_new(64);
        assert_false(kf_arena_is_full(arena));
        const void *piece = way == 0   ? kf_arena_alloc(arena, 65)
                            : way == 1 ? kf_arena_calloc(arena, 2, 33)
                            : way == 2 ? kf_arena_calloc(arena, SIZE_MAX / 2, 3)
                            : way == 3 ? kf_arena_strndup(arena, "", 64)
                                       : kf_arena_printf(arena, "%64s", "");
        assert_null(piece);
        assert_true(kf_arena_is_full(arena));
        kf_arena_destroy(&arena);
    }
}

static void texts_are_copied_whole(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(4096);
    char source[] = "Sør-Odal,12";
    char *copy = kf_arena_strdup(arena, source);
    char *part = kf_arena_strndup(arena, source, 4);
    source[0] = 'X';
    assert_string_equal(copy, "Sør-Odal,12");
    assert_string_equal(part, "Sør");
    assert_string_equal(kf_arena_strdup(arena, NULL), "");
    assert_string_equal(kf_arena_strndup(arena, NULL, 0), "");
    assert_string_equal(kf_arena_printf(arena, "%s/%d", "asss-2010", 2010), "asss-2010/2010");
    assert_string_equal(kf_arena_printf(arena, "%s", ""), "");
    kf_arena_destroy(&arena);
}

static void a_text_beyond_the_ceiling_is_refused(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(64);
    assert_null(kf_arena_strndup(arena, "", 64));
    assert_null(kf_arena_printf(arena, "%64s", ""));
    assert_non_null(kf_arena_printf(arena, "%63s", ""));
    assert_null(kf_arena_strdup(arena, "x"));
    kf_arena_destroy(&arena);
}

static void destroying_nothing_is_fine(void **state)
{
    (void)state;
    struct kf_arena *arena = NULL;
    kf_arena_destroy(&arena);
    kf_arena_destroy(NULL);
}

static bool fill_an_arena(void)
{
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    bool whole = arena && kf_arena_alloc(arena, 10) && kf_arena_alloc(arena, 20000) &&
                 kf_arena_alloc(arena, 16000) && kf_arena_strdup(arena, "x") &&
                 kf_arena_printf(arena, "%s", "y");
    kf_arena_destroy(&arena);
    return whole;
}

static void every_failed_allocation_is_survived(void **state)
{
    (void)state;
    int64_t n = 0;
    for (bool whole = false; !whole; n++) {
        kf_memory_fail_after(n);
        whole = fill_an_arena();
        assert_true(n < 100);
    }
    kf_memory_fail_after(-1);
    assert_true(n > 3); /* the arena and its blocks failed at least once each */
}

static void an_arena_goes_on_after_a_failed_allocation(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    kf_memory_fail_after(0);
    assert_null(kf_arena_alloc(arena, 10));
    assert_int_equal(kf_arena_used(arena), 0);
    assert_non_null(kf_arena_alloc(arena, 10));
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(the_ceiling_holds_and_smaller_pieces_still_fit),
        cmocka_unit_test(absurd_sizes_are_refused_even_without_a_ceiling),
        cmocka_unit_test(an_arena_tells_its_ceiling_from_the_machines_memory),
        cmocka_unit_test(whatever_is_refused_for_its_size_fills_the_arena),
        cmocka_unit_test(texts_are_copied_whole),
        cmocka_unit_test(a_text_beyond_the_ceiling_is_refused),
        cmocka_unit_test(destroying_nothing_is_fine),
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(an_arena_goes_on_after_a_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

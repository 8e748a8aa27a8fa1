#include <pthread.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static void the_countdown_fails_exactly_one_allocation(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 4; n++) {
        kf_memory_fail_after(n);
        for (int64_t i = 0; i < 8; i++) {
            void *piece = i % 2 ? kf_malloc(8) : kf_calloc(2, 4);
            assert_int_equal(piece == NULL, i == n);
            kf_free(piece);
        }
    }
}

static void a_negative_countdown_is_off(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    kf_memory_fail_after(-1);
    for (int i = 0; i < 100; i++) {
        void *piece = kf_malloc(1);
        assert_non_null(piece);
        kf_free(piece);
    }
}

static void a_failed_realloc_leaves_the_piece_as_it_was(void **state)
{
    (void)state;
    char *piece = kf_strdup("Bærum");
    kf_memory_fail_after(0);
    assert_null(kf_realloc(piece, 1000));
    assert_string_equal(piece, "Bærum");
    char *grown = kf_realloc(piece, 1000);
    assert_non_null(grown);
    assert_string_equal(grown, "Bærum");
    kf_free(grown);
}

static void calloc_refuses_a_size_that_overflows(void **state)
{
    (void)state;
    /* volatile: so that the compiler does not see it coming */
    volatile size_t many = SIZE_MAX / 2;
    assert_null(kf_calloc(many, 3));
}

static void nothing_at_all_is_still_a_piece(void **state)
{
    (void)state;
    void *pieces[] = {kf_malloc(0), kf_calloc(0, 8), kf_calloc(8, 0), kf_realloc(NULL, 0)};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        assert_non_null(pieces[i]);
        kf_free(pieces[i]);
    }
    kf_free(NULL);
}

static void every_kind_of_allocation_counts(void **state)
{
    (void)state;
    uint64_t before = kf_memory_count();
    void *a = kf_malloc(1);
    void *b = kf_calloc(1, 1);
    char *c = kf_strdup("c");
    a = kf_realloc(a, 2);
    assert_int_equal(kf_memory_count() - before, 4);
    kf_memory_fail_after(0);
    assert_null(kf_strdup("d"));
    assert_int_equal(kf_memory_count() - before, 5);
    kf_free(a);
    kf_free(b);
    kf_free(c);
}

static void *count_in_a_thread(void *context)
{
    uint64_t *count = context;
    void *piece = kf_malloc(1);
    *count = piece ? kf_memory_count() : 0;
    kf_free(piece);
    return NULL;
}

static void the_countdown_of_one_thread_does_not_touch_another(void **state)
{
    (void)state;
    uint64_t counts[4] = {0};
    pthread_t threads[4];
    kf_memory_fail_after(0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, count_in_a_thread, &counts[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(counts[i], 1);
    }
    assert_null(kf_malloc(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_countdown_fails_exactly_one_allocation),
        cmocka_unit_test(a_negative_countdown_is_off),
        cmocka_unit_test(a_failed_realloc_leaves_the_piece_as_it_was),
        cmocka_unit_test(calloc_refuses_a_size_that_overflows),
        cmocka_unit_test(nothing_at_all_is_still_a_piece),
        cmocka_unit_test(every_kind_of_allocation_counts),
        cmocka_unit_test(the_countdown_of_one_thread_does_not_touch_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

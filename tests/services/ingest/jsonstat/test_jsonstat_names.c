/* Names in scopes. */
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "services/ingest/jsonstat/jsonstat_names.h"

static struct kf_jsonstat_names names;
static struct kf_arena *arena;
static bool added;

static struct kf_jsonstat_name add(uint32_t scope, const char *text, uint32_t number)
{
    const struct kf_jsonstat_name wanted = {
        .text = text, .length = strlen(text), .scope = scope, .number = number};
    struct kf_jsonstat_name found = {0};
    assert_int_equal(kf_jsonstat_names_add(&names, arena, &wanted, &found, &added, NULL), KF_OK);
    return found;
}

static int open_arena(void **state)
{
    (void)state;
    arena = kf_arena_new(1 << 20);
    return arena ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    kf_jsonstat_names_clear(&names);
    kf_arena_destroy(&arena);
    return 0;
}

static void a_name_is_new_once_in_each_scope(void **state)
{
    (void)state;
    (void)add(1, "a", 5);
    assert_true(added);
    assert_int_equal(add(1, "a", 6).number, 5);
    assert_false(added);
    (void)add(2, "a", 7);
    assert_true(added);
    (void)add(1, "", 8);
    assert_true(added);
    kf_jsonstat_names_reset(&names);
    (void)add(1, "a", 9);
    assert_true(added);
}

static void ten_thousand_names_are_found_again(void **state)
{
    (void)state;
    char text[16];
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 10000; i++) {
            (void)snprintf(text, sizeof text, "%04u", i);
            struct kf_jsonstat_name found = add(i % 3, text, i);
            assert_int_equal(found.number, i);
            assert_string_equal(found.text, text);
            assert_int_equal(added, round == 0);
        }
    }
}

static void a_full_arena_is_a_limit(void **state)
{
    (void)state;
    const struct kf_jsonstat_name wanted = {.text = "0123456789012345678901234567890",
                                            .length = 31};
    struct kf_jsonstat_name found;
    struct kf_arena *small = kf_arena_new(8);
    assert_int_equal(kf_jsonstat_names_add(&names, small, &wanted, &found, &added, NULL),
                     KF_ERR_LIMIT);
    kf_arena_destroy(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_is_new_once_in_each_scope),
        TEST(ten_thousand_names_are_found_again),
        TEST(a_full_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

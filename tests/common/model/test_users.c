#include "fixture.h"

#include "common/model/users.h"

static void users_are_numbered_from_one(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(64 * 1024);
    struct kf_users users = {.cost_prefix = "kostnad_", .age_prefix = "alder_", .count = 12};
    assert_true(kf_users_fill(&users, arena));
    assert_string_equal(users.costs[0], "kostnad_1");
    assert_string_equal(users.costs[11], "kostnad_12");
    assert_string_equal(users.ages[0], "alder_1");
    assert_string_equal(users.ages[11], "alder_12");
    assert_string_equal(kf_users_variable(arena, "kostnad_", 1000), "kostnad_1000");
    kf_arena_destroy(&arena);
}

static void without_a_prefix_for_ages_there_are_none(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(64 * 1024);
    struct kf_users users = {.cost_prefix = "kostnad_", .age_prefix = "", .count = 2};
    assert_true(kf_users_fill(&users, arena));
    assert_null(users.ages);
    assert_string_equal(users.costs[1], "kostnad_2");
    users = (struct kf_users){.cost_prefix = "kostnad_", .age_prefix = NULL, .count = 1};
    assert_true(kf_users_fill(&users, arena));
    assert_null(users.ages);
    kf_arena_destroy(&arena);
}

static void aggregates_alone_have_no_variables(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(64 * 1024);
    struct kf_users users = {.cost_prefix = "", .age_prefix = ""};
    assert_true(kf_users_fill(&users, arena));
    assert_null(users.costs);
    assert_null(users.ages);
    kf_arena_destroy(&arena);
}

static void a_full_arena_leaves_the_users_as_they_were(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(256);
    struct kf_users users = {.cost_prefix = "kostnad_", .age_prefix = "alder_", .count = 30};
    assert_false(kf_users_fill(&users, arena));
    assert_null(users.costs);
    assert_null(users.ages);
    assert_int_equal(users.count, 30);
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_numbered_from_one),
        cmocka_unit_test(without_a_prefix_for_ages_there_are_none),
        cmocka_unit_test(aggregates_alone_have_no_variables),
        cmocka_unit_test(a_full_arena_leaves_the_users_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/cmocka.h"

#include "services/aggregate/rank.h"

static void the_highest_is_first_and_ties_share_the_better_rank(void **state)
{
    (void)state;
    const double values[] = {90, 110, 110, 80, 120};
    double ranks[5];
    kf_rank(values, ranks, 5);
    const double expected[] = {4, 2, 2, 5, 1};
    for (size_t i = 0; i < 5; i++) {
        assert_true(ranks[i] == expected[i]);
    }
}

static void a_single_member_is_first(void **state)
{
    (void)state;
    double rank = 0;
    kf_rank((double[]){-3}, &rank, 1);
    assert_true(rank == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_is_first_and_ties_share_the_better_rank),
        cmocka_unit_test(a_single_member_is_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

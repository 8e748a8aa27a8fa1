#include "tests/support/cmocka.h"
#include "tools/kf/restart.h"

static void a_process_that_lived_long_is_started_again_at_once(void **state)
{
    (void)state;
    struct kf_restart restart = {0};
    for (int i = 0; i < 20; i++) {
        assert_int_equal(kf_restart_wait_ms(&restart, KF_RESTART_CALM_MS), 0);
    }
}

static void two_short_lives_cost_nothing_and_then_each_costs_twice_the_one_before(void **state)
{
    (void)state;
    static const int64_t expected[] = {0, 0, 250, 500, 1000, 2000, 4000, 8000, 10000, 10000};
    struct kf_restart restart = {0};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(kf_restart_wait_ms(&restart, 5), expected[i]);
    }
}

static void the_wait_never_passes_its_cap_however_often_it_dies(void **state)
{
    (void)state;
    struct kf_restart restart = {0};
    for (int i = 0; i < 100000; i++) {
        int64_t wait_ms = kf_restart_wait_ms(&restart, 0);
        assert_true(wait_ms >= 0 && wait_ms <= KF_RESTART_CAP_MS);
    }
}

static void one_long_life_makes_up_for_all_short_ones(void **state)
{
    (void)state;
    struct kf_restart restart = {0};
    for (int i = 0; i < 10; i++) {
        (void)kf_restart_wait_ms(&restart, 0);
    }
    assert_int_equal(kf_restart_wait_ms(&restart, KF_RESTART_CALM_MS + 1), 0);
    assert_int_equal(kf_restart_wait_ms(&restart, 0), 0);
    assert_int_equal(kf_restart_wait_ms(&restart, 0), 0);
    assert_int_equal(kf_restart_wait_ms(&restart, 0), KF_RESTART_FIRST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_lived_long_is_started_again_at_once),
        cmocka_unit_test(two_short_lives_cost_nothing_and_then_each_costs_twice_the_one_before),
        cmocka_unit_test(the_wait_never_passes_its_cap_however_often_it_dies),
        cmocka_unit_test(one_long_life_makes_up_for_all_short_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/cmocka.h"

#include <string.h>

#include "tests/tools/fakessb/fixture.h"

static void a_call_too_many_within_the_window_is_refused_and_not_counted(void **state)
{
    (void)state;
    static struct kf_fake_rate rate = {.limit = 2, .window_ms = 60000};
    size_t left = 9;
    assert_true(kf_fake_rate_take(&rate, 1000, &left));
    assert_int_equal(left, 1);
    assert_true(kf_fake_rate_take(&rate, 2000, &left));
    assert_int_equal(left, 0);
    assert_false(kf_fake_rate_take(&rate, 60999, &left));
    assert_true(kf_fake_rate_take(&rate, 61000, &left));
    assert_false(kf_fake_rate_take(&rate, 61999, &left));
    assert_true(kf_fake_rate_take(&rate, 62000, &left));
}

static void a_rate_of_nothing_is_no_limit(void **state)
{
    (void)state;
    static struct kf_fake_rate rate;
    size_t left = 9;
    for (int i = 0; i < 5000; i++) {
        assert_true(kf_fake_rate_take(&rate, 0, &left));
    }
}

static void events_are_carried_out_in_the_order_of_their_times(void **state)
{
    (void)state;
    struct kf_day day;
    struct kf_error err;
    struct kf_fake_misbehaviour taken;
    const struct kf_fake_mode *mode = kf_fake_mode_find("forbidden");
    assert_int_equal(kf_day_parse("2026-03-16T00:00:00Z,1", &day, &err), KF_OK);
    struct kf_fake_world *world = fixture_world(&day);
    int64_t now_ms = kf_fake_world_now(world);
    static const char *const paths[] = {"/late", "/early", "/later"};
    static const int64_t times_ms[] = {2000000, 1000000, 90000000};
    for (size_t i = 0; i < 3; i++) {
        struct kf_fake_event event = {
            .at_ms = now_ms + times_ms[i],
            .misbehaviour = {
                .mode = mode, .path = paths[i], .calls = 1, .until_ms = KF_FAKE_NO_TIME}};
        assert_int_equal(kf_fake_world_add_event(world, &event, &err), KF_OK);
    }
    kf_fake_world_turn(world);
    assert_int_equal(world->events_done, 0);
    world->pushed_ms = 1500000;
    kf_fake_world_turn(world);
    assert_int_equal(world->events_done, 1);
    assert_true(kf_fake_world_misbehave(world, "/early", &taken));
    assert_false(kf_fake_world_misbehave(world, "/early", &taken));
    world->pushed_ms = 3000000;
    kf_fake_world_turn(world);
    assert_int_equal(world->events_done, 2);
    assert_false(kf_fake_world_misbehave(world, "/x", &taken));
    assert_true(kf_fake_world_misbehave(world, "/x/late", &taken));
    kf_fake_world_destroy(&world);
}

static void an_event_that_cannot_be_is_told_and_the_next_goes_on(void **state)
{
    (void)state;
    struct kf_day day;
    struct kf_error err;
    kf_day_init(&day);
    struct kf_fake_world *world = fixture_world(&day);
    struct kf_fake_event event = {
        .at_ms = 1, .misbehaviour = {.mode = kf_fake_mode_find("html"), .path = "", .until_ms = 2}};
    for (size_t i = 0; i <= KF_FAKE_MISBEHAVIOUR_MAX; i++) {
        assert_int_equal(kf_fake_world_add_event(world, &event, &err), KF_OK);
    }
    kf_fake_world_turn(world);
    assert_int_equal(world->events_done, KF_FAKE_MISBEHAVIOUR_MAX + 1);
    assert_string_not_equal(world->trouble, "");
    struct kf_fake_misbehaviour taken;
    assert_false(kf_fake_world_misbehave(world, "/", &taken)); /* all of them are past */
    kf_fake_world_destroy(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_too_many_within_the_window_is_refused_and_not_counted),
        cmocka_unit_test(a_rate_of_nothing_is_no_limit),
        cmocka_unit_test(events_are_carried_out_in_the_order_of_their_times),
        cmocka_unit_test(an_event_that_cannot_be_is_told_and_the_next_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

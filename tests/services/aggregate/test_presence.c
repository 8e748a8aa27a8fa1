#include "tests/support/cmocka.h"

#include "services/aggregate/presence.h"

#include "common/model/cell.h"

static struct kf_arena *arena;
static struct kf_presence presence;

static int start(void **state)
{
    (void)state;
    arena = kf_arena_new(1 << 16);
    return arena && kf_presence_new(arena, 2, &presence, NULL) == KF_OK ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    kf_arena_destroy(&arena);
    return 0;
}

/* .1 + .2 is no .3 in double: a weight of somebody who has everything must stay untouched. */
static void weights_of_who_has_everything_stay_as_they_are(void **state)
{
    (void)state;
    kf_presence_add(&presence, 0, 0.1, KF_CELL_VALUE);
    kf_presence_add(&presence, 0, 0.2, KF_CELL_VALUE);
    assert_true(kf_presence_weight(&presence, 0, 0.1) == 0.1);
    assert_false(presence.lacks[0]);
}

static void weights_of_who_lacks_something_are_rescaled(void **state)
{
    (void)state;
    kf_presence_add(&presence, 1, 0.5, KF_CELL_VALUE);
    kf_presence_add(&presence, 1, 0.3, KF_CELL_VALUE | KF_CELL_IMPUTED);
    kf_presence_add(&presence, 1, 0.2, KF_CELL_CONFIDENTIAL);
    assert_close(kf_presence_weight(&presence, 1, 0.5), 0.625, 1e-15);
    assert_close(kf_presence_weight(&presence, 1, 0.3), 0.375, 1e-15);
    assert_true(presence.lacks[1] && presence.imputed[1]);
    assert_false(presence.imputed[0]);
}

static void who_has_nothing_that_weighs_has_nothing(void **state)
{
    (void)state;
    kf_presence_add(&presence, 0, 0.4, KF_CELL_MISSING);
    kf_presence_add(&presence, 0, 0, KF_CELL_VALUE);
    assert_false(kf_presence_any(&presence, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(weights_of_who_has_everything_stay_as_they_are, start,
                                        finish),
        cmocka_unit_test_setup_teardown(weights_of_who_lacks_something_are_rescaled, start, finish),
        cmocka_unit_test_setup_teardown(who_has_nothing_that_weighs_has_nothing, start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

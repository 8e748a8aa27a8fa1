#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/board/api/idset.h"

static void ids_come_back_ascending_and_once(void **state)
{
    (void)state;
    struct kf_idset set = {0};
    static const char *const ids[] = {"b", "a", "c", "b", "aa", "c"};
    static const char *const expected[] = {"a", "aa", "b", "c"};
    for (size_t i = 0; i < 6; i++) {
        assert_true(kf_idset_add(&set, ids[i]));
    }
    assert_int_equal(set.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(set.list[i], expected[i]);
    }
    assert_true(kf_idset_has(&set, "aa"));
    assert_false(kf_idset_has(&set, "ab"));
    kf_idset_clear(&set);
    assert_int_equal(set.count, 0);
}

static void it_grows_and_has_an_end(void **state)
{
    (void)state;
    struct kf_idset set = {0};
    char id[8];
    for (int i = 0; i < KF_IDSET_MAX; i++) {
        (void)snprintf(id, sizeof id, "%06d", i);
        assert_true(kf_idset_add(&set, id));
    }
    assert_false(kf_idset_add(&set, "more"));
    assert_true(kf_idset_add(&set, "000000"));
    kf_idset_clear(&set);
}

static void without_memory_it_stays_as_it_was(void **state)
{
    (void)state;
    struct kf_idset set = {0};
    for (int64_t n = 0; n < 2; n++) {
        kf_memory_fail_after(n);
        assert_false(kf_idset_add(&set, "a"));
        kf_memory_fail_after(-1);
        assert_int_equal(set.count, 0);
    }
    assert_true(kf_idset_add(&set, "a"));
    kf_idset_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_come_back_ascending_and_once),
        cmocka_unit_test(it_grows_and_has_an_end),
        cmocka_unit_test(without_memory_it_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

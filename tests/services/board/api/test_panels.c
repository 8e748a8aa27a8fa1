#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "fake_store.h"
#include "services/board/api/panels.h"

static struct kf_board_store store;

static int begin(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    fake_panel(&store, "a", 2020, "r1");
    fake_panel(&store, "a", 2021, "r2");
    fake_panel(&store, "b", 2020, "r1");
    return 0;
}

static void what_is_shown_is_found_by_edition_and_year(void **state)
{
    (void)state;
    struct kf_panels panels = {0};
    assert_int_equal(kf_panels_read(&panels, &store, NULL), KF_OK);
    assert_int_equal(panels.count, 3);
    assert_string_equal(kf_panels_find(&panels, "a", 2021)->release, "r2");
    assert_null(kf_panels_find(&panels, "a", 2022));
    assert_null(kf_panels_find(&panels, "c", 2020));
    kf_panels_clear(&panels);
    assert_int_equal(panels.count, 0);
}

static void after_a_failure_there_is_nothing(void **state)
{
    (void)state;
    struct kf_panels panels = {0};
    struct kf_error err;
    kf_memory_fail_after(0);
    assert_int_equal(kf_panels_read(&panels, &store, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_null(panels.list);
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_panels_read(&panels, &store, &err), KF_ERR_IO);
    assert_int_equal(panels.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_shown_is_found_by_edition_and_year, begin),
        cmocka_unit_test_setup(after_a_failure_there_is_nothing, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "common/base/folder.h"

#include <string.h>

#include "tests/support/cmocka.h"

static void a_folder_that_is_there_is_made_durable(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_folder_sync(".", &err), KF_OK);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct kf_error err;
    assert_int_equal(kf_folder_sync("/nowhere/at/all", &err), KF_ERR_IO);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_that_is_there_is_made_durable),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

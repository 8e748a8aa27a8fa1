#define _GNU_SOURCE /* posix_openpt, ptsname_r */
#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/service/terminal.h"

static void a_terminal_that_stands_is_not_gone_and_one_that_hung_up_is(void **state)
{
    (void)state;
    char name[128];
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    assert_int_equal(ptsname_r(master, name, sizeof name), 0);
    int terminal = open(name, O_RDONLY | O_NOCTTY);
    assert_true(terminal >= 0);
    assert_false(kf_terminal_is_gone(terminal));
    assert_int_equal(close(master), 0);
    assert_true(kf_terminal_is_gone(terminal));
    assert_int_equal(close(terminal), 0);
}

static void without_a_terminal_none_is_gone(void **state)
{
    (void)state;
    assert_false(kf_terminal_is_gone(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_that_stands_is_not_gone_and_one_that_hung_up_is),
        cmocka_unit_test(without_a_terminal_none_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

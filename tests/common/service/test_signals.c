#include "tests/support/cmocka.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "common/service/signals.h"

static void a_reload_asked_for_too_early_is_kept_and_read_with_the_others(void **state)
{
    (void)state;
    int signals = -1;
    struct kf_error err = {0};
    kf_signals_keep_reload();
    assert_int_equal(kill(getpid(), SIGHUP), 0); /* would end the process */
    assert_int_equal(kf_signals_open(&signals, &err), KF_OK);
    struct pollfd item = {.fd = signals, .events = POLLIN};
    assert_int_equal(poll(&item, 1, 0), 1);
    assert_int_equal(kf_signals_take(signals), SIGHUP);
    assert_int_equal(kf_signals_take(signals), 0);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_int_equal(kf_signals_take(signals), SIGTERM);
    assert_int_equal(kill(getpid(), SIGINT), 0);
    assert_int_equal(kf_signals_take(signals), SIGINT);
    assert_int_equal(close(signals), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reload_asked_for_too_early_is_kept_and_read_with_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

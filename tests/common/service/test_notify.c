#include "tests/support/cmocka.h"

#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/service/notify.h"

static struct kf_notify notify;

static int forget(void **state)
{
    (void)state;
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    return 0;
}

static void without_a_manager_nothing_is_sent(void **state)
{
    (void)state;
    assert_int_equal(setenv("WATCHDOG_USEC", "1000000", 1), 0);
    kf_notify_open(&notify);
    assert_int_equal(notify.socket, -1);
    assert_int_equal(notify.watchdog_ms, 0);
    kf_notify_send(&notify, "READY=1");
    kf_notify_close(&notify);
}

static void a_name_that_cannot_be_used_is_done_without(void **state)
{
    (void)state;
    static char too_long[200];
    memset(too_long, '/', sizeof too_long - 1);
    const char *const names[] = {"relative", "@", "/", too_long};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
        kf_notify_open(&notify);
        assert_int_equal(notify.socket, -1);
        kf_notify_close(&notify);
    }
}

static void an_abstract_socket_gets_its_notes(void **state)
{
    (void)state;
    char name[64];
    char note[32] = "";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(name, sizeof name, "@kf-notify-%ld", (long)getpid());
    memcpy(address.sun_path + 1, name + 1, (size_t)length - 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length)),
                     0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    kf_notify_open(&notify);
    kf_notify_send(&notify, "READY=1");
    assert_int_equal(recv(fd, note, sizeof note - 1, MSG_DONTWAIT), 7);
    assert_string_equal(note, "READY=1");
    (void)close(fd);
    kf_notify_send(&notify, "STOPPING=1"); /* nobody listens any more: no harm */
    kf_notify_close(&notify);
}

static void the_watchdog_is_fed_twice_as_often_as_asked(void **state)
{
    (void)state;
    static const struct {
        const char *usec;
        int64_t ms;
    } cases[] = {{"30000000", 15000}, {"1500", 1}, {"1", 1}, {"0", 0}, {"often", 0}, {"", 0}};
    assert_int_equal(setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(setenv("WATCHDOG_USEC", cases[i].usec, 1), 0);
        kf_notify_open(&notify);
        assert_int_equal(notify.watchdog_ms, cases[i].ms);
        kf_notify_close(&notify);
    }
}

static void the_watchdog_of_another_process_is_not_fed(void **state)
{
    (void)state;
    char pid[32];
    assert_int_equal(setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "2000000", 1), 0);
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid() + 1);
    assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
    kf_notify_open(&notify);
    assert_int_equal(notify.watchdog_ms, 0);
    kf_notify_close(&notify);
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
    kf_notify_open(&notify);
    assert_int_equal(notify.watchdog_ms, 1000);
    kf_notify_close(&notify);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_a_manager_nothing_is_sent, forget),
        cmocka_unit_test_teardown(a_name_that_cannot_be_used_is_done_without, forget),
        cmocka_unit_test_teardown(an_abstract_socket_gets_its_notes, forget),
        cmocka_unit_test_teardown(the_watchdog_is_fed_twice_as_often_as_asked, forget),
        cmocka_unit_test_teardown(the_watchdog_of_another_process_is_not_fed, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/cmocka.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "http_client.h"
#include "toy.h"

static struct toy toy;
static char settings[128];

static int begin(void **state)
{
    (void)state;
    toy_begin(&toy);
    (void)snprintf(settings, sizeof settings, "%s/toy.yaml", toy.folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    toy_end(&toy);
    return 0;
}

static void write_settings(const char *text)
{
    FILE *file = fopen(settings, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void run_with(const char *text)
{
    write_settings(text);
    toy_run(&toy, (const char *const[]){"--config", settings, NULL});
}

static void pass_a_panel(uint32_t index)
{
    toy_send(&toy, index, TOY_YEAR_FINE);
    struct kf_envelope *envelope = toy_receive(&toy);
    assert_int_equal(envelope->index, index);
    kf_envelope_destroy(&envelope);
}

/* How often the log tells of an HTTP server: once in every life. */
static int lives_logged(void)
{
    static char text[262144];
    char path[128];
    int lives = 0;
    (void)snprintf(path, sizeof path, "%s/log", toy.folder);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    for (const char *at = text; (at = strstr(at, " http-listening ")); at++) {
        lives++;
    }
    return lives;
}

/* Waits for the life that follows this one to be ready; its port is another. The old one's end of
 * the connection may not have been noticed here: what went into it would be lost. */
static void wait_new_life(int life)
{
    int64_t until_ms = kf_clock_monotonic_ms() + 60000;
    while (lives_logged() < life) {
        assert_true(kf_clock_monotonic_ms() < until_ms);
        (void)poll(NULL, 0, 5);
    }
    toy_wait_ready(&toy);
    toy_open_source(&toy);
}

static void sound_settings_are_taken_by_the_same_process(void **state)
{
    (void)state;
    toy_open_sink(&toy);
    run_with("log-level: info\n");
    pass_a_panel(1);
    write_settings("log-level: debug\nqueue-max: 3\n");
    toy_signal(&toy, SIGHUP);
    toy_wait_log(&toy, "reloading left=0");
    wait_new_life(2); /* the same process id, or the wait would end the test */
    pass_a_panel(2);
    toy_wait_page(&toy, "/metrics", "kostraflow_panels_in_total 1\n"); /* a new life counts anew */
    toy_wait_page(&toy, "/metrics", "kostraflow_config_reload_failed_total 0\n");
    toy_stop(&toy);
}

static void settings_with_faults_are_told_counted_and_not_taken(void **state)
{
    (void)state;
    toy_open_sink(&toy);
    run_with("log-level: info\n");
    pass_a_panel(1);
    write_settings("log-level: loud\nqueue-max: none\n");
    toy_signal(&toy, SIGHUP);
    toy_wait_log(&toy, "reload-refused faults=2 ");
    assert_true(toy_has_logged(&toy, "config-fault"));
    assert_true(toy_has_logged(&toy, "toy.yaml\" line=1 "));
    assert_true(toy_has_logged(&toy, "toy.yaml\" line=2 "));
    toy_wait_page(&toy, "/metrics", "kostraflow_config_reload_failed_total 1\n");
    toy_wait_page(&toy, "/metrics", "kostraflow_panels_in_total 1\n"); /* the life of before */
    toy_wait_page(&toy, "/readyz", "ready");
    pass_a_panel(2);
    write_settings("log-level: [broken\n");
    toy_signal(&toy, SIGHUP);
    toy_wait_page(&toy, "/metrics", "kostraflow_config_reload_failed_total 2\n");
    write_settings("log-level: info\n");
    toy_signal(&toy, SIGHUP);
    toy_wait_log(&toy, "reloading left=0");
    wait_new_life(2);
    toy_wait_page(&toy, "/metrics", "kostraflow_config_reload_failed_total 0\n");
    pass_a_panel(3);
    toy_stop(&toy);
}

static void a_panel_that_is_inside_is_handed_on_before_the_reload(void **state)
{
    (void)state;
    run_with("log-level: info\n");
    toy_send(&toy, 1, TOY_YEAR_FINE); /* nobody takes it yet */
    toy_wait_log(&toy, "panel-computed");
    toy_signal(&toy, SIGHUP);
    toy_wait_log(&toy, "reloading its settings");
    toy_open_sink(&toy);
    struct kf_envelope *envelope = toy_receive(&toy);
    assert_int_equal(envelope->index, 1);
    kf_envelope_destroy(&envelope);
    toy_wait_log(&toy, "reloading left=0");
    wait_new_life(2);
    toy_stop(&toy);
}

static void a_stop_during_a_reload_wins(void **state)
{
    (void)state;
    run_with("drain-timeout: 60s\n");
    toy_send(&toy, 1, TOY_YEAR_FINE);
    toy_wait_log(&toy, "panel-computed");
    toy_signal(&toy, SIGHUP);
    toy_wait_log(&toy, "reloading its settings");
    toy_signal(&toy, SIGTERM);
    toy_wait_log(&toy, "action=stop-instead-of-reload");
    toy_open_sink(&toy);
    assert_int_equal(toy_wait_exit(&toy), 0);
}

static void a_reload_asked_for_while_stopping_is_no_second_signal(void **state)
{
    (void)state;
    run_with("drain-timeout: 60s\n");
    toy_send(&toy, 1, TOY_YEAR_FINE);
    toy_wait_log(&toy, "panel-computed");
    toy_signal(&toy, SIGTERM);
    toy_wait_log(&toy, "action=drain");
    toy_signal(&toy, SIGHUP);
    toy_open_sink(&toy);
    assert_int_equal(toy_wait_exit(&toy), 0);
    assert_false(toy_has_logged(&toy, "action=leave-at-once"));
}

static int listen_for_notes(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", toy.folder);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", address.sun_path, 1), 0);
    return fd;
}

/* The next note that is no WATCHDOG=1. */
static void next_note(int fd, char *note, size_t size)
{
    do {
        struct pollfd item = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&item, 1, 30000), 1);
        ssize_t got = recv(fd, note, size - 1, 0);
        assert_true(got > 0);
        note[got] = '\0';
    } while (strcmp(note, "WATCHDOG=1") == 0);
}

static void expect_note(int fd, const char *beginning)
{
    char note[256];
    next_note(fd, note, sizeof note);
    assert_memory_equal(note, beginning, strlen(beginning));
}

static void the_service_manager_sees_reloading_and_ready(void **state)
{
    (void)state;
    int fd = listen_for_notes();
    assert_int_equal(setenv("WATCHDOG_USEC", "1000000", 1), 0);
    run_with("log-level: info\n");
    expect_note(fd, "READY=1");
    toy_signal(&toy, SIGHUP);
    expect_note(fd, "RELOADING=1\nMONOTONIC_USEC=");
    expect_note(fd, "READY=1");
    wait_new_life(2);
    write_settings("log-level: loud\n");
    toy_signal(&toy, SIGHUP);
    expect_note(fd, "RELOADING=1\nMONOTONIC_USEC=");
    expect_note(fd, "READY=1\nSTATUS=The new settings have faults");
    toy_signal(&toy, SIGTERM);
    expect_note(fd, "STOPPING=1");
    assert_int_equal(toy_wait_exit(&toy), 0);
    (void)close(fd);
}

/* The work of a panel blocks the loop: nothing else may feed the watchdog meanwhile. */
static void a_work_loop_that_stands_does_not_feed_the_watchdog(void **state)
{
    (void)state;
    char note[64];
    int fd = listen_for_notes();
    assert_int_equal(setenv("WATCHDOG_USEC", "200000", 1), 0);
    toy_open_sink(&toy);
    run_with("log-level: info\n");
    toy_send(&toy, 0, TOY_YEAR_BUSY);
    int64_t longest_ms = 0;
    int64_t last_ms = kf_clock_monotonic_ms();
    int64_t until_ms = last_ms + 60000;
    while (longest_ms < TOY_BUSY_MS / 2 && last_ms < until_ms) {
        struct pollfd item = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&item, 1, 30000), 1);
        assert_true(recv(fd, note, sizeof note, 0) > 0);
        int64_t now_ms = kf_clock_monotonic_ms();
        longest_ms = now_ms - last_ms > longest_ms ? now_ms - last_ms : longest_ms;
        last_ms = now_ms;
    }
    assert_true(longest_ms >= TOY_BUSY_MS / 2); /* a manager would have killed it long ago */
    struct kf_envelope *envelope = toy_receive(&toy);
    kf_envelope_destroy(&envelope);
    toy_stop(&toy);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sound_settings_are_taken_by_the_same_process, begin, end),
        cmocka_unit_test_setup_teardown(settings_with_faults_are_told_counted_and_not_taken, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_panel_that_is_inside_is_handed_on_before_the_reload,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_stop_during_a_reload_wins, begin, end),
        cmocka_unit_test_setup_teardown(a_reload_asked_for_while_stopping_is_no_second_signal,
                                        begin, end),
        cmocka_unit_test_setup_teardown(the_service_manager_sees_reloading_and_ready, begin, end),
        cmocka_unit_test_setup_teardown(a_work_loop_that_stands_does_not_feed_the_watchdog, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

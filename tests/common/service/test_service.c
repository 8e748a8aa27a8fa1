#include "tests/support/cmocka.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http_client.h"
#include "toy.h"

static struct toy toy;
static struct http_answer got;

static int begin(void **state)
{
    (void)state;
    toy_begin(&toy);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("KF_QUEUE_MAX");
    toy_end(&toy);
    return 0;
}

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect_exit(const char *const *arguments, int exit_code, const char *said)
{
    toy_start(&toy, arguments);
    assert_int_equal(toy_wait_exit(&toy), exit_code);
    toy_wait_log(&toy, said);
}

static bool exists(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", toy.folder, name);
    return access(path, F_OK) == 0;
}

static void pages_are_printed_and_nothing_is_started(void **state)
{
    (void)state;
    char version[64];
    (void)snprintf(version, sizeof version, "kf-toy %s\n", KF_VERSION);
    expect_exit(ARGUMENTS("--help"), 0, "Usage: kf-toy");
    expect_exit(ARGUMENTS("--help"), 0, "Plays with panels.");
    expect_exit(ARGUMENTS("--version"), 0, version);
    expect_exit(ARGUMENTS("--config-reference"), 0, "| `--queue-max` | `KF_QUEUE_MAX` | `8` |");
    expect_exit(ARGUMENTS("--check-config"), 0, "kf-toy: settings and what they name are sound");
    assert_false(exists("toy-0.lock"));
}

static void wrong_settings_are_told_all_at_once_with_exit_code_2(void **state)
{
    (void)state;
    assert_int_equal(setenv("KF_QUEUE_MAX", "none", 1), 0);
    expect_exit(ARGUMENTS("--stall-limit", "1s", "--log-level=loud"), 2,
                "kf-toy: 3 faults in the settings\n");
    toy_wait_log(&toy, "environment: KF_QUEUE_MAX \"none\"");
    toy_wait_log(&toy, "command line: --stall-limit \"1s\": is too small; give 2s to 1h");
    toy_wait_log(&toy, "command line: --log-level \"loud\"");
    expect_exit(ARGUMENTS("--check-config"), 2, "kf-toy: 1 fault in the settings\n");
}

static void a_second_instance_of_the_same_number_is_refused(void **state)
{
    (void)state;
    toy_run(&toy, NULL);
    pid_t first = toy.pid;
    char said[128];
    (void)snprintf(said, sizeof said, "already runs as process %ld", (long)first);
    expect_exit(NULL, 2, said);
    toy.pid = first;
    toy_wait_page(&toy, "/readyz", "ready"); /* the first is not disturbed */
    toy_stop(&toy);
    assert_false(exists("toy-0.http"));
}

static void a_run_directory_open_to_others_is_refused(void **state)
{
    (void)state;
    assert_int_equal(chmod(toy.folder, 0755), 0);
    expect_exit(NULL, 2, "chmod 700");
    assert_int_equal(chmod(toy.folder, 0700), 0);
}

static void an_endpoint_that_cannot_be_is_a_configuration_error(void **state)
{
    (void)state;
    expect_exit(ARGUMENTS("--input", "carrier-pigeon://home"), 2,
                "command line: --input \"carrier-pigeon://home\"");
}

static void endpoints_and_addresses_are_checked_without_opening_anything(void **state)
{
    (void)state;
    expect_exit(ARGUMENTS("--check-config", "--input", "tcp://127.0.0.1", "--output",
                          "ipc:///run/a.in,b.in", "--status", "on", "--http-address", "localhost"),
                2, "kf-toy: 4 faults in the settings\n");
    toy_wait_log(&toy, "command line: --input \"tcp://127.0.0.1\"");
    toy_wait_log(&toy, "endpoint \"b.in\" is neither");
    toy_wait_log(&toy, "command line: --status \"on\"");
    toy_wait_log(&toy, "command line: --http-address \"localhost\"");
    expect_exit(ARGUMENTS("--check-config", "--status", "off", "--insecure-tcp", "true", "--input",
                          "tcp://127.0.0.1:1"),
                0, "kf-toy: settings and what they name are sound");
    assert_false(exists("toy-0.lock"));
}

static void the_http_server_can_be_switched_off(void **state)
{
    (void)state;
    toy_start(&toy, ARGUMENTS("--http-port", "off"));
    toy_wait_log(&toy, "state=ready");
    assert_false(exists("toy-0.http"));
    toy_signal(&toy, SIGINT);
    assert_int_equal(toy_wait_exit(&toy), 0);
}

static void the_service_tells_how_it_is_in_beats(void **state)
{
    (void)state;
    struct kf_status status = {.service = ""};
    toy_open_watcher(&toy);
    toy_open_sink(&toy);
    toy_run(&toy, NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    struct kf_envelope *envelope = toy_receive(&toy);
    kf_envelope_destroy(&envelope);
    while (status.panels_out == 0) { /* a beat soon tells of the panel */
        toy_receive_beat(&toy, &status);
    }
    assert_string_equal(status.service, "toy");
    assert_int_equal(status.instance, 0);
    assert_int_equal(status.pid, toy.pid);
    assert_int_equal(status.state, KF_SERVICE_READY);
    assert_int_equal(status.panels_in, 1);
    assert_string_equal(status.release, TOY_RELEASE);
    toy_stop(&toy);
}

/* As long as the next service takes nothing, so that a beat that is lost is followed by others. */
static void a_service_that_drains_tells_so_until_it_has_drained(void **state)
{
    (void)state;
    struct kf_status status = {.service = ""};
    toy_open_watcher(&toy);
    toy_run(&toy, NULL);
    toy_send(&toy, 0, TOY_YEAR_FINE);
    while (status.in_progress == 0) {
        toy_receive_beat(&toy, &status);
    }
    toy_signal(&toy, SIGTERM);
    while (status.state != KF_SERVICE_DRAINING) {
        toy_receive_beat(&toy, &status);
    }
    for (int i = 0; i < 2; i++) {
        toy_receive_beat(&toy, &status);
        assert_int_equal(status.state, KF_SERVICE_DRAINING);
        assert_int_equal(status.in_progress, 1);
    }
    toy_open_sink(&toy);
    struct kf_envelope *envelope = toy_receive(&toy);
    kf_envelope_destroy(&envelope);
    assert_int_equal(toy_wait_exit(&toy), 0);
}

static void a_stall_shows_in_health_and_goes_away(void **state)
{
    (void)state;
    toy_open_sink(&toy);
    toy_run(&toy, ARGUMENTS("--stall-limit", "2s"));
    toy_wait_page(&toy, "/healthz", "alive");
    toy_send(&toy, 0, TOY_YEAR_BUSY);
    toy_wait_page(&toy, "/healthz", "stalled: the work loop has not turned for ");
    http_get(toy.port, "/readyz", &got);
    assert_int_equal(got.status, 503);
    assert_non_null(strstr(got.body, " s (limit 2 s)\n"));
    struct kf_envelope *envelope = toy_receive(&toy);
    kf_envelope_destroy(&envelope);
    toy_wait_page(&toy, "/healthz", "alive");
    toy_stop(&toy);
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

static void next_note(int fd, char *note, size_t size)
{
    struct pollfd item = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&item, 1, 30000), 1);
    ssize_t got_bytes = recv(fd, note, size - 1, 0);
    assert_true(got_bytes > 0);
    note[got_bytes] = '\0';
}

static void the_service_manager_is_told(void **state)
{
    (void)state;
    char note[64];
    int fd = listen_for_notes();
    assert_int_equal(setenv("WATCHDOG_USEC", "1000000", 1), 0);
    toy_start(&toy, NULL);
    next_note(fd, note, sizeof note);
    assert_string_equal(note, "READY=1");
    for (int i = 0; i < 3; i++) {
        next_note(fd, note, sizeof note);
        assert_string_equal(note, "WATCHDOG=1");
    }
    toy_signal(&toy, SIGTERM);
    while (strcmp(note, "WATCHDOG=1") == 0) {
        next_note(fd, note, sizeof note);
    }
    assert_string_equal(note, "STOPPING=1");
    assert_int_equal(toy_wait_exit(&toy), 0);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_printed_and_nothing_is_started, begin, end),
        cmocka_unit_test_setup_teardown(wrong_settings_are_told_all_at_once_with_exit_code_2, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_second_instance_of_the_same_number_is_refused, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_run_directory_open_to_others_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(an_endpoint_that_cannot_be_is_a_configuration_error, begin,
                                        end),
        cmocka_unit_test_setup_teardown(
            endpoints_and_addresses_are_checked_without_opening_anything, begin, end),
        cmocka_unit_test_setup_teardown(the_http_server_can_be_switched_off, begin, end),
        cmocka_unit_test_setup_teardown(the_service_tells_how_it_is_in_beats, begin, end),
        cmocka_unit_test_setup_teardown(a_service_that_drains_tells_so_until_it_has_drained, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_stall_shows_in_health_and_goes_away, begin, end),
        cmocka_unit_test_setup_teardown(the_service_manager_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Beats on sockets of a folder of the test's own come into the line, and so do their ends. Nothing
 * sleeps: what must happen is waited for with kf_poll. */
#include "services/board/line/listener.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/beat.h"
#include "tests/support/cmocka.h"

#define PATIENCE_MS 20000 /* for what must happen; never waited out when it does */

static char folder[32];
static struct kf_bus *bus;
static struct kf_bus *theirs; /* of those who beat */
static struct kf_line *line;
static struct kf_listener *listener;
static struct kf_listener_options options;
static struct kf_error err;

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kf-listen-XXXXXX");
    line = kf_line_new();
    if (!mkdtemp(folder) || !line || kf_bus_new(&bus, &err) || kf_bus_new(&theirs, &err)) {
        return -1;
    }
    options = (struct kf_listener_options){.bus = bus, .line = line, .run_dir = folder};
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_listener_close(&listener);
    kf_line_destroy(&line);
    kf_bus_destroy(&bus);
    kf_bus_destroy(&theirs);
    DIR *entries = opendir(folder);
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        char path[320];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(entries);
    return rmdir(folder);
}

static void open_listener(void)
{
    assert_int_equal(kf_listener_open(&options, &listener, &err), KF_OK);
}

static struct kf_socket *publish(const char *name)
{
    char endpoint[80];
    struct kf_socket *socket = NULL;
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/%s", folder, name);
    assert_int_equal(kf_socket_publish(theirs, endpoint, &socket, &err), KF_OK);
    return socket;
}

static void beat(struct kf_socket *socket, const char *service, uint32_t instance)
{
    struct kf_status status = {.instance = instance, .pid = 1, .state = KF_SERVICE_READY};
    struct kf_text frame;
    (void)snprintf(status.service, sizeof status.service, "%s", service);
    kf_text_init(&frame, 65536);
    kf_beat_send(socket, &frame, &status);
    kf_text_clear(&frame);
}

static enum kf_line_state state_of(const char *service, uint32_t instance)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(stages[i].service, service) == 0 && stages[i].instance == instance) {
            return stages[i].state;
        }
    }
    return KF_LINE_STATES;
}

static void work(void)
{
    struct kf_poll_item items[KF_LISTENER_SERVICES];
    int64_t deadline_ms = kf_clock_monotonic_ms() + 20;
    size_t count = kf_listener_wait(listener, items, &deadline_ms);
    assert_int_equal(count, KF_LISTENER_SERVICES);
    int64_t wait_ms = deadline_ms - kf_clock_monotonic_ms();
    assert_int_equal(kf_poll(items, count, wait_ms > 0 ? wait_ms : 0, &err), KF_OK);
    kf_listener_work(listener);
}

/* Until the stage is so; `socket` beats meanwhile, unless it is NULL. */
static void wait_state(struct kf_socket *socket, const char *service, uint32_t instance,
                       enum kf_line_state state)
{
    int64_t start_ms = kf_clock_monotonic_ms();
    while (state_of(service, instance) != state) {
        assert_true(kf_clock_monotonic_ms() - start_ms < PATIENCE_MS);
        if (socket) {
            beat(socket, service, instance);
        }
        work();
    }
}

static void the_first_worker_of_each_stage_is_expected(void **state)
{
    (void)state;
    size_t count = 0;
    open_listener();
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    assert_int_equal(count, 6);
    assert_string_equal(stages[0].service, "ingest");
    assert_string_equal(stages[5].service, "publish");
    assert_non_null(strstr(stages[5].endpoint, "/publish-0.status"));
    assert_int_equal(stages[5].state, KF_LINE_UNKNOWN);
}

static void whoever_beats_is_heard_dies_and_comes_back(void **state)
{
    (void)state;
    open_listener();
    for (int life = 0; life < 2; life++) {
        struct kf_socket *need = publish("need-0.status");
        wait_state(need, "need", 0, KF_LINE_READY);
        kf_socket_destroy(&need);
        wait_state(NULL, "need", 0, KF_LINE_GONE);
    }
}

static void whoever_stops_beating_falls_silent(void **state)
{
    (void)state;
    open_listener();
    struct kf_socket *need = publish("need-0.status");
    wait_state(need, "need", 0, KF_LINE_READY);
    wait_state(NULL, "need", 0, KF_LINE_SILENT);
    wait_state(need, "need", 0, KF_LINE_READY);
    kf_socket_destroy(&need);
}

/* The listener itself is kept from listening, as on a machine without time for it. */
static void whoever_slept_calls_nobody_silent_before_it_has_listened(void **state)
{
    (void)state;
    open_listener();
    struct kf_socket *need = publish("need-0.status");
    wait_state(need, "need", 0, KF_LINE_READY);
    assert_int_equal(kf_poll(NULL, 0, KF_LINE_SILENT_MS + 100, &err), KF_OK);
    kf_listener_work(listener);
    assert_int_equal(state_of("need", 0), KF_LINE_READY);
    wait_state(NULL, "need", 0, KF_LINE_SILENT);
    kf_socket_destroy(&need);
}

static void workers_that_come_later_are_found_in_the_run_directory(void **state)
{
    (void)state;
    struct kf_socket *first = publish("need-7.status");
    struct kf_socket *foreign = publish("pea-1.status");
    open_listener();
    assert_int_equal(state_of("need", 7), KF_LINE_UNKNOWN);
    wait_state(first, "need", 7, KF_LINE_READY);
    struct kf_socket *later = publish("efficiency-12.status");
    wait_state(later, "efficiency", 12, KF_LINE_READY);
    size_t count = 0;
    (void)kf_line_stages(line, &count);
    assert_int_equal(count, 8);
    kf_socket_destroy(&first);
    kf_socket_destroy(&foreign);
    kf_socket_destroy(&later);
    wait_state(NULL, "efficiency", 12, KF_LINE_GONE);
}

static void named_endpoints_are_those_of_the_instances_in_order(void **state)
{
    (void)state;
    char endpoints[160];
    (void)snprintf(endpoints, sizeof endpoints, "ipc://%s/a,ipc://%s/b", folder, folder);
    options.endpoints[KF_ROLE_NORMALIZE] = endpoints;
    struct kf_socket *unlisted = publish("normalize-5.status");
    open_listener();
    assert_int_equal(state_of("normalize", 0), KF_LINE_UNKNOWN);
    assert_int_equal(state_of("normalize", 5), KF_LINE_STATES);
    struct kf_socket *second = publish("b");
    wait_state(second, "normalize", 1, KF_LINE_READY);
    assert_int_equal(state_of("normalize", 0), KF_LINE_UNKNOWN);
    kf_socket_destroy(&second);
    wait_state(NULL, "normalize", 1, KF_LINE_GONE);
    kf_socket_destroy(&unlisted);
}

static void endpoints_that_cannot_be_are_refused(void **state)
{
    (void)state;
    options.endpoints[KF_ROLE_NEED] = "http://need";
    assert_int_equal(kf_listener_open(&options, &listener, &err), KF_ERR_CONFIG);
    options.endpoints[KF_ROLE_NEED] = "tcp://127.0.0.1:5000"; /* without keys */
    assert_int_equal(kf_listener_open(&options, &listener, &err), KF_ERR_CONFIG);
    assert_null(listener);
}

static void what_is_no_beat_is_passed_over(void **state)
{
    (void)state;
    struct kf_text rubbish;
    kf_text_init(&rubbish, 64);
    kf_text_add(&rubbish, "rubbish");
    open_listener();
    struct kf_socket *need = publish("need-0.status");
    wait_state(need, "need", 0, KF_LINE_READY);
    assert_int_equal(kf_socket_send(need, &rubbish, &err), KF_OK);
    wait_state(NULL, "need", 0, KF_LINE_SILENT);
    wait_state(need, "need", 0, KF_LINE_READY);
    kf_socket_destroy(&need);
    kf_text_clear(&rubbish);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(the_first_worker_of_each_stage_is_expected),
        TEST(whoever_beats_is_heard_dies_and_comes_back),
        TEST(whoever_stops_beating_falls_silent),
        TEST(whoever_slept_calls_nobody_silent_before_it_has_listened),
        TEST(workers_that_come_later_are_found_in_the_run_directory),
        TEST(named_endpoints_are_those_of_the_instances_in_order),
        TEST(endpoints_that_cannot_be_are_refused),
        TEST(what_is_no_beat_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

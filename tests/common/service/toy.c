#include "toy.h"

#include "tests/support/cmocka.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/service/beat.h"
#include "http_client.h"
#include "tests/support/panel_fixture.h"

#define PATIENCE_MS   30000
#define ARGUMENTS_MAX 32
#define FRAME_MAX     (KF_ENVELOPE_BYTES_MAX + KF_FRAME_HEADER_SIZE)

extern char **environ;

static const struct kf_socket_options socket_options = {
    .queue_max = 1, .message_bytes_max = FRAME_MAX, .linger_ms = 0};

static void breathe(void)
{
    (void)poll(NULL, 0, 5);
}

static int64_t deadline(void)
{
    return kf_clock_monotonic_ms() + PATIENCE_MS;
}

/* --- life cycle ------------------------------------------------------------------------------ */

void toy_begin(struct toy *self)
{
    memset(self, 0, sizeof *self);
    (void)snprintf(self->folder, sizeof self->folder, "/tmp/kf-toy-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    kf_text_init(&self->frame, FRAME_MAX);
    assert_int_equal(kf_bus_new(&self->bus, NULL), KF_OK);
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir))) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (dir) {
        (void)closedir(dir);
    }
    (void)rmdir(folder);
}

void toy_end(struct toy *self)
{
    if (self->pid > 0) {
        (void)kill(self->pid, SIGKILL);
        (void)toy_wait_exit(self);
    }
    kf_socket_destroy(&self->source);
    kf_socket_destroy(&self->sink);
    kf_socket_destroy(&self->watcher);
    kf_bus_destroy(&self->bus);
    kf_text_clear(&self->frame);
    remove_folder(self->folder);
}

/* --- the process ----------------------------------------------------------------------------- */

static void spawn(struct toy *self, char **argv)
{
    char log[128];
    posix_spawn_file_actions_t actions;
    (void)snprintf(log, sizeof log, "%s/log", self->folder);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log,
                                                      O_WRONLY | O_CREAT | O_APPEND, 0600),
                     0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO), 0);
    assert_int_equal(posix_spawn(&self->pid, argv[0], &actions, NULL, argv, environ), 0);
    assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
}

void toy_start(struct toy *self, const char *const *arguments)
{
    char texts[ARGUMENTS_MAX][512] = {KF_TOY_STAGE, "--run-dir"};
    char *argv[ARGUMENTS_MAX + 1] = {NULL};
    size_t count = 3;
    (void)snprintf(texts[2], sizeof texts[2], "%s", self->folder);
    for (size_t i = 0; arguments && arguments[i]; i++) {
        assert_true(count < ARGUMENTS_MAX);
        (void)snprintf(texts[count++], sizeof texts[0], "%s", arguments[i]);
    }
    for (size_t i = 0; i < count; i++) {
        argv[i] = texts[i];
    }
    spawn(self, argv);
}

int toy_wait_exit(struct toy *self)
{
    int status = 0;
    pid_t pid = self->pid;
    int64_t until = deadline();
    self->pid = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (kf_clock_monotonic_ms() > until) {
            (void)kill(pid, SIGKILL);
            (void)waitpid(pid, &status, 0);
            fail_msg("the toy does not end");
        }
        breathe();
    }
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void toy_signal(struct toy *self, int signal)
{
    assert_int_equal(kill(self->pid, signal), 0);
}

static void read_file(const struct toy *self, const char *name, char *text, size_t size)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", self->folder, name);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;
    text[length] = '\0';
    if (file) {
        (void)fclose(file);
    }
}

static char log_text[262144];

bool toy_has_logged(struct toy *self, const char *text)
{
    read_file(self, "log", log_text, sizeof log_text);
    return strstr(log_text, text) != NULL;
}

void toy_wait_log(struct toy *self, const char *text)
{
    int64_t until = deadline();
    while (!toy_has_logged(self, text)) {
        if (kf_clock_monotonic_ms() > until) {
            fail_msg("never logged: %s\n%s", text, log_text);
        }
        breathe();
    }
}

void toy_stop(struct toy *self)
{
    toy_signal(self, SIGTERM);
    int exit_code = toy_wait_exit(self);
    if (exit_code != 0) {
        (void)toy_has_logged(self, "");
        fail_msg("exit code %d\n%s", exit_code, log_text);
    }
}

static void find_port(struct toy *self)
{
    char text[32] = "";
    unsigned long port = 0;
    int64_t until = deadline();
    while (!kf_text_to_unsigned(text, strspn(text, "0123456789"), 65535, &port)) {
        if (kf_clock_monotonic_ms() > until || waitpid(self->pid, NULL, WNOHANG) != 0) {
            (void)toy_has_logged(self, "");
            fail_msg("the toy does not start:\n%s", log_text);
        }
        breathe();
        read_file(self, "toy-0.http", text, sizeof text);
    }
    self->port = (uint16_t)port;
}

void toy_wait_page(struct toy *self, const char *path, const char *text)
{
    static struct http_answer answer;
    int64_t until = deadline();
    for (;;) {
        http_get(self->port, path, &answer);
        if (answer.status != 0 && strstr(answer.body, text)) {
            return;
        }
        if (kf_clock_monotonic_ms() > until) {
            (void)toy_has_logged(self, "");
            fail_msg("%s never says %s but\n%s\n%s", path, text, answer.body, log_text);
        }
        breathe();
    }
}

void toy_wait_ready(struct toy *self)
{
    find_port(self);
    toy_wait_page(self, "/readyz", "ready");
}

void toy_open_source(struct toy *self)
{
    char endpoint[128];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/toy-0.in", self->folder);
    kf_socket_destroy(&self->source);
    assert_int_equal(kf_socket_push(self->bus, endpoint, &socket_options, &self->source, NULL),
                     KF_OK);
}

void toy_run(struct toy *self, const char *const *arguments)
{
    char port_file[128];
    (void)snprintf(port_file, sizeof port_file, "%s/toy-0.http", self->folder);
    (void)unlink(port_file); /* of one that was killed */
    toy_start(self, arguments);
    toy_wait_ready(self);
    toy_open_source(self);
}

void toy_open_sink(struct toy *self)
{
    char endpoint[128];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/sink-0.in", self->folder);
    assert_int_equal(kf_socket_pull(self->bus, endpoint, &socket_options, &self->sink, NULL),
                     KF_OK);
}

void toy_open_watcher(struct toy *self)
{
    char endpoint[128];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/toy-0.status", self->folder);
    assert_int_equal(kf_socket_subscribe(self->bus, endpoint, KF_ROLE_NEED, &self->watcher, NULL),
                     KF_OK);
}

/* --- envelopes ------------------------------------------------------------------------------- */

static struct kf_panel *small_panel(int year)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);
    fixture_population(panel, (double[]){100, 300});
    (void)fixture_sector(panel, "toy", 1);
    (void)fixture_indicator(panel, "toy", "timer", 1);
    fixture_column(panel, "timer", (double[]){1, 2});
    fixture_seal(panel);
    panel->year = year;
    return panel;
}

struct kf_envelope *toy_envelope(uint32_t index, int year)
{
    const struct kf_release release = {.id = TOY_RELEASE,
                                       .discovered_ms = 1,
                                       .panels = 1000,
                                       .vintage = "unspecified",
                                       .program = "test"};
    struct kf_envelope *envelope = kf_envelope_new();
    assert_non_null(envelope);
    assert_int_equal(kf_envelope_set_release(envelope, &release, NULL), KF_OK);
    envelope->index = index;
    envelope->attempt = 1;
    envelope->panel = small_panel(year);
    return envelope;
}

void toy_pack(struct toy *self, const struct kf_envelope *envelope)
{
    struct kf_error err = {0};
    kf_frame_begin(&self->frame);
    if (kf_envelope_pack(envelope, &self->frame, &err) != KF_OK ||
        kf_frame_seal(&self->frame, KF_FRAME_ENVELOPE, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
}

bool toy_try_send_frame(struct toy *self)
{
    enum kf_err code = kf_socket_send(self->source, &self->frame, NULL);
    assert_true(code == KF_OK || code == KF_ERR_AGAIN);
    return code == KF_OK;
}

void toy_send_frame(struct toy *self)
{
    int64_t until = deadline();
    while (!toy_try_send_frame(self)) {
        struct kf_poll_item item = {.socket = self->source, .want_out = true};
        assert_true(kf_clock_monotonic_ms() < until);
        assert_int_equal(kf_poll(&item, 1, 100, NULL), KF_OK);
    }
}

void toy_send(struct toy *self, uint32_t index, int year)
{
    struct kf_envelope *envelope = toy_envelope(index, year);
    toy_pack(self, envelope);
    kf_envelope_destroy(&envelope);
    toy_send_frame(self);
}

static void wait_message(struct toy *self, struct kf_socket *socket)
{
    struct kf_poll_item item = {.socket = socket, .want_in = true};
    assert_int_equal(kf_poll(&item, 1, PATIENCE_MS, NULL), KF_OK);
    if (!item.in) {
        (void)toy_has_logged(self, "");
        fail_msg("nothing comes\n%s", log_text);
    }
}

struct kf_envelope *toy_receive(struct toy *self)
{
    const void *payload = NULL;
    size_t length = 0;
    struct kf_error err = {0};
    struct kf_envelope *envelope = NULL;
    wait_message(self, self->sink);
    if (kf_socket_receive(self->sink, &self->frame, &err) != KF_OK ||
        kf_frame_open(self->frame.bytes, self->frame.length, KF_FRAME_ENVELOPE, &payload, &length,
                      &err) != KF_OK ||
        kf_envelope_unpack(payload, length, &envelope, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return envelope;
}

static unsigned long dropped_now(struct toy *self)
{
    static struct http_answer answer;
    static const char line[] = "\nkostraflow_panels_dropped_total ";
    unsigned long number = 0;
    http_get(self->port, "/metrics", &answer);
    const char *found = strstr(answer.body, line);
    if (found) {
        found += strlen(line);
        assert_true(kf_text_to_unsigned(found, strspn(found, "0123456789"), 100000, &number));
    }
    return number;
}

bool toy_receive_or_dropped(struct toy *self, unsigned dropped)
{
    int64_t until = deadline();
    for (;;) {
        struct kf_poll_item item = {.socket = self->sink, .want_in = true};
        assert_int_equal(kf_poll(&item, 1, 2, NULL), KF_OK);
        if (item.in) {
            struct kf_envelope *envelope = toy_receive(self);
            kf_envelope_destroy(&envelope);
            return true;
        }
        if (dropped_now(self) > dropped) {
            return false;
        }
        if (kf_clock_monotonic_ms() > until) {
            (void)toy_has_logged(self, "");
            fail_msg("the panel neither comes nor is dropped\n%s", log_text);
        }
    }
}

void toy_receive_beat(struct toy *self, struct kf_status *status)
{
    wait_message(self, self->watcher);
    assert_int_equal(kf_beat_receive(self->watcher, &self->frame, status, NULL), KF_OK);
}

#include "services/board/line/listener.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/bus/endpoint_path.h"
#include "common/service/beat.h"
#include "common/service/endpoint.h"

#define BEAT_BYTES_MAX     ((size_t)64 * 1024 + KF_FRAME_HEADER_SIZE)
#define BEATS_A_TURN_MAX   256
#define ENDED_A_TURN_MAX   64
#define LOOK_AGAIN_MS      2000
#define ENDS_ASKED_MS      250 /* how often, when nothing else happens */
#define ASLEEP_MS          500 /* since the last turn: this process itself had no time */
#define INSTANCE_MAX       999
#define ENDPOINT_BYTES_MAX ((size_t)KF_LINE_ENDPOINT_SIZE - 1)

_Static_assert(KF_LISTENER_SERVICES == KF_ROLE_WATCHER, "every role but the watcher's is a stage");

/* What is listened to of one service. */
struct ear {
    struct kf_socket *socket;
    bool looks; /* its endpoints are those of the run directory */
};

struct kf_listener {
    struct kf_listener_options options;
    struct ear ears[KF_LISTENER_SERVICES];
    struct kf_text frame;
    int64_t look_ms;   /* when the run directory is looked at again; INT64_MAX: never */
    int64_t turned_ms; /* when it last listened */
    int64_t judge_ms;  /* from when on silence is the other's */
};

void kf_listener_take_settings(const struct kf_settings *settings,
                               struct kf_listener_options *options)
{
    options->run_dir = kf_settings_text(settings, "run-dir");
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        char name[KF_OPTION_NAME_SIZE];
        (void)snprintf(name, sizeof name, "%s-status", kf_role_name((enum kf_role)i));
        options->endpoints[i] = kf_settings_text(settings, name);
    }
}

/* --- endpoints that were named --------------------------------------------------------------- */

/* Expects a worker at each part of the list, which is cut up on the way. */
static enum kf_err expect_each(struct kf_line *line, const char *service, char *list,
                               struct kf_error *err)
{
    enum kf_err code = KF_OK;
    uint32_t instance = 0;
    char *rest = NULL;
    for (char *endpoint = strtok_r(list, ",", &rest); endpoint && code == KF_OK;
         endpoint = strtok_r(NULL, ",", &rest)) {
        code = kf_line_expect(line, service, instance++, endpoint, kf_line_now(), err);
    }
    return code;
}

static enum kf_err open_named(struct kf_listener *self, enum kf_role role, const char *endpoints,
                              struct kf_error *err)
{
    enum kf_err code =
        kf_socket_subscribe(self->options.bus, endpoints, role, &self->ears[role].socket, err);
    char *list = code == KF_OK ? kf_strdup(endpoints) : NULL;
    if (code == KF_OK && !list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for endpoints");
    }
    if (list) {
        code = expect_each(self->options.line, kf_role_name(role), list, err);
        kf_free(list);
    }
    return code;
}

/* --- endpoints of the run directory ---------------------------------------------------------- */

static enum kf_err hear_default(struct kf_listener *self, enum kf_role role, uint32_t instance,
                                struct kf_error *err)
{
    struct ear *ear = &self->ears[role];
    struct kf_text endpoint;
    kf_text_init(&endpoint, ENDPOINT_BYTES_MAX);
    kf_endpoint_default(self->options.run_dir, kf_role_name(role), instance, "status", &endpoint);
    enum kf_err code =
        endpoint.failed ? kf_text_error(&endpoint, err, KF_ERR_CONFIG,
                                        "run directory %.60s… is too long", self->options.run_dir)
                        : KF_OK;
    if (code == KF_OK) {
        code = ear->socket ? kf_socket_connect_also(ear->socket, endpoint.bytes, err)
                           : kf_socket_subscribe(self->options.bus, endpoint.bytes, role,
                                                 &ear->socket, err);
    }
    if (code == KF_OK) {
        code = kf_line_expect(self->options.line, kf_role_name(role), instance, endpoint.bytes,
                              kf_line_now(), err);
    }
    kf_text_clear(&endpoint);
    return code;
}

/* Reads SERVICE-N.status; false for any other name. */
static bool read_name(const char *name, enum kf_role *role, uint32_t *instance)
{
    char service[32];
    const char *dash = strrchr(name, '-');
    size_t length = dash ? (size_t)(dash - name) : sizeof service;
    if (length >= sizeof service) {
        return false;
    }
    memcpy(service, name, length);
    service[length] = '\0';
    size_t digits = strspn(dash + 1, "0123456789");
    unsigned long number = 0;
    bool read = strcmp(dash + 1 + digits, ".status") == 0 &&
                kf_text_to_unsigned(dash + 1, digits, INSTANCE_MAX, &number) &&
                kf_role_parse(service, role) && *role != KF_ROLE_WATCHER;
    *instance = (uint32_t)number;
    return read;
}

static bool is_expected(const struct kf_line *line, const char *service, uint32_t instance)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    for (size_t i = 0; i < count; i++) {
        if (stages[i].endpoint[0] && stages[i].instance == instance &&
            strcmp(stages[i].service, service) == 0) {
            return true;
        }
    }
    return false;
}

/* Connects to workers that have come since. One too many is not listened to. */
static void look_around(struct kf_listener *self)
{
    DIR *folder = opendir(self->options.run_dir);
    struct dirent *entry = NULL;
    while (folder && (entry = readdir(folder)) != NULL) {
        enum kf_role role = KF_ROLES;
        uint32_t instance = 0;
        if (read_name(entry->d_name, &role, &instance) && self->ears[role].looks &&
            !is_expected(self->options.line, kf_role_name(role), instance)) {
            struct kf_error ignored;
            (void)hear_default(self, role, instance, &ignored);
        }
    }
    if (folder) {
        (void)closedir(folder);
    }
}

static void look_when_due(struct kf_listener *self, int64_t now_ms)
{
    if (now_ms >= self->look_ms) {
        look_around(self);
        self->look_ms = now_ms + LOOK_AGAIN_MS;
    }
}

/* --- life cycle ------------------------------------------------------------------------------ */

static enum kf_err open_ear(struct kf_listener *self, enum kf_role role, struct kf_error *err)
{
    const char *named = self->options.endpoints[role];
    if (named && named[0]) {
        return open_named(self, role, named, err);
    }
    self->ears[role].looks = true;
    self->look_ms = 0;
    return hear_default(self, role, 0, err);
}

enum kf_err kf_listener_open(const struct kf_listener_options *options,
                             struct kf_listener **listener, struct kf_error *err)
{
    struct kf_listener *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to listen to the stages");
    }
    self->options = *options;
    self->look_ms = INT64_MAX;
    self->turned_ms = kf_clock_monotonic_ms();
    kf_text_init(&self->frame, BEAT_BYTES_MAX);
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < KF_LISTENER_SERVICES && code == KF_OK; i++) {
        code = open_ear(self, (enum kf_role)i, err);
    }
    if (code != KF_OK) {
        kf_listener_close(&self);
        return code;
    }
    look_when_due(self, kf_clock_monotonic_ms());
    *listener = self;
    return KF_OK;
}

void kf_listener_close(struct kf_listener **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        kf_socket_destroy(&(*self)->ears[i].socket);
    }
    kf_text_clear(&(*self)->frame);
    kf_free(*self);
    *self = NULL;
}

/* --- listening ------------------------------------------------------------------------------- */

size_t kf_listener_wait(const struct kf_listener *self, struct kf_poll_item *items,
                        int64_t *deadline_ms)
{
    int64_t asked_ms = kf_clock_monotonic_ms() + ENDS_ASKED_MS;
    int64_t silent_ms = kf_line_deadline_ms(self->options.line);
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        items[i] = (struct kf_poll_item){.socket = self->ears[i].socket, .want_in = true};
    }
    *deadline_ms = asked_ms < *deadline_ms ? asked_ms : *deadline_ms;
    silent_ms = silent_ms > self->judge_ms ? silent_ms : self->judge_ms;
    *deadline_ms = silent_ms < *deadline_ms ? silent_ms : *deadline_ms;
    return KF_LISTENER_SERVICES;
}

static void take_beats(struct kf_listener *self, struct kf_socket *socket)
{
    struct kf_error ignored; /* a beat that cannot be read is one that got lost */
    struct kf_status beat;
    for (size_t i = 0; i < BEATS_A_TURN_MAX; i++) {
        enum kf_err code = kf_beat_receive(socket, &self->frame, &beat, &ignored);
        if (code == KF_ERR_AGAIN) {
            return;
        }
        if (code == KF_OK) {
            kf_line_beat(self->options.line, &beat, kf_line_now());
        }
    }
}

/* What a connection brought before it ended is taken in before its end: when libzmq tells of the
 * end, it has already been put into the queue. */
static void hear(struct kf_listener *self, enum kf_role role)
{
    struct kf_socket *socket = self->ears[role].socket;
    char ended[ENDED_A_TURN_MAX][KF_ENDED_SIZE];
    size_t count = 0;
    while (count < ENDED_A_TURN_MAX && kf_socket_take_ended(socket, ended[count])) {
        count++;
    }
    take_beats(self, socket);
    for (size_t i = 0; i < count; i++) {
        kf_line_lost(self->options.line, kf_role_name(role), ended[i], kf_line_now());
    }
}

/* Whoever slept must not call the others silent for it: libzmq's thread slept, too, and what they
 * said meanwhile is not in the queues yet. */
static bool may_judge(struct kf_listener *self, int64_t now_ms)
{
    if (now_ms - self->turned_ms > ASLEEP_MS) {
        self->judge_ms = now_ms + ENDS_ASKED_MS;
    }
    self->turned_ms = now_ms;
    return now_ms >= self->judge_ms;
}

void kf_listener_work(struct kf_listener *self)
{
    bool judges = may_judge(self, kf_clock_monotonic_ms());
    for (size_t i = 0; i < KF_LISTENER_SERVICES; i++) {
        hear(self, (enum kf_role)i);
    }
    if (judges) {
        kf_line_turn(self->options.line, kf_line_now());
    }
    look_when_due(self, kf_clock_monotonic_ms());
}

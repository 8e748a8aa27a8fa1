#include "tools/kf/roster.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define COMMAND_BYTES_MAX ((size_t)256 * 1024)
#define TAIL_LINES        6

static void log_path(const struct kf_roster *self, const struct kf_roster_place *place,
                     char path[KF_ROSTER_PATH_MAX])
{
    (void)snprintf(path, KF_ROSTER_PATH_MAX, "%s/%s.log", self->log_dir, place->name);
}

static void add_place(struct kf_roster *self, enum kf_fleet_stage stage, unsigned instance)
{
    struct kf_roster_place *place = &self->places[self->length++];
    *place = (struct kf_roster_place){.process = {stage, instance}, .wanted = true};
    place->child.output = -1;
    if (stage == KF_FLEET_BROKER) {
        (void)snprintf(place->name, sizeof place->name, "%s", kf_fleet_name(stage));
    } else {
        (void)snprintf(place->name, sizeof place->name, "%s-%u", kf_fleet_name(stage), instance);
    }
}

struct kf_roster *kf_roster_new(const struct kf_fleet *fleet, bool broker, const char *program_dir,
                                const char *log_dir)
{
    struct kf_roster *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->program_dir = program_dir;
    self->log_dir = log_dir;
    if (broker) {
        add_place(self, KF_FLEET_BROKER, 0);
    }
    for (size_t stage = 0; stage < KF_FLEET_STAGES; stage++) {
        for (unsigned i = 0; i < fleet->workers[stage]; i++) {
            add_place(self, (enum kf_fleet_stage)stage, i);
        }
    }
    if (fleet->board_port) {
        add_place(self, KF_FLEET_BOARD, 0);
    }
    return self;
}

void kf_roster_destroy(struct kf_roster **self)
{
    if (!*self) {
        return;
    }
    (void)kf_roster_signal(*self, KF_FLEET_PROGRAMS, SIGKILL);
    for (size_t i = 0; i < (*self)->length; i++) {
        struct kf_roster_place *place = &(*self)->places[i];
        if (place->running) {
            (void)waitpid(place->child.pid, NULL, 0);
        }
        kf_roster_close_output(place);
    }
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_roster_start(struct kf_roster *self, struct kf_roster_place *place,
                            const struct kf_fleet *fleet, const char *bootstrap_servers,
                            struct kf_error *err)
{
    char program[KF_ROSTER_PATH_MAX];
    char log[KF_ROSTER_PATH_MAX];
    char **command = NULL;
    struct kf_arena *arena = kf_arena_new(COMMAND_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to start %s", place->name);
    }
    enum kf_err code =
        kf_fleet_command(fleet, place->process, bootstrap_servers, arena, &command, err);
    if (code == KF_OK) {
        bool broker = place->process.stage == KF_FLEET_BROKER;
        struct kf_child_options child = {program, command, log, broker};
        (void)snprintf(program, sizeof program, "%s/%s", self->program_dir, command[0]);
        log_path(self, place, log);
        code = kf_child_start(&child, &place->child, err);
    }
    if (code == KF_OK) {
        place->running = true;
        place->wanted = false;
        place->start_ms = kf_clock_monotonic_ms();
    }
    kf_arena_destroy(&arena);
    return code;
}

size_t kf_roster_signal(const struct kf_roster *self, enum kf_fleet_stage stage, int signal_)
{
    size_t count = 0;
    for (size_t i = 0; i < self->length; i++) {
        const struct kf_roster_place *place = &self->places[i];
        bool meant = stage == KF_FLEET_PROGRAMS || place->process.stage == stage;
        if (place->running && meant) {
            count++;
            if (signal_ != 0) {
                (void)kill(place->child.pid, signal_); /* gone already: its end will be noticed */
            }
        }
    }
    return count;
}

bool kf_roster_has_ended(struct kf_roster_place *place, int *status)
{
    if (!place->running || waitpid(place->child.pid, status, WNOHANG) != place->child.pid) {
        return false;
    }
    place->running = false;
    kf_roster_close_output(place);
    return true;
}

void kf_roster_close_output(struct kf_roster_place *place)
{
    if (place->child.output >= 0) {
        (void)close(place->child.output);
        place->child.output = -1;
    }
}

void kf_roster_tail(const struct kf_roster *self, const struct kf_roster_place *place,
                    struct kf_text *text)
{
    char path[KF_ROSTER_PATH_MAX];
    log_path(self, place, path);
    kf_text_add_format(text, "  last lines of %s:\n", path);
    size_t before = text->length;
    kf_child_log_tail(path, place->child.log_from, TAIL_LINES, "    ", text);
    if (text->length == before) {
        kf_text_add(text, "    (it wrote none)\n");
    }
}

/* The toy stage as a real process, and both of its neighbours.
 *
 * Every function that fails ends the test. Waiting is always for something to show, never for a
 * time; the patience is only there so that a broken test ends.
 */
#ifndef KF_TESTS_TOY_H
#define KF_TESTS_TOY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/bus/socket.h"
#include "common/codec/envelope.h"
#include "common/codec/status.h"

enum {
    TOY_YEAR_COUNTDOWN = 1900, /* and n < 100: the allocation n after this fails */
    TOY_YEAR_REJECTED = 2001,
    TOY_YEAR_NO_MEMORY = 2002,
    TOY_YEAR_BROKEN = 2003,
    TOY_YEAR_BUSY = 2004,
    TOY_YEAR_MEMORY_BACK = 2005, /* no allocation fails after this */
    TOY_YEAR_FINE = 2010,
};

#define TOY_BUSY_MS 8000
#define TOY_RELEASE "0123456789abcdef0123456789abcdef"

struct toy {
    char folder[64]; /* the run directory */
    pid_t pid;       /* 0: not running */
    uint16_t port;
    struct kf_bus *bus;
    struct kf_socket *source;  /* pushes to the toy's input */
    struct kf_socket *sink;    /* takes its output; NULL until toy_open_sink */
    struct kf_socket *watcher; /* hears its beats; NULL until toy_open_watcher */
    struct kf_text frame;
};

/* Makes the run directory and the bus. */
void toy_begin(struct toy *self);

/* Kills what runs, removes the folder. */
void toy_end(struct toy *self);

/* Starts the toy with `--run-dir` and the NULL-terminated further arguments; its output goes to the
 * file "log" in the folder. */
void toy_start(struct toy *self, const char *const *arguments);

/* Waits until /readyz says 200. */
void toy_wait_ready(struct toy *self);

/* (Re)connects the source to the toy's input. */
void toy_open_source(struct toy *self);

/* Start, ready, source connected. */
void toy_run(struct toy *self, const char *const *arguments);

void toy_open_sink(struct toy *self);

/* Before the toy runs or after: beats come from when it is heard. */
void toy_open_watcher(struct toy *self);

/* Waits for the process to end: its exit code, or minus the signal that killed it. */
int toy_wait_exit(struct toy *self);

/* SIGTERM, and the exit code must be 0. */
void toy_stop(struct toy *self);

void toy_signal(struct toy *self, int signal);

/* Waits until the page holds `text`. */
void toy_wait_page(struct toy *self, const char *path, const char *text);

/* True when the log holds `text`. */
bool toy_has_logged(struct toy *self, const char *text);
void toy_wait_log(struct toy *self, const char *text);

/* An envelope with a small panel. */
struct kf_envelope *toy_envelope(uint32_t index, int year);

/* Packs into self->frame. */
void toy_pack(struct toy *self, const struct kf_envelope *envelope);

/* Sends self->frame, waiting for room. */
void toy_send_frame(struct toy *self);

/* Sends a panel. */
void toy_send(struct toy *self, uint32_t index, int year);

/* Sends self->frame; false when there is no room. */
bool toy_try_send_frame(struct toy *self);

/* Takes the next envelope out of the sink. The caller destroys it. */
struct kf_envelope *toy_receive(struct toy *self);

/* Waits until the next panel comes out of the sink, which is thrown away (true), or until the toy
 * has dropped more than `dropped` panels (false). */
bool toy_receive_or_dropped(struct toy *self, unsigned dropped);

/* The next beat that the watcher hears. */
void toy_receive_beat(struct toy *self, struct kf_status *status);

#endif

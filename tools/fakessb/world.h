/* What the server knows: tables, what is yet to happen, how it misbehaves now, and its clock.
 *
 * Not safe for threads: the server holds a mutex around every call.
 */
#ifndef KF_FAKESSB_WORLD_H
#define KF_FAKESSB_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/day.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "tools/fakessb/change.h"
#include "tools/fakessb/mode.h"
#include "tools/fakessb/table.h"

#define KF_FAKE_TABLES_MAX       20000
#define KF_FAKE_EVENTS_MAX       4096
#define KF_FAKE_MISBEHAVIOUR_MAX 64
#define KF_FAKE_RATE_MAX         1000
#define KF_FAKE_ARENA_BYTES      ((size_t)256 << 20)

struct kf_fake_misbehaviour {
    const struct kf_fake_mode *mode;
    const char *path;   /* a part of the URL; "" : all */
    size_t calls;       /* left; 0: no limit */
    int64_t until_ms;   /* of the day; KF_FAKE_NO_TIME: no end */
    long retry_after_s; /* -1: no Retry-After */
    size_t bytes;       /* of bomb and huge-json; 0: the usual */
};

/* Something that happens at its time. */
struct kf_fake_event {
    int64_t at_ms;
    struct kf_fake_change change; /* kind NULL: a misbehaviour */
    struct kf_fake_misbehaviour misbehaviour;
};

struct kf_fake_rate {
    size_t limit; /* calls in a window; 0: none */
    int64_t window_ms;
    int64_t calls[KF_FAKE_RATE_MAX]; /* when the newest ones came, as a ring */
    size_t next;
    size_t count;
};

struct kf_fake_world {
    struct kf_arena *arena;
    const struct kf_day *day;
    int64_t pushed_ms; /* that the day was moved on by a command */
    struct kf_fake_table **tables;
    size_t tables_len;
    struct kf_fake_event *events; /* ascending by time */
    size_t events_len;
    size_t events_done;
    struct kf_fake_misbehaviour misbehaviours[KF_FAKE_MISBEHAVIOUR_MAX];
    size_t misbehaviours_len;
    struct kf_fake_rate rate;
    bool etag;
    char trouble[KF_ERROR_TEXT_MAX]; /* of the last event that could not be carried out, or "" */
};

/* An empty world on that day, which is borrowed. KF_ERR_MEMORY. */
enum kf_err kf_fake_world_new(const struct kf_day *day, struct kf_fake_world **world,
                              struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_fake_world_destroy(struct kf_fake_world **self);

/* A new, empty table. KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_fake_world_add_table(struct kf_fake_world *self, struct kf_fake_table **table,
                                    struct kf_error *err);

/* By id, or NULL. */
struct kf_fake_table *kf_fake_world_table(const struct kf_fake_world *self, const char *id);

/* Lays an event among the ones to come; behind those of the same time. KF_ERR_LIMIT, … */
enum kf_err kf_fake_world_add_event(struct kf_fake_world *self, const struct kf_fake_event *event,
                                    struct kf_error *err);

/* The day's time, milliseconds since 1970. */
int64_t kf_fake_world_now(const struct kf_fake_world *self);

/* Carries out what is due. One that cannot be is told in `trouble`, and the others go on. */
void kf_fake_world_turn(struct kf_fake_world *self);

/* Counts a call against the rate. False when it comes too early: it is not counted then. What is
 * left lands in `remaining`. */
bool kf_fake_rate_take(struct kf_fake_rate *self, int64_t now_ms, size_t *remaining);

/* Takes the misbehaviour for this URL, one call of it, if there is one. */
bool kf_fake_world_misbehave(struct kf_fake_world *self, const char *url,
                             struct kf_fake_misbehaviour *taken);

/* Starts to misbehave. KF_ERR_LIMIT. */
enum kf_err kf_fake_world_add_misbehaviour(struct kf_fake_world *self,
                                           const struct kf_fake_misbehaviour *misbehaviour,
                                           struct kf_error *err);

#endif

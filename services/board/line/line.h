/* The line: every worker of every stage as its beats show it, in the order in which a panel walks.
 *
 * Pure: beats, ended connections and the time come in, what to show comes out. Nothing is polled,
 * nothing waits, no clock is read: `struct kf_line_time` carries both clocks, of which the
 * monotonic one judges and the wall clock is told.
 *
 *     unknown ──beat──▶ starting | ready | waiting | draining ──no beat for 1.5 s──▶ silent
 *                                   ▲        │                                         │
 *                                   └──beat──┼──connection ended──▶ gone ◀─────────────┘
 *
 * A stage that was killed is gone as soon as its connection ends; one that was stopped, or that is
 * behind a dead network, falls silent; a beat brings either back. Beats come every 500 ms.
 *
 * A worker is known by its service and instance. The workers that are expected are named at the
 * start with their endpoints; one that nobody named appears with its first beat. Nothing here grows
 * beyond KF_LINE_STAGES_MAX workers.
 */
#ifndef KF_BOARD_LINE_H
#define KF_BOARD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/status.h"

#define KF_LINE_STAGES_MAX    128
#define KF_LINE_ENDPOINT_SIZE 280
#define KF_LINE_SILENT_MS     1500  /* without a beat for so long */
#define KF_LINE_RATE_MS       10000 /* over which rates are taken */

enum kf_line_state {
    KF_LINE_UNKNOWN, /* never heard of */
    KF_LINE_STARTING,
    KF_LINE_READY,
    KF_LINE_WAITING, /* alive, but waiting for what `detail` names */
    KF_LINE_DRAINING,
    KF_LINE_SILENT, /* no beat, but its connection stands */
    KF_LINE_GONE,   /* its connection has ended */
    KF_LINE_STATES,
};

/* "unknown", "starting", …, "gone". */
const char *kf_line_state_name(enum kf_line_state state);

/* True for starting, ready, waiting and draining. */
bool kf_line_is_alive(enum kf_line_state state);

struct kf_line_time {
    int64_t monotonic_ms;
    int64_t wall_ms;
};

/* Both clocks now. */
struct kf_line_time kf_line_now(void);

/* A worker. Below `heard` stands what its last beat told; zeros when there was none. */
struct kf_line_stage {
    char service[32];
    uint32_t instance;
    char endpoint[KF_LINE_ENDPOINT_SIZE]; /* "": nobody named it */
    enum kf_line_state state;
    char detail[KF_STATUS_DETAIL_SIZE]; /* of a stage that is silent or gone: what that means */
    int64_t since_ms; /* wall: since when in this state, as it says itself, else as seen here */
    bool heard;
    int64_t beat_ms; /* wall, by the clock here: when the last beat came */
    int64_t pid;
    uint64_t panels_in; /* counts are since it started */
    uint64_t panels_out;
    uint64_t panels_rejected;
    uint64_t frames_refused;
    uint32_t in_progress;
    char release[KF_RELEASE_ID_SIZE]; /* the newest seen, or "" */
    bool has_rate;                    /* alive, and heard of twice in this life */
    double rate;                      /* panels out a second, over the last KF_LINE_RATE_MS */
};

struct kf_line;

/* Nobody is known. NULL when there is no memory. */
struct kf_line *kf_line_new(void);

/* NULL is fine, the pointer is nulled. */
void kf_line_destroy(struct kf_line **self);

/* --- what comes in --------------------------------------------------------------------------- */

/* A worker that is to be there, beating at `endpoint`: unknown until it is heard of. Named again it
 * gets the new endpoint. KF_ERR_CONFIG for a service that is no stage, KF_ERR_LIMIT beyond
 * KF_LINE_STAGES_MAX. */
enum kf_err kf_line_expect(struct kf_line *self, const char *service, uint32_t instance,
                           const char *endpoint, struct kf_line_time now, struct kf_error *err);

/* A beat has come. One of a service that is no stage, or of one worker too many, changes nothing.
 */
void kf_line_beat(struct kf_line *self, const struct kf_status *beat, struct kf_line_time now);

/* The connection to `endpoint` of `service` has ended. An endpoint that nobody named (as with names
 * of hosts, of which only the address is told) is the service's only one, or changes nothing: then
 * silence tells. A worker that was never heard of stays unknown. */
void kf_line_lost(struct kf_line *self, const char *service, const char *endpoint,
                  struct kf_line_time now);

/* Time has passed: who has fallen silent. To be called at kf_line_deadline_ms at the
 * latest. */
void kf_line_turn(struct kf_line *self, struct kf_line_time now);

/* When kf_line_turn has something to do, monotonic; INT64_MAX: not before the next beat. */
int64_t kf_line_deadline_ms(const struct kf_line *self);

/* --- what is known --------------------------------------------------------------------------- */

/* Every worker, stages in the order in which a panel walks, instances ascending. The list holds
 * until the next call that brings something in. */
const struct kf_line_stage *kf_line_stages(const struct kf_line *self, size_t *count);

/* True when a worker of the service is alive. */
bool kf_line_answers(const struct kf_line *self, const char *service);

/* What ingest and publish tell; NULL while nobody who told it is alive: what the dead said last is
 * no longer known to be so. Of several publishers that of the gravest state (lost, connecting,
 * publishing, connected), and one that was replaced only when there is no other. */
const struct kf_status_ingest *kf_line_ingest(const struct kf_line *self);
const struct kf_status_publish *kf_line_publish(const struct kf_line *self);

/* What ingest told last, itself alive or not, for its `phases`, which stay true; NULL when it never
 * did. */
const struct kf_status_ingest *kf_line_last_ingest(const struct kf_line *self);

/* Grows whenever something above is not what it was, but for the time of a beat: to tell others
 * only what is new. */
uint64_t kf_line_changes(const struct kf_line *self);

#endif

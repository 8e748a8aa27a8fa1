/* What a service tells about itself: the counters that all services have, its state, the beat on
 * the status endpoint, the two health pages. Internal to the frame.
 *
 * Written by the work loop; the health pages are asked for on the HTTP thread.
 */
#ifndef KF_SERVICE_PULSE_H
#define KF_SERVICE_PULSE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/bus/socket.h"
#include "common/codec/status.h"
#include "common/service/metrics.h"

enum kf_pulse_metric {
    KF_PULSE_BUILD_INFO,
    KF_PULSE_PANELS_IN,
    KF_PULSE_PANELS_OUT,
    KF_PULSE_PANELS_REJECTED,
    KF_PULSE_FRAMES_REFUSED,
    KF_PULSE_PEERS_DENIED,
    KF_PULSE_HANDSHAKES_FAILED,
    KF_PULSE_IN_PROGRESS,
    KF_PULSE_READY,
    KF_PULSE_START_TIME,
    KF_PULSE_LAST_SUCCESS,
    KF_PULSE_LAST_TURN,
    KF_PULSE_LONGEST_TURN,
    KF_PULSE_CONFIG_LOADED,
    KF_PULSE_RELOADS_FAILED,
    KF_PULSE_MEMORY,
    KF_PULSE_CPU,
    KF_PULSE_METRICS
};

/* Refused frames that the log has not told of yet. */
struct kf_pulse_refused {
    uint64_t untold;
    int64_t next_line_ms;
    char reason[256];
};

/* Adds to a beat what only the service itself knows; fast, and never fails. */
typedef void kf_pulse_tell(const void *context, struct kf_status *status);

struct kf_pulse {
    const char *service;
    uint32_t instance;
    int64_t stall_limit_ms;
    struct kf_metric *metrics[KF_PULSE_METRICS];
    char build_label[128];

    _Atomic int64_t turned_ms; /* when the loop last turned, monotonic */
    pthread_mutex_t mutex;     /* over state, since and detail */
    enum kf_service_state state;
    int64_t since_ms; /* wall: since when in this state */
    char detail[sizeof((struct kf_status *)0)->detail];

    char release[KF_RELEASE_ID_SIZE]; /* these and below: work loop only */
    struct kf_pulse_refused refused;
    struct kf_text frame;
    kf_pulse_tell *tell; /* set by the frame while the service is open; NULL: nothing to add */
    const void *tell_context;
};

/* Registers the metrics. `service` is kept, not copied. The state is STARTING. */
void kf_pulse_init(struct kf_pulse *self, const char *service, uint32_t instance,
                   struct kf_metrics *metrics);

/* Tells of refused frames that are still untold; the metrics stay with their owner. */
void kf_pulse_clear(struct kf_pulse *self);

/* As kf_service_set_state. While draining the state stays. */
void kf_pulse_set_state(struct kf_pulse *self, enum kf_service_state state, const char *detail);

/* The newest release seen, for the beat; copied. */
void kf_pulse_set_release(struct kf_pulse *self, const char *release);

/* Sets the time of the last success to now. */
void kf_pulse_succeeded_at(struct kf_pulse *self, int64_t wall_ms);

/* Counts a reload of settings that have faults. */
void kf_pulse_reload_failed(struct kf_pulse *self);

/* Counts a refused frame; tells of it now, or with the next ones within a second. */
void kf_pulse_refuse(struct kf_pulse *self, const char *reason);

/* Counts connections that did not come about and tells of the newest: once a second at most. */
void kf_pulse_deny(struct kf_pulse *self, const struct kf_bus_denied *denied);

/* The loop has turned; `busy_ms` is how long the service's work took. */
void kf_pulse_turned(struct kf_pulse *self, int64_t busy_ms);

/* Twice a second: refreshes the process's own metrics, tells of refused frames, sends the beat on
 * `status` (NULL: nowhere). Never fails: a beat that cannot be sent is lost. */
void kf_pulse_beat(struct kf_pulse *self, struct kf_socket *status);

/* A kf_http_health over a struct kf_pulse. */
bool kf_pulse_health(void *context, bool readiness, struct kf_text *page);

/* For logs: "ready". */
const char *kf_pulse_state_name(enum kf_service_state state);

#endif

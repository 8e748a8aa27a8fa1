/* The work loop of a service: waits, works, beats, feeds the watchdog, drains. Internal to the
 * frame.
 */
#ifndef KF_SERVICE_LOOP_H
#define KF_SERVICE_LOOP_H

#include <stdint.h>

#include "common/bus/socket.h"
#include "common/service/http.h"
#include "common/service/notify.h"
#include "common/service/pulse.h"
#include "common/service/service.h"

/* What the loop works with; all borrowed. */
struct kf_loop {
    const struct kf_service_class *class_;
    void *state;
    struct kf_pulse *pulse;
    struct kf_notify *notify;
    struct kf_socket *status; /* NULL: no beats */
    struct kf_http *http;     /* NULL: no HTTP */
    int signals;
    int64_t drain_timeout_ms;
};

/* Runs until a signal or a fatal error and drains. Returns the exit code: 0, or 1 when the work
 * failed or something was left undelivered. */
int kf_loop_run(const struct kf_loop *self);

#endif

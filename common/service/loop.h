/* The work loop of a service: waits, works, beats, feeds the watchdog, reloads, drains. Internal to
 * the frame.
 */
#ifndef KF_SERVICE_LOOP_H
#define KF_SERVICE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bus/socket.h"
#include "common/service/http.h"
#include "common/service/notify.h"
#include "common/service/pulse.h"
#include "common/service/service.h"

/* Instead of an exit code: the service is drained, and wants to be started with new settings. */
#define KF_LOOP_RENEW (-1)

/* On SIGHUP: true when the settings on disk, and what they name, are sound; tells of what is not.
 */
typedef bool kf_loop_check(void *context);

/* What the loop works with; all borrowed. */
struct kf_loop {
    const struct kf_service_class *class_;
    void *state;
    struct kf_pulse *pulse;
    struct kf_notify *notify;
    struct kf_bus *bus;
    struct kf_socket *status; /* NULL: no beats */
    struct kf_http *http;     /* NULL: no HTTP */
    int signals;
    int terminal; /* -1: none */
    kf_loop_check *check;
    void *check_context;
    int64_t drain_timeout_ms;
};

/* Runs until a signal or a fatal error and drains. Returns the exit code: 0, or 1 when the work
 * failed or something was left undelivered; KF_LOOP_RENEW after a SIGHUP with sound settings, also
 * when something was left undelivered: whoever sent it sends it again. A SIGHUP because the
 * terminal is gone stops. */
int kf_loop_run(const struct kf_loop *self);

#endif

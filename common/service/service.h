/* The frame that every service runs in: a service is a descriptor, its main a dozen lines.
 *
 *     options → settings (all faults at once; --check-config stops here) → log → signals as a
 *     descriptor → open → ready → loop (bounded work per wake, time-out of the nearest timer) →
 *     drain on the first signal, leave at once on the second → close in reverse
 *
 * SIGHUP reloads: settings and what they name are checked as by --check-config. Are they sound, the
 * service drains, closes, and executes its program anew under the same process id; else it logs
 * every fault, counts the reload in config_reload_failed_total, and goes on as it was.
 *
 * Exit codes: 0 clean; 1 failed, or had to leave something undelivered; 2 usage or configuration.
 */
#ifndef KF_SERVICE_SERVICE_H
#define KF_SERVICE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/bus/socket.h"
#include "common/codec/status.h"
#include "common/service/http_answer.h"
#include "common/service/metrics.h"
#include "common/service/option.h"

#define KF_SERVICE_ITEMS_MAX 16

/* What the frame gives a running service. */
struct kf_service;

struct kf_service_class {
    const char *name;                /* "need" */
    const char *key_role;            /* whose key it has, such as "watcher"; NULL: its name's */
    const char *purpose;             /* one or two sentences for --help */
    const struct kf_option *options; /* besides the common ones */
    size_t options_len;

    /* For --check-config and before a reload: checks what the settings name, such as files, without
     * opening anything for good. Faults are added to `findings`; KF_ERR_CONFIG when there are any.
     * May be NULL. */
    enum kf_err (*check)(const struct kf_settings *settings, struct kf_findings *findings,
                         struct kf_error *err);

    /* Makes the state; sockets and files are opened here, outputs before inputs. KF_ERR_CONFIG
     * exits with 2, anything else with 1. */
    enum kf_err (*open)(struct kf_service *service, void **state, struct kf_error *err);

    /* Fills in what to wait for and lowers `*timeout_ms` to the nearest timer. Returns how many
     * items, at most KF_SERVICE_ITEMS_MAX; they come zeroed. While draining, name no inputs that
     * bring new work. */
    size_t (*wait)(void *state, bool draining, struct kf_poll_item *items, int64_t *timeout_ms);

    /* Does a bounded amount of work, after every wait, ready items or not: at least once a second.
     * `items` as filled in by wait, with in and out set. Anything but KF_OK and KF_ERR_AGAIN ends
     * the service (it drains and exits with 1); what can be tried again or rejected is the
     * service's own to handle and to log. */
    enum kf_err (*work)(void *state, const struct kf_poll_item *items, size_t count, bool draining,
                        struct kf_error *err);

    /* While draining: true when nothing is left to do. NULL: always. */
    bool (*drained)(const void *state);

    /* How many panels would be lost by leaving now; they are named in the log by the service. NULL:
     * none. Any makes the exit code 1. */
    size_t (*undelivered)(const void *state);

    /* Adds to the status beat, twice a second, what only this service knows; a few reads, no calls
     * that may wait. NULL: nothing. */
    void (*tell)(const void *state, struct kf_status *status);

    void (*close)(void **state);

    /* Answers pages besides /metrics, /healthz and /readyz, on the HTTP thread, from open to close,
     * while the work loop works. NULL: there are none. */
    bool (*site)(void *state, const struct kf_http_request *request, struct kf_http_answer *answer);

    const void *context; /* the class's own, given back by kf_service_context; may be NULL */
};

/* Runs the service until a signal; returns the exit code. */
int kf_service_main(const struct kf_service_class *class_, int argc, char **argv);

/* --- for the service's callbacks ------------------------------------------------------------- */

/* What the class was given as its context. */
const void *kf_service_context(const struct kf_service *self);

/* `run-dir` is complete here: the folder, not "". */
const struct kf_settings *kf_service_settings(const struct kf_service *self);
struct kf_bus *kf_service_bus(struct kf_service *self);

/* Number of this instance, from 0. */
uint32_t kf_service_instance(const struct kf_service *self);

/* Appends the value of the endpoint option `option`, or when that is empty
 * ipc://RUN_DIR/SERVICE-INSTANCE.ROLE. */
void kf_service_endpoint(const struct kf_service *self, const char *option, const char *service,
                         uint32_t instance, const char *role, struct kf_text *endpoint);

/* For metrics of the service's own; add them in open. */
struct kf_metrics *kf_service_metrics(struct kf_service *self);

/* Counted in /metrics and in the status beat. */
void kf_service_count_in(struct kf_service *self);
void kf_service_count_out(struct kf_service *self);
void kf_service_count_rejected(struct kf_service *self);

/* Counts a refused frame and logs why; at most one line a second, with how many it stands for. */
void kf_service_refuse(struct kf_service *self, const struct kf_error *why);

/* Panels held or in flight now. */
void kf_service_set_in_progress(struct kf_service *self, uint32_t panels);

/* The newest release seen, shown in the beat; copied. */
void kf_service_set_release(struct kf_service *self, const char *release);

/* Records a completed piece of work: time of last success. */
void kf_service_succeeded(struct kf_service *self);

/* The same of one that was completed at `wall_ms` of the wall clock, maybe before this process
 * started; 0: none ever was. */
void kf_service_succeeded_at(struct kf_service *self, int64_t wall_ms);

/* Tells who listens to the events of the service by HTTP; `data` is one line. In open nobody does.
 */
void kf_service_tell(struct kf_service *self, const char *event, const struct kf_text *data);

/* How many listen. */
size_t kf_service_listeners(struct kf_service *self);

/* Ready, or waiting for what `detail` names (shown in /readyz and the beat; a change is logged).
 * Said in open it is what the service starts with, else it starts ready. While draining only the
 * detail changes. */
void kf_service_set_state(struct kf_service *self, enum kf_service_state state, const char *detail);

/* Options that every service has: config, run-dir, instance, log-level, http-address, http-port,
 * status, keys, insecure-tcp, drain-timeout, stall-limit. They come before the service's own. */
const struct kf_option *kf_service_common_options(size_t *count);

#endif

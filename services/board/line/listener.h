/* The listener: subscribes to the status endpoints of every stage and brings their beats, and the
 * ends of their connections, into a line.
 *
 * One socket for each of the six services, because a service has a key of its own. Which endpoints
 * there are is said by service, joined by commas: the first is that of instance 0, and so on. Where
 * nothing is said it is ipc://RUN_DIR/SERVICE-N.status, for instance 0 and every further one of
 * which there is a socket file; the folder is looked at again every two seconds.
 */
#ifndef KF_BOARD_LISTENER_H
#define KF_BOARD_LISTENER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/bus/socket.h"
#include "common/service/option.h"
#include "services/board/line/line.h"

#define KF_LISTENER_SERVICES 6 /* the roles from ingest to publish */

/* For the table of options of a service that listens. */
#define KF_LISTENER_OPTION(SERVICE)                                                                \
    {                                                                                              \
        .name = SERVICE "-status", .type = KF_OPTION_ENDPOINTS, .initial = "",                     \
        .help = "Status endpoints of " SERVICE ", joined by commas: the first is that of "         \
                "instance 0, and so on. When empty: ipc://RUN_DIR/" SERVICE "-N.status.",          \
        .group = "Where the stages tell how they are"                                              \
    }
#define KF_LISTENER_OPTIONS                                                                        \
    KF_LISTENER_OPTION("ingest"), KF_LISTENER_OPTION("need"), KF_LISTENER_OPTION("normalize"),     \
        KF_LISTENER_OPTION("aggregate"), KF_LISTENER_OPTION("efficiency"),                         \
        KF_LISTENER_OPTION("publish")

struct kf_listener_options {
    struct kf_bus *bus;
    struct kf_line *line;
    const char *run_dir;
    /* Of each service, in the order of enum kf_role; NULL or "": as the run directory has them. */
    const char *endpoints[KF_LISTENER_SERVICES];
};

/* Takes the run directory and the endpoints out of settings with KF_LISTENER_OPTIONS; texts are
 * borrowed from them. */
void kf_listener_take_settings(const struct kf_settings *settings,
                               struct kf_listener_options *options);

struct kf_listener;

/* Subscribes; `bus` and `line` are borrowed until the listener is closed. Nobody needs to be there
 * yet. KF_ERR_CONFIG for endpoints that cannot be used. */
enum kf_err kf_listener_open(const struct kf_listener_options *options,
                             struct kf_listener **listener, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_listener_close(struct kf_listener **self);

/* Fills in KF_LISTENER_SERVICES items and lowers `deadline_ms` (kf_clock_monotonic_ms) to when
 * kf_listener_work is due without any of them: the end of a connection makes no item ready.
 * Returns how many items. */
size_t kf_listener_wait(const struct kf_listener *self, struct kf_poll_item *items,
                        int64_t *deadline_ms);

/* Takes in what is there, a bounded number of beats, and lets the line turn. */
void kf_listener_work(struct kf_listener *self);

#endif

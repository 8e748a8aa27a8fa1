/* The small HTTP server beside each service: /metrics, /healthz, /readyz. Read-only, localhost by
 * default, on a thread of its own so that it answers while the work loop is busy.
 *
 * /healthz: 200 while the work loop has turned within the stall limit, else 503 with the seconds.
 * /readyz: 200 when the service can work, else 503 with what it waits for.
 */
#ifndef KF_SERVICE_HTTP_H
#define KF_SERVICE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/service/metrics.h"

struct kf_http;

/* Answers for the two health pages; called on the HTTP thread. Writes the reason into `page` and
 * returns true for 200, false for 503. */
typedef bool kf_http_health(void *context, bool readiness, struct kf_text *page);

struct kf_http_options {
    const char *address; /* e.g. 127.0.0.1 */
    uint16_t port;       /* 0: the system chooses */
    unsigned connections_max;
    unsigned timeout_s; /* a client is cut after this, idle or slow */
};

/* True for a numeric address, IPv4 or IPv6. Asks nobody. */
bool kf_http_is_address(const char *text);

/* Starts the server. KF_ERR_CONFIG when the address cannot be bound (says which). */
enum kf_err kf_http_start(const struct kf_http_options *options, const struct kf_metrics *metrics,
                          kf_http_health *health, void *context, struct kf_http **http,
                          struct kf_error *err);

/* The port it listens on. */
uint16_t kf_http_port(const struct kf_http *self);

/* Cuts clients that have been connected for longer than the time-out, however busily they trickle:
 * an answer takes one connection. Call it now and then, e.g. once a second. */
void kf_http_cut_slow(struct kf_http *self);

/* Stops the thread and frees. NULL is fine, the pointer is nulled. */
void kf_http_destroy(struct kf_http **self);

#endif

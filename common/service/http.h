/* The small HTTP server beside each service: /metrics, /healthz, /readyz, and the pages of a
 * service that has its own. Read-only, localhost by default, on a thread of its own so that it
 * answers while the work loop is busy.
 *
 * /healthz: 200 while the work loop has turned within the stall limit, else 503 with the seconds.
 * /readyz: 200 when the service can work, else 503 with what it waits for.
 *
 * Bound to a loopback address it answers only who asks for localhost by name or number, so that no
 * web page can read it through a visitor's browser. Every connection serves one request and ends
 * after its time-out, idle or trickling; there is a limit on connections and on their memory.
 * Streams of events have no time-out and a limit of their own: what else is asked finds a place.
 */
#ifndef KF_SERVICE_HTTP_H
#define KF_SERVICE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/service/http_answer.h"
#include "common/service/metrics.h"

#define KF_HTTP_STREAMS_MAX 256

struct kf_http;

/* Answers for the two health pages; called on the HTTP thread. Writes the reason into `page` and
 * returns true for 200, false for 503. */
typedef bool kf_http_health(void *context, bool readiness, struct kf_text *page);

struct kf_http_options {
    const char *address;      /* e.g. 127.0.0.1 */
    uint16_t port;            /* 0: the system chooses */
    unsigned connections_max; /* besides streams */
    unsigned timeout_s;       /* a client is cut after this, idle or slow */
    unsigned streams_max;     /* at most KF_HTTP_STREAMS_MAX */
    kf_http_site *site;       /* pages of the service's own; NULL: none */
    void *site_context;
};

/* Starts the server. KF_ERR_CONFIG when the address cannot be bound (says which). */
enum kf_err kf_http_start(const struct kf_http_options *options, const struct kf_metrics *metrics,
                          kf_http_health *health, void *context, struct kf_http **http,
                          struct kf_error *err);

/* The port it listens on. */
uint16_t kf_http_port(const struct kf_http *self);

/* Cuts clients that have been connected for longer than the time-out, however busily they trickle:
 * an answer takes one connection. Streams are told something if it was quiet for long. Call it now
 * and then, e.g. once a second. */
void kf_http_cut_slow(struct kf_http *self);

/* Sends an event to every stream; `data` is one line. A client that lags too far behind is cut, it
 * may come again. Never blocks. */
void kf_http_tell(struct kf_http *self, const char *event, const struct kf_text *data);

/* How many streams there are. */
size_t kf_http_streams(struct kf_http *self);

/* Stops the thread and frees. NULL is fine, the pointer is nulled. */
void kf_http_destroy(struct kf_http **self);

#endif

/* HTTP over libcurl: one exchange at a time, never waiting.
 *
 * Certificates are verified, only http and https are spoken, redirects are not followed here (the
 * caller may, so that they count as calls). Names are resolved by a thread of libcurl's. What comes
 * is bounded: the head by libcurl, the body before and after decompression by the limits. The
 * connection stays open for the next exchange.
 */
#ifndef KF_INGEST_SSB_TRANSPORT_H
#define KF_INGEST_SSB_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/day.h"
#include "common/base/error.h"
#include "common/bus/socket.h"
#include "services/ingest/ssb/headers.h"
#include "services/ingest/ssb/policy.h"

#define KF_SSB_FAULT_TEXT_SIZE 256

struct kf_ssb_transport_options {
    const char *proxy;   /* "" : as the environment says */
    const char *ca_file; /* "" : the system's */
    int64_t connect_timeout_ms;
    int64_t timeout_ms;
    uint64_t body_bytes_max; /* after decompression, and before */
    uint64_t ratio_max;      /* of decompressed to received bytes, once above 1 MiB */
    const struct kf_day *day;
};

/* Takes a piece of the body of a 200; false stops the exchange. */
typedef bool kf_ssb_transport_body(void *context, const void *bytes, size_t length);

struct kf_ssb_request {
    const char *url;
    const char *post; /* body of a POST; NULL: a GET */
    size_t post_length;
    const char *etag; /* sent as If-None-Match, or "" */
};

/* What came of the exchange. */
struct kf_ssb_exchange {
    int fault; /* a CURLcode; 0 also when the body callback stopped it */
    char fault_text[KF_SSB_FAULT_TEXT_SIZE];
    bool stopped;   /* by the body callback, or because an error's body went on and on */
    bool too_large; /* by the limits; fault_text says which */
    long status;
    struct kf_ssb_headers headers;
    char beginning[KF_SSB_BEGINNING_SIZE];
    size_t beginning_length;
    const char *redirect; /* where a 3xx points to, or NULL; until the next exchange */
    uint64_t bytes;       /* of the body, decompressed */
};

struct kf_ssb_transport;

/* Texts of the options are borrowed for the transport's life. KF_ERR_MEMORY; KF_ERR_CONFIG for a CA
 * file that cannot be read and for a libcurl that would block on names. */
enum kf_err kf_ssb_transport_new(const struct kf_ssb_transport_options *options,
                                 struct kf_ssb_transport **transport, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_ssb_transport_destroy(struct kf_ssb_transport **self);

/* Begins an exchange; none may be open. The request is borrowed until it has ended. */
enum kf_err kf_ssb_transport_begin(struct kf_ssb_transport *self,
                                   const struct kf_ssb_request *request,
                                   kf_ssb_transport_body *body, void *context,
                                   struct kf_error *err);

/* Breaks the open exchange off, if any. */
void kf_ssb_transport_drop(struct kf_ssb_transport *self);

/* A bounded amount of work. True once the exchange has ended. */
bool kf_ssb_transport_work(struct kf_ssb_transport *self);

/* Of the exchange that has ended; until the next one. */
const struct kf_ssb_exchange *kf_ssb_transport_exchange(const struct kf_ssb_transport *self);

/* As kf_ssb_wait. */
size_t kf_ssb_transport_wait(const struct kf_ssb_transport *self, struct kf_poll_item *items,
                             size_t room, int64_t *deadline_ms);

#endif

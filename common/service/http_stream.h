/* Clients that listen: each has a queue of what it has not been sent yet. Who does not keep up is
 * cut off and may come again. Internal to the HTTP server; one work loop tells, the HTTP thread
 * sends.
 */
#ifndef KF_SERVICE_HTTP_STREAM_H
#define KF_SERVICE_HTTP_STREAM_H

#include <microhttpd.h>
#include <stddef.h>

#include "common/base/text.h"

#define KF_HTTP_STREAM_BYTES_MAX ((size_t)512 * 1024) /* that one client may lag behind */

struct kf_http_streams;

/* At most `streams_max` at a time; they are told something at least every `quiet_ms`, so that a
 * connection whose other end is gone ends. NULL when there is no memory. */
struct kf_http_streams *kf_http_streams_new(unsigned streams_max, int64_t quiet_ms);

/* After the daemon has stopped. */
void kf_http_streams_destroy(struct kf_http_streams **self);

/* A response that sends `begin` and then whatever is told, until the stream ends. NULL when there
 * are too many, or no memory. The response is the caller's. */
struct MHD_Response *kf_http_streams_open(struct kf_http_streams *self,
                                          struct MHD_Connection *connection,
                                          const struct kf_text *begin);

/* Appends the bytes to every stream. Any thread. */
void kf_http_streams_tell(struct kf_http_streams *self, const struct kf_text *bytes);

/* Keeps streams alive that were told nothing for long: call it now and then. */
void kf_http_streams_tend(struct kf_http_streams *self);

/* Ends all of them, and every later one at once: before the daemon is stopped. */
void kf_http_streams_end(struct kf_http_streams *self);

/* How many there are that have not been cut off. Any thread. */
size_t kf_http_streams_count(struct kf_http_streams *self);

#endif

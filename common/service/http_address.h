/* Where the HTTP server listens, and who may be meant by a request. Asks no name server. */
#ifndef KF_SERVICE_HTTP_ADDRESS_H
#define KF_SERVICE_HTTP_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"

/* True for a numeric address, IPv4 or IPv6. */
bool kf_http_is_address(const char *text);

/* True for an address that only this machine can reach. */
bool kf_http_is_loopback(const char *text);

/* True for a name of this machine's own as a Host header has it, with or without a port: localhost,
 * 127.x.y.z, [::1]. */
bool kf_http_is_local_name(const char *host);

/* Binds `address` and `port` (0: the system chooses) and listens; the caller closes `*descriptor`.
 * KF_ERR_CONFIG names both when that cannot be done. */
enum kf_err kf_http_listen(const char *address, uint16_t port, int *descriptor,
                           struct kf_error *err);

/* The port that the descriptor is bound to; 0 when it is not. */
uint16_t kf_http_bound_port(int descriptor);

#endif

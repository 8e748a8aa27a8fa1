/* Endpoints: their form, and the file system side of ipc://: a path that fits, a folder of one's
 * own, a socket that nobody else serves. The checks of the form open nothing, so that settings are
 * checked with them as well; kf_endpoint_prepare is internal to the bus.
 *
 * An ipc socket has no password; what protects it is its folder, which must be the user's own and
 * closed to everybody else.
 */
#ifndef KF_BUS_ENDPOINT_PATH_H
#define KF_BUS_ENDPOINT_PATH_H

#include <stdbool.h>

#include "common/base/error.h"

/* The longest path of an ipc endpoint, in bytes. */
#define KF_IPC_PATH_MAX 107

/* The most bytes of a list of endpoints. */
#define KF_ENDPOINTS_BYTES_MAX 8191

/* Checks an endpoint to bind to: KF_ERR_CONFIG unless it is tcp://HOST:PORT with a port of 0 to
 * 65535 or *, or ipc://PATH with a path that is not too long. */
enum kf_err kf_endpoint_check(const char *endpoint, struct kf_error *err);

/* Checks a comma-separated list of endpoints to connect to, at most KF_ENDPOINTS_MAX of them: as
 * above, but every one names a host and a port other than 0. KF_ERR_CONFIG names the first that is
 * wrong. */
enum kf_err kf_endpoints_check(const char *endpoints, struct kf_error *err);

/* What is wrong with a tcp endpoint when there are no keys, and what to do. */
#define KF_ENDPOINT_NEEDS_KEYS                                                                     \
    "is open to whoever reaches it; make keys with `kf keys new DIR` and give --keys DIR, or say " \
    "--insecure-tcp true"

/* True for tcp://… */
bool kf_endpoint_is_tcp(const char *endpoint);

/* Readies an endpoint that passed kf_endpoint_check for binding; nothing to do for tcp. Makes the
 * folder with mode 0700 when it is absent (its parent must exist); KF_ERR_CONFIG when it is not the
 * user's, others may enter it or put another in its place; KF_ERR_PEER when another process serves
 * the socket. */
enum kf_err kf_endpoint_prepare(const char *endpoint, struct kf_error *err);

#endif

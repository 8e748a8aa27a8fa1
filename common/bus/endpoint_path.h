/* The file system side of ipc:// endpoints: a path that fits, a folder of one's own, a socket that
 * nobody else serves. Internal to the bus.
 *
 * An ipc socket has no password; what protects it is its folder, which must be the user's own and
 * closed to everybody else.
 */
#ifndef KF_BUS_ENDPOINT_PATH_H
#define KF_BUS_ENDPOINT_PATH_H

#include "common/base/error.h"

/* The longest path of an ipc endpoint, in bytes. */
#define KF_IPC_PATH_MAX 107

/* KF_ERR_CONFIG unless `endpoint` is tcp://…, or ipc://PATH with a path that is not too long. */
enum kf_err kf_endpoint_check(const char *endpoint, struct kf_error *err);

/* Readies an endpoint that passed kf_endpoint_check for binding; nothing to do for tcp. Makes the
 * folder with mode 0700 when it is absent (its parent must exist); KF_ERR_CONFIG when it is not the
 * user's or others may enter it, KF_ERR_PEER when another process serves the socket. */
enum kf_err kf_endpoint_prepare(const char *endpoint, struct kf_error *err);

#endif

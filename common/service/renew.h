/* A process that becomes its own program anew: same process id, same arguments, same environment,
 * settings and files read again. What a reload ends with.
 */
#ifndef KF_SERVICE_RENEW_H
#define KF_SERVICE_RENEW_H

#include "common/base/error.h"

/* Executes the running program with `argv`; no descriptor beyond standard error is handed on.
 * Blocked signals stay blocked, so that none is lost on the way. Returns only on failure:
 * KF_ERR_IO. The program file that runs is executed even when another has taken its name since. */
enum kf_err kf_renew(char *const *argv, struct kf_error *err);

#endif

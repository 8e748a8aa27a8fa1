/* Who may talk to a service over tcp: the options `keys` and `insecure-tcp`. Internal to the frame.
 *
 * A tcp endpoint is closed with the keys in the folder `keys`; without them it is refused, for
 * binding and connecting, unless `insecure-tcp` says by name that it may be open. An ipc endpoint
 * needs neither.
 */
#ifndef KF_SERVICE_SECURITY_H
#define KF_SERVICE_SECURITY_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/bus/socket.h"
#include "common/service/option.h"

/* What is to be checked: the settings of a service that has these options, and the key of `role`.
 */
struct kf_security {
    const struct kf_settings *settings;
    const struct kf_option *options;
    size_t options_len;
    const char *role;
};

/* Checks the endpoints and the files of keys. Every fault is a finding; KF_ERR_CONFIG with any. */
enum kf_err kf_security_check(const struct kf_security *self, struct kf_findings *findings,
                              struct kf_error *err);

/* Gives `bus` what the settings say, before a socket is opened. Warns in the log of open tcp. */
enum kf_err kf_security_apply(const struct kf_security *self, struct kf_bus *bus,
                              struct kf_error *err);

#endif

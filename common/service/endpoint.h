/* Where services meet when nobody says otherwise: names of endpoints inside the run directory. */
#ifndef KF_SERVICE_ENDPOINT_H
#define KF_SERVICE_ENDPOINT_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* The default run directory: $XDG_RUNTIME_DIR/kostraflow, or /tmp/kostraflow-UID. */
void kf_endpoint_run_dir(struct kf_text *path);

/* Appends ipc://RUN_DIR/SERVICE-INSTANCE.ROLE, e.g. ipc:///run/kostraflow/need-0.in. Roles: in,
 * receipts, status. */
void kf_endpoint_default(const char *run_dir, const char *service, uint32_t instance,
                         const char *role, struct kf_text *endpoint);

#endif

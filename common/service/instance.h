/* One instance of a service on this machine: its run directory, its lock, and the file that tells
 * tools the port of its HTTP server.
 *
 *     RUN_DIR/need-0.lock   locked while the instance runs; holds its process id
 *     RUN_DIR/need-0.http   the port, as text, while the server listens
 */
#ifndef KF_SERVICE_INSTANCE_H
#define KF_SERVICE_INSTANCE_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

struct kf_instance {
    struct kf_text port_path;
    int lock; /* -1: none */
};

/* Makes the run directory with mode 0700 when it is not there, and takes the lock. KF_ERR_CONFIG
 * when the directory belongs to someone else or is open to others, or when the instance already
 * runs (the text names its process). On failure there is nothing to close. */
enum kf_err kf_instance_open(struct kf_instance *self, const char *run_dir, const char *service,
                             uint32_t number, struct kf_error *err);

/* Writes the port file whole: written beside and renamed. */
enum kf_err kf_instance_write_port(struct kf_instance *self, uint16_t port, struct kf_error *err);

/* Removes the port file and frees the lock. */
void kf_instance_close(struct kf_instance *self);

#endif

/* Status beats, between the model and bytes: a service's pulse, lossy by design. */
#ifndef KF_CODEC_STATUS_H
#define KF_CODEC_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"

enum kf_service_state {
    KF_SERVICE_STARTING = 1,
    KF_SERVICE_READY,
    KF_SERVICE_WAITING, /* alive, but waiting for what `detail` names */
    KF_SERVICE_DRAINING,
};

struct kf_status {
    char service[32];
    uint32_t instance;
    int64_t pid;
    enum kf_service_state state;
    char detail[256];
    uint64_t panels_in;
    uint64_t panels_out;
    uint64_t panels_rejected;
    uint64_t frames_refused;
    char release[KF_RELEASE_ID_SIZE]; /* the newest seen, or "" */
    uint32_t in_progress;
    int64_t time_ms;
};

/* Appends the packed beat to `bytes`. KF_ERR_INTERNAL when it has no state. Texts that are not
 * UTF-8 are cleaned. */
enum kf_err kf_status_pack(const struct kf_status *self, struct kf_text *bytes,
                           struct kf_error *err);

/* KF_ERR_DATA when the bytes are no valid beat. Texts that are too long are cut. */
enum kf_err kf_status_unpack(const void *bytes, size_t length, struct kf_status *status,
                             struct kf_error *err);

#endif

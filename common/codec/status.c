#include "common/codec/status.h"

#include "common/codec/unpack.h"
#include "kf/v1/status.pb-c.h"

_Static_assert((int)KF_SERVICE_STARTING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_STARTING, "");
_Static_assert((int)KF_SERVICE_READY == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_READY, "");
_Static_assert((int)KF_SERVICE_WAITING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_WAITING, "");
_Static_assert((int)KF_SERVICE_DRAINING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_DRAINING, "");

static bool is_known(int state)
{
    return state >= KF_SERVICE_STARTING && state <= KF_SERVICE_DRAINING;
}

enum kf_err kf_status_pack(const struct kf_status *self, struct kf_text *bytes,
                           struct kf_error *err)
{
    if (!is_known((int)self->state)) {
        return kf_error_set(err, KF_ERR_INTERNAL, "status beat without a state");
    }
    struct kf_status clean;
    kf_clean_copy(clean.service, sizeof clean.service, self->service);
    kf_clean_copy(clean.detail, sizeof clean.detail, self->detail);
    kf_clean_copy(clean.release, sizeof clean.release, self->release);
    Kf__V1__StatusBeat message;
    kf__v1__status_beat__init(&message);
    message.service = clean.service;
    message.instance = self->instance;
    message.pid = self->pid;
    message.state = (Kf__V1__ServiceState)self->state;
    message.detail = clean.detail;
    message.panels_in = self->panels_in;
    message.panels_out = self->panels_out;
    message.panels_rejected = self->panels_rejected;
    message.frames_refused = self->frames_refused;
    message.release = clean.release;
    message.in_progress = self->in_progress;
    message.time_ms = self->time_ms;
    return kf_pack(&message.base, bytes, err);
}

static void fill(const Kf__V1__StatusBeat *message, struct kf_status *status)
{
    *status = (struct kf_status){
        .instance = message->instance,
        .pid = message->pid,
        .state = (enum kf_service_state)message->state,
        .panels_in = message->panels_in,
        .panels_out = message->panels_out,
        .panels_rejected = message->panels_rejected,
        .frames_refused = message->frames_refused,
        .in_progress = message->in_progress,
        .time_ms = message->time_ms,
    };
    kf_clean_copy(status->service, sizeof status->service, message->service);
    kf_clean_copy(status->detail, sizeof status->detail, message->detail);
    kf_clean_copy(status->release, sizeof status->release, message->release);
}

enum kf_err kf_status_unpack(const void *bytes, size_t length, struct kf_status *status,
                             struct kf_error *err)
{
    struct kf_unpack unpack;
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    ProtobufCMessage *message = NULL;
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__status_beat__descriptor, bytes, length, &message, err);
    if (code) {
        return code;
    }
    const Kf__V1__StatusBeat *received = (const Kf__V1__StatusBeat *)(const void *)message;
    if (is_known((int)received->state)) {
        fill(received, status);
    } else {
        code = kf_error_set(err, KF_ERR_DATA, "beat in unknown state %d", (int)received->state);
    }
    protobuf_c_message_free_unpacked(message, &unpack.allocator);
    return code;
}

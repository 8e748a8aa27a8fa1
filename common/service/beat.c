#include "common/service/beat.h"

#include "common/bus/frame.h"

void kf_beat_send(struct kf_socket *socket, struct kf_text *frame, const struct kf_status *beat)
{
    kf_frame_begin(frame);
    if (kf_status_pack(beat, frame, NULL) == KF_OK &&
        kf_frame_seal(frame, KF_FRAME_STATUS, NULL) == KF_OK) {
        (void)kf_socket_send(socket, frame, NULL);
    }
}

enum kf_err kf_beat_receive(struct kf_socket *socket, struct kf_text *frame, struct kf_status *beat,
                            struct kf_error *err)
{
    const void *payload = NULL;
    size_t length = 0;
    enum kf_err code = kf_socket_receive(socket, frame, err);
    if (code == KF_OK) {
        code = kf_frame_open(frame->bytes, frame->length, KF_FRAME_STATUS, &payload, &length, err);
    }
    return code == KF_OK ? kf_status_unpack(payload, length, beat, err) : code;
}

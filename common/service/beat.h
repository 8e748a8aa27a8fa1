/* A beat on its way: how a service is, sealed in a frame, sent and received. */
#ifndef KF_SERVICE_BEAT_H
#define KF_SERVICE_BEAT_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/bus/socket.h"
#include "common/codec/status.h"

/* Packs `beat` into `frame` and sends it to whoever listens. A beat that cannot be packed or sent
 * is left out: the next one follows. */
void kf_beat_send(struct kf_socket *socket, struct kf_text *frame, const struct kf_status *beat);

/* Takes the next message off `socket`, through `frame`: KF_OK and `*beat`; KF_ERR_AGAIN when there
 * is none now; any other error when it is no beat, or there is no memory for it, which is a beat
 * that got lost. */
enum kf_err kf_beat_receive(struct kf_socket *socket, struct kf_text *frame, struct kf_status *beat,
                            struct kf_error *err);

#endif

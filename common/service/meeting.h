/* Where a service meets a neighbour: one ZeroMQ socket, opened as the service's options say. */
#ifndef KF_SERVICE_MEETING_H
#define KF_SERVICE_MEETING_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/bus/frame.h"
#include "common/bus/socket.h"
#include "common/codec/envelope.h"
#include "common/service/service.h"

/* The largest frame that carries a panel. */
#define KF_MEETING_PANEL_BYTES_MAX (KF_ENVELOPE_BYTES_MAX + KF_FRAME_HEADER_SIZE)

/* kf_socket_pull or kf_socket_push. */
typedef enum kf_err kf_meeting_open(struct kf_bus *bus, const char *endpoint,
                                    const struct kf_socket_options *limits,
                                    struct kf_socket **socket, struct kf_error *err);

struct kf_meeting {
    const char *option;  /* names the endpoints; when it is empty: */
    const char *service; /* ipc://RUN_DIR/SERVICE-INSTANCE.ROLE */
    uint32_t instance;
    const char *role;
    kf_meeting_open *open;
    struct kf_socket_options limits;
};

/* Opens the socket; the caller destroys it. KF_ERR_CONFIG when the endpoint cannot be used. */
enum kf_err kf_service_meet(struct kf_service *service, const struct kf_meeting *meeting,
                            struct kf_socket **socket, struct kf_error *err);

#endif

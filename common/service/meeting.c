#include "common/service/meeting.h"

#define ENDPOINT_BYTES_MAX 8192

enum kf_err kf_service_meet(struct kf_service *service, const struct kf_meeting *meeting,
                            struct kf_socket **socket, struct kf_error *err)
{
    struct kf_text endpoint;
    kf_text_init(&endpoint, ENDPOINT_BYTES_MAX);
    kf_service_endpoint(service, meeting->option, meeting->service, meeting->instance,
                        meeting->role, &endpoint);
    enum kf_err code =
        endpoint.failed
            ? kf_text_error(&endpoint, err, KF_ERR_CONFIG, "--%s is too long", meeting->option)
            : meeting->open(kf_service_bus(service), endpoint.bytes, &meeting->limits, socket, err);
    kf_text_clear(&endpoint);
    return code;
}

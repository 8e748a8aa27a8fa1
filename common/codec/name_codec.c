#include "common/codec/name_codec.h"

Kf__V1__Name *kf_name_to_message(const struct kf_name *name, struct kf_scratch *scratch)
{
    Kf__V1__Name *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__name__init(message);
        message->nb = kf_scratch_text(scratch, name->nb);
        message->en = kf_scratch_text(scratch, name->en);
    }
    return message;
}

struct kf_name kf_name_from_message(const Kf__V1__Name *message, struct kf_scratch *scratch)
{
    return (struct kf_name){
        .nb = kf_scratch_copy(scratch, message ? message->nb : ""),
        .en = kf_scratch_copy(scratch, message ? message->en : ""),
    };
}

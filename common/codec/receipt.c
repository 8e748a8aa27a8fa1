#include "common/codec/receipt.h"

#include "common/codec/unpack.h"
#include "kf/v1/receipt.pb-c.h"

_Static_assert((int)KF_RECEIPT_STARTED == (int)KF__V1__RECEIPT_STATE__RECEIPT_STATE_STARTED, "");
_Static_assert((int)KF_RECEIPT_HELD == (int)KF__V1__RECEIPT_STATE__RECEIPT_STATE_HELD, "");
_Static_assert((int)KF_RECEIPT_COMMITTED == (int)KF__V1__RECEIPT_STATE__RECEIPT_STATE_COMMITTED,
               "");
_Static_assert((int)KF_RECEIPT_REJECTED == (int)KF__V1__RECEIPT_STATE__RECEIPT_STATE_REJECTED, "");

static bool is_known(int state)
{
    return state >= KF_RECEIPT_STARTED && state <= KF_RECEIPT_REJECTED;
}

enum kf_err kf_receipt_pack(const struct kf_receipt *self, struct kf_text *bytes,
                            struct kf_error *err)
{
    if (!is_known((int)self->state)) {
        return kf_error_set(err, KF_ERR_INTERNAL, "receipt without a state");
    }
    struct kf_receipt clean;
    kf_clean_copy(clean.release, sizeof clean.release, self->release);
    kf_clean_copy(clean.publisher, sizeof clean.publisher, self->publisher);
    kf_clean_copy(clean.reason, sizeof clean.reason, self->reason);
    Kf__V1__Receipt message;
    kf__v1__receipt__init(&message);
    message.state = (Kf__V1__ReceiptState)self->state;
    message.release = clean.release;
    message.index = self->index;
    message.publisher = clean.publisher;
    message.rows = self->rows;
    message.panels_rejected = self->panels_rejected;
    message.reason = clean.reason;
    return kf_pack(&message.base, bytes, err);
}

static void fill(const Kf__V1__Receipt *message, struct kf_receipt *receipt)
{
    *receipt = (struct kf_receipt){
        .state = (enum kf_receipt_state)message->state,
        .index = message->index,
        .rows = message->rows,
        .panels_rejected = message->panels_rejected,
    };
    kf_clean_copy(receipt->release, sizeof receipt->release, message->release);
    kf_clean_copy(receipt->publisher, sizeof receipt->publisher, message->publisher);
    kf_clean_copy(receipt->reason, sizeof receipt->reason, message->reason);
}

enum kf_err kf_receipt_unpack(const void *bytes, size_t length, struct kf_receipt *receipt,
                              struct kf_error *err)
{
    struct kf_unpack unpack;
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    ProtobufCMessage *message = NULL;
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__receipt__descriptor, bytes, length, &message, err);
    if (code) {
        return code;
    }
    const Kf__V1__Receipt *received = (const Kf__V1__Receipt *)(const void *)message;
    if (is_known((int)received->state)) {
        fill(received, receipt);
    } else {
        code = kf_error_set(err, KF_ERR_DATA, "receipt in unknown state %d", (int)received->state);
    }
    protobuf_c_message_free_unpacked(message, &unpack.allocator);
    return code;
}

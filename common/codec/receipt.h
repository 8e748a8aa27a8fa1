/* Receipts from publish to ingest, between the model and bytes. */
#ifndef KF_CODEC_RECEIPT_H
#define KF_CODEC_RECEIPT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"

#define KF_PUBLISHER_SIZE 33
#define KF_REASON_SIZE    256

enum kf_receipt_state {
    KF_RECEIPT_STARTED = 1, /* the publisher has started and holds nothing */
    KF_RECEIPT_HELD,        /* it holds this panel: its place in the window is free */
    KF_RECEIPT_COMMITTED,   /* the release is on the topics, whole */
    KF_RECEIPT_REJECTED,    /* nothing of it could be computed; its dead letters are on the topic */
};

struct kf_receipt {
    enum kf_receipt_state state;
    char release[KF_RELEASE_ID_SIZE];
    uint32_t index;
    char publisher[KF_PUBLISHER_SIZE]; /* changes when the publisher is restarted */
    uint64_t rows;
    uint32_t panels_rejected;
    char reason[KF_REASON_SIZE];
};

/* Appends the packed receipt to `bytes`. KF_ERR_INTERNAL when it has no state. Texts that are not
 * UTF-8 are cleaned. */
enum kf_err kf_receipt_pack(const struct kf_receipt *self, struct kf_text *bytes,
                            struct kf_error *err);

/* KF_ERR_DATA when the bytes are no valid receipt. Texts that are too long are cut. */
enum kf_err kf_receipt_unpack(const void *bytes, size_t length, struct kf_receipt *receipt,
                              struct kf_error *err);

#endif

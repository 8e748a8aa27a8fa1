#include "services/publish/outbox.h"

#include <stdio.h>

#include "common/base/crash.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/bus/frame.h"
#include "common/codec/letter.h"

#define RECEIPT_BYTES_MAX (KF_LETTERS_BYTES_MAX + 4096)

struct kf_outbox {
    struct kf_socket *socket;
    const struct kf_recent *recent;
    char publisher[KF_PUBLISHER_SIZE];
    struct kf_receipt receipts[KF_OUTBOX_MAX]; /* a ring */
    size_t first;
    size_t length;
    struct kf_text frame;
};

struct kf_outbox *kf_outbox_new(struct kf_socket *socket, const char *publisher,
                                const struct kf_recent *recent)
{
    struct kf_outbox *self = kf_calloc(1, sizeof *self);

    if (self != NULL) {
        self->socket = socket;
        self->recent = recent;
        (void)snprintf(self->publisher, sizeof self->publisher, "%s", publisher);
        kf_text_init(&self->frame, RECEIPT_BYTES_MAX);
    }
    return self;
}

void kf_outbox_destroy(struct kf_outbox **self)
{
    if (*self == NULL) {
        return;
    }
    kf_text_clear(&(*self)->frame);
    kf_free(*self);
    *self = NULL;
}

static void remove_first(struct kf_outbox *self)
{
    self->first = (self->first + 1) % KF_OUTBOX_MAX;
    self->length--;
}

void kf_outbox_add(struct kf_outbox *self, const struct kf_receipt *receipt)
{
    if (self->length == KF_OUTBOX_MAX) {
        remove_first(self);
    }
    struct kf_receipt *last = &self->receipts[(self->first + self->length) % KF_OUTBOX_MAX];
    *last = *receipt;
    (void)snprintf(last->publisher, sizeof last->publisher, "%s", self->publisher);
    self->length++;
}

/* Packed letters behind a packed receipt are one message with it. */
static void add_letters(struct kf_outbox *self, const struct kf_receipt *receipt)
{
    bool closing = receipt->state == KF_RECEIPT_COMMITTED || receipt->state == KF_RECEIPT_REJECTED;
    const struct kf_text *letters =
        closing ? kf_recent_letters(self->recent, receipt->release) : NULL;

    if (letters != NULL) {
        kf_text_add_bytes(&self->frame, letters->bytes, letters->length);
    }
}

static enum kf_err pack(struct kf_outbox *self, struct kf_error *err)
{
    kf_frame_begin(&self->frame);
    enum kf_err result = kf_receipt_pack(&self->receipts[self->first], &self->frame, err);
    if (result == KF_OK) {
        add_letters(self, &self->receipts[self->first]);
    }
    return result == KF_OK ? kf_frame_seal(&self->frame, KF_FRAME_RECEIPT, err) : result;
}

enum kf_err kf_outbox_send(struct kf_outbox *self, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    while (self->length > 0 && result == KF_OK) {
        result = pack(self, err);
        if (result == KF_OK) {
            KF_CRASH_POINT("publish.telling");
            result = kf_socket_send(self->socket, &self->frame, err);
        }
        if (result == KF_OK) {
            KF_CRASH_POINT("publish.told");
            remove_first(self);
        }
    }
    return result;
}

size_t kf_outbox_length(const struct kf_outbox *self)
{
    return self->length;
}

bool kf_outbox_has_room(const struct kf_outbox *self, size_t more)
{
    return KF_OUTBOX_MAX - self->length >= more;
}

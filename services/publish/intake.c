/* Frames in: each becomes a panel of a release being collected, and a receipt. */
#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/base/log.h"
#include "common/bus/frame.h"
#include "services/publish/state.h"

#define FRAMES_PER_WAKE 8

/* Of a release that is given up: once that it is, and each of its panels in the count. */
static void say_given_up(struct kf_publish *self, const struct kf_assembly_drops *drops,
                         const char *release, uint32_t panels)
{
    if (drops->given_up) {
        kf_log(KF_LOG_WARN, "release-too-large",
               "release=%s panels=%u next=\"its panels become dead letters\" "
               "remedy=\"give smaller inputs, or raise hold-bytes-max\"",
               release, panels);
    }
    for (uint32_t i = 0; i < drops->rejected; i++) {
        kf_service_count_rejected(self->service);
    }
}

static void say_dropped(struct kf_publish *self, const struct kf_assembly_drops *drops)
{
    for (size_t i = 0; i < drops->length; i++) {
        kf_log(KF_LOG_WARN, "release-dropped",
               "release=%s held=%u panels=%u next=\"ingest sends it again\"",
               drops->list[i].release, drops->list[i].held, drops->list[i].panels);
        kf_metric_increase(self->metrics.dropped, 1);
    }
}

static void tell_held(struct kf_publish *self, const char *release, uint32_t index)
{
    struct kf_receipt receipt = {.state = KF_RECEIPT_HELD, .index = index};

    (void)snprintf(receipt.release, sizeof receipt.release, "%s", release);
    kf_outbox_add(self->outbox, &receipt);
}

static void say_complete(const struct kf_publish *self, const char *release, uint32_t panels)
{
    kf_log(KF_LOG_INFO, "release-complete", "release=%s panels=%u bytes=%zu", release, panels,
           kf_assembly_bytes(self->assembly));
    KF_CRASH_POINT("publish.complete");
}

static void collect(struct kf_publish *self, struct kf_envelope *envelope)
{
    struct kf_assembly_drops drops;
    struct kf_error err;
    char release[KF_RELEASE_ID_SIZE];
    uint32_t index = envelope->index;
    uint32_t panels = envelope->release.panels;

    memcpy(release, envelope->release.id, sizeof release);
    kf_service_set_release(self->service, release);
    enum kf_assembly_verdict verdict = kf_assembly_accept(self->assembly, &envelope, &drops, &err);
    say_dropped(self, &drops);
    if (verdict == KF_ASSEMBLY_REFUSED) {
        kf_service_refuse(self->service, &err);
        return;
    }
    say_given_up(self, &drops, release, panels);
    tell_held(self, release, index);
    if (verdict != KF_ASSEMBLY_DUPLICATE) {
        kf_service_count_in(self->service);
    }
    KF_CRASH_POINT("publish.held");
    if (verdict == KF_ASSEMBLY_COMPLETED) {
        say_complete(self, release, panels);
    }
}

static enum kf_err open_frame(const struct kf_text *frame, struct kf_envelope **envelope,
                              struct kf_error *err)
{
    const void *payload = NULL;
    size_t length = 0;
    enum kf_err result =
        kf_frame_open(frame->bytes, frame->length, KF_FRAME_ENVELOPE, &payload, &length, err);

    return result == KF_OK ? kf_envelope_unpack(payload, length, envelope, err) : result;
}

static void take_frame(struct kf_publish *self)
{
    struct kf_envelope *envelope = NULL;
    struct kf_error err;

    KF_CRASH_POINT("publish.received");
    if (open_frame(&self->received, &envelope, &err) != KF_OK) {
        kf_service_refuse(self->service, &err);
        return;
    }
    const struct kf_receipt *closing = kf_recent_find(&self->recent, envelope->release.id);
    if (closing != NULL) {
        kf_outbox_add(self->outbox, closing);
        kf_envelope_destroy(&envelope);
        return;
    }
    collect(self, envelope);
}

bool kf_publish_can_take(const struct kf_publish *self)
{
    return kf_outbox_has_room(self->outbox, FRAMES_PER_WAKE + 1);
}

/* What was refused is told; what found no memory will come again. */
static enum kf_err receive(struct kf_publish *self, struct kf_error *err)
{
    enum kf_err result = kf_socket_receive(self->input, &self->received, err);

    if (result == KF_OK) {
        take_frame(self);
    } else if (result == KF_ERR_DATA || result == KF_ERR_LIMIT || result == KF_ERR_MEMORY) {
        kf_service_refuse(self->service, err);
        result = KF_OK;
    }
    return result;
}

enum kf_err kf_publish_intake(struct kf_publish *self, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (int i = 0; i < FRAMES_PER_WAKE && result == KF_OK; i++) {
        result = receive(self, err);
    }
    kf_service_set_in_progress(self->service, kf_assembly_panels(self->assembly));
    kf_metric_set(self->metrics.held_panels, kf_assembly_panels(self->assembly));
    kf_metric_set(self->metrics.held_bytes, (double)kf_assembly_bytes(self->assembly));
    return result;
}

#include "common/codec/status.h"

#include <string.h>

#include "common/codec/unpack.h"
#include "kf/v1/status.pb-c.h"

_Static_assert((int)KF_SERVICE_STARTING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_STARTING, "");
_Static_assert((int)KF_SERVICE_READY == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_READY, "");
_Static_assert((int)KF_SERVICE_WAITING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_WAITING, "");
_Static_assert((int)KF_SERVICE_DRAINING == (int)KF__V1__SERVICE_STATE__SERVICE_STATE_DRAINING, "");

_Static_assert((int)KF_STATUS_KAFKA_CONNECTING == (int)KF__V1__KAFKA_STATE__KAFKA_STATE_CONNECTING,
               "");
_Static_assert((int)KF_STATUS_KAFKA_REPLACED == (int)KF__V1__KAFKA_STATE__KAFKA_STATE_REPLACED, "");

/* The parts of a message, and the texts that they point to. */
struct packing {
    struct kf_status clean;
    Kf__V1__StatusBeat beat;
    Kf__V1__IngestStatus ingest;
    Kf__V1__HeldRelease held[KF_STATUS_HELD_MAX];
    Kf__V1__HeldRelease *held_list[KF_STATUS_HELD_MAX];
    Kf__V1__ReleasePhases phases[KF_STATUS_PHASES_MAX];
    Kf__V1__ReleasePhases *phases_list[KF_STATUS_PHASES_MAX];
    Kf__V1__PublishStatus publish;
};

static bool is_known(int state)
{
    return state >= KF_SERVICE_STARTING && state <= KF_SERVICE_DRAINING;
}

static bool is_known_kafka(int state)
{
    return state >= KF_STATUS_KAFKA_CONNECTING && state <= KF_STATUS_KAFKA_REPLACED;
}

/* --- packing: ingest ------------------------------------------------------------------------- */

static void pack_held(struct packing *self, const struct kf_status_ingest *ingest)
{
    self->ingest.n_held = ingest->held_len;
    self->ingest.held = self->held_list;
    for (size_t i = 0; i < ingest->held_len; i++) {
        const struct kf_status_held *from = &ingest->held[i];
        struct kf_status_held *clean = &self->clean.ingest.held[i];
        Kf__V1__HeldRelease *held = &self->held[i];
        kf_clean_copy(clean->release, sizeof clean->release, from->release);
        kf_clean_copy(clean->input, sizeof clean->input, from->input);
        kf_clean_copy(clean->reason, sizeof clean->reason, from->reason);
        kf__v1__held_release__init(held);
        held->release = clean->release;
        held->input = clean->input;
        held->since_ms = from->since_ms;
        held->reason = clean->reason;
        self->held_list[i] = held;
    }
}

static void pack_phases(struct packing *self, const struct kf_status_ingest *ingest)
{
    self->ingest.n_phases = ingest->phases_len;
    self->ingest.phases = self->phases_list;
    for (size_t i = 0; i < ingest->phases_len; i++) {
        const struct kf_phases *from = &ingest->phases[i];
        struct kf_phases *clean = &self->clean.ingest.phases[i];
        Kf__V1__ReleasePhases *phases = &self->phases[i];
        kf_clean_copy(clean->release, sizeof clean->release, from->release);
        kf__v1__release_phases__init(phases);
        phases->release = clean->release;
        phases->discovered_ms = from->discovered_ms;
        phases->recorded_ms = from->recorded_ms;
        phases->sent_ms = from->sent_ms;
        phases->held_ms = from->held_ms;
        phases->committed_ms = from->committed_ms;
        phases->attempts = from->attempts;
        self->phases_list[i] = phases;
    }
}

static void pack_ingest(struct packing *self, const struct kf_status_ingest *ingest)
{
    struct kf_status_ingest *clean = &self->clean.ingest;
    Kf__V1__IngestStatus *message = &self->ingest;
    kf__v1__ingest_status__init(message);
    kf_clean_copy(clean->next_publication, sizeof clean->next_publication,
                  ingest->next_publication);
    message->window = ingest->window;
    message->in_flight = ingest->in_flight;
    message->waiting = ingest->waiting;
    message->held_by_publish = ingest->held_by_publish;
    message->releases_open = ingest->releases_open;
    message->oldest_unreceipted_ms = ingest->oldest_unreceipted_ms;
    message->held_total = ingest->held_total;
    message->next_publication_ms = ingest->next_publication_ms;
    message->next_publication = clean->next_publication;
    pack_held(self, ingest);
    pack_phases(self, ingest);
    self->beat.ingest = message;
}

/* --- packing --------------------------------------------------------------------------------- */

static void pack_publish(struct packing *self, const struct kf_status_publish *publish)
{
    struct kf_status_publish *clean = &self->clean.publish;
    Kf__V1__PublishStatus *message = &self->publish;
    kf__v1__publish_status__init(message);
    kf_clean_copy(clean->detail, sizeof clean->detail, publish->detail);
    message->kafka = (Kf__V1__KafkaState)publish->kafka;
    message->detail = clean->detail;
    message->last_commit_ms = publish->last_commit_ms;
    message->releases = publish->releases;
    message->rows = publish->rows;
    self->beat.publish = message;
}

static void pack_common(struct packing *self, const struct kf_status *status)
{
    struct kf_status *clean = &self->clean;
    Kf__V1__StatusBeat *message = &self->beat;
    kf_clean_copy(clean->service, sizeof clean->service, status->service);
    kf_clean_copy(clean->detail, sizeof clean->detail, status->detail);
    kf_clean_copy(clean->release, sizeof clean->release, status->release);
    kf__v1__status_beat__init(message);
    message->service = clean->service;
    message->instance = status->instance;
    message->pid = status->pid;
    message->state = (Kf__V1__ServiceState)status->state;
    message->detail = clean->detail;
    message->panels_in = status->panels_in;
    message->panels_out = status->panels_out;
    message->panels_rejected = status->panels_rejected;
    message->frames_refused = status->frames_refused;
    message->release = clean->release;
    message->in_progress = status->in_progress;
    message->time_ms = status->time_ms;
    message->since_ms = status->since_ms;
}

enum kf_err kf_status_pack(const struct kf_status *self, struct kf_text *bytes,
                           struct kf_error *err)
{
    struct packing packing;
    if (!is_known((int)self->state)) {
        return kf_error_set(err, KF_ERR_INTERNAL, "status beat without a state");
    }
    if (self->has_publish && !is_known_kafka((int)self->publish.kafka)) {
        return kf_error_set(err, KF_ERR_INTERNAL, "status beat without a state of Kafka");
    }
    pack_common(&packing, self);
    if (self->has_ingest) {
        pack_ingest(&packing, &self->ingest);
    }
    if (self->has_publish) {
        pack_publish(&packing, &self->publish);
    }
    return kf_pack(&packing.beat.base, bytes, err);
}

/* --- unpacking ------------------------------------------------------------------------------- */

static size_t at_most(size_t count, size_t maximum)
{
    return count < maximum ? count : maximum;
}

static void fill_held(const Kf__V1__IngestStatus *message, struct kf_status_ingest *ingest)
{
    ingest->held_len = at_most(message->n_held, KF_STATUS_HELD_MAX);
    for (size_t i = 0; i < ingest->held_len; i++) {
        const Kf__V1__HeldRelease *from = message->held[i];
        struct kf_status_held *held = &ingest->held[i];
        kf_clean_copy(held->release, sizeof held->release, from->release);
        kf_clean_copy(held->input, sizeof held->input, from->input);
        kf_clean_copy(held->reason, sizeof held->reason, from->reason);
        held->since_ms = from->since_ms;
    }
}

static void fill_phases(const Kf__V1__IngestStatus *message, struct kf_status_ingest *ingest)
{
    ingest->phases_len = at_most(message->n_phases, KF_STATUS_PHASES_MAX);
    for (size_t i = 0; i < ingest->phases_len; i++) {
        const Kf__V1__ReleasePhases *from = message->phases[i];
        struct kf_phases *phases = &ingest->phases[i];
        kf_clean_copy(phases->release, sizeof phases->release, from->release);
        phases->discovered_ms = from->discovered_ms;
        phases->recorded_ms = from->recorded_ms;
        phases->sent_ms = from->sent_ms;
        phases->held_ms = from->held_ms;
        phases->committed_ms = from->committed_ms;
        phases->attempts = from->attempts;
    }
}

static void fill_ingest(const Kf__V1__IngestStatus *message, struct kf_status_ingest *ingest)
{
    ingest->window = message->window;
    ingest->in_flight = message->in_flight;
    ingest->waiting = message->waiting;
    ingest->held_by_publish = message->held_by_publish;
    ingest->releases_open = message->releases_open;
    ingest->oldest_unreceipted_ms = message->oldest_unreceipted_ms;
    ingest->held_total = message->held_total;
    ingest->next_publication_ms = message->next_publication_ms;
    kf_clean_copy(ingest->next_publication, sizeof ingest->next_publication,
                  message->next_publication);
    fill_held(message, ingest);
    fill_phases(message, ingest);
}

static void fill_publish(const Kf__V1__PublishStatus *message, struct kf_status_publish *publish)
{
    publish->kafka = (enum kf_status_kafka)message->kafka;
    publish->last_commit_ms = message->last_commit_ms;
    publish->releases = message->releases;
    publish->rows = message->rows;
    kf_clean_copy(publish->detail, sizeof publish->detail, message->detail);
}

/* Zeroed to the last byte first, so that equal beats are equal bytes. */
static void fill(const Kf__V1__StatusBeat *message, struct kf_status *status)
{
    memset(status, 0, sizeof *status);
    status->instance = message->instance;
    status->pid = message->pid;
    status->state = (enum kf_service_state)message->state;
    status->panels_in = message->panels_in;
    status->panels_out = message->panels_out;
    status->panels_rejected = message->panels_rejected;
    status->frames_refused = message->frames_refused;
    status->in_progress = message->in_progress;
    status->time_ms = message->time_ms;
    status->since_ms = message->since_ms;
    kf_clean_copy(status->service, sizeof status->service, message->service);
    kf_clean_copy(status->detail, sizeof status->detail, message->detail);
    kf_clean_copy(status->release, sizeof status->release, message->release);
    status->has_ingest = message->ingest != NULL;
    if (status->has_ingest) {
        fill_ingest(message->ingest, &status->ingest);
    }
    status->has_publish = message->publish && is_known_kafka((int)message->publish->kafka);
    if (status->has_publish) {
        fill_publish(message->publish, &status->publish);
    }
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

#include "common/codec/envelope.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/codec/panel_codec.h"
#include "common/codec/rejection_codec.h"
#include "common/codec/scratch.h"
#include "common/codec/unpack.h"

#define SCRATCH_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* --- life cycle ------------------------------------------------------------------------------ */

struct kf_envelope *kf_envelope_new(void)
{
    struct kf_envelope *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->release.vintage = "";
    self->release.program = "";
    self->arena = kf_arena_new(KF_ENVELOPE_BYTES_MAX);
    if (!self->arena) {
        kf_envelope_destroy(&self);
    }
    return self;
}

static void drop_rejection(struct kf_envelope *self)
{
    if (self->rejection) {
        kf_findings_clear(&self->rejection->findings);
        self->rejection = NULL; /* its memory is the arena's */
    }
}

void kf_envelope_destroy(struct kf_envelope **self)
{
    if (!self || !*self) {
        return;
    }
    drop_rejection(*self);
    kf_panel_destroy(&(*self)->panel);
    kf_arena_destroy(&(*self)->arena);
    kf_free(*self);
    *self = NULL;
}

/* --- filling --------------------------------------------------------------------------------- */

static enum kf_err check_limits(size_t sources, size_t panels, struct kf_error *err)
{
    if (sources > KF_SOURCES_MAX || panels > KF_RELEASE_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "release of %zu sources and %zu panels, at most %d and %d are allowed",
                            sources, panels, KF_SOURCES_MAX, KF_RELEASE_PANELS_MAX);
    }
    return KF_OK;
}

static const struct kf_source *copy_sources(const struct kf_release *release,
                                            struct kf_scratch *scratch)
{
    struct kf_source *copies = kf_scratch_array(scratch, release->sources_len, sizeof *copies);
    for (size_t i = 0; copies && i < release->sources_len; i++) {
        const struct kf_source *source = &release->sources[i];
        copies[i] = (struct kf_source){
            .name = kf_scratch_copy(scratch, source->name),
            .digest = kf_scratch_copy(scratch, source->digest),
            .bytes = source->bytes,
            .updated = kf_scratch_copy(scratch, source->updated),
        };
    }
    return copies;
}

enum kf_err kf_envelope_set_release(struct kf_envelope *self, const struct kf_release *release,
                                    struct kf_error *err)
{
    enum kf_err code = check_limits(release->sources_len, release->panels, err);
    if (code) {
        return code;
    }
    struct kf_scratch scratch = {.arena = self->arena};
    struct kf_release copy = *release;
    copy.sources = copy_sources(release, &scratch);
    copy.vintage = kf_scratch_copy(&scratch, release->vintage);
    copy.program = kf_scratch_copy(&scratch, release->program);
    code = kf_scratch_result(&scratch, err);
    if (!code) {
        self->release = copy;
    }
    return code;
}

enum kf_err kf_envelope_reject(struct kf_envelope *self, const char *stage, const char *reason,
                               struct kf_findings *findings, struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = self->arena};
    struct kf_rejection *rejection = kf_scratch_array(&scratch, 1, sizeof *rejection);
    if (rejection) {
        rejection->stage = kf_scratch_copy(&scratch, stage);
        rejection->reason = kf_scratch_copy(&scratch, reason);
        rejection->edition = kf_scratch_copy(&scratch, self->panel ? self->panel->edition->id : "");
        rejection->year = self->panel ? self->panel->year : 0;
    }
    enum kf_err code = kf_scratch_result(&scratch, err);
    if (code) {
        return code;
    }
    kf_findings_init(&rejection->findings);
    if (findings) {
        rejection->findings = *findings;
        kf_findings_init(findings);
    }
    drop_rejection(self);
    self->rejection = rejection;
    kf_panel_destroy(&self->panel);
    return KF_OK;
}

/* --- what an envelope must hold -------------------------------------------------------------- */

static bool is_release_id(const char *text)
{
    return strnlen(text, KF_RELEASE_ID_SIZE) == KF_RELEASE_ID_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == KF_RELEASE_ID_SIZE - 1;
}

/* What is wrong with it, or NULL. The same for what goes out and what comes in. */
static const char *fault_of(const char *release_id, uint32_t index, uint32_t panels, bool has_body)
{
    if (!is_release_id(release_id)) {
        return "its release id is not 32 hexadecimal digits";
    }
    if (index >= panels) {
        return "its index is beyond the panels of the release";
    }
    return has_body ? NULL : "it holds neither a panel nor a rejection";
}

/* --- packing --------------------------------------------------------------------------------- */

static void release_to_message(const struct kf_release *release, Kf__V1__Release *message,
                               struct kf_scratch *scratch)
{
    kf__v1__release__init(message);
    message->id = kf_borrow(release->id);
    message->discovered_ms = release->discovered_ms;
    message->panels = release->panels;
    message->sources = kf_sources_to_messages(release->sources, release->sources_len, scratch);
    message->n_sources = message->sources ? release->sources_len : 0;
    message->vintage = kf_scratch_text(scratch, release->vintage);
    message->program = kf_scratch_text(scratch, release->program);
}

static enum kf_err body_to_message(const struct kf_envelope *self, Kf__V1__Envelope *message,
                                   struct kf_scratch *scratch, struct kf_error *err)
{
    if (self->panel) {
        message->body_case = KF__V1__ENVELOPE__BODY_PANEL;
        return kf_panel_to_message(self->panel, scratch->arena, &message->panel, err);
    }
    message->body_case = KF__V1__ENVELOPE__BODY_REJECTION;
    message->rejection = kf_rejection_to_message(self->rejection, scratch);
    return KF_OK;
}

static enum kf_err pack(const struct kf_envelope *self, struct kf_arena *arena,
                        struct kf_text *bytes, struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = arena};
    Kf__V1__Release release;
    release_to_message(&self->release, &release, &scratch);
    Kf__V1__Envelope message;
    kf__v1__envelope__init(&message);
    message.release = &release;
    message.index = self->index;
    message.attempt = self->attempt;
    enum kf_err code = body_to_message(self, &message, &scratch, err);
    if (!code) {
        code = kf_scratch_result(&scratch, err);
    }
    return code ? code : kf_pack(&message.base, bytes, err);
}

enum kf_err kf_envelope_pack(const struct kf_envelope *self, struct kf_text *bytes,
                             struct kf_error *err)
{
    bool has_body = (self->panel != NULL) != (self->rejection != NULL);
    const char *fault = fault_of(self->release.id, self->index, self->release.panels, has_body);
    if (fault) {
        return kf_error_set(err, KF_ERR_INTERNAL, "envelope cannot be packed: %s", fault);
    }
    struct kf_arena *arena = kf_arena_new(SCRATCH_BYTES_MAX);
    if (!arena) {
        return kf_codec_no_memory(err);
    }
    enum kf_err code = pack(self, arena, bytes, err);
    kf_arena_destroy(&arena);
    return code;
}

/* --- unpacking ------------------------------------------------------------------------------- */

static enum kf_err check_message(const Kf__V1__Envelope *message, struct kf_error *err)
{
    const Kf__V1__Release *release = message->release;
    if (!release) {
        return kf_error_set(err, KF_ERR_DATA, "envelope without a release");
    }
    bool has_body = (message->body_case == KF__V1__ENVELOPE__BODY_PANEL && message->panel) ||
                    (message->body_case == KF__V1__ENVELOPE__BODY_REJECTION && message->rejection);
    const char *fault = fault_of(release->id, message->index, release->panels, has_body);
    if (fault) {
        return kf_error_set(err, KF_ERR_DATA, "envelope is not valid: %s", fault);
    }
    return check_limits(release->n_sources, release->panels, err);
}

static enum kf_err release_from_message(const Kf__V1__Release *message, struct kf_envelope *self,
                                        struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = self->arena};
    struct kf_source *sources = kf_scratch_array(&scratch, message->n_sources, sizeof *sources);
    for (size_t i = 0; sources && i < message->n_sources; i++) {
        const Kf__V1__Source *from = message->sources[i];
        sources[i] = (struct kf_source){
            .name = kf_scratch_copy(&scratch, from->name),
            .digest = kf_scratch_copy(&scratch, from->digest),
            .bytes = from->bytes,
            .updated = kf_scratch_copy(&scratch, from->updated),
        };
    }
    self->release = (struct kf_release){
        .discovered_ms = message->discovered_ms,
        .panels = message->panels,
        .sources = sources,
        .sources_len = message->n_sources,
        .vintage = kf_scratch_copy(&scratch, message->vintage),
        .program = kf_scratch_copy(&scratch, message->program),
    };
    kf_clean_copy(self->release.id, sizeof self->release.id, message->id);
    return kf_scratch_result(&scratch, err);
}

static enum kf_err fill(const Kf__V1__Envelope *message, struct kf_envelope *self,
                        struct kf_error *err)
{
    enum kf_err code = release_from_message(message->release, self, err);
    if (code) {
        return code;
    }
    self->index = message->index;
    self->attempt = message->attempt;
    if (message->body_case == KF__V1__ENVELOPE__BODY_PANEL) {
        return kf_panel_from_message(message->panel, &self->panel, err);
    }
    return kf_rejection_from_message(message->rejection, self->arena, &self->rejection, err);
}

static enum kf_err from_message(const Kf__V1__Envelope *message, struct kf_envelope **envelope,
                                struct kf_error *err)
{
    enum kf_err code = check_message(message, err);
    if (code) {
        return code;
    }
    struct kf_envelope *built = kf_envelope_new();
    if (!built) {
        return kf_codec_no_memory(err);
    }
    code = fill(message, built, err);
    if (!code) {
        code = kf_unpack_check_known(&message->base, err);
    }
    if (code) {
        kf_envelope_destroy(&built);
        return code;
    }
    *envelope = built;
    return KF_OK;
}

enum kf_err kf_envelope_unpack(const void *bytes, size_t length, struct kf_envelope **envelope,
                               struct kf_error *err)
{
    if (length > KF_ENVELOPE_BYTES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "envelope of %zu bytes, at most %zu are allowed",
                            length, KF_ENVELOPE_BYTES_MAX);
    }
    struct kf_unpack unpack;
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    ProtobufCMessage *message = NULL;
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__envelope__descriptor, bytes, length, &message, err);
    if (code) {
        return code;
    }
    code = from_message((const Kf__V1__Envelope *)(const void *)message, envelope, err);
    protobuf_c_message_free_unpacked(message, &unpack.allocator);
    return code;
}

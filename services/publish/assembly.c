#include "services/publish/assembly.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/receipt.h"
#include "services/publish/stub.h"

#define HEX_DIGITS "0123456789abcdef"

/* A release being collected. */
struct slot {
    char id[KF_RELEASE_ID_SIZE]; /* "" when free */
    struct kf_envelope **panels;
    uint32_t panels_len;
    uint32_t held;
    size_t bytes;
    bool given_up;                    /* too large: its panels become stubs */
    const struct kf_envelope *keeper; /* of the description that the stubs share; or NULL */
};

struct kf_assembly {
    size_t bytes_max;
    struct slot slots[KF_ASSEMBLY_RELEASES_MAX]; /* oldest first, free ones last */
    struct slot taken;                           /* without its panels */
};

/* --- what was collected ---------------------------------------------------------------------- */

static void panels_destroy(struct kf_envelope **panels, uint32_t panels_len)
{
    for (uint32_t i = 0; panels != NULL && i < panels_len; i++) {
        kf_envelope_destroy(&panels[i]);
    }
    kf_free(panels);
}

void kf_collected_destroy(struct kf_collected **self)
{
    if (*self == NULL) {
        return;
    }
    panels_destroy((*self)->panels, (*self)->panels_len);
    kf_free(*self);
    *self = NULL;
}

const struct kf_release *kf_collected_release(const struct kf_collected *self)
{
    return &self->panels[0]->release;
}

/* --- slots ----------------------------------------------------------------------------------- */

struct kf_assembly *kf_assembly_new(size_t bytes_max)
{
    struct kf_assembly *self = kf_calloc(1, sizeof *self);

    if (self != NULL) {
        self->bytes_max = bytes_max;
    }
    return self;
}

void kf_assembly_destroy(struct kf_assembly **self)
{
    if (*self == NULL) {
        return;
    }
    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        panels_destroy((*self)->slots[i].panels, (*self)->slots[i].panels_len);
    }
    kf_free(*self);
    *self = NULL;
}

static bool slot_used(const struct slot *slot)
{
    return slot->id[0] != '\0';
}

static bool slot_complete(const struct slot *slot)
{
    return slot_used(slot) && slot->held == slot->panels_len;
}

/* Takes slot `index` out of the row without freeing what it holds. */
static void slot_remove(struct kf_assembly *self, size_t index)
{
    size_t last = KF_ASSEMBLY_RELEASES_MAX - 1;

    memmove(&self->slots[index], &self->slots[index + 1], (last - index) * sizeof self->slots[0]);
    memset(&self->slots[last], 0, sizeof self->slots[0]);
}

static void slot_tell(const struct slot *slot, struct kf_progress *progress)
{
    memcpy(progress->release, slot->id, sizeof progress->release);
    progress->held = slot->held;
    progress->panels = slot->panels_len;
}

static void slot_drop(struct kf_assembly *self, size_t index, struct kf_assembly_drops *dropped)
{
    slot_tell(&self->slots[index], &dropped->list[dropped->length++]);
    panels_destroy(self->slots[index].panels, self->slots[index].panels_len);
    slot_remove(self, index);
}

static struct slot *slot_find(struct kf_assembly *self, const char *id)
{
    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        if (strcmp(self->slots[i].id, id) == 0) {
            return &self->slots[i];
        }
    }
    return NULL;
}

/* Drops the oldest incomplete release that is not `spared`; false when there is none. */
static bool drop_oldest(struct kf_assembly *self, const char *spared,
                        struct kf_assembly_drops *dropped)
{
    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        const struct slot *slot = &self->slots[i];
        if (slot_used(slot) && !slot_complete(slot) && strcmp(slot->id, spared) != 0) {
            slot_drop(self, i, dropped);
            return true;
        }
    }
    return false;
}

/* --- accepting ------------------------------------------------------------------------------- */

static bool is_release_id(const char *id)
{
    return strspn(id, HEX_DIGITS) == KF_RELEASE_ID_SIZE - 1 && id[KF_RELEASE_ID_SIZE - 1] == '\0';
}

static enum kf_err check_envelope(const struct kf_envelope *envelope, struct kf_error *err)
{
    const struct kf_release *release = &envelope->release;

    if (memchr(release->id, '\0', sizeof release->id) == NULL || !is_release_id(release->id)) {
        return kf_error_set(err, KF_ERR_DATA, "the release id is not 32 hexadecimal digits");
    }
    if (release->panels == 0 || release->panels > KF_RELEASE_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "a release has 1 to %d panels, not %u",
                            KF_RELEASE_PANELS_MAX, release->panels);
    }
    if (envelope->index >= release->panels) {
        return kf_error_set(err, KF_ERR_DATA, "panel %u of a release of %u panels", envelope->index,
                            release->panels);
    }
    if ((envelope->panel == NULL) == (envelope->rejection == NULL)) {
        return kf_error_set(err, KF_ERR_DATA, "neither a panel nor a rejection, or both");
    }
    return KF_OK;
}

/* A finding's texts lie outside the arena; a rejection is counted with this for each. */
#define FINDING_BYTES 256

static size_t envelope_bytes(const struct kf_envelope *envelope)
{
    size_t bytes = sizeof *envelope + kf_arena_used(envelope->arena);

    if (envelope->panel != NULL) {
        bytes += kf_arena_used(envelope->panel->arena);
    }
    if (envelope->rejection != NULL) {
        bytes += sizeof *envelope->rejection;
        bytes += envelope->rejection->findings.length * FINDING_BYTES;
    }
    return bytes;
}

static enum kf_err slot_open(struct kf_assembly *self, const struct kf_release *release,
                             struct kf_assembly_drops *dropped, struct slot **slot,
                             struct kf_error *err)
{
    struct slot *last = &self->slots[KF_ASSEMBLY_RELEASES_MAX - 1];

    if (slot_used(last) && !drop_oldest(self, release->id, dropped)) {
        return kf_error_set(err, KF_ERR_AGAIN, "%d releases wait to be published already",
                            KF_ASSEMBLY_RELEASES_MAX);
    }
    struct kf_envelope **panels = kf_calloc(release->panels, sizeof *panels);
    if (panels == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a list of %u panels",
                            release->panels);
    }
    *slot = slot_find(self, "");
    memcpy((*slot)->id, release->id, sizeof(*slot)->id);
    (*slot)->panels = panels;
    (*slot)->panels_len = release->panels;
    return KF_OK;
}

/* Makes room for `bytes` more, which would fit if the release were alone. */
static enum kf_err make_room(struct kf_assembly *self, const char *id, size_t bytes,
                             struct kf_assembly_drops *dropped, struct kf_error *err)
{
    if (kf_assembly_bytes(self) + bytes <= self->bytes_max) {
        return KF_OK;
    }
    if (drop_oldest(self, id, dropped) && kf_assembly_bytes(self) + bytes <= self->bytes_max) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_AGAIN,
                        "release %s does not fit: %zu bytes of at most %zu; it has to wait for the "
                        "one before it",
                        id, kf_assembly_bytes(self) + bytes, self->bytes_max);
}

/* --- giving up a release that is too large --------------------------------------------------- */

/* Makes a stub of the envelope; of a rejection only where there is no room for it as it is. */
static enum kf_err cut(const struct kf_assembly *self, struct slot *slot,
                       struct kf_envelope **envelope, struct kf_assembly_drops *dropped,
                       struct kf_error *err)
{
    const struct kf_release *description = slot->keeper == NULL ? NULL : &slot->keeper->release;
    bool panel = (*envelope)->panel != NULL;
    char reason[KF_REASON_SIZE];

    if (!panel && slot->bytes + envelope_bytes(*envelope) <= self->bytes_max) {
        return KF_OK;
    }
    (void)snprintf(reason, sizeof reason,
                   "the release takes more than the %zu bytes that may be held of it; give its "
                   "figures in smaller inputs, or raise hold-bytes-max (kf up --hold-bytes-max) "
                   "and start afresh: this release stays rejected",
                   self->bytes_max);
    enum kf_err result = kf_stub_replace(envelope, description, reason, err);
    if (result == KF_OK) {
        slot->keeper = slot->keeper == NULL ? *envelope : slot->keeper;
        dropped->rejected += panel;
    }
    return result;
}

static enum kf_err cut_held(const struct kf_assembly *self, struct slot *slot,
                            struct kf_assembly_drops *dropped, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (uint32_t i = 0; i < slot->panels_len && result == KF_OK; i++) {
        if (slot->panels[i] == NULL || slot->panels[i]->panel == NULL) {
            continue;
        }
        slot->bytes -= envelope_bytes(slot->panels[i]);
        result = cut(self, slot, &slot->panels[i], dropped, err);
        slot->bytes += envelope_bytes(slot->panels[i]);
    }
    return result;
}

static enum kf_err give_up(const struct kf_assembly *self, struct slot *slot,
                           struct kf_envelope **envelope, struct kf_assembly_drops *dropped,
                           struct kf_error *err)
{
    enum kf_err result = KF_OK;

    if (!slot->given_up) {
        dropped->given_up = true;
        slot->given_up = true;
        result = cut_held(self, slot, dropped, err);
    }
    return result == KF_OK ? cut(self, slot, envelope, dropped, err) : result;
}

/* --- placing --------------------------------------------------------------------------------- */

/* A release that could not even be given up goes, as does one that was only just opened; else what
 * is held of it stays. */
static void refuse_room(struct kf_assembly *self, const char *id, enum kf_err why,
                        struct kf_assembly_drops *dropped)
{
    struct slot *slot = slot_find(self, id);
    size_t index = (size_t)(slot - self->slots);

    if (why != KF_ERR_AGAIN && slot->held > 0) {
        slot_drop(self, index, dropped);
    } else if (slot->held == 0) {
        panels_destroy(slot->panels, slot->panels_len);
        slot_remove(self, index);
    }
}

static enum kf_err fit(struct kf_assembly *self, struct kf_envelope **envelope,
                       struct kf_assembly_drops *dropped, struct kf_error *err)
{
    struct slot *slot = slot_find(self, (*envelope)->release.id);
    size_t bytes = envelope_bytes(*envelope);

    if (slot->given_up || slot->bytes + bytes > self->bytes_max) {
        return give_up(self, slot, envelope, dropped, err);
    }
    return make_room(self, (*envelope)->release.id, bytes, dropped, err);
}

/* Puts the envelope into its place in a release that lacks it. */
static enum kf_assembly_verdict put(struct kf_assembly *self, struct kf_envelope **envelope,
                                    struct kf_assembly_drops *dropped, struct kf_error *err)
{
    enum kf_err result = fit(self, envelope, dropped, err);
    struct slot *slot;

    if (result != KF_OK) {
        refuse_room(self, (*envelope)->release.id, result, dropped);
        return KF_ASSEMBLY_REFUSED;
    }
    slot = slot_find(self, (*envelope)->release.id);
    slot->bytes += envelope_bytes(*envelope);
    slot->panels[(*envelope)->index] = *envelope;
    slot->held++;
    *envelope = NULL;
    return slot_complete(slot) ? KF_ASSEMBLY_COMPLETED : KF_ASSEMBLY_ACCEPTED;
}

static enum kf_assembly_verdict place(struct kf_assembly *self, struct kf_envelope **envelope,
                                      struct kf_assembly_drops *dropped, struct kf_error *err)
{
    const struct kf_release *release = &(*envelope)->release;
    struct slot *slot = slot_find(self, release->id);

    if (slot == NULL && slot_open(self, release, dropped, &slot, err) != KF_OK) {
        return KF_ASSEMBLY_REFUSED;
    }
    if (slot->panels_len != release->panels) {
        kf_error_set(err, KF_ERR_DATA, "a release of %u panels now says it has %u",
                     slot->panels_len, release->panels);
        return KF_ASSEMBLY_REFUSED;
    }
    if (slot->panels[(*envelope)->index] != NULL) {
        return KF_ASSEMBLY_DUPLICATE;
    }
    return put(self, envelope, dropped, err);
}

enum kf_assembly_verdict kf_assembly_accept(struct kf_assembly *self, struct kf_envelope **envelope,
                                            struct kf_assembly_drops *dropped, struct kf_error *err)
{
    enum kf_assembly_verdict verdict = KF_ASSEMBLY_REFUSED;

    memset(dropped, 0, sizeof *dropped);
    if (check_envelope(*envelope, err) == KF_OK) {
        bool taken = strcmp(self->taken.id, (*envelope)->release.id) == 0;
        verdict = taken ? KF_ASSEMBLY_DUPLICATE : place(self, envelope, dropped, err);
    }
    kf_envelope_destroy(envelope);
    return verdict;
}

/* --- taking ---------------------------------------------------------------------------------- */

static size_t complete_index(const struct kf_assembly *self)
{
    size_t index = 0;

    while (index < KF_ASSEMBLY_RELEASES_MAX && !slot_complete(&self->slots[index])) {
        index++;
    }
    return index;
}

bool kf_assembly_complete(const struct kf_assembly *self)
{
    return !slot_used(&self->taken) && complete_index(self) < KF_ASSEMBLY_RELEASES_MAX;
}

struct kf_collected *kf_assembly_take(struct kf_assembly *self)
{
    struct kf_collected *collected = NULL;

    if (kf_assembly_complete(self)) {
        collected = kf_calloc(1, sizeof *collected);
    }
    if (collected == NULL) {
        return NULL;
    }
    size_t index = complete_index(self);
    self->taken = self->slots[index];
    self->taken.panels = NULL;
    collected->panels = self->slots[index].panels;
    collected->panels_len = self->slots[index].panels_len;
    collected->bytes = self->slots[index].bytes;
    slot_remove(self, index);
    return collected;
}

void kf_assembly_finish(struct kf_assembly *self)
{
    memset(&self->taken, 0, sizeof self->taken);
}

/* --- looking --------------------------------------------------------------------------------- */

void kf_assembly_each(const struct kf_assembly *self,
                      void (*visit)(void *context, const struct kf_progress *release),
                      void *context)
{
    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        if (slot_used(&self->slots[i])) {
            struct kf_progress release;
            slot_tell(&self->slots[i], &release);
            visit(context, &release);
        }
    }
}

uint32_t kf_assembly_panels(const struct kf_assembly *self)
{
    uint32_t panels = self->taken.held;

    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        panels += self->slots[i].held;
    }
    return panels;
}

size_t kf_assembly_bytes(const struct kf_assembly *self)
{
    size_t bytes = self->taken.bytes;

    for (size_t i = 0; i < KF_ASSEMBLY_RELEASES_MAX; i++) {
        bytes += self->slots[i].bytes;
    }
    return bytes;
}

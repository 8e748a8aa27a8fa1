#include "services/ingest/jsonstat/jsonstat_names.h"

#include <string.h>

#include "common/base/memory.h"

#define ROOM_MIN 256

/* FNV-1a, 64 bits, over the scope and the text. */
static uint64_t hash_of(const struct kf_jsonstat_name *name)
{
    uint64_t hash = (UINT64_C(0xcbf29ce484222325) ^ name->scope) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < name->length; i++) {
        hash = (hash ^ (unsigned char)name->text[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ hash >> 29;
}

static bool same(const struct kf_jsonstat_name *a, const struct kf_jsonstat_name *b)
{
    return a->hash == b->hash && a->scope == b->scope && a->length == b->length &&
           memcmp(a->text, b->text, a->length) == 0;
}

/* The slot of that name, or the free one where it belongs. */
static struct kf_jsonstat_name *slot_of(struct kf_jsonstat_name *slots, size_t room,
                                        const struct kf_jsonstat_name *name)
{
    size_t i = (size_t)name->hash & (room - 1);
    while (slots[i].text && !same(&slots[i], name)) {
        i = (i + 1) & (room - 1);
    }
    return &slots[i];
}

/* Makes sure that at most half of the slots are taken after one more. */
static bool grow(struct kf_jsonstat_names *self)
{
    if (self->room > 0 && self->count < self->room / 2) {
        return true;
    }
    size_t room = self->room > 0 ? self->room * 2 : ROOM_MIN;
    struct kf_jsonstat_name *slots = kf_calloc(room, sizeof *slots);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < self->room; i++) {
        if (self->slots[i].text) {
            *slot_of(slots, room, &self->slots[i]) = self->slots[i];
        }
    }
    kf_free(self->slots);
    self->slots = slots;
    self->room = room;
    return true;
}

void kf_jsonstat_names_clear(struct kf_jsonstat_names *self)
{
    kf_free(self->slots);
    *self = (struct kf_jsonstat_names){0};
}

void kf_jsonstat_names_reset(struct kf_jsonstat_names *self)
{
    if (self->room > 0) {
        memset(self->slots, 0, self->room * sizeof *self->slots);
    }
    self->count = 0;
}

enum kf_err kf_jsonstat_arena_failed(const struct kf_arena *arena, struct kf_error *err)
{
    return kf_arena_is_full(arena)
               ? kf_error_set(err, KF_ERR_LIMIT, "more texts than the limit for a document allows")
               : kf_error_set(err, KF_ERR_MEMORY, "no memory for a text");
}

enum kf_err kf_jsonstat_names_add(struct kf_jsonstat_names *self, struct kf_arena *arena,
                                  const struct kf_jsonstat_name *wanted,
                                  struct kf_jsonstat_name *found, bool *added, struct kf_error *err)
{
    struct kf_jsonstat_name name = *wanted;
    if (!grow(self)) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for names");
    }
    name.hash = hash_of(&name);
    struct kf_jsonstat_name *slot = slot_of(self->slots, self->room, &name);
    bool is_new = !slot->text;
    if (is_new) {
        name.text = kf_arena_strndup(arena, wanted->text, wanted->length);
        if (!name.text) {
            return kf_jsonstat_arena_failed(arena, err);
        }
        *slot = name;
        self->count++;
    }
    *found = *slot;
    *added = is_new;
    return KF_OK;
}

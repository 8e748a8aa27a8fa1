#include <string.h>

#include "common/model/edition.h"

#define NAMES_MAX ((size_t)KF_SECTORS_MAX * KF_ADJUSTMENTS_MAX)

/* Each id once, in the order in which the edition has them. */
static size_t list_ids(const struct kf_edition *edition, const char *ids[NAMES_MAX])
{
    size_t count = 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_resources *resources = &edition->sectors[s].resources;
        for (size_t i = 0; i < resources->adjustments_len; i++) {
            const char *id = resources->adjustments[i].id;
            size_t known = 0;
            while (known < count && strcmp(ids[known], id) != 0) {
                known++;
            }
            if (known == count && count < NAMES_MAX) {
                ids[count++] = id;
            }
        }
    }
    return count;
}

static bool is_among(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err refuse(const struct kf_edition *edition, const char *id, const char *const *ids,
                          size_t count, struct kf_error *err)
{
    struct kf_text text;
    kf_text_init(&text, sizeof err->text);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(&text, "%s%s", i == 0 ? "" : ", ", ids[i]);
    }
    enum kf_err code =
        count == 0
            ? kf_error_set(err, KF_ERR_CONFIG, "%s: edition %s has no adjustments", id, edition->id)
            : kf_error_set(err, KF_ERR_CONFIG, "%s is no adjustment of edition %s, which has: %s",
                           id, edition->id, text.bytes);
    kf_text_clear(&text);
    return code;
}

/* The adjustments of a sector but those named. */
static bool copy_resources(const struct kf_resources *from, const char *const *without,
                           size_t without_len, struct kf_arena *arena, struct kf_resources *to)
{
    to->adjustments = kf_arena_calloc(arena, from->adjustments_len + 1, sizeof *to->adjustments);
    to->adjustments_len = 0;
    for (size_t i = 0; to->adjustments && i < from->adjustments_len; i++) {
        if (!is_among(from->adjustments[i].id, without, without_len)) {
            to->adjustments[to->adjustments_len++] = from->adjustments[i];
        }
    }
    return to->adjustments != NULL;
}

static struct kf_edition *copy(const struct kf_edition *self, const char *const *without,
                               size_t without_len, struct kf_arena *arena)
{
    struct kf_edition *made = kf_arena_alloc(arena, sizeof *made);
    struct kf_sector *sectors = kf_arena_calloc(arena, self->sectors_len + 1, sizeof *sectors);
    if (!made || !sectors) {
        return NULL;
    }
    *made = *self;
    made->sectors = sectors;
    for (size_t s = 0; s < self->sectors_len; s++) {
        const struct kf_resources *resources = &self->sectors[s].resources;
        sectors[s] = self->sectors[s];
        if (!copy_resources(resources, without, without_len, arena, &sectors[s].resources)) {
            return NULL;
        }
    }
    return made;
}

enum kf_err kf_edition_without(const struct kf_edition *self, const char *const *without,
                               size_t without_len, struct kf_arena *arena,
                               const struct kf_edition **edition, struct kf_error *err)
{
    const char *ids[NAMES_MAX];
    size_t count = list_ids(self, ids);
    for (size_t i = 0; i < without_len; i++) {
        if (!is_among(without[i], ids, count)) {
            return refuse(self, without[i], ids, count, err);
        }
    }
    const struct kf_edition *made = copy(self, without, without_len, arena);
    if (!made) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an edition without adjustments");
    }
    *edition = made;
    return KF_OK;
}

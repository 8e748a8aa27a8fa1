#include "services/ingest/jsonstat/jsonstat_dimensions.h"

#include <math.h>
#include <string.h>

#include "common/base/memory.h"

#define CATEGORIES_ROOM_MIN 16
#define SIZE_OF_ONE_MAX     4294967295.0 /* so that a position is a uint32_t */

void kf_jsonstat_dimensions_clear(struct kf_jsonstat_dimensions *self)
{
    for (size_t i = 0; i < self->len; i++) {
        kf_free(self->drafts[i].categories);
        kf_free(self->drafts[i].sorted);
    }
    *self = (struct kf_jsonstat_dimensions){.categories_max = self->categories_max};
}

enum kf_err kf_jsonstat_dimensions_find(struct kf_jsonstat_dimensions *self, const char *id,
                                        size_t length, size_t *place, struct kf_error *err)
{
    const struct kf_jsonstat_name wanted = {.text = id,
                                            .length = length,
                                            .scope = KF_JSONSTAT_SCOPE_DIMENSIONS,
                                            .number = (uint32_t)self->len};
    struct kf_jsonstat_name found;
    bool added = false;
    enum kf_err code =
        kf_jsonstat_names_add(self->names, self->arena, &wanted, &found, &added, err);
    if (code != KF_OK) {
        return code;
    }
    if (added && self->len == KF_JSONSTAT_DIMENSIONS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d dimensions",
                            KF_JSONSTAT_DIMENSIONS_MAX);
    }
    if (added) {
        self->drafts[self->len++] =
            (struct kf_jsonstat_draft){.dimension = {.id = found.text, .label = ""}};
    }
    *place = found.number;
    return KF_OK;
}

enum kf_err kf_jsonstat_dimensions_list(struct kf_jsonstat_dimensions *self, const char *id,
                                        size_t length, struct kf_error *err)
{
    size_t place = 0;
    enum kf_err code = kf_jsonstat_dimensions_find(self, id, length, &place, err);
    if (code != KF_OK) {
        return code;
    }
    if (self->drafts[place].listed) {
        return kf_error_set(err, KF_ERR_DATA, "%s stands here twice", id);
    }
    self->drafts[place].listed = true;
    self->order[self->order_len++] = place;
    return KF_OK;
}

enum kf_err kf_jsonstat_dimensions_size(struct kf_jsonstat_dimensions *self, double size,
                                        struct kf_error *err)
{
    if (!(size >= 1.0 && size <= SIZE_OF_ONE_MAX && floor(size) == size)) {
        return kf_error_set(err, KF_ERR_DATA, "%g is no number of categories", size);
    }
    if (self->sizes_len == KF_JSONSTAT_DIMENSIONS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d dimensions",
                            KF_JSONSTAT_DIMENSIONS_MAX);
    }
    self->sizes[self->sizes_len++] = (size_t)size;
    return KF_OK;
}

enum kf_err kf_jsonstat_dimensions_cells(const struct kf_jsonstat_dimensions *self, size_t *cells,
                                         struct kf_error *err)
{
    size_t product = 1;
    for (size_t i = 0; i < self->sizes_len; i++) {
        if (product > SIZE_MAX / sizeof(double) / self->sizes[i]) {
            return kf_error_set(err, KF_ERR_LIMIT,
                                "the sizes make more cells than memory can hold");
        }
        product *= self->sizes[i];
    }
    *cells = product;
    return KF_OK;
}

static enum kf_err add_category(struct kf_jsonstat_dimensions *self,
                                struct kf_jsonstat_draft *draft, const char *code,
                                struct kf_error *err)
{
    if (draft->len == self->categories_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu categories", self->categories_max);
    }
    if (draft->len == draft->room) {
        size_t room = draft->room > 0 ? draft->room * 2 : CATEGORIES_ROOM_MIN;
        void *grown = kf_realloc(draft->categories, room * sizeof *draft->categories);
        if (!grown) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for categories");
        }
        draft->categories = grown;
        draft->room = room;
    }
    draft->categories[draft->len++] = (struct kf_jsonstat_draft_category){
        .category = {.code = code, .label = "", .unit = "", .decimals = -1}};
    return KF_OK;
}

enum kf_err kf_jsonstat_dimensions_category(struct kf_jsonstat_dimensions *self, size_t place,
                                            const struct kf_jsonstat_name *code,
                                            enum kf_jsonstat_part part,
                                            struct kf_jsonstat_draft_category **category,
                                            struct kf_error *err)
{
    struct kf_jsonstat_draft *draft = &self->drafts[place];
    struct kf_jsonstat_name wanted = *code;
    struct kf_jsonstat_name found;
    bool added = false;
    wanted.scope = KF_JSONSTAT_SCOPE_DIMENSIONS + 1 + (uint32_t)place;
    wanted.number = (uint32_t)draft->len;
    enum kf_err outcome =
        kf_jsonstat_names_add(self->names, self->arena, &wanted, &found, &added, err);
    if (outcome == KF_OK && added) {
        outcome = add_category(self, draft, found.text, err);
    }
    if (outcome != KF_OK) {
        return outcome;
    }
    struct kf_jsonstat_draft_category *it = &draft->categories[found.number];
    if (it->parts & part) {
        return kf_error_set(err, KF_ERR_DATA, "%s stands here twice", found.text);
    }
    it->parts |= (uint8_t)part;
    *category = it;
    return KF_OK;
}

/* Puts the categories in order: as many as the size says, each position once. */
static enum kf_err sort(struct kf_jsonstat_draft *draft, size_t size, struct kf_error *err)
{
    const char *id = draft->dimension.id;
    if (draft->len != size) {
        return kf_error_set(err, KF_ERR_DATA, "dimension %s has %zu categories, its size is %zu",
                            id, draft->len, size);
    }
    if (size == 1) { /* whose index may be left out */
        draft->categories[0].parts |= KF_JSONSTAT_INDEX;
    }
    kf_free(draft->sorted);
    draft->sorted = kf_calloc(size, sizeof *draft->sorted);
    if (!draft->sorted) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for categories");
    }
    for (size_t i = 0; i < size; i++) {
        const struct kf_jsonstat_draft_category *it = &draft->categories[i];
        const char *code = it->category.code;
        if (!(it->parts & KF_JSONSTAT_INDEX)) {
            return kf_error_set(err, KF_ERR_DATA, "dimension %s: index does not have %s", id, code);
        }
        if (it->position >= size || draft->sorted[it->position].code) {
            return kf_error_set(err, KF_ERR_DATA, "dimension %s: the position of %s is %s", id,
                                code, it->position < size ? "taken" : "beyond its size");
        }
        draft->sorted[it->position] = it->category;
    }
    return KF_OK;
}

static enum kf_err check_lists(const struct kf_jsonstat_dimensions *self, struct kf_error *err)
{
    if (self->order_len == 0 || self->order_len != self->sizes_len) {
        return kf_error_set(err, KF_ERR_DATA, "id has %zu dimensions and size has %zu",
                            self->order_len, self->sizes_len);
    }
    for (size_t i = 0; i < self->len; i++) {
        const struct kf_jsonstat_draft *draft = &self->drafts[i];
        if (!draft->listed || !draft->described) {
            return kf_error_set(err, KF_ERR_DATA, "dimension %s is missing in %s",
                                draft->dimension.id, draft->listed ? "dimension" : "id");
        }
    }
    return KF_OK;
}

enum kf_err kf_jsonstat_dimensions_finish(struct kf_jsonstat_dimensions *self,
                                          struct kf_jsonstat_dimension *table, struct kf_error *err)
{
    enum kf_err code = check_lists(self, err);
    for (size_t i = 0; code == KF_OK && i < self->order_len; i++) {
        struct kf_jsonstat_draft *draft = &self->drafts[self->order[i]];
        code = sort(draft, self->sizes[i], err);
        table[i] = draft->dimension;
        table[i].categories = draft->sorted;
        table[i].categories_len = self->sizes[i];
    }
    return code;
}

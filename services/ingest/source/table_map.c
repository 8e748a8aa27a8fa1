#include "services/ingest/source/table_map.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/source/table_map_reader.h"

void kf_table_maps_destroy(struct kf_table_maps **self)
{
    if (*self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

int kf_table_map_compare(const void *left, const void *right)
{
    const struct kf_table_map *a = left;
    const struct kf_table_map *b = right;
    return strcmp(a->table, b->table);
}

const struct kf_table_map *kf_table_maps_find(const struct kf_table_maps *self, const char *table)
{
    for (size_t i = 0; i < self->length; i++) {
        if (strcmp(self->list[i].table, table) == 0) {
            return &self->list[i];
        }
    }
    return NULL;
}

void kf_estimates_clear(struct kf_estimates *self)
{
    kf_free(self->list);
    self->list = NULL;
    self->length = 0;
}

/* True when the code is in the list, or begins as an item of it that ends with a star. */
static bool is_among(const char *code, const char *const *list, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t size = strlen(list[i]);
        bool star = size > 0 && list[i][size - 1] == '*';
        if (star ? strncmp(code, list[i], size - 1) == 0 : strcmp(code, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

enum kf_table_region kf_table_map_region(const struct kf_table_map *self, const char *code)
{
    uint16_t number = 0;
    if (is_among(code, self->passed_over, self->passed_over_len)) {
        return KF_TABLE_REGION_NONE;
    }
    if (self->country[0] && strcmp(code, self->country) == 0) {
        return KF_TABLE_REGION_COUNTRY;
    }
    if (is_among(code, self->estimates, self->estimates_len)) {
        return KF_TABLE_REGION_ESTIMATE;
    }
    return kf_municipality_parse(code, strlen(code), &number) ? KF_TABLE_REGION_MUNICIPALITY
                                                              : KF_TABLE_REGION_NONE;
}

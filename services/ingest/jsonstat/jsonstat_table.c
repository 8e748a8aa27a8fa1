#include <string.h>

#include "services/ingest/jsonstat/jsonstat.h"

const struct kf_jsonstat_dimension *kf_jsonstat_dimension(const struct kf_jsonstat *self,
                                                          const char *id, size_t *place)
{
    for (size_t i = 0; i < self->dimensions_len; i++) {
        if (strcmp(self->dimensions[i].id, id) == 0) {
            if (place) {
                *place = i;
            }
            return &self->dimensions[i];
        }
    }
    return NULL;
}

size_t kf_jsonstat_category(const struct kf_jsonstat_dimension *self, const char *code)
{
    for (size_t i = 0; i < self->categories_len; i++) {
        if (strcmp(self->categories[i].code, code) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

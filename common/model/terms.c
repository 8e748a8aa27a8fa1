#include "common/model/terms.h"

const struct kf_year_figure *kf_year_figure_of(const struct kf_year_figures *self, int year)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->list[i].year == year) {
            return &self->list[i];
        }
    }
    return NULL;
}

#include "common/model/mean.h"

void kf_mean_add(struct kf_mean *self, struct kf_wide weight, struct kf_wide value)
{
    self->weighted = kf_wide_add(self->weighted, kf_wide_mul(weight, value));
    self->weights = kf_wide_add(self->weights, weight);
    self->count++;
}

struct kf_wide kf_mean_value(const struct kf_mean *self)
{
    return kf_wide_div(self->weighted, self->weights);
}

struct kf_wide kf_mean_factor(const struct kf_mean *self, double scale)
{
    return kf_wide_div(kf_wide_mul(kf_wide_from(scale), self->weights), self->weighted);
}

struct kf_mean kf_values_mean(const struct kf_panel *panel, const struct kf_values *values)
{
    const double *population = kf_panel_population(panel);
    struct kf_mean mean = {0};
    for (size_t k = 0; population && k < values->members; k++) {
        if (kf_cell_has_value(values->status[k])) {
            kf_mean_add(&mean, kf_wide_from_figure(population[k]), values->values[k]);
        }
    }
    return mean;
}

struct kf_mean kf_values_country(const struct kf_values *values)
{
    struct kf_mean mean = {0};
    if (kf_cell_has_value(values->status[values->members])) {
        kf_mean_add(&mean, kf_wide_from(1), values->values[values->members]);
    }
    return mean;
}

void kf_values_scale(const struct kf_values *values, struct kf_wide factor, double *scaled,
                     uint8_t *status)
{
    for (size_t k = 0; k < values->members; k++) {
        bool has_value = kf_cell_has_value(values->status[k]);
        scaled[k] = has_value ? kf_wide_value(kf_wide_mul(values->values[k], factor)) : 0;
        if (status) {
            status[k] = values->status[k];
        }
    }
}

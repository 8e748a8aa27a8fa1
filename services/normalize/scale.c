#include "services/normalize/scale.h"

#include <math.h>

#include "common/model/mean.h"

/* Below this part of the largest value a standard deviation is rounding. */
#define NO_SPREAD 1e-25

/* n/(n−1)·ΣN(x − m)²/ΣN, m the members' mean; 0 for one member (METHOD S1). */
static struct kf_wide variance_of(const struct kf_panel *panel, const struct kf_values *values,
                                  const struct kf_mean *members)
{
    const double *population = kf_panel_population(panel);
    struct kf_wide mean = kf_mean_value(members);
    struct kf_mean squares = {0};
    for (size_t k = 0; k < values->members; k++) {
        if (kf_cell_has_value(values->status[k])) {
            struct kf_wide distance = kf_wide_sub(values->values[k], mean);
            kf_mean_add(&squares, kf_wide_from_figure(population[k]),
                        kf_wide_mul(distance, distance));
        }
    }
    if (members->count < 2) {
        return kf_wide_from(0);
    }
    double n = (double)members->count;
    struct kf_wide correction = kf_wide_div(kf_wide_from(n), kf_wide_from(n - 1));
    return kf_wide_mul(correction, kf_mean_value(&squares));
}

static double largest(const struct kf_values *values)
{
    double size = 0;
    for (size_t k = 0; k < values->members; k++) {
        size = fmax(size, fabs(values->values[k].high));
    }
    return size;
}

bool kf_indicator_varies(double sd, double size)
{
    return sd > NO_SPREAD * size;
}

static void standardize(const struct kf_panel *panel, const struct kf_values *values,
                        const struct kf_mean *members, double *normalized)
{
    const struct kf_edition *edition = panel->edition;
    struct kf_wide scale = kf_wide_from(edition->scale);
    struct kf_wide mean = edition->reference == KF_REFERENCE_COUNTRY
                              ? values->values[values->members]
                              : kf_mean_value(members);
    struct kf_wide sd = kf_wide_sqrt(variance_of(panel, values, members));
    bool differ = kf_indicator_varies(sd.high, largest(values));
    struct kf_wide spread = kf_wide_from_figure(edition->spread);
    struct kf_wide slope = differ ? kf_wide_div(spread, sd) : kf_wide_from(0);
    for (size_t k = 0; k < values->members; k++) {
        struct kf_wide distance = kf_wide_sub(values->values[k], mean);
        struct kf_wide relative = kf_wide_add(kf_wide_from(1), kf_wide_mul(slope, distance));
        bool has_value = kf_cell_has_value(values->status[k]);
        normalized[k] = has_value ? kf_wide_value(kf_wide_mul(scale, relative)) : 0;
    }
}

static enum kf_err tell_mean(const struct kf_panel *panel, const struct kf_indicator *indicator,
                             double mean, struct kf_findings *findings, struct kf_error *err)
{
    bool country = panel->edition->reference == KF_REFERENCE_COUNTRY;
    struct kf_place place = {.municipality = country ? KF_MUNICIPALITY_COUNTRY : NULL,
                             .variable = indicator->id};
    kf_findings_add(findings, &place,
                    "check the figures; an indicator that is zero everywhere cannot be normalised",
                    "the %s is %g in %d", country ? "country's value" : "group mean", mean,
                    panel->year);
    return kf_error_set(err, KF_ERR_DATA, "indicator %s has a %s that is not above 0",
                        indicator->id, country ? "country's value" : "group mean");
}

enum kf_err kf_indicator_normalize(const struct kf_panel *panel,
                                   const struct kf_indicator *indicator,
                                   const struct kf_values *values, double *normalized,
                                   struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_edition *edition = panel->edition;
    struct kf_mean mean = kf_values_mean(panel, values);
    if (edition->normalization == KF_NORMALIZE_STANDARDIZED) {
        standardize(panel, values, &mean, normalized);
        return KF_OK;
    }
    if (edition->reference == KF_REFERENCE_COUNTRY) {
        mean = kf_values_country(values);
    }
    if (!(mean.weighted.high > 0)) {
        double value = mean.count > 0 ? kf_mean_value(&mean).high : 0;
        return tell_mean(panel, indicator, value, findings, err);
    }
    kf_values_scale(values, kf_mean_factor(&mean, edition->scale), normalized, NULL);
    return KF_OK;
}

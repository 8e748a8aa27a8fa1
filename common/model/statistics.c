#include "common/model/statistics.h"

#include <assert.h>
#include <math.h>

#include "common/base/numbers.h"

double kf_mean_weighted(const double *values, const double *weights, size_t count)
{
    struct kf_wide total = {0};
    struct kf_wide weight_total = {0};
    for (size_t i = 0; i < count; i++) {
        struct kf_wide weight = kf_wide_from_figure(weights[i]);
        total = kf_wide_add(total, kf_wide_mul(weight, kf_wide_from(values[i])));
        weight_total = kf_wide_add(weight_total, weight);
    }
    assert(weight_total.high > 0);
    return kf_wide_value(kf_wide_div(total, weight_total));
}

/* Σ w(x − centre)² / Σ w; equal weights when `weights` is NULL. */
static double mean_square(const double *values, const double *weights, size_t count, double centre)
{
    struct kf_wide squares = kf_wide_from(0);
    struct kf_wide total = kf_wide_from(0);
    for (size_t i = 0; i < count; i++) {
        struct kf_wide weight = weights ? kf_wide_from_figure(weights[i]) : kf_wide_from(1);
        double distance = values[i] - centre;
        squares = kf_wide_add(squares, kf_wide_mul(weight, kf_wide_from(distance * distance)));
        total = kf_wide_add(total, weight);
    }
    return kf_wide_value(kf_wide_div(squares, total));
}

static double small_sample_correction(size_t count)
{
    return count > 1 ? (double)count / (double)(count - 1) : 0;
}

void kf_statistics_compute(const double *values, const double *weights, size_t count,
                           struct kf_statistics *statistics)
{
    assert(count > 0);
    struct kf_statistics result = {.minimum = values[0], .maximum = values[0]};
    for (size_t i = 1; i < count; i++) {
        result.minimum = fmin(result.minimum, values[i]);
        result.maximum = fmax(result.maximum, values[i]);
    }
    result.mean_weighted = kf_mean_weighted(values, weights, count);
    double variance = mean_square(values, weights, count, result.mean_weighted);
    result.sd_weighted = sqrt(small_sample_correction(count) * variance);
    double mean_unweighted = kf_sum_of(values, count) / (double)count;
    result.sd_unweighted = sqrt(mean_square(values, NULL, count, mean_unweighted));
    *statistics = result;
}

enum kf_err kf_statistics_append(struct kf_panel *panel, const char *sector, const char *indicator,
                                 const double *values, struct kf_error *err)
{
    const double *population = kf_panel_population(panel);
    if (!population) {
        return kf_error_set(err, KF_ERR_DATA, "the panel has no population to weigh %s %s with",
                            sector, indicator);
    }
    struct kf_statistics statistics;
    kf_statistics_compute(values, population, panel->members_len, &statistics);
    const struct {
        const char *measure;
        double value;
    } descriptives[] = {
        {"minimum", statistics.minimum},
        {"maximum", statistics.maximum},
        {"mean_weighted", statistics.mean_weighted},
        {"sd_weighted", statistics.sd_weighted},
        {"sd_unweighted", statistics.sd_unweighted},
    };
    for (size_t i = 0; i < sizeof descriptives / sizeof descriptives[0]; i++) {
        struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                    .sector = sector,
                                    .indicator = indicator,
                                    .measure = descriptives[i].measure,
                                    .group = true};
        struct kf_result *result = NULL;
        enum kf_err code = kf_panel_append(panel, &key, &result, err);
        if (code != KF_OK) {
            return code;
        }
        result->values[0] = descriptives[i].value;
    }
    return KF_OK;
}

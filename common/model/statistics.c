#include "common/model/statistics.h"

#include <assert.h>
#include <math.h>

#include "common/base/numbers.h"
#include "common/model/mean.h"

double kf_mean_weighted(const double *values, const double *weights, size_t count)
{
    struct kf_mean mean = {0};
    for (size_t i = 0; i < count; i++) {
        kf_mean_add(&mean, kf_wide_from_figure(weights[i]), kf_wide_from(values[i]));
    }
    assert(mean.weights.high > 0);
    return kf_wide_value(kf_mean_value(&mean));
}

/* Σ w(x − centre)² / Σ w; equal weights when `weights` is NULL. */
static double mean_square(const double *values, const double *weights, size_t count, double centre)
{
    struct kf_mean squares = {0};
    for (size_t i = 0; i < count; i++) {
        struct kf_wide weight = weights ? kf_wide_from_figure(weights[i]) : kf_wide_from(1);
        double distance = values[i] - centre;
        kf_mean_add(&squares, weight, kf_wide_from(distance * distance));
    }
    return kf_wide_value(kf_mean_value(&squares));
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

/* The members that have a value, side by side. */
struct reported {
    double *values;
    double *weights;
    size_t count;
};

static enum kf_err take_reported(struct kf_panel *panel, const double *values,
                                 const uint8_t *status, struct reported *reported,
                                 struct kf_error *err)
{
    size_t n = panel->members_len;
    const double *population = kf_panel_population(panel);
    reported->values = kf_arena_calloc(panel->arena, n, sizeof *reported->values);
    reported->weights = kf_arena_calloc(panel->arena, n, sizeof *reported->weights);
    if (!reported->values || !reported->weights) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the descriptives of a column");
    }
    for (size_t k = 0; k < n; k++) {
        if (kf_cell_has_value(status[k])) {
            reported->values[reported->count] = values[k];
            reported->weights[reported->count++] = population[k];
        }
    }
    return KF_OK;
}

static bool all_reported(const uint8_t *status, size_t count)
{
    for (size_t k = 0; status && k < count; k++) {
        if (!kf_cell_has_value(status[k])) {
            return false;
        }
    }
    return true;
}

/* `count` is that of the values they rest on; 0: they are missing. */
static enum kf_err append_descriptives(struct kf_panel *panel, const struct kf_result_key *column,
                                       const struct kf_statistics *statistics, size_t count,
                                       struct kf_error *err)
{
    const struct {
        const char *measure;
        double value;
    } descriptives[] = {
        {"minimum", statistics->minimum},
        {"maximum", statistics->maximum},
        {"mean_weighted", statistics->mean_weighted},
        {"sd_weighted", statistics->sd_weighted},
        {"sd_unweighted", statistics->sd_unweighted},
    };
    for (size_t i = 0; i < sizeof descriptives / sizeof descriptives[0]; i++) {
        struct kf_result_key key = *column;
        key.measure = descriptives[i].measure;
        struct kf_result *result = NULL;
        enum kf_err code = kf_panel_append(panel, &key, &result, err);
        if (code != KF_OK) {
            return code;
        }
        result->values[0] = descriptives[i].value;
        result->status[0] = count > 0 ? KF_CELL_VALUE : KF_CELL_MISSING;
    }
    return KF_OK;
}

enum kf_err kf_statistics_append(struct kf_panel *panel, const char *sector, const char *indicator,
                                 const double *values, const uint8_t *status, struct kf_error *err)
{
    const double *population = kf_panel_population(panel);
    if (!population) {
        return kf_error_set(err, KF_ERR_DATA, "the panel has no population to weigh %s %s with",
                            sector, indicator);
    }
    struct kf_statistics statistics = {0};
    size_t count = panel->members_len;
    if (all_reported(status, count)) {
        kf_statistics_compute(values, population, count, &statistics);
    } else {
        struct reported reported = {0};
        enum kf_err code = take_reported(panel, values, status, &reported, err);
        if (code != KF_OK) {
            return code;
        }
        count = reported.count;
        if (count > 0) {
            kf_statistics_compute(reported.values, reported.weights, count, &statistics);
        }
    }
    struct kf_result_key column = {
        .topic = KF_TOPIC_STATISTICS, .sector = sector, .indicator = indicator, .group = true};
    return append_descriptives(panel, &column, &statistics, count, err);
}

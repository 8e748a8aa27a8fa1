#include "tests/property/naive.h"

#include <math.h>
#include <stdlib.h>

/* --- weights --------------------------------------------------------------------------------- */

/* Amounts side by side, and who counts in all of them. */
struct amounts {
    const int64_t *list[SECTORS_MAX + INDICATORS_MAX];
    size_t count;
};

static double amount_sum(const struct country *country, const struct amounts *beside,
                         const int64_t *amounts)
{
    double sum = 0;
    for (size_t k = 0; k < country->members; k++) {
        bool counts = true;
        for (size_t a = 0; a < beside->count; a++) {
            counts = counts && beside->list[a][k] != ABSENT;
        }
        sum += counts ? (double)amounts[k] : 0;
    }
    return sum;
}

static void derive(const struct country *country, size_t s, double *weights)
{
    size_t half = country->indicators[s] / 2;
    struct amounts beside = {0};
    if (half > 0) {
        beside.list[beside.count++] = country->amounts[s][0];
    }
    for (size_t i = half; i < country->indicators[s]; i++) {
        beside.list[beside.count++] = country->amounts[s][i];
    }
    double all = 0;
    for (size_t a = 0; a < beside.count; a++) {
        all += amount_sum(country, &beside, beside.list[a]);
    }
    double first = amount_sum(country, &beside, country->amounts[s][0]);
    for (size_t i = 0; i < country->indicators[s]; i++) {
        weights[i] =
            i < half ? first / (double)half : amount_sum(country, &beside, country->amounts[s][i]);
        weights[i] /= all;
    }
}

static void weigh_sectors(const struct country *country, double *weights)
{
    struct amounts beside = {0};
    double all = 0;
    for (size_t s = 0; s < country->sectors; s++) {
        beside.list[beside.count++] = country->sector_amounts[s];
    }
    for (size_t s = 0; s < country->sectors; s++) {
        weights[s] = amount_sum(country, &beside, country->sector_amounts[s]);
        all += weights[s];
    }
    for (size_t s = 0; s < country->sectors; s++) {
        weights[s] = country->sectors_derived ? weights[s] / all : country->sector_weights[s];
    }
}

/* --- columns --------------------------------------------------------------------------------- */

static double mean_of(const struct country *country, const double *x)
{
    double people = 0;
    double sum = 0;
    for (size_t k = 0; k < country->members; k++) {
        if (!isnan(x[k])) {
            people += (double)country->population[k];
            sum += (double)country->population[k] * x[k];
        }
    }
    return sum / people;
}

/* S1, with the small-sample correction. */
static double deviation_of(const struct country *country, const double *x)
{
    double mean = mean_of(country, x);
    double squares[MEMBERS_MAX];
    double count = 0;
    for (size_t k = 0; k < country->members; k++) {
        squares[k] = (x[k] - mean) * (x[k] - mean);
        count += !isnan(x[k]);
    }
    return count > 1 ? sqrt(count / (count - 1) * mean_of(country, squares)) : 0;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static void fill(const struct country *country, double *x)
{
    double sorted[MEMBERS_MAX];
    size_t count = 0;
    for (size_t k = 0; k < country->members; k++) {
        if (!isnan(x[k])) {
            sorted[count++] = x[k];
        }
    }
    qsort(sorted, count, sizeof *sorted, ascending);
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    for (size_t k = 0; k < country->members; k++) {
        if (isnan(x[k]) && country->missing != KF_MISSING_DROP) {
            x[k] = country->missing == KF_MISSING_MEDIAN ? median : sorted[0];
        }
    }
}

static void normalize(const struct country *country, const double *x, double *normalized)
{
    double mean = mean_of(country, x);
    double deviation = deviation_of(country, x);
    bool standardized = country->normalization == KF_NORMALIZE_STANDARDIZED;
    for (size_t k = 0; k < country->members; k++) {
        double relative = x[k] / mean;
        if (standardized) {
            double z = deviation > 1e-12 * mean ? (x[k] - mean) / deviation : 0 * x[k];
            relative = 1 + SPREAD * z;
        }
        normalized[k] = country->scale * relative;
    }
}

static void normalize_indicator(const struct country *country, size_t s, size_t i,
                                double *normalized)
{
    double x[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        int64_t tenths = country->tenths[s][i][k];
        double people = country->per_inhabitant[s][i] ? (double)country->population[k] : 1;
        x[k] = tenths == ABSENT ? NAN : (double)tenths / 10 / people;
    }
    fill(country, x);
    normalize(country, x, normalized);
}

/* --- indices --------------------------------------------------------------------------------- */

/* The weighted mean over the indicators that member k has, of quantity (0), quality (1), or all
 * (2); NAN when it has none. */
static double weighted_mean(const struct country *country, const struct naive *naive, size_t s,
                            size_t k, int kind)
{
    double weight = 0;
    double sum = 0;
    for (size_t i = 0; i < country->indicators[s]; i++) {
        bool counts = kind == 2 || country->quality[s][i] == (kind == 1);
        if (counts && !isnan(naive->normalized[s][i][k])) {
            weight += naive->weights[s][i];
            sum += naive->weights[s][i] * naive->normalized[s][i][k];
        }
    }
    return weight > 0 ? sum / weight : NAN;
}

static bool multiplies(const struct country *country, size_t s)
{
    size_t qualities = 0;
    for (size_t i = 0; i < country->indicators[s]; i++) {
        qualities += country->quality[s][i];
    }
    return country->composition == KF_COMPOSE_PRODUCT && qualities > 0 &&
           qualities < country->indicators[s];
}

static void compose(const struct country *country, size_t s, struct naive *naive)
{
    double *index = naive->index[s];
    bool product = multiplies(country, s);
    for (size_t k = 0; k < country->members; k++) {
        double quantity = weighted_mean(country, naive, s, k, product ? 0 : 2);
        double quality = product ? weighted_mean(country, naive, s, k, 1) : NAN;
        index[k] = isnan(quality)    ? quantity
                   : isnan(quantity) ? quality
                                     : quantity * quality / country->scale;
    }
    double norm = product ? country->scale / mean_of(country, index) : 1;
    for (size_t k = 0; k < country->members; k++) {
        index[k] *= norm;
    }
}

static void take_published(const struct country *country, size_t s, struct naive *naive)
{
    double x[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        int64_t tenths = country->published[s][k];
        x[k] = tenths == ABSENT ? NAN : (double)tenths / 10;
    }
    double mean = mean_of(country, x);
    for (size_t k = 0; k < country->members; k++) {
        naive->index[s][k] = country->scale * x[k] / mean;
    }
}

static double total_of(const struct country *country, const struct naive *naive, size_t k)
{
    double weight = 0;
    double sum = 0;
    for (size_t s = 0; s < country->sectors; s++) {
        if (!isnan(naive->index[s][k])) {
            weight += naive->sector_weights[s];
            sum += naive->sector_weights[s] * naive->index[s][k];
        }
    }
    return weight > 0 ? sum / weight : NAN;
}

static void compute_sector(const struct country *country, size_t s, struct naive *naive)
{
    if (country->given[s]) {
        take_published(country, s, naive);
        return;
    }
    for (size_t i = 0; i < country->indicators[s]; i++) {
        naive->weights[s][i] = country->weights[s][i];
        normalize_indicator(country, s, i, naive->normalized[s][i]);
    }
    if (country->derived[s]) {
        derive(country, s, naive->weights[s]);
    }
    compose(country, s, naive);
}

void naive_compute(const struct country *country, struct naive *naive)
{
    weigh_sectors(country, naive->sector_weights);
    for (size_t s = 0; s < country->sectors; s++) {
        compute_sector(country, s, naive);
    }
    for (size_t k = 0; k < country->members; k++) {
        naive->total[k] = total_of(country, naive, k);
    }
}

/* Weighted means and the descriptives of a column (METHOD S1). Pure. */
#ifndef KF_MODEL_STATISTICS_H
#define KF_MODEL_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "common/model/panel.h"

/* Descriptives of one column over the members of a group. */
struct kf_statistics {
    double minimum;
    double maximum;
    double mean_weighted; /* ΣN·n / ΣN */
    double sd_weighted;   /* sqrt( n/(n−1) · ΣN(n_k−m)²/ΣN ); 0 for a single member */
    double sd_unweighted; /* of the whole population, divisor n, around the unweighted mean */
};

/* Mean of computed `values` weighted by `weights` (figures), both [count], in double-double,
 * rounded once. The weights must sum to more than zero. */
double kf_mean_weighted(const double *values, const double *weights, size_t count);

/* METHOD S1 for `values` with population weights, both [count], count > 0. */
void kf_statistics_compute(const double *values, const double *weights, size_t count,
                           struct kf_statistics *statistics);

/* Appends the five descriptives of a column as group results under topic statistics. Only members
 * whose `status` [members_len] says that they have a value count, n in METHOD S1 too; with `status`
 * NULL all do. When nobody has a value, neither have the descriptives: their cells are missing. */
enum kf_err kf_statistics_append(struct kf_panel *panel, const char *sector, const char *indicator,
                                 const double *values, const uint8_t *status, struct kf_error *err);

#endif

/* Two indices side by side: values, ranks, rank shifts, and how alike they are (METHOD S2); brought
 * to the group they have in common on demand (A6). Pure.
 */
#ifndef KF_TOOLS_SIDE_BY_SIDE_H
#define KF_TOOLS_SIDE_BY_SIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"

/* A municipality that both have. */
struct kf_pair {
    const char *municipality;
    double a;
    double b;
    double population_a; /* weights of A6, each of its own year */
    double population_b;
    double rank_a; /* among the pairs; 1 is the highest, equal values share the better rank */
    double rank_b;
};

struct kf_side_by_side {
    struct kf_pair *pairs; /* ascending by municipality */
    size_t count;
    const char **only_a; /* codes with a value in one of the two alone */
    size_t only_a_len;
    const char **only_b;
    size_t only_b_len;
    bool correlated; /* at least two pairs, and both vary */
    double pearson;
    double spearman;                 /* Pearson's of the ranks, equal values share the mean rank */
    double mean_absolute_difference; /* Σ |b − a| / count; 0 without pairs */
};

/* What is compared. All borrowed. */
struct kf_side_by_side_input {
    const struct kf_panel *a; /* computed */
    const struct kf_panel *b;
    const char *sector;
    bool renormalize;
};

/* Compares the index of a sector in two panels, in `arena`. With `renormalize` every column is
 * multiplied by the scale of A and divided by its own population-weighted mean over the pairs (A6).
 * KF_ERR_CONFIG when one of them has no index of the sector; KF_ERR_DATA when a mean is not above
 * zero. */
enum kf_err kf_side_by_side_make(const struct kf_side_by_side_input *input, struct kf_arena *arena,
                                 struct kf_side_by_side *result, struct kf_error *err);

/* Pearson's correlation of two columns [count]. False when it is not defined. */
bool kf_correlation(const double *a, const double *b, size_t count, double *correlation);

/* Ranks from 1 for the highest, [count]; equal values share the mean of their ranks. */
void kf_mean_ranks(const double *values, double *ranks, size_t count);

#endif

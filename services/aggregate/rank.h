/* Ranks (METHOD A7). Pure. */
#ifndef KF_AGGREGATE_RANK_H
#define KF_AGGREGATE_RANK_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/model/panel.h"

/* The rank of each of `count` values: 1 for the highest; equal values share the better rank and the
 * next one is skipped (1, 2, 2, 4). */
void kf_rank(const double *values, double *ranks, size_t count);

/* Appends the rank of a sector's index, or of the total under "total", among the members that have
 * one; the others have no rank. */
enum kf_err kf_rank_append(struct kf_panel *panel, const char *sector, struct kf_error *err);

#endif

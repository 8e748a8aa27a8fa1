/* Deviations: what is used beyond need, in kr per inhabitant, and its forms (METHOD R8, R9, R13).
 * Pure. */
#ifndef KF_NEED_USE_DEVIATION_H
#define KF_NEED_USE_DEVIATION_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/use/per_capita.h"

/* Sectors, uses, and inside, outside, disposable income, residual. */
#define KF_DEVIATIONS_MAX (KF_SECTORS_MAX + KF_USES_MAX + 4)

struct kf_deviation {
    const char *sector; /* a sector's id, a use's, or a sum of them (topic.h) */
    struct kf_per_capita cells;
    struct kf_per_capita need; /* U_k; `values` is NULL where need says nothing */
};

/* All of one panel. */
struct kf_deviations {
    struct kf_deviation list[KF_DEVIATIONS_MAX];
    size_t count;
};

/* Adds one; there is room for all that an edition can have. `need` may be NULL. */
void kf_deviations_add(struct kf_deviations *self, const char *sector,
                       const struct kf_per_capita *cells, const struct kf_per_capita *need);

/* Appends for each of `now` to topic resource-use:
 *     deviation_kr_per_capita         a_k                                            (R8)
 *     deviation_percent               100·a_k/U_k, where there is need; not applicable unless
 *                                     need is above zero                             (R9)
 *     deviation_million_kr            a_k·N_k/1e6
 *     deviation_change_kr_per_capita  a_k less that of the same in `before`, exactly (R13); not
 *                                     appended when that has none, or `before` is NULL */
enum kf_err kf_deviations_append(struct kf_panel *panel, const struct kf_deviations *now,
                                 const struct kf_deviations *before, struct kf_error *err);

#endif

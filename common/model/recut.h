/* Which codes of a data year make up which municipality of a structure year.
 *
 * Only what is not plain is listed: a municipality without an entry is made of itself alone. Codes
 * are numbers, as in observations.
 */
#ifndef KF_MODEL_RECUT_H
#define KF_MODEL_RECUT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/structure.h"

/* `weight` of what `from` had in the data year belongs to `to`. */
struct kf_share {
    uint16_t to;
    uint16_t from;
    double weight; /* 0: nobody can tell how much */
};

struct kf_recut {
    int data_year;
    int structure_year;
    struct kf_share *shares; /* ascending by to, then from; none when no code changed */
    size_t count;
};

/* Finds the shares for every municipality of `structure_year`; arrays lie in `arena`. `structure`
 * may be NULL: then no code changes. KF_ERR_MEMORY or KF_ERR_LIMIT. */
enum kf_err kf_recut_make(struct kf_recut *self, const struct kf_structure *structure,
                          const struct kf_municipalities *municipalities, struct kf_arena *arena,
                          struct kf_error *err);

/* The shares of `to`; none when it is made of itself alone. */
const struct kf_share *kf_recut_of(const struct kf_recut *self, unsigned to, size_t *count);

/* Into which municipalities of the structure year the code went, at most KF_PARTS_MAX; the code
 * itself when it is in no share. Returns how many. */
size_t kf_recut_targets(const struct kf_recut *self, unsigned from, uint16_t *targets);

#endif

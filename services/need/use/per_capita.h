/* Kroner per inhabitant of each member of a panel, on a grid on which sums and differences are
 * exact (common/base/numbers.h): net expenditure and adjustments add up to adjusted expenditure,
 * sectors to inside and outside, uses to disposable income, to the last bit. Pure.
 */
#ifndef KF_NEED_USE_PER_CAPITA_H
#define KF_NEED_USE_PER_CAPITA_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* The grid's scale: its step is 2^-28 kr, sums are exact below 30 million kr an inhabitant. What
 * lies beyond adds up but for rounding. */
#define KF_PER_CAPITA_SCALE 1e4

struct kf_per_capita {
    double *values;  /* [members_len], kr per inhabitant on the grid; 0 where there is none */
    uint8_t *status; /* [members_len] */
    size_t members;
};

/* Zeros, all with a value, in `arena`. KF_ERR_MEMORY. */
enum kf_err kf_per_capita_new(const struct kf_panel *panel, struct kf_arena *arena,
                              struct kf_per_capita *self, struct kf_error *err);

/* `value` on the grid. */
double kf_per_capita_grid(struct kf_wide value);

/* Gives number `k` a value, or a status without one. */
void kf_per_capita_set(struct kf_per_capita *self, size_t k, struct kf_wide value, uint8_t status);

/* amount/N of every member, `amount` in kr; of members without inhabitants, missing. Flags of both
 * stay. KF_ERR_MEMORY. */
enum kf_err kf_per_capita_of(const struct kf_panel *panel, const struct kf_values *amount,
                             struct kf_arena *arena, struct kf_per_capita *self,
                             struct kf_error *err);

/* Adds `other` times `sign`, 1 or −1, member by member, exactly. Flags of both stay; where one has
 * no value the sum has none either and keeps the status of the first that had none. */
void kf_per_capita_add(struct kf_per_capita *self, const struct kf_per_capita *other, int sign);

/* Marks every value with `flags`. */
void kf_per_capita_flag(struct kf_per_capita *self, uint8_t flags);

/* Appends the cells as a result; `key` says which. */
enum kf_err kf_per_capita_append(struct kf_panel *panel, const struct kf_result_key *key,
                                 const struct kf_per_capita *self, struct kf_error *err);

#endif

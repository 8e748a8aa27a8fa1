/* Values on their way: one for each member of a panel and one for the country as a whole, kept to
 * 32 digits until they are rounded, each with its status. Pure.
 *
 * One rule for what rests on several cells: the flags of all stay, and when one has no value, the
 * result has none either and keeps the status of the first that had none.
 */
#ifndef KF_MODEL_VALUES_H
#define KF_MODEL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* Number `members` is the country. */
struct kf_values {
    struct kf_wide *values; /* [members + 1]; 0 where there is none */
    uint8_t *status;        /* [members + 1] */
    size_t members;
};

/* Room for the members of `panel` in `arena`: zeros, all with a value. KF_ERR_MEMORY. */
enum kf_err kf_values_new(const struct kf_panel *panel, struct kf_arena *arena,
                          struct kf_values *values, struct kf_error *err);

/* The same with no value anywhere. KF_ERR_MEMORY. */
enum kf_err kf_values_new_missing(const struct kf_panel *panel, struct kf_arena *arena,
                                  struct kf_values *values, struct kf_error *err);

/* True when at least one member has a value; the country does not count. */
bool kf_values_any(const struct kf_values *self);

/* Takes the value of number `k` away. */
static inline void kf_values_clear(struct kf_values *self, size_t k, uint8_t status)
{
    self->values[k] = kf_wide_from(0);
    self->status[k] = status;
}

/* Adds `value` of a cell with `status` to number `k`, by the rule above. */
static inline void kf_values_add(struct kf_values *self, size_t k, struct kf_wide value,
                                 uint8_t status)
{
    if (!kf_cell_has_value(self->status[k])) {
        return;
    }
    if (!kf_cell_has_value(status)) {
        kf_values_clear(self, k, status);
        return;
    }
    self->values[k] = kf_wide_add(self->values[k], value);
    self->status[k] |= status;
}

/* Σ factor·figure of every member and of the country (METHOD I1), into `sum` in `arena`. A term
 * that is marked so takes the country's figure for every member (I10). A variable that the panel
 * has no column of is missing. No term gives 0. KF_ERR_MEMORY. */
enum kf_err kf_terms_sum(const struct kf_panel *panel, const struct kf_terms *terms,
                         struct kf_arena *arena, struct kf_values *sum, struct kf_error *err);

/* Appends the members' values, rounded once to double, as the result that `key` says; nothing when
 * no member has one. The country's stays behind. As kf_panel_append. */
enum kf_err kf_values_append(struct kf_panel *panel, const struct kf_result_key *key,
                             const struct kf_values *values, struct kf_error *err);

#endif

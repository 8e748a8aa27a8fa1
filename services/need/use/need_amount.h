/* Need in kroner: what a member would spend on a sector at the country's standard (METHOD N10).
 * Pure. */
#ifndef KF_NEED_USE_NEED_AMOUNT_H
#define KF_NEED_USE_NEED_AMOUNT_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/need/country.h"
#include "services/need/use/per_capita.h"

/* The need index of each member that a sector's resources are compared by, into `index` in `arena`:
 * its own, that of the sector in `need_of` (METHOD R7), or 1, the country's level, for a sector
 * without a cost key and published index. Computed or published, as the panel's results have it;
 * where they have none, missing. KF_ERR_MEMORY. */
enum kf_err kf_need_amount_index(const struct kf_panel *panel, const struct kf_sector *sector,
                                 struct kf_arena *arena, struct kf_values *index,
                                 struct kf_error *err);

/* U_ks before adjustments of need: (NDU*_Ls/N_L)·K_ks on the grid, `country` with NDU*_Ls and N_L,
 * `index` K_ks. Missing for all when the country has no inhabitants. KF_ERR_MEMORY. */
enum kf_err kf_need_amount_standard(const struct kf_panel *panel, const struct kf_country *country,
                                    const struct kf_values *index, struct kf_arena *arena,
                                    struct kf_per_capita *need, struct kf_error *err);

/* What an adjustment of need adds: its `amount` in kr per inhabitant less the country's per
 * inhabitant, so that the country's need stays what the country spends (inferred, and flagged so).
 * KF_ERR_MEMORY. */
enum kf_err kf_need_amount_centred(const struct kf_panel *panel, const struct kf_country *country,
                                   const struct kf_values *amount, struct kf_arena *arena,
                                   struct kf_per_capita *centred, struct kf_error *err);

#endif

/* What one sector spends against its need (METHOD R1–R9, N10). Pure.
 *
 *     net        NDU_ks/N_k                                                          (R1)
 *     adjusted   (NDU_ks + Σ adjustments of expenditure)/N_k = NDU*_ks/N_k           (R2–R7)
 *     need       U_ks = (NDU*_Ls/N_L)·K_ks + Σ adjustments of need, centred         (N10)
 *     deviation  a_ks = adjusted − need                                              (R8)
 *
 * Everything lies on the grid of kroner per inhabitant, so that net + adjustments = adjusted and
 * adjusted − need = deviation hold to the last bit. The country L is its own rows, or the members
 * together that have all figures of NDU* (country.h): a member that did not report is missing and
 * counts nowhere. The population-weighted mean of the deviations over the members that are the
 * country is then 0 within the grid, as far as the mean of their need index is 1.
 */
#ifndef KF_NEED_USE_SECTOR_USE_H
#define KF_NEED_USE_SECTOR_USE_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "services/need/use/per_capita.h"

struct kf_sector_use {
    const struct kf_sector *sector;
    struct kf_per_capita net;
    struct kf_per_capita *adjustments; /* [adjustments_len] of the sector, in its order; of one
                                          that is left out `values` is NULL */
    struct kf_per_capita adjusted;
    struct kf_per_capita need;
    struct kf_per_capita deviation;
    struct kf_values index; /* K_ks */
    struct kf_wide level;   /* NDU*_Ls/N_L, kr per inhabitant */
};

/* Where it is computed: a panel with its need, memory for what is in between. */
struct kf_use_place {
    const struct kf_panel *panel;
    struct kf_arena *arena;
    struct kf_findings *findings;
};

/* Computes the sector. `*reported` is false, and nothing is computed, when the sector names no
 * expenditure or no member has any. An adjustment of which the panel has no column is left out and
 * flags what rests on it as incomplete. KF_ERR_DATA with findings as from country.h and
 * adjustment.h; KF_ERR_MEMORY. */
enum kf_err kf_sector_use_compute(const struct kf_use_place *place, const struct kf_sector *sector,
                                  struct kf_sector_use *use, bool *reported, struct kf_error *err);

/* Appends, for the sector:
 *     topic resource-use   net_expenditure_kr_per_capita, adjustment_kr_per_capita (one for each
 *                          adjustment), adjusted_expenditure_kr_per_capita,
 *                          need_adjusted_expenditure_kr_per_capita = NDU_ks/(N_k·K_ks)
 *     topic need           need_kr_per_capita
 * The deviations are appended by deviation.h. */
enum kf_err kf_sector_use_append(struct kf_panel *panel, const struct kf_sector_use *use,
                                 struct kf_error *err);

#endif

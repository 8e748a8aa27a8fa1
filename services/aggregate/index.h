/* Sub-indices and the total index (METHOD A4, A5, A7), with and without imputed cells (A2). Pure.
 *
 * Every contribution lies on the grid of kf_grid, so that a sum of contributions is exact: added up
 * in any order, in any language, the parts give the index to the last bit.
 */
#ifndef KF_AGGREGATE_INDEX_H
#define KF_AGGREGATE_INDEX_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* Appends for one sector:
 *     indicator/contribution            w_si n_ki, for each indicator                       (A7)
 *     indicator/contribution_to_total   b_s w_si n_ki                                       (A7)
 *     index/index                       S_ks = Σ_i w_si n_ki                                (A4)
 *     index/index_without_imputed       the same over the indicators that the municipality
 * reported, their weights rescaled to 1; n_ki as in S_ks         (A2) index/contribution b_s S_ks
 * as the sum of the sector's contributions to the total (A7) S_ks of a municipality with an imputed
 * cell is flagged incomplete. KF_ERR_INTERNAL when the panel has not been normalised. */
enum kf_err kf_sector_index_append(struct kf_panel *panel, const struct kf_sector *sector,
                                   struct kf_error *err);

/* Appends under sector "total": index T_k = Σ_s b_s S_ks (A5), exactly the sum of the sectors'
 * contributions, and index_without_imputed Σ_s b_s S'_ks over the sectors that have one, rescaled.
 */
enum kf_err kf_total_index_append(struct kf_panel *panel, struct kf_error *err);

#endif

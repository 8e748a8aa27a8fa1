/* Cost keys: what a municipality needs, from the criteria of its sectors (METHOD N1–N4, N7–N9).
 *
 * Everything is relative to the country: the rows for EAK where the source gives them, otherwise
 * the members of the panel together. Pure: no I/O, no clock, no globals.
 */
#ifndef KF_NEED_COST_KEY_H
#define KF_NEED_COST_KEY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Criterion index c_kj = (x_kj/N_k)/(x_Lj/N_L) of every member (METHOD N3); the basis criterion
 * counts one for each municipality. `index` and `status` hold [members_len]: 1 is the country's
 * level, a member without a figure gets its cell's status and 0. KF_ERR_DATA with a finding when
 * the country's figure is missing or not above zero. */
enum kf_err kf_criterion_index(const struct kf_panel *panel, const struct kf_criterion *criterion,
                               double *index, uint8_t *status, struct kf_findings *findings,
                               struct kf_error *err);

/* Appends the results of one sector's key:
 *     driver          d_kj = w_sj (c_kj − 1), for each criterion                     (METHOD N9)
 *     need_index      K_ks = 1 + Σ_j d_kj = Σ_j w_sj c_kj, exactly the sum of its drivers  (N4)
 *     need_population P_ks = N_k Σ_j w'_sj c_kj, w' without the cost-disadvantage criteria,
 *                     rescaled to 1                                                  (N7, N8)
 * Nothing is appended when the panel has no figures for any criterion of the key. */
enum kf_err kf_cost_key_append(struct kf_panel *panel, const struct kf_sector *sector,
                               struct kf_findings *findings, struct kf_error *err);

/* Appends the total need index Σ_s b_s K_ks under sector "total" (METHOD N2, N4) when the edition
 * has a total key and every sector of it was computed. */
enum kf_err kf_total_key_append(struct kf_panel *panel, struct kf_error *err);

#endif

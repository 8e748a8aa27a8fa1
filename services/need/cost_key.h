/* Cost keys: what a municipality needs, from the criteria of its sectors (METHOD N1, N3, N4,
 * N7–N9).
 *
 * Everything is relative to the country: the rows for EAK where the source gives them, otherwise
 * the members of the panel that have the figure together. Pure: no I/O, no clock, no globals.
 */
#ifndef KF_NEED_COST_KEY_H
#define KF_NEED_COST_KEY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* True when member number `k` has an own figure and inhabitants to divide it by: only then it has a
 * criterion index, and counts where the members together are the country. `people` is the column of
 * the population, `column` that of the criterion, NULL for the basis criterion. */
bool kf_criterion_counts(const struct kf_column *people, const struct kf_column *column, size_t k);

/* What is appended of a sector's key. */
enum kf_cost_key_detail {
    KF_COST_KEY_ALL = 1,
    KF_COST_KEY_WITHOUT_DRIVERS, /* of a year before: drivers are nobody's business there */
};

/* Appends the results of one sector's key:
 *     driver          d_kj = w_sj (c_kj − 1), for each criterion                     (METHOD N9)
 *     need_index      K_ks = 1 + Σ_j d_kj = Σ_j w_sj c_kj, exactly the sum of its drivers  (N4)
 *     need_population P_ks = N_k Σ_j w'_sj c_kj, w' without the cost-disadvantage criteria,
 *                     rescaled to 1                                                  (N7, N8)
 * The flags preliminary and inferred of the figures travel to what rests on them. Nothing is
 * appended when the panel has no figures for any criterion of the key.
 *
 * KF_ERR_DATA with findings for all faulty criteria: one without figures in a key that has some, a
 * country's figure that is missing or not above zero. */
enum kf_err kf_cost_key_append(struct kf_panel *panel, const struct kf_sector *sector,
                               enum kf_cost_key_detail detail, struct kf_findings *findings,
                               struct kf_error *err);

#endif

/* Cost keys: what a municipality needs, from the criteria of its sectors (METHOD N1, N3, N4,
 * N7–N9).
 *
 * Everything is relative to the country (country.h). Pure: no I/O, no clock, no globals.
 */
#ifndef KF_NEED_KEY_COST_KEY_H
#define KF_NEED_KEY_COST_KEY_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "services/need/key/criterion.h"

/* A year whose need is computed, and the year whose figures count for it (METHOD N5): of the same
 * members, often the same panel. */
struct kf_need_year {
    struct kf_panel *panel;
    const struct kf_panel *source;
    bool earlier; /* before the year that is asked for: only what changes rest on is kept */
};

/* Appends the results of one sector's key:
 *     driver          d_kj = w_sj (c_kj − 1), for each criterion                     (METHOD N9)
 *     need_index      K_ks = 1 + Σ_j d_kj = Σ_j w_sj c_kj, exactly the sum of its drivers  (N4)
 *     need_population P_ks = N_k Σ_j w'_sj c_kj, w' without the cost-disadvantage criteria,
 *                     rescaled to 1                                                  (N7, N8)
 * Criteria and what they are divided by are the need year's, N_k is the panel's own (N5). Under the
 * rule of ages the other criteria are left out and w rescaled to 1. Drivers are not kept of earlier
 * years. The flags of the figures travel to what rests on them; a member that lacks a criterion has
 * no need.
 *
 * KF_ERR_DATA with findings for all faulty criteria (kf_criterion_index). */
enum kf_err kf_cost_key_append(const struct kf_need_year *year, const struct kf_sector *sector,
                               struct kf_findings *findings, struct kf_error *err);

#endif

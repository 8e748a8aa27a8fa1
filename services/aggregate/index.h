/* Sub-indices and the total index (METHOD A4–A7), with and without imputed cells (A2). Pure.
 *
 * Every contribution lies on the grid of kf_grid, so that a sum of contributions is exact: added up
 * in any order, in any language, the parts give the index to the last bit.
 *
 * A member without any reported indicator of a sector (rule `drop`) has no index of it; its total
 * is that of the sectors that remain, their weights rescaled to 1, flagged incomplete.
 */
#ifndef KF_AGGREGATE_INDEX_H
#define KF_AGGREGATE_INDEX_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "services/aggregate/composition.h"
#include "services/aggregate/given.h"
#include "services/aggregate/presence.h"

/* One sector that produces, ready to be appended: composed of indicators, or given. */
struct kf_index_part {
    const struct kf_sector *sector;
    double weight; /* share of the total; 0 when the total is given */
    bool given;
    struct kf_sector_composition composition; /* unless given */
    struct kf_given published;                /* when given */
};

/* All that make the total. */
struct kf_index_parts {
    struct kf_index_part *list; /* in the edition's order; sectors that produce nothing left out */
    size_t count;
    bool total_given;           /* no sector contributes to a published total */
    struct kf_presence sectors; /* which sectors each member has */
};

/* Prepares all sectors that produce, from weights and normalised values. All faults of all sectors
 * at once: KF_ERR_DATA with findings. */
enum kf_err kf_index_parts_make(const struct kf_panel *panel, struct kf_index_parts *parts,
                                struct kf_findings *findings, struct kf_error *err);

/* Appends for one sector:
 *     indicator/contribution            to S_ks, for each indicator                         (A7)
 *     indicator/contribution_to_total   b_s times as much                                   (A7)
 *     index/index                       S_ks, the sum of the contributions                  (A4)
 *     index/index_without_imputed       the same over the indicators that the municipality
 *                                       reported, weights rescaled to 1, n_ki as in S_ks    (A2)
 *     index/contribution                b_s S_ks, the sum of the contributions to the total (A7)
 * A published sector has no indicators' rows, and its two indices are the same (A6). Where the
 * total is published nothing is claimed about what contributes to it. An index with an imputed or
 * left out cell is flagged incomplete. */
enum kf_err kf_sector_index_append(struct kf_panel *panel, const struct kf_index_parts *parts,
                                   size_t number, struct kf_error *err);

/* Appends under sector "total": index T_k = Σ_s b_s S_ks (A5), exactly the sum of the sectors'
 * contributions, and index_without_imputed Σ_s b_s S'_ks over the sectors that have one, rescaled.
 * A published total is renormalised instead (A6) and stands in both. */
enum kf_err kf_total_index_append(struct kf_panel *panel, const struct kf_index_parts *parts,
                                  struct kf_findings *findings, struct kf_error *err);

#endif

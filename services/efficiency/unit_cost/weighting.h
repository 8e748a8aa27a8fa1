/* The weighting method: what one hour or day costs when the accounts know only what several
 * services cost together (METHOD U2; AK chapter 5).
 *
 * A municipality's services of one cost group are taken to be as dear, or as cheap, against their
 * national rates as the group is as a whole:
 *
 *     c_m = P_m·NDU/Σ_m P_m·q_m       so that Σ_m c_m·q_m = NDU
 *
 * over the services that it delivers: those with a quantity above 0. Of a single one it is NDU/q
 * (METHOD U1), for which no rate is needed. Arithmetic of one municipality in double-double. Pure.
 */
#ifndef KF_EFFICIENCY_UNIT_COST_WEIGHTING_H
#define KF_EFFICIENCY_UNIT_COST_WEIGHTING_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"

/* An amount or a quantity with the status of its cell. */
struct kf_unit_cell {
    struct kf_wide value; /* 0 where there is none */
    uint8_t status;
};

/* A service of a cost group as one municipality delivers it. */
struct kf_delivered {
    struct kf_unit_cell quantity;  /* hours or days, not below 0 */
    struct kf_wide rate;           /* P_m, kr; 0 when there is none */
    struct kf_unit_cell unit_cost; /* c_m, kr, from kf_weigh */
};

/* Fills in every unit cost. Missing: of a service that is not delivered (never 0, never infinite);
 * where NDU is missing; and all of them where several are delivered and one has no rate, for then
 * its share is unknown. All cells keep the flags of NDU and of all quantities; they are
 * `incomplete` when some quantity is missing or suppressed, which counts as not delivered. What is
 * not applicable is not delivered. */
void kf_weigh(struct kf_unit_cell net, struct kf_delivered *list, size_t count);

/* The rates' worth of what is delivered, P_m·q_m in million kr (million.h): 0 of
 * nothing; without a value where the quantity has none, or there is no rate for it. */
struct kf_unit_cell kf_delivered_grant(const struct kf_delivered *self);

/* Σ kf_delivered_grant of the services that have a quantity; `incomplete` as in kf_weigh. Missing
 * when what is delivered has no rate; without a value, as the first, when no quantity has one. */
struct kf_unit_cell kf_delivered_grants(const struct kf_delivered *list, size_t count);

#endif

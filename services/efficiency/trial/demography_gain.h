/* What a municipality gains because its need grows more than the deduction from its block grant,
 * which follows the growth of need in the country (METHOD G7). Pure.
 *
 *     gain_t = Σ_τ B_τ·(g_τ − d_τ)/100 over the compensated years τ up to t
 *     B_τ    = (deduction − refund) / Π(1 + p_y/100),  y from τ to the year of the deduction
 *
 * g_τ is the growth of the municipality's own need, d_τ what is compensated, both percent. The base
 * B is the deduction of a whole year less the refund of costly users, in prices of the year before
 * τ: where that is later than the deduction's, it is inflated instead. The year t itself may count
 * for some of its months; an earlier one counts whole, since the growth of that year is in the
 * need of every month of t.
 *
 * All of it is inferred: the source prints results, no rule. With the deduction of 2017, the refund
 * of 2015, prices of 2.5 percent and 8 months of 2016 every figure of its table 6.1 is met, within
 * what the rounding of the growth to one decimal leaves open, by some refund in 2015: 6 to 9
 * million kr in Hobøl, 14 to 30 in Lillesand, 46 to 54 in Os, 63 to 67 in Stjørdal. The refund of
 * 2016, which is printed and may stand in, is 11.4, 20.4, 51.7, 50.0: up to .4 million kr off, in
 * Stjørdal .6 in 2017 and .7 in 2018. */
#ifndef KF_EFFICIENCY_TRIAL_DEMOGRAPHY_GAIN_H
#define KF_EFFICIENCY_TRIAL_DEMOGRAPHY_GAIN_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends about KF_SECTOR_DEMOGRAPHY, each unless no member has a value:
 *     gain_million_kr             of each year τ (the indicator, as text) and, without an
 *                                 indicator, their sum, which they add up to exactly; flagged
 *                                 `inferred`. Where the sum lacks a year, the published one stands
 *                                 in
 *     published_gain_million_kr
 * A member's refund is that of the first of the edition's refund years in which it has one. A year
 * is missing without the deduction, a refund (when refund years are named), the member's growth or
 * a price on the way. KF_ERR_DATA with findings as kf_refund_year_read, of the refund years;
 * KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_demography_gain_append(struct kf_panel *panel, struct kf_arena *arena,
                                      struct kf_findings *findings, struct kf_error *err);

#endif

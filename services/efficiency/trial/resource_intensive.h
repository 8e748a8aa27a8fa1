/* Users of costly services: what the state refunds of them, what is left to the municipality, and
 * what it gains where that grows more than the deduction from its block grant (METHOD G4–G6). Pure.
 *
 *     gain = own_t − own_base·Π(1 + growth_y/100),  y from the year after the base to t    (G6)
 *
 * The gain is inferred: the source prints results, no rule. With the base 2015 and the growth of
 * need 1.6 and .695 percent it is own_2017 − own_2015·1.016·1.00695. In the trial the state bears
 * the own share, and deducts what it was in the base year, grown as need grows in the country. */
#ifndef KF_EFFICIENCY_TRIAL_RESOURCE_INTENSIVE_H
#define KF_EFFICIENCY_TRIAL_RESOURCE_INTENSIVE_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Appends about KF_SECTOR_RESOURCE_INTENSIVE, each unless no member has a value:
 *     users, net_expenditure_million_kr, net_above_threshold_million_kr,
 *     own_share_threshold_million_kr, own_share_above_million_kr, own_share_million_kr,
 *     refund_million_kr           of the panel's year (refund.h); none without a threshold for it
 *     gain_million_kr             (G6), flagged `inferred`; only after the base year, where own
 *                                 shares of both years are known, and growth of every year between;
 *                                 elsewhere the published one stands in
 *     published_gain_million_kr
 * KF_ERR_DATA with findings as kf_refund_year_read, of the base year, too; KF_ERR_MEMORY, and as
 * kf_panel_append. */
enum kf_err kf_resource_intensive_append(struct kf_panel *panel, struct kf_arena *arena,
                                         struct kf_findings *findings, struct kf_error *err);

#endif

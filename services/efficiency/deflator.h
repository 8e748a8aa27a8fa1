/* How much dearer the same purchases have become since the year before (METHOD T5). Pure.
 *
 * ω_s, the wage share, is that of the group's accounts of the year before: the deflator brings the
 * spending of that year to this year's prices, so it weighs prices by what was bought then
 * (Laspeyres); a share of this year would mix the growth of wages into its own weight.
 */
#ifndef KF_EFFICIENCY_DEFLATOR_H
#define KF_EFFICIENCY_DEFLATOR_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "services/efficiency/accounts.h"

/* d_s = ω_s(1 + wage growth_s) + (1 − ω_s)(1 + price growth) − 1, growth in percent, ω_s between 0
 * and 1 (METHOD T5; growth of prices from TBU). In percent. */
struct kf_wide kf_deflator_percent(struct kf_wide wage_share, double wages_percent,
                                   double prices_percent);

/* The growth of the year, or NULL. */
const struct kf_deflator *kf_deflator_find(const struct kf_edition *edition, int year);

/* The growth of wages in the sector: its own, or that of all. In percent. */
double kf_deflator_wages(const struct kf_deflator *self, const char *sector);

/* 1 + d_s for an account of `panel`, which carries the year before. `found` is false when that year
 * gives no wage share: the account names no wages, or no member reports both wages and gross.
 * KF_ERR_DATA with a finding when the edition has no growth for the panel's year, or when the share
 * is not between 0 and 1. */
enum kf_err kf_deflator_factor(const struct kf_panel *panel, const struct kf_account *account,
                               struct kf_wide *factor, bool *found, struct kf_findings *findings,
                               struct kf_error *err);

/* Appends the group's deflator_percent for each sector that has accounts, and for "total" when the
 * edition has accounts of the whole; missing where there is no wage share. */
enum kf_err kf_deflator_append(struct kf_panel *panel, struct kf_findings *findings,
                               struct kf_error *err);

#endif

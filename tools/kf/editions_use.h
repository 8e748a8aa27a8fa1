/* Need, resource use and demography of an edition in words, for `kf editions show` and `diff`. All
 * append to a text; names of rules are those of the YAML in both languages. */
#ifndef KF_TOOLS_EDITIONS_USE_H
#define KF_TOOLS_EDITIONS_USE_H

#include "common/base/text.h"
#include "common/model/edition.h"

/* "ages 67+", "ages 6-12", "ages 0"; a sum when the terms are not just years of age in a row. */
void kf_editions_people(const struct kf_terms *terms, bool norwegian, struct kf_text *text);

/* The group's people in the projection, without the prefix that the projection's variables share:
 * "innb_0 + innb_1_5". */
void kf_editions_projected(const struct kf_demography *demography, const struct kf_age_group *group,
                           struct kf_text *text);

/* What a criterion counts: "innb_1_5", "ages 1-5", "innb_1_5, or else ages 1-5", "basis". */
void kf_editions_criterion(const struct kf_criterion *criterion, bool norwegian,
                           struct kf_text *text);

/* "next", "2026", "same". */
void kf_editions_need_year(const struct kf_edition *edition, struct kf_text *text);
const char *kf_editions_criteria(enum kf_criteria_rule rule);

/* A sum of money: "ndu_f202 + ndu_f215 (1000 kr)". Sums are kept in kr; one of which every factor
 * is 1000 or more is told in thousands, as most are written. */
void kf_editions_money(const struct kf_terms *terms, bool norwegian, struct kf_text *text);

/* "expenditure: ndu_f202 (1000 kr); only 0301", "expenditure: payroll costs … as a common
 * percentage of …". */
void kf_editions_adjustment(const struct kf_adjustment *adjustment, bool norwegian,
                            struct kf_text *text);

/* "1-5 210000, 6-15 8000 kr", rates of 0 left out; or "derived of kommunehelse, barnevern, 2024".
 */
void kf_editions_rates(const struct kf_demography *demography, const struct kf_cost_sector *sector,
                       bool norwegian, struct kf_text *text);

/* What is projected: "framskriving_…folkemengde, after 2024, rebased"; nothing without a
 * projection.
 */
void kf_editions_projection(const struct kf_demography *demography, bool norwegian,
                            struct kf_text *text);

#endif

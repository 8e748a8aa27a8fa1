/* What an inhabitant of each age group costs: given, or derived from cost keys (METHOD D4, D9).
 * Pure. */
#ifndef KF_NEED_DEMOGRAPHY_RATES_H
#define KF_NEED_DEMOGRAPHY_RATES_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/need/demography/age_group.h"

/* Kroner an inhabitant, [demography.sectors_len × demography.cost_groups_len], services one behind
 * the other. */
struct kf_rates {
    struct kf_wide *kr;
    uint8_t *status;
};

/* The rates of the edition. A derived one is, with L for the country in rate_year,
 *     r_as = Σ_s' Σ_j w'_s'j · NDU_Ls' · P_L(a∩j)/P_L(j) / P_L(a)                     (METHOD D9)
 * over the age criteria j of the sectors s' that the service is made of, w' their weights rescaled
 * to 1. It is the mean over the country's inhabitants of group a of what one of their age costs, so
 * Σ_a r_as P_L(a) = Σ NDU_Ls' when the groups cover the ages of the criteria.
 *
 * The country is its own row, or the sum of the members when they are all the municipalities there
 * are; where either lacks, people and expenditure both are those of the members that have both, so
 * that they are always of the same inhabitants. NDU is in kroner.
 *
 * A rate is missing for a group without inhabitants, for a criterion without any, and where the
 * panel carries no figures of rate_year. KF_ERR_DATA with findings when expenditure is the
 * country's and the people are not, or when the edition's groups, sectors or criteria are not what
 * rates can be derived from; KF_ERR_MEMORY. */
enum kf_err kf_rates_find(struct kf_panel *panel, struct kf_arena *arena, struct kf_rates *rates,
                          struct kf_findings *findings, struct kf_error *err);

/* Appends the group rows rate_kr of every service and cost group, and their sums of "total"; not
 * those that are missing. */
enum kf_err kf_rates_append(struct kf_panel *panel, const struct kf_rates *rates,
                            struct kf_error *err);

#endif

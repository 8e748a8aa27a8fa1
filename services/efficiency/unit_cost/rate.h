/* National rates: what an hour or a day of a service is worth in a year (METHOD U2, AK annex V.1).
 * Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_RATE_H
#define KF_EFFICIENCY_UNIT_COST_RATE_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/numbers.h"
#include "common/model/edition.h"
#include "common/model/panel.h"

/* A service with its rate of one year. */
struct kf_rate {
    const struct kf_rated_service *service;
    struct kf_wide kr; /* for one hour or day; 0 when the service has none in the year */
    const char *unit;  /* of what is paid for one of them: kr/hours */
};

/* The rate of `service` in `year`, kr for one hour or day: its own of the year; or its newest
 * before it times Π(1 + growth/100) over the years since. 0 when it has none before, or the growth
 * of one of those years is not known. Rates are above 0. */
struct kf_wide kf_rate_of(const struct kf_unit_costs *costs, const struct kf_rated_service *service,
                          int year);

/* The rates of all services of the edition in the year of the panel, in the edition's order, into
 * `arena`; units live as long as the panel. KF_ERR_MEMORY. */
enum kf_err kf_rates_of(const struct kf_panel *panel, struct kf_arena *arena,
                        struct kf_rate **rates, struct kf_error *err);

#endif

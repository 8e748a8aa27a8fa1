/* Real growth: what expenditure grows beyond prices and demography (METHOD G8, AK table 3.6). Pure.
 */
#ifndef KF_EFFICIENCY_UNIT_COST_GROWTH_H
#define KF_EFFICIENCY_UNIT_COST_GROWTH_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/unit_cost/cost_group.h"

/* Appends, about every kind of growth under KF_SECTOR_GROWTH, each unless no member has a value,
 *     gross_growth_percent        at fixed prices: as given; or of an amount E
 *                                 100·((E_t/E_t−1)/(1 + p_t/100) − 1), p_t the growth of prices
 *     demographic_growth_percent  as given
 *     real_growth_percent         their difference, in percentage points, before rounding
 * Growth of an amount is missing without the year before, where that is not above 0, and for
 * everybody when p_t is not known. KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_growths_append(struct kf_panel *panel, const struct kf_unit_place *place,
                              struct kf_error *err);

#endif

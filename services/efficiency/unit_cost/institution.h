/* Institutions: their share of care spending, and places (METHOD U5, U6). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_INSTITUTION_H
#define KF_EFFICIENCY_UNIT_COST_INSTITUTION_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/unit_cost/cost_group.h"

/* How many days the year has: 365, or 366. */
int kf_days_in_year(int year);

/* Appends, about KF_SECTOR_INSTITUTION, each unless no member has figures,
 *     institution_share   expenditure/of; missing unless `of` is above 0               (U5)
 *     institution_places  days/365, in a leap year days/366                            (U6)
 * KF_ERR_DATA with findings for days below 0; KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_institution_append(struct kf_panel *panel, const struct kf_unit_place *place,
                                  struct kf_error *err);

#endif

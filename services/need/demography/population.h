/* Population of age groups: indices and growth (METHOD D1, D2). Pure. */
#ifndef KF_NEED_DEMOGRAPHY_POPULATION_H
#define KF_NEED_DEMOGRAPHY_POPULATION_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/demography/age_group.h"

/* Mean yearly growth from `base` to `people` in `years` years, (people/base)^(1/years) − 1 in
 * percent (METHOD D2). `years` is not 0; it may be negative: the growth told is then the one from
 * the earlier year, whose figure is `people`, to the later one, as a calendar has it. False, with
 * nothing written, when the earlier of the two is not above zero or the later is below it. */
bool kf_population_growth(struct kf_wide people, struct kf_wide base, int years,
                          struct kf_wide *percent);

/* Appends for every age group, and for the whole population (indicator ""), of the panel's year:
 *     population                 P_t
 *     population_index           P_t/P_base, 1 in the base year                     (METHOD D1)
 *     population_index_others    Σ P_t/Σ P_base of the other members that have both, own excluded
 *     population_growth_percent  mean yearly growth between the base year and t, always from the
 *                                earlier of them to the later                              (D2)
 *     population_growth_persons  (P_t − P_base)/(t − base): the same in persons a year; neither
 *                                stands in the base year
 * A cell whose base is 0 has no index, nor growth in percent. The others' index carries no flags of
 * the others but `projected`. A measure that no member has is left out. */
enum kf_err kf_population_append(struct kf_panel *panel, struct kf_age_years *years,
                                 struct kf_arena *arena, struct kf_error *err);

#endif

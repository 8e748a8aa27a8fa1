/* Millions of kroner with nine decimals, a tenth of an øre: who takes them for the decimals that
 * they are shown as (common/base/numbers.h, decimals) finds that services add up to their cost
 * group, groups to all of them, gains to the total, exactly. Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_MILLION_H
#define KF_EFFICIENCY_UNIT_COST_MILLION_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "common/model/values.h"

#define KF_MILLION_DECIMALS 9
#define KF_MILLION_KR       1e6

/* `kr`/1e6 with its decimals. */
struct kf_wide kf_million_from_kr(struct kf_wide kr);

/* The sum of `terms` in kr as million kr, into `million` in `arena`: of the members;
 * the country has none. No term: missing for everybody. KF_ERR_MEMORY. */
enum kf_err kf_million_of(const struct kf_panel *panel, const struct kf_terms *terms,
                          struct kf_arena *arena, struct kf_values *million, struct kf_error *err);

#endif

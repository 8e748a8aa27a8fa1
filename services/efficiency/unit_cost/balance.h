/* Grant against net expenditure, in million kr (METHOD U3). Pure. */
#ifndef KF_EFFICIENCY_UNIT_COST_BALANCE_H
#define KF_EFFICIENCY_UNIT_COST_BALANCE_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

struct kf_balance {
    struct kf_values net;   /* net operating expenditure */
    struct kf_values grant; /* what is paid for it */
    struct kf_values gain;  /* grant − net, exactly; negative for a loss */
};

/* Gains of every member from the other two, into `arena`. KF_ERR_MEMORY. */
enum kf_err kf_balance_close(const struct kf_panel *panel, struct kf_arena *arena,
                             struct kf_balance *self, struct kf_error *err);

/* Appends, about the whole of `sector`,
 *     gain_percent  100·gain/grant: AK's percentages are of grants
 *     ratio         ρ = net/grant
 * Both are missing when the grant is not above 0. KF_ERR_MEMORY, and as kf_panel_append. */
enum kf_err kf_balance_append_ratios(struct kf_panel *panel, const char *sector,
                                     const struct kf_balance *self, struct kf_arena *arena,
                                     struct kf_error *err);

#endif

/* K_k: what expenditure is divided by to be compared, from the need stage (METHOD N4). Pure. */
#ifndef KF_EFFICIENCY_NEED_INDEX_H
#define KF_EFFICIENCY_NEED_INDEX_H

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/efficiency/accounts.h"
#include "services/efficiency/column.h"
#include "services/efficiency/scope.h"

/* The need index of the scope as the need stage computed it. `found` is false, and `cells`
 * unchanged, when it did not. */
enum kf_err kf_need_index(const struct kf_panel *panel, const struct kf_scope *scope,
                          struct kf_values *cells, bool *found, struct kf_error *err);

/* True when the accounts of the whole are a sum over sectors and the total cost key holds sectors
 * that are not among them. */
bool kf_need_key_holds_others(const struct kf_edition *edition);

/* The need index that belongs to the accounts of a scope: that of the scope, unless the accounts
 * are a sum over sectors and the total cost key holds sectors that are not among them: then
 * Σ_s b_s K_ks over the sectors summed, their need weights b_s rescaled to 1. */
enum kf_err kf_need_index_of_accounts(const struct kf_panel *panel, const struct kf_scope *scope,
                                      struct kf_values *cells, bool *found, struct kf_error *err);

#endif

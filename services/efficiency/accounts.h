/* Accounts: whose make up the expenditure of a scope, and the amount that is left of them when
 * what differs between municipalities for other reasons is taken out (METHOD E1). Pure. */
#ifndef KF_EFFICIENCY_ACCOUNTS_H
#define KF_EFFICIENCY_ACCOUNTS_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/efficiency/scope.h"

/* The accounts of one sector, or the edition's own of the whole. */
struct kf_account {
    const char *sector; /* whose deflator they have: a sector's id or KF_SECTOR_TOTAL */
    const struct kf_expenditure *rules;
};

struct kf_accounts {
    struct kf_account list[KF_SECTORS_MAX + 1];
    size_t count;
    bool need_corrected;
};

/* The accounts of a scope; none when the edition names none, or only a published index.
 *     sector                      its own
 *     total                       the edition's own; without them those of every sector of the
 *                                 whole (kf_scope_holds): none when one of these has none
 *     total_with_administration   those of total and of every sector marked administration
 * A sum is corrected for need when the edition says so for the whole or for a sector in it. */
void kf_accounts_of(const struct kf_edition *edition, const struct kf_scope *scope,
                    struct kf_accounts *accounts);

/* The corrected amount of each member and of the country, in the unit of the accounts:
 *
 *     Σ_s growth_s·(gross_s − Σ minus_s − payroll costs_s + p·wages_s)
 *
 * with p = ΣΣ payroll costs / ΣΣ wages over the members and the accounts that name them: employer
 * tax and pension as a common percentage of wages (METHOD E1). `growth` [accounts->count] brings
 * amounts to another year's prices (METHOD T2); NULL: 1 for all. A member without one of the
 * figures has no amount. KF_ERR_DATA with a finding when wages are reported, but sum to nothing. */
enum kf_err kf_accounts_amounts(const struct kf_panel *panel, const struct kf_accounts *accounts,
                                const struct kf_wide *growth, struct kf_values *amounts,
                                struct kf_findings *findings, struct kf_error *err);

/* The amounts per inhabitant; of members without inhabitants, missing. */
enum kf_err kf_accounts_per_inhabitant(const struct kf_panel *panel,
                                       const struct kf_accounts *accounts,
                                       const struct kf_wide *growth, struct kf_values *amounts,
                                       struct kf_findings *findings, struct kf_error *err);

#endif

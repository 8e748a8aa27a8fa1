#include "services/efficiency/expenditure_change.h"

#include "services/efficiency/accounts.h"
#include "services/efficiency/deflator.h"
#include "services/efficiency/need_index.h"

/* 1 + d_s of each account; false in `found` when one is not to be had. */
static enum kf_err growth_of(const struct kf_panel *panel, const struct kf_accounts *accounts,
                             struct kf_wide *growth, bool *found, struct kf_findings *findings,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    bool all = true;
    for (size_t i = 0; code == KF_OK && i < accounts->count; i++) {
        bool one = false;
        growth[i] = kf_wide_from(1);
        code = kf_deflator_factor(panel, &accounts->list[i], &growth[i], &one, findings, err);
        all = all && one;
    }
    *found = all;
    return code;
}

/* One year's expenditure per inhabitant. */
struct year {
    const struct kf_panel *panel;
    const struct kf_wide *growth;
    struct kf_values cells;
};

/* `known` is false when the need index that must be held constant was not computed that year. */
static enum kf_err fill_year(const struct kf_scope *scope, const struct kf_accounts *accounts,
                             struct year *year, bool *known, struct kf_findings *findings,
                             struct kf_error *err)
{
    struct kf_values need = {0};
    *known = true;
    enum kf_err code = kf_accounts_per_inhabitant(year->panel, accounts, year->growth, &year->cells,
                                                  findings, err);
    if (code != KF_OK || !kf_scope_has_key(year->panel->edition, scope)) {
        return code;
    }
    code = kf_need_index_of_accounts(year->panel, scope, &need, known, err);
    if (code == KF_OK && *known) {
        kf_efficiency_divide(&year->cells, &need);
    }
    return code;
}

enum kf_err kf_expenditure_change(const struct kf_panel *panel, const struct kf_scope *scope,
                                  struct kf_values *ratios, struct kf_findings *findings,
                                  struct kf_error *err)
{
    struct kf_accounts accounts;
    struct kf_wide growth[KF_SECTORS_MAX + 1];
    kf_accounts_of(panel->edition, scope, &accounts);
    *ratios = (struct kf_values){0};
    if (accounts.count == 0) {
        return KF_OK;
    }
    bool deflated = false;
    bool known[2] = {false, false};
    struct year now = {.panel = panel};
    struct year before = {.panel = panel->previous, .growth = growth};
    enum kf_err code = growth_of(panel, &accounts, growth, &deflated, findings, err);
    if (code == KF_OK) {
        code = fill_year(scope, &accounts, &now, &known[0], findings, err);
    }
    if (code == KF_OK) {
        code = fill_year(scope, &accounts, &before, &known[1], findings, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (!deflated || !known[0] || !known[1]) {
        return kf_values_new_missing(panel, panel->arena, ratios, err);
    }
    kf_efficiency_divide(&now.cells, &before.cells);
    *ratios = now.cells;
    return KF_OK;
}

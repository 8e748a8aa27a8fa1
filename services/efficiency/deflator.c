#include "services/efficiency/deflator.h"

#include <string.h>

#include "services/efficiency/column.h"

struct kf_wide kf_deflator_percent(struct kf_wide wage_share, double wages_percent,
                                   double prices_percent)
{
    struct kf_wide rest = kf_wide_sub(kf_wide_from(1), wage_share);
    return kf_wide_add(kf_wide_mul(wage_share, kf_wide_from_figure(wages_percent)),
                       kf_wide_mul(rest, kf_wide_from_figure(prices_percent)));
}

const struct kf_deflator *kf_deflator_find(const struct kf_edition *edition, int year)
{
    for (size_t i = 0; i < edition->deflators_len; i++) {
        if (edition->deflators[i].year == year) {
            return &edition->deflators[i];
        }
    }
    return NULL;
}

double kf_deflator_wages(const struct kf_deflator *self, const char *sector)
{
    for (size_t i = 0; i < self->sectors_len; i++) {
        if (strcmp(self->sectors[i].sector, sector) == 0) {
            return self->sectors[i].wages_percent;
        }
    }
    return self->wages_percent;
}

static enum kf_err check_share(const struct kf_panel *panel, const struct kf_account *account,
                               struct kf_wide share, struct kf_findings *findings,
                               struct kf_error *err)
{
    double rounded = kf_wide_value(share);
    if (rounded >= 0 && rounded <= 1) {
        return KF_OK;
    }
    struct kf_place place = {.variable = account->rules->wages.list[0].variable};
    kf_findings_add_once(findings, &place, "check the wages and the gross expenditure of the group",
                         "makes up %g of the gross expenditure of %s in %d, not between 0 and 1",
                         rounded, account->sector, panel->year);
    return kf_error_set(err, KF_ERR_DATA, "the wage share of %s cannot be a weight",
                        account->sector);
}

/* Σ wages and Σ gross of the members that report both. */
static enum kf_err sum_wages(const struct kf_panel *panel, const struct kf_account *account,
                             struct kf_arena *arena, struct kf_wide sums[2], struct kf_error *err)
{
    struct kf_values wages = {0};
    struct kf_values gross = {0};
    enum kf_err code = kf_terms_sum(panel, &account->rules->wages, arena, &wages, err);
    if (code == KF_OK) {
        code = kf_terms_sum(panel, &account->rules->gross, arena, &gross, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        if (kf_cell_has_value(wages.status[k] | gross.status[k])) {
            sums[0] = kf_wide_add(sums[0], wages.values[k]);
            sums[1] = kf_wide_add(sums[1], gross.values[k]);
        }
    }
    return code;
}

/* ω_s = Σ_G wages / Σ_G gross over the members of `panel` (the year before) that report both.
 * `found` is false when none does or the account names no wages. */
static enum kf_err wage_share(const struct kf_panel *panel, const struct kf_account *account,
                              struct kf_wide *share, bool *found, struct kf_findings *findings,
                              struct kf_error *err)
{
    struct kf_wide sums[2] = {kf_wide_from(0), kf_wide_from(0)};
    enum kf_err code = KF_OK;
    if (account->rules->wages.count > 0) {
        struct kf_arena *scratch = kf_arena_new(KF_PANEL_BYTES_MAX);
        code = scratch ? sum_wages(panel, account, scratch, sums, err)
                       : kf_error_set(err, KF_ERR_MEMORY, "no memory for a wage share");
        kf_arena_destroy(&scratch);
    }
    *found = code == KF_OK && sums[1].high > 0;
    if (!*found) {
        return code;
    }
    *share = kf_wide_div(sums[0], sums[1]);
    return check_share(panel, account, *share, findings, err);
}

static enum kf_err find_growth(const struct kf_panel *panel, const struct kf_deflator **growth,
                               struct kf_findings *findings, struct kf_error *err)
{
    *growth = kf_deflator_find(panel->edition, panel->year);
    if (*growth) {
        return KF_OK;
    }
    struct kf_place place = {.variable = "deflators"};
    kf_findings_add_once(
        findings, &place,
        "add the growth of wages and prices of that year to the edition's deflators",
        "edition %s has none for %d", panel->edition->id, panel->year);
    return kf_error_set(err, KF_ERR_DATA,
                        "changes of expenditure need the growth of wages and prices in %d",
                        panel->year);
}

/* d_s in percent. */
static enum kf_err account_percent(const struct kf_panel *panel, const struct kf_account *account,
                                   struct kf_wide *percent, bool *found,
                                   struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_deflator *growth = NULL;
    struct kf_wide share = kf_wide_from(0);
    enum kf_err code = find_growth(panel, &growth, findings, err);
    if (code == KF_OK) {
        code = wage_share(panel->previous, account, &share, found, findings, err);
    }
    if (code == KF_OK && *found) {
        *percent = kf_deflator_percent(share, kf_deflator_wages(growth, account->sector),
                                       growth->prices_percent);
    }
    return code;
}

enum kf_err kf_deflator_factor(const struct kf_panel *panel, const struct kf_account *account,
                               struct kf_wide *factor, bool *found, struct kf_findings *findings,
                               struct kf_error *err)
{
    struct kf_wide percent;
    enum kf_err code = account_percent(panel, account, &percent, found, findings, err);
    if (code == KF_OK && *found) {
        *factor = kf_wide_add(kf_wide_from(1), kf_wide_div(percent, kf_wide_from(100)));
    }
    return code;
}

static enum kf_err append_account(struct kf_panel *panel, const struct kf_account *account,
                                  struct kf_findings *findings, struct kf_error *err)
{
    struct kf_wide percent = kf_wide_from(0);
    struct kf_result cell = {0};
    bool found = false;
    enum kf_err code = account_percent(panel, account, &percent, &found, findings, err);
    if (code == KF_OK) {
        code = kf_efficiency_group_cell(panel, account->sector, "deflator_percent", &cell, err);
    }
    if (code == KF_OK) {
        cell.values[0] = found ? kf_wide_value(percent) : 0;
        cell.status[0] = found ? KF_CELL_VALUE : KF_CELL_MISSING;
    }
    return code;
}

enum kf_err kf_deflator_append(struct kf_panel *panel, struct kf_findings *findings,
                               struct kf_error *err)
{
    struct kf_scope scopes[KF_SCOPES_MAX];
    size_t count = kf_scopes_of(panel->edition, scopes);
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < count; i++) {
        struct kf_accounts accounts;
        kf_accounts_of(panel->edition, &scopes[i], &accounts);
        bool own = accounts.count == 1 && strcmp(accounts.list[0].sector, scopes[i].id) == 0;
        if (own) {
            struct kf_error latest = {0};
            enum kf_err code = append_account(panel, &accounts.list[0], findings, &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
        }
    }
    return outcome;
}

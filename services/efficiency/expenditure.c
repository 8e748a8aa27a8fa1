#include "services/efficiency/expenditure.h"

#include "services/efficiency/accounts.h"
#include "services/efficiency/need_index.h"

const char *kf_expenditure_given(const struct kf_edition *edition, const struct kf_scope *scope)
{
    const struct kf_expenditure *rules =
        scope->sector ? &scope->sector->expenditure : &edition->expenditure;
    return rules->given && !scope->administration ? rules->given : "";
}

/* A variable without any figures is missing everywhere. */
static enum kf_err take_given(const struct kf_panel *panel, const char *variable,
                              struct kf_values *cells, struct kf_error *err)
{
    enum kf_err code = kf_values_new_missing(panel, panel->arena, cells, err);
    const struct kf_column *column = kf_panel_column(panel, variable);
    for (size_t k = 0; code == KF_OK && column && k < panel->members_len; k++) {
        cells->values[k] = kf_wide_from_figure(column->values[k]);
        cells->status[k] = column->status[k];
    }
    if (code == KF_OK && column) {
        cells->values[cells->members] = kf_wide_from_figure(column->country_value);
        cells->status[cells->members] = column->country_status;
    }
    return code;
}

static enum kf_err correct_for_need(const struct kf_panel *panel, const struct kf_scope *scope,
                                    struct kf_values *cells, struct kf_findings *findings,
                                    struct kf_error *err)
{
    struct kf_values need = {0};
    bool found = false;
    enum kf_err code = kf_need_index_of_accounts(panel, scope, &need, &found, err);
    if (code == KF_OK && !found) {
        struct kf_place place = {.variable = "need_index"};
        kf_findings_add(findings, &place,
                        "give figures for the criteria of every sector of the total cost key",
                        "the panel of %d has no need index of %s", panel->year, scope->id);
        return kf_error_set(err, KF_ERR_DATA, "expenditure of %s cannot be corrected for need",
                            scope->id);
    }
    if (code == KF_OK) {
        kf_efficiency_divide(cells, &need);
    }
    return code;
}

enum kf_err kf_expenditure_corrected(const struct kf_panel *panel, const struct kf_scope *scope,
                                     struct kf_values *cells, bool *found,
                                     struct kf_findings *findings, struct kf_error *err)
{
    const char *given = kf_expenditure_given(panel->edition, scope);
    struct kf_accounts accounts;
    kf_accounts_of(panel->edition, scope, &accounts);
    *found = given[0] || accounts.count > 0;
    if (given[0]) {
        return take_given(panel, given, cells, err);
    }
    if (!*found) {
        return KF_OK;
    }
    enum kf_err code = kf_accounts_per_inhabitant(panel, &accounts, NULL, cells, findings, err);
    if (code == KF_OK && accounts.need_corrected && kf_values_any(cells)) {
        code = correct_for_need(panel, scope, cells, findings, err);
    }
    return code;
}

static enum kf_err append_scope(struct kf_panel *panel, const struct kf_scope *scope,
                                struct kf_findings *findings, struct kf_error *err)
{
    struct kf_values cells = {0};
    struct kf_result index = {0};
    bool found = false;
    enum kf_err code = kf_expenditure_corrected(panel, scope, &cells, &found, findings, err);
    if (code != KF_OK || !found) {
        return code;
    }
    code = kf_efficiency_column(panel, scope->id, "expenditure_index", &index, err);
    if (code != KF_OK) {
        return code;
    }
    return panel->edition->reference == KF_REFERENCE_COUNTRY
               ? kf_efficiency_scale_to_country(panel, &cells, &index, findings, err)
               : kf_efficiency_scale(panel, &cells, &index, findings, err);
}

enum kf_err kf_expenditure_append(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err)
{
    struct kf_scope scopes[KF_SCOPES_MAX];
    size_t count = kf_scopes_of(panel->edition, scopes);
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < count; i++) {
        struct kf_error latest = {0};
        enum kf_err code = append_scope(panel, &scopes[i], findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

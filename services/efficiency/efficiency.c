#include "services/efficiency/efficiency.h"

#include "common/base/numbers.h"
#include "services/efficiency/change.h"
#include "services/efficiency/column.h"
#include "services/efficiency/expenditure.h"
#include "services/efficiency/scope.h"
#include "services/efficiency/trial/trial.h"
#include "services/efficiency/unit_cost/unit_cost.h"

const struct kf_stage kf_efficiency_stage = {
    .name = "efficiency",
    .purpose =
        "Compares production with expenditure: expenditure index, efficiency and changes "
        "since the year before, unit costs against national rates; hands each panel on to publish.",
    .next = "publish",
    .compute = kf_efficiency_compute,
};

/* Production and expenditure index of a scope, and what is made of them. */
struct comparison {
    struct kf_result production;
    struct kf_result expenditure;
    struct kf_result efficiency;
    struct kf_result percent;
    struct kf_values ratios; /* r_k */
};

static void fill_member(struct comparison *self, size_t k)
{
    double expenditure = self->expenditure.values[k];
    uint8_t status = self->production.status[k] | self->expenditure.status[k];
    status = kf_cell_has_value(status) && expenditure > 0 ? status : KF_CELL_MISSING;
    self->ratios.status[k] = status;
    self->percent.status[k] = status;
    if (kf_cell_has_value(status)) {
        struct kf_wide produced = kf_wide_from(self->production.values[k]);
        struct kf_wide spent = kf_wide_from(expenditure);
        self->ratios.values[k] = kf_wide_div(produced, spent);
        self->percent.values[k] = kf_percent_above(produced, spent);
    }
}

static enum kf_err compare(struct kf_panel *panel, const struct kf_scope *scope,
                           struct comparison *both, struct kf_findings *findings,
                           struct kf_error *err)
{
    enum kf_err code = kf_values_new_missing(panel, panel->arena, &both->ratios, err);
    if (code == KF_OK) {
        code = kf_efficiency_column(panel, scope->id, "efficiency", &both->efficiency, err);
    }
    if (code == KF_OK) {
        code = kf_efficiency_column(panel, scope->id, "efficiency_percent", &both->percent, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        fill_member(both, k);
    }
    return code == KF_OK
               ? kf_efficiency_scale(panel, &both->ratios, &both->efficiency, findings, err)
               : code;
}

static enum kf_err append_scope(struct kf_panel *panel, const struct kf_scope *scope,
                                struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_result *expenditure =
        kf_panel_result(panel, KF_TOPIC_EFFICIENCY, scope->id, "", "expenditure_index");
    const struct kf_result *production =
        kf_panel_result(panel, KF_TOPIC_INDEX, kf_scope_production(scope), "", "index");
    if (!expenditure || !production) {
        return KF_OK;
    }
    struct comparison both = {.production = *production, .expenditure = *expenditure};
    return compare(panel, scope, &both, findings, err);
}

enum kf_err kf_efficiency_append(struct kf_panel *panel, struct kf_findings *findings,
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

/* What is faulty does not hide the next: efficiency leaves out what has no index. */
enum kf_err kf_efficiency_compute(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err)
{
    static enum kf_err (*const parts[])(struct kf_panel *, struct kf_findings *,
                                        struct kf_error *) = {
        kf_expenditure_append, kf_efficiency_append, kf_change_append, kf_unit_cost_append,
        kf_trial_append};
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < sizeof parts / sizeof parts[0]; i++) {
        struct kf_error latest = {0};
        enum kf_err code = parts[i](panel, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

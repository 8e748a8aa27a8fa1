#include "services/efficiency/expenditure.h"

#include <string.h>

#include "common/base/numbers.h"
#include "services/efficiency/column.h"

static bool named(const char *variable)
{
    return variable && variable[0];
}

/* The cell of a variable; a variable without any figures is missing everywhere. */
static uint8_t take(const struct kf_panel *panel, const char *variable, size_t k, double *value)
{
    const struct kf_column *column = kf_panel_column(panel, variable);
    *value = column ? column->values[k] : 0;
    return column ? column->status[k] : KF_CELL_MISSING;
}

/* p: what the group pays in employer tax and pension for each krone of wages. */
static enum kf_err common_percentage(const struct kf_panel *panel, double *percentage,
                                     struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    struct kf_sum costs = {0};
    struct kf_sum wages = {0};
    for (size_t k = 0; k < panel->members_len; k++) {
        double cost = 0;
        double wage = 0;
        bool both = kf_cell_has_value(take(panel, accounts->payroll_costs, k, &cost)) &&
                    kf_cell_has_value(take(panel, accounts->wages, k, &wage));
        if (both) {
            kf_sum_add(&costs, cost);
            kf_sum_add(&wages, wage);
        }
    }
    if (!(kf_sum_value(&wages) > 0)) {
        struct kf_place place = {.variable = accounts->wages};
        kf_findings_add(findings, &place, "give the wages of the group's members",
                        "wages of the group are not above 0 in %d", panel->year);
        return kf_error_set(err, KF_ERR_DATA, "no common percentage of wages can be computed");
    }
    *percentage = kf_sum_value(&costs) / kf_sum_value(&wages);
    return KF_OK;
}

/* gross − Σ minus − payroll costs + p·wages for one member, in the unit of the accounts. */
static uint8_t corrected_amount(const struct kf_panel *panel, size_t k, double percentage,
                                double *amount)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    struct kf_sum sum = {0};
    double value = 0;
    uint8_t status = take(panel, accounts->gross, k, &value);
    kf_sum_add(&sum, value);
    for (size_t i = 0; i < accounts->minus_len; i++) {
        status |= take(panel, accounts->minus[i], k, &value);
        kf_sum_add(&sum, -value);
    }
    if (named(accounts->payroll_costs)) {
        status |= take(panel, accounts->payroll_costs, k, &value);
        kf_sum_add(&sum, -value);
        status |= take(panel, accounts->wages, k, &value);
        kf_sum_add(&sum, percentage * value);
    }
    *amount = kf_sum_value(&sum);
    return kf_cell_has_value(status) ? status : KF_CELL_MISSING;
}

static enum kf_err find_need(const struct kf_panel *panel, const struct kf_result **need,
                             struct kf_findings *findings, struct kf_error *err)
{
    *need = NULL;
    if (!panel->edition->expenditure.need_corrected) {
        return KF_OK;
    }
    *need = kf_panel_result(panel, KF_TOPIC_NEED, KF_SECTOR_TOTAL, "", "need_index");
    if (*need) {
        return KF_OK;
    }
    struct kf_place place = {.variable = "need_index"};
    kf_findings_add(findings, &place,
                    "give figures for the criteria of every sector of the total cost key",
                    "the panel of %d has no total need index", panel->year);
    return kf_error_set(err, KF_ERR_DATA, "expenditure cannot be corrected for need");
}

static void correct_member(const struct kf_panel *panel, size_t k, double percentage,
                           const struct kf_result *need, double *value, uint8_t *status)
{
    double amount = 0;
    *status = corrected_amount(panel, k, percentage, &amount);
    if (need && (!kf_cell_has_value(need->status[k]) || !(need->values[k] > 0))) {
        *status = KF_CELL_MISSING;
    }
    bool present = kf_cell_has_value(*status);
    double divisor = kf_panel_population(panel)[k] * (need && present ? need->values[k] : 1);
    *value = present ? amount / divisor : 0;
}

enum kf_err kf_expenditure_corrected(const struct kf_panel *panel, double *values, uint8_t *status,
                                     struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    if (named(accounts->given)) {
        for (size_t k = 0; k < panel->members_len; k++) {
            status[k] = take(panel, accounts->given, k, &values[k]);
        }
        return KF_OK;
    }
    double percentage = 0;
    const struct kf_result *need = NULL;
    enum kf_err code = find_need(panel, &need, findings, err);
    if (code == KF_OK && named(accounts->payroll_costs)) {
        code = common_percentage(panel, &percentage, findings, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        correct_member(panel, k, percentage, need, &values[k], &status[k]);
    }
    return code;
}

enum kf_err kf_expenditure_append(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    if (!named(accounts->given) && !named(accounts->gross)) {
        return KF_OK;
    }
    struct kf_result index = {0};
    enum kf_err code = kf_efficiency_column(panel, "expenditure_index", &index, err);
    if (code == KF_OK) {
        code = kf_expenditure_corrected(panel, index.values, index.status, findings, err);
    }
    if (code == KF_OK) {
        kf_widen *widen = named(accounts->given) ? kf_wide_from_figure : kf_wide_from;
        code = kf_efficiency_scale(panel, widen, &index, findings, err);
    }
    return code;
}

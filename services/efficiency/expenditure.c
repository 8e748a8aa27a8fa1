#include "services/efficiency/expenditure.h"

#include "services/efficiency/column.h"

static bool named(const char *variable)
{
    return variable && variable[0];
}

/* The cell of a variable; a variable without any figures is missing everywhere. */
static uint8_t take(const struct kf_panel *panel, const char *variable, size_t k,
                    struct kf_wide *value)
{
    const struct kf_column *column = kf_panel_column(panel, variable);
    *value = column ? kf_wide_from_figure(column->values[k]) : kf_wide_from(0);
    return column ? column->status[k] : KF_CELL_MISSING;
}

static struct kf_wide subtract(struct kf_wide a, struct kf_wide b)
{
    return kf_wide_add(a, (struct kf_wide){-b.high, -b.low});
}

/* p: what the group pays in employer tax and pension for each krone of wages. */
static enum kf_err common_percentage(const struct kf_panel *panel, struct kf_wide *percentage,
                                     struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    struct kf_wide costs = kf_wide_from(0);
    struct kf_wide wages = kf_wide_from(0);
    for (size_t k = 0; k < panel->members_len; k++) {
        struct kf_wide cost;
        struct kf_wide wage;
        bool both = kf_cell_has_value(take(panel, accounts->payroll_costs, k, &cost)) &&
                    kf_cell_has_value(take(panel, accounts->wages, k, &wage));
        if (both) {
            costs = kf_wide_add(costs, cost);
            wages = kf_wide_add(wages, wage);
        }
    }
    if (!(wages.high > 0)) {
        struct kf_place place = {.variable = accounts->wages};
        kf_findings_add(findings, &place, "give the wages of the group's members",
                        "wages of the group are not above 0 in %d", panel->year);
        return kf_error_set(err, KF_ERR_DATA, "no common percentage of wages can be computed");
    }
    *percentage = kf_wide_div(costs, wages);
    return KF_OK;
}

/* gross − Σ minus − payroll costs + p·wages for one member, in the unit of the accounts. */
static uint8_t corrected_amount(const struct kf_panel *panel, size_t k, struct kf_wide percentage,
                                struct kf_wide *amount)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    struct kf_wide sum;
    struct kf_wide value;
    uint8_t status = take(panel, accounts->gross, k, &sum);
    for (size_t i = 0; i < accounts->minus_len; i++) {
        status |= take(panel, accounts->minus[i], k, &value);
        sum = subtract(sum, value);
    }
    if (named(accounts->payroll_costs)) {
        status |= take(panel, accounts->payroll_costs, k, &value);
        sum = subtract(sum, value);
        status |= take(panel, accounts->wages, k, &value);
        sum = kf_wide_add(sum, kf_wide_mul(percentage, value));
    }
    *amount = sum;
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

/* What every member's amount is corrected by. */
struct correction {
    struct kf_wide percentage;    /* p */
    const struct kf_result *need; /* K_k, or NULL */
    const double *population;     /* N_k */
};

static void correct_member(const struct kf_panel *panel, size_t k,
                           const struct correction *correction, struct kf_wide *value,
                           uint8_t *status)
{
    const struct kf_result *need = correction->need;
    struct kf_wide amount;
    *status = corrected_amount(panel, k, correction->percentage, &amount);
    if (need && (!kf_cell_has_value(need->status[k]) || !(need->values[k] > 0))) {
        *status = KF_CELL_MISSING;
    }
    if (!kf_cell_has_value(*status)) {
        return;
    }
    struct kf_wide inhabitants = kf_wide_from_figure(correction->population[k]);
    *value = kf_wide_div(amount, inhabitants);
    if (need) {
        *value = kf_wide_div(*value, kf_wide_from(need->values[k]));
    }
}

enum kf_err kf_expenditure_corrected(const struct kf_panel *panel, struct kf_wide *values,
                                     uint8_t *status, struct kf_findings *findings,
                                     struct kf_error *err)
{
    const struct kf_expenditure *accounts = &panel->edition->expenditure;
    if (named(accounts->given)) {
        for (size_t k = 0; k < panel->members_len; k++) {
            status[k] = take(panel, accounts->given, k, &values[k]);
        }
        return KF_OK;
    }
    struct correction correction = {.population = kf_panel_population(panel)};
    enum kf_err code = find_need(panel, &correction.need, findings, err);
    if (code == KF_OK && named(accounts->payroll_costs)) {
        code = common_percentage(panel, &correction.percentage, findings, err);
    }
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        correct_member(panel, k, &correction, &values[k], &status[k]);
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
    struct kf_wide *values = kf_efficiency_room(panel);
    if (!values) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the expenditure index");
    }
    struct kf_result index = {0};
    enum kf_err code = kf_efficiency_column(panel, "expenditure_index", &index, err);
    if (code == KF_OK) {
        code = kf_expenditure_corrected(panel, values, index.status, findings, err);
    }
    return code == KF_OK ? kf_efficiency_scale(panel, values, &index, findings, err) : code;
}

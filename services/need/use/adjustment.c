#include "services/need/use/adjustment.h"

#include <string.h>

#include "services/need/country.h"

static bool any_column(const struct kf_panel *panel, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (kf_panel_column(panel, terms->list[t].variable)) {
            return true;
        }
    }
    return false;
}

bool kf_adjustment_has_figures(const struct kf_panel *panel, const struct kf_adjustment *adjustment)
{
    return any_column(panel, &adjustment->amount) ||
           any_column(panel, &adjustment->payroll_costs) || any_column(panel, &adjustment->wages);
}

/* What members and country report. */
struct books {
    struct kf_values costs;
    struct kf_values wages;
};

/* A member that lacks one of the two counts in neither sum. */
static void pair_up(struct books *books)
{
    for (size_t k = 0; k < books->wages.members; k++) {
        if (!kf_cell_has_value(books->costs.status[k])) {
            kf_values_clear(&books->wages, k, books->costs.status[k]);
        } else if (!kf_cell_has_value(books->wages.status[k])) {
            kf_values_clear(&books->costs, k, books->wages.status[k]);
        }
    }
}

/* p; 0 when nobody reports, which leaves every amount missing. */
static enum kf_err common_percentage(const struct kf_panel *panel,
                                     const struct kf_adjustment *adjustment,
                                     const struct books *books, struct kf_findings *findings,
                                     struct kf_wide *percentage, struct kf_error *err)
{
    struct kf_country costs;
    struct kf_country wages;
    enum kf_err code =
        kf_country_of(panel, &adjustment->payroll_costs, &books->costs, findings, &costs, err);
    if (code == KF_OK) {
        code = kf_country_of(panel, &adjustment->wages, &books->wages, findings, &wages, err);
    }
    if (code != KF_OK) {
        return code;
    }
    *percentage = kf_wide_from(0);
    if (!(wages.people.high > 0)) {
        return KF_OK;
    }
    if (!(wages.figure.high > 0)) {
        struct kf_place place = {.variable = adjustment->wages.list[0].variable};
        kf_findings_add_once(findings, &place, "give the wages that payroll costs belong to",
                             "wages of the country are not above 0 in %d", panel->year);
        return kf_error_set(err, KF_ERR_DATA, "adjustment %s has no common percentage of wages",
                            adjustment->id);
    }
    *percentage = kf_wide_div(costs.figure, wages.figure);
    return KF_OK;
}

/* METHOD R2. */
static enum kf_err payroll(const struct kf_panel *panel, const struct kf_adjustment *adjustment,
                           struct kf_arena *arena, struct kf_values *amount,
                           struct kf_findings *findings, struct kf_error *err)
{
    struct books books = {0};
    struct kf_wide percentage;
    enum kf_err code = kf_terms_sum(panel, &adjustment->payroll_costs, arena, &books.costs, err);
    if (code == KF_OK) {
        code = kf_terms_sum(panel, &adjustment->wages, arena, &books.wages, err);
    }
    if (code != KF_OK) {
        return code;
    }
    pair_up(&books);
    code = common_percentage(panel, adjustment, &books, findings, &percentage, err);
    if (code == KF_OK) {
        code = kf_values_new(panel, arena, amount, err);
    }
    for (size_t k = 0; code == KF_OK && k <= panel->members_len; k++) {
        struct kf_wide common = kf_wide_mul(percentage, books.wages.values[k]);
        kf_values_add(amount, k, kf_wide_sub(common, books.costs.values[k]), books.costs.status[k]);
        kf_values_add(amount, k, kf_wide_from(0), books.wages.status[k]);
    }
    return code;
}

bool kf_adjustment_concerns(const struct kf_adjustment *adjustment, const char *member)
{
    for (size_t i = 0; i < adjustment->only_len; i++) {
        if (strcmp(adjustment->only[i], member) == 0) {
            return true;
        }
    }
    return adjustment->only_len == 0;
}

/* Nothing for those it does not concern. The country's is what the others have together, where all
 * of them are here and report; else its own row of the amount, which payroll costs cannot be: the
 * country's are everybody's. */
static void confine(const struct kf_panel *panel, const struct kf_adjustment *adjustment,
                    struct kf_values *amount)
{
    struct kf_wide sum = kf_wide_from(0);
    uint8_t status = KF_CELL_VALUE;
    size_t reporting = 0;
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_adjustment_concerns(adjustment, panel->members[k])) {
            kf_values_clear(amount, k, KF_CELL_VALUE);
        } else if (kf_cell_has_value(amount->status[k])) {
            sum = kf_wide_add(sum, amount->values[k]);
            status |= amount->status[k];
            reporting++;
        }
    }
    if (reporting == adjustment->only_len) {
        amount->values[panel->members_len] = sum;
        amount->status[panel->members_len] = status;
    } else if (adjustment->amount.count == 0) {
        kf_values_clear(amount, panel->members_len, KF_CELL_MISSING);
    }
}

/* Of an adjustment that concerns some alone. */
static enum kf_err check_confined(const struct kf_panel *panel,
                                  const struct kf_adjustment *adjustment,
                                  const struct kf_values *amount, struct kf_findings *findings,
                                  struct kf_error *err)
{
    if (!kf_country_is_given(panel) || kf_cell_has_value(amount->status[amount->members])) {
        return KF_OK;
    }
    const struct kf_terms *terms =
        adjustment->amount.count > 0 ? &adjustment->amount : &adjustment->payroll_costs;
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                             .variable = terms->list[0].variable};
    kf_findings_add_once(findings, &place,
                         "give the figures of all municipalities that the adjustment concerns, or "
                         "the country's",
                         "has no figure for the country in %d, and adjustment %s concerns "
                         "municipalities without one",
                         panel->year, adjustment->id);
    return kf_error_set(err, KF_ERR_DATA, "adjustment %s of the country is not known in %d",
                        adjustment->id, panel->year);
}

static enum kf_err check_country(const struct kf_panel *panel,
                                 const struct kf_adjustment *adjustment,
                                 const struct kf_values *amount, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_country country;
    return kf_country_of(panel, &adjustment->amount, amount, findings, &country, err);
}

enum kf_err kf_adjustment_amount(const struct kf_panel *panel,
                                 const struct kf_adjustment *adjustment, struct kf_arena *arena,
                                 struct kf_values *amount, struct kf_findings *findings,
                                 struct kf_error *err)
{
    enum kf_err code = adjustment->amount.count > 0
                           ? kf_terms_sum(panel, &adjustment->amount, arena, amount, err)
                           : payroll(panel, adjustment, arena, amount, findings, err);
    if (code != KF_OK) {
        return code;
    }
    if (adjustment->only_len == 0) {
        return check_country(panel, adjustment, amount, findings, err);
    }
    confine(panel, adjustment, amount);
    return check_confined(panel, adjustment, amount, findings, err);
}

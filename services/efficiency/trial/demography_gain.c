#include "services/efficiency/trial/demography_gain.h"

#include <stddef.h>

#include "services/efficiency/growth_chain.h"
#include "services/efficiency/trial/amount.h"
#include "services/efficiency/trial/refund_year.h"
#include "services/efficiency/unit_cost/million.h"
#include "services/efficiency/unit_cost/published.h"
#include "services/efficiency/unit_cost/unit_column.h"

#define MONTHS_OF_A_YEAR 12

static enum kf_err take_refund(const struct kf_panel *panel, int year, struct kf_arena *arena,
                               struct kf_findings *findings, struct kf_values *refund,
                               struct kf_error *err)
{
    const struct kf_panel *of = kf_panel_of_year(panel, year);
    struct kf_refund_year refunds = {0};
    struct kf_values found = {0};
    if (!of) {
        return KF_OK;
    }
    enum kf_err code = kf_refund_year_read(of, arena, findings, &refunds, err);
    if (code == KF_OK) {
        code = kf_refund_year_values(panel, &refunds, offsetof(struct kf_refund, refund), arena,
                                     &found, err);
    }
    if (code == KF_OK) {
        kf_amount_fill(refund, &found);
    }
    return code;
}

/* Nothing where the edition names no refund year. */
static enum kf_err find_refund(const struct kf_panel *panel, struct kf_arena *arena,
                               struct kf_findings *findings, struct kf_values *refund,
                               struct kf_error *err)
{
    const int *years = panel->edition->trial.demography.refund_years;
    if (years[0] == 0) {
        return kf_values_new(panel, arena, refund, err);
    }
    enum kf_err code = kf_values_new_missing(panel, arena, refund, err);
    for (size_t i = 0; code == KF_OK && i < KF_REFUND_YEARS && years[i] != 0; i++) {
        code = take_refund(panel, years[i], arena, findings, refund, err);
    }
    return code;
}

/* Deduction less refund, in prices of the deduction's year. */
static enum kf_err find_base(const struct kf_panel *panel, struct kf_arena *arena,
                             struct kf_findings *findings, struct kf_values *base,
                             struct kf_error *err)
{
    const struct kf_trial *trial = &panel->edition->trial;
    const struct kf_panel *of = kf_panel_of_year(panel, trial->demography.deduction_year);
    struct kf_values refund = {0};
    if (!of) {
        return kf_values_new_missing(panel, arena, base, err);
    }
    enum kf_err code = kf_million_of(of, &trial->deduction, arena, base, err);
    if (code == KF_OK) {
        code = find_refund(panel, arena, findings, &refund, err);
    }
    if (code == KF_OK) {
        kf_amount_add(base, &refund, -1);
    }
    return code;
}

/* g_τ of every member. */
static enum kf_err read_growth(const struct kf_panel *panel, int year, struct kf_arena *arena,
                               struct kf_values *growth, struct kf_error *err)
{
    const struct kf_panel *of = kf_panel_of_year(panel, year);
    struct kf_term term = {.variable = panel->edition->trial.demography.growth, .factor = 1};
    struct kf_terms terms = {.list = &term, .count = 1};
    return of ? kf_terms_sum(of, &terms, arena, growth, err)
              : kf_values_new_missing(panel, arena, growth, err);
}

/* What makes a gain of a percentage point of growth beyond what is compensated, and of the base in
 * the deduction's prices. False when a price lacks. */
static bool weigh(const struct kf_panel *panel, int year, struct kf_wide *weight)
{
    const struct kf_demography_gain *rule = &panel->edition->trial.demography;
    const struct kf_year_figure *some = kf_year_figure_of(&rule->months, year);
    bool partly = year == panel->year && some;
    struct kf_wide months = kf_wide_from_figure(partly ? some->value : MONTHS_OF_A_YEAR);
    struct kf_wide prices = kf_wide_from(1);
    if (!kf_growth_chain(&rule->prices, rule->deduction_year, year - 1, &prices)) {
        return false;
    }
    struct kf_wide percent_year = kf_wide_from(100.0 * MONTHS_OF_A_YEAR);
    *weight = kf_wide_div(kf_wide_mul(prices, months), percent_year);
    return true;
}

/* The gain of one year, into `gain`, which holds its growth. */
static void multiply(const struct kf_values *base, double compensated, struct kf_wide weight,
                     struct kf_values *gain)
{
    struct kf_wide d = kf_wide_from_figure(compensated);
    for (size_t k = 0; k < gain->members; k++) {
        uint8_t status = kf_cell_join(gain->status[k], base->status[k]);
        if (!kf_cell_has_value(status)) {
            kf_values_clear(gain, k, status);
            continue;
        }
        struct kf_wide beyond = kf_wide_sub(gain->values[k], d);
        struct kf_wide whole = kf_wide_mul(base->values[k], beyond);
        gain->values[k] = kf_amount_decimals(kf_wide_mul(whole, weight));
        gain->status[k] = status | KF_CELL_INFERRED;
    }
}

static enum kf_err gain_of(const struct kf_panel *panel, const struct kf_year_figure *compensated,
                           const struct kf_values *base, struct kf_arena *arena,
                           struct kf_values *gain, struct kf_error *err)
{
    struct kf_wide weight = kf_wide_from(0);
    if (!weigh(panel, compensated->year, &weight)) {
        return kf_values_new_missing(panel, arena, gain, err);
    }
    enum kf_err code = read_growth(panel, compensated->year, arena, gain, err);
    if (code == KF_OK) {
        multiply(base, compensated->value, weight, gain);
    }
    return code;
}

static enum kf_err append_year(struct kf_panel *panel, int year, const struct kf_values *gain,
                               struct kf_error *err)
{
    const char *named = kf_arena_printf(panel->arena, "%d", year);
    if (!named) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the gain of a year");
    }
    struct kf_unit_key key = {KF_SECTOR_DEMOGRAPHY, named, "gain_million_kr", NULL};
    return kf_unit_column(panel, &key, gain, err);
}

/* Appends the years up to the panel's and adds them up; without one there is no sum. */
static enum kf_err append_years(struct kf_panel *panel, const struct kf_values *base,
                                struct kf_arena *arena, struct kf_values *sum, struct kf_error *err)
{
    const struct kf_year_figures *years = &panel->edition->trial.demography.compensated;
    bool any = years->count > 0 && years->list[0].year <= panel->year;
    enum kf_err code =
        any ? kf_values_new(panel, arena, sum, err) : kf_values_new_missing(panel, arena, sum, err);
    for (size_t i = 0; code == KF_OK && i < years->count && years->list[i].year <= panel->year;
         i++) {
        struct kf_values gain = {0};
        code = gain_of(panel, &years->list[i], base, arena, &gain, err);
        if (code == KF_OK) {
            kf_amount_add(sum, &gain, 1);
            code = append_year(panel, years->list[i].year, &gain, err);
        }
    }
    return code;
}

enum kf_err kf_demography_gain_append(struct kf_panel *panel, struct kf_arena *arena,
                                      struct kf_findings *findings, struct kf_error *err)
{
    struct kf_values base = {0};
    struct kf_values sum = {0};
    enum kf_err code = find_base(panel, arena, findings, &base, err);
    if (code == KF_OK) {
        code = append_years(panel, &base, arena, &sum, err);
    }
    return code == KF_OK
               ? kf_published_gain_append(panel, KF_SECTOR_DEMOGRAPHY,
                                          &panel->edition->trial.demography.gain, arena, &sum, err)
               : code;
}

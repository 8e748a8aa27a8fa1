#include "services/normalize/indicator.h"

#include <math.h>

/* What an indicator is divided by; values NULL when the panel does not have it. */
struct denominator {
    const double *values;
    const uint8_t *status;
    bool computed; /* not a published figure: taken as the double it is */
};

static struct denominator find_denominator(const struct kf_panel *panel,
                                           const struct kf_sector *sector,
                                           const struct kf_indicator *indicator)
{
    if (indicator->per == KF_PER_NEED_POPULATION) {
        const struct kf_result *need =
            kf_panel_result(panel, KF_TOPIC_NEED, sector->id, "", "need_population");
        return need ? (struct denominator){need->values, need->status, true}
                    : (struct denominator){0};
    }
    const char *variable =
        indicator->per == KF_PER_POPULATION ? panel->edition->population : indicator->per_variable;
    const struct kf_column *column = kf_panel_column(panel, variable);
    return column ? (struct denominator){column->values, column->status, false}
                  : (struct denominator){0};
}

static void raw_of_member(const struct kf_column *column, const struct denominator *below, size_t k,
                          struct kf_indicator_values *raw)
{
    raw->status[k] = column->status[k];
    if (!kf_cell_has_value(column->status[k])) {
        return;
    }
    raw->values[k] = kf_wide_from_figure(column->values[k]);
    if (!below) {
        return;
    }
    bool divides = below->values && kf_cell_has_value(below->status[k]) && below->values[k] != 0;
    if (divides) {
        struct kf_wide divisor = below->computed ? kf_wide_from(below->values[k])
                                                 : kf_wide_from_figure(below->values[k]);
        raw->values[k] = kf_wide_div(raw->values[k], divisor);
    } else {
        raw->values[k] = kf_wide_from(0);
        raw->status[k] = KF_CELL_MISSING;
    }
}

enum kf_err kf_indicator_raw(const struct kf_panel *panel, const struct kf_sector *sector,
                             const struct kf_indicator *indicator, struct kf_indicator_values *raw,
                             struct kf_error *err)
{
    size_t n = panel->members_len;
    struct kf_indicator_values made = {
        .values = kf_arena_calloc(panel->arena, n, sizeof *made.values),
        .status = kf_arena_calloc(panel->arena, n, sizeof *made.status),
    };
    if (!made.values || !made.status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for indicator %s", indicator->id);
    }
    const struct kf_column *column = kf_panel_column(panel, indicator->variable);
    struct denominator below = find_denominator(panel, sector, indicator);
    for (size_t k = 0; k < n; k++) {
        if (column) {
            raw_of_member(column, indicator->per == KF_PER_NONE ? NULL : &below, k, &made);
        } else {
            made.status[k] = KF_CELL_MISSING;
        }
    }
    *raw = made;
    return KF_OK;
}

static bool wide_less(struct kf_wide a, struct kf_wide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

enum kf_err kf_indicator_fill(const struct kf_panel *panel, const struct kf_indicator *indicator,
                              struct kf_indicator_values *values, struct kf_findings *findings,
                              struct kf_error *err)
{
    struct kf_wide minimum = kf_wide_from(INFINITY);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(values->status[k]) && wide_less(values->values[k], minimum)) {
            minimum = values->values[k];
        }
    }
    if (isinf(minimum.high)) {
        struct kf_place place = {.variable = indicator->variable};
        kf_findings_add(findings, &place,
                        "give at least one municipality's figure, or leave the indicator out of "
                        "the edition",
                        "no member of the group has a value in %d", panel->year);
        return kf_error_set(err, KF_ERR_DATA, "indicator %s has no value at all", indicator->id);
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_cell_has_value(values->status[k])) {
            values->values[k] = minimum;
            values->status[k] = KF_CELL_VALUE | KF_CELL_IMPUTED;
        }
    }
    return KF_OK;
}

enum kf_err kf_indicator_normalize(const struct kf_panel *panel,
                                   const struct kf_indicator *indicator,
                                   const struct kf_indicator_values *values, double *normalized,
                                   struct kf_findings *findings, struct kf_error *err)
{
    const double *population = kf_panel_population(panel);
    struct kf_wide people = kf_wide_from(0);
    struct kf_wide weighted = kf_wide_from(0);
    for (size_t k = 0; k < panel->members_len; k++) {
        struct kf_wide inhabitants = kf_wide_from_figure(population[k]);
        people = kf_wide_add(people, inhabitants);
        weighted = kf_wide_add(weighted, kf_wide_mul(inhabitants, values->values[k]));
    }
    if (!(weighted.high > 0)) {
        struct kf_place place = {.variable = indicator->variable};
        kf_findings_add(findings, &place,
                        "check the figures; an indicator that is zero everywhere cannot be "
                        "normalised",
                        "the group mean is %g in %d", weighted.high / people.high, panel->year);
        return kf_error_set(err, KF_ERR_DATA, "indicator %s has a group mean that is not above 0",
                            indicator->id);
    }
    struct kf_wide factor =
        kf_wide_div(kf_wide_mul(kf_wide_from(panel->edition->scale), people), weighted);
    for (size_t k = 0; k < panel->members_len; k++) {
        normalized[k] = kf_wide_value(kf_wide_mul(values->values[k], factor));
    }
    return KF_OK;
}

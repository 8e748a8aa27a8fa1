#include "services/efficiency/column.h"

#include "common/model/mean.h"

void kf_efficiency_divide(struct kf_values *values, const struct kf_values *divisor)
{
    for (size_t k = 0; k < values->members; k++) {
        if (!kf_cell_has_value(values->status[k])) {
            continue;
        }
        if (kf_cell_has_value(divisor->status[k]) && divisor->values[k].high > 0) {
            values->values[k] = kf_wide_div(values->values[k], divisor->values[k]);
            values->status[k] |= divisor->status[k];
        } else {
            kf_values_clear(values, k, KF_CELL_MISSING);
        }
    }
}

enum kf_err kf_efficiency_population(const struct kf_panel *panel, struct kf_values *values,
                                     struct kf_error *err)
{
    enum kf_err code = kf_values_new_missing(panel, panel->arena, values, err);
    const struct kf_column *column = kf_panel_column(panel, panel->edition->population);
    if (code != KF_OK || !column) {
        return code;
    }
    for (size_t k = 0; k < values->members; k++) {
        if (kf_cell_has_value(column->status[k]) && column->values[k] > 0) {
            values->values[k] = kf_wide_from_figure(column->values[k]);
            values->status[k] = column->status[k];
        }
    }
    values->values[values->members] = kf_wide_from_figure(column->country_value);
    values->status[values->members] = column->country_status;
    return KF_OK;
}

static enum kf_err append(struct kf_panel *panel, const struct kf_result_key *key,
                          struct kf_result *column, struct kf_error *err)
{
    struct kf_result *appended = NULL;
    enum kf_err code = kf_panel_append(panel, key, &appended, err);
    if (code == KF_OK) {
        *column = *appended;
    }
    return code;
}

enum kf_err kf_efficiency_column(struct kf_panel *panel, const char *sector, const char *measure,
                                 struct kf_result *column, struct kf_error *err)
{
    struct kf_result_key key = {
        .topic = KF_TOPIC_EFFICIENCY, .sector = sector, .indicator = "", .measure = measure};
    return append(panel, &key, column, err);
}

enum kf_err kf_efficiency_group_cell(struct kf_panel *panel, const char *sector,
                                     const char *measure, struct kf_result *cell,
                                     struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_EFFICIENCY,
                                .sector = sector,
                                .indicator = "",
                                .measure = measure,
                                .group = true};
    return append(panel, &key, cell, err);
}

static enum kf_err refuse_mean(const struct kf_panel *panel, const struct kf_result *column,
                               double mean, struct kf_findings *findings, struct kf_error *err)
{
    struct kf_place place = {.variable = column->measure};
    kf_findings_add(findings, &place, "check the accounts of the group's members",
                    "of %s has the group mean %g in %d", column->sector, mean, panel->year);
    return kf_error_set(err, KF_ERR_DATA, "%s of %s has a group mean that is not above 0",
                        column->measure, column->sector);
}

enum kf_err kf_efficiency_scale(const struct kf_panel *panel, const struct kf_values *values,
                                struct kf_result *column, struct kf_findings *findings,
                                struct kf_error *err)
{
    struct kf_mean mean = kf_values_mean(panel, values);
    struct kf_wide factor = kf_wide_from(0);
    if (mean.weights.high > 0) {
        if (!(mean.weighted.high > 0)) {
            return refuse_mean(panel, column, kf_mean_value(&mean).high, findings, err);
        }
        factor = kf_mean_factor(&mean, panel->edition->scale);
    }
    kf_values_scale(values, factor, column->values, column->status);
    return KF_OK;
}

static enum kf_err refuse_country(const struct kf_panel *panel, const struct kf_result *column,
                                  struct kf_findings *findings, struct kf_error *err)
{
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = column->measure};
    kf_findings_add(findings, &place,
                    "give the country's accounts and population, or let the edition compare with "
                    "the group",
                    "of %s cannot be had for the country in %d", column->sector, panel->year);
    return kf_error_set(err, KF_ERR_DATA, "%s of %s has no figure for the country", column->measure,
                        column->sector);
}

enum kf_err kf_efficiency_scale_to_country(const struct kf_panel *panel,
                                           const struct kf_values *values, struct kf_result *column,
                                           struct kf_findings *findings, struct kf_error *err)
{
    struct kf_mean country = kf_values_country(values);
    struct kf_wide factor = kf_wide_from(0);
    if (kf_values_any(values)) {
        if (!(country.weighted.high > 0)) {
            return refuse_country(panel, column, findings, err);
        }
        factor = kf_mean_factor(&country, panel->edition->scale);
    }
    kf_values_scale(values, factor, column->values, column->status);
    return KF_OK;
}

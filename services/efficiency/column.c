#include "services/efficiency/column.h"

enum kf_err kf_efficiency_column(struct kf_panel *panel, const char *measure,
                                 struct kf_result *column, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_EFFICIENCY,
                                .sector = KF_SECTOR_TOTAL,
                                .indicator = "",
                                .measure = measure};
    struct kf_result *appended = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &appended, err);
    if (code == KF_OK) {
        *column = *appended;
    }
    return code;
}

struct kf_wide *kf_efficiency_room(const struct kf_panel *panel)
{
    return kf_arena_calloc(panel->arena, panel->members_len, sizeof(struct kf_wide));
}

enum kf_err kf_efficiency_scale(const struct kf_panel *panel, const struct kf_wide *values,
                                struct kf_result *column, struct kf_findings *findings,
                                struct kf_error *err)
{
    const double *population = kf_panel_population(panel);
    struct kf_wide people = kf_wide_from(0);
    struct kf_wide weighted = kf_wide_from(0);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(column->status[k])) {
            struct kf_wide inhabitants = kf_wide_from_figure(population[k]);
            people = kf_wide_add(people, inhabitants);
            weighted = kf_wide_add(weighted, kf_wide_mul(inhabitants, values[k]));
        }
    }
    if (people.high == 0) {
        return KF_OK;
    }
    if (!(weighted.high > 0)) {
        struct kf_place place = {.variable = column->measure};
        kf_findings_add(findings, &place, "check the accounts of the group's members",
                        "the group mean is %g in %d", weighted.high / people.high, panel->year);
        return kf_error_set(err, KF_ERR_DATA, "%s has a group mean that is not above 0",
                            column->measure);
    }
    struct kf_wide factor =
        kf_wide_div(kf_wide_mul(kf_wide_from(panel->edition->scale), people), weighted);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(column->status[k])) {
            column->values[k] = kf_wide_value(kf_wide_mul(values[k], factor));
        }
    }
    return KF_OK;
}

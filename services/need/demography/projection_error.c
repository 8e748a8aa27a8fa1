#include "services/need/demography/projection_error.h"

#include "services/need/demography/cost_level.h"
#include "services/need/demography/demography_column.h"

/* 100·(P̂/P − 1). */
static void find_percent(const struct kf_values *projected, const struct kf_values *observed,
                         struct kf_values *percent)
{
    for (size_t k = 0; k < percent->members; k++) {
        bool above_zero = observed->values[k].high > 0;
        percent->values[k] = kf_wide_from(0);
        percent->status[k] = kf_cell_join(
            projected->status[k], above_zero ? observed->status[k] : (uint8_t)KF_CELL_MISSING);
        if (!kf_cell_has_value(percent->status[k])) {
            continue;
        }
        struct kf_wide ratio = kf_wide_div(projected->values[k], observed->values[k]);
        percent->values[k] = kf_wide_mul(kf_wide_sub(ratio, kf_wide_from(1)), kf_wide_from(100));
    }
}

static enum kf_err append_percents(struct kf_panel *panel, const struct kf_age_people *projected,
                                   const struct kf_age_people *observed, struct kf_arena *arena,
                                   struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    struct kf_values percent = {0};
    enum kf_err code = kf_values_new(panel, arena, &percent, err);
    for (size_t g = 0; code == KF_OK && g <= demography->groups_len; g++) {
        bool whole = g == demography->groups_len;
        struct kf_demography_key key = {KF_SECTOR_TOTAL, whole ? "" : demography->groups[g].id,
                                        "projection_error_percent"};
        find_percent(whole ? projected->whole : &projected->groups[g],
                     whole ? observed->whole : &observed->groups[g], &percent);
        code = kf_demography_column(panel, &key, &percent, err);
    }
    return code;
}

static enum kf_err append_costs(struct kf_panel *panel, const struct kf_rates *rates,
                                const struct kf_age_people *projected,
                                const struct kf_age_people *observed, struct kf_arena *arena,
                                struct kf_error *err)
{
    struct kf_values *as_projected = NULL;
    struct kf_values *as_observed = NULL;
    enum kf_err code = kf_cost_level(panel, rates, projected, arena, &as_projected, err);
    if (code == KF_OK) {
        code = kf_cost_level(panel, rates, observed, arena, &as_observed, err);
    }
    if (code == KF_OK) {
        code = kf_cost_difference_append(panel, as_observed, as_projected, "cost_error_million_kr",
                                         arena, err);
    }
    return code;
}

enum kf_err kf_projection_error_append(struct kf_panel *panel, struct kf_age_years *years,
                                       const struct kf_rates *rates, struct kf_arena *arena,
                                       struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    if (!kf_edition_projects(panel->edition, panel->year)) {
        return KF_OK;
    }
    struct kf_age_people projected = {0};
    struct kf_age_people observed = {0};
    enum kf_err code = kf_age_years_people(years, panel->year, KF_AGE_COUNTED, &projected, err);
    if (code == KF_OK) {
        code = kf_age_years_people(years, panel->year, KF_AGE_OBSERVED, &observed, err);
    }
    if (code == KF_OK) {
        code = append_percents(panel, &projected, &observed, arena, err);
    }
    if (code == KF_OK && demography->sectors_len > 0 && demography->cost_groups_len > 0) {
        code = append_costs(panel, rates, &projected, &observed, arena, err);
    }
    return code;
}

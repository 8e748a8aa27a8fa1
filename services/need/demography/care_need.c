#include "services/need/demography/care_need.h"

#include "services/need/demography/demography_column.h"

/* Adds v·P_t/P_base of one group to every member. */
static void add_group(const struct kf_values *now, const struct kf_values *base,
                      struct kf_wide weight, struct kf_values *index)
{
    for (size_t k = 0; k < index->members; k++) {
        kf_values_add(index, k, kf_wide_from(0), base->status[k]);
        bool above_zero = base->values[k].high > 0;
        uint8_t status = above_zero ? now->status[k] : KF_CELL_MISSING;
        struct kf_wide growth = kf_wide_from(0);
        if (above_zero) {
            growth = kf_wide_div(now->values[k], base->values[k]);
        }
        kf_values_add(index, k, kf_wide_mul(weight, growth), status);
    }
}

/* Σ v_a P_a,t/P_a,base, and Σ v_a. */
static struct kf_wide add_groups(const struct kf_demography *demography,
                                 const struct kf_age_people *now, const struct kf_age_people *base,
                                 struct kf_values *index)
{
    struct kf_wide weights = kf_wide_from(0);
    for (size_t g = 0; g < demography->groups_len; g++) {
        if (demography->groups[g].care_weight > 0) {
            struct kf_wide weight = kf_wide_from_figure(demography->groups[g].care_weight);
            weights = kf_wide_add(weights, weight);
            add_group(&now->groups[g], &base->groups[g], weight, index);
        }
    }
    return weights;
}

static enum kf_err append_index(struct kf_panel *panel, const struct kf_age_people *now,
                                const struct kf_age_people *base, struct kf_values *index,
                                struct kf_error *err)
{
    struct kf_wide weights = add_groups(&panel->edition->demography, now, base, index);
    if (!(weights.high > 0)) {
        return KF_OK;
    }
    struct kf_wide factor = kf_wide_div(kf_wide_from(100), weights);
    for (size_t k = 0; k < index->members; k++) {
        index->values[k] = kf_wide_mul(index->values[k], factor);
    }
    struct kf_demography_key key = {KF_SECTOR_TOTAL, "", "care_need_index"};
    return kf_demography_column(panel, &key, index, err);
}

enum kf_err kf_care_need_append(struct kf_panel *panel, struct kf_age_years *years,
                                struct kf_arena *arena, struct kf_error *err)
{
    int base_year = panel->edition->demography.base_year;
    struct kf_age_people now = {0};
    struct kf_age_people base = {0};
    struct kf_values index = {0};
    enum kf_err code = kf_age_years_people(years, panel->year, KF_AGE_COUNTED, &now, err);
    code = code == KF_OK ? kf_age_years_people(years, base_year, KF_AGE_COUNTED, &base, err) : code;
    code = code == KF_OK ? kf_values_new(panel, arena, &index, err) : code;
    return code == KF_OK ? append_index(panel, &now, &base, &index, err) : code;
}

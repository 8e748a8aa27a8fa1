#include "services/efficiency/unit_cost/growth.h"

#include "services/efficiency/unit_cost/share.h"
#include "services/efficiency/unit_cost/unit_column.h"

/* A variable as it stands; nobody has one that is not named. */
static enum kf_err read_variable(const struct kf_unit_place *place, const char *variable,
                                 struct kf_values *values, struct kf_error *err)
{
    struct kf_term term = {.variable = variable ? variable : "", .factor = 1};
    const struct kf_terms terms = {&term, 1};
    return kf_terms_sum(place->panel, &terms, place->arena, values, err);
}

/* Ratios E_t/E_t−1 in percent become growth at fixed prices. */
static void deflate(const struct kf_year_figure *prices, struct kf_values *ratio)
{
    for (size_t k = 0; k < ratio->members; k++) {
        if (!prices) {
            kf_values_clear(ratio, k, KF_CELL_MISSING);
        } else if (kf_cell_has_value(ratio->status[k])) {
            struct kf_wide dearer =
                kf_wide_add(kf_wide_from(100), kf_wide_from_figure(prices->value));
            struct kf_wide times = kf_wide_mul(kf_wide_from(100), ratio->values[k]);
            ratio->values[k] = kf_wide_sub(kf_wide_div(times, dearer), kf_wide_from(100));
        }
    }
}

static enum kf_err amount_growth(const struct kf_unit_place *place, const struct kf_terms *terms,
                                 struct kf_values *growth, struct kf_error *err)
{
    const struct kf_panel *panel = place->panel;
    const struct kf_panel *before = kf_panel_of_year(panel, panel->year - 1);
    struct kf_values earlier = {0};
    if (!before) {
        return kf_values_new_missing(panel, place->arena, growth, err);
    }
    enum kf_err code = kf_terms_sum(panel, terms, place->arena, growth, err);
    if (code == KF_OK) {
        code = kf_terms_sum(before, terms, place->arena, &earlier, err);
    }
    if (code == KF_OK) {
        kf_share_fill(growth, &earlier, 100, growth);
        deflate(kf_year_figure_of(&panel->edition->unit_costs.prices, panel->year), growth);
    }
    return code;
}

static enum kf_err subtract(const struct kf_unit_place *place, const struct kf_values *gross,
                            const struct kf_values *demographic, struct kf_values *real,
                            struct kf_error *err)
{
    enum kf_err code = kf_values_new(place->panel, place->arena, real, err);
    for (size_t k = 0; code == KF_OK && k < real->members; k++) {
        struct kf_wide difference = kf_wide_sub(gross->values[k], demographic->values[k]);
        kf_values_add(real, k, difference, kf_cell_join(gross->status[k], demographic->status[k]));
    }
    return code;
}

static enum kf_err append_growth(struct kf_panel *panel, const struct kf_unit_place *place,
                                 const struct kf_real_growth *growth, struct kf_error *err)
{
    struct kf_values gross = {0};
    struct kf_values demographic = {0};
    struct kf_values real = {0};
    enum kf_err code = growth->expenditure.count > 0
                           ? amount_growth(place, &growth->expenditure, &gross, err)
                           : read_variable(place, growth->gross, &gross, err);
    code = code == KF_OK ? read_variable(place, growth->demographic, &demographic, err) : code;
    code = code == KF_OK ? subtract(place, &gross, &demographic, &real, err) : code;
    const struct {
        const char *measure;
        const struct kf_values *values;
    } columns[] = {{"gross_growth_percent", &gross},
                   {"demographic_growth_percent", &demographic},
                   {"real_growth_percent", &real}};
    for (size_t i = 0; code == KF_OK && i < sizeof columns / sizeof columns[0]; i++) {
        struct kf_unit_key key = {KF_SECTOR_GROWTH, growth->id, columns[i].measure, NULL};
        code = kf_unit_column(panel, &key, columns[i].values, err);
    }
    return code;
}

enum kf_err kf_growths_append(struct kf_panel *panel, const struct kf_unit_place *place,
                              struct kf_error *err)
{
    const struct kf_unit_costs *costs = &panel->edition->unit_costs;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < costs->growths_len; i++) {
        code = append_growth(panel, place, &costs->growths[i], err);
    }
    return code;
}

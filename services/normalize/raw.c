#include "services/normalize/raw.h"

#define FLAGS_OF_FIGURES (KF_CELL_PRELIMINARY | KF_CELL_INFERRED)

/* Computed, not published: taken as the doubles they are. The country's is its population. */
static enum kf_err need_population(const struct kf_panel *panel, const char *sector,
                                   struct kf_arena *arena, struct kf_values *people,
                                   struct kf_error *err)
{
    const struct kf_result *need =
        kf_panel_result(panel, KF_TOPIC_NEED, sector, "", "need_population");
    const struct kf_column *column = kf_panel_column(panel, panel->edition->population);
    enum kf_err code = kf_values_new(panel, arena, people, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k < people->members; k++) {
        double value = need ? need->values[k] : 0;
        kf_values_add(people, k, kf_wide_from(value), need ? need->status[k] : KF_CELL_MISSING);
    }
    kf_values_add(people, people->members, kf_wide_from_figure(column ? column->country_value : 0),
                  column ? column->country_status : KF_CELL_MISSING);
    return KF_OK;
}

/* What the indicator is per. */
static enum kf_err denominator_of(const struct kf_panel *panel,
                                  const struct kf_indicator *indicator, struct kf_arena *arena,
                                  struct kf_values *below, struct kf_error *err)
{
    struct kf_term people = {.variable = panel->edition->population, .factor = 1};
    struct kf_terms population = {&people, 1};
    if (indicator->per == KF_PER_NEED_POPULATION) {
        return need_population(panel, indicator->per_sector, arena, below, err);
    }
    bool per_people = indicator->per == KF_PER_POPULATION;
    return kf_terms_sum(panel, per_people ? &population : &indicator->denominator, arena, below,
                        err);
}

static void divide(struct kf_values *values, const struct kf_values *below)
{
    for (size_t k = 0; k <= values->members; k++) {
        if (!kf_cell_has_value(values->status[k])) {
            continue;
        }
        if (!kf_cell_has_value(below->status[k]) || below->values[k].high == 0) {
            kf_values_clear(values, k, KF_CELL_MISSING);
            continue;
        }
        values->values[k] = kf_wide_div(values->values[k], below->values[k]);
        values->status[k] |= below->status[k] & FLAGS_OF_FIGURES;
    }
}

static void take_from_whole(struct kf_values *values, double whole)
{
    for (size_t k = 0; k <= values->members; k++) {
        if (kf_cell_has_value(values->status[k])) {
            values->values[k] = kf_wide_sub(kf_wide_from_figure(whole), values->values[k]);
        }
    }
}

enum kf_err kf_indicator_raw(const struct kf_panel *panel, const struct kf_indicator *indicator,
                             struct kf_arena *arena, struct kf_values *raw, struct kf_error *err)
{
    struct kf_values values = {0};
    struct kf_values below = {0};
    enum kf_err code = kf_terms_sum(panel, &indicator->numerator, arena, &values, err);
    if (code == KF_OK && indicator->per != KF_PER_NONE) {
        code = denominator_of(panel, indicator, arena, &below, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (indicator->per != KF_PER_NONE) {
        divide(&values, &below);
    }
    if (indicator->whole != 0) {
        take_from_whole(&values, indicator->whole);
    }
    *raw = values;
    return KF_OK;
}

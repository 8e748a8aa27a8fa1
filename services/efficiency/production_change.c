#include "services/efficiency/production_change.h"

#include "common/base/numbers.h"
#include "common/model/weight.h"

/* An indicator in one of the years. */
struct year {
    const struct kf_panel *panel;
    const struct kf_result *raw; /* or NULL */
    bool figures;                /* raw values are figures as published, not quotients */
    bool per_capita;
    struct kf_values target;        /* whom the service is for, to be taken out again */
    const struct kf_column *people; /* or NULL */
};

bool kf_production_is_per_target_group(const struct kf_indicator *indicator)
{
    return indicator->per == KF_PER_NEED_POPULATION ||
           (indicator->per == KF_PER_TERMS && indicator->aspect == KF_ASPECT_QUANTITY);
}

static enum kf_err take_need_population(const struct kf_indicator *indicator, struct year *year,
                                        struct kf_error *err)
{
    const struct kf_result *need =
        kf_panel_result(year->panel, KF_TOPIC_NEED, indicator->per_sector, "", "need_population");
    enum kf_err code = kf_values_new_missing(year->panel, year->panel->arena, &year->target, err);
    for (size_t k = 0; code == KF_OK && need && k < year->panel->members_len; k++) {
        year->target.values[k] = kf_wide_from(need->values[k]);
        year->target.status[k] = need->status[k];
    }
    return code;
}

static enum kf_err find_year(const struct kf_panel *panel, const struct kf_sector *sector,
                             const struct kf_indicator *indicator, enum kf_production_form form,
                             struct year *year, struct kf_error *err)
{
    const char *measure = indicator->correction[0] ? "corrected" : "raw";
    *year = (struct year){
        .panel = panel,
        .raw = kf_panel_result(panel, KF_TOPIC_INDICATOR, sector->id, indicator->id, measure),
        .figures = indicator->per == KF_PER_NONE && !indicator->correction[0],
        .per_capita =
            form == KF_PRODUCTION_PER_CAPITA && kf_production_is_per_target_group(indicator),
        .people = kf_panel_column(panel, panel->edition->population),
    };
    if (!year->per_capita) {
        return KF_OK;
    }
    return indicator->per == KF_PER_NEED_POPULATION
               ? take_need_population(indicator, year, err)
               : kf_terms_sum(panel, &indicator->denominator, panel->arena, &year->target, err);
}

/* x·P/N, per inhabitant, from x per member P of the target group. */
static uint8_t to_per_capita(const struct year *year, size_t k, struct kf_wide *value)
{
    if (!year->people || !kf_cell_has_value(year->target.status[k]) ||
        !kf_cell_has_value(year->people->status[k]) || !(year->people->values[k] > 0)) {
        return KF_CELL_MISSING;
    }
    struct kf_wide produced = kf_wide_mul(*value, year->target.values[k]);
    *value = kf_wide_div(produced, kf_wide_from_figure(year->people->values[k]));
    return year->target.status[k] | year->people->status[k];
}

/* Filled cells are no observations: a change of what was filled would be nobody's. */
static uint8_t value_of(const struct year *year, size_t k, struct kf_wide *value)
{
    uint8_t status = year->raw ? year->raw->status[k] : KF_CELL_MISSING;
    if (!kf_cell_has_value(status) || (status & KF_CELL_IMPUTED)) {
        return KF_CELL_MISSING;
    }
    double raw = year->raw->values[k];
    *value = year->figures ? kf_wide_from_figure(raw) : kf_wide_from(raw);
    if (year->per_capita) {
        status |= to_per_capita(year, k, value);
    }
    return kf_cell_has_value(status) ? status : KF_CELL_MISSING;
}

/* What a sum of weighted ratios has come to. */
struct sums {
    struct kf_values ratios; /* Σ w r; a value as soon as one ratio was there */
    uint8_t *flags;          /* [members_len] */
    struct kf_wide weights;  /* Σ w */
};

static enum kf_err sums_new(const struct kf_panel *panel, struct sums *sums, struct kf_error *err)
{
    sums->weights = kf_wide_from(0);
    sums->flags = kf_arena_calloc(panel->arena, panel->members_len, sizeof *sums->flags);
    return sums->flags ? kf_values_new_missing(panel, panel->arena, &sums->ratios, err)
                       : kf_error_set(err, KF_ERR_MEMORY, "no memory for a change of production");
}

/* A ratio that is missing counts with 1. */
static void sums_add(struct sums *sums, size_t k, struct kf_wide weight, uint8_t status,
                     struct kf_wide ratio)
{
    bool present = kf_cell_has_value(status);
    struct kf_wide part = present ? kf_wide_mul(weight, ratio) : weight;
    sums->ratios.values[k] = kf_wide_add(sums->ratios.values[k], part);
    sums->flags[k] |= present ? status : KF_CELL_INCOMPLETE;
    if (present) {
        sums->ratios.status[k] = KF_CELL_VALUE;
    }
}

static void sums_finish(const struct kf_panel *panel, struct sums *sums)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(sums->ratios.status[k])) {
            sums->ratios.values[k] = kf_wide_div(sums->ratios.values[k], sums->weights);
            sums->ratios.status[k] = sums->flags[k];
        }
    }
}

static void add_indicator(const struct year *now, const struct year *before, struct kf_wide weight,
                          struct sums *sums)
{
    for (size_t k = 0; k < now->panel->members_len; k++) {
        struct kf_wide ratio = kf_wide_from(1);
        struct kf_wide after;
        struct kf_wide first;
        uint8_t status = value_of(now, k, &after) | value_of(before, k, &first);
        if (kf_cell_has_value(status) && first.high > 0) {
            ratio = kf_wide_div(after, first);
        } else {
            status = KF_CELL_MISSING;
        }
        sums_add(sums, k, weight, status, ratio);
    }
    sums->weights = kf_wide_add(sums->weights, weight);
}

enum kf_err kf_production_change(const struct kf_panel *panel, const struct kf_sector *sector,
                                 enum kf_production_form form, struct kf_values *ratios,
                                 struct kf_error *err)
{
    struct sums sums = {0};
    *ratios = (struct kf_values){0};
    if (sector->indicators_len == 0) {
        return KF_OK;
    }
    enum kf_err code = sums_new(panel, &sums, err);
    for (size_t i = 0; code == KF_OK && i < sector->indicators_len; i++) {
        const struct kf_indicator *indicator = &sector->indicators[i];
        struct year now = {0};
        struct year before = {0};
        double weight = 0;
        code = find_year(panel, sector, indicator, form, &now, err);
        if (code == KF_OK) {
            code = find_year(panel->previous, sector, indicator, form, &before, err);
        }
        if (code == KF_OK) {
            code = kf_panel_weight(panel, sector->id, indicator->id, &weight, err);
        }
        if (code == KF_OK) {
            add_indicator(&now, &before, kf_wide_from(weight), &sums);
        }
    }
    if (code == KF_OK) {
        sums_finish(panel, &sums);
        *ratios = sums.ratios;
    }
    return code;
}

/* Beside a published total the sectors need no weights; the total has no change then. */
static bool has_weight(const struct kf_panel *panel, const struct kf_sector *sector)
{
    const char *given = panel->edition->given_total;
    return !given || !given[0] ||
           kf_panel_result(panel, KF_TOPIC_STATISTICS, sector->id, "", "weight");
}

enum kf_err kf_production_change_total(const struct kf_panel *panel, const struct kf_values *ratios,
                                       struct kf_values *total, struct kf_error *err)
{
    struct sums sums = {0};
    *total = (struct kf_values){0};
    enum kf_err code = sums_new(panel, &sums, err);
    for (size_t s = 0; code == KF_OK && s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (!kf_sector_produces(sector)) {
            continue;
        }
        if (!ratios[s].values || !has_weight(panel, sector)) {
            return KF_OK;
        }
        double share = 0;
        code = kf_panel_weight(panel, sector->id, "", &share, err);
        struct kf_wide weight = kf_wide_from(share);
        for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
            sums_add(&sums, k, weight, ratios[s].status[k], ratios[s].values[k]);
        }
        sums.weights = code == KF_OK ? kf_wide_add(sums.weights, weight) : sums.weights;
    }
    if (code == KF_OK && sums.weights.high > 0) {
        sums_finish(panel, &sums);
        *total = sums.ratios;
    }
    return code;
}

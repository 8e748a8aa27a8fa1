#include "services/need/demography/population.h"

#include <math.h>
#include <stdlib.h>

#include "services/need/demography/demography_column.h"

/* --- D2 -------------------------------------------------------------------------------------- */

static struct kf_wide power(struct kf_wide base, unsigned exponent)
{
    struct kf_wide result = kf_wide_from(1);
    for (; exponent > 0; exponent /= 2) {
        result = exponent % 2 ? kf_wide_mul(result, base) : result;
        base = kf_wide_mul(base, base);
    }
    return result;
}

/* The n-th root: one step of Newton's method makes the processor's the same on any of them. */
static struct kf_wide root(struct kf_wide value, unsigned n)
{
    struct kf_wide guess = kf_wide_from(pow(kf_wide_value(value), 1.0 / n));
    struct kf_wide below = power(guess, n - 1);
    struct kf_wide rest = kf_wide_sub(kf_wide_mul(below, guess), value);
    struct kf_wide slope = kf_wide_mul(below, kf_wide_from(n));
    return kf_wide_sub(guess, kf_wide_div(rest, slope));
}

bool kf_population_growth(struct kf_wide people, struct kf_wide base, int years,
                          struct kf_wide *percent)
{
    struct kf_wide earlier = years > 0 ? base : people;
    struct kf_wide later = years > 0 ? people : base;
    if (!(earlier.high > 0) || later.high < 0) {
        return false;
    }
    struct kf_wide ratio = kf_wide_div(later, earlier);
    ratio = ratio.high > 0 ? root(ratio, (unsigned)abs(years)) : ratio;
    *percent = kf_wide_mul(kf_wide_sub(ratio, kf_wide_from(1)), kf_wide_from(100));
    return true;
}

/* --- one group ------------------------------------------------------------------------------- */

/* One group in the year and in the base year, and room for what comes of it. */
struct work {
    struct kf_panel *panel;
    const char *group;
    const struct kf_values *now;
    const struct kf_values *base;
    int span; /* years from the base year to this one */
    struct kf_values column;
};

/* The column empty, where both years have a figure; elsewhere with the status of what lacks. */
static void start(struct work *work)
{
    for (size_t k = 0; k < work->column.members; k++) {
        work->column.values[k] = kf_wide_from(0);
        work->column.status[k] = kf_cell_join(work->now->status[k], work->base->status[k]);
    }
}

static bool has_value(const struct work *work, size_t k)
{
    return kf_cell_has_value(work->column.status[k]);
}

static void divide(struct kf_values *column, size_t k, struct kf_wide part, struct kf_wide whole)
{
    if (whole.high > 0) {
        column->values[k] = kf_wide_div(part, whole);
    } else {
        kf_values_clear(column, k, KF_CELL_MISSING);
    }
}

static void fill_index(struct work *work)
{
    for (size_t k = 0; k < work->column.members; k++) {
        if (has_value(work, k)) {
            divide(&work->column, k, work->now->values[k], work->base->values[k]);
        }
    }
}

static void fill_others(struct work *work)
{
    struct kf_wide now = kf_wide_from(0);
    struct kf_wide base = kf_wide_from(0);
    uint8_t flags = 0;
    for (size_t k = 0; k < work->column.members; k++) {
        if (has_value(work, k)) {
            now = kf_wide_add(now, work->now->values[k]);
            base = kf_wide_add(base, work->base->values[k]);
            flags |= work->column.status[k] & KF_CELL_PROJECTED;
        }
    }
    for (size_t k = 0; k < work->column.members; k++) {
        bool own = has_value(work, k);
        struct kf_wide own_now = own ? work->now->values[k] : kf_wide_from(0);
        struct kf_wide own_base = own ? work->base->values[k] : kf_wide_from(0);
        work->column.status[k] = flags;
        divide(&work->column, k, kf_wide_sub(now, own_now), kf_wide_sub(base, own_base));
    }
}

static void fill_growth_percent(struct work *work)
{
    for (size_t k = 0; k < work->column.members; k++) {
        if (has_value(work, k) && !kf_population_growth(work->now->values[k], work->base->values[k],
                                                        work->span, &work->column.values[k])) {
            kf_values_clear(&work->column, k, KF_CELL_MISSING);
        }
    }
}

static void fill_growth_persons(struct work *work)
{
    for (size_t k = 0; k < work->column.members; k++) {
        if (has_value(work, k)) {
            struct kf_wide growth = kf_wide_sub(work->now->values[k], work->base->values[k]);
            work->column.values[k] = kf_wide_div(growth, kf_wide_from(work->span));
        }
    }
}

static const struct measure {
    const char *name;
    void (*fill)(struct work *work);
    bool of_growth; /* says nothing in the base year */
} measures[] = {
    {"population_index", fill_index, false},
    {"population_index_others", fill_others, false},
    {"population_growth_percent", fill_growth_percent, true},
    {"population_growth_persons", fill_growth_persons, true},
};

static enum kf_err append_group(struct work *work, struct kf_error *err)
{
    struct kf_demography_key key = {KF_SECTOR_TOTAL, work->group, "population"};
    enum kf_err code = kf_demography_column(work->panel, &key, work->now, err);
    for (size_t m = 0; code == KF_OK && m < sizeof measures / sizeof measures[0]; m++) {
        if (measures[m].of_growth && work->span == 0) {
            continue;
        }
        start(work);
        measures[m].fill(work);
        key.measure = measures[m].name;
        code = kf_demography_column(work->panel, &key, &work->column, err);
    }
    return code;
}

enum kf_err kf_population_append(struct kf_panel *panel, struct kf_age_years *years,
                                 struct kf_arena *arena, struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    struct work work = {.panel = panel, .span = panel->year - demography->base_year};
    struct kf_age_people now = {0};
    struct kf_age_people base = {0};
    enum kf_err code = kf_age_years_people(years, panel->year, KF_AGE_COUNTED, &now, err);
    if (code == KF_OK) {
        code = kf_age_years_people(years, demography->base_year, KF_AGE_COUNTED, &base, err);
    }
    if (code == KF_OK) {
        code = kf_values_new(panel, arena, &work.column, err);
    }
    for (size_t g = 0; code == KF_OK && g <= demography->groups_len; g++) {
        bool whole = g == demography->groups_len;
        work.group = whole ? "" : demography->groups[g].id;
        work.now = whole ? now.whole : &now.groups[g];
        work.base = whole ? base.whole : &base.groups[g];
        code = append_group(&work, err);
    }
    return code;
}

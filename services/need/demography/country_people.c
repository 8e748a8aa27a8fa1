#include "services/need/demography/country_people.h"

#include <stdio.h>

/* True when nobody is left out: the members are all municipalities, and each counts. */
static bool is_whole_country(const struct kf_panel *panel, const bool *counted)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!counted[k]) {
            return false;
        }
    }
    return panel->members_len > 0 && panel->members_len == panel->country_municipalities;
}

static void find_columns(struct kf_country_people *self)
{
    for (int age = 0; age < KF_AGES; age++) {
        char variable[32];
        (void)snprintf(variable, sizeof variable, KF_AGE_VARIABLE "%d", age);
        self->columns[age] = kf_panel_column(self->year, variable);
    }
}

static void find_counted(struct kf_country_people *self)
{
    for (size_t k = 0; k < self->year->members_len; k++) {
        bool any = false;
        bool all = true;
        for (size_t age = 0; age < KF_AGES; age++) {
            const struct kf_column *column = self->columns[age];
            any = any || column;
            all = all && (!column || kf_cell_has_value(column->status[k]));
        }
        self->counted[k] = any && all;
    }
}

static bool has_country_rows(const struct kf_country_people *self)
{
    bool any = false;
    for (size_t age = 0; age < KF_AGES; age++) {
        const struct kf_column *column = self->columns[age];
        if (column && !kf_cell_has_value(column->country_status)) {
            return false;
        }
        any = any || column;
    }
    return any;
}

static struct kf_wide sum_age(const struct kf_column *column, const bool *members, size_t count)
{
    struct kf_sum sum = {0};
    for (size_t k = 0; k < count; k++) {
        if (members[k]) {
            kf_sum_add(&sum, column->values[k]);
        }
    }
    return kf_wide_add(kf_wide_from(sum.high), kf_wide_from(sum.low));
}

/* The people of the marked members, or, with NULL, those of the country's rows. */
static void count_people(const struct kf_country_people *self, const bool *members,
                         struct kf_country_ages *ages)
{
    for (size_t age = 0; age < KF_AGES; age++) {
        const struct kf_column *column = self->columns[age];
        ages->people[age] = kf_wide_from(0);
        ages->status[age] = KF_CELL_MISSING;
        if (column && members) {
            ages->people[age] = sum_age(column, members, self->year->members_len);
            ages->status[age] = KF_CELL_VALUE;
        } else if (column) {
            ages->people[age] = kf_wide_from_figure(column->country_value);
            ages->status[age] = column->country_status;
        }
    }
}

enum kf_err kf_country_people_init(struct kf_country_people *self, const struct kf_panel *year,
                                   struct kf_arena *arena, struct kf_error *err)
{
    *self = (struct kf_country_people){
        .year = year,
        .counted = kf_arena_calloc(arena, year->members_len + 1, sizeof *self->counted),
        .chosen = kf_arena_calloc(arena, year->members_len + 1, sizeof *self->chosen),
    };
    if (!self->counted || !self->chosen) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the people of the country");
    }
    find_columns(self);
    find_counted(self);
    bool rows = has_country_rows(self);
    self->known = rows || is_whole_country(year, self->counted);
    if (self->known) {
        count_people(self, rows ? NULL : self->counted, &self->ages);
    }
    return KF_OK;
}

/* --- amounts --------------------------------------------------------------------------------- */

/* Marks the members that have amount and people; false when there is none. */
static bool choose(struct kf_country_people *self, const struct kf_values *amount, bool *all)
{
    bool any = false;
    *all = true;
    for (size_t k = 0; k < amount->members; k++) {
        bool has_amount = kf_cell_has_value(amount->status[k]);
        self->chosen[k] = has_amount && self->counted[k];
        any = any || self->chosen[k];
        *all = *all && has_amount;
    }
    *all = *all && amount->members > 0 &&
           self->year->members_len == self->year->country_municipalities;
    return any;
}

static struct kf_wide sum_amount(const struct kf_values *amount, const bool *chosen)
{
    struct kf_wide sum = kf_wide_from(0);
    for (size_t k = 0; k < amount->members; k++) {
        if (!chosen || chosen[k]) {
            sum = kf_wide_add(sum, amount->values[k]);
        }
    }
    return sum;
}

enum kf_err kf_country_people_match(struct kf_country_people *self, const struct kf_values *amount,
                                    struct kf_country_amount *country)
{
    bool all = false;
    bool both = choose(self, amount, &all);
    size_t row = amount->members;
    bool has_row = kf_cell_has_value(amount->status[row]);
    if (self->known && (has_row || all)) {
        country->ages = self->ages;
        country->sum = has_row ? amount->values[row] : sum_amount(amount, NULL);
        country->status = has_row ? amount->status[row] : KF_CELL_VALUE;
    } else if (both) {
        count_people(self, self->chosen, &country->ages);
        country->sum = sum_amount(amount, self->chosen);
        country->status = KF_CELL_VALUE;
    } else {
        country->sum = kf_wide_from(0);
        country->status = KF_CELL_MISSING;
        bool counted = false;
        for (size_t k = 0; k < amount->members; k++) {
            counted = counted || self->counted[k];
        }
        return has_row && counted ? KF_ERR_DATA : KF_OK;
    }
    return KF_OK;
}

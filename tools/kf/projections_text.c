#include "tools/kf/projections_text.h"

#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "tools/kf/table.h"

#define AHEAD_MAX 128 /* years ahead that get a column */

static const struct {
    const char *name;
    const char *unit;
    const char *heading;
    int decimals;
} measures[] = {
    [KF_PROJECTION_POPULATION] = {"projection_error_percent", "percent", "Population, percent", 1},
    [KF_PROJECTION_GROUP] = {"projection_error_percent", "percent", "percent", 1},
    [KF_PROJECTION_COST] = {"cost_error_million_kr", "million kr", "Demography cost, million kr",
                            1},
    [KF_PROJECTION_COST_PER_HEAD] = {"cost_error_kr_per_capita", "kr/persons",
                                     "Demography cost, kr an inhabitant", 0},
};

static const struct {
    const char *name;
    const char *heading;
} statistics[] = {
    [KF_PROJECTION_VALUE] = {"value", ""},
    [KF_PROJECTION_MEAN_ABSOLUTE] = {"mean_absolute",
                                     ": mean absolute error of the municipalities"},
    [KF_PROJECTION_OF_SUM] = {"of_sum", ": error of all municipalities together"},
    [KF_PROJECTION_WORST] = {"worst", ": the municipality with the largest error"},
};

/* What a table is about. */
struct series {
    const struct kf_projection_cell *example;
    const char *group_name;
};

static const struct kf_projection_cell *cell_in(const struct kf_projection_year *year,
                                                const struct series *series)
{
    const struct kf_projection_cell *example = series->example;
    return kf_projection_cell_find(year, example->measure, example->group, example->statistic);
}

/* --- columns --------------------------------------------------------------------------------- */

static void find_aheads(const struct kf_projection_errors *errors, const struct series *series,
                        bool aheads[AHEAD_MAX])
{
    memset(aheads, 0, AHEAD_MAX * sizeof *aheads);
    for (size_t y = 0; y < errors->years_len; y++) {
        int ahead = kf_projection_years_ahead(&errors->years[y]);
        if (ahead >= 0 && ahead < AHEAD_MAX && cell_in(&errors->years[y], series)) {
            aheads[ahead] = true;
        }
    }
}

static const struct kf_projection_year *year_of(const struct kf_projection_errors *errors,
                                                const struct kf_edition *edition, int ahead)
{
    for (size_t y = 0; y < errors->years_len; y++) {
        if (errors->years[y].edition == edition &&
            kf_projection_years_ahead(&errors->years[y]) == ahead) {
            return &errors->years[y];
        }
    }
    return NULL;
}

/* True for the first year of its edition: years of one stand together. */
static bool is_first(const struct kf_projection_errors *errors, size_t y)
{
    return y == 0 || errors->years[y - 1].edition != errors->years[y].edition;
}

/* --- rows ------------------------------------------------------------------------------------ */

static const char *name_of(const struct kf_edition *edition)
{
    const char *name = edition->demography.projection.en;
    return name && name[0] ? name : edition->id;
}

static void add_name(const struct kf_edition *edition, struct kf_table *table)
{
    char made[16];
    (void)snprintf(made, sizeof made, "%d", edition->demography.observed_through);
    kf_table_add_cell(table, name_of(edition), "");
    kf_table_add_cell(table, made, "");
}

static void add_row(const struct kf_projection_errors *errors, const struct series *series,
                    const struct kf_edition *edition, const bool aheads[AHEAD_MAX],
                    struct kf_table *table)
{
    add_name(edition, table);
    for (int ahead = 0; ahead < AHEAD_MAX; ahead++) {
        if (!aheads[ahead]) {
            continue;
        }
        const struct kf_projection_year *year = year_of(errors, edition, ahead);
        const struct kf_projection_cell *cell = year ? cell_in(year, series) : NULL;
        if (cell) {
            kf_table_add_number(table, cell->value, measures[cell->measure].decimals, "");
        } else {
            kf_table_add_cell(table, "", "");
        }
    }
}

static void add_names_columns(struct kf_table *table)
{
    kf_table_add_column(table, "Projection", KF_TABLE_LEFT);
    kf_table_add_column(table, "Observed until", KF_TABLE_RIGHT);
}

static void add_errors(const struct kf_projection_errors *errors, const struct series *series,
                       struct kf_table *table)
{
    bool aheads[AHEAD_MAX];
    find_aheads(errors, series, aheads);
    add_names_columns(table);
    for (int ahead = 0; ahead < AHEAD_MAX; ahead++) {
        char heading[16];
        (void)snprintf(heading, sizeof heading, "+%d", ahead);
        if (aheads[ahead]) {
            kf_table_add_column(table, heading, KF_TABLE_RIGHT);
        }
    }
    for (size_t y = 0; y < errors->years_len; y++) {
        if (is_first(errors, y)) {
            add_row(errors, series, errors->years[y].edition, aheads, table);
        }
    }
}

/* The largest error a row: of each edition in the year farthest ahead. */
static void add_worst(const struct kf_projection_errors *errors, const struct series *series,
                      const struct kf_municipalities *municipalities, struct kf_table *table)
{
    add_names_columns(table);
    kf_table_add_column(table, "Year", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Code", KF_TABLE_LEFT);
    kf_table_add_column(table, "Municipality", KF_TABLE_LEFT);
    kf_table_add_column(table, "Error", KF_TABLE_RIGHT);
    for (size_t y = 0; y < errors->years_len; y++) {
        const struct kf_projection_year *year = &errors->years[y];
        const struct kf_projection_cell *cell = cell_in(year, series);
        bool last = y + 1 == errors->years_len || is_first(errors, y + 1);
        if (!last || !cell) {
            continue;
        }
        char number[16];
        const struct kf_municipality *found =
            kf_municipalities_find(municipalities, cell->municipality, year->year);
        (void)snprintf(number, sizeof number, "%d", year->year);
        add_name(year->edition, table);
        kf_table_add_cell(table, number, "");
        kf_table_add_cell(table, cell->municipality, "");
        kf_table_add_cell(table, found ? found->name : "", "");
        kf_table_add_number(table, cell->value, measures[cell->measure].decimals, "");
    }
}

/* --- tables ---------------------------------------------------------------------------------- */

static const char *group_name(const struct kf_edition *edition, const char *id)
{
    for (size_t g = 0; g < edition->demography.groups_len; g++) {
        const struct kf_age_group *group = &edition->demography.groups[g];
        if (strcmp(group->id, id) == 0 && group->name.en && group->name.en[0]) {
            return group->name.en;
        }
    }
    return id;
}

/* ", at the rates of 2024": of whichever year all editions have theirs. */
static void add_rates(const struct kf_projection_errors *errors, const struct series *series,
                      struct kf_text *text)
{
    int year = 0;
    bool same = true;
    bool cost = series->example->measure == KF_PROJECTION_COST ||
                series->example->measure == KF_PROJECTION_COST_PER_HEAD;
    for (size_t y = 0; cost && y < errors->years_len; y++) {
        if (cell_in(&errors->years[y], series)) {
            int rates = errors->years[y].edition->demography.rate_year;
            same = same && (year == 0 || rates == year);
            year = rates;
        }
    }
    if (cost && same && year > 0) {
        kf_text_add_format(text, " at the rates of %d", year);
    } else if (cost) {
        kf_text_add(text, " at the rates of each edition");
    }
}

static enum kf_err print_series(const struct kf_projection_errors *errors,
                                const struct series *series,
                                const struct kf_municipalities *municipalities,
                                struct kf_text *text, struct kf_error *err)
{
    const struct kf_projection_cell *example = series->example;
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    }
    if (example->statistic == KF_PROJECTION_WORST) {
        add_worst(errors, series, municipalities, table);
    } else {
        add_errors(errors, series, table);
    }
    kf_text_add_format(text, "\n%s%s%s", series->group_name, series->group_name[0] ? ", " : "",
                       measures[example->measure].heading);
    add_rates(errors, series, text);
    kf_text_add_format(text, "%s\n\n", statistics[example->statistic].heading);
    enum kf_err code = kf_table_print(table, "", "", text, err);
    kf_table_destroy(&table);
    return code;
}

/* True when no year before `y` has told of the same: it gets its table now. */
static bool is_new(const struct kf_projection_errors *errors, size_t y, const struct series *series)
{
    for (size_t before = 0; before < y; before++) {
        if (cell_in(&errors->years[before], series)) {
            return false;
        }
    }
    return true;
}

static enum kf_err print_year(const struct kf_projection_errors *errors, size_t y,
                              const struct kf_municipalities *municipalities, struct kf_text *text,
                              struct kf_error *err)
{
    const struct kf_projection_year *year = &errors->years[y];
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < year->cells_len; i++) {
        const struct kf_projection_cell *cell = &year->cells[i];
        bool of_group = cell->measure == KF_PROJECTION_GROUP;
        struct series series = {cell, of_group ? group_name(year->edition, cell->group) : ""};
        if (is_new(errors, y, &series)) {
            code = print_series(errors, &series, municipalities, text, err);
        }
    }
    return code;
}

enum kf_err kf_projections_print(const struct kf_projection_errors *errors,
                                 const struct kf_municipalities *municipalities,
                                 struct kf_text *text, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t y = 0; code == KF_OK && y < errors->years_len; y++) {
        code = print_year(errors, y, municipalities, text, err);
    }
    return code;
}

/* --- CSV ------------------------------------------------------------------------------------- */

void kf_projections_print_csv(const struct kf_projection_errors *errors, struct kf_text *text)
{
    kf_text_add(text, "edition,observed_through,year,years_ahead,measure,group,statistic,"
                      "municipality,value,unit\n");
    for (size_t y = 0; y < errors->years_len; y++) {
        const struct kf_projection_year *year = &errors->years[y];
        for (size_t i = 0; i < year->cells_len; i++) {
            const struct kf_projection_cell *cell = &year->cells[i];
            char digits[KF_DECIMAL_SIZE];
            kf_text_add_format(text, "%s,%d,%d,%d,%s,%s,%s,%s,", year->edition->id,
                               year->edition->demography.observed_through, year->year,
                               kf_projection_years_ahead(year), measures[cell->measure].name,
                               cell->group, statistics[cell->statistic].name, cell->municipality);
            kf_text_add_bytes(text, digits, kf_decimal_print(cell->value, digits));
            kf_text_add_format(text, ",%s\n", measures[cell->measure].unit);
        }
    }
}

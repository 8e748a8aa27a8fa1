/* Cells of a table to observations. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "services/ingest/source/table_map.h"
#include "services/ingest/source/table_plan.h"

#define ARENA_BYTES_MAX   ((size_t)64 * 1024 * 1024)
#define ESTIMATES_AT_ONCE 1024

struct taking {
    const struct kf_table_map *map;
    const struct kf_jsonstat *table;
    struct kf_table_take to;
    struct kf_error *err;
    struct kf_table_plan plan;
};

/* A region of the table. */
struct place {
    enum kf_table_region kind;
    const char *code;
    uint16_t number; /* of a municipality or the country */
};

/* What some cells are together. */
struct cell {
    double value;
    uint8_t status;
};

/* --- cells ----------------------------------------------------------------------------------- */

static bool is_not_applicable(uint8_t status)
{
    return (status & KF_CELL_KIND_MASK) == KF_CELL_NOT_APPLICABLE;
}

/* Cells that are not applicable count nothing, unless there is nothing else. */
static struct cell add_up(const struct taking *self, const struct kf_table_cells *cells,
                          size_t first, double factor)
{
    struct kf_wide sum = kf_wide_from(0);
    struct cell cell = {0, KF_CELL_NOT_APPLICABLE};
    bool any = false;
    for (size_t i = 0; i < cells->length; i++) {
        uint8_t status = self->table->status[first + cells->offsets[i]];
        if (is_not_applicable(status)) {
            continue;
        }
        cell.status = any ? kf_cell_join(cell.status, status) : status;
        any = true;
        if (kf_cell_has_value(status)) {
            double value = kf_figure_canonical(self->table->values[first + cells->offsets[i]]);
            sum = kf_wide_add(sum, kf_wide_from_figure(value));
        }
    }
    if (kf_cell_has_value(cell.status)) {
        sum = kf_wide_mul(sum, kf_wide_from_figure(kf_figure_canonical(factor)));
        cell.value = kf_figure_canonical(kf_wide_value(sum));
    }
    return cell;
}

static const struct kf_variable *variable_of(const struct taking *self,
                                             const struct kf_table_figure *figure)
{
    size_t count = 0;
    return &kf_variables_all(self->to.catalogue->variables, &count)[figure->number];
}

/* True when the figure is within the register's bounds; else that is told. */
static bool is_sound(struct taking *self, const struct kf_table_figure *figure,
                     const struct place *region, int year, double value)
{
    const struct kf_variable *variable = variable_of(self, figure);
    if (value >= variable->minimum && value <= variable->maximum) {
        return true;
    }
    char text[KF_DECIMAL_SIZE] = "";
    if (isfinite(value)) {
        (void)kf_decimal_print(value, text);
    }
    struct kf_place place = {.file = self->map->file,
                             .line = figure->line,
                             .municipality = region->code,
                             .variable = figure->variable,
                             .cell = text};
    kf_findings_add(self->to.findings, &place,
                    "wait for a correction by Statistics Norway, or widen the bounds in "
                    "variables.yaml",
                    "of %d in table %s is outside the bounds of the register", year,
                    self->map->table);
    return false;
}

/* --- rows ------------------------------------------------------------------------------------ */

static enum kf_err add_estimate(struct taking *self, const struct kf_estimate *estimate)
{
    struct kf_estimates *estimates = self->to.estimates;
    if (estimates->length == estimates->length_max) {
        return kf_error_set(self->err, KF_ERR_LIMIT, "table %s has more than %zu estimates",
                            self->map->table, estimates->length_max);
    }
    if (estimates->length % ESTIMATES_AT_ONCE == 0) {
        size_t room = estimates->length + ESTIMATES_AT_ONCE;
        struct kf_estimate *list = kf_realloc(estimates->list, room * sizeof *list);
        if (!list) {
            return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for the estimates of %s",
                                self->map->table);
        }
        estimates->list = list;
    }
    estimates->list[estimates->length++] = *estimate;
    return KF_OK;
}

static enum kf_err keep_estimate(struct taking *self, const struct kf_table_figure *figure,
                                 const char *code, int year, const struct cell *cell)
{
    struct kf_estimate estimate = {.variable = (uint16_t)figure->number,
                                   .year = (uint16_t)year,
                                   .status = cell->status,
                                   .value = cell->value};
    (void)snprintf(estimate.region, sizeof estimate.region, "%s", code);
    return add_estimate(self, &estimate);
}

/* A region in a year of the register. */
struct spell {
    const struct place *region;
    int year;
    bool valid; /* the register has its code then, and in the table's year */
};

/* True for what is no row: an estimate's or the country's missing figure, and what stands for
 * nothing where nobody has the code. */
static bool is_nothing(const struct spell *spell, const struct cell *cell)
{
    bool figure = kf_cell_has_value(cell->status);
    return spell->region->kind != KF_TABLE_REGION_MUNICIPALITY
               ? !figure
               : !spell->valid && (!figure || cell->value == 0);
}

/* One figure of a region and year. `first` is the cell that its offsets are seen from. */
static enum kf_err take_figure(struct taking *self, size_t f, const struct spell *spell,
                               size_t first)
{
    const struct place *region = spell->region;
    const struct kf_table_figure *figure = &self->map->figures[f];
    struct cell cell = add_up(self, &self->plan.figures[f], first, figure->factor);
    if (is_nothing(spell, &cell) || (kf_cell_has_value(cell.status) &&
                                     !is_sound(self, figure, region, spell->year, cell.value))) {
        return KF_OK;
    }
    if (region->kind == KF_TABLE_REGION_ESTIMATE) {
        return self->to.estimates ? keep_estimate(self, figure, region->code, spell->year, &cell)
                                  : KF_OK;
    }
    struct kf_observation row = {.value = cell.value,
                                 .line = (uint32_t)first + 1,
                                 .year = (uint16_t)spell->year,
                                 .variable = (uint16_t)figure->number,
                                 .municipality = region->number,
                                 .status = cell.status};
    return kf_observations_add(self->to.figures, &row, self->err);
}

static bool is_valid(const struct taking *self, const struct place *region, int year)
{
    return kf_municipalities_find(self->to.catalogue->municipalities, region->code, year) != NULL;
}

static enum kf_err take_cells(struct taking *self, const struct place *region, int year,
                              size_t first)
{
    struct spell spell = {.region = region};
    for (size_t f = 0; f < self->map->figures_len; f++) {
        int own = year + self->map->figures[f].year_offset;
        if (own < KF_YEAR_MIN || own > KF_YEAR_MAX) {
            continue;
        }
        if (own != spell.year) {
            spell.year = own;
            spell.valid = is_valid(self, region, own) && is_valid(self, region, year);
        }
        enum kf_err code = take_figure(self, f, &spell, first);
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

/* --- regions --------------------------------------------------------------------------------- */

static struct place place_of(struct taking *self, const char *code)
{
    struct place region = {.kind = kf_table_map_region(self->map, code), .code = code};
    if (region.kind == KF_TABLE_REGION_COUNTRY) {
        region.number = KF_OBSERVATION_COUNTRY;
    } else if (region.kind == KF_TABLE_REGION_MUNICIPALITY) {
        (void)kf_municipality_parse(code, strlen(code), &region.number);
        if (!kf_municipalities_ever(self->to.catalogue->municipalities, code)) {
            struct kf_place place = {.file = self->map->file, .municipality = code};
            kf_findings_add(self->to.findings, &place,
                            "add it to municipalities.csv, or to passed_over of the map",
                            "table %s has a municipality that never existed", self->map->table);
            region.kind = KF_TABLE_REGION_NONE;
        }
    }
    return region;
}

static enum kf_err take_all(struct taking *self)
{
    const struct kf_table_plan *plan = &self->plan;
    enum kf_err code = KF_OK;
    for (size_t r = 0; code == KF_OK && r < plan->region->categories_len; r++) {
        struct place region = place_of(self, plan->region->categories[r].code);
        for (size_t t = 0; region.kind && code == KF_OK && t < plan->time->categories_len; t++) {
            int year = kf_table_year(plan->time->categories[t].code);
            code = take_cells(self, &region, year, r * plan->region_stride + t * plan->time_stride);
        }
    }
    return code;
}

enum kf_err kf_table_map_take(const struct kf_table_map *self, const struct kf_jsonstat *table,
                              const struct kf_table_take *to, struct kf_error *err)
{
    struct taking taking = {.map = self, .table = table, .to = *to, .err = err};
    uint64_t before = kf_findings_count(to->findings);
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the figures of %s", self->table);
    }
    enum kf_err code = kf_table_plan_make(self, table, arena, &taking.plan, err);
    if (code == KF_OK) {
        code = take_all(&taking);
    }
    kf_arena_destroy(&arena);
    if (code == KF_OK && kf_findings_count(to->findings) > before) {
        code = kf_error_set(err, KF_ERR_DATA, "table %s has figures that cannot be taken",
                            self->table);
    }
    return code;
}

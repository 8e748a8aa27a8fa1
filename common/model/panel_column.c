/* The columns of a panel: figures of the data year, re-cut to the municipalities of the panel. */
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"
#include "common/model/panel_builder.h"

/* What goes into a cell. */
struct cell {
    double value;
    uint8_t status;
    const struct kf_observation *row; /* the first it was made of, or NULL */
};

/* The variable of a column with its rows. */
struct source {
    const struct kf_variable *variable;
    struct kf_rows rows;
    bool outdated; /* some rows are of codes that are gone in the structure year */
};

static bool has_value(const struct kf_observation *row)
{
    return row && kf_cell_has_value(row->status);
}

/* --- one cell --------------------------------------------------------------------------------- */

/* A finding when the figure is outside the bounds of its variable. */
static void check_bounds(const struct kf_panel_builder *self, const struct kf_variable *variable,
                         const struct kf_observation *row)
{
    bool below = row->value < variable->minimum;
    if (!has_value(row) || (!below && !(row->value > variable->maximum))) {
        return;
    }
    char code[KF_MUNICIPALITY_SIZE];
    char bound[KF_DECIMAL_SIZE];
    char problem[128];
    kf_municipality_print(row->municipality, code);
    (void)kf_decimal_print(below ? variable->minimum : variable->maximum, bound);
    (void)snprintf(problem, sizeof problem, "is %s %s, the %s of the variable",
                   below ? "below" : "above", bound, below ? "minimum" : "maximum");
    kf_panel_builder_tell(self, code, variable->id, row,
                          "correct the figure; leave it empty with status .. when it is not known",
                          problem);
}

static struct cell cell_of(const struct kf_observation *row)
{
    return row ? (struct cell){row->value, row->status, row}
               : (struct cell){.status = KF_CELL_MISSING};
}

/* Nobody can tell how much of the row's figure belongs to the territory. */
static void tell_untold(const struct kf_panel_builder *self, const struct source *source,
                        const struct kf_observation *row)
{
    char code[KF_MUNICIPALITY_SIZE];
    struct kf_parts parts;
    struct kf_error why = {.text = "its territory was divided"};
    kf_municipality_print(row->municipality, code);
    (void)kf_structure_map(self->input->structure, row->municipality, self->year,
                           self->structure_year, &parts, &why);
    kf_panel_builder_tell(self, code, source->variable->id, row,
                          "choose a structure of another year, or give the figures on its codes",
                          why.text);
}

/* The status of a sum that lacks a part: what all lacking parts agree on, else missing. */
static uint8_t lacking(uint8_t so_far, uint8_t kind)
{
    return so_far == KF_CELL_VALUE || so_far == kind ? kind : KF_CELL_MISSING;
}

/* The sum of the parts, each times its weight; without a value when any part has none. */
static struct cell add_parts(const struct kf_panel_builder *self, const struct source *source,
                             const struct kf_territory *territory)
{
    struct kf_wide sum = {0, 0};
    struct cell cell = {0};
    uint8_t kind = KF_CELL_VALUE;
    for (size_t i = 0; i < territory->shares_len; i++) {
        const struct kf_share *share = &territory->shares[i];
        const struct kf_observation *row = kf_panel_builder_row(&source->rows, share->from);
        cell.row = cell.row ? cell.row : row;
        if (!has_value(row)) {
            kind = lacking(kind, row ? row->status & KF_CELL_KIND_MASK : KF_CELL_MISSING);
        } else if (!(share->weight > 0)) {
            tell_untold(self, source, row);
            kind = KF_CELL_MISSING;
        } else {
            struct kf_wide part =
                kf_wide_mul(kf_wide_from_figure(row->value), kf_wide_from_figure(share->weight));
            sum = kf_wide_add(sum, part);
            cell.status |= row->status | (share->weight < 1 ? KF_CELL_INFERRED : 0);
        }
    }
    cell.status = kind == KF_CELL_VALUE ? cell.status : kind;
    cell.value = kind == KF_CELL_VALUE ? kf_figure_canonical(kf_wide_value(sum)) : 0;
    return cell;
}

/* Ratios are carried over by a new code and missing across anything else. */
static struct cell combine(const struct kf_panel_builder *self, const struct source *source,
                           const struct kf_territory *territory)
{
    if (territory->shares_len == 1 && territory->shares->weight == 1) {
        return cell_of(kf_panel_builder_row(&source->rows, territory->shares->from));
    }
    if (source->variable->kind == KF_VARIABLE_RATIO) {
        return (struct cell){.status = KF_CELL_MISSING};
    }
    return add_parts(self, source, territory);
}

/* A part of the territory, other than itself, with a value. */
static const struct kf_observation *any_part(const struct source *source,
                                             const struct kf_territory *territory)
{
    for (size_t i = 0; i < territory->shares_len; i++) {
        const struct kf_observation *row =
            kf_panel_builder_row(&source->rows, territory->shares[i].from);
        if (has_value(row) && row->municipality != territory->code) {
            return row;
        }
    }
    return NULL;
}

static void tell_both(const struct kf_panel_builder *self, const struct source *source,
                      const struct kf_observation *own, const struct kf_observation *part)
{
    char code[KF_MUNICIPALITY_SIZE];
    char problem[96];
    kf_municipality_print(own->municipality, code);
    (void)snprintf(problem, sizeof problem, "has a figure, and so has %04u, which is part of it",
                   (unsigned)part->municipality);
    kf_panel_builder_tell(self, code, source->variable->id, own,
                          "keep the rows of one municipal structure", problem);
}

/* The figure of a territory. What was re-cut already is taken as it is: a new code's own row, and
 * that of a code which lives on when no row of the variable is of a code that is gone. */
static struct cell make_cell(const struct kf_panel_builder *self, const struct source *source,
                             const struct kf_territory *territory)
{
    const struct kf_observation *own = kf_panel_builder_row(&source->rows, territory->code);
    if (territory->shares_len == 0) {
        return cell_of(own);
    }
    if (territory->grown) {
        return source->outdated ? combine(self, source, territory) : cell_of(own);
    }
    const struct kf_observation *part = any_part(source, territory);
    if (has_value(own)) {
        if (part) {
            tell_both(self, source, own, part);
        }
        return cell_of(own);
    }
    struct cell cell = combine(self, source, territory);
    return cell.row || !own ? cell : cell_of(own);
}

/* --- one column ------------------------------------------------------------------------------- */

static bool is_population(const struct kf_panel_builder *self, const char *variable)
{
    return strcmp(self->edition->population, variable) == 0;
}

/* The part of a territory that lacks a figure although another has one, or NULL. */
static const struct kf_share *lacking_part(const struct source *source,
                                           const struct kf_territory *territory)
{
    const struct kf_share *without = NULL;
    bool any = false;
    for (size_t i = 0; i < territory->shares_len; i++) {
        bool has = has_value(kf_panel_builder_row(&source->rows, territory->shares[i].from));
        any = any || has;
        without = has || without ? without : &territory->shares[i];
    }
    return any ? without : NULL;
}

/* True when every part has a figure: then it could not be divided, which has been told. */
static bool is_undivided(const struct source *source, const struct kf_territory *territory)
{
    size_t valued = 0;
    for (size_t i = 0; i < territory->shares_len; i++) {
        valued += has_value(kf_panel_builder_row(&source->rows, territory->shares[i].from));
    }
    return valued > 0 && valued == territory->shares_len;
}

/* Says that a member has no population, or which part of it has none. */
static void tell_no_population(const struct kf_panel_builder *self, const struct source *source,
                               const struct kf_territory *member, const struct kf_observation *row)
{
    char remedy[160];
    char problem[96] = "the member has no population";
    char part[KF_MUNICIPALITY_SIZE] = "";
    const struct kf_share *without = lacking_part(source, member);
    if (without) {
        kf_municipality_print(without->from, part);
        (void)snprintf(problem, sizeof problem, "is part of %s and has no population",
                       member->text);
        row = kf_panel_builder_row(&source->rows, without->from);
    }
    bool listed = self->edition->members_len > 0;
    (void)snprintf(remedy, sizeof remedy, "add its inhabitants on 1 January %d, or %s%s%s",
                   self->year, listed ? "take " : "leave it out: except: [\"",
                   listed && !without ? "it" : member->text,
                   listed ? " out of the group" : "\"] in the group");
    kf_panel_builder_tell(self, without ? part : member->text, self->edition->population, row,
                          remedy, problem);
}

/* Of a member; what is below the variable's bounds, or cannot be divided, has been told. */
static void check_population(const struct kf_panel_builder *self, const struct source *source,
                             const struct kf_territory *member, const struct cell *cell)
{
    if (!kf_cell_has_value(cell->status) && !is_undivided(source, member)) {
        tell_no_population(self, source, member, cell->row);
    } else if (kf_cell_has_value(cell->status) && !(cell->value > 0) &&
               cell->value >= source->variable->minimum) {
        kf_panel_builder_tell(self, member->text, self->edition->population, cell->row,
                              "correct the figure", "a member's population must be positive");
    }
}

static void fill_members(const struct kf_panel_builder *self, const struct source *source,
                         struct kf_column *column)
{
    bool population = is_population(self, column->variable) && !self->earlier;
    for (size_t i = 0; i < self->members.count; i++) {
        const struct kf_territory *member = &self->members.list[i];
        struct cell cell = make_cell(self, source, member);
        column->values[i] = kf_cell_has_value(cell.status) ? cell.value : 0;
        column->status[i] = cell.status;
        if (population) {
            check_population(self, source, member, &cell);
        }
    }
}

static enum kf_err fill_others(const struct kf_panel_builder *self, const struct source *source,
                               struct kf_column *column)
{
    size_t count = self->others.count;
    column->other_values = kf_arena_calloc(self->arena, count, sizeof *column->other_values);
    column->other_status = kf_arena_calloc(self->arena, count, sizeof *column->other_status);
    if (!column->other_values || !column->other_status) {
        return kf_panel_builder_no_memory(self);
    }
    for (size_t i = 0; i < count; i++) {
        struct cell cell = make_cell(self, source, &self->others.list[i]);
        column->other_values[i] = kf_cell_has_value(cell.status) ? cell.value : 0;
        column->other_status[i] = cell.status;
    }
    return KF_OK;
}

static void fill_country(const struct kf_rows *rows, struct kf_column *column)
{
    const struct kf_observation *last = rows->count ? &rows->list[rows->count - 1] : NULL;
    bool there = last && last->municipality == KF_OBSERVATION_COUNTRY;
    column->country_status = there ? last->status : KF_CELL_MISSING;
    column->country_value = there ? last->value : 0;
}

/* The rows that go into cells: of the territories in the list. */
static void check_rows(const struct kf_panel_builder *self, const struct source *source,
                       const struct kf_territories *territories)
{
    for (size_t i = 0; i < territories->count; i++) {
        const struct kf_territory *territory = &territories->list[i];
        const struct kf_observation *own = kf_panel_builder_row(&source->rows, territory->code);
        if (own) {
            check_bounds(self, source->variable, own);
        }
        for (size_t s = 0; s < territory->shares_len; s++) {
            const struct kf_observation *row =
                kf_panel_builder_row(&source->rows, territory->shares[s].from);
            if (row && row != own) {
                check_bounds(self, source->variable, row);
            }
        }
    }
}

/* True when a row is of a code that is gone in the structure year. */
static bool is_outdated(const struct kf_panel_builder *self, const struct kf_rows *rows)
{
    for (size_t i = 0; self->recut.count > 0 && i < rows->count; i++) {
        unsigned code = rows->list[i].municipality;
        if (code < KF_CODES && (self->known[code] & KF_CODE_IN_DATA_YEAR) &&
            !(self->known[code] & KF_CODE_IN_STRUCTURE_YEAR)) {
            return true;
        }
    }
    return false;
}

/* Counts the cells of one more column; KF_ERR_LIMIT when the panel has no room for them. */
static enum kf_err count_cells(const struct kf_panel_builder *self, const char *variable)
{
    bool corrects = kf_edition_corrects(self->edition, variable);
    *self->cells += self->members.count + (corrects ? self->others.count : 0);
    if (*self->cells <= KF_PANEL_CELLS_MAX) {
        return KF_OK;
    }
    return kf_error_set(self->err, KF_ERR_LIMIT,
                        "the panel %s/%d would have more than %zu cells, the limit of its "
                        "municipalities × variables × years: spread its municipalities or "
                        "indicators over several editions",
                        self->edition->id, self->year, KF_PANEL_CELLS_MAX);
}

static enum kf_err fill_column(const struct kf_panel_builder *self, const struct source *source,
                               struct kf_column *column)
{
    struct kf_panel *panel = self->panel;
    column->values = kf_arena_calloc(self->arena, panel->members_len, sizeof *column->values);
    column->status = kf_arena_calloc(self->arena, panel->members_len, sizeof *column->status);
    if (!column->values || !column->status) {
        return kf_panel_builder_no_memory(self);
    }
    kf_panel_builder_judge_codes(self, column->variable, &source->rows);
    check_rows(self, source, &self->members);
    fill_members(self, source, column);
    fill_country(&source->rows, column);
    if (!kf_edition_corrects(self->edition, column->variable)) {
        return KF_OK;
    }
    check_rows(self, source, &self->others);
    return fill_others(self, source, column);
}

/* --- all columns ------------------------------------------------------------------------------ */

static enum kf_err add_column(struct kf_panel_builder *self,
                              const struct kf_edition_variable *named)
{
    const char *name = named->name;
    struct source source = {.variable = kf_variables_find(self->variables, name, strlen(name))};
    if (!source.variable) {
        kf_panel_builder_tell(self, "", name, NULL, "register it in variables.yaml",
                              "the edition names a variable that is not registered");
        return KF_OK;
    }
    source.rows = kf_panel_builder_rows(self, name);
    if (source.rows.count == 0 && !named->needed) {
        return KF_OK;
    }
    source.outdated = is_outdated(self, &source.rows);
    struct kf_column *column = &self->panel->columns[self->panel->columns_len];
    column->variable = name;
    enum kf_err code = count_cells(self, name);
    if (code == KF_OK) {
        code = fill_column(self, &source, column);
    }
    self->panel->columns_len += code == KF_OK;
    return code;
}

enum kf_err kf_panel_builder_add_columns(struct kf_panel_builder *self)
{
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    enum kf_err code = kf_edition_variables(self->edition, self->arena, &list, &count, self->err);
    if (code != KF_OK) {
        return code;
    }
    if (count > KF_PANEL_COLUMNS_MAX) {
        return kf_error_set(self->err, KF_ERR_LIMIT,
                            "the edition %s names %zu variables; the limit is %d",
                            self->edition->id, count, KF_PANEL_COLUMNS_MAX);
    }
    self->panel->columns = kf_arena_calloc(self->arena, count, sizeof *self->panel->columns);
    if (!self->panel->columns) {
        return kf_panel_builder_no_memory(self);
    }
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        code = add_column(self, &list[i]);
    }
    return code;
}

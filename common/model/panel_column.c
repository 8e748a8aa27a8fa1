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

/* The variable of a column with its rows; for the population of a projected year, those of the
 * projection. */
struct source {
    const struct kf_variable *variable;
    struct kf_rows rows;
    uint8_t flags; /* of every figure */
    bool outdated; /* some rows are of codes that are gone in the structure year */
    bool strays;   /* some figure is outside the variable's bounds */
    bool odd;      /* some figure is of a code that may be no municipality */
};

static bool has_value(const struct kf_observation *row)
{
    return row && kf_cell_has_value(row->status);
}

/* --- one cell --------------------------------------------------------------------------------- */

static bool is_stray(const struct kf_variable *variable, const struct kf_observation *row)
{
    return has_value(row) && (row->value < variable->minimum || row->value > variable->maximum);
}

/* A finding when the figure is outside the bounds of its variable. */
static void check_bounds(const struct kf_panel_builder *self, const struct kf_variable *variable,
                         const struct kf_observation *row)
{
    bool below = row->value < variable->minimum;
    if (!is_stray(variable, row)) {
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

/* The figure of a territory with shares; `own` is the row of its code, or NULL. What was re-cut
 * already is taken as it is: a new code's own row, and that of a code which lives on when no row of
 * the variable is of a code that is gone. */
static struct cell recut(const struct kf_panel_builder *self, const struct source *source,
                         const struct kf_territory *territory, const struct kf_observation *own)
{
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

/* The row of a code, or NULL. Codes ascend from call to call: `next` walks along the rows. */
static const struct kf_observation *next_row(const struct kf_rows *rows, size_t *next,
                                             unsigned code)
{
    while (*next < rows->count && rows->list[*next].municipality < code) {
        (*next)++;
    }
    bool there = *next < rows->count && rows->list[*next].municipality == code;
    return there ? &rows->list[*next] : NULL;
}

/* True when the territory's own row is its figure, whatever the shares: it has none, or none of
 * their codes has a row. */
static bool stands_alone(const struct source *source, const struct kf_territory *territory)
{
    return territory->shares_len == 0 || (!source->outdated && territory->ended);
}

/* The figure of a territory; they are asked for in ascending order. */
static struct cell make_cell(const struct kf_panel_builder *self, const struct source *source,
                             const struct kf_territory *territory, size_t *next)
{
    const struct kf_observation *own = next_row(&source->rows, next, territory->code);
    struct cell cell =
        stands_alone(source, territory) ? cell_of(own) : recut(self, source, territory, own);
    if (kf_cell_has_value(cell.status)) {
        cell.status |= source->flags;
    } else {
        cell.value = 0;
    }
    return cell;
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
    kf_panel_builder_tell(self, without ? part : member->text, self->population, row, remedy,
                          problem);
}

/* Of a member; what is below the variable's bounds, or cannot be divided, has been told. */
static void check_population(const struct kf_panel_builder *self, const struct source *source,
                             const struct kf_territory *member, const struct cell *cell)
{
    if (!kf_cell_has_value(cell->status) && !is_undivided(source, member)) {
        tell_no_population(self, source, member, cell->row);
    } else if (kf_cell_has_value(cell->status) && !(cell->value > 0) &&
               cell->value >= source->variable->minimum) {
        kf_panel_builder_tell(self, member->text, self->population, cell->row, "correct the figure",
                              "a member's population must be positive");
    }
}

/* Where the figures of territories go. */
struct cells {
    const struct kf_territories *of;
    double *values;
    uint8_t *status;
    bool population; /* nobody may be without a positive figure */
};

static void fill_cells(const struct kf_panel_builder *self, const struct source *source,
                       const struct cells *cells)
{
    size_t next = 0;
    for (size_t i = 0; i < cells->of->count; i++) {
        const struct kf_territory *territory = &cells->of->list[i];
        struct cell cell = make_cell(self, source, territory, &next);
        cells->values[i] = cell.value;
        cells->status[i] = cell.status;
        if (cells->population) {
            check_population(self, source, territory, &cell);
        }
    }
}

static void fill_country(const struct source *source, struct kf_column *column)
{
    const struct kf_rows *rows = &source->rows;
    const struct kf_observation *last = rows->count ? &rows->list[rows->count - 1] : NULL;
    bool there = last && last->municipality == KF_OBSERVATION_COUNTRY;
    column->country_status = there ? last->status : KF_CELL_MISSING;
    column->country_status |= there && has_value(last) ? source->flags : 0;
    column->country_value = there ? last->value : 0;
}

/* The rows that go into cells: of the territories in the list. */
static void check_rows(const struct kf_panel_builder *self, const struct source *source,
                       const struct kf_territories *territories)
{
    for (size_t i = 0; source->strays && i < territories->count; i++) {
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

/* What has to be known about the rows before cells are made of them, in one walk. */
static void survey(const struct kf_panel_builder *self, struct source *source)
{
    bool outdated = false;
    bool strays = false;
    bool odd = false;
    for (size_t i = 0; i < source->rows.count; i++) {
        const struct kf_observation *row = &source->rows.list[i];
        unsigned code = row->municipality;
        unsigned known = code < KF_CODES ? self->known[code] : KF_CODE_IN_STRUCTURE_YEAR;
        unsigned in = known & (KF_CODE_IN_DATA_YEAR | KF_CODE_IN_STRUCTURE_YEAR);
        outdated |= in == KF_CODE_IN_DATA_YEAR;
        odd |= in == 0;
        strays |= is_stray(source->variable, row);
    }
    source->outdated = outdated;
    source->strays = strays;
    source->odd = odd;
}

/* Counts the cells of one more column; KF_ERR_LIMIT when the panel has no room for them. */
static enum kf_err count_cells(const struct kf_panel_builder *self,
                               const struct kf_named_variable *named)
{
    *self->cells += self->members.count + (named->corrects ? self->others.count : 0);
    if (*self->cells <= KF_PANEL_CELLS_MAX) {
        return KF_OK;
    }
    return kf_error_set(self->err, KF_ERR_LIMIT,
                        "the panel %s/%d would have more than %zu cells, the limit of its "
                        "municipalities × variables × years: spread its municipalities or "
                        "indicators over several editions",
                        self->edition->id, self->year, KF_PANEL_CELLS_MAX);
}

/* Makes and fills the cells of `cells->of`. */
static enum kf_err add_cells(const struct kf_panel_builder *self, const struct source *source,
                             struct cells *cells)
{
    cells->values = kf_arena_calloc(self->arena, cells->of->count, sizeof *cells->values);
    cells->status = kf_arena_calloc(self->arena, cells->of->count, sizeof *cells->status);
    if (!cells->values || !cells->status) {
        return kf_panel_builder_no_memory(self);
    }
    check_rows(self, source, cells->of);
    fill_cells(self, source, cells);
    return KF_OK;
}

static enum kf_err fill_column(const struct kf_panel_builder *self, const struct source *source,
                               bool corrects, struct kf_column *column)
{
    bool population = self->part == KF_PANEL_ITSELF && is_population(self, column->variable);
    struct cells members = {.of = &self->members, .population = population};
    struct cells others = {.of = &self->others};
    if (source->odd) {
        kf_panel_builder_judge_codes(self, source->variable->id, &source->rows);
    }
    fill_country(source, column);
    enum kf_err code = add_cells(self, source, &members);
    if (code == KF_OK && corrects) {
        code = add_cells(self, source, &others);
    }
    column->values = members.values;
    column->status = members.status;
    column->other_values = others.values;
    column->other_status = others.status;
    return code;
}

/* --- all columns ------------------------------------------------------------------------------ */

/* Where the figures of a variable come from: its rows of the year, or the projection's for the
 * population of a year that is projected. */
static struct source find_source(const struct kf_panel_builder *self,
                                 const struct kf_named_variable *named)
{
    bool projected = self->projected && is_population(self, named->name);
    const char *variable = self->population;
    struct source source = {.variable = named->variable};
    if (projected) {
        source.variable = kf_variables_find(self->variables, variable, strlen(variable));
        source.rows = kf_panel_builder_rows(self, variable);
        source.flags = KF_CELL_PROJECTED;
    } else if (source.variable) {
        source.rows.list = kf_observations_find(self->input->observations, self->year,
                                                named->number, &source.rows.count);
    }
    return source;
}

/* Told once, not of every year. */
static void tell_unregistered(const struct kf_panel_builder *self, const char *name)
{
    if (self->part == KF_PANEL_ITSELF) {
        kf_panel_builder_tell(self, "", name, NULL, "register it in variables.yaml",
                              "the edition names a variable that is not registered");
    }
}

static enum kf_err add_column(struct kf_panel_builder *self, const struct kf_named_variable *named)
{
    struct source source = find_source(self, named);
    if (!source.variable) {
        tell_unregistered(self, named->name);
        return KF_OK;
    }
    if (source.rows.count == 0 && !named->needed) {
        return KF_OK;
    }
    survey(self, &source);
    struct kf_column *column = &self->panel->columns[self->panel->columns_len];
    column->variable = named->name;
    enum kf_err code = count_cells(self, named);
    if (code == KF_OK) {
        code = fill_column(self, &source, named->corrects, column);
    }
    self->panel->columns_len += code == KF_OK;
    return code;
}

enum kf_err kf_panel_builder_add_columns(struct kf_panel_builder *self)
{
    enum kf_err code = KF_OK;
    self->panel->columns =
        kf_arena_calloc(self->arena, self->named_len, sizeof *self->panel->columns);
    if (!self->panel->columns) {
        return kf_panel_builder_no_memory(self);
    }
    for (size_t i = 0; code == KF_OK && i < self->named_len; i++) {
        code = add_column(self, &self->named[i]);
    }
    return code;
}

/* From observations to a panel: who is in it, which columns, and whether the figures are possible.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/text.h"
#include "common/model/panel.h"

struct builder {
    const struct kf_edition *edition;
    int year;
    const struct kf_observations *observations;
    const struct kf_variables *variables;
    const struct kf_municipalities *municipalities;
    struct kf_panel *panel;
    uint16_t *codes; /* [members_len], the members as numbers */
    struct kf_findings *findings;
    struct kf_error *err;
};

/* Rows of one variable in the panel's year, ascending by municipality. */
struct rows {
    const struct kf_observation *list;
    size_t count;
};

static enum kf_err no_memory(const struct builder *builder)
{
    return kf_error_set(builder->err, KF_ERR_MEMORY, "no memory for the panel %s/%d",
                        builder->edition->id, builder->year);
}

static const struct kf_variable *variable_of(const struct builder *builder, const char *id)
{
    return kf_variables_find(builder->variables, id, strlen(id));
}

static struct rows rows_of(const struct builder *builder, const char *id)
{
    struct rows rows = {NULL, 0};
    const struct kf_variable *variable = variable_of(builder, id);
    if (variable) {
        size_t count = 0;
        size_t number = (size_t)(variable - kf_variables_all(builder->variables, &count));
        rows.list = kf_observations_find(builder->observations, builder->year, number, &rows.count);
    }
    return rows;
}

/* A finding about a member's figure; `row` is NULL when there is none. */
static void tell(const struct builder *builder, const char *municipality, const char *variable,
                 const struct kf_observation *row, const char *remedy, const char *problem)
{
    char cell[KF_DECIMAL_SIZE] = "";
    if (row && kf_cell_has_value(row->status)) {
        (void)kf_decimal_print(row->value, cell);
    }
    struct kf_place place = {
        .file = row ? kf_observations_file(builder->observations, row->file) : "",
        .line = row ? row->line : 0,
        .municipality = municipality,
        .variable = variable,
        .cell = cell,
    };
    kf_findings_add(builder->findings, &place, remedy, "%s", problem);
}

/* --- is there anything to compute? ----------------------------------------------------------- */

static bool has_indicators(const struct builder *builder)
{
    for (size_t s = 0; s < builder->edition->sectors_len; s++) {
        const struct kf_sector *sector = &builder->edition->sectors[s];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            if (rows_of(builder, sector->indicators[i].variable).count > 0) {
                return true;
            }
        }
    }
    return false;
}

/* --- members --------------------------------------------------------------------------------- */

static void tell_invalid(const struct builder *builder, const char *code, int structure_year,
                         const struct kf_observation *row)
{
    char problem[160];
    char remedy[160];
    const struct kf_municipality *ever = kf_municipalities_ever(builder->municipalities, code);
    (void)snprintf(remedy, sizeof remedy, "use the municipality codes of %d", structure_year);
    if (!ever) {
        (void)snprintf(problem, sizeof problem, "was never a municipality code");
    } else if (ever->to_year == INT_MAX) {
        (void)snprintf(problem, sizeof problem, "%s is a municipality since %d, not in %d",
                       ever->name, ever->from_year, structure_year);
    } else {
        (void)snprintf(problem, sizeof problem, "%s was a municipality until %d, not in %d",
                       ever->name, ever->to_year, structure_year);
    }
    tell(builder, code, builder->edition->population, row, remedy, problem);
}

static void check_code(const struct builder *builder, const char *code,
                       const struct kf_observation *row)
{
    int year = builder->edition->structure_year ? builder->edition->structure_year : builder->year;
    if (!kf_municipalities_find(builder->municipalities, code, year)) {
        tell_invalid(builder, code, year, row);
    }
}

static enum kf_err make_members(struct builder *builder, size_t count)
{
    struct kf_panel *panel = builder->panel;
    if (count > KF_PANEL_MEMBERS_MAX) {
        return kf_error_set(builder->err, KF_ERR_LIMIT,
                            "the panel %s/%d would have %zu members; the limit is %d",
                            builder->edition->id, builder->year, count, KF_PANEL_MEMBERS_MAX);
    }
    panel->members = kf_arena_calloc(panel->arena, count, sizeof *panel->members);
    builder->codes = kf_arena_calloc(panel->arena, count, sizeof *builder->codes);
    return panel->members && builder->codes ? KF_OK : no_memory(builder);
}

static enum kf_err add_member(struct builder *builder, uint16_t number,
                              const struct kf_observation *row)
{
    struct kf_panel *panel = builder->panel;
    const char *code = kf_arena_printf(panel->arena, "%04u", (unsigned)number);
    if (!code) {
        return no_memory(builder);
    }
    check_code(builder, code, row);
    builder->codes[panel->members_len] = number;
    panel->members[panel->members_len++] = code;
    return KF_OK;
}

/* The members that the edition names. */
static enum kf_err take_named(struct builder *builder)
{
    const struct kf_edition *edition = builder->edition;
    enum kf_err code = make_members(builder, edition->members_len);
    for (size_t i = 0; code == KF_OK && i < edition->members_len; i++) {
        unsigned long number = 0;
        const char *text = edition->members[i];
        if (!kf_text_to_unsigned(text, strlen(text), KF_OBSERVATION_COUNTRY - 1, &number)) {
            tell(builder, text, "", NULL, "write four digits", "is not a municipality code");
            continue;
        }
        code = add_member(builder, (uint16_t)number, NULL);
    }
    return code;
}

static bool is_inhabited(const struct kf_observation *row)
{
    return row->municipality != KF_OBSERVATION_COUNTRY && kf_cell_has_value(row->status);
}

/* Every municipality with a population. */
static enum kf_err take_all(struct builder *builder)
{
    struct rows rows = rows_of(builder, builder->edition->population);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        count += is_inhabited(&rows.list[i]);
    }
    enum kf_err code = make_members(builder, count);
    for (size_t i = 0; code == KF_OK && i < rows.count; i++) {
        if (is_inhabited(&rows.list[i])) {
            code = add_member(builder, rows.list[i].municipality, &rows.list[i]);
        }
    }
    return code;
}

static enum kf_err choose_members(struct builder *builder)
{
    enum kf_err code = builder->edition->members_len > 0 ? take_named(builder) : take_all(builder);
    if (code == KF_OK && builder->panel->members_len == 0) {
        tell(builder, "", builder->edition->population, NULL, "add the population of the year",
             "no municipality has a population");
    }
    return code;
}

/* --- columns --------------------------------------------------------------------------------- */

/* False, with a finding, when the figure is outside the bounds of its variable. */
static bool check_bounds(const struct builder *builder, const struct kf_variable *variable,
                         const char *municipality, const struct kf_observation *row)
{
    bool below = row->value < variable->minimum;
    if (!kf_cell_has_value(row->status) || (!below && !(row->value > variable->maximum))) {
        return true;
    }
    char bound[KF_DECIMAL_SIZE];
    char problem[128];
    (void)kf_decimal_print(below ? variable->minimum : variable->maximum, bound);
    (void)snprintf(problem, sizeof problem, "is %s %s, the %s of the variable",
                   below ? "below" : "above", bound, below ? "minimum" : "maximum");
    tell(builder, municipality, variable->id, row,
         "correct the figure; leave it empty with status .. when it is not known", problem);
    return false;
}

static void check_population(const struct builder *builder, size_t member,
                             const struct kf_observation *row)
{
    if (!row || !kf_cell_has_value(row->status)) {
        char remedy[160];
        (void)snprintf(remedy, sizeof remedy,
                       "add its inhabitants on 1 January %d, or take it out of the group",
                       builder->year);
        tell(builder, builder->panel->members[member], builder->edition->population, row, remedy,
             "the member has no population");
    } else if (!(row->value > 0)) {
        tell(builder, builder->panel->members[member], builder->edition->population, row,
             "correct the figure", "a member's population must be positive");
    }
}

static bool is_population(const struct builder *builder, const char *variable)
{
    return strcmp(builder->edition->population, variable) == 0;
}

/* Sets the cell of `member` from its row, which may be NULL. */
static void fill_cell(const struct builder *builder, const struct kf_variable *variable,
                      struct kf_column *column, size_t member, const struct kf_observation *row)
{
    column->status[member] = row ? row->status : KF_CELL_MISSING;
    column->values[member] = row ? row->value : 0;
    bool possible = !row || check_bounds(builder, variable, builder->panel->members[member], row);
    if (possible && is_population(builder, column->variable)) {
        check_population(builder, member, row);
    }
}

/* Rows and members both ascend: one walk through both. */
static void fill_column(const struct builder *builder, const struct kf_variable *variable,
                        const struct rows *rows, struct kf_column *column)
{
    size_t next = 0;
    for (size_t i = 0; i < builder->panel->members_len; i++) {
        while (next < rows->count && rows->list[next].municipality < builder->codes[i]) {
            next++;
        }
        bool met = next < rows->count && rows->list[next].municipality == builder->codes[i];
        fill_cell(builder, variable, column, i, met ? &rows->list[next] : NULL);
    }
    column->country_status = KF_CELL_MISSING;
    const struct kf_observation *last = rows->count ? &rows->list[rows->count - 1] : NULL;
    if (last && last->municipality == KF_OBSERVATION_COUNTRY) {
        column->country_status = last->status;
        column->country_value = last->value;
    }
}

/* Columns that are there even when nobody reported anything. */
static bool is_needed(const struct builder *builder, const char *variable)
{
    for (size_t s = 0; s < builder->edition->sectors_len; s++) {
        const struct kf_sector *sector = &builder->edition->sectors[s];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            if (strcmp(sector->indicators[i].variable, variable) == 0 ||
                strcmp(sector->indicators[i].per_variable, variable) == 0) {
                return true;
            }
        }
    }
    return is_population(builder, variable);
}

static enum kf_err add_column(struct builder *builder, const char *name)
{
    struct kf_panel *panel = builder->panel;
    const struct kf_variable *variable = variable_of(builder, name);
    if (!variable) {
        tell(builder, "", name, NULL, "register it in variables.yaml",
             "the edition names a variable that is not registered");
        return KF_OK;
    }
    struct rows rows = rows_of(builder, name);
    if (rows.count == 0 && !is_needed(builder, name)) {
        return KF_OK;
    }
    struct kf_column *column = &panel->columns[panel->columns_len];
    column->variable = name;
    column->values = kf_arena_calloc(panel->arena, panel->members_len, sizeof *column->values);
    column->status = kf_arena_calloc(panel->arena, panel->members_len, sizeof *column->status);
    if (!column->values || !column->status) {
        return no_memory(builder);
    }
    fill_column(builder, variable, &rows, column);
    panel->columns_len++;
    return KF_OK;
}

static enum kf_err add_columns(struct builder *builder)
{
    struct kf_panel *panel = builder->panel;
    const char **names = NULL;
    size_t count = 0;
    enum kf_err code =
        kf_edition_variables(builder->edition, panel->arena, &names, &count, builder->err);
    if (code != KF_OK) {
        return code;
    }
    if (count > KF_PANEL_COLUMNS_MAX) {
        return kf_error_set(builder->err, KF_ERR_LIMIT,
                            "the edition %s names %zu variables; the limit is %d",
                            builder->edition->id, count, KF_PANEL_COLUMNS_MAX);
    }
    panel->columns = kf_arena_calloc(panel->arena, count, sizeof *panel->columns);
    if (!panel->columns) {
        return no_memory(builder);
    }
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        code = add_column(builder, names[i]);
    }
    return code;
}

static enum kf_err build(struct builder *builder)
{
    uint64_t before = kf_findings_count(builder->findings);
    enum kf_err code = choose_members(builder);
    if (code == KF_OK && builder->panel->members_len > 0) {
        code = add_columns(builder);
    }
    uint64_t found = kf_findings_count(builder->findings) - before;
    if (code == KF_OK && found > 0) {
        code = kf_error_set(builder->err, KF_ERR_DATA, "the panel %s/%d has %llu faults",
                            builder->edition->id, builder->year, (unsigned long long)found);
    }
    return code;
}

enum kf_err kf_panel_build(const struct kf_panel_input *input, struct kf_panel **panel,
                           struct kf_findings *findings, struct kf_error *err)
{
    struct builder builder = {
        .edition = input->edition,
        .year = input->year,
        .observations = input->observations,
        .variables = kf_observations_variables(input->observations),
        .municipalities = input->municipalities,
        .findings = findings,
        .err = err,
    };
    if (!kf_edition_has_year(input->edition, input->year) || !has_indicators(&builder)) {
        return kf_error_set(err, KF_ERR_AGAIN, "no indicator of %s has a figure for %d",
                            input->edition->id, input->year);
    }
    builder.panel = kf_panel_new();
    if (!builder.panel) {
        return no_memory(&builder);
    }
    builder.panel->edition = input->edition;
    builder.panel->year = input->year;
    enum kf_err code = build(&builder);
    if (code != KF_OK) {
        kf_panel_destroy(&builder.panel);
        return code;
    }
    *panel = builder.panel;
    return KF_OK;
}

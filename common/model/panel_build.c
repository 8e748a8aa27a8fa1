/* From observations to a panel with the years before it: the course of building. */
#include <string.h>

#include "common/base/decimal.h"
#include "common/model/panel_builder.h"

enum kf_err kf_panel_builder_no_memory(const struct kf_panel_builder *self)
{
    return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for the panel %s/%d",
                        self->edition->id, self->year);
}

struct kf_rows kf_panel_builder_rows(const struct kf_panel_builder *self, const char *variable)
{
    return kf_panel_input_rows(self->input, self->year, variable);
}

const struct kf_observation *kf_panel_builder_row(const struct kf_rows *rows, unsigned code)
{
    return kf_observation_among(rows->list, rows->count, code);
}

void kf_panel_builder_tell(const struct kf_panel_builder *self, const char *municipality,
                           const char *variable, const struct kf_observation *row,
                           const char *remedy, const char *problem)
{
    char cell[KF_DECIMAL_SIZE] = "";
    if (row && kf_cell_has_value(row->status)) {
        (void)kf_decimal_print(row->value, cell);
    }
    struct kf_place place = {
        .file = row ? kf_observations_file(self->input->observations, row->file) : "",
        .line = row ? row->line : 0,
        .municipality = municipality,
        .variable = variable,
        .cell = cell,
    };
    kf_findings_add(self->findings, &place, remedy, "%s", problem);
}

/* --- one year --------------------------------------------------------------------------------- */

static void mark_codes(const struct kf_panel_builder *self, int year, uint8_t mark)
{
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(self->input->municipalities, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].from_year <= year && year <= all[i].to_year) {
            self->known[all[i].number] |= mark;
        }
    }
}

/* The codes of both years and how they belong together. */
static enum kf_err open_year(struct kf_panel_builder *self)
{
    self->known = kf_arena_calloc(self->arena, KF_CODES, sizeof *self->known);
    if (!self->known) {
        return kf_panel_builder_no_memory(self);
    }
    self->panel->country_municipalities =
        kf_municipalities_count(self->input->municipalities, self->structure_year);
    mark_codes(self, self->year, KF_CODE_IN_DATA_YEAR);
    mark_codes(self, self->structure_year, KF_CODE_IN_STRUCTURE_YEAR);
    self->recut.data_year = self->year;
    self->recut.structure_year = self->structure_year;
    return kf_recut_make(&self->recut, self->input->structure, self->input->municipalities,
                         self->arena, self->err);
}

/* Whose rows are the population of the year. */
static void choose_population(struct kf_panel_builder *self)
{
    const struct kf_edition *edition = self->edition;
    const char *projected = edition->demography.projected_population;
    self->projected = kf_edition_projects(edition, self->year) && projected && projected[0];
    self->population = self->projected ? projected : edition->population;
}

/* `first` is the builder of the panel itself, which this one is another year of; or NULL. */
static enum kf_err build_year(struct kf_panel_builder *self, const struct kf_panel_builder *first)
{
    choose_population(self);
    enum kf_err code = open_year(self);
    if (code == KF_OK) {
        code = first ? kf_panel_builder_take_members(self, first)
                     : kf_panel_builder_choose_members(self);
    }
    bool members = self->panel->members_len > 0;
    if (code == KF_OK && members && self->part != KF_PANEL_FURTHER) {
        code = kf_panel_builder_find_others(self);
    }
    if (code == KF_OK && members) {
        code = kf_panel_builder_add_columns(self);
    }
    return code;
}

/* --- other years ------------------------------------------------------------------------------ */

/* Builds the panel of another year with the members of the first. */
static enum kf_err build_other(const struct kf_panel_builder *first, int year,
                               enum kf_panel_part part, struct kf_panel **panel)
{
    struct kf_panel_builder builder = *first;
    builder.panel = kf_arena_calloc(first->arena, 1, sizeof *builder.panel);
    if (!builder.panel) {
        return kf_panel_builder_no_memory(first);
    }
    *builder.panel =
        (struct kf_panel){.arena = first->arena, .edition = first->edition, .year = year};
    builder.year = year;
    builder.part = part;
    builder.others = (struct kf_territories){0};
    enum kf_err code = build_year(&builder, first);
    *panel = builder.panel;
    return code;
}

/* How many years back the figures reach, at most as many as the edition asks for. */
static int years_back(const struct kf_panel_input *input)
{
    int years = kf_edition_earlier_years(input->edition);
    while (years > 0 && !kf_panel_input_is_compared(input, input->year - years)) {
        years--;
    }
    return years;
}

static enum kf_err add_previous(const struct kf_panel_builder *first, int years)
{
    struct kf_panel **place = &first->panel->previous;
    enum kf_err code = KF_OK;
    for (int back = 1; code == KF_OK && back <= years; back++) {
        code = build_other(first, first->year - back, KF_PANEL_PREVIOUS, place);
        place = code == KF_OK ? &(*place)->previous : place;
    }
    return code;
}

/* Besides the panel and the `earlier` years before it. */
static enum kf_err add_further(const struct kf_panel_builder *first, int earlier)
{
    int years[KF_FURTHER_YEARS_MAX];
    size_t count = kf_edition_further_years(first->edition, first->year, earlier, years);
    struct kf_panel **place = &first->panel->further;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        if (kf_panel_input_has_figures(first->input, years[i])) {
            code = build_other(first, years[i], KF_PANEL_FURTHER, place);
            place = code == KF_OK ? &(*place)->further : place;
        }
    }
    return code;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Finds what the edition names in the register, once for all years. */
static enum kf_err find_variables(struct kf_panel_builder *self)
{
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    size_t all = 0;
    const struct kf_variable *variables = kf_variables_all(self->variables, &all);
    enum kf_err code = kf_edition_variables(self->edition, self->arena, &list, &count, self->err);
    if (code != KF_OK) {
        return code;
    }
    if (count > KF_PANEL_COLUMNS_MAX) {
        return kf_error_set(self->err, KF_ERR_LIMIT,
                            "the edition %s names %zu variables; the limit is %d",
                            self->edition->id, count, KF_PANEL_COLUMNS_MAX);
    }
    self->named = kf_arena_calloc(self->arena, count, sizeof *self->named);
    for (size_t i = 0; self->named && i < count; i++) {
        const char *name = list[i].name;
        const struct kf_variable *found = kf_variables_find(self->variables, name, strlen(name));
        self->named[i] = (struct kf_named_variable){
            .name = name,
            .variable = found,
            .number = found ? (size_t)(found - variables) : 0,
            .needed = list[i].needed,
            .corrects = kf_edition_corrects(self->edition, name),
        };
    }
    self->named_len = count;
    return self->named ? KF_OK : kf_panel_builder_no_memory(self);
}

static enum kf_err build_all(struct kf_panel_builder *self)
{
    enum kf_err code = find_variables(self);
    if (code == KF_OK) {
        code = build_year(self, NULL);
    }
    if (code != KF_OK || self->panel->members_len == 0) {
        return code;
    }
    int earlier = years_back(self->input);
    code = add_previous(self, earlier);
    return code == KF_OK ? add_further(self, earlier) : code;
}

static enum kf_err build(struct kf_panel_builder *self)
{
    uint64_t before = kf_findings_count(self->findings);
    enum kf_err code = build_all(self);
    uint64_t found = kf_findings_count(self->findings) - before;
    if (code == KF_OK && found > 0) {
        code = kf_error_set(self->err, KF_ERR_DATA, "the panel %s/%d has %llu fault%s",
                            self->edition->id, self->year, (unsigned long long)found,
                            found == 1 ? "" : "s");
    }
    return code;
}

enum kf_err kf_panel_build(const struct kf_panel_input *input, struct kf_panel **panel,
                           struct kf_findings *findings, struct kf_error *err)
{
    size_t cells = 0;
    struct kf_panel_builder builder = {
        .input = input,
        .edition = input->edition,
        .year = input->year,
        .structure_year =
            kf_edition_structure_year(input->edition, input->municipalities, input->year),
        .variables = kf_observations_variables(input->observations),
        .cells = &cells,
        .findings = findings,
        .err = err,
    };
    if (!kf_edition_has_year(input->edition, input->year) ||
        !kf_panel_input_is_computable(input, input->year)) {
        return kf_error_set(err, KF_ERR_AGAIN, "nothing that %s computes has a figure for %d",
                            input->edition->id, input->year);
    }
    builder.panel = kf_panel_new();
    if (!builder.panel) {
        return kf_panel_builder_no_memory(&builder);
    }
    builder.arena = builder.panel->arena;
    builder.panel->edition = input->edition;
    builder.panel->year = input->year;
    enum kf_err code = build(&builder);
    if (code != KF_OK) {
        code = kf_panel_judge_failure(builder.panel, code, err);
        kf_panel_destroy(&builder.panel);
        return code;
    }
    *panel = builder.panel;
    return KF_OK;
}

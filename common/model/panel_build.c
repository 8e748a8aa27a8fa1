/* From observations to a panel with the years before it: the course of building. */
#include <string.h>

#include "common/base/decimal.h"
#include "common/model/panel_builder.h"

enum kf_err kf_panel_builder_no_memory(const struct kf_panel_builder *self)
{
    return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for the panel %s/%d",
                        self->edition->id, self->year);
}

static struct kf_rows rows_in(const struct kf_panel_input *input, int year, const char *id)
{
    struct kf_rows rows = {NULL, 0};
    const struct kf_variables *variables = kf_observations_variables(input->observations);
    const struct kf_variable *variable = kf_variables_find(variables, id, strlen(id));
    if (variable) {
        size_t count = 0;
        size_t number = (size_t)(variable - kf_variables_all(variables, &count));
        rows.list = kf_observations_find(input->observations, year, number, &rows.count);
    }
    return rows;
}

struct kf_rows kf_panel_builder_rows(const struct kf_panel_builder *self, const char *variable)
{
    return rows_in(self->input, self->year, variable);
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

/* --- is there anything to compute? ------------------------------------------------------------ */

static bool has_rows(const struct kf_panel_input *input, int year, const char *variable)
{
    return variable && variable[0] && rows_in(input, year, variable).count > 0;
}

static bool sector_has_rows(const struct kf_panel_input *input, int year,
                            const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->indicators_len; i++) {
        const struct kf_terms *numerator = &sector->indicators[i].numerator;
        for (size_t t = 0; t < numerator->count; t++) {
            if (!numerator->list[t].country && has_rows(input, year, numerator->list[t].variable)) {
                return true;
            }
        }
    }
    return has_rows(input, year, sector->given);
}

/* True when any indicator or published index of the edition has a figure in `year`. */
static bool has_figures(const struct kf_panel_input *input, int year)
{
    const struct kf_edition *edition = input->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (sector_has_rows(input, year, &edition->sectors[s])) {
            return true;
        }
    }
    return has_rows(input, year, edition->given_total);
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

/* `later` is the builder of the panel that this one is previous to, or NULL. */
static enum kf_err build_year(struct kf_panel_builder *self, const struct kf_panel_builder *later)
{
    enum kf_err code = open_year(self);
    if (code == KF_OK) {
        code = later ? kf_panel_builder_take_members(self, later)
                     : kf_panel_builder_choose_members(self);
    }
    if (code == KF_OK && self->panel->members_len > 0) {
        code = kf_panel_builder_find_others(self);
    }
    if (code == KF_OK && self->panel->members_len > 0) {
        code = kf_panel_builder_add_columns(self);
    }
    return code;
}

/* --- the years before ------------------------------------------------------------------------- */

/* How many years back the figures reach, at most as many as the edition asks for. */
static int years_back(const struct kf_panel_input *input)
{
    int years = kf_edition_earlier_years(input->edition);
    while (years > 0 && !has_figures(input, input->year - years)) {
        years--;
    }
    return years;
}

static enum kf_err add_previous(const struct kf_panel_builder *first)
{
    struct kf_panel *panel = first->panel;
    int years = years_back(first->input);
    enum kf_err code = KF_OK;
    for (int back = 1; code == KF_OK && back <= years; back++) {
        struct kf_panel *previous = kf_arena_calloc(first->arena, 1, sizeof *previous);
        if (!previous) {
            return kf_panel_builder_no_memory(first);
        }
        *previous = (struct kf_panel){
            .arena = first->arena, .edition = first->edition, .year = first->year - back};
        struct kf_panel_builder builder = *first;
        builder.panel = previous;
        builder.year = previous->year;
        builder.earlier = true;
        builder.others = (struct kf_territories){0};
        code = build_year(&builder, first);
        panel->previous = previous;
        panel = previous;
    }
    return code;
}

static enum kf_err build(struct kf_panel_builder *self)
{
    uint64_t before = kf_findings_count(self->findings);
    enum kf_err code = build_year(self, NULL);
    if (code == KF_OK && self->panel->members_len > 0) {
        code = add_previous(self);
    }
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
    if (!kf_edition_has_year(input->edition, input->year) || !has_figures(input, input->year)) {
        return kf_error_set(err, KF_ERR_AGAIN, "no indicator of %s has a figure for %d",
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

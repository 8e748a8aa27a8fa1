/* Whether the observations hold anything that an edition computes for a year. */
#include <string.h>

#include "common/model/cost_variable.h"
#include "common/model/panel_builder.h"

/* Figures of one year, seen by an edition. */
struct look {
    const struct kf_panel_input *input;
    const struct kf_edition *edition;
    int year;
};

struct kf_rows kf_panel_input_rows(const struct kf_panel_input *input, int year, const char *id)
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

static bool has_rows(const struct look *look, const char *variable)
{
    return variable && variable[0] &&
           kf_panel_input_rows(look->input, look->year, variable).count > 0;
}

/* A term that is the country's figure says nothing about the year's municipalities. */
static bool has_terms(const struct look *look, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (!terms->list[t].country && has_rows(look, terms->list[t].variable)) {
            return true;
        }
    }
    return false;
}

/* --- production ------------------------------------------------------------------------------- */

static bool is_produced(const struct look *look, const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->indicators_len; i++) {
        if (has_terms(look, &sector->indicators[i].numerator)) {
            return true;
        }
    }
    return has_rows(look, sector->given);
}

static bool has_production(const struct look *look)
{
    for (size_t s = 0; s < look->edition->sectors_len; s++) {
        if (is_produced(look, &look->edition->sectors[s])) {
            return true;
        }
    }
    return has_rows(look, look->edition->given_total);
}

/* --- need ------------------------------------------------------------------------------------- */

/* True when people by age are all that the key counts: then a population register is enough. */
static bool goes_by_age(const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->criteria_len; i++) {
        const struct kf_criterion *criterion = &sector->criteria[i];
        if (criterion->variable[0] && criterion->ages.count == 0) {
            return false;
        }
    }
    return true;
}

static bool is_needed(const struct look *look, const struct kf_sector *sector)
{
    bool by_age = goes_by_age(sector);
    for (size_t i = 0; i < sector->criteria_len; i++) {
        if (has_rows(look, sector->criteria[i].variable) ||
            (by_age && has_terms(look, &sector->criteria[i].ages))) {
            return true;
        }
    }
    return has_rows(look, sector->published_need);
}

/* Of the year whose criteria count (METHOD N5). */
static bool has_need(const struct look *look)
{
    for (size_t s = 0; s < look->edition->sectors_len; s++) {
        if (is_needed(look, &look->edition->sectors[s])) {
            return true;
        }
    }
    return has_rows(look, look->edition->published_need);
}

/* --- resource use and demography -------------------------------------------------------------- */

static bool has_spending(const struct look *look)
{
    const struct kf_edition *edition = look->edition;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (has_terms(look, &edition->sectors[s].resources.net)) {
            return true;
        }
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        if (has_terms(look, &edition->uses[i].amount)) {
            return true;
        }
    }
    return has_terms(look, &edition->income);
}

static bool has_groups(const struct look *look, const struct kf_age_group *groups, size_t count)
{
    bool projected = kf_edition_projects(look->edition, look->year);
    for (size_t i = 0; i < count; i++) {
        if (has_terms(look, projected ? &groups[i].projected : &groups[i].people)) {
            return true;
        }
    }
    return false;
}

/* People as demography takes them in the year: observed, or projected. */
static bool has_people(const struct look *look)
{
    const struct kf_demography *demography = &look->edition->demography;
    return has_groups(look, demography->groups, demography->groups_len) ||
           has_groups(look, demography->cost_groups, demography->cost_groups_len);
}

/* --- unit costs ------------------------------------------------------------------------------- */

struct cost_look {
    const struct look *look;
    bool found;
};

static void look_at(void *context, const struct kf_cost_variable *variable)
{
    struct cost_look *self = context;
    self->found = self->found || (!variable->country && has_rows(self->look, variable->name));
}

/* Anything of unit costs or a trial. */
static bool has_costs(const struct look *look)
{
    struct cost_look costs = {.look = look};
    kf_cost_variables_each(look->edition, look_at, &costs);
    return costs.found;
}

/* --- inhabitants ------------------------------------------------------------------------------ */

/* The variable that counts inhabitants in the year: observed, or projected. An edition that names
 * none lacks none. */
static bool has_inhabitants(const struct look *look)
{
    const struct kf_edition *edition = look->edition;
    if (!edition->population[0]) {
        return true;
    }
    bool projected = kf_edition_projects(edition, look->year);
    return has_rows(look,
                    projected ? edition->demography.projected_population : edition->population);
}

/* True when the edition takes no projection, or the input holds the one that it takes: otherwise
 * the years before are another edition's to tell. */
static bool has_projection(const struct kf_panel_input *input)
{
    const struct kf_demography *demography = &input->edition->demography;
    if (demography->observed_through == 0) {
        return true;
    }
    for (int year = demography->observed_through + 1; year <= KF_YEAR_MAX; year++) {
        if (kf_panel_input_rows(input, year, demography->projected_population).count > 0) {
            return true;
        }
    }
    return false;
}

/* --- all of it -------------------------------------------------------------------------------- */

static bool edition_produces(const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (kf_sector_produces(&edition->sectors[s])) {
            return true;
        }
    }
    return edition->given_total && edition->given_total[0];
}

bool kf_panel_input_is_computable(const struct kf_panel_input *input, int year)
{
    struct look look = {input, input->edition, year};
    struct look need = {input, input->edition, kf_edition_need_year(input->edition, year)};
    if (edition_produces(input->edition)) {
        return has_production(&look);
    }
    return has_inhabitants(&look) && has_projection(input) &&
           (has_need(&need) || has_spending(&look) || has_people(&look) || has_costs(&look));
}

bool kf_panel_input_is_compared(const struct kf_panel_input *input, int year)
{
    struct look look = {input, input->edition, year};
    return kf_panel_input_is_computable(input, year) || has_spending(&look) || has_people(&look) ||
           has_costs(&look);
}

bool kf_panel_input_has_figures(const struct kf_panel_input *input, int year)
{
    struct look look = {input, input->edition, year};
    return has_need(&look) || has_spending(&look) || has_people(&look) || has_production(&look) ||
           has_costs(&look);
}

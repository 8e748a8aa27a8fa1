#include "services/need/key/criterion.h"

#include "common/base/numbers.h"
#include "common/model/values.h"
#include "services/need/country.h"

/* --- figures ---------------------------------------------------------------------------------- */

const struct kf_column *kf_figures_of(const struct kf_panel *panel, const char *variable)
{
    const struct kf_column *column =
        variable && variable[0] ? kf_panel_column(panel, variable) : NULL;
    for (size_t k = 0; column && k < panel->members_len; k++) {
        if (kf_cell_has_value(column->status[k])) {
            return column;
        }
    }
    return NULL;
}

bool kf_criterion_is_basis(const struct kf_criterion *self)
{
    return !(self->variable && self->variable[0]) && self->ages.count == 0;
}

bool kf_criterion_holds(const struct kf_edition *edition, const struct kf_criterion *self)
{
    return edition->criteria != KF_CRITERIA_AGES || self->ages.count > 0;
}

struct kf_terms kf_criterion_terms(const struct kf_panel *panel, const struct kf_criterion *self,
                                   struct kf_term *term)
{
    bool named = self->variable && self->variable[0];
    if (!named || (self->ages.count > 0 && !kf_figures_of(panel, self->variable))) {
        return self->ages;
    }
    *term = (struct kf_term){.variable = self->variable, .factor = 1};
    return (struct kf_terms){term, 1};
}

/* --- keys ------------------------------------------------------------------------------------- */

double kf_key_weights(const struct kf_edition *edition, const struct kf_sector *sector)
{
    if (edition->criteria != KF_CRITERIA_AGES) {
        return 1; /* closed when the edition was read */
    }
    struct kf_sum weights = {0};
    for (size_t j = 0; j < sector->criteria_len; j++) {
        if (kf_criterion_holds(edition, &sector->criteria[j])) {
            kf_sum_add(&weights, sector->criteria[j].weight);
        }
    }
    return kf_sum_value(&weights);
}

static enum kf_coverage coverage_of_ages(const struct kf_panel *panel, const struct kf_terms *ages)
{
    size_t covered = 0;
    for (size_t t = 0; t < ages->count; t++) {
        covered += kf_figures_of(panel, ages->list[t].variable) != NULL;
    }
    if (covered == 0) {
        return KF_COVERAGE_NONE;
    }
    return covered == ages->count ? KF_COVERAGE_ALL : KF_COVERAGE_AGES;
}

/* What the criteria of a key come to. */
struct seen {
    bool variable; /* a variable has figures */
    bool ages;     /* ages have, where no variable has */
    bool gap;      /* something has none */
};

static void see(const struct kf_panel *panel, const struct kf_criterion *criterion,
                struct seen *seen)
{
    if (kf_figures_of(panel, criterion->variable)) {
        seen->variable = true;
        return;
    }
    enum kf_coverage ages = coverage_of_ages(panel, &criterion->ages);
    seen->ages = seen->ages || ages != KF_COVERAGE_NONE;
    seen->gap = seen->gap || ages != KF_COVERAGE_ALL;
}

enum kf_coverage kf_key_coverage(const struct kf_panel *panel, const struct kf_sector *sector)
{
    struct seen seen = {0};
    if (kf_edition_projects(panel->edition, panel->year)) {
        return KF_COVERAGE_NONE;
    }
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        if (kf_criterion_holds(panel->edition, criterion) && !kf_criterion_is_basis(criterion)) {
            see(panel, criterion, &seen);
        }
    }
    if (!seen.variable && !seen.ages) {
        return KF_COVERAGE_NONE;
    }
    if (!seen.gap) {
        return KF_COVERAGE_ALL;
    }
    return seen.variable ? KF_COVERAGE_PART : KF_COVERAGE_AGES;
}

/* --- the index -------------------------------------------------------------------------------- */

/* A key of which only some criteria have figures, or ages of which only some years, would be a
 * silent zero: it is a finding. */
static enum kf_err check_figures(const struct kf_panel *panel, const struct kf_sector *sector,
                                 const struct kf_terms *terms, struct kf_findings *findings,
                                 struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t t = 0; t < terms->count; t++) {
        const char *variable = terms->list[t].variable;
        if (!kf_figures_of(panel, variable)) {
            struct kf_place place = {.variable = variable};
            kf_findings_add_once(
                findings, &place, "give figures for every criterion of the key, or for none",
                "has no figures in %d, other criteria of %s have", panel->year, sector->id);
            code = KF_ERR_DATA;
        }
    }
    return code == KF_OK ? code
                         : kf_error_set(err, code, "the cost key of %s lacks criteria", sector->id);
}

/* The level divides: it must be above zero. `name` is what the criterion counts. */
static enum kf_err check_level(const struct kf_panel *panel, const char *name,
                               const struct kf_country *country, struct kf_findings *findings,
                               struct kf_error *err)
{
    if (country->figure.high > 0 && country->people.high > 0) {
        return KF_OK;
    }
    bool no_people = !(country->people.high > 0);
    bool nobody = no_people && !kf_country_is_given(panel);
    struct kf_place place = {.variable = no_people && !nobody ? panel->edition->population : name};
    if (nobody) {
        kf_findings_add_once(findings, &place, "give figures of municipalities, or the country's",
                             "no municipality has figures of this and of inhabitants in %d",
                             panel->year);
    } else {
        struct kf_wide level = no_people ? country->people : country->figure;
        kf_findings_add_once(findings, &place,
                             "a criterion needs a positive figure for the country",
                             "is %g for the country in %d", kf_wide_value(level), panel->year);
    }
    return kf_error_set(err, KF_ERR_DATA, "the country has no %s in %d", place.variable,
                        panel->year);
}

/* `figures` NULL for the basis criterion. */
static void divide(const struct kf_panel *panel, const struct kf_values *figures,
                   struct kf_wide level, const struct kf_criterion_cells *cells)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    for (size_t k = 0; k < panel->members_len; k++) {
        uint8_t status = figures ? figures->status[k] : KF_CELL_VALUE;
        cells->index[k] = 0;
        if (!kf_country_counts(people, figures ? figures->status : NULL, k)) {
            cells->status[k] = kf_cell_has_value(status) ? KF_CELL_MISSING : status;
            continue;
        }
        cells->status[k] = status | people->status[k];
        struct kf_wide rate = kf_wide_div(figures ? figures->values[k] : kf_wide_from(1),
                                          kf_wide_from_figure(people->values[k]));
        cells->index[k] = kf_wide_value(kf_wide_div(rate, level));
    }
}

static enum kf_err basis_index(const struct kf_panel *panel, const struct kf_criterion_cells *cells,
                               struct kf_findings *findings, struct kf_error *err)
{
    struct kf_country country = {0};
    enum kf_err code = kf_country_of_basis(panel, findings, &country, err);
    if (code == KF_OK) {
        code = check_level(panel, panel->edition->population, &country, findings, err);
    }
    if (code == KF_OK) {
        divide(panel, NULL, kf_country_rate(&country), cells);
    }
    return code;
}

static enum kf_err counted_index(const struct kf_panel *panel, const struct kf_criterion *self,
                                 const struct kf_terms *terms,
                                 const struct kf_criterion_cells *cells,
                                 struct kf_findings *findings, struct kf_error *err)
{
    struct kf_values figures = {0};
    struct kf_country country = {0};
    enum kf_err code = kf_terms_sum(panel, terms, panel->arena, &figures, err);
    if (code == KF_OK) {
        code = kf_country_of(panel, terms, &figures, findings, &country, err);
    }
    if (code == KF_OK) {
        const char *name = terms->count == 1 ? terms->list[0].variable : self->id;
        code = check_level(panel, name, &country, findings, err);
    }
    if (code == KF_OK) {
        divide(panel, &figures, kf_country_rate(&country), cells);
    }
    return code;
}

enum kf_err kf_criterion_index(const struct kf_panel *panel, const struct kf_sector *sector,
                               const struct kf_criterion *self,
                               const struct kf_criterion_cells *cells, struct kf_findings *findings,
                               struct kf_error *err)
{
    if (kf_criterion_is_basis(self)) {
        return basis_index(panel, cells, findings, err);
    }
    struct kf_term term = {0};
    struct kf_terms terms = kf_criterion_terms(panel, self, &term);
    enum kf_err code = check_figures(panel, sector, &terms, findings, err);
    return code == KF_OK ? counted_index(panel, self, &terms, cells, findings, err) : code;
}

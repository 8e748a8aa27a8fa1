#include "tools/kf/projection_errors.h"

#include <math.h>
#include <string.h>

#include "common/base/numbers.h"

#define KR_IN_A_MILLION 1e6
#define STATISTICS      3 /* of one measure over all municipalities */

int kf_projection_years_ahead(const struct kf_projection_year *year)
{
    return year->year - year->edition->demography.observed_through;
}

const struct kf_projection_cell *kf_projection_cell_find(const struct kf_projection_year *year,
                                                         enum kf_projection_measure measure,
                                                         const char *group,
                                                         enum kf_projection_statistic statistic)
{
    for (size_t i = 0; i < year->cells_len; i++) {
        const struct kf_projection_cell *cell = &year->cells[i];
        if (cell->measure == measure && cell->statistic == statistic &&
            strcmp(cell->group, group) == 0) {
            return cell;
        }
    }
    return NULL;
}

/* --- one measure ----------------------------------------------------------------------------- */

/* The error of one measure, with what brings it to people: projected ones, or NULL. */
struct errors {
    enum kf_projection_measure measure;
    const char *group;
    const struct kf_result *error;
    const struct kf_result *projected; /* people of the group */
    const struct kf_result *percent;   /* error of these */
};

static bool has_value(const struct kf_result *result, size_t k)
{
    return result && kf_cell_has_value(result->status[k]);
}

/* P = P̂/(1 + e/100); of e = −100, nobody projected, it tells nothing. */
static bool knows_observed(const struct errors *errors, size_t k)
{
    return errors->percent->values[k] > -100;
}

static double observed_people(const struct errors *errors, size_t k)
{
    return errors->projected->values[k] / (1 + errors->percent->values[k] / 100);
}

static bool tells(const struct errors *errors, size_t k)
{
    bool people = has_value(errors->projected, k) && has_value(errors->percent, k);
    switch (errors->measure) {
    case KF_PROJECTION_COST:
        return has_value(errors->error, k);
    case KF_PROJECTION_COST_PER_HEAD:
        return has_value(errors->error, k) && people && knows_observed(errors, k);
    default:
        return has_value(errors->error, k) && people;
    }
}

static double error_of(const struct errors *errors, size_t k)
{
    double error = errors->error->values[k];
    return errors->measure == KF_PROJECTION_COST_PER_HEAD
               ? error * KR_IN_A_MILLION / observed_people(errors, k)
               : error;
}

static struct kf_projection_cell cell_of(const struct errors *errors,
                                         enum kf_projection_statistic statistic,
                                         const char *municipality, double value)
{
    return (struct kf_projection_cell){errors->measure, errors->group, statistic, municipality,
                                       value};
}

/* True when the sum of all can be told. */
static bool has_sum(const struct errors *errors, size_t members)
{
    for (size_t k = 0; errors->measure != KF_PROJECTION_COST && k < members; k++) {
        if (tells(errors, k) && !knows_observed(errors, k)) {
            return false;
        }
    }
    return true;
}

/* Of all together: the error of their sum. */
static double error_of_sum(const struct errors *errors, size_t members)
{
    struct kf_sum error = {0};
    struct kf_sum projected = {0};
    struct kf_sum observed = {0};
    for (size_t k = 0; k < members; k++) {
        if (tells(errors, k)) {
            kf_sum_add(&error, errors->error->values[k]);
            if (errors->measure != KF_PROJECTION_COST) {
                kf_sum_add(&projected, errors->projected->values[k]);
                kf_sum_add(&observed, observed_people(errors, k));
            }
        }
    }
    if (errors->measure == KF_PROJECTION_COST) {
        return kf_sum_value(&error);
    }
    if (errors->measure == KF_PROJECTION_COST_PER_HEAD) {
        return kf_sum_value(&error) * KR_IN_A_MILLION / kf_sum_value(&observed);
    }
    return 100 * (kf_sum_value(&projected) / kf_sum_value(&observed) - 1);
}

static size_t collate_all(const struct kf_panel *panel, const struct errors *errors,
                          struct kf_projection_cell *cells)
{
    struct kf_sum absolute = {0};
    size_t count = 0;
    size_t worst = 0;
    for (size_t k = 0; k < panel->members_len; k++) {
        if (tells(errors, k)) {
            double error = error_of(errors, k);
            worst = count == 0 || fabs(error) > fabs(error_of(errors, worst)) ? k : worst;
            kf_sum_add(&absolute, fabs(error));
            count++;
        }
    }
    if (count == 0) {
        return 0;
    }
    double mean = kf_sum_value(&absolute) / (double)count;
    size_t made = 0;
    cells[made++] = cell_of(errors, KF_PROJECTION_MEAN_ABSOLUTE, "", mean);
    if (has_sum(errors, panel->members_len)) {
        double sum = error_of_sum(errors, panel->members_len);
        cells[made++] = cell_of(errors, KF_PROJECTION_OF_SUM, "", sum);
    }
    cells[made++] =
        cell_of(errors, KF_PROJECTION_WORST, panel->members[worst], error_of(errors, worst));
    return made;
}

static size_t collate_one(const struct kf_panel *panel, const struct errors *errors,
                          const char *code, struct kf_projection_cell *cells)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (strcmp(panel->members[k], code) == 0 && tells(errors, k)) {
            cells[0] = cell_of(errors, KF_PROJECTION_VALUE, panel->members[k], error_of(errors, k));
            return 1;
        }
    }
    return 0;
}

/* --- one panel ------------------------------------------------------------------------------- */

static const struct kf_result *result(const struct kf_panel *panel, const char *group,
                                      const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_DEMOGRAPHY, KF_SECTOR_TOTAL, group, measure);
}

static struct errors errors_of(const struct kf_panel *panel, enum kf_projection_measure measure,
                               const char *group)
{
    struct errors errors = {.measure = measure,
                            .group = group,
                            .projected = result(panel, group, "population"),
                            .percent = result(panel, group, "projection_error_percent")};
    bool people = measure == KF_PROJECTION_POPULATION || measure == KF_PROJECTION_GROUP;
    errors.error = people ? errors.percent : result(panel, group, "cost_error_million_kr");
    return errors;
}

static void add_measure(const struct kf_panel *panel, const struct errors *errors, const char *code,
                        struct kf_projection_year *year)
{
    if (errors->error) {
        struct kf_projection_cell *cells = year->cells + year->cells_len;
        year->cells_len +=
            code ? collate_one(panel, errors, code, cells) : collate_all(panel, errors, cells);
    }
}

static void add_measures(const struct kf_panel *panel, const char *code,
                         struct kf_projection_year *year)
{
    const struct kf_demography *demography = &panel->edition->demography;
    struct errors errors = errors_of(panel, KF_PROJECTION_POPULATION, "");
    add_measure(panel, &errors, code, year);
    for (size_t g = 0; g < demography->groups_len; g++) {
        errors = errors_of(panel, KF_PROJECTION_GROUP, demography->groups[g].id);
        add_measure(panel, &errors, code, year);
    }
    errors = errors_of(panel, KF_PROJECTION_COST, "");
    add_measure(panel, &errors, code, year);
    errors = errors_of(panel, KF_PROJECTION_COST_PER_HEAD, "");
    add_measure(panel, &errors, code, year);
}

/* Codes of municipalities outlive the panel in the arena. */
static enum kf_err keep_codes(struct kf_projection_errors *self, struct kf_projection_year *year,
                              struct kf_error *err)
{
    for (size_t i = 0; i < year->cells_len; i++) {
        year->cells[i].municipality = kf_arena_strdup(self->arena, year->cells[i].municipality);
        if (!year->cells[i].municipality) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for errors of projections");
        }
    }
    return KF_OK;
}

enum kf_err kf_projection_errors_add(struct kf_projection_errors *self,
                                     const struct kf_panel *panel, const char *code,
                                     struct kf_error *err)
{
    size_t measures = panel->edition->demography.groups_len + 3;
    struct kf_projection_year year = {.edition = panel->edition, .year = panel->year};
    if (!self->years) {
        self->years = kf_arena_calloc(self->arena, KF_PROJECTION_YEARS_MAX, sizeof *self->years);
    }
    year.cells = kf_arena_calloc(self->arena, measures * STATISTICS, sizeof *year.cells);
    if (!self->years || !year.cells) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for errors of projections");
    }
    if (self->years_len == KF_PROJECTION_YEARS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d years of projections",
                            KF_PROJECTION_YEARS_MAX);
    }
    add_measures(panel, code, &year);
    enum kf_err kept = keep_codes(self, &year, err);
    if (kept == KF_OK && year.cells_len > 0) {
        self->years[self->years_len++] = year;
    }
    return kept;
}

/* --- a choice -------------------------------------------------------------------------------- */

static bool is_chosen(const struct kf_projection_choice *choice,
                      const struct kf_projection_cell *cell)
{
    bool people = cell->measure == KF_PROJECTION_POPULATION || cell->measure == KF_PROJECTION_GROUP;
    const char *group = cell->group[0] ? cell->group : KF_SECTOR_TOTAL;
    bool named = choice->groups_len == 0;
    for (size_t i = 0; i < choice->groups_len; i++) {
        named = named || strcmp(choice->groups[i], group) == 0;
    }
    return named && (people ? choice->population : choice->cost);
}

void kf_projection_errors_choose(struct kf_projection_errors *self,
                                 const struct kf_projection_choice *choice)
{
    size_t years = 0;
    for (size_t y = 0; y < self->years_len; y++) {
        struct kf_projection_year year = self->years[y];
        size_t cells = 0;
        for (size_t i = 0; i < year.cells_len; i++) {
            if (is_chosen(choice, &year.cells[i])) {
                year.cells[cells++] = year.cells[i];
            }
        }
        year.cells_len = cells;
        if (cells > 0) {
            self->years[years++] = year;
        }
    }
    self->years_len = years;
}

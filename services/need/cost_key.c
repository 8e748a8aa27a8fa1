#include "services/need/cost_key.h"

#include <math.h>
#include <string.h>

#include "common/base/numbers.h"

/* True when the member has an own figure and inhabitants to divide it by. */
bool kf_criterion_counts(const struct kf_column *people, const struct kf_column *column, size_t k)
{
    bool inhabited = kf_cell_has_value(people->status[k]) && people->values[k] > 0;
    return inhabited && (!column || kf_cell_has_value(column->status[k]));
}

/* What stands over and under the line of the country's level x_L/N_L. */
struct level {
    double figure;
    double people;
};

/* The members together: those that have the figure, in both sums. `column` is NULL for the basis
 * criterion, which counts one for each. */
static void sum_members(const struct kf_panel *panel, const struct kf_column *people,
                        const struct kf_column *column, struct level *level)
{
    struct kf_sum figure = {0};
    struct kf_sum inhabitants = {0};
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_criterion_counts(people, column, k)) {
            kf_sum_add(&figure, column ? column->values[k] : 1);
            kf_sum_add(&inhabitants, people->values[k]);
        }
    }
    *level = (struct level){kf_sum_value(&figure), kf_sum_value(&inhabitants)};
}

/* False, with a finding, when the source gives the country's inhabitants but not its figure. */
static bool take_country(const struct kf_panel *panel, const struct kf_column *people,
                         const struct kf_column *column, struct kf_findings *findings,
                         struct level *level)
{
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                             .variable = column ? column->variable : "basis"};
    if (!column && panel->country_municipalities > 0) {
        *level = (struct level){(double)panel->country_municipalities, people->country_value};
        return true;
    }
    if (!column) {
        kf_findings_add_once(findings, &place,
                             "add the municipalities of the year to municipalities.csv, or take "
                             "the country's rows out",
                             "the number of municipalities in the country is not known");
    } else if (!kf_cell_has_value(column->country_status)) {
        kf_findings_add_once(findings, &place, "give the country's figure, as for the population",
                             "has no figure for the country in %d", panel->year);
    } else {
        *level = (struct level){column->country_value, people->country_value};
        return true;
    }
    return false;
}

/* The country's level: its own row where the source gives the inhabitants of the country,
 * otherwise the members together. */
static enum kf_err find_level(const struct kf_panel *panel, const struct kf_column *people,
                              const struct kf_column *column, struct kf_findings *findings,
                              struct kf_wide *wide)
{
    struct level level = {0};
    if (!kf_cell_has_value(people->country_status)) {
        sum_members(panel, people, column, &level);
    } else if (!take_country(panel, people, column, findings, &level)) {
        return KF_ERR_DATA;
    }
    if (!(level.figure > 0) || !(level.people > 0)) {
        bool no_people = !(level.people > 0);
        struct kf_place place = {.variable =
                                     column && !no_people ? column->variable : people->variable};
        kf_findings_add_once(
            findings, &place, "a criterion needs a positive figure for the country",
            "is %g for the country in %d", no_people ? level.people : level.figure, panel->year);
        return KF_ERR_DATA;
    }
    *wide = kf_wide_div(kf_wide_from_figure(level.figure), kf_wide_from_figure(level.people));
    return KF_OK;
}

/* Criterion index c_kj = (x_kj/N_k)/(x_Lj/N_L) of every member (METHOD N3); the basis criterion
 * counts one for each municipality. 1 is the country's level; a member without a figure gets its
 * cell's status and 0, one without inhabitants (possible in an earlier year) is missing. */
static enum kf_err criterion_index(const struct kf_panel *panel,
                                   const struct kf_criterion *criterion, double *index,
                                   uint8_t *status, struct kf_findings *findings,
                                   struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    bool basis = criterion->variable[0] == '\0';
    const struct kf_column *column = basis ? NULL : kf_panel_column(panel, criterion->variable);
    struct kf_wide level;
    enum kf_err code = find_level(panel, people, column, findings, &level);
    if (code != KF_OK) {
        return kf_error_set(err, code, "criterion %s cannot be computed", criterion->id);
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        status[k] = column ? column->status[k] : KF_CELL_VALUE;
        index[k] = 0;
        if (!kf_criterion_counts(people, column, k)) {
            status[k] = kf_cell_has_value(status[k]) ? KF_CELL_MISSING : status[k];
            continue;
        }
        status[k] |= people->status[k];
        struct kf_wide rate = kf_wide_div(kf_wide_from_figure(column ? column->values[k] : 1),
                                          kf_wide_from_figure(people->values[k]));
        index[k] = kf_wide_value(kf_wide_div(rate, level));
    }
    return KF_OK;
}

static bool has_figures(const struct kf_panel *panel, const struct kf_sector *sector)
{
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const char *variable = sector->criteria[j].variable;
        if (variable[0] && kf_panel_column(panel, variable)) {
            return true;
        }
    }
    return false;
}

/* A key of which only some criteria have figures would be a silent zero: it is a finding. */
static enum kf_err check_figures(const struct kf_panel *panel, const struct kf_sector *sector,
                                 const struct kf_criterion *criterion, struct kf_findings *findings,
                                 struct kf_error *err)
{
    if (!criterion->variable[0] || kf_panel_column(panel, criterion->variable)) {
        return KF_OK;
    }
    struct kf_place place = {.variable = criterion->variable};
    kf_findings_add(findings, &place, "give figures for every criterion of the key, or for none",
                    "has no figures in %d, other criteria of %s have", panel->year, sector->id);
    return kf_error_set(err, KF_ERR_DATA, "the cost key of %s lacks criteria", sector->id);
}

/* The parts of a sector's key while its criteria are gone through. */
struct key_sums {
    struct kf_sum *need; /* Σ w c over the criteria of need, [members_len] */
    double need_weight;  /* Σ w over them */
    double *drivers;     /* Σ d, on the grid, [members_len] */
    uint8_t *status;
    double *driver; /* of the criterion at hand, as the two that follow */
    double *index;
    uint8_t *index_status;
};

static enum kf_err key_sums_new(const struct kf_panel *panel, struct key_sums *sums,
                                struct kf_error *err)
{
    size_t n = panel->members_len;
    *sums = (struct key_sums){
        .need = kf_arena_calloc(panel->arena, n, sizeof *sums->need),
        .drivers = kf_arena_calloc(panel->arena, n, sizeof *sums->drivers),
        .status = kf_arena_calloc(panel->arena, n, sizeof *sums->status),
        .driver = kf_arena_calloc(panel->arena, n, sizeof *sums->driver),
        .index = kf_arena_calloc(panel->arena, n, sizeof *sums->index),
        .index_status = kf_arena_calloc(panel->arena, n, sizeof *sums->index_status),
    };
    bool complete = sums->need && sums->drivers && sums->status && sums->driver && sums->index &&
                    sums->index_status;
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a cost key");
}

/* Adds w c and d of the criterion at hand. A member without one criterion has no need. */
static void add_criterion(const struct kf_criterion *criterion, size_t members,
                          struct key_sums *sums)
{
    sums->need_weight += criterion->cost_disadvantage ? 0 : criterion->weight;
    for (size_t k = 0; k < members; k++) {
        sums->driver[k] = 0;
        if (!kf_cell_has_value(sums->index_status[k])) {
            sums->status[k] = sums->index_status[k];
            continue;
        }
        sums->status[k] |= sums->index_status[k];
        sums->driver[k] = kf_grid(criterion->weight * (sums->index[k] - 1), 1);
        sums->drivers[k] += sums->driver[k];
        if (!criterion->cost_disadvantage) {
            kf_sum_add(&sums->need[k], criterion->weight * sums->index[k]);
        }
    }
}

static enum kf_err append_driver(struct kf_panel *panel, const struct kf_sector *sector,
                                 const struct kf_criterion *criterion, const struct key_sums *sums,
                                 struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = sector->id,
                                .indicator = criterion->id,
                                .measure = "driver"};
    struct kf_result *driver = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &driver, err);
    if (code == KF_OK) {
        memcpy(driver->values, sums->driver, panel->members_len * sizeof *sums->driver);
        memcpy(driver->status, sums->index_status, panel->members_len);
    }
    return code;
}

static enum kf_err append_sector(struct kf_panel *panel, const struct kf_sector *sector,
                                 const struct key_sums *sums, struct kf_error *err)
{
    struct kf_result_key key = {
        .topic = KF_TOPIC_NEED, .sector = sector->id, .indicator = "", .measure = "need_index"};
    struct kf_result *index = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &index, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        index->status[k] = sums->status[k];
        index->values[k] = kf_cell_has_value(index->status[k]) ? 1 + sums->drivers[k] : 0;
    }
    if (!(sums->need_weight > 0)) {
        return KF_OK; /* a key of cost criteria alone has no need-corrected population */
    }
    key.measure = "need_population";
    struct kf_result *population = NULL;
    code = kf_panel_append(panel, &key, &population, err);
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        population->status[k] = sums->status[k];
        if (kf_cell_has_value(sums->status[k])) {
            population->values[k] =
                people->values[k] * kf_sum_value(&sums->need[k]) / sums->need_weight;
        }
    }
    return code;
}

static enum kf_err compute_criterion(struct kf_panel *panel, const struct kf_sector *sector,
                                     const struct kf_criterion *criterion, struct key_sums *sums,
                                     struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = check_figures(panel, sector, criterion, findings, err);
    if (code == KF_OK) {
        code = criterion_index(panel, criterion, sums->index, sums->index_status, findings, err);
    }
    if (code == KF_OK) {
        add_criterion(criterion, panel->members_len, sums);
    }
    return code;
}

/* A faulty criterion does not hide the next. */
enum kf_err kf_cost_key_append(struct kf_panel *panel, const struct kf_sector *sector,
                               enum kf_cost_key_detail detail, struct kf_findings *findings,
                               struct kf_error *err)
{
    if (!has_figures(panel, sector)) {
        return KF_OK;
    }
    struct key_sums sums = {0};
    enum kf_err outcome = key_sums_new(panel, &sums, err);
    for (size_t j = 0; kf_err_goes_on(outcome) && j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        struct kf_error latest = {0};
        enum kf_err code = compute_criterion(panel, sector, criterion, &sums, findings, &latest);
        if (code == KF_OK && detail == KF_COST_KEY_ALL) {
            code = append_driver(panel, sector, criterion, &sums, &latest);
        }
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome == KF_OK ? append_sector(panel, sector, &sums, err) : outcome;
}

#include "services/need/key/cost_key.h"

#include <string.h>

#include "common/base/numbers.h"
#include "services/need/country.h"

/* The parts of a sector's key while its criteria are gone through. */
struct key_sums {
    double weights;      /* what weights are divided by to close to 1 */
    struct kf_sum *need; /* Σ w c over the criteria of need, [members_len] */
    double need_weight;  /* Σ w over them */
    double *drivers;     /* Σ d, on the grid, [members_len] */
    uint8_t *status;
    double *driver;               /* of the criterion at hand */
    struct kf_criterion_cells at; /* its index */
};

static enum kf_err key_sums_new(const struct kf_panel *panel, const struct kf_sector *sector,
                                struct key_sums *sums, struct kf_error *err)
{
    size_t n = panel->members_len;
    *sums = (struct key_sums){
        .weights = kf_key_weights(panel->edition, sector),
        .need = kf_arena_calloc(panel->arena, n, sizeof *sums->need),
        .drivers = kf_arena_calloc(panel->arena, n, sizeof *sums->drivers),
        .status = kf_arena_calloc(panel->arena, n, sizeof *sums->status),
        .driver = kf_arena_calloc(panel->arena, n, sizeof *sums->driver),
        .at = {.index = kf_arena_calloc(panel->arena, n, sizeof *sums->at.index),
               .status = kf_arena_calloc(panel->arena, n, sizeof *sums->at.status)},
    };
    bool complete = sums->need && sums->drivers && sums->status && sums->driver && sums->at.index &&
                    sums->at.status;
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a cost key");
}

/* Adds w c and d of the criterion at hand. A member without one criterion has no need. */
static void add_criterion(const struct kf_criterion *criterion, size_t members,
                          struct key_sums *sums)
{
    double weight = criterion->weight / sums->weights;
    sums->need_weight += criterion->cost_disadvantage ? 0 : weight;
    for (size_t k = 0; k < members; k++) {
        sums->driver[k] = 0;
        if (!kf_cell_has_value(sums->at.status[k])) {
            sums->status[k] = sums->at.status[k];
            continue;
        }
        sums->status[k] |= sums->at.status[k];
        sums->driver[k] = kf_grid(weight * (sums->at.index[k] - 1), 1);
        sums->drivers[k] += sums->driver[k];
        if (!criterion->cost_disadvantage) {
            kf_sum_add(&sums->need[k], weight * sums->at.index[k]);
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
        memcpy(driver->status, sums->at.status, panel->members_len);
    }
    return code;
}

static enum kf_err append_index(struct kf_panel *panel, const struct kf_sector *sector,
                                const struct key_sums *sums, struct kf_error *err)
{
    struct kf_result_key key = {
        .topic = KF_TOPIC_NEED, .sector = sector->id, .indicator = "", .measure = "need_index"};
    struct kf_result *index = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &index, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        index->status[k] = sums->status[k];
        index->values[k] = kf_cell_has_value(index->status[k]) ? 1 + sums->drivers[k] : 0;
    }
    return code;
}

/* Inhabitants of the panel's own year; the need may be another year's (METHOD N5). */
static enum kf_err append_population(struct kf_panel *panel, const struct kf_sector *sector,
                                     const struct key_sums *sums, struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    if (!people || !(sums->need_weight > 0)) {
        return KF_OK; /* a key of cost criteria alone has no need-corrected population */
    }
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = sector->id,
                                .indicator = "",
                                .measure = "need_population"};
    struct kf_result *population = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &population, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        bool needs = kf_cell_has_value(sums->status[k]);
        if (!needs || !kf_country_counts(people, NULL, k)) {
            population->status[k] = needs ? KF_CELL_MISSING : sums->status[k];
            continue;
        }
        population->status[k] = sums->status[k] | people->status[k];
        population->values[k] =
            people->values[k] * kf_sum_value(&sums->need[k]) / sums->need_weight;
    }
    return code;
}

static enum kf_err add_sector(const struct kf_need_year *year, const struct kf_sector *sector,
                              struct key_sums *sums, struct kf_findings *findings,
                              struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t j = 0; kf_err_goes_on(outcome) && j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        if (!kf_criterion_holds(year->panel->edition, criterion)) {
            continue;
        }
        struct kf_error latest = {0};
        enum kf_err code =
            kf_criterion_index(year->source, sector, criterion, &sums->at, findings, &latest);
        if (code == KF_OK) {
            add_criterion(criterion, year->panel->members_len, sums);
        }
        if (code == KF_OK && !year->earlier) {
            code = append_driver(year->panel, sector, criterion, sums, &latest);
        }
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

/* A faulty criterion does not hide the next. */
enum kf_err kf_cost_key_append(const struct kf_need_year *year, const struct kf_sector *sector,
                               struct kf_findings *findings, struct kf_error *err)
{
    struct key_sums sums = {0};
    enum kf_err code = key_sums_new(year->panel, sector, &sums, err);
    if (code == KF_OK) {
        code = add_sector(year, sector, &sums, findings, err);
    }
    if (code == KF_OK) {
        code = append_index(year->panel, sector, &sums, err);
    }
    return code == KF_OK ? append_population(year->panel, sector, &sums, err) : code;
}

#include "services/need/cost_key.h"

#include <math.h>
#include <string.h>

#include "common/base/numbers.h"

/* The country's figure for a variable: its own row, or the sum of the members. */
static enum kf_err country_figure(const struct kf_panel *panel, const struct kf_column *column,
                                  bool from_rows, struct kf_findings *findings, double *figure)
{
    if (kf_cell_has_value(column->country_status)) {
        *figure = column->country_value;
    } else if (from_rows) {
        struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                                 .variable = column->variable};
        kf_findings_add(findings, &place, "give the country's figure, as for the population",
                        "has no figure for the country in %d", panel->year);
        return KF_ERR_DATA;
    } else {
        *figure = kf_sum_of(column->values, panel->members_len);
    }
    if (!(*figure > 0)) {
        struct kf_place place = {.variable = column->variable};
        kf_findings_add(findings, &place, "a criterion needs a positive figure for the country",
                        "is %g for the country in %d", *figure, panel->year);
        return KF_ERR_DATA;
    }
    return KF_OK;
}

static enum kf_err basis_country(const struct kf_panel *panel, bool from_rows,
                                 struct kf_findings *findings, double *municipalities)
{
    if (from_rows) {
        struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY, .variable = "basis"};
        kf_findings_add(findings, &place,
                        "write `variable: basis` in the edition, and give 1 for each municipality "
                        "and their number for the country",
                        "the number of municipalities in the country is not known");
        return KF_ERR_DATA;
    }
    *municipalities = (double)panel->members_len;
    return KF_OK;
}

enum kf_err kf_criterion_index(const struct kf_panel *panel, const struct kf_criterion *criterion,
                               double *index, uint8_t *status, struct kf_findings *findings,
                               struct kf_error *err)
{
    const struct kf_column *people = kf_panel_column(panel, panel->edition->population);
    bool from_rows = kf_cell_has_value(people->country_status);
    bool basis = criterion->variable[0] == '\0';
    const struct kf_column *column = basis ? NULL : kf_panel_column(panel, criterion->variable);
    double country_people = 0;
    double country = 0;
    enum kf_err code = country_figure(panel, people, false, findings, &country_people);
    if (code == KF_OK) {
        code = basis ? basis_country(panel, from_rows, findings, &country)
                     : country_figure(panel, column, from_rows, findings, &country);
    }
    if (code != KF_OK) {
        return kf_error_set(err, code, "criterion %s cannot be computed", criterion->id);
    }
    struct kf_wide level =
        kf_wide_div(kf_wide_from_figure(country), kf_wide_from_figure(country_people));
    for (size_t k = 0; k < panel->members_len; k++) {
        double figure = basis ? 1 : column->values[k];
        status[k] = basis ? KF_CELL_VALUE : column->status[k];
        struct kf_wide rate =
            kf_wide_div(kf_wide_from_figure(figure), kf_wide_from_figure(people->values[k]));
        index[k] = kf_cell_has_value(status[k]) ? kf_wide_value(kf_wide_div(rate, level)) : 0;
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
                                 struct kf_findings *findings, struct kf_error *err)
{
    bool complete = true;
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const char *variable = sector->criteria[j].variable;
        if (variable[0] && !kf_panel_column(panel, variable)) {
            struct kf_place place = {.variable = variable};
            kf_findings_add(
                findings, &place, "give figures for every criterion of the key, or for none",
                "has no figures in %d, other criteria of %s have", panel->year, sector->id);
            complete = false;
        }
    }
    return complete
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "the cost key of %s lacks criteria", sector->id);
}

/* The parts of a sector's key while its criteria are gone through. */
struct key_sums {
    struct kf_sum *need; /* Σ w c over the criteria of need, [members_len] */
    double need_weight;  /* Σ w over them */
    double *drivers;     /* Σ d, on the grid, [members_len] */
    uint8_t *status;
    double *index; /* of the criterion at hand */
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
        .index = kf_arena_calloc(panel->arena, n, sizeof *sums->index),
        .index_status = kf_arena_calloc(panel->arena, n, sizeof *sums->index_status),
    };
    bool complete =
        sums->need && sums->drivers && sums->status && sums->index && sums->index_status;
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a cost key");
}

static enum kf_err append_driver(struct kf_panel *panel, const struct kf_sector *sector,
                                 const struct kf_criterion *criterion, struct key_sums *sums,
                                 struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = sector->id,
                                .indicator = criterion->id,
                                .measure = "driver"};
    struct kf_result *driver = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &driver, err);
    if (code != KF_OK) {
        return code;
    }
    sums->need_weight += criterion->cost_disadvantage ? 0 : criterion->weight;
    for (size_t k = 0; k < panel->members_len; k++) {
        driver->status[k] = sums->index_status[k];
        if (!kf_cell_has_value(driver->status[k])) {
            sums->status[k] = driver->status[k];
            continue;
        }
        driver->values[k] = kf_grid(criterion->weight * (sums->index[k] - 1), 1);
        sums->drivers[k] += driver->values[k];
        if (!criterion->cost_disadvantage) {
            kf_sum_add(&sums->need[k], criterion->weight * sums->index[k]);
        }
    }
    return KF_OK;
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
    const double *inhabitants = kf_panel_population(panel);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        population->status[k] = sums->status[k];
        if (kf_cell_has_value(sums->status[k])) {
            population->values[k] =
                inhabitants[k] * kf_sum_value(&sums->need[k]) / sums->need_weight;
        }
    }
    return code;
}

enum kf_err kf_cost_key_append(struct kf_panel *panel, const struct kf_sector *sector,
                               struct kf_findings *findings, struct kf_error *err)
{
    if (!has_figures(panel, sector)) {
        return KF_OK;
    }
    enum kf_err code = check_figures(panel, sector, findings, err);
    struct key_sums sums = {0};
    if (code == KF_OK) {
        code = key_sums_new(panel, &sums, err);
    }
    for (size_t j = 0; code == KF_OK && j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        code = kf_criterion_index(panel, criterion, sums.index, sums.index_status, findings, err);
        if (code == KF_OK) {
            code = append_driver(panel, sector, criterion, &sums, err);
        }
    }
    return code == KF_OK ? append_sector(panel, sector, &sums, err) : code;
}

static const struct kf_result *sector_need(const struct kf_panel *panel,
                                           const struct kf_sector *sector)
{
    return kf_panel_result(panel, KF_TOPIC_NEED, sector->id, "", "need_index");
}

static bool has_total_key(const struct kf_panel *panel)
{
    bool any = false;
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (sector->need_weight > 0 && !sector_need(panel, sector)) {
            return false;
        }
        any = any || sector->need_weight > 0;
    }
    return any;
}

/* A member without need in one sector has none in total; its cell says why. */
static void add_sector(const struct kf_panel *panel, const struct kf_sector *sector,
                       struct kf_sum *sums, struct kf_result *total)
{
    const struct kf_result *need = sector_need(panel, sector);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (!kf_cell_has_value(total->status[k])) {
            continue;
        }
        total->status[k] = need->status[k];
        kf_sum_add(&sums[k], sector->need_weight * need->values[k]);
    }
}

static void fill_total(const struct kf_panel *panel, struct kf_sum *sums, struct kf_result *total)
{
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        const struct kf_sector *sector = &panel->edition->sectors[s];
        if (sector->need_weight > 0) {
            add_sector(panel, sector, sums, total);
        }
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        total->values[k] = kf_cell_has_value(total->status[k]) ? kf_sum_value(&sums[k]) : 0;
    }
}

enum kf_err kf_total_key_append(struct kf_panel *panel, struct kf_error *err)
{
    if (!has_total_key(panel)) {
        return KF_OK;
    }
    struct kf_sum *sums = kf_arena_calloc(panel->arena, panel->members_len, sizeof *sums);
    if (!sums) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the total need");
    }
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = KF_SECTOR_TOTAL,
                                .indicator = "",
                                .measure = "need_index"};
    struct kf_result *total = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &total, err);
    if (code == KF_OK) {
        fill_total(panel, sums, total);
    }
    return code;
}

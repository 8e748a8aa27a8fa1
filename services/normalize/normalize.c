#include "services/normalize/normalize.h"

#include <string.h>

#include "common/model/statistics.h"
#include "services/normalize/country.h"
#include "services/normalize/missing.h"
#include "services/normalize/scale.h"
#include "services/normalize/school_correction.h"

const struct kf_stage kf_normalize_stage = {
    .name = "normalize",
    .purpose = "Computes every indicator's raw value, fills what is missing by the edition's rule "
               "and brings the group mean to the edition's scale; hands each panel on to "
               "aggregate.",
    .next = "aggregate",
    .compute = kf_normalize_compute,
};

/* A panel and those before it, with what their corrections came to. */
#define YEARS_MAX (KF_LATEST_YEARS_MAX + 1)

struct year {
    struct kf_panel *panel;
    struct kf_school_correction corrections[KF_CORRECTIONS_MAX];
};

struct chain {
    struct year years[YEARS_MAX]; /* the panel's own first */
    size_t length;
    struct kf_arena *arena;
    struct kf_findings *findings;
};

/* What is computed of one indicator on the way; all in an arena of its own. */
struct work {
    const struct kf_sector *sector;
    const struct kf_indicator *indicator;
    struct kf_arena *arena;
    struct kf_values values;   /* of the panel's year: raw or corrected */
    struct kf_earlier earlier; /* the same of the years before */
};

/* --- corrections ----------------------------------------------------------------------------- */

/* An earlier year without any outcome has nothing to correct. */
static enum kf_err estimate_year(struct chain *chain, size_t y, size_t c, struct kf_error *err)
{
    struct kf_panel *panel = chain->years[y].panel;
    const struct kf_correction *correction = &panel->edition->corrections[c];
    struct kf_school_correction *made = &chain->years[y].corrections[c];
    *made = (struct kf_school_correction){.correction = correction};
    if (y > 0 && !kf_school_correction_has_figures(panel, correction)) {
        return KF_OK;
    }
    enum kf_err code =
        kf_school_correction_estimate(panel, correction, chain->arena, made, chain->findings, err);
    return code == KF_OK && y == 0 ? kf_school_correction_append(panel, made, err) : code;
}

static enum kf_err estimate_all(struct chain *chain, struct kf_error *err)
{
    const struct kf_edition *edition = chain->years[0].panel->edition;
    enum kf_err outcome = KF_OK;
    for (size_t y = 0; y < chain->length; y++) {
        for (size_t c = 0; c < edition->corrections_len && c < KF_CORRECTIONS_MAX; c++) {
            struct kf_error latest = {0};
            enum kf_err code = estimate_year(chain, y, c, &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
            if (!kf_err_goes_on(outcome)) {
                return outcome;
            }
        }
    }
    return outcome;
}

/* The number of the indicator's correction, or that of no correction. */
static size_t correction_of(const struct kf_panel *panel, const struct kf_indicator *indicator)
{
    size_t c = 0;
    while (c < panel->edition->corrections_len &&
           strcmp(panel->edition->corrections[c].id, indicator->correction) != 0) {
        c++;
    }
    return c < KF_CORRECTIONS_MAX ? c : panel->edition->corrections_len;
}

/* --- one indicator --------------------------------------------------------------------------- */

static struct kf_result_key key_of(const struct work *work, const char *measure)
{
    return (struct kf_result_key){.topic = KF_TOPIC_INDICATOR,
                                  .sector = work->sector->id,
                                  .indicator = work->indicator->id,
                                  .measure = measure};
}

static enum kf_err append_values(struct kf_panel *panel, const struct work *work,
                                 const char *measure, const struct kf_values *values,
                                 struct kf_error *err)
{
    struct kf_result_key key = key_of(work, measure);
    key.unit = work->indicator->unit;
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        result->values[k] = kf_wide_value(values->values[k]);
        result->status[k] = values->status[k];
    }
    return code;
}

/* Raw and corrected values of one year; the last of them into `values`. */
static enum kf_err compute_year(const struct year *year, const struct work *work,
                                struct kf_values *values, struct kf_error *err)
{
    const struct kf_indicator *indicator = work->indicator;
    enum kf_err code = kf_indicator_raw(year->panel, indicator, work->arena, values, err);
    if (code == KF_OK) {
        code = append_values(year->panel, work, "raw", values, err);
    }
    if (code != KF_OK || !indicator->correction[0]) {
        return code;
    }
    const struct kf_school_correction *correction =
        &year->corrections[correction_of(year->panel, indicator)];
    struct kf_values raw = *values;
    code = kf_school_correction_apply(year->panel, correction, &raw, work->arena, values, err);
    return code == KF_OK ? append_values(year->panel, work, "corrected", values, err) : code;
}

static enum kf_err compute_years(const struct chain *chain, struct work *work, struct kf_error *err)
{
    enum kf_err code = compute_year(&chain->years[0], work, &work->values, err);
    for (size_t y = 1; code == KF_OK && y < chain->length; y++) {
        code = compute_year(&chain->years[y], work, &work->earlier.years[y - 1], err);
        work->earlier.length = y;
    }
    return code;
}

static enum kf_err tell_no_value(const struct chain *chain, const struct work *work,
                                 struct kf_error *err)
{
    const struct kf_panel *panel = chain->years[0].panel;
    const struct kf_indicator *indicator = work->indicator;
    struct kf_place place = {.variable = indicator->id};
    bool no_need =
        indicator->per == KF_PER_NEED_POPULATION &&
        !kf_panel_result(panel, KF_TOPIC_NEED, indicator->per_sector, "", "need_population");
    kf_findings_add(chain->findings, &place,
                    no_need ? "give figures for the criteria of the sector's cost key: without "
                              "them there is no need-corrected population"
                            : "give at least one municipality's figure, or leave the indicator "
                              "out of the edition",
                    "no member of the group has a value in %d", panel->year);
    return kf_error_set(err, KF_ERR_DATA, "indicator %s has no value at all", indicator->id);
}

static enum kf_err append_normalized(const struct chain *chain, const struct work *work,
                                     struct kf_error *err)
{
    struct kf_panel *panel = chain->years[0].panel;
    struct kf_result_key key = key_of(work, "normalized");
    struct kf_result *normalized = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &normalized, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_result cells = *normalized; /* the pointer is valid until the next append */
    memcpy(cells.status, work->values.status, panel->members_len);
    bool inferred = panel->edition->normalization == KF_NORMALIZE_STANDARDIZED;
    for (size_t k = 0; inferred && k < panel->members_len; k++) {
        cells.status[k] |= kf_cell_has_value(cells.status[k]) ? KF_CELL_INFERRED : 0;
    }
    code = kf_indicator_normalize(panel, work->indicator, &work->values, cells.values,
                                  chain->findings, err);
    return code == KF_OK ? kf_statistics_append(panel, work->sector->id, work->indicator->id,
                                                cells.values, cells.status, err)
                         : code;
}

static enum kf_err check_correction(const struct chain *chain, const struct kf_indicator *indicator,
                                    struct kf_error *err)
{
    const struct kf_panel *panel = chain->years[0].panel;
    size_t c = indicator->correction[0] ? correction_of(panel, indicator) : 0;
    if (!indicator->correction[0] ||
        (c < panel->edition->corrections_len && chain->years[0].corrections[c].usable)) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_DATA, "indicator %s has no correction %s", indicator->id,
                        indicator->correction);
}

static enum kf_err compute_with(const struct chain *chain, struct work *work, struct kf_error *err)
{
    struct kf_panel *panel = chain->years[0].panel;
    const struct kf_indicator *indicator = work->indicator;
    enum kf_err code = kf_country_check(panel, indicator, chain->findings, err);
    if (code == KF_OK) {
        code = check_correction(chain, indicator, err);
    }
    if (code == KF_OK) {
        code = compute_years(chain, work, err);
    }
    if (code == KF_OK) {
        code = kf_missing_fill(indicator->missing, &work->earlier, work->arena, &work->values, err);
    }
    if (code == KF_OK && !kf_values_any(&work->values)) {
        code = tell_no_value(chain, work, err);
    }
    return code == KF_OK ? append_normalized(chain, work, err) : code;
}

static enum kf_err compute_indicator(const struct chain *chain, const struct kf_sector *sector,
                                     const struct kf_indicator *indicator, struct kf_error *err)
{
    struct work work = {
        .sector = sector, .indicator = indicator, .arena = kf_arena_new(KF_PANEL_BYTES_MAX)};
    enum kf_err code =
        work.arena ? compute_with(chain, &work, err)
                   : kf_error_set(err, KF_ERR_MEMORY, "no memory for indicator %s", indicator->id);
    kf_arena_destroy(&work.arena);
    return code;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* A faulty indicator does not hide the next. */
static enum kf_err compute_all(struct chain *chain, struct kf_error *err)
{
    const struct kf_edition *edition = chain->years[0].panel->edition;
    enum kf_err outcome = estimate_all(chain, err);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        for (size_t i = 0; kf_err_goes_on(outcome) && i < sector->indicators_len; i++) {
            struct kf_error latest = {0};
            enum kf_err code = compute_indicator(chain, sector, &sector->indicators[i], &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
        }
    }
    return outcome;
}

enum kf_err kf_normalize_compute(struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    struct chain *chain = arena ? kf_arena_calloc(arena, 1, sizeof *chain) : NULL;
    enum kf_err code = KF_OK;
    if (chain) {
        chain->arena = arena;
        chain->findings = findings;
        size_t members = panel->members_len; /* the same in every year */
        while (panel && panel->members_len == members && chain->length < YEARS_MAX) {
            chain->years[chain->length++].panel = panel;
            panel = panel->previous;
        }
        code = compute_all(chain, err);
    } else {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to normalise a panel");
    }
    kf_arena_destroy(&arena);
    return code;
}

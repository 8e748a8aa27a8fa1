#include "services/normalize/school_correction.h"

#define SCRATCH_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define CONSTANT          "constant"

/* --- what it is estimated on ----------------------------------------------------------------- */

/* The columns of outcome (number 0) and regressors; NULL for one that the panel does not have. */
struct sources {
    const struct kf_column *columns[KF_REGRESSORS_MAX + 1];
    size_t length;
};

static struct sources find_sources(const struct kf_panel *panel,
                                   const struct kf_correction *correction)
{
    struct sources sources = {.length = correction->regressors_len + 1};
    sources.columns[0] = kf_panel_column(panel, correction->outcome);
    for (size_t r = 0; r < correction->regressors_len; r++) {
        sources.columns[r + 1] = kf_panel_column(panel, correction->regressors[r]);
    }
    return sources;
}

/* Members first, then the others. */
static bool has_figure(const struct kf_column *column, size_t members, size_t place)
{
    if (!column) {
        return false;
    }
    if (place < members) {
        return kf_cell_has_value(column->status[place]);
    }
    return column->other_status && kf_cell_has_value(column->other_status[place - members]);
}

static double figure_at(const struct kf_column *column, size_t members, size_t place)
{
    return place < members ? column->values[place] : column->other_values[place - members];
}

static bool is_complete(const struct sources *sources, size_t members, size_t place)
{
    for (size_t c = 0; c < sources->length; c++) {
        if (!has_figure(sources->columns[c], members, place)) {
            return false;
        }
    }
    return true;
}

/* Complete rows, column by column: [length][members + others]. */
struct sample {
    double *cells;
    size_t stride;
    size_t rows;
    const double *columns[KF_REGRESSORS_MAX];
};

static enum kf_err take_sample(const struct kf_panel *panel, const struct sources *sources,
                               struct kf_arena *arena, struct sample *sample, struct kf_error *err)
{
    *sample = (struct sample){.stride = panel->members_len + panel->others_len};
    sample->cells = kf_arena_calloc(arena, sources->length * sample->stride, sizeof(double));
    if (!sample->cells) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the figures of a regression");
    }
    for (size_t place = 0; place < sample->stride; place++) {
        if (!is_complete(sources, panel->members_len, place)) {
            continue;
        }
        for (size_t c = 0; c < sources->length; c++) {
            sample->cells[c * sample->stride + sample->rows] =
                figure_at(sources->columns[c], panel->members_len, place);
        }
        sample->rows++;
    }
    for (size_t c = 1; c < sources->length; c++) {
        sample->columns[c - 1] = &sample->cells[c * sample->stride];
    }
    return KF_OK;
}

static enum kf_err regress(const struct kf_panel *panel, const struct kf_correction *correction,
                           const struct sources *sources, struct kf_regression *regression,
                           struct kf_findings *findings, struct kf_error *err)
{
    struct kf_arena *scratch = kf_arena_new(SCRATCH_BYTES_MAX);
    if (!scratch) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a regression");
    }
    struct sample sample = {0};
    enum kf_err code = take_sample(panel, sources, scratch, &sample, err);
    struct kf_regression_data data = {
        .subject = kf_arena_printf(scratch, "%s in %d", correction->id, panel->year),
        .outcome = correction->outcome,
        .outcomes = sample.cells,
        .regressors = correction->regressors,
        .columns = sample.columns,
        .regressors_len = correction->regressors_len,
        .rows = sample.rows,
    };
    if (code == KF_OK && !data.subject) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for a regression");
    }
    if (code == KF_OK) {
        code = kf_regression_estimate(&data, scratch, regression, findings, err);
    }
    kf_arena_destroy(&scratch);
    return code;
}

/* --- factors --------------------------------------------------------------------------------- */

struct cell {
    double value;
    uint8_t status;
};

/* The figure of member k; k = number of members: of the country. */
static struct cell cell_of(const struct kf_column *column, size_t k, size_t members)
{
    return k < members ? (struct cell){column->values[k], column->status[k]}
                       : (struct cell){column->country_value, column->country_status};
}

/* β'(z_k − z̄) with its status. */
static struct kf_wide explained(const struct sources *sources,
                                const struct kf_regression *regression, size_t k, size_t members,
                                uint8_t *status)
{
    struct kf_wide sum = kf_wide_from(0);
    for (size_t r = 0; r < regression->terms_len; r++) {
        struct cell z = cell_of(sources->columns[r + 1], k, members);
        if (!kf_cell_has_value(z.status)) {
            *status = KF_CELL_MISSING;
            return kf_wide_from(0);
        }
        struct kf_wide distance = kf_wide_sub(kf_wide_from_figure(z.value), regression->means[r]);
        sum = kf_wide_add(sum, kf_wide_mul(regression->terms[r].coefficient, distance));
        *status |= z.status;
    }
    return sum;
}

static void fill_factor(const struct sources *sources, const struct kf_regression *regression,
                        struct kf_values *factors, size_t k)
{
    struct cell g = cell_of(sources->columns[0], k, factors->members);
    uint8_t status = KF_CELL_INFERRED;
    struct kf_wide moved = explained(sources, regression, k, factors->members, &status);
    if (!kf_cell_has_value(g.status) || g.value == 0 || !kf_cell_has_value(status)) {
        factors->status[k] = KF_CELL_MISSING;
        return;
    }
    struct kf_wide outcome = kf_wide_from_figure(g.value);
    factors->values[k] = kf_wide_div(kf_wide_sub(outcome, moved), outcome);
    factors->status[k] = status | g.status;
}

enum kf_err kf_school_correction_estimate(const struct kf_panel *panel,
                                          const struct kf_correction *correction,
                                          struct kf_arena *arena, struct kf_school_correction *made,
                                          struct kf_findings *findings, struct kf_error *err)
{
    if (correction->regressors_len == 0 || correction->regressors_len > KF_REGRESSORS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "the correction %s has %zu regressors; 1 to %d can be", correction->id,
                            correction->regressors_len, KF_REGRESSORS_MAX);
    }
    struct sources sources = find_sources(panel, correction);
    struct kf_school_correction result = {.correction = correction};
    enum kf_err code = regress(panel, correction, &sources, &result.regression, findings, err);
    if (code == KF_OK) {
        code = kf_values_new(panel, arena, &result.factors, err);
    }
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k <= panel->members_len; k++) {
        fill_factor(&sources, &result.regression, &result.factors, k);
    }
    result.usable = true;
    *made = result;
    return KF_OK;
}

bool kf_school_correction_has_figures(const struct kf_panel *panel,
                                      const struct kf_correction *correction)
{
    const struct kf_column *outcome = kf_panel_column(panel, correction->outcome);
    for (size_t k = 0; k < panel->members_len; k++) {
        if (has_figure(outcome, panel->members_len, k)) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_school_correction_apply(const struct kf_panel *panel,
                                       const struct kf_school_correction *correction,
                                       const struct kf_values *raw, struct kf_arena *arena,
                                       struct kf_values *corrected, struct kf_error *err)
{
    struct kf_values values = {0};
    enum kf_err code = kf_values_new(panel, arena, &values, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k <= raw->members; k++) {
        bool has_value = kf_cell_has_value(raw->status[k]);
        bool has_factor = correction->usable && kf_cell_has_value(correction->factors.status[k]);
        if (has_value && has_factor) {
            values.values[k] = kf_wide_mul(raw->values[k], correction->factors.values[k]);
            values.status[k] = raw->status[k] | correction->factors.status[k];
        } else {
            values.status[k] = has_value ? KF_CELL_MISSING : raw->status[k];
        }
    }
    *corrected = values;
    return KF_OK;
}

/* --- the regression as results --------------------------------------------------------------- */

/* One figure of the regression. */
struct row {
    const char *indicator;
    const char *measure;
    const char *unit; /* NULL: the measure's own */
    double value;
    uint8_t status;
};

static enum kf_err append_row(struct kf_panel *panel, const char *sector, const struct row *row,
                              struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = sector,
                                .indicator = row->indicator,
                                .measure = row->measure,
                                .unit = row->unit,
                                .group = true};
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    if (code == KF_OK) {
        bool has_value = kf_cell_has_value(row->status);
        result->values[0] = has_value ? row->value : 0;
        result->status[0] = row->status;
    }
    return code;
}

static enum kf_err append_rows(struct kf_panel *panel, const char *sector, const struct row *rows,
                               size_t count, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        code = append_row(panel, sector, &rows[i], err);
    }
    return code;
}

static enum kf_err append_term(struct kf_panel *panel,
                               const struct kf_school_correction *correction, const char *name,
                               const struct kf_regression_term *term, struct kf_error *err)
{
    const struct kf_correction *of = correction->correction;
    bool constant = term == &correction->regression.constant;
    const char *unit =
        constant ? of->outcome : kf_arena_printf(panel->arena, "%s/%s", of->outcome, name);
    if (!unit) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the regression %s", of->id);
    }
    uint8_t judged = correction->regression.exact ? KF_CELL_NOT_APPLICABLE : KF_CELL_VALUE;
    const struct row rows[] = {
        {name, "coefficient", unit, kf_wide_value(term->coefficient), KF_CELL_VALUE},
        {name, "standard_error", unit, term->standard_error, KF_CELL_VALUE},
        {name, "t_value", NULL, term->t_value, judged},
        {name, "p_value", NULL, term->p_value, judged},
        {name, "stars", NULL, term->stars, judged},
    };
    return append_rows(panel, of->id, rows, sizeof rows / sizeof rows[0], err);
}

enum kf_err kf_school_correction_append(struct kf_panel *panel,
                                        const struct kf_school_correction *correction,
                                        struct kf_error *err)
{
    const struct kf_regression *regression = &correction->regression;
    const struct row rows[] = {
        {"", "observations", NULL, (double)regression->observations, KF_CELL_VALUE},
        {"", "r_squared", NULL, regression->r_squared, KF_CELL_VALUE},
        {"", "condition_number", NULL, regression->condition_number, KF_CELL_VALUE},
    };
    enum kf_err code =
        append_rows(panel, correction->correction->id, rows, sizeof rows / sizeof rows[0], err);
    if (code == KF_OK) {
        code = append_term(panel, correction, CONSTANT, &regression->constant, err);
    }
    for (size_t r = 0; code == KF_OK && r < regression->terms_len; r++) {
        code = append_term(panel, correction, correction->correction->regressors[r],
                           &regression->terms[r], err);
    }
    return code;
}

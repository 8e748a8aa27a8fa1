#include "services/normalize/regression.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "common/base/student.h"
#include "common/base/text.h"

#define REFINEMENTS_MAX   60
#define REFINED           1e-29 /* of the solution: a last correction so small is enough */
#define EXACT_FIT         1e-24 /* Σ residual² relative to Σ (y − ȳ)²: 12 digits */
#define PART_OF_DEPENDENT 1e-4  /* coefficients below, between unit columns, are not named */
#define LENGTH_MIN        1e-100
#define LENGTH_MAX        1e100
#define CONDITION_BITS    20

/* The problem with its columns centred and of unit length, and what is known about it. */
struct design {
    const struct kf_regression_data *data;
    size_t rows;
    size_t columns;
    struct kf_wide *z;      /* [columns][rows] */
    struct kf_wide *y;      /* [rows], centred */
    struct kf_wide y_mean;  /* of the outcome */
    struct kf_wide *mean;   /* [columns], of the regressors as they came */
    double *length;         /* [columns], of the centred regressors as they came */
    struct kf_wide *gram;   /* [columns][columns], ZᵀZ */
    double *qr;             /* [columns][rows], R above the diagonal after the factoring */
    double *tau;            /* [columns] */
    lapack_int *pivot;      /* [columns], from 1 */
    struct kf_wide *right;  /* [columns], right-hand side at hand */
    struct kf_wide *solved; /* [columns], its solution */
    double *step;           /* [columns] */
};

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for a regression");
}

/* LAPACK speaks of memory, or of an argument: ours are right, so it is a number that grew beyond
 * all measure on the way. */
static enum kf_err lapack_error(const char *routine, lapack_int info, struct kf_error *err)
{
    if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR) {
        return no_memory(err);
    }
    return kf_error_set(err, KF_ERR_DATA,
                        "a regression leaves the range of numbers: %s of LAPACK says %d", routine,
                        (int)info);
}

static enum kf_err design_new(const struct kf_regression_data *data, struct kf_arena *arena,
                              struct design *design, struct kf_error *err)
{
    size_t n = data->rows;
    size_t k = data->regressors_len;
    *design = (struct design){
        .data = data,
        .rows = n,
        .columns = k,
        .z = kf_arena_calloc(arena, n * k, sizeof *design->z),
        .y = kf_arena_calloc(arena, n, sizeof *design->y),
        .mean = kf_arena_calloc(arena, k, sizeof *design->mean),
        .length = kf_arena_calloc(arena, k, sizeof *design->length),
        .gram = kf_arena_calloc(arena, k * k, sizeof *design->gram),
        .qr = kf_arena_calloc(arena, n * k, sizeof *design->qr),
        .tau = kf_arena_calloc(arena, k, sizeof *design->tau),
        .pivot = kf_arena_calloc(arena, k, sizeof *design->pivot),
        .right = kf_arena_calloc(arena, k, sizeof *design->right),
        .solved = kf_arena_calloc(arena, k, sizeof *design->solved),
        .step = kf_arena_calloc(arena, k, sizeof *design->step),
    };
    bool complete = design->z && design->y && design->mean && design->length && design->gram &&
                    design->qr && design->tau && design->pivot && design->right && design->solved &&
                    design->step;
    return complete ? KF_OK : no_memory(err);
}

/* --- is there anything to estimate? ---------------------------------------------------------- */

static bool is_constant(const double *column, size_t rows)
{
    for (size_t i = 1; i < rows; i++) {
        if (column[i] != column[0]) {
            return false;
        }
    }
    return true;
}

static bool check_varies(const struct kf_regression_data *data, const char *name,
                         const double *column, struct kf_findings *findings)
{
    if (!is_constant(column, data->rows)) {
        return true;
    }
    struct kf_place place = {.variable = name};
    kf_findings_add(findings, &place, "leave it out of the correction, or check its figures",
                    "is the same for all %zu municipalities of the regression %s", data->rows,
                    data->subject);
    return false;
}

static enum kf_err check_data(const struct kf_regression_data *data, struct kf_findings *findings,
                              struct kf_error *err)
{
    size_t needed = data->regressors_len + 2;
    if (data->rows < needed) {
        struct kf_place place = {.variable = data->outcome};
        kf_findings_add(findings, &place,
                        "give outcome and all regressors for more municipalities, or take "
                        "regressors out of the correction",
                        "only %zu municipalities have all figures of the regression %s; %zu "
                        "regressors need at least %zu",
                        data->rows, data->subject, data->regressors_len, needed);
        return kf_error_set(err, KF_ERR_DATA, "the regression %s has too few municipalities",
                            data->subject);
    }
    bool varies = check_varies(data, data->outcome, data->outcomes, findings);
    for (size_t j = 0; j < data->regressors_len; j++) {
        varies = check_varies(data, data->regressors[j], data->columns[j], findings) && varies;
    }
    return varies ? KF_OK
                  : kf_error_set(err, KF_ERR_DATA,
                                 "the regression %s has columns without variation", data->subject);
}

/* --- the design ------------------------------------------------------------------------------ */

/* Takes the mean of a column from it; returns the mean. */
static struct kf_wide centre(const double *figures, size_t rows, struct kf_wide *centred)
{
    struct kf_wide total = kf_wide_from(0);
    for (size_t i = 0; i < rows; i++) {
        centred[i] = kf_wide_from_figure(figures[i]);
        total = kf_wide_add(total, centred[i]);
    }
    struct kf_wide mean = kf_wide_div(total, kf_wide_from((double)rows));
    for (size_t i = 0; i < rows; i++) {
        centred[i] = kf_wide_sub(centred[i], mean);
    }
    return mean;
}

static struct kf_wide product(const struct kf_wide *a, const struct kf_wide *b, size_t count)
{
    struct kf_wide sum = kf_wide_from(0);
    for (size_t i = 0; i < count; i++) {
        sum = kf_wide_add(sum, kf_wide_mul(a[i], b[i]));
    }
    return sum;
}

/* The length of a centred column; a finding and false when its square would leave double's range.
 */
static bool measure(const struct kf_regression_data *data, const char *name,
                    const struct kf_wide *centred, double *length, struct kf_findings *findings)
{
    *length = sqrt(kf_wide_value(product(centred, centred, data->rows)));
    if (*length > LENGTH_MIN && *length < LENGTH_MAX) {
        return true;
    }
    struct kf_place place = {.variable = name};
    kf_findings_add(findings, &place, "check its figures: they lie beyond all measure",
                    "varies too much or too little for the regression %s", data->subject);
    return false;
}

static void fill_gram(struct design *design)
{
    size_t n = design->rows;
    for (size_t a = 0; a < design->columns; a++) {
        for (size_t b = 0; b <= a; b++) {
            struct kf_wide value = product(&design->z[a * n], &design->z[b * n], n);
            design->gram[a * design->columns + b] = value;
            design->gram[b * design->columns + a] = value;
        }
    }
}

static enum kf_err fill_design(struct design *design, struct kf_findings *findings,
                               struct kf_error *err)
{
    const struct kf_regression_data *data = design->data;
    size_t n = design->rows;
    double spread = 0;
    design->y_mean = centre(data->outcomes, n, design->y);
    bool measured = measure(data, data->outcome, design->y, &spread, findings);
    for (size_t j = 0; j < design->columns; j++) {
        struct kf_wide *z = &design->z[j * n];
        design->mean[j] = centre(data->columns[j], n, z);
        if (!measure(data, data->regressors[j], z, &design->length[j], findings)) {
            measured = false;
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            z[i] = kf_wide_div(z[i], kf_wide_from(design->length[j]));
            design->qr[j * n + i] = kf_wide_value(z[i]);
        }
    }
    if (!measured) {
        return kf_error_set(err, KF_ERR_DATA, "the regression %s has columns beyond all measure",
                            data->subject);
    }
    fill_gram(design);
    return KF_OK;
}

static enum kf_err factor(struct design *design, struct kf_error *err)
{
    lapack_int rows = (lapack_int)design->rows;
    lapack_int info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, rows, (lapack_int)design->columns,
                                     design->qr, rows, design->pivot, design->tau);
    return info == 0 ? KF_OK : lapack_error("dgeqp3", info, err);
}

/* Diagonal of R; its sizes never grow. */
static double diagonal(const struct design *design, size_t j)
{
    return fabs(design->qr[j * design->rows + j]);
}

static size_t rank_of(const struct design *design)
{
    size_t rank = 0;
    while (rank < design->columns &&
           diagonal(design, rank) > KF_COLLINEAR_TOLERANCE * diagonal(design, 0)) {
        rank++;
    }
    return rank;
}

/* --- collinear columns ----------------------------------------------------------------------- */

static size_t column_at(const struct design *design, size_t position)
{
    return (size_t)design->pivot[position] - 1;
}

/* Appends "a, b and c", those of the first `rank` columns that `parts` gives weight. */
static void list_parts(const struct design *design, const double *parts, size_t rank,
                       struct kf_text *text)
{
    size_t left = 0;
    for (size_t i = 0; i < rank; i++) {
        left += fabs(parts[i]) > PART_OF_DEPENDENT;
    }
    bool first = true;
    for (size_t i = 0; i < rank; i++) {
        if (fabs(parts[i]) > PART_OF_DEPENDENT) {
            const char *joint = first ? "" : left == 1 ? " and " : ", ";
            kf_text_add_format(text, "%s%s", joint, design->data->regressors[column_at(design, i)]);
            first = false;
            left--;
        }
    }
}

/* R₁₁ c = r: how the column at `position` is made of the first `rank`. */
static enum kf_err tell_collinear(struct design *design, size_t rank, size_t position,
                                  struct kf_findings *findings, struct kf_error *err)
{
    lapack_int rows = (lapack_int)design->rows;
    double *parts = &design->qr[position * design->rows];
    lapack_int info = LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', 'N', 'N', (lapack_int)rank, 1,
                                     design->qr, rows, parts, rows);
    if (info != 0) {
        return lapack_error("dtrtrs", info, err);
    }
    struct kf_text names;
    kf_text_init(&names, KF_REGRESSORS_MAX * 128);
    list_parts(design, parts, rank, &names);
    struct kf_place place = {.variable = design->data->regressors[column_at(design, position)]};
    kf_findings_add(findings, &place, "leave one of them out of the correction",
                    "is a linear combination of %s in the regression %s",
                    names.failed ? "others" : names.bytes, design->data->subject);
    kf_text_clear(&names);
    return KF_OK;
}

static enum kf_err check_rank(struct design *design, struct kf_findings *findings,
                              struct kf_error *err)
{
    size_t rank = rank_of(design);
    enum kf_err code = KF_OK;
    for (size_t j = rank; code == KF_OK && j < design->columns; j++) {
        code = tell_collinear(design, rank, j, findings, err);
    }
    if (code == KF_OK && rank < design->columns) {
        code = kf_error_set(err, KF_ERR_DATA, "the regressors of %s are not independent",
                            design->data->subject);
    }
    return code;
}

/* --- solving --------------------------------------------------------------------------------- */

/* One solution of RᵀR x = right − gram·solved, added to `solved`; how large it was. */
static enum kf_err refine(struct design *design, double *change, double *size, struct kf_error *err)
{
    size_t k = design->columns;
    for (size_t i = 0; i < k; i++) {
        size_t j = column_at(design, i);
        struct kf_wide made = product(&design->gram[j * k], design->solved, k);
        design->step[i] = kf_wide_value(kf_wide_sub(design->right[j], made));
    }
    static const char passes[] = {'T', 'N'};
    for (size_t p = 0; p < sizeof passes; p++) {
        lapack_int info =
            LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', passes[p], 'N', (lapack_int)k, 1, design->qr,
                           (lapack_int)design->rows, design->step, (lapack_int)k);
        if (info != 0) {
            return lapack_error("dtrtrs", info, err);
        }
    }
    *change = 0;
    *size = 0;
    for (size_t i = 0; i < k; i++) {
        size_t j = column_at(design, i);
        design->solved[j] = kf_wide_add(design->solved[j], kf_wide_from(design->step[i]));
        *change = fmax(*change, fabs(design->step[i]));
        *size = fmax(*size, fabs(design->solved[j].high));
    }
    return KF_OK;
}

/* Solves (ZᵀZ) x = right into `solved`, to about 30 digits less those of the condition squared. */
static enum kf_err solve(struct design *design, struct kf_error *err)
{
    memset(design->solved, 0, design->columns * sizeof *design->solved);
    for (int i = 0; i < REFINEMENTS_MAX; i++) {
        double change = 0;
        double size = 0;
        enum kf_err code = refine(design, &change, &size, err);
        if (code != KF_OK || !(change > REFINED * size)) {
            return code;
        }
    }
    return KF_OK;
}

static enum kf_err condition_of(const struct design *design, struct kf_arena *arena,
                                double *condition, struct kf_error *err)
{
    size_t k = design->columns;
    double *r = kf_arena_calloc(arena, k * k, sizeof *r);
    double *singular = kf_arena_calloc(arena, k, sizeof *singular);
    double *work = kf_arena_calloc(arena, k, sizeof *work);
    if (!r || !singular || !work) {
        return no_memory(err);
    }
    for (size_t j = 0; j < k; j++) {
        memcpy(&r[j * k], &design->qr[j * design->rows], (j + 1) * sizeof *r);
    }
    lapack_int order = (lapack_int)k;
    lapack_int info = LAPACKE_dgesvd(LAPACK_COL_MAJOR, 'N', 'N', order, order, r, order, singular,
                                     NULL, order, NULL, order, work);
    if (info != 0) {
        return lapack_error("dgesvd", info, err);
    }
    int exponent = 0;
    double fraction = frexp(singular[0] / singular[k - 1], &exponent);
    *condition = ldexp(round(ldexp(fraction, CONDITION_BITS)), exponent - CONDITION_BITS);
    return KF_OK;
}

/* --- coefficients ---------------------------------------------------------------------------- */

/* Coefficients of the regressors as they came, the constant, and Σ residual². */
static enum kf_err estimate(struct design *design, struct kf_regression *result,
                            struct kf_wide *residuals, struct kf_error *err)
{
    size_t n = design->rows;
    for (size_t j = 0; j < design->columns; j++) {
        design->right[j] = product(&design->z[j * n], design->y, n);
    }
    enum kf_err code = solve(design, err);
    if (code != KF_OK) {
        return code;
    }
    *residuals = kf_wide_from(0);
    for (size_t i = 0; i < n; i++) {
        struct kf_wide rest = design->y[i];
        for (size_t j = 0; j < design->columns; j++) {
            rest = kf_wide_sub(rest, kf_wide_mul(design->solved[j], design->z[j * n + i]));
        }
        *residuals = kf_wide_add(*residuals, kf_wide_mul(rest, rest));
    }
    result->constant.coefficient = design->y_mean;
    for (size_t j = 0; j < design->columns; j++) {
        struct kf_wide coefficient =
            kf_wide_div(design->solved[j], kf_wide_from(design->length[j]));
        result->terms[j].coefficient = coefficient;
        result->means[j] = design->mean[j];
        result->constant.coefficient =
            kf_wide_sub(result->constant.coefficient, kf_wide_mul(coefficient, design->mean[j]));
    }
    return KF_OK;
}

static int stars_of(double p)
{
    return (p < 0.01) + (p < 0.05) + (p < 0.1);
}

/* `variance` in units of the residuals' variance. */
static void judge(struct kf_regression_term *term, struct kf_wide residual_variance,
                  struct kf_wide variance, size_t degrees)
{
    struct kf_wide error = kf_wide_sqrt(kf_wide_mul(residual_variance, variance));
    term->standard_error = kf_wide_value(error);
    if (!(error.high > 0)) {
        return;
    }
    term->t_value = kf_wide_value(kf_wide_div(term->coefficient, error));
    term->p_value = kf_student_p_value(term->t_value, degrees);
    term->stars = stars_of(term->p_value);
}

/* Variance of a coefficient: the diagonal of (ZᵀZ)⁻¹; of the constant: 1/n + m(ZᵀZ)⁻¹m, m the means
 * in the columns' units. */
static enum kf_err judge_all(struct design *design, struct kf_wide residuals,
                             struct kf_regression *result, struct kf_error *err)
{
    size_t degrees = design->rows - design->columns - 1;
    struct kf_wide noise = kf_wide_div(residuals, kf_wide_from((double)degrees));
    enum kf_err code = KF_OK;
    for (size_t j = 0; code == KF_OK && j < design->columns; j++) {
        memset(design->right, 0, design->columns * sizeof *design->right);
        design->right[j] = kf_wide_from(1);
        code = solve(design, err);
        struct kf_wide length = kf_wide_from(design->length[j]);
        struct kf_wide variance = kf_wide_div(kf_wide_div(design->solved[j], length), length);
        judge(&result->terms[j], noise, variance, degrees);
    }
    for (size_t j = 0; j < design->columns; j++) {
        design->right[j] = kf_wide_div(design->mean[j], kf_wide_from(design->length[j]));
    }
    code = code == KF_OK ? solve(design, err) : code;
    struct kf_wide variance = kf_wide_div(kf_wide_from(1), kf_wide_from((double)design->rows));
    variance = kf_wide_add(variance, product(design->right, design->solved, design->columns));
    judge(&result->constant, noise, variance, degrees);
    return code;
}

static enum kf_err compute(struct design *design, struct kf_arena *arena,
                           struct kf_regression *result, struct kf_error *err)
{
    struct kf_wide residuals = {0};
    enum kf_err code = estimate(design, result, &residuals, err);
    if (code == KF_OK) {
        struct kf_wide total = product(design->y, design->y, design->rows);
        struct kf_wide share = kf_wide_div(residuals, total);
        result->exact = share.high < EXACT_FIT;
        residuals = result->exact ? kf_wide_from(0) : residuals;
        share = result->exact ? kf_wide_from(0) : share;
        result->r_squared = kf_wide_value(kf_wide_sub(kf_wide_from(1), share));
        code = judge_all(design, residuals, result, err);
    }
    return code == KF_OK ? condition_of(design, arena, &result->condition_number, err) : code;
}

enum kf_err kf_regression_estimate(const struct kf_regression_data *data, struct kf_arena *arena,
                                   struct kf_regression *result, struct kf_findings *findings,
                                   struct kf_error *err)
{
    enum kf_err code = check_data(data, findings, err);
    struct design design = {0};
    if (code == KF_OK) {
        code = design_new(data, arena, &design, err);
    }
    if (code == KF_OK) {
        code = fill_design(&design, findings, err);
    }
    if (code == KF_OK) {
        code = factor(&design, err);
    }
    if (code == KF_OK) {
        code = check_rank(&design, findings, err);
    }
    struct kf_regression made = {.terms_len = data->regressors_len, .observations = data->rows};
    if (code == KF_OK) {
        code = compute(&design, arena, &made, err);
    }
    if (code == KF_OK) {
        *result = made;
    }
    return code;
}

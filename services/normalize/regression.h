/* Ordinary least squares with a constant (METHOD I4). Pure.
 *
 * The columns are centred and brought to unit length; QR with column pivoting (LAPACK's dgeqp3)
 * tells their rank and which depend on which. Coefficients and their variances come from the
 * corrected semi-normal equations (Björck 1987): R of the QR as a preconditioner, residuals of the
 * normal equations in double-double. They are right to the last bit of a double, so that neither
 * the order of rows, nor the order or unit of columns, nor the machine's linear algebra shows.
 */
#ifndef KF_NORMALIZE_REGRESSION_H
#define KF_NORMALIZE_REGRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/edition.h"

/* A regressor whose part that the others do not explain is shorter than this, relative to its
 * length after centring, counts as a linear combination of them. */
#define KF_COLLINEAR_TOLERANCE 1e-6

/* What is estimated on. All borrowed; figures, complete: no row lacks anything. */
struct kf_regression_data {
    const char *subject;           /* what it is, for findings: "skole in 2019" */
    const char *outcome;           /* name */
    const double *outcomes;        /* [rows] */
    const char *const *regressors; /* names, [regressors_len] */
    const double *const *columns;  /* [regressors_len][rows] */
    size_t regressors_len;         /* 1 to KF_REGRESSORS_MAX */
    size_t rows;
};

/* One coefficient and how sure it is. */
struct kf_regression_term {
    struct kf_wide coefficient; /* units of the outcome per unit of the regressor */
    double standard_error;      /* of the coefficient, with rows − terms degrees of freedom */
    double t_value;             /* coefficient ÷ standard error; 0 when the fit is exact */
    double p_value;             /* two-sided, Student's t; 0 when the fit is exact */
    int stars;                  /* 3: p < .01, 2: p < .05, 1: p < .1, 0 otherwise */
};

struct kf_regression {
    struct kf_regression_term constant;
    struct kf_regression_term terms[KF_REGRESSORS_MAX]; /* in the order of the regressors */
    struct kf_wide means[KF_REGRESSORS_MAX];            /* unweighted, over the rows */
    size_t terms_len;
    size_t observations;
    double r_squared;        /* 1 − Σ residual² / Σ (outcome − mean)² */
    double condition_number; /* largest by smallest singular value of the centred columns of unit
                                length; rounded to 20 bits */
    bool exact; /* every outcome lies on the plane (in 12 digits): standard errors are 0 */
};

/* Estimates outcome = constant + Σ coefficient·regressor. KF_ERR_DATA with findings, and `result`
 * unchanged, when there are fewer than two rows more than regressors, when outcome or a regressor
 * is the same in all rows or varies beyond all measure, or when regressors are linear combinations
 * of others: each is named with those it depends on. `arena` holds what is needed on the way, about
 * 48 bytes a cell. */
enum kf_err kf_regression_estimate(const struct kf_regression_data *data, struct kf_arena *arena,
                                   struct kf_regression *result, struct kf_findings *findings,
                                   struct kf_error *err);

#endif

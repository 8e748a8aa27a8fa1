/* Results of the schools, corrected for what pupils bring along (METHOD I4).
 *
 * For each correction of an edition: OLS of the outcome g on the regressors z over all
 * municipalities of the country with complete figures, members of the group and others alike. Then
 *
 *     g*_k = g_k − β'(z_k − z̄)        factor_k = g*_k/g_k        x*_ki = x_ki·factor_k
 *
 * z̄ is the unweighted mean over the municipalities that β is estimated on. The source prints the
 * regression but not g*: the rule is inferred, and corrected values are flagged so. That tests and
 * exam move by the same percentage as g is printed.
 */
#ifndef KF_NORMALIZE_SCHOOL_CORRECTION_H
#define KF_NORMALIZE_SCHOOL_CORRECTION_H

#include "common/base/findings.h"
#include "services/normalize/raw.h"
#include "services/normalize/regression.h"

/* One correction, estimated on one panel. */
struct kf_school_correction {
    const struct kf_correction *correction;
    struct kf_regression regression;
    struct kf_values factors; /* g*_k/g_k; missing where g is zero or a figure is missing */
    bool usable;              /* false: could not be estimated, which findings tell */
};

/* Estimates `correction` on `panel`; `made` lives in `arena`. KF_ERR_DATA with findings when it
 * cannot be estimated (see kf_regression_estimate), KF_ERR_LIMIT for a number of regressors that no
 * edition may have. */
enum kf_err kf_school_correction_estimate(const struct kf_panel *panel,
                                          const struct kf_correction *correction,
                                          struct kf_arena *arena, struct kf_school_correction *made,
                                          struct kf_findings *findings, struct kf_error *err);

/* True when at least one member has a figure of the outcome: there is something to correct. */
bool kf_school_correction_has_figures(const struct kf_panel *panel,
                                      const struct kf_correction *correction);

/* x_ki·factor_k for every member and the country, into `corrected`, in `arena`. A member with a
 * missing regressor gets a missing value: its uncorrected one cannot be compared. */
enum kf_err kf_school_correction_apply(const struct kf_panel *panel,
                                       const struct kf_school_correction *correction,
                                       const struct kf_values *raw, struct kf_arena *arena,
                                       struct kf_values *corrected, struct kf_error *err);

/* Appends the regression as group rows under topic statistics: sector is the correction's id;
 * indicator the regressor or "constant" with coefficient, standard_error, t_value, p_value and
 * stars (the last three not applicable when the fit is exact); indicator "" with observations,
 * r_squared and condition_number. */
enum kf_err kf_school_correction_append(struct kf_panel *panel,
                                        const struct kf_school_correction *correction,
                                        struct kf_error *err);

#endif

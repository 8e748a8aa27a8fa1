/* One indicator: raw value, missing rule, normalised value (METHOD A1–A3). Pure. */
#ifndef KF_NORMALIZE_INDICATOR_H
#define KF_NORMALIZE_INDICATOR_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"

/* Raw values x_ki of one indicator, to 32 digits, with a status for each member. [members_len]. */
struct kf_indicator_values {
    struct kf_wide *values;
    uint8_t *status;
};

/* The raw values: the variable, divided by what the edition says. A missing figure, or a
 * denominator that is missing or zero, gives a missing value; a reported zero is a value (METHOD
 * A3). */
enum kf_err kf_indicator_raw(const struct kf_panel *panel, const struct kf_sector *sector,
                             const struct kf_indicator *indicator, struct kf_indicator_values *raw,
                             struct kf_error *err);

/* Fills every missing value with the lowest value of the other members and marks it as imputed
 * (METHOD A2). KF_ERR_DATA with a finding when no member has a value. */
enum kf_err kf_indicator_fill(const struct kf_panel *panel, const struct kf_indicator *indicator,
                              struct kf_indicator_values *values, struct kf_findings *findings,
                              struct kf_error *err);

/* n_ki = scale·x_ki / (Σ_G N_k x_ki / Σ_G N_k) for filled values (METHOD A1), rounded once to
 * double: the unit of x leaves no trace. KF_ERR_DATA with a finding when the group mean is not
 * above zero. */
enum kf_err kf_indicator_normalize(const struct kf_panel *panel,
                                   const struct kf_indicator *indicator,
                                   const struct kf_indicator_values *values, double *normalized,
                                   struct kf_findings *findings, struct kf_error *err);

#endif

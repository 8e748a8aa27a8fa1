/* From raw values to normalised ones (METHOD A1, A8). Pure. */
#ifndef KF_NORMALIZE_SCALE_H
#define KF_NORMALIZE_SCALE_H

#include <stdbool.h>

#include "common/base/findings.h"
#include "services/normalize/raw.h"

/* True when the standard deviation `sd` of values up to `size` is more than rounding: in 25 digits.
 */
bool kf_indicator_varies(double sd, double size);

/* Normalises the filled values of an indicator, rounded once to double: the unit of x leaves no
 * trace. `normalized` holds [members_len]; 0 for members without a value, who count nowhere.
 *
 * By the mean (A1): n_ki = scale·x_ki/m_i. m_i is the population-weighted mean of the members, or,
 * where the edition's reference is the country, the country's own value. It must be above zero.
 *
 * Standardized (A8): n_ki = scale·(1 + spread·(x_ki − m_i)/sd_i), sd_i the population-weighted
 * standard deviation of the members with small-sample correction (S1). Every indicator then varies
 * alike. Where the members do not differ (in 25 digits) they all get the scale. The source
 * considers equal variation and rejects it without printing a rule; this one is inferred, which the
 * stage flags on every value.
 *
 * KF_ERR_DATA with a finding when the mean does not allow it. */
enum kf_err kf_indicator_normalize(const struct kf_panel *panel,
                                   const struct kf_indicator *indicator,
                                   const struct kf_values *values, double *normalized,
                                   struct kf_findings *findings, struct kf_error *err);

#endif

/* Whether the figures for the whole country are there that an indicator needs. Pure. */
#ifndef KF_NORMALIZE_COUNTRY_H
#define KF_NORMALIZE_COUNTRY_H

#include "common/base/findings.h"
#include "common/model/panel.h"

/* A finding, once, for every variable whose figure for the country is missing although the
 * indicator needs it, and KF_ERR_DATA when there is any: the terms that are marked so (METHOD I10),
 * and, where the edition's reference is the country, all of its terms, what they are divided by,
 * and outcome and regressors of its correction. */
enum kf_err kf_country_check(const struct kf_panel *panel, const struct kf_indicator *indicator,
                             struct kf_findings *findings, struct kf_error *err);

#endif

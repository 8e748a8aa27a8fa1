/* The table that a planner would love: how right projections were, told as text or CSV. */
#ifndef KF_TOOLS_PROJECTIONS_TEXT_H
#define KF_TOOLS_PROJECTIONS_TEXT_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/municipality.h"
#include "tools/kf/projection_errors.h"

/* Tables: one for each measure and statistic, a row for each edition, a column for each number of
 * years ahead; the largest errors in a table of their own. */
enum kf_err kf_projections_print(const struct kf_projection_errors *errors,
                                 const struct kf_municipalities *municipalities,
                                 struct kf_text *text, struct kf_error *err);

/* The same in long form, every cell a line. */
void kf_projections_print_csv(const struct kf_projection_errors *errors, struct kf_text *text);

#endif

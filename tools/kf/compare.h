/* What is published, set against printed tables: the largest difference of each measure.
 *
 * The tables come as CSV: table,sector,indicator,municipality,measure,value,imputed
 */
#ifndef KF_TOOLS_COMPARE_H
#define KF_TOOLS_COMPARE_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "tools/kf/published.h"

/* Appends a table with the number of values, the largest difference and its place for each measure,
 * and a line on which cells are imputed there and here. `*found` is false when a printed value is
 * not on the topics. KF_ERR_CONFIG when the file cannot be read, with file and line. */
enum kf_err kf_compare(const char *path, const struct kf_published *published, struct kf_text *text,
                       bool *found, struct kf_error *err);

#endif

/* Rows of results as a tidy table: CSV or JSON lines, one measure a row. */
#ifndef KF_TOOLS_OUTPUT_H
#define KF_TOOLS_OUTPUT_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/panel.h"

enum kf_output_format { KF_OUTPUT_CSV, KF_OUTPUT_JSON };

/* The header line of the CSV form:
 * topic,edition,year,municipality,sector,indicator,measure,value,unit,flags */
extern const char kf_output_header[];

/* Appends every row of the panel. A value that is missing is empty in CSV and null in JSON, and its
 * flags say why. Rows stand in the order of kf_panel_walk. */
enum kf_err kf_output_panel(const struct kf_panel *panel, enum kf_output_format format,
                            struct kf_text *text, struct kf_error *err);

#endif

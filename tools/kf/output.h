/* Rows of results as a tidy table: CSV or JSON lines, one measure a row, panel after panel; or as
 * tables for people (tools/kf/section.h).
 *
 *     struct kf_output output;
 *     kf_output_init(&output, KF_OUTPUT_CSV, stdout);
 *     code = kf_output_panel(&output, panel, &err);      … of each panel
 *     kf_output_clear(&output);
 *
 * Rows are written in pieces as they come, so that a panel of any size takes little memory. */
#ifndef KF_TOOLS_OUTPUT_H
#define KF_TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/panel.h"
#include "tools/kf/filter.h"
#include "tools/kf/section.h"

enum kf_output_format { KF_OUTPUT_CSV, KF_OUTPUT_JSON, KF_OUTPUT_TABLE };

struct kf_output {
    enum kf_output_format format;
    FILE *file;
    const struct kf_filter *filter;                 /* which rows are wanted; NULL: all */
    const struct kf_municipalities *municipalities; /* names in tables; NULL: codes alone */
    bool norwegian;                                 /* tables are */
    bool bold;                                      /* titles and headings of tables are */
    uint64_t lines;                                 /* of rows that were wanted */
    bool begun;          /* the header stands in the text, or is written */
    struct kf_text text; /* lines that are not written yet */
    struct kf_text head; /* of the lines of one topic and municipality: topic to municipality */
    struct kf_text key;  /* of the lines of a row: the head, sector, indicator */
    const char *municipality; /* whose head it is; NULL before the panel's first row */
    enum kf_topic topic;
    struct kf_section *section; /* rows of a table in the making */
};

/* An output to `file`, which is borrowed, of all rows; `filter` and what tables want may be set
 * after it. */
void kf_output_init(struct kf_output *self, enum kf_output_format format, FILE *file);

/* Frees what the output holds; what was not written is lost. */
void kf_output_clear(struct kf_output *self);

/* Writes every row of the panel that the filter takes. Tables begin with the edition's title and
 * the year, and end with what their marks mean; what follows is about the other forms. A value that
 * is missing is empty in CSV and null in JSON, and its flags say why. Rows stand in the order of
 * kf_panel_walk. CSV has the header line before the rows of the first panel:
 * topic,edition,year,municipality,sector,indicator,measure,value,unit,flags
 * KF_ERR_IO when the file cannot be written; KF_ERR_MEMORY; errors of kf_panel_walk, which write
 * nothing of the panel. After a failure the output is only good for kf_output_clear. */
enum kf_err kf_output_panel(struct kf_output *self, const struct kf_panel *panel,
                            struct kf_error *err);

#endif

/* One row of an observation file: its cells in, one observation or findings out. Pure.
 *
 * A file repeats few codes and names over many rows, so what a code or a name meant is remembered.
 */
#ifndef KF_INGEST_OBSERVATION_ROW_H
#define KF_INGEST_OBSERVATION_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/findings.h"
#include "common/model/municipality.h"
#include "common/model/observation.h"
#include "common/model/variable.h"
#include "services/ingest/csv/csv_fields.h"

enum kf_csv_column {
    KF_CSV_MUNICIPALITY,
    KF_CSV_YEAR,
    KF_CSV_VARIABLE,
    KF_CSV_VALUE,
    KF_CSV_STATUS,
    KF_CSV_UNIT,    /* may be left out */
    KF_CSV_NAME,    /* may be left out; for people */
    KF_CSV_COLUMNS, /* how many */
};

struct kf_observation_row_reader {
    const struct kf_municipalities *municipalities;
    const struct kf_variables *variables;
    const char *file; /* shown in findings */
    struct kf_findings *findings;
    const char *unknown;   /* remedy for a variable that is not registered; NULL: the common one */
    bool personal;         /* cells that are no figures may name persons: they are not shown */
    const char *column;    /* of the figure, shown in place of its variable; NULL: the variable's */
    const char *too_large; /* remedy for a figure above its bound; NULL: the common one */
    bool sheet; /* a spreadsheet's file: figures, marks and municipalities as it writes them */
    char mark;  /* sheet: what stands between whole and fraction, if known (sheet_figure.h) */

    /* What is remembered; start from zero. */
    uint8_t known[KF_CODES]; /* by code: 0 not asked yet, 1 known, 2 never a municipality */
    const struct kf_variable *variable;
};

/* The remedy for a variable that is not registered. */
const char *kf_observation_row_unknown(const struct kf_observation_row_reader *self);

/* Reads the cells of line `line` into `row` (without file). False when there was any fault: each is
 * then a finding, and `row` is unchanged. */
bool kf_observation_row_read(struct kf_observation_row_reader *self,
                             const struct kf_csv_field cells[KF_CSV_COLUMNS], uint64_t line,
                             struct kf_observation *row);

/* The parts of a row that has one place and many figures (the wide form). Each tells its faults as
 * kf_observation_row_read does, about line `row->line`, and leaves `row` as it was when there is
 * one.
 *
 * The place: municipality and year from their cells. */
bool kf_observation_row_place(struct kf_observation_row_reader *self,
                              const struct kf_csv_field cells[KF_CSV_COLUMNS],
                              struct kf_observation *row);

/* One figure of `self->variable`: the cell of the value, which is not empty; with `*` behind it
 * when it is preliminary; or a mark in place of one (`.` `..` `:`). The other cells are not looked
 * at, but for those of the place, which findings show. */
bool kf_observation_row_figure(struct kf_observation_row_reader *self,
                               const struct kf_csv_field cells[KF_CSV_COLUMNS],
                               struct kf_observation *row);

#endif

/* Reads observations from a CSV file. The header says in which form they stand.
 *
 * Long, a figure a row:
 *
 *     municipality,year,variable,value,status
 *     0301,2010,folkemengde,586860,
 *     0219,2010,utdanning_styrere,,..
 *
 * Columns in any order, their names in letters of either case; UTF-8, with or without a byte-order
 * mark; comma; decimal point; RFC 4180 quotes allowed; either line end. A header between semicolons
 * or tabs says that a spreadsheet saved the file: then it is read as such (observation_sheet.h),
 * and may be Windows-1252. `status` is empty for a
 * figure, `*` for one that may yet change or is given as uncertain (it counts, flagged
 * preliminary), else Statistics Norway's mark for its absence: `.` `..` `:`. A reported zero is a
 * figure (METHOD A3).
 *
 * Two more columns may be there, as in the forms that `kf template` prints:
 *
 *     municipality,year,variable,name,unit,value,status
 *     0138,2017,folkemengde,Inhabitants 1 January,persons,,
 *
 * `unit` is empty or the register's unit of the variable: an amount in 1000 kr cannot slip in as
 * kr. `name` is for people and not read, nor are columns `comment` or `kommentar` beside it; where
 * a name is, a line with neither value nor status
 * is one that nobody has filled in: no observation and no fault, but counted.
 *
 * Wide, a row a municipality and year and a column a variable (at most KF_WIDE_VARIABLES_MAX):
 *
 *     municipality,year,folkemengde,utdanning_styrere
 *     0301,2010,586860,..
 *
 * A mark stands in place of the figure, `*` behind a preliminary one: `12.5*`. An empty cell is no
 * figure given: no observation.
 *
 * Lines of accounts, 1000 kr, class D or I, summed into the variables that the register declares as
 * accounts (common/model/account_line.h); all lines of a municipality and year in one file:
 *
 *     municipality,year,account,function,art,amount,scope
 *     0301,2015,D,222,380,1965465,
 *     0301,2015,D,222,380,49550,saerbedrift
 *
 * `scope` is empty or kasse for the municipality's own accounts, saerbedrift for those of its
 * undertakings; the column may be left out.
 *
 * Users of resource-intensive services, a row a person, without name or number of anybody:
 *
 *     municipality,year,net_wage_cost_kr,age
 *     0138,2017,2345678,34
 *     0138,2017,1410000,
 *
 * Row i of a municipality and year becomes KF_USER_COST_VARIABLE i and KF_USER_AGE_VARIABLE i of
 * the register (METHOD G4–G6); all rows of a municipality and year in one file. A cost is at least
 * 0 and always there; the age, in whole years, may be left out, in a row or with its column. More
 * rows than the register has variables for are a fault. A cell that is no figure is not repeated in
 * a finding: it may be the name of somebody.
 *
 * Every fault becomes a finding with file, line, municipality, variable, cell and remedy, and
 * reading goes on, so that a person sees all faults at once; beyond KF_FINDINGS_MAX they are only
 * counted. A file whose header cannot be used, or that is no text, is not read further.
 *
 * Whether a municipality is valid in a year is for the edition to judge (there are figures of older
 * years on later borders), so here a code must only have existed at some time.
 */
#ifndef KF_INGEST_OBSERVATION_CSV_H
#define KF_INGEST_OBSERVATION_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/account.h"
#include "common/model/municipality.h"
#include "common/model/observation.h"
#include "services/ingest/source_digest.h"

#define KF_OBSERVATION_CSV_HEADER "municipality,year,variable,value,status"

#define KF_OBSERVATION_WIDE_HEADER "municipality,year,VARIABLE,VARIABLE,…"
#define KF_ACCOUNT_CSV_HEADER      "municipality,year,account,function,art,amount,scope"
#define KF_USER_CSV_HEADER         "municipality,year,net_wage_cost_kr,age"

/* What the figures of the form of users are called, before the number of the row. */
#define KF_USER_COST_VARIABLE "ressurskrevende_kostnad_"
#define KF_USER_AGE_VARIABLE  "ressurskrevende_alder_"

/* Room for the names of as many variables as a wide file may have. */
#define KF_OBSERVATION_CSV_LINE_BYTES ((size_t)512 * 1024)
#define KF_OBSERVATION_CSV_FILE_BYTES ((uint64_t)1024 * 1024 * 1024)

struct kf_observation_csv_options {
    const struct kf_municipalities *municipalities;
    const struct kf_accounts *accounts; /* NULL: no lines of accounts are read */
    size_t line_bytes_max;              /* 0: KF_OBSERVATION_CSV_LINE_BYTES */
    uint64_t file_bytes_max;            /* 0: KF_OBSERVATION_CSV_FILE_BYTES */
    const char *unknown; /* remedy for a variable that is not registered; NULL: the common one */
    const char *name;    /* shown in findings and kept by the table; NULL: the path */
};

/* Adds the rows of the file at `path` to `table` (not yet sealed), against the table's register of
 * variables. KF_OK: all rows were sound, `source` is filled. KF_ERR_DATA: there are findings; the
 * sound rows before them may have been added. KF_ERR_IO, KF_ERR_MEMORY: as they say. `source` is
 * unchanged on failure. */
enum kf_err kf_observation_csv_read(const char *path,
                                    const struct kf_observation_csv_options *options,
                                    struct kf_observations *table, struct kf_source_digest *source,
                                    struct kf_findings *findings, struct kf_error *err);

#endif

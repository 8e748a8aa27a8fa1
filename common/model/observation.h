/* Observations: (municipality, year, variable) → figure, as read from files, in canonical order.
 *
 * A table collects rows from any number of files, then is sealed: sorted by year, variable,
 * municipality, and checked for duplicates. Row and file order leave no trace after that.
 */
#ifndef KF_MODEL_OBSERVATION_H
#define KF_MODEL_OBSERVATION_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/municipality.h"
#include "common/model/variable.h"

#define KF_YEAR_MIN 1900
#define KF_YEAR_MAX 2100

struct kf_observation {
    double value;  /* canonical figure; 0 when there is none */
    uint32_t line; /* where it came from */
    uint16_t file; /* number of the file, see kf_observations_file */
    uint16_t year;
    uint16_t variable;     /* number in the register */
    uint16_t municipality; /* the code as a number; KF_OBSERVATION_COUNTRY for the country */
    uint8_t status;
};

#define KF_OBSERVATION_COUNTRY KF_CODES

struct kf_observations;

/* An empty table for at most `rows_max` rows. `variables` is borrowed for the table's life. */
struct kf_observations *kf_observations_new(const struct kf_variables *variables, size_t rows_max);
void kf_observations_destroy(struct kf_observations **self);

/* Makes `name` the file of the rows added from now on. */
enum kf_err kf_observations_begin_file(struct kf_observations *self, const char *name,
                                       struct kf_error *err);

/* Of a file whose rows of a municipality and year belong together, numbered within it: two files
 * that both have some are no row given twice. Such a clash is told once, at variable `first`, which
 * everybody there has a row of; with another file's rows each is told. */
struct kf_observations_whole {
    const char *first;
    const char *remedy; /* what to do with the files */
};

/* Says so of the file begun last. `whole` is borrowed for the table's life; files of one kind have
 * the same. */
void kf_observations_keep_whole(struct kf_observations *self,
                                const struct kf_observations_whole *whole);

/* Adds a row. KF_ERR_LIMIT beyond rows_max. `file` is set by the table. */
enum kf_err kf_observations_add(struct kf_observations *self, const struct kf_observation *row,
                                struct kf_error *err);

/* Sorts the rows and reports every cell given twice, naming both lines, also when both say the
 * same. KF_ERR_DATA when there was any. */
enum kf_err kf_observations_seal(struct kf_observations *self, struct kf_findings *findings,
                                 struct kf_error *err);

/* All rows; in canonical order once sealed. */
const struct kf_observation *kf_observations_rows(const struct kf_observations *self,
                                                  size_t *count);

/* The rows of one variable in one year, ascending by municipality. Only when sealed. */
const struct kf_observation *kf_observations_find(const struct kf_observations *self, int year,
                                                  size_t variable, size_t *count);

/* The row of one municipality (its code as a number, or KF_OBSERVATION_COUNTRY), or NULL. Only when
 * sealed. */
const struct kf_observation *kf_observations_cell(const struct kf_observations *self, int year,
                                                  size_t variable, unsigned code);

/* The row of one municipality among rows as kf_observations_find gives them, or NULL. */
const struct kf_observation *kf_observation_among(const struct kf_observation *rows, size_t count,
                                                  unsigned code);

/* Name of a file by its number. */
const char *kf_observations_file(const struct kf_observations *self, uint16_t file);

/* The register that numbers the variables of the rows. */
const struct kf_variables *kf_observations_variables(const struct kf_observations *self);

#endif

/* An observation file while it is read: what its forms share.
 *
 * The reader (observation_csv.c) goes through the lines and hands each, split into fields, to the
 * form that the header named: long, wide (observation_forms.c), lines of accounts (account_csv.c)
 * or users of resource-intensive services (user_csv.c).
 */
#ifndef KF_INGEST_OBSERVATION_FILE_H
#define KF_INGEST_OBSERVATION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/model/account.h"
#include "services/ingest/csv/observation_row.h"

/* Columns of variables in the wide form. */
#define KF_WIDE_VARIABLES_MAX 4096

/* Fields of a line that are kept: municipality, year and every variable. */
#define KF_OBSERVATION_FIELDS_MAX (KF_WIDE_VARIABLES_MAX + 2)

/* Columns that a form may know by name. */
#define KF_NAMED_COLUMNS_MAX 8

struct kf_account_lines;
struct kf_observation_file;

/* How one form is read. */
struct kf_observation_form {
    const char *header; /* as findings show it */
    unsigned figures;   /* which named columns hold figures, a bit each; wide: none */
    /* Takes the header's fields; what is wrong becomes findings. */
    enum kf_err (*begin)(struct kf_observation_file *self, size_t count, struct kf_error *err);
    /* Takes the fields of a row. */
    enum kf_err (*row)(struct kf_observation_file *self, size_t count, struct kf_error *err);
    /* After the last row of a file that was read to its end; NULL: nothing is left to do. */
    enum kf_err (*end)(struct kf_observation_file *self, struct kf_error *err);
};

struct kf_observation_file {
    struct kf_observation_row_reader row; /* registers, the file's name, findings */
    struct {
        const struct kf_accounts *accounts; /* NULL: no lines of accounts can be read */
    } registers;
    struct kf_observations *table;
    const struct kf_observation_form *form; /* NULL before the header is read */
    struct kf_csv_field *fields;            /* [KF_OBSERVATION_FIELDS_MAX] of the line */
    uint64_t line;
    uint64_t rows;  /* below the header */
    uint64_t blank; /* of them: lines of a form that nobody has filled in */
    bool useless;   /* reading on makes no sense */

    size_t position[KF_NAMED_COLUMNS_MAX]; /* of each named column; SIZE_MAX: not there */
    size_t width;                          /* columns of the header */
    const struct kf_variable **variables;  /* wide: [width], NULL for the two named columns */
    struct kf_account_lines *accounts;     /* lines of accounts: those read so far */
    uint16_t *users;                       /* users: how many so far, by year and municipality */
};

/* The forms, and which of them the header is: NULL, with a finding, when it is none. */
extern const struct kf_observation_form kf_observation_long;
extern const struct kf_observation_form kf_observation_wide;
extern const struct kf_observation_form kf_account_form;
extern const struct kf_observation_form kf_user_form;
const struct kf_observation_form *kf_observation_form_of(struct kf_observation_file *self,
                                                         size_t count);

/* The same without a finding: what the first `count` of the fields look like. */
const struct kf_observation_form *kf_observation_form_like(const struct kf_observation_file *self,
                                                           size_t count);

/* The header of the form as people should write it: with name and unit where `fields` have a name.
 * NULL in `form`: the long one. */
const char *kf_observation_header(const struct kf_observation_file *self,
                                  const struct kf_observation_form *form, size_t count);

/* The first of the fields that is a column's name in Norwegian, or NULL. */
const struct kf_csv_field *kf_observation_norwegian(const struct kf_observation_file *self,
                                                    size_t count);

/* True for the header of account lines: it has two columns that only they have. */
bool kf_account_header(const struct kf_csv_field *fields, size_t count);

/* True for the header of users: it has a column that only they have. */
bool kf_user_header(const struct kf_csv_field *fields, size_t count);

/* Frees the lines read so far; NULL in the pointer is fine, it is nulled. */
void kf_account_lines_destroy(struct kf_account_lines **self);

/* Adds a finding about the line; beyond KF_FINDINGS_MAX it only counts. */
void kf_observation_fault(struct kf_observation_file *self, const char *remedy, const char *problem,
                          ...) __attribute__((format(printf, 3, 4)));

/* A cell of a named column, with its row's municipality as it is written. */
struct kf_observation_cell {
    struct kf_csv_field municipality;
    const char *column;
    struct kf_csv_field text;
};

/* Adds a finding about a cell of the line; beyond KF_FINDINGS_MAX it only counts. Returns false, so
 * that a check can end with it. */
bool kf_observation_cell_fault(struct kf_observation_file *self,
                               const struct kf_observation_cell *cell, const char *remedy,
                               const char *problem);

/* True when the field is `text`. */
bool kf_csv_field_is(const struct kf_csv_field *field, const char *text);

/* True when the field is the column's name, in letters of either case. */
bool kf_csv_field_names(const struct kf_csv_field *field, const char *column);

/* The columns that a form knows by name. */
struct kf_named_columns {
    const char *const *names; /* at most KF_NAMED_COLUMNS_MAX */
    size_t count;
    size_t needed;      /* the first so many must be there */
    const char *remedy; /* for a header that is not so */
    bool comments;      /* columns comment and kommentar may be there and are not read */
};

/* Fills `position` from the header's fields; unknown, missing and doubled columns are findings. */
void kf_observation_columns(struct kf_observation_file *self,
                            const struct kf_named_columns *columns, size_t count);

/* Adds the observation to the table; more than it may hold is a finding that ends the reading. */
enum kf_err kf_observation_take(struct kf_observation_file *self, const struct kf_observation *row,
                                struct kf_error *err);

#endif

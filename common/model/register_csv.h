/* What the registers that are plain CSV files share: reading them line by line, splitting at commas
 * (no quoting), reading codes and years, and telling what is wrong with which cell.
 */
#ifndef KF_MODEL_REGISTER_CSV_H
#define KF_MODEL_REGISTER_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/municipality.h"

#define KF_REGISTER_COLUMNS_MAX 8

/* One cell, in the line that is being read. */
struct kf_field {
    const char *text;
    size_t length;
};

struct kf_register_csv {
    const char *path;
    const char *header; /* the first line, word for word */
    size_t columns;     /* at most KF_REGISTER_COLUMNS_MAX */
    size_t rows_max;
    struct kf_findings *findings;
    struct kf_error *err;
    uint64_t line; /* that findings are about; set while reading */
    size_t rows;   /* read so far */
    /* Takes a row of `columns` fields, telling what is wrong with it; anything but KF_OK ends the
     * reading. */
    enum kf_err (*take)(struct kf_register_csv *self, const struct kf_field *fields, void *context);
    /* After the last row: sorts them, and tells what is wrong with them together. */
    void (*finish)(struct kf_register_csv *self, void *context);
    void *context;
};

/* Hands every row below the header to `take`, then all of them to `finish`. A wrong header, a row
 * with another number of fields and a file without rows are findings. KF_ERR_CONFIG when there is
 * any finding, KF_ERR_LIMIT beyond rows_max, KF_ERR_IO, or what `take` returned. */
enum kf_err kf_register_csv_read(struct kf_register_csv *self);

/* Adds a finding about `field` (NULL: about the whole line) in `column` on the present line. */
void kf_register_csv_tell(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, const char *remedy, const char *problem);

/* Reads four digits as they stand, and as a number; a finding and false otherwise. */
bool kf_register_csv_code(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, char code[KF_MUNICIPALITY_SIZE],
                          uint16_t *number);

/* Reads a year from KF_EDITION_YEAR_MIN to KF_EDITION_YEAR_MAX; a finding and false otherwise. */
bool kf_register_csv_year(const struct kf_register_csv *self, const char *column,
                          const struct kf_field *field, int *year);

#endif

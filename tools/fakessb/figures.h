/* What a table is filled with: figures of files, or drawn ones. */
#ifndef KF_FAKESSB_FIGURES_H
#define KF_FAKESSB_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "tools/fakessb/table.h"

#define KF_FAKE_LINE_BYTES_MAX 65536
#define KF_FAKE_COLUMNS_MAX    1024

/* A variable of our files and the cells that it is, by dimension other than region and time. */
struct kf_fake_variable {
    const char *name;
    size_t places[KF_FAKE_DIMENSIONS_MAX]; /* of region and time: not used */
    double factor;                         /* of the file's figure to the table's */
};

struct kf_fake_figures {
    const char *path;
    size_t region; /* dimensions */
    size_t time;
    int year_offset;     /* of the file's year to the table's */
    const char *country; /* the table's code for the file's EAK, or NULL: EAK */
    const struct kf_fake_variable *variables;
    size_t variables_len;
};

/* Fills the table from a CSV file: wide (municipality, year, a column a variable) or long
 * (municipality, year, variable, value, status). Rows and variables that the table has no place for
 * are passed over; `filled` says how many cells were written. KF_ERR_CONFIG, with file and line,
 * for a file that cannot be read or a figure that is none. */
enum kf_err kf_fake_figures_read(const struct kf_fake_figures *self, struct kf_fake_table *table,
                                 size_t *filled, struct kf_error *err);

/* Draws every cell between `low` and `high`, whole numbers, the same for the same seed. */
void kf_fake_figures_draw(struct kf_fake_table *table, uint64_t seed, double low, double high);

#endif

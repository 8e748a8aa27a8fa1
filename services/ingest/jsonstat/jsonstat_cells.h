/* The cells of a table while it is read: figures and symbols in any order, before or after the
 * table's size is known. One double and one byte a cell, never more cells than the ceiling.
 */
#ifndef KF_INGEST_JSONSTAT_CELLS_H
#define KF_INGEST_JSONSTAT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/ingest/jsonstat/jsonstat.h"

/* Plain data; {.cells_max = …} is empty. */
struct kf_jsonstat_cells {
    double *values; /* NAN where there is no number */
    uint8_t *marks; /* number of the symbol, and what has been given */
    size_t room;
    size_t cells_max;
    size_t expected;   /* product of the sizes; 0: not known yet */
    size_t values_len; /* of a dense array */
    size_t marks_len;  /* of a dense array */
    size_t used;       /* beyond the last cell that anything was said of */
    size_t made;       /* cells with a defined content */
    bool has_values;
    bool has_marks;
    bool values_dense;
    bool marks_dense;
    uint8_t all; /* number of the symbol of all cells */
};

/* Frees what it holds; empty again, with the same ceiling. */
void kf_jsonstat_cells_clear(struct kf_jsonstat_cells *self);

/* Empty again; keeps the memory and the ceiling. */
void kf_jsonstat_cells_reset(struct kf_jsonstat_cells *self);

/* The errors of what follows say what is wrong, not where. KF_ERR_DATA; KF_ERR_LIMIT for more cells
 * than the ceiling; KF_ERR_MEMORY. */

/* The table has so many cells; that the figures fit is checked now or as they come. */
enum kf_err kf_jsonstat_cells_expect(struct kf_jsonstat_cells *self, size_t cells,
                                     struct kf_error *err);

/* Room for at least one more figure of a dense array, `*room` of them at `*values`;
 * kf_jsonstat_cells_added says how many were written. */
enum kf_err kf_jsonstat_cells_room(struct kf_jsonstat_cells *self, double **values, size_t *room,
                                   struct kf_error *err);
void kf_jsonstat_cells_added(struct kf_jsonstat_cells *self, size_t count);

/* A figure, or NAN, at a position of a sparse table; once for each. */
enum kf_err kf_jsonstat_cells_put(struct kf_jsonstat_cells *self, size_t position, double value,
                                  struct kf_error *err);

/* The next symbol of a dense array, and one at a position. */
enum kf_err kf_jsonstat_cells_mark_next(struct kf_jsonstat_cells *self, unsigned number,
                                        struct kf_error *err);
enum kf_err kf_jsonstat_cells_mark(struct kf_jsonstat_cells *self, size_t position, unsigned number,
                                   struct kf_error *err);

/* Everything has come: checks the counts against what is expected and turns symbols into statuses.
 * `values` and `marks` are then those of struct kf_jsonstat. Call with has_values only. */
enum kf_err kf_jsonstat_cells_finish(struct kf_jsonstat_cells *self,
                                     const struct kf_jsonstat_limits *limits, struct kf_error *err);

#endif

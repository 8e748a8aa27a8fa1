/* json-stat: a table of statistics as Statistics Norway's API answers it.
 *
 *     struct kf_jsonstat_reader *reader = NULL;
 *     code = kf_jsonstat_reader_new(&limits, &reader, &err);
 *     while (…) code = kf_jsonstat_reader_feed(reader, bytes, length, &err);
 *     code = kf_jsonstat_reader_finish(reader, &table, &err);
 *     …                                     the table lives as long as the reader
 *     kf_jsonstat_reader_destroy(&reader);
 *
 * Text comes in pieces of any size, cut anywhere; what is kept is bounded by the limits whatever
 * comes: one double and one byte a cell, the texts of the dimensions and the notes. Strict JSON
 * (RFC 8259, UTF-8, no key twice in an object that is read) and strict json-stat: sizes are those
 * of the categories, values as many as their product. Members may come in any order, values before
 * dimensions; those that are not known are passed over, checked as JSON. A null stands for a member
 * that is not there, but for class, version, id, size, dimension, category and index.
 *
 * Read are json-stat 2 of class dataset (values dense, as an array, or sparse, as an object by
 * position; with `status` as one text, an array or an object; an answer without `value` is a
 * table's description) and json-stat 1 with one dataset (`{"dataset": {…}}`, as recorded from the
 * old interface; `dimension` holds id, size and role, so that no dimension is called role). The
 * index of a dimension with one category may be left out. Notes of dimensions and categories are
 * passed over.
 *
 * A figure is a number with an empty status or `*` (preliminary). Every other symbol makes the cell
 * one without a figure, also where a number stands beside it: `.` not applicable, `..` `...` and
 * `-` missing, `:` confidential; a null without a symbol is missing. A symbol nobody has told of is
 * a fault: `symbols` of the limits adds to the list.
 */
#ifndef KF_INGEST_JSONSTAT_H
#define KF_INGEST_JSONSTAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

#define KF_JSONSTAT_DIMENSIONS_MAX 16

/* What a symbol means, besides those every table may have. */
struct kf_jsonstat_symbol {
    const char *symbol;
    uint8_t status; /* KF_CELL_…; with KF_CELL_PRELIMINARY alone the number beside it counts */
};

/* 0 and NULL: the usual. Besides what the texts take, a single text under way and the list of names
 * are bounded by text_bytes_max; nesting is never deeper than 128, and at most 48 symbols are
 * added.
 */
struct kf_jsonstat_limits {
    size_t cells_max;      /* 800 000 */
    size_t categories_max; /* of a dimension: 20 000 */
    size_t text_bytes_max; /* of all that is kept: 16 MiB */
    unsigned depth_max;    /* of nesting: 32 */
    uint64_t bytes_max;    /* of the document: 256 MiB */
    const struct kf_jsonstat_symbol *symbols;
    size_t symbols_len;
};

enum kf_jsonstat_role {
    KF_JSONSTAT_PLAIN = 0,
    KF_JSONSTAT_TIME,
    KF_JSONSTAT_GEO,
    KF_JSONSTAT_METRIC,
};

struct kf_jsonstat_category {
    const char *code;
    const char *label; /* "" when there is none */
    const char *unit;  /* base of its unit, of a metric; else "" */
    int decimals;      /* of a metric; -1 when it does not say */
};

struct kf_jsonstat_dimension {
    const char *id;
    const char *label;
    enum kf_jsonstat_role role;
    bool elimination;                              /* may be left out of a question */
    const struct kf_jsonstat_category *categories; /* in the order of their positions */
    size_t categories_len;
};

/* Cells are in row-major order, the last dimension fastest. */
struct kf_jsonstat {
    const char *label;
    const char *source;
    const char *updated; /* as it stands, RFC 3339 or "" */
    const char *table; /* extension.px.tableid; else the digits before the colon that `label` begins
                          with ("12362: …"); or "" */
    const char *const *notes; /* of the dataset */
    size_t notes_len;
    const struct kf_jsonstat_dimension *dimensions;
    size_t dimensions_len;
    size_t cells;          /* product of the sizes */
    const double *values;  /* [cells], 0 where there is no figure; NULL in a description */
    const uint8_t *status; /* [cells], KF_CELL_…; NULL likewise */
};

struct kf_jsonstat_reader;

/* `limits` may be NULL; its symbols are borrowed for the reader's life. KF_ERR_MEMORY. */
enum kf_err kf_jsonstat_reader_new(const struct kf_jsonstat_limits *limits,
                                   struct kf_jsonstat_reader **reader, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_jsonstat_reader_destroy(struct kf_jsonstat_reader **self);

/* Takes the next piece. KF_ERR_DATA when it is no json-stat: the text names the byte offset and
 * where in the document (`dimension.Tid.category.index`); KF_ERR_CONFIG for a symbol that nobody
 * has told of; KF_ERR_LIMIT, KF_ERR_MEMORY. After a failure every further call fails the same way.
 */
enum kf_err kf_jsonstat_reader_feed(struct kf_jsonstat_reader *self, const void *bytes,
                                    size_t length, struct kf_error *err);

/* Says that the document has ended. A cut one is KF_ERR_DATA. */
enum kf_err kf_jsonstat_reader_finish(struct kf_jsonstat_reader *self,
                                      const struct kf_jsonstat **table, struct kf_error *err);

/* Starts over with the same limits; the table read before is gone. */
void kf_jsonstat_reader_reset(struct kf_jsonstat_reader *self);

/* The dimension of that id, or NULL; its place in `place` unless NULL. */
const struct kf_jsonstat_dimension *kf_jsonstat_dimension(const struct kf_jsonstat *self,
                                                          const char *id, size_t *place);

/* The place of a code among the dimension's categories, or SIZE_MAX. */
size_t kf_jsonstat_category(const struct kf_jsonstat_dimension *self, const char *code);

#endif

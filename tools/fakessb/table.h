/* A table as the fake server holds it: dimensions with their codes, and all cells.
 *
 * A cell has a figure or a status symbol of its own, and may wear a mask: a symbol that is shown in
 * its place (dots before 08.00) until it is taken off. A code may be hidden: then the table is told
 * as if it had none. Texts live in the arena that the table was made with.
 */
#ifndef KF_FAKESSB_TABLE_H
#define KF_FAKESSB_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"

#define KF_FAKE_DIMENSIONS_MAX 12
#define KF_FAKE_CODES_MAX      20000
#define KF_FAKE_CELLS_MAX      4000000
#define KF_FAKE_SYMBOL_SIZE    4

enum kf_fake_role { KF_FAKE_PLAIN, KF_FAKE_TIME, KF_FAKE_GEO, KF_FAKE_METRIC, KF_FAKE_ROLES };

struct kf_fake_code {
    const char *code;
    const char *label;
    const char *unit;        /* of a metric; else "" */
    const char *description; /* URN of its definition, or "" */
    int decimals;
    bool hidden;
};

struct kf_fake_dimension {
    const char *id;
    const char *label;
    const char *description; /* URN of its classification, or "" */
    enum kf_fake_role role;
    bool elimination; /* may be left out of a question */
    bool has_total;   /* its last code is the total: taken when it is left out, and never shown */
    struct kf_fake_code *codes;
    size_t codes_len;
};

struct kf_fake_cell {
    double value;
    char status[KF_FAKE_SYMBOL_SIZE]; /* "" : there is a figure */
    char mask[KF_FAKE_SYMBOL_SIZE];   /* shown in its place; "0" is the figure 0; "" : none */
};

struct kf_fake_table {
    struct kf_arena *arena; /* borrowed */
    const char *id;
    const char *label;
    const char *subject_code;
    const char *subject;
    const char *contact;
    const char *const *notes;
    size_t notes_len;
    const char *recorded; /* the answer that it was read from, for the whole table, or NULL */
    int64_t updated_ms;
    uint64_t version; /* grows with every change */
    struct kf_fake_dimension dimensions[KF_FAKE_DIMENSIONS_MAX];
    size_t dimensions_len;
    struct kf_fake_cell *cells; /* row-major, the last dimension fastest */
    size_t cells_len;
};

/* Frees the cells and the lists of codes; texts stay in the arena. */
void kf_fake_table_clear(struct kf_fake_table *self);

/* Makes room for the cells of the dimensions, all "..". KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_fake_table_make_cells(struct kf_fake_table *self, struct kf_error *err);

/* Appends a code to a dimension that has no cells yet. KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_fake_dimension_add(struct kf_fake_dimension *self, const struct kf_fake_code *code,
                                  struct kf_error *err);

/* The place of the dimension, or SIZE_MAX. */
size_t kf_fake_table_dimension(const struct kf_fake_table *self, const char *id);

/* The place of the code, hidden or not, or SIZE_MAX. */
size_t kf_fake_dimension_code(const struct kf_fake_dimension *self, const char *code);

/* True for a code that clients see. */
bool kf_fake_dimension_shows(const struct kf_fake_dimension *self, size_t code);

/* How many codes clients see. */
size_t kf_fake_dimension_shown(const struct kf_fake_dimension *self);

/* What a cell shows: its figure and NULL, or a symbol. */
const char *kf_fake_cell_shows(const struct kf_fake_cell *self, double *value);

/* --- changes ----------------------------------------------------------------------------------
 */

/* Which cells: for each dimension of the table a flag a code; NULL: all of its codes. */
struct kf_fake_where {
    bool *codes[KF_FAKE_DIMENSIONS_MAX];
};

/* Reads a selection's expressions into flags of the arena: `texts[i]` are the expressions of
 * `dimensions[i]`. KF_ERR_DATA naming what the table has not. */
enum kf_err kf_fake_where_add(const struct kf_fake_table *table, const char *dimension,
                              const char *const *texts, size_t texts_len,
                              struct kf_fake_where *where, struct kf_error *err);

/* Visits the cells of `where` in their order. */
typedef void kf_fake_cell_visit(void *context, struct kf_fake_cell *cell);
void kf_fake_table_visit(struct kf_fake_table *self, const struct kf_fake_where *where,
                         kf_fake_cell_visit *visit, void *context);

/* Adds a code with cells of ".."; the total stays last. KF_ERR_DATA when it is there already,
 * KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_fake_table_add_code(struct kf_fake_table *self, size_t dimension,
                                   const struct kf_fake_code *code, struct kf_error *err);

#endif

/* Tables on a terminal: columns aligned, headings wrapped, marks behind numbers that do not push
 * the digits out of line. Widths are counted in characters, not bytes.
 *
 *     Municipality   Nursing     Social
 *                   and care   services
 *     Bærum            98.1*     101.2*
 *     Tromsø          104.0      110.7
 */
#ifndef KF_TOOLS_TABLE_H
#define KF_TOOLS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"

#define KF_TABLE_COLUMNS_MAX 64
#define KF_TABLE_ROWS_MAX    100000
#define KF_TABLE_HEADING_MAX 10 /* characters of a heading's line, if its words allow */

enum kf_table_align { KF_TABLE_LEFT, KF_TABLE_RIGHT };

struct kf_table;

/* An empty table. NULL when there is no memory. */
struct kf_table *kf_table_new(void);
void kf_table_destroy(struct kf_table **self);

/* Adds a column, before any cell. Texts are copied. A text that cannot be stored (no memory, too
 * many columns or rows) makes printing fail, not this. */
void kf_table_add_column(struct kf_table *self, const char *heading, enum kf_table_align align);

/* Adds the next cell, row by row, left to right. `mark` stands behind the text; "" for none. */
void kf_table_add_cell(struct kf_table *self, const char *text, const char *mark);

/* Adds a number with `decimals` places; never "-0.0". */
void kf_table_add_number(struct kf_table *self, double number, int decimals, const char *mark);

/* Appends the table, each line indented by two spaces, without spaces at line ends; the heading
 * between `on` and `off` (may be ""). The last row may be short. KF_ERR_MEMORY when something could
 * not be stored. */
enum kf_err kf_table_print(const struct kf_table *self, const char *on, const char *off,
                           struct kf_text *text, struct kf_error *err);

#endif

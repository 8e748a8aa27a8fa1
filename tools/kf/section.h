/* Rows of one municipality, or of the group, on one topic, as tables for people: a line for each
 * sector and indicator, a column for each measure, numbers rounded for reading. Rows whose measures
 * have little in common stand in tables of their own. Pure: from rows to text.
 *
 *     kf_section_add(section, row, &err);              … each row of a municipality and topic
 *     kf_section_print(section, &view, text, &err);    and so on with the next municipality
 */
#ifndef KF_TOOLS_SECTION_H
#define KF_TOOLS_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/edition.h"
#include "common/model/row.h"

/* How sections are told. Everything is borrowed. */
struct kf_section_view {
    const struct kf_edition *edition;
    const struct kf_municipalities *municipalities; /* names; NULL: codes alone */
    int year;
    bool norwegian;
    const char *on; /* around titles and headings: bold, or "" */
    const char *off;
};

struct kf_section;

/* A section without rows. NULL when there is no memory. */
struct kf_section *kf_section_new(void);
void kf_section_destroy(struct kf_section **self);

/* True when the row belongs to another municipality or topic than those that were added. */
bool kf_section_ends(const struct kf_section *self, const struct kf_row *row);

/* Adds a copy of the row; its texts are borrowed until the section is printed. KF_ERR_MEMORY;
 * KF_ERR_LIMIT beyond KF_TABLE_ROWS_MAX rows. */
enum kf_err kf_section_add(struct kf_section *self, const struct kf_row *row, struct kf_error *err);

/* Appends the tables and empties the section. Rows without a value are left out, and with them the
 * section when it has no other. kr are whole, with thin spaces between thousands; costs of an hour
 * or a day have one decimal, percentages one, million kr two, or one from 100 on. Where a column
 * has several units, each cell tells its own. KF_ERR_MEMORY. */
enum kf_err kf_section_print(struct kf_section *self, const struct kf_section_view *view,
                             struct kf_text *text, struct kf_error *err);

/* Appends what the marks and signs mean that stood in sections since the last time. */
void kf_section_explain(struct kf_section *self, const struct kf_section_view *view,
                        struct kf_text *text);

#endif

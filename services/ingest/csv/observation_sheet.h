/* An observation file that a spreadsheet saved: columns between semicolons or tabs.
 *
 * The header line alone says whether a file is one: it has no comma outside quotes, or Excel's
 * line `sep=;` stands before it. Then, and only then, the file is read as spreadsheets write:
 * decimal comma, marks between thousands, Windows-1252, Norwegian names of columns, empty columns
 * and lines at the end. What the file as a whole must say (its encoding, what its comma means) is
 * found by going through it once before its rows are read.
 */
#ifndef KF_INGEST_OBSERVATION_SHEET_H
#define KF_INGEST_OBSERVATION_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "services/ingest/csv/observation_file.h"

/* What the file as a whole says; 0 in a line's number: no line. */
struct kf_sheet {
    char separator;
    uint64_t comma_line;   /* the first whose figure can only have a decimal comma */
    uint64_t point_line;   /* … a decimal point */
    uint64_t utf8_line;    /* the first with letters beyond ASCII in UTF-8 */
    uint64_t foreign_line; /* the first that is no UTF-8: Windows-1252 */
    uint64_t cut_line;     /* the last, when nothing ends it */
};

/* Which separator the header has: a comma, a semicolon or a tab; zero when it has a semicolon and a
 * tab outside quotes, and no comma. A comma when it has none. */
char kf_sheet_separator(const char *line, size_t length);

/* True for `sep=;` and the like, which Excel understands: `separator` is then written. */
bool kf_sheet_names_separator(const char *line, size_t length, char *separator);

/* The header's fields without spaces around them, with English names for Norwegian ones that are no
 * variable's. Returns how many there are without those at the end that are empty. */
size_t kf_sheet_header(struct kf_observation_file *file, size_t count);

/* The fields of a row made as many as the header has: empty ones at the end are added or left out.
 * False when that is not possible, or there is nothing on the line (`count` is 0 then, and it is no
 * fault; else there is a finding). */
bool kf_sheet_row(struct kf_observation_file *file, const struct kf_sheet *sheet, size_t *count);

/* Notes what the figures of a row, which is line `line`, say about the file's decimal mark. */
void kf_sheet_note_figures(struct kf_sheet *self, const struct kf_observation_file *file,
                           size_t count, uint64_t line);

/* Notes what a line says about the file's encoding. */
void kf_sheet_note_text(struct kf_sheet *self, const char *line, size_t length, uint64_t number);

/* False, with a finding that ends the reading, when the file contradicts itself. */
bool kf_sheet_check(const struct kf_sheet *self, struct kf_observation_file *file);

/* The mark between whole and fraction, or unknown (sheet_figure.h). */
char kf_sheet_mark(const struct kf_sheet *self);

#endif

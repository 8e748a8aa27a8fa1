/* One line of CSV into its fields (RFC 4180, with any separator: optional double quotes, a quote
 * doubled inside quotes). A quoted field must end on its line: observation files have no texts that
 * need more.
 */
#ifndef KF_INGEST_CSV_FIELDS_H
#define KF_INGEST_CSV_FIELDS_H

#include <stddef.h>

/* A field's text without its quotes; not NUL-terminated. */
struct kf_csv_field {
    const char *text;
    size_t length;
};

/* A line without its end. */
struct kf_csv_line {
    const char *text;
    size_t length;
    char separator; /* a comma, a semicolon or a tab */
};

enum kf_csv_fault {
    KF_CSV_SOUND = 0,
    KF_CSV_QUOTE_OPEN,  /* a quoted field does not end on the line */
    KF_CSV_QUOTE_STRAY, /* text stands outside the quotes of a quoted field */
};

/* Splits the line. The first `fields_max` fields land in `fields`, further ones
 * are only counted; they point into `line` or, where quotes were doubled, into `scratch`, which
 * must have room for as many bytes as the line has. `count` is the number of all fields, at
 * least 1. On a fault the outputs mean nothing. */
enum kf_csv_fault kf_csv_split(const struct kf_csv_line *line, char *scratch,
                               struct kf_csv_field *fields, size_t fields_max, size_t *count);

#endif

/* A figure as a spreadsheet writes it: "1 234,5", "1.234,5", "1'234.5", "−3,2 %", "12,5*".
 *
 * Which mark divides whole from fraction is asked of the whole file: a cell that can be read in one
 * way only says it for all ("12,5", "1.234.567", "0.5"); "1,234" and "1.234" say nothing and are
 * read only once another cell has. Thousands are groups of exactly three digits between spaces
 * (plain, no-break, thin, narrow), apostrophes, or the mark that does not divide. What could be
 * read in two ways is never guessed. Pure.
 */
#ifndef KF_INGEST_SHEET_FIGURE_H
#define KF_INGEST_SHEET_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#define KF_SHEET_FIGURE_SIZE 48

/* The mark between whole and fraction: a comma, a point, or not known. */
#define KF_SHEET_MARK_UNKNOWN '\0'

enum kf_sheet_reading {
    KF_SHEET_SOUND = 0, /* `figure` is filled */
    KF_SHEET_AMBIGUOUS, /* no cell of the file says which: `figure` and `other` are the two */
    KF_SHEET_ROUNDED,   /* 1,2E+05: shown with the digits that had room, the others are lost */
    KF_SHEET_NO_NUMBER, /* or not with this file's mark */
};

struct kf_sheet_figure {
    char figure[KF_SHEET_FIGURE_SIZE]; /* digits with a decimal point, as kf_decimal_parse wants */
    char other[KF_SHEET_FIGURE_SIZE];  /* ambiguous: the mark taken for one between thousands */
    bool starred;                      /* a `*` stood behind it */
    bool percent;                      /* a percent sign stood behind it */
};

/* The `length` bytes without the spaces before and behind them, of which no-break ones are some. */
void kf_sheet_trim(const char **text, size_t *length);

/* Reads the `length` bytes; `mark` is what the file has between whole and fraction, if known. */
enum kf_sheet_reading kf_sheet_figure_read(const char *text, size_t length, char mark,
                                           struct kf_sheet_figure *figure);

/* The mark that this cell shows its file to have; unknown when it can be read with either. */
char kf_sheet_figure_mark(const char *text, size_t length);

#endif

/* What somebody may have meant by a cell that is no number: spaces, a decimal comma, words around
 * it. For remedies that name the figure to write. Pure.
 */
#ifndef KF_INGEST_NUMBER_SLIP_H
#define KF_INGEST_NUMBER_SLIP_H

#include <stddef.h>

#define KF_NUMBER_SLIP_SIZE 40

enum kf_number_slip {
    KF_NUMBER_UNKNOWN,   /* nothing can be said */
    KF_NUMBER_SPACED,    /* 586 860, also with no-break and thin spaces */
    KF_NUMBER_COMMA,     /* 1,5 or 1 234,5 or 1.234,5: a decimal comma */
    KF_NUMBER_THOUSANDS, /* 1,234,567 or 1,234.5: commas between thousands */
    KF_NUMBER_AMBIGUOUS, /* 4,917: a decimal comma, or one between thousands */
    KF_NUMBER_WORDS,     /* 4917 kr, ca 4917, 34 år, 12 %: a number among something else */
};

/* The figures as they should be written; "" where there is none. */
struct kf_number_meant {
    char figure[KF_NUMBER_SLIP_SIZE];
    char other[KF_NUMBER_SLIP_SIZE]; /* the second reading of an ambiguous one */
};

/* What the `length` bytes at `text`, which are no number, look like. `meant` is filled unless
 * unknown; figures in it are numbers. */
enum kf_number_slip kf_number_slip_of(const char *text, size_t length,
                                      struct kf_number_meant *meant);

#endif

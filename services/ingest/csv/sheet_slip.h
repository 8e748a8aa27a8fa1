/* What a spreadsheet has made of a figure that it should have left alone: an error of a formula, a
 * date, a row of hash signs. For findings that say what to do in the spreadsheet. Pure.
 */
#ifndef KF_INGEST_SHEET_SLIP_H
#define KF_INGEST_SHEET_SLIP_H

#include <stdbool.h>
#include <stddef.h>

struct kf_sheet_slip {
    const char *problem;
    const char *remedy;
};

/* True when the `length` bytes at `text` look like such a cell; `slip` is then filled. */
bool kf_sheet_slip_of(const char *text, size_t length, struct kf_sheet_slip *slip);

#endif

/* What moved, told as tables for people, as CSV or as JSON lines. All append to a text. */
#ifndef KF_TOOLS_MOVES_TEXT_H
#define KF_TOOLS_MOVES_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/municipality.h"
#include "tools/kf/moves.h"

struct kf_moves_view {
    const struct kf_edition *edition;
    int year;
    const struct kf_municipalities *municipalities; /* names; NULL: codes alone */
    size_t limit;                                   /* lines of a table; SIZE_MAX: all */
    bool norwegian;
    bool json; /* of kf_moves_print_lines: JSON, not CSV */
};

/* Of figures: how many moved, a line for each variable of which any did, then the largest changes,
 * what vanished, what is new. */
enum kf_err kf_moves_print_figures(const struct kf_moves *moves, const struct kf_moves_view *view,
                                   struct kf_text *text, struct kf_error *err);

/* Of rows: how many moved, a line for each topic, sector and indicator of which any did, then the
 * largest changes, and the ranks that changed. */
enum kf_err kf_moves_print_rows(const struct kf_moves *moves, const struct kf_moves_view *view,
                                struct kf_text *text, struct kf_error *err);

/* Every move a line, the limit's number at most, group by group:
 * what,move,edition,panel_year,topic,sector,indicator,measure,variable,year,municipality,before,
 * after,percent,flags_before,flags_after; `what` is figure or row, a value that is missing is empty
 * (null in JSON). */
void kf_moves_print_lines(const struct kf_moves *moves, const struct kf_moves_view *view,
                          struct kf_text *text);

/* The header of those lines as CSV. */
void kf_moves_print_head(struct kf_text *text);

#endif

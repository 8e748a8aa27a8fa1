/* Lines of a screen: as wide as it is at most, and no more of them than it has. Widths are counted
 * in characters; colours take none. */
#ifndef KF_TOOLS_TOP_CANVAS_H
#define KF_TOOLS_TOP_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"

enum kf_top_colour {
    KF_TOP_PLAIN,
    KF_TOP_BOLD,
    KF_TOP_DIM,
    KF_TOP_GREEN,
    KF_TOP_YELLOW,
    KF_TOP_RED
};

struct kf_top_canvas {
    struct kf_text *text;
    const char *end; /* of a line */
    size_t columns;
    size_t rows; /* 0: no limit */
    bool colour;
    size_t row;    /* of the line that is being written, from 0 */
    size_t column; /* how many characters of it stand */
    bool cut;      /* it is full: the rest of it is left out */
};

/* Appends to the line what fits of `piece`; `…` stands where it was cut. What could obey a terminal
 * in it becomes `?`. */
void kf_top_put(struct kf_top_canvas *self, enum kf_top_colour colour, const char *piece);

/* The same, formatted, plain, and of 1023 bytes at most. */
void kf_top_put_format(struct kf_top_canvas *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Spaces up to `column`. */
void kf_top_pad(struct kf_top_canvas *self, size_t column);

/* Ends the line. Lines beyond the rows are counted and not written. */
void kf_top_end(struct kf_top_canvas *self);

/* How many characters the UTF-8 text has. */
size_t kf_top_width(const char *text);

#endif

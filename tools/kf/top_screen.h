/* What `kf top` shows: the line of stages, what ingest and publish tell, the newest releases, as
 * lines of text that fit a terminal. Pure: the line and the time come in, text comes out.
 *
 * What a narrow terminal has no room for is left out, the least needed column first; a line that is
 * too long ends in `…`. Every state is a word, so that nothing rests on its colour.
 */
#ifndef KF_TOOLS_TOP_SCREEN_H
#define KF_TOOLS_TOP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"
#include "services/board/line/line.h"

#define KF_TOP_COLUMNS_MIN 20
#define KF_TOP_COLUMNS_MAX 400

struct kf_top_screen {
    size_t columns; /* taken for KF_TOP_COLUMNS_MIN to KF_TOP_COLUMNS_MAX */
    size_t rows;    /* at most so many lines, the last of them tells of more; 0: no limit */
    bool colour;
    int64_t now_ms;     /* wall */
    const char *hint;   /* behind the title, such as "q quits"; or "" */
    const char *denied; /* why connections do not come about, or "" */
};

/* Appends the lines, each ended with `end`. */
void kf_top_draw(const struct kf_line *line, const struct kf_top_screen *screen, const char *end,
                 struct kf_text *text);

/* Writes how long `ms` is, in the two largest units: "340 ms", "12 s", "3 min", "4 h 12 min",
 * "9 d". Less than nothing is "0 s". */
#define KF_TOP_DURATION_SIZE 32
void kf_top_duration(int64_t ms, char text[KF_TOP_DURATION_SIZE]);

#endif

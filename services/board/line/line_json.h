/* The line as JSON, in the form of the board's API (`Status` in services/board/page/src/api.ts). */
#ifndef KF_BOARD_LINE_JSON_H
#define KF_BOARD_LINE_JSON_H

#include "common/base/text.h"
#include "services/board/line/line.h"

/* Appends the members `"stages":[…]`, and `"ingest":{…}` and `"publish":{…}` while these answer,
 * of an object that is open. */
void kf_line_json(const struct kf_line *line, struct kf_text *json);

#endif

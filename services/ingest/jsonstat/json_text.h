/* The inside of a text of JSON, for json_scan: from behind its opening quote to its closing one. */
#ifndef KF_INGEST_JSON_TEXT_H
#define KF_INGEST_JSON_TEXT_H

#include "services/ingest/jsonstat/json_scan.h"

/* Where in a text the piece ended. */
enum kf_json_partial {
    KF_JSON_PARTIAL_NONE = 0,
    KF_JSON_PARTIAL_TEXT,
    KF_JSON_PARTIAL_ESCAPE, /* behind the backslash */
    KF_JSON_PARTIAL_HEX,    /* within the four digits */
    KF_JSON_PARTIAL_NUMBER,
    KF_JSON_PARTIAL_WORD,
};

/* Begins a text; `self->at` stands behind the quote. */
void kf_json_text_begin(struct kf_json_scan *self);

/* Goes on with it. KF_OK when the closing quote has been taken and self->text holds all of it,
 * checked; KF_ERR_AGAIN at the end of the piece; else as kf_json_scan_next. */
enum kf_err kf_json_text_go_on(struct kf_json_scan *self, struct kf_error *err);

/* Adds to self->text. KF_ERR_LIMIT, KF_ERR_MEMORY. */
enum kf_err kf_json_text_add(struct kf_json_scan *self, const char *bytes, size_t length,
                             struct kf_error *err);

#endif

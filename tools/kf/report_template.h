/* The page that a report is made of: HTML with places where the language, the comparison group, the
 * title and the figures stand. The page itself is built from services/board/page. */
#ifndef KF_TOOLS_REPORT_TEMPLATE_H
#define KF_TOOLS_REPORT_TEMPLATE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"

/* What is filled in. */
struct kf_report_values {
    const char *language; /* nb or en */
    const char *group;    /* comparison group; "" for the page's own choice */
    const char *title;
    const char *article; /* JSON */
    size_t article_len;
};

/* Takes a piece of the report; whatever it returns but KF_OK ends the writing. */
typedef enum kf_err kf_report_sink(void *context, const char *bytes, size_t length,
                                   struct kf_error *err);

/* Writes the page of `template_len` bytes with the values in their places, in pieces, to `sink`.
 * Words are escaped as HTML wants it; of the JSON every < becomes \u003c, so that nothing in it
 * ends the element that it stands in. KF_ERR_INTERNAL when the template has other places than
 * these, or not every one of them exactly once. */
enum kf_err kf_report_write(const char *template, size_t template_len,
                            const struct kf_report_values *values, kf_report_sink *sink,
                            void *context, struct kf_error *err);

/* Appends words as HTML wants them, in text and in attributes. */
void kf_report_escape(const char *words, struct kf_text *html);

#endif

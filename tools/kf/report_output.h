/* Where reports are written: one file, or a folder with one for each municipality; as HTML or, by a
 * browser, as PDF. A file is there whole or not at all. */
#ifndef KF_TOOLS_REPORT_OUTPUT_H
#define KF_TOOLS_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"

enum kf_report_format { KF_REPORT_HTML, KF_REPORT_PDF };

/* What a command line says of it. */
struct kf_report_place {
    const char *path;
    bool folder; /* else one file */
    enum kf_report_format format;
};

/* Reads --output and --format (NULL: not given): FILE.html and FILE.pdf are files, what is a folder
 * or ends in / is one, and so is what ends otherwise when there are `several` reports.
 * KF_ERR_CONFIG when both do not fit, or several reports were to be one file. */
enum kf_err kf_report_place_read(const char *path, const char *format, bool several,
                                 struct kf_report_place *place, struct kf_error *err);

struct kf_report_output;

struct kf_report_output_options {
    struct kf_report_place place; /* borrowed path */
    const char *browser;          /* a Chromium; NULL: the first on the PATH */
    int stop;                     /* readable when the work is to end; -1 */
};

/* Makes the folder where there is none yet, and starts the browser when there is need of it.
 * KF_ERR_CONFIG, KF_ERR_PEER, KF_ERR_AGAIN when it was stopped. Call from the main thread. */
enum kf_err kf_report_output_open(const struct kf_report_output_options *options,
                                  struct kf_report_output **output, struct kf_error *err);

/* Ends the browser. NULL is fine, the pointer is nulled. */
void kf_report_output_close(struct kf_report_output **self);

/* One report. */
struct kf_report {
    const char *code;
    const char *name;     /* of the municipality */
    const char *title;    /* on every sheet, too */
    const char *language; /* nb or en */
    const char *group;    /* comparison group, as the page's addresses have it; "" */
    const char *article;  /* JSON */
    size_t article_len;
};

/* Writes it; `path` (emptied first) is the file, `bytes` its size. Nothing is left of one that
 * fails. KF_ERR_DATA, KF_ERR_LIMIT, KF_ERR_CONFIG: it cannot be written, others can. KF_ERR_PEER:
 * the browser failed, it may do better with the next one. KF_ERR_AGAIN: stopped. KF_ERR_IO,
 * KF_ERR_MEMORY: no use to go on. */
enum kf_err kf_report_output_write(struct kf_report_output *self, const struct kf_report *report,
                                   struct kf_text *path, size_t *bytes, struct kf_error *err);

#endif

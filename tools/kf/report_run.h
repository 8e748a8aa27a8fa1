/* Writes the reports that are wanted: opens where figures come from, finds the municipalities, and
 * writes one after the other. */
#ifndef KF_TOOLS_REPORT_RUN_H
#define KF_TOOLS_REPORT_RUN_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/model/catalogue.h"
#include "services/board/api/article.h"
#include "tools/kf/report_output.h"
#include "tools/kf/report_source.h"

struct kf_report_job {
    const struct kf_catalogue *catalogue;
    const char *const *given; /* municipalities, as words */
    size_t given_len;
    struct kf_article_wish wish; /* but for the municipality */
    const char *language;        /* nb or en */
    const char *group;           /* see struct kf_report */
    struct kf_report_source_options source;
    struct kf_report_output_options output;
};

/* Does it, with progress and faults of single municipalities on standard error and what was written
 * on standard output. KF_ERR_DATA when one or more of them failed: the others are written.
 * KF_ERR_CONFIG for editions, years and words that are nothing, before anything is written; when it
 * was stopped, KF_ERR_AGAIN: what is whole stays. */
enum kf_err kf_report_run(const struct kf_report_job *job, struct kf_error *err);

#endif

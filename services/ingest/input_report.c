#include "services/ingest/input_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

#define REPORT_LINE_MAX 300

static const char *outcome_of(const struct kf_intake_result *result)
{
    if (!result->known) {
        return result->refused                   ? "input-refused"
               : result->state == KF_LEDGER_HELD ? "input-held"
                                                 : "input-recorded";
    }
    switch (result->state) {
    case KF_LEDGER_COMMITTED:
        return "already-published";
    case KF_LEDGER_REJECTED:
        return "already-rejected";
    default:
        return "already-recorded";
    }
}

void kf_input_report(const struct kf_inbox_candidate *candidate,
                     const struct kf_intake_result *result, const char *moved)
{
    char name[KF_LOG_QUOTED_SIZE];
    char to[KF_LOG_QUOTED_SIZE];
    char report[KF_LOG_QUOTED_SIZE];
    char first[REPORT_LINE_MAX];
    bool good = !result->refused && result->panels_rejected == 0 &&
                (result->known || result->state != KF_LEDGER_HELD);
    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(result->report.bytes, "\n"),
                   result->report.bytes);
    kf_log(good ? KF_LOG_INFO : KF_LOG_WARN, outcome_of(result),
           "release=%s input=%s panels=%u panels_rejected=%u rows=%" PRIu64
           " left_out=%zu moved=%s first_finding=%s",
           result->release, kf_log_quote(candidate->name, name), result->panels,
           result->panels_rejected, result->rows, candidate->left_out, kf_log_quote(moved, to),
           kf_log_quote(first, report));
}

static enum kf_err take_newest(void *context, const struct kf_ledger_release *release,
                               struct kf_error *err)
{
    (void)err;
    struct kf_ledger_release *newest = context;
    *newest = *release;
    return KF_OK;
}

/* Figures that were published before, then replaced by others, and now come again: a release is
 * published once, so the others stand. Nobody should have to find that out by comparing. */
void kf_input_warn_if_superseded(struct kf_ledger *ledger, const struct kf_intake_result *result)
{
    struct kf_ledger_release newest = {0};
    struct kf_error ignored;
    bool repeated = result->known && result->state == KF_LEDGER_COMMITTED;
    if (repeated && kf_ledger_list(ledger, 1, take_newest, &newest, &ignored) == KF_OK &&
        strcmp(newest.id, result->release) != 0) {
        kf_log(
            KF_LOG_WARN, "older-figures-again",
            "release=%s newest=%s note=\"the figures were published before and are not published "
            "again; what was published since stands\"",
            result->release, newest.id);
    }
}

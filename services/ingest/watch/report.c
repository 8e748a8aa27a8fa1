#include "services/ingest/watch/report.h"

#include <inttypes.h>

#include "common/base/log.h"

#define FINDINGS_MAX 20

void kf_report_stored(const char *table, const struct kf_harvest_result *result)
{
    static const char *const added[] = {"", "new", "same", "older", "known"};
    const struct kf_vintage *vintage = &result->vintage;
    kf_log(KF_LOG_INFO, "vintage-stored",
           "table=%s updated=%s kind=%s figures=%" PRIu64 " estimates=%" PRIu64
           " newest_year=%d added=%s pages=%zu cells=%" PRIu64 " bytes=%" PRIu64
           " metadata_ms=%" PRId64 " data_ms=%" PRId64 " again_ms=%" PRId64 " store_ms=%" PRId64,
           table, vintage->updated, vintage->kind, vintage->figures, vintage->estimates,
           vintage->newest_year, added[result->added], result->pages, result->cells, result->bytes,
           result->times.metadata_ms, result->times.data_ms, result->times.again_ms,
           result->times.store_ms);
}

void kf_report_release(const struct kf_detect_release *due, const struct kf_assemble_result *made)
{
    char reason[KF_LOG_QUOTED_SIZE];
    const struct kf_record_result *recorded = &made->recorded;
    bool held = recorded->state == KF_LEDGER_HELD;
    kf_log(held ? KF_LOG_WARN : KF_LOG_INFO,
           recorded->known ? "already-recorded" : (held ? "release-held" : "release-recorded"),
           "release=%s vintage=%s complete=%s panels=%u panels_rejected=%u rows=%zu sources=%zu "
           "read_ms=%" PRId64 " build_ms=%" PRId64 " record_ms=%" PRId64 " reason=%s",
           recorded->release, due->vintage, due->complete ? "yes" : "no", made->panels,
           made->panels_rejected, made->rows, made->sources, made->read_ms, made->build_ms,
           made->record_ms, kf_log_quote(recorded->reason, reason));
}

void kf_report_findings(const char *event, const struct kf_findings *findings)
{
    for (size_t i = 0; i < findings->length && i < FINDINGS_MAX; i++) {
        const struct kf_finding *finding = &findings->list[i];
        char problem[KF_LOG_QUOTED_SIZE];
        char remedy[KF_LOG_QUOTED_SIZE];
        kf_log(KF_LOG_WARN, event,
               "file=%s line=%" PRIu64 " municipality=%s variable=%s problem=%s remedy=%s",
               finding->file, finding->line, finding->municipality, finding->variable,
               kf_log_quote(finding->problem, problem), kf_log_quote(finding->remedy, remedy));
    }
}

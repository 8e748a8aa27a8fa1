/* What the watch tells in the log. */
#ifndef KF_INGEST_REPORT_H
#define KF_INGEST_REPORT_H

#include <stddef.h>

#include "common/base/findings.h"
#include "services/ingest/watch/assemble.h"
#include "services/ingest/watch/detect.h"
#include "services/ingest/watch/harvest.h"

/* vintage-stored: a table came home, and how long each step took. */
void kf_report_stored(const char *table, const struct kf_harvest_result *result);

/* release-recorded, release-held or already-recorded. */
void kf_report_release(const struct kf_detect_release *due, const struct kf_assemble_result *made);

/* The first of them, a line each: release-finding, municipality-code. */
void kf_report_findings(const char *event, const struct kf_findings *findings);

#endif

/* What ingest tells in the log of an input that it took from the inbox. */
#ifndef KF_INGEST_INPUT_REPORT_H
#define KF_INGEST_INPUT_REPORT_H

#include "services/ingest/inbox/inbox.h"
#include "services/ingest/intake.h"
#include "services/ingest/ledger/ledger.h"

/* What became of it, and where it was moved. */
void kf_input_report(const struct kf_inbox_candidate *candidate,
                     const struct kf_intake_result *result, const char *moved);

/* Figures that were published before, then replaced by others, and now come again: a release is
 * published once, so the others stand. Nobody should have to find that out by comparing. */
void kf_input_warn_if_superseded(struct kf_ledger *ledger, const struct kf_intake_result *result);

#endif

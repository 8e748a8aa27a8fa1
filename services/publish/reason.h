/* Why panels of a release are not on the topics, in the words of its receipt: what the ledger and
 * `kf releases show` tell. Pure.
 *
 * The rejections of the release are the source: their own words when all say the same, else those
 * of the first with a hint at the others. Those of this stage go before those of the computing
 * stages, and these before those of ingest, which stand in the ledger with all their findings.
 */
#ifndef KF_PUBLISH_REASON_H
#define KF_PUBLISH_REASON_H

#include "common/codec/receipt.h"
#include "services/publish/assembly.h"
#include "services/publish/summary.h"

/* Writes the reason, shortened at a whole character; "" when no panel is rejected. A release that
 * was published before may have been rejected for something that is not so now: then it says where
 * the reason stands. */
void kf_reason_print(const struct kf_collected *release, const struct kf_summary *summary,
                     char reason[KF_REASON_SIZE]);

#endif

/* The commands `kf releases approve` and `kf releases replay`: a wish is written into the ledger,
 * and ingest carries it out. */
#ifndef KF_TOOLS_RELEASES_ASK_H
#define KF_TOOLS_RELEASES_ASK_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"
#include "tools/kf/arguments.h"

/* Asks for `wish` about the release whose id begins with `beginning`, waits up to --wait for ingest
 * and prints what came of it. KF_ERR_CONFIG when there is no such release or it is in no state for
 * that: nothing is asked then. KF_ERR_DATA when ingest refused. Not carried out within the time is
 * no failure: the wish stands, and what will become of it is printed. */
enum kf_err kf_releases_ask(const struct kf_arguments *arguments, enum kf_ledger_wish wish,
                            const char *beginning, struct kf_error *err);

/* Reads a duration of whole numbers: 0, 500ms, 10s, 2min. */
enum kf_err kf_releases_wait_ms(const char *text, int64_t *wait_ms, struct kf_error *err);

#endif

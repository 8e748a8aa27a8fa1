/* The command `kf releases diff`: what a release moves. */
#ifndef KF_TOOLS_RELEASES_DIFF_H
#define KF_TOOLS_RELEASES_DIFF_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"
#include "tools/kf/arguments.h"

/* Sets every panel of release `a` beside the panel of the same edition and year of release `b`, or,
 * without one (NULL), of the newest release before `a` that has it, and prints what moved in the
 * figures and in what is computed of them. Both are computed now, by this program. A panel that
 * cannot be compared (rejected, dropped, nothing before it) is told and stops nothing. */
enum kf_err kf_releases_diff(struct kf_ledger *ledger, const struct kf_arguments *arguments,
                             const struct kf_ledger_release *a, const struct kf_ledger_release *b,
                             struct kf_error *err);

#endif

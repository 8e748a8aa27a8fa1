/* The commands `kf releases list` and `kf releases show`. */
#ifndef KF_TOOLS_RELEASES_SHOW_H
#define KF_TOOLS_RELEASES_SHOW_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"

/* Prints a line for each release, newest first; below it why it is held, or what it waits for. */
enum kf_err kf_releases_list(struct kf_ledger *ledger, struct kf_error *err);

/* Prints one with its sources, what was asked of it, and its panels. */
enum kf_err kf_releases_show(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                             struct kf_error *err);

#endif

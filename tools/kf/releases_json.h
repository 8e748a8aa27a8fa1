/* A release as JSON: `kf releases show R --format json`. */
#ifndef KF_TOOLS_RELEASES_JSON_H
#define KF_TOOLS_RELEASES_JSON_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"

/* Prints one object on a line: the release with its sources, wishes, panels and dead letters. */
enum kf_err kf_releases_show_json(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                  struct kf_error *err);

#endif

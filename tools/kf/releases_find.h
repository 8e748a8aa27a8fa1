/* Where kf finds ingest's ledger, and a release in it. */
#ifndef KF_TOOLS_RELEASES_FIND_H
#define KF_TOOLS_RELEASES_FIND_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"
#include "tools/kf/arguments.h"

#define KF_RELEASES_PATH_MAX   4096
#define KF_RELEASES_LISTED_MAX ((size_t)1000)

/* Writes the path that --ledger (or --observations: `option`) names, else that of `file` in
 * --state-dir. KF_ERR_CONFIG with the remedy when nothing is there. */
enum kf_err kf_releases_path(const struct kf_arguments *arguments, const char *option,
                             const char *file, char path[KF_RELEASES_PATH_MAX],
                             struct kf_error *err);

/* Opens the ledger for reading. */
enum kf_err kf_releases_open(const struct kf_arguments *arguments, struct kf_ledger **ledger,
                             struct kf_error *err);

/* The one release whose id begins with `beginning`. KF_ERR_CONFIG when it is none or several. */
enum kf_err kf_releases_find(struct kf_ledger *ledger, const char *beginning,
                             struct kf_ledger_release *release, struct kf_error *err);

/* Unpacks panel `index`, a panel or a rejection; destroy the envelope. KF_ERR_DATA when it is
 * damaged, KF_ERR_AGAIN when the panels are dropped. */
enum kf_err kf_releases_panel(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                              uint32_t index, struct kf_envelope **envelope, struct kf_error *err);

#endif

/* `kf releases figures`: what a panel of a release was computed from, as a file of observations. */
#ifndef KF_TOOLS_RELEASES_FIGURES_H
#define KF_TOOLS_RELEASES_FIGURES_H

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"

/* Which panel of a release. */
struct kf_releases_panel_of {
    const char *edition; /* NULL: the only one */
    int year;
};

/* Prints, in the long form that `kf compute` and `kf explain` read, every figure of the panel, of
 * its own year and of those that it rests on; cells without a figure are no row. KF_ERR_CONFIG,
 * with the panels that there are, when there is no such panel or several and none was named; when
 * its panels are dropped; and for a rejection. */
enum kf_err kf_releases_figures(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                const struct kf_releases_panel_of *of, struct kf_error *err);

#endif

/* Where ingest keeps what must survive: the state folder and what lies in it unless told otherwise.
 */
#ifndef KF_INGEST_PLACES_H
#define KF_INGEST_PLACES_H

#include "common/base/error.h"
#include "common/service/option.h"
#include "services/ingest/inbox/disk.h"

/* Name of the ledger in the state folder. */
#define KF_PLACES_LEDGER "ledger.db"

/* Name of the observation store in the state folder. */
#define KF_PLACES_OBSERVATIONS "observations.db"

struct kf_places {
    char state[KF_DISK_PATH_MAX];
    char inbox[KF_DISK_PATH_MAX];
    char done[KF_DISK_PATH_MAX];
    char rejected[KF_DISK_PATH_MAX];
    char ledger[KF_DISK_PATH_MAX];
    char observations[KF_DISK_PATH_MAX];
};

/* Takes the places from the options state-dir, inbox, done, rejected, ledger and observations; what
 * is empty lies in the state folder, and that is $XDG_STATE_HOME/kostraflow, or ./kostraflow-state.
 * Makes nothing. */
enum kf_err kf_places_find(const struct kf_settings *settings, struct kf_places *places,
                           struct kf_error *err);

#endif

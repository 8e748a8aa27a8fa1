/* What only ingest can tell in its status beat: the window and what is in it, what is held and why,
 * the calendar's next event, and how far the newest releases have come.
 *
 * Read from the ledger when that has changed, kept in between: telling reads nothing from the disk.
 * When a release was recorded and when publish held all of it stands in no ledger; that is known of
 * those of this life.
 */
#ifndef KF_INGEST_TELLER_H
#define KF_INGEST_TELLER_H

#include <stdint.h>

#include "common/base/day.h"
#include "common/base/error.h"
#include "common/codec/status.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/send/dispatch.h"

/* When publish held all panels of the release, by the wall clock; 0: not known. */
typedef int64_t kf_teller_held_ms(const void *sender, const char *release);

struct kf_teller_options {
    struct kf_ledger *ledger;
    kf_teller_held_ms *held_ms;
    const void *sender; /* for held_ms */
    const struct kf_day *day;
    const char *editions; /* folder; the calendar is in its folder sources */
    uint32_t window;
};

struct kf_teller;

/* Borrows what the options name. A calendar that cannot be read is told of by the watch; here no
 * event is known then. KF_ERR_MEMORY. */
enum kf_err kf_teller_open(const struct kf_teller_options *options, struct kf_teller **teller,
                           struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_teller_close(struct kf_teller **self);

/* The ledger, or what the sender knows of it, has changed. On failure what was known stands. */
enum kf_err kf_teller_refresh(struct kf_teller *self, const struct kf_ledger_totals *totals,
                              struct kf_error *err);

/* Adds ingest's part to the beat; `counts` are those of the open release. */
void kf_teller_tell(const struct kf_teller *self, const struct kf_dispatch_counts *counts,
                    struct kf_status *status);

#endif

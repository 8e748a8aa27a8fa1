/* What is waited for: a row of the ledger that people see while a release is not yet whole, and a
 * line for readiness. The row's name is noted before it is written, so that after a crash it is
 * found again and withdrawn when nothing comes of it. */
#ifndef KF_INGEST_ANNOUNCEMENT_H
#define KF_INGEST_ANNOUNCEMENT_H

#include <stdbool.h>

#include "common/base/error.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/store/store.h"
#include "services/ingest/watch/detect.h"

struct kf_announcement {
    struct kf_ledger *ledger;
    struct kf_store *store;
    char name[KF_RELEASE_ID_SIZE];          /* "": nothing is announced */
    char waits_for[KF_DETECT_TEXT_MAX * 2]; /* as written */
};

/* Finds the name that was noted last. */
enum kf_err kf_announcement_open(struct kf_announcement *self, struct kf_ledger *ledger,
                                 struct kf_store *store, struct kf_error *err);

/* "12362 of kostra 2026-03-16 08.00: 3 of 5 tables", or that changes settle. */
void kf_announcement_print(const struct kf_detect_release *waits,
                           char text[KF_DETECT_TEXT_MAX * 2]);

/* Announces what is waited for, unless the row says so already; one of another name is withdrawn.
 * `changed` is set when the ledger was written. */
enum kf_err kf_announcement_make(struct kf_announcement *self,
                                 const struct kf_detect_release *waits, int64_t wall_ms,
                                 bool *changed, struct kf_error *err);

/* Withdraws it, if there is one. */
enum kf_err kf_announcement_withdraw(struct kf_announcement *self, bool *changed,
                                     struct kf_error *err);

/* The release took its place: the ledger has taken the row away. */
void kf_announcement_took_place(struct kf_announcement *self);

#endif

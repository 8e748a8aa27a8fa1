/* The ledger: every release that ingest has made, with its packed panels, on disk before anything
 * is sent and before the input is moved away. What stands here survives a crash of any process.
 *
 * One SQLite file (write-ahead log, full synchronisation), one process that writes; others may read
 * along. Releases are numbered in the order in which they were added and sent in that order. Panels
 * of closed releases stay for replay up to a number of releases, then only the row stays.
 *
 * Life of a release:  discovered ──▶ sent ──▶ committed | rejected
 *
 * Every stored panel carries a checksum; a flipped bit is an error that names the release.
 */
#ifndef KF_INGEST_LEDGER_H
#define KF_INGEST_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/codec/receipt.h"

/* Version of the tables. A ledger of a newer program is refused, never changed. */
#define KF_LEDGER_VERSION 1

#define KF_LEDGER_INPUT_SIZE 256

enum kf_ledger_state {
    KF_LEDGER_DISCOVERED = 1, /* recorded, nothing sent yet */
    KF_LEDGER_SENT,           /* at least one panel has gone out */
    KF_LEDGER_COMMITTED,      /* on the topics, whole */
    KF_LEDGER_REJECTED,       /* nothing of it could be computed; dead letters are on the topic */
    KF_LEDGER_STATES,         /* one more than the last */
};

/* "discovered", "sent", … */
const char *kf_ledger_state_name(enum kf_ledger_state state);

/* A release as it stands in the ledger. */
struct kf_ledger_release {
    int64_t number; /* order of adding, from 1 */
    char id[KF_RELEASE_ID_SIZE];
    enum kf_ledger_state state;
    char input[KF_LEDGER_INPUT_SIZE]; /* what it was made from */
    int64_t discovered_ms;
    int64_t sent_ms;      /* first time; 0 before */
    int64_t committed_ms; /* committed or rejected; 0 before */
    uint32_t panels;
    uint32_t panels_rejected;
    uint32_t attempts; /* how often it was opened for sending */
    uint64_t rows;     /* published */
    bool kept;         /* its panels are still there */
    char reason[KF_REASON_SIZE];
};

struct kf_ledger;

/* Opens the ledger at `path` for writing and makes it when it is not there. Only one process can:
 * KF_ERR_CONFIG says that another has it, or that it is newer than this program, or that the file
 * is something else, or damaged (a quick check runs here). KF_ERR_IO. */
enum kf_err kf_ledger_open(const char *path, struct kf_ledger **ledger, struct kf_error *err);

/* Opens an existing ledger for reading, also while another process writes. */
enum kf_err kf_ledger_open_readonly(const char *path, struct kf_ledger **ledger,
                                    struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_ledger_close(struct kf_ledger **self);

/* --- adding: one transaction --------------------------------------------------------------- */

/* Starts adding `release` (with its sources), made from `input`. Then every panel in order, then
 * commit or cancel. */
enum kf_err kf_ledger_add_begin(struct kf_ledger *self, const struct kf_release *release,
                                const char *input, struct kf_error *err);

/* Adds the packed envelope of panel `index`. The release must have fewer panels so far than it
 * says. */
enum kf_err kf_ledger_add_panel(struct kf_ledger *self, uint32_t index, const void *bytes,
                                size_t length, struct kf_error *err);

/* Makes the release and its panels durable. KF_ERR_INTERNAL when a panel lacks. On any failure
 * nothing of the release is kept. */
enum kf_err kf_ledger_add_commit(struct kf_ledger *self, struct kf_error *err);

/* Forgets a release that was begun. Nothing happens when none was. */
void kf_ledger_add_cancel(struct kf_ledger *self);

/* --- reading ------------------------------------------------------------------------------- */

/* The release `id`; KF_ERR_AGAIN when there is none. */
enum kf_err kf_ledger_find(struct kf_ledger *self, const char *id,
                           struct kf_ledger_release *release, struct kf_error *err);

/* The oldest release that is neither committed nor rejected; KF_ERR_AGAIN when there is none. */
enum kf_err kf_ledger_next_open(struct kf_ledger *self, struct kf_ledger_release *release,
                                struct kf_error *err);

/* Appends the packed envelope of panel `index` to `bytes`. KF_ERR_DATA when it is not there or its
 * checksum is wrong (reject the release with kf_ledger_mark_damaged); when SQLite finds the file
 * itself damaged the disposition is fatal. */
enum kf_err kf_ledger_panel(struct kf_ledger *self, const struct kf_ledger_release *release,
                            uint32_t index, struct kf_text *bytes, struct kf_error *err);

/* Called for each release; anything but KF_OK stops the walk and is returned. */
typedef enum kf_err kf_ledger_visit(void *context, const struct kf_ledger_release *release,
                                    struct kf_error *err);

/* Walks the releases, newest first, at most `count_max` of them. */
enum kf_err kf_ledger_list(struct kf_ledger *self, size_t count_max, kf_ledger_visit *visit,
                           void *context, struct kf_error *err);

/* Called for each source of a release, in order. */
typedef enum kf_err kf_ledger_visit_source(void *context, const struct kf_source *source,
                                           struct kf_error *err);

/* Walks the sources of a release in the order in which they were added. */
enum kf_err kf_ledger_sources(struct kf_ledger *self, const struct kf_ledger_release *release,
                              kf_ledger_visit_source *visit, void *context, struct kf_error *err);

/* How many releases are in each state, and when the oldest open one was discovered (0: none). */
struct kf_ledger_totals {
    uint64_t releases[KF_LEDGER_STATES];
    int64_t oldest_open_ms;
};

/* Counts; `totals` is filled on success only. */
enum kf_err kf_ledger_totals(struct kf_ledger *self, struct kf_ledger_totals *totals,
                             struct kf_error *err);

/* --- changing ------------------------------------------------------------------------------ */

/* The release is being sent (again): attempts grow by one. */
enum kf_err kf_ledger_mark_sent(struct kf_ledger *self, const char *id, int64_t now_ms,
                                struct kf_error *err);

/* The release is closed, as `receipt` says (KF_RECEIPT_COMMITTED or KF_RECEIPT_REJECTED). A release
 * that is closed already stays as it is. */
enum kf_err kf_ledger_mark_closed(struct kf_ledger *self, const struct kf_receipt *receipt,
                                  int64_t now_ms, struct kf_error *err);

/* Closes a release whose panels cannot be read any more, as rejected for `reason`. The row is
 * renamed to damaged-NUMBER, so that the same input can be given again and becomes the same
 * release. */
enum kf_err kf_ledger_mark_damaged(struct kf_ledger *self, const struct kf_ledger_release *release,
                                   const char *reason, int64_t now_ms, struct kf_error *err);

/* Drops the panels of closed releases except the newest `keep`. */
enum kf_err kf_ledger_prune(struct kf_ledger *self, uint32_t keep, struct kf_error *err);

#endif

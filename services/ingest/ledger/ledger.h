/* The ledger: every release that ingest has made, with its packed panels, on disk before anything
 * is sent and before the input is moved away. What stands here survives a crash of any process.
 *
 * One SQLite file (write-ahead log, full synchronisation), one process that writes; others may read
 * along. Releases are numbered in the order in which they were added and sent in that order. Panels
 * of closed releases stay for replay up to a number of releases, then only the row stays.
 *
 * Life of a release:
 *
 *     discovered ──▶ complete ──▶ sent ──▶ committed | rejected
 *                        └──▶ held ──▶ complete (approved)
 *
 * A release that is announced but not yet whole is `discovered`: a row with a name and what it
 * waits for, no panels; it goes when the release itself is added, or when nothing came of it.
 *
 * What each panel of a release is (edition, year, digest of its content) is kept for good, so that
 * the newest content of an edition and year is known after the panels are dropped.
 *
 * Dead letters are kept as publish told them, also when the panels are dropped: what was rejected
 * by which stage, why, with the offending cells.
 *
 * People's wishes (approve, replay, retry) are rows, too: any process may add one, ingest carries
 * it out and writes down what came of it.
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
#include "common/codec/letter.h"
#include "common/codec/receipt.h"

/* Version of the tables. A ledger of a newer program is refused, never changed. */
#define KF_LEDGER_VERSION 3

#define KF_LEDGER_INPUT_SIZE 256

enum kf_ledger_state {
    KF_LEDGER_DISCOVERED = 1, /* announced, not whole yet: no panels */
    KF_LEDGER_COMPLETE,       /* recorded with its panels, nothing sent yet */
    KF_LEDGER_HELD,           /* recorded with its panels, waits for a person's approval */
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
    char vintage[16];
    bool kept;                   /* its panels are still there */
    char reason[KF_REASON_SIZE]; /* of a rejection, of holding; what an announced one waits for */
    char
        moved[KF_LEDGER_INPUT_SIZE + 16]; /* where its input lies, as kf_inbox_finish says; or "" */
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

struct kf_ledger_addition {
    const struct kf_release *release; /* with its sources */
    const char *input;                /* what it was made from */
    const char *held;                 /* why it is to be held, or NULL: it is complete */
    const char *announced;            /* name it was discovered under, whose row goes; or NULL */
};

/* Releases that are held at the same time. */
#define KF_LEDGER_HELD_MAX 50

/* Starts adding a release. Then every panel in order, then commit or cancel. One held beyond
 * KF_LEDGER_HELD_MAX closes the oldest: it is rejected, its panels are dropped, and its row is
 * renamed to dropped-NUMBER, so that the same figures can be given again. */
enum kf_err kf_ledger_add_begin(struct kf_ledger *self, const struct kf_ledger_addition *addition,
                                struct kf_error *err);

/* What a panel is. */
struct kf_ledger_content {
    const char *edition; /* "" for an input that never became a panel */
    int year;
    /* Of its figures and its edition, 32 hexadecimal digits; "" likewise, and where it is unknown:
     * version 1 of the ledger did not write it. */
    const char *digest;
    bool rejected;
};

/* Adds the packed envelope of panel `index`. The release must have fewer panels so far than it
 * says. */
enum kf_err kf_ledger_add_panel(struct kf_ledger *self, uint32_t index,
                                const struct kf_ledger_content *content, const void *bytes,
                                size_t length, struct kf_error *err);

/* Makes the release and its panels durable. KF_ERR_INTERNAL when a panel lacks. On any failure
 * nothing of the release is kept. */
enum kf_err kf_ledger_add_commit(struct kf_ledger *self, struct kf_error *err);

/* Forgets a release that was begun. Nothing happens when none was. */
void kf_ledger_add_cancel(struct kf_ledger *self);

/* Writes down that a release is announced under `name` (at most KF_RELEASE_ID_SIZE - 1 bytes, else
 * KF_ERR_LIMIT) and what it waits for; the row is there once however often this is called.
 * KF_ERR_CONFIG when `name` is that of a release. */
enum kf_err kf_ledger_announce(struct kf_ledger *self, const char *name, const char *waits_for,
                               int64_t now_ms, struct kf_error *err);

/* Nothing came of it. No row of that name is no fault. */
enum kf_err kf_ledger_withdraw(struct kf_ledger *self, const char *name, struct kf_error *err);

/* --- reading ------------------------------------------------------------------------------- */

/* The release `id`; KF_ERR_AGAIN when there is none. */
enum kf_err kf_ledger_find(struct kf_ledger *self, const char *id,
                           struct kf_ledger_release *release, struct kf_error *err);

/* The newest release that is complete, sent or committed (with `committed`: only that, and not one
 * of which a later stage rejected the panel) and has a sound panel of the edition and year, and
 * which one it is; KF_ERR_AGAIN when there is none. */
struct kf_ledger_newest {
    struct kf_ledger_release release;
    uint32_t panel;
    char digest[KF_DIGEST_SIZE];
};
enum kf_err kf_ledger_newest_of(struct kf_ledger *self, const char *edition, int year,
                                bool committed, struct kf_ledger_newest *newest,
                                struct kf_error *err);

/* Called for each panel of a release, in order; texts live for the call. */
typedef enum kf_err kf_ledger_visit_content(void *context, uint32_t index,
                                            const struct kf_ledger_content *content,
                                            struct kf_error *err);
enum kf_err kf_ledger_contents(struct kf_ledger *self, const struct kf_ledger_release *release,
                               kf_ledger_visit_content *visit, void *context, struct kf_error *err);

/* A dead letter. Texts and bytes live for the call. */
struct kf_ledger_letter {
    int64_t number; /* of its release */
    const char *release;
    const char *input;
    int64_t closed_ms;
    uint32_t panel;
    const char *stage;
    const char *reason;
    const char *edition; /* "": nothing of the input became a panel */
    int year;
    const char
        *resolved;     /* the release that published its edition and year since, or ""; of an input
                          of which nothing became a panel: the next published one of its name */
    const void *bytes; /* packed: kf_letters_unpack gives its findings */
    size_t length;
};

/* Called for each letter; anything but KF_OK stops the walk and is returned. */
typedef enum kf_err kf_ledger_visit_letter(void *context, const struct kf_ledger_letter *letter,
                                           struct kf_error *err);

struct kf_ledger_letters_of {
    const struct kf_ledger_release *release; /* NULL: of all */
    bool open;                               /* only what is not resolved */
    size_t count_max;
};

/* Walks the dead letters, newest release first, panels ascending. KF_ERR_DATA for one whose
 * checksum is wrong. */
enum kf_err kf_ledger_letters(struct kf_ledger *self, const struct kf_ledger_letters_of *of,
                              kf_ledger_visit_letter *visit, void *context, struct kf_error *err);

/* The oldest release that is complete or sent; KF_ERR_AGAIN when there is none. */
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

/* The same of those that are held. */
enum kf_err kf_ledger_list_held(struct kf_ledger *self, size_t count_max, kf_ledger_visit *visit,
                                void *context, struct kf_error *err);

/* Called for each source of a release, in order. */
typedef enum kf_err kf_ledger_visit_source(void *context, const struct kf_source *source,
                                           struct kf_error *err);

/* Walks the sources of a release in the order in which they were added. */
enum kf_err kf_ledger_sources(struct kf_ledger *self, const struct kf_ledger_release *release,
                              kf_ledger_visit_source *visit, void *context, struct kf_error *err);

/* How many releases are in each state, when the oldest open one was discovered and when the newest
 * committed one was (0: none). */
struct kf_ledger_totals {
    uint64_t releases[KF_LEDGER_STATES];
    int64_t oldest_open_ms;
    int64_t newest_committed_ms;
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

/* The same with its dead letters, which replace those that were told before; NULL, and none for a
 * release that has rejected panels: nothing was told, what was told before stands. Letters of the
 * newest KF_LEDGER_LETTERS_MAX releases that have any are kept. */
#define KF_LEDGER_LETTERS_MAX 1000
enum kf_err kf_ledger_mark_closed_with(struct kf_ledger *self, const struct kf_receipt *receipt,
                                       const struct kf_letters *letters, int64_t now_ms,
                                       struct kf_error *err);

/* The input of the release lies at `moved` now. */
enum kf_err kf_ledger_mark_moved(struct kf_ledger *self, const char *id, const char *moved,
                                 struct kf_error *err);

/* Closes a release whose panels cannot be read any more, as rejected for `reason`. The row is
 * renamed to damaged-NUMBER, so that the same input can be given again and becomes the same
 * release. */
enum kf_err kf_ledger_mark_damaged(struct kf_ledger *self, const struct kf_ledger_release *release,
                                   const char *reason, int64_t now_ms, struct kf_error *err);

/* Closes, as rejected, held releases whose input begins with `input`, but for the one of id `but`:
 * their source says something else by now, and nobody is to approve what it no longer says. Their
 * rows are renamed to dropped-NUMBER, so that the same figures can come again. */
enum kf_err kf_ledger_drop_outdated(struct kf_ledger *self, const char *input, const char *but,
                                    int64_t now_ms, struct kf_error *err);

/* Lets a held release go its way: it is complete. KF_ERR_CONFIG, with the reason, when it is not
 * held or when a later release that is complete, sent or committed has a sound panel of any of its
 * editions and years: nothing older is published after something newer. */
enum kf_err kf_ledger_approve(struct kf_ledger *self, const char *id, struct kf_error *err);

/* Makes a closed release whose panels are kept complete again, to be sent once more; the publisher
 * publishes it only when the topics do not have it. KF_ERR_CONFIG, with the reason, when that
 * cannot be, as above. */
enum kf_err kf_ledger_replay(struct kf_ledger *self, const char *id, struct kf_error *err);

/* Whether the input of a closed release may be taken in anew: KF_ERR_CONFIG, with the reason, when
 * it is not closed, or when a later one has any of its editions and years, as above, be they
 * rejected in this one or not. Changes nothing. */
enum kf_err kf_ledger_check_retry(struct kf_ledger *self, const char *id,
                                  struct kf_ledger_release *release, struct kf_error *err);

/* --- people's wishes ----------------------------------------------------------------------- */

enum kf_ledger_wish {
    KF_LEDGER_APPROVE = 1,
    KF_LEDGER_REPLAY,
    KF_LEDGER_RETRY,
};

/* "approve", …; "" for none. */
const char *kf_ledger_wish_name(enum kf_ledger_wish wish);

/* Wishes that may wait at the same time; as many that are done are kept. */
#define KF_LEDGER_REQUESTS_MAX 1000

struct kf_ledger_request {
    int64_t number;
    enum kf_ledger_wish wish;
    char release[KF_RELEASE_ID_SIZE];
    char by[64];
    int64_t asked_ms;
    int64_t done_ms; /* 0: not yet */
    bool granted;
    char outcome[KF_REASON_SIZE];
};

/* Adds a wish; by any process, also while ingest runs or is down. The ledger at `path` must be
 * there and of this version (KF_ERR_CONFIG). KF_ERR_LIMIT when too many wait. `number` is the
 * wish's. */
enum kf_err kf_ledger_ask(const char *path, const struct kf_ledger_request *request,
                          int64_t *number, struct kf_error *err);

/* The oldest wish that is not done; KF_ERR_AGAIN when there is none. */
enum kf_err kf_ledger_next_request(struct kf_ledger *self, struct kf_ledger_request *request,
                                   struct kf_error *err);

/* The wish of that number. */
enum kf_err kf_ledger_request(struct kf_ledger *self, int64_t number,
                              struct kf_ledger_request *request, struct kf_error *err);

/* Called for each wish; anything but KF_OK stops the walk and is returned. */
typedef enum kf_err kf_ledger_visit_request(void *context, const struct kf_ledger_request *request,
                                            struct kf_error *err);

/* Walks the wishes about the release `id` that are still known, the oldest first. */
enum kf_err kf_ledger_requests(struct kf_ledger *self, const char *id,
                               kf_ledger_visit_request *visit, void *context, struct kf_error *err);

/* Writes down what came of it. */
enum kf_err kf_ledger_request_done(struct kf_ledger *self, const struct kf_ledger_request *request,
                                   int64_t now_ms, struct kf_error *err);

/* True when another process has written since this was asked last. Cheap. */
bool kf_ledger_has_news(struct kf_ledger *self);

/* --- retention ----------------------------------------------------------------------------- */

/* Drops the panels of closed releases except the newest `keep`, and those of committed ones except
 * the newest `keep` of them. */
enum kf_err kf_ledger_prune(struct kf_ledger *self, uint32_t keep, struct kf_error *err);

#endif

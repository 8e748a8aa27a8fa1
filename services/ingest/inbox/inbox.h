/* The watched folder: what lies in `inbox` is taken, and ends in `done` or in `rejected`.
 *
 * A candidate is a `.csv` file, or a folder with `.csv` files directly in it. It is taken as soon
 * as it was renamed into the inbox, or else when it has not changed for the settle time. Candidates
 * come in the order of their names. Hidden and temporary names (.*, *.tmp, *.part) are left alone;
 * anything else is a candidate that is refused with a reason. Symbolic links are not followed.
 *
 * Changes are noticed at once where the system tells (inotify), and by looking again every few
 * seconds in any case. The three folders lie on one file system: moving is renaming, in one step,
 * durable.
 */
#ifndef KF_INGEST_INBOX_H
#define KF_INGEST_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "services/ingest/inbox/disk.h"
#include "services/ingest/intake.h"

/* Names that are looked at together; more wait until these are done. */
#define KF_INBOX_ENTRIES_MAX 4096

struct kf_inbox_options {
    const char *inbox;
    const char *done;
    const char *rejected;
    int64_t settle_ms;
    int64_t rescan_ms; /* look again this often, whatever the system tells */
};

struct kf_inbox;

/* Makes the folders where they are missing. KF_ERR_CONFIG when they cannot be used together. */
enum kf_err kf_inbox_open(const struct kf_inbox_options *options, struct kf_inbox **inbox,
                          struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_inbox_destroy(struct kf_inbox **self);

/* A descriptor that is readable when something happens in the inbox, or -1. */
int kf_inbox_descriptor(const struct kf_inbox *self);

/* Takes note of what happened. Call it when the descriptor is readable. */
void kf_inbox_notice(struct kf_inbox *self, int64_t now_ms);

/* Looks into the folder if there may be something new. KF_ERR_IO when it cannot be read. */
enum kf_err kf_inbox_scan(struct kf_inbox *self, int64_t now_ms, struct kf_error *err);

/* When to scan and to ask for a candidate again, at the latest. */
int64_t kf_inbox_deadline_ms(const struct kf_inbox *self);

/* An input that is ready. Texts are the candidate's. */
struct kf_inbox_candidate {
    struct kf_arena *arena;
    const char *entry; /* name in the inbox, byte for byte */
    const char *name;  /* the same, fit to show */
    const struct kf_intake_file *files;
    size_t files_len;
    size_t left_out;     /* other files of a folder, which are not read */
    const char *refusal; /* why it cannot be an input, or NULL */
    const char *remedy;
    uint64_t signature; /* of names, sizes and times */
};

/* The first candidate that is ready. KF_ERR_AGAIN when there is none. */
enum kf_err kf_inbox_next(struct kf_inbox *self, int64_t now_ms,
                          struct kf_inbox_candidate **candidate, struct kf_error *err);

/* NULL is fine, the pointer is nulled. The entry stays where it is. */
void kf_inbox_candidate_destroy(struct kf_inbox_candidate **self);

/* True while the candidate is as it was when it was found. */
bool kf_inbox_unchanged(const struct kf_inbox *self, const struct kf_inbox_candidate *candidate);

/* Lets the candidate wait until `until_ms`: it changed, or could not be taken now. */
void kf_inbox_postpone(struct kf_inbox *self, const struct kf_inbox_candidate *candidate,
                       int64_t until_ms);

/* Moves the candidate to `done`, or to `rejected`, under its name (numbered when it is taken), with
 * `report` beside it as NAME.errors.txt unless it is "". `moved` receives the new path. On failure
 * the candidate is still in the inbox. KF_ERR_AGAIN when something else stands in its place since
 * it was found: that stays in the inbox and is a candidate of its own. */
enum kf_err kf_inbox_finish(struct kf_inbox *self, const struct kf_inbox_candidate *candidate,
                            bool rejected, const char *report, char moved[KF_DISK_PATH_MAX],
                            struct kf_error *err);

/* What a place begins with: which folder, wherever that folder is. */
#define KF_INBOX_DONE     "done/"
#define KF_INBOX_REJECTED "rejected/"

/* Puts an input that lies at `place` ("done/a.2.csv"; "": under its own name in one of the two
 * folders) back into the inbox under `name`, durably, and removes the report beside it.
 * KF_ERR_AGAIN: it lies there already. KF_ERR_CONFIG, with what to do: it is not to be found, or
 * another of its name waits. */
enum kf_err kf_inbox_take_back(struct kf_inbox *self, const char *place, const char *name,
                               struct kf_error *err);

#endif

/* The observation store: every vintage of every source, as it was received.
 *
 * One SQLite file beside the ledger (common/database/database.h: write-ahead log, one writer,
 * versioned, refuses a newer version). A source is a table ("ssb-12362"); a vintage is its figures
 * as of one `updated`. Figures lie in columns (a variable in a year: municipalities ascending,
 * values, statuses), each stored once under the digest of its bytes however many vintages have it,
 * so that a correction costs its changed columns alone. The digest is checked on reading.
 *
 * Vintages of a source are ordered by `updated`, never by arrival: the newest one counts. Losing
 * the file loses history, not releases: everything in it can be asked for again.
 */
#ifndef KF_INGEST_STORE_H
#define KF_INGEST_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "common/model/observation.h"
#include "services/ingest/source/table_map.h"

#define KF_STORE_VERSION     1
#define KF_STORE_SOURCE_SIZE 64
#define KF_STORE_KEY_SIZE    96
#define KF_STORE_NOTE_MAX    ((size_t)4 * 1024 * 1024)
#define KF_STORE_NOTES_MAX   10000
#define KF_STORE_PARTS_MAX   ((size_t)250000) /* columns of a vintage */

struct kf_vintage {
    int64_t number; /* order of arrival, from 1 */
    char source[KF_STORE_SOURCE_SIZE];
    char updated[KF_SSB_TIME_SIZE]; /* RFC 3339, as the source said */
    int64_t updated_ms;
    char kind[16]; /* "unrevised", "revised", "correction", "unspecified" */
    int64_t received_ms;
    char digest[KF_DIGEST_SIZE]; /* of all figures and estimates, in canonical order */
    uint64_t figures;
    uint64_t estimates;
    int newest_year; /* in which any figure has a value; 0: none */
};

struct kf_store;

/* Opens the store at `path` for writing and makes it when it is not there. Only one process can:
 * KF_ERR_CONFIG says that another has it, that it is newer than this program, something else, or
 * damaged. KF_ERR_IO. */
enum kf_err kf_store_open(const char *path, struct kf_store **store, struct kf_error *err);

/* Opens an existing store for reading, also while another process writes. */
enum kf_err kf_store_open_readonly(const char *path, struct kf_store **store, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_store_close(struct kf_store **self);

/* What became of a vintage that was added. */
enum kf_store_added {
    KF_STORE_NEW = 1, /* the newest of its source now */
    KF_STORE_SAME,    /* its figures are those of the newest: noted as the newest's `updated` */
    KF_STORE_OLDER,   /* kept, but a newer one is there and counts */
    KF_STORE_KNOWN,   /* the very same was there already */
};

/* Adds a vintage with all its figures (sealed) and estimates (NULL: none; their variables are
 * numbers of the figures' register) in one transaction. `vintage` is completed: number, digest,
 * counts, newest_year; when it is the same as one that is there, or known, it becomes that one.
 * Same source, same `updated` as the newest, other figures: a vintage of its own, newer than the
 * one before. Columns of a vintage that is there already are written again where they were damaged.
 * KF_ERR_DATA for an estimate given twice or out of range, KF_ERR_LIMIT beyond KF_STORE_PARTS_MAX
 * columns; nothing is changed then. */
enum kf_err kf_store_add(struct kf_store *self, struct kf_vintage *vintage,
                         const struct kf_observations *figures,
                         const struct kf_estimates *estimates, enum kf_store_added *added,
                         struct kf_error *err);

/* The newest vintage of a source, by `updated`. KF_ERR_AGAIN when there is none. */
enum kf_err kf_store_newest(struct kf_store *self, const char *source, struct kf_vintage *vintage,
                            struct kf_error *err);

/* The vintage of that number. KF_ERR_AGAIN when there is none (any more). */
enum kf_err kf_store_find(struct kf_store *self, int64_t number, struct kf_vintage *vintage,
                          struct kf_error *err);

/* Called for each vintage; anything but KF_OK stops the walk and is returned. It must not use the
 * store. */
typedef enum kf_err kf_store_visit(void *context, const struct kf_vintage *vintage,
                                   struct kf_error *err);

/* Newest first; of all sources, source by source, when `source` is NULL. */
enum kf_err kf_store_list(struct kf_store *self, const char *source, kf_store_visit *visit,
                          void *context, struct kf_error *err);

/* Adds the figures of a vintage to `table`, as the rows of a file named "SOURCE UPDATED". Columns
 * of variables that the table's register no longer has are passed over and counted in `unknown`
 * unless NULL. KF_ERR_DATA when a column or the list of columns is damaged, or the vintage is gone;
 * rows before may have been added. */
enum kf_err kf_store_read(struct kf_store *self, const struct kf_vintage *vintage,
                          struct kf_observations *table, size_t *unknown, struct kf_error *err);

/* The estimates of a vintage, appended to `estimates`; variables are numbers of `variables`. */
enum kf_err kf_store_estimates(struct kf_store *self, const struct kf_vintage *vintage,
                               const struct kf_variables *variables, struct kf_estimates *estimates,
                               struct kf_error *err);

/* A cell that is not the same in two vintages. */
struct kf_store_change {
    const char *variable;
    int year;
    unsigned municipality; /* as in an observation */
    double before, after;
    uint8_t status_before, status_after; /* KF_CELL_MISSING where there was no row */
};

/* As kf_store_visit. */
typedef enum kf_err kf_store_visit_change(void *context, const struct kf_store_change *change,
                                          struct kf_error *err);

/* Every change from one vintage to another of the same source, by variable, year, municipality. Of
 * figures; estimates are not compared. KF_ERR_CONFIG for vintages of two sources, KF_ERR_DATA as in
 * kf_store_read. */
enum kf_err kf_store_changes(struct kf_store *self, const struct kf_vintage *from,
                             const struct kf_vintage *to, kf_store_visit_change *visit,
                             void *context, struct kf_error *err);

/* Drops all but the newest `keep` vintages of every source, and columns that nobody has any more.
 * The newest always stays. */
enum kf_err kf_store_prune(struct kf_store *self, uint32_t keep, struct kf_error *err);

/* --- notes: what the watch remembers between starts ---------------------------------------- */

/* Writes the note under `key`; NULL removes it. KF_ERR_LIMIT beyond KF_STORE_KEY_SIZE - 1 and
 * KF_STORE_NOTE_MAX bytes and KF_STORE_NOTES_MAX notes. */
enum kf_err kf_store_note(struct kf_store *self, const char *key, const char *text,
                          struct kf_error *err);

/* Appends the note to `text`. KF_ERR_AGAIN when there is none, KF_ERR_DATA when it is damaged. */
enum kf_err kf_store_noted(struct kf_store *self, const char *key, struct kf_text *text,
                           struct kf_error *err);

#endif

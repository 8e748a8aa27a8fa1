/* The board's store: what the topics say, in a SQLite file that can be deleted and is then read
 * anew.
 *
 * For each edition and year ("panel") it shows the newest release whose rows are all here: counts
 * and digests agree with the manifest. Until then the release before it stays shown. Rows of a
 * release that is not whole yet lie beside it, unseen. Newer is who comes later on the manifests'
 * topic.
 *
 * A handle belongs to one thread. One handle writes (kf_board_store_open, used by the follower);
 * any number read (kf_board_store_open_reader), each a consistent state between
 * kf_board_store_begin and kf_board_store_end. Texts handed to visitors live for the visit. A
 * visitor that returns anything but KF_OK ends the walk, and its code is returned. All functions:
 * KF_ERR_IO, KF_ERR_DATA (fatal: the file is damaged), KF_ERR_MEMORY.
 */
#ifndef KF_BOARD_STORE_H
#define KF_BOARD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/envelope.h"
#include "common/codec/record_read.h"
#include "common/model/topic.h"

#define KF_BOARD_EDITION_SIZE 65
#define KF_BOARD_CODE_SIZE    16
#define KF_BOARD_VINTAGE_SIZE 32
#define KF_BOARD_PROGRAM_SIZE 64
#define KF_BOARD_REASON_SIZE  512
#define KF_BOARD_LARGEST_MAX  20

struct kf_board_store;

/* --- life ---------------------------------------------------------------------------------- */

/* Opens for writing and makes the file when it is not there. KF_ERR_CONFIG: another board has it,
 * it is newer, foreign or damaged (delete it: it is read anew). */
enum kf_err kf_board_store_open(const char *path, struct kf_board_store **store,
                                struct kf_error *err);

/* Opens an existing one for reading. KF_ERR_CONFIG when there is none, or of another version. */
enum kf_err kf_board_store_open_reader(const char *path, struct kf_board_store **store,
                                       struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_board_store_destroy(struct kf_board_store **self);

/* Begins to read one state: whatever is written meanwhile is not seen. Ends with
 * kf_board_store_end. Reading outside sees the newest state at each call. */
enum kf_err kf_board_store_begin(struct kf_board_store *self, struct kf_error *err);
void kf_board_store_end(struct kf_board_store *self);

/* --- what it holds ------------------------------------------------------------------------- */

struct kf_board_totals {
    uint64_t rows;                    /* of what is shown */
    uint64_t staged;                  /* of releases that are not whole, or no longer shown */
    char release[KF_RELEASE_ID_SIZE]; /* the newest whose figures are shown, or "" */
    uint64_t changes; /* grows whenever something below has changed: for ETags and events */
};

/* Everything in one glance. */
enum kf_err kf_board_store_totals(struct kf_board_store *self, struct kf_board_totals *totals,
                                  struct kf_error *err);

/* An edition and year that is shown. */
struct kf_board_panel {
    int64_t number; /* the store's own */
    char edition[KF_BOARD_EDITION_SIZE];
    char edition_digest[KF_DIGEST_SIZE];
    int year;
    char release[KF_RELEASE_ID_SIZE];
    char vintage[KF_BOARD_VINTAGE_SIZE];
    int64_t published_ms;    /* Kafka's time of the manifest */
    uint32_t municipalities; /* that have rows */
    uint64_t rows[KF_TOPICS];
};

typedef enum kf_err kf_board_panel_visit(void *context, const struct kf_board_panel *panel,
                                         struct kf_error *err);

/* Visits all, by edition and year ascending; with `edition` those of one. */
enum kf_err kf_board_store_panels(struct kf_board_store *self, const char *edition,
                                  kf_board_panel_visit *visit, void *context, struct kf_error *err);

/* One panel. KF_ERR_AGAIN when it is not shown (`err` untouched). */
enum kf_err kf_board_store_panel(struct kf_board_store *self, const char *edition, int year,
                                 struct kf_board_panel *panel, struct kf_error *err);

typedef enum kf_err kf_board_code_visit(void *context, const char *code, struct kf_error *err);

/* Visits the codes of all municipalities that are shown with rows, ascending; with `edition` (and
 * `year`, or 0) those of that edition. */
enum kf_err kf_board_store_municipalities(struct kf_board_store *self, const char *edition,
                                          int year, kf_board_code_visit *visit, void *context,
                                          struct kf_error *err);

/* What a panel that is shown has about a municipality. */
struct kf_board_coverage {
    const char *edition;
    int year;
    uint64_t rows[KF_TOPICS];
    uint64_t figures[KF_TOPICS]; /* values of measures */
};

typedef enum kf_err kf_board_coverage_visit(void *context, const struct kf_board_coverage *coverage,
                                            struct kf_error *err);

/* Visits the panels that have rows about the municipality, by edition and year. */
enum kf_err kf_board_store_coverage(struct kf_board_store *self, const char *municipality,
                                    kf_board_coverage_visit *visit, void *context,
                                    struct kf_error *err);

/* --- figures ------------------------------------------------------------------------------- */

typedef enum kf_err kf_board_row_visit(void *context, const struct kf_record_row *row,
                                       struct kf_error *err);

/* Visits the rows of a shown panel about a municipality, or about the group (""), by topic, sector
 * and indicator; none when it is not shown. */
enum kf_err kf_board_store_rows(struct kf_board_store *self, const struct kf_board_panel *panel,
                                const char *municipality, kf_board_row_visit *visit, void *context,
                                struct kf_error *err);

/* The same with all rows of the panel, by topic, municipality, sector and indicator. */
enum kf_err kf_board_store_all_rows(struct kf_board_store *self, const struct kf_board_panel *panel,
                                    kf_board_row_visit *visit, void *context, struct kf_error *err);

/* The same with the rows of a topic without an indicator: what municipalities have side by side. */
enum kf_err kf_board_store_sector_rows(struct kf_board_store *self,
                                       const struct kf_board_panel *panel, enum kf_topic topic,
                                       kf_board_row_visit *visit, void *context,
                                       struct kf_error *err);

/* --- releases ------------------------------------------------------------------------------ */

enum kf_board_panel_state {
    KF_BOARD_SHOWN = 1,
    KF_BOARD_ARRIVING,   /* not all of its rows are here */
    KF_BOARD_SUPERSEDED, /* a newer release has taken its place */
    KF_BOARD_REJECTED,
};

/* "shown", "arriving", "superseded", "rejected". */
const char *kf_board_panel_state_name(enum kf_board_panel_state state);

/* One of the largest moves. */
struct kf_board_move {
    enum kf_topic topic;
    char municipality[KF_BOARD_CODE_SIZE];
    char sector[KF_BOARD_EDITION_SIZE];
    const char *measure;
    double before;
    double after;
};

/* What a release moved in a panel, against the release that was shown before. Seen on the way: a
 * store that was read anew from compacted topics has none. */
struct kf_board_moved {
    char before[KF_RELEASE_ID_SIZE];
    uint64_t figures; /* values of measures now */
    uint64_t changed;
    uint64_t added;
    uint64_t removed;
    /* The largest changes of index, need_index, efficiency and deviations in rows without
     * indicator: |after − before| ÷ the larger of both, the largest first. */
    struct kf_board_move largest[KF_BOARD_LARGEST_MAX];
    size_t largest_len;
};

struct kf_board_release_panel {
    char edition[KF_BOARD_EDITION_SIZE];
    int year;
    uint32_t municipalities; /* as the manifest says */
    enum kf_board_panel_state state;
    char reason[KF_BOARD_REASON_SIZE]; /* rejected: from its dead letter; arriving: what lacks */
    bool has_moved;
    struct kf_board_moved moved;
};

/* Told by ingest's beats; 0: not yet, or not heard. */
struct kf_board_phases {
    int64_t discovered_ms;
    int64_t recorded_ms;
    int64_t sent_ms;
    int64_t held_ms;
    int64_t committed_ms;
    uint32_t attempts;
};

/* A file that it was made from. */
struct kf_board_source {
    const char *name;
    const char *updated; /* RFC 3339, or "" */
};

struct kf_board_release {
    char id[KF_RELEASE_ID_SIZE];
    bool rejected; /* all of its panels */
    char vintage[KF_BOARD_VINTAGE_SIZE];
    char program[KF_BOARD_PROGRAM_SIZE];
    char previous[KF_RELEASE_ID_SIZE]; /* or "" */
    int64_t published_ms;
    uint64_t rows;      /* as the manifest says */
    uint64_t withdrawn; /* likewise */
    const struct kf_board_source *sources;
    size_t sources_len;
    const struct kf_board_release_panel *panels;
    size_t panels_len;
    bool has_phases;
    struct kf_board_phases phases;
};

typedef enum kf_err kf_board_release_visit(void *context, const struct kf_board_release *release,
                                           struct kf_error *err);

/* Visits the newest `limit` releases, newest first. */
enum kf_err kf_board_store_releases(struct kf_board_store *self, size_t limit,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err);

/* Visits one, without its panels. KF_ERR_AGAIN when its manifest is not here (`err` untouched). */
enum kf_err kf_board_store_manifest(struct kf_board_store *self, const char *id,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err);

/* An edition and year whose newest release is not whole here. */
struct kf_board_incomplete {
    const char *release;
    const char *edition;
    int year;
    const char *reason;
};

typedef enum kf_err kf_board_incomplete_visit(void *context,
                                              const struct kf_board_incomplete *incomplete,
                                              struct kf_error *err);

/* Visits them by edition and year. */
enum kf_err kf_board_store_incomplete(struct kf_board_store *self, kf_board_incomplete_visit *visit,
                                      void *context, struct kf_error *err);

/* --- writing: beats ------------------------------------------------------------------------ */

/* Keeps what beats say of a release, whether its manifest is here or not; what was known and is 0
 * now stays. On the writing handle, outside of the follower's calls. */
enum kf_err kf_board_store_note_phases(struct kf_board_store *self, const char *release,
                                       const struct kf_board_phases *phases, struct kf_error *err);

/* --- equality ------------------------------------------------------------------------------ */

/* The digest of all that a store read anew must have as well: what is shown with every row, and the
 * releases with their panels. Not in it: phases, moves, what is staged, offsets. */
enum kf_err kf_board_store_digest(struct kf_board_store *self, char digest[KF_DIGEST_SIZE],
                                  struct kf_error *err);

#endif

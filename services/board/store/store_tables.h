/* The store's tables and statements, and what its files share. Internal to the store. */
#ifndef KF_BOARD_STORE_TABLES_H
#define KF_BOARD_STORE_TABLES_H

#include "common/base/text.h"
#include "common/database/database.h"
#include "common/model/digest.h"
#include "services/board/store/store.h"

enum kf_board_statement {
    KF_BOARD_SELECT_META,
    KF_BOARD_UPSERT_META,
    KF_BOARD_SELECT_POSITION,
    KF_BOARD_UPSERT_POSITION,
    KF_BOARD_SELECT_TOPICS,
    KF_BOARD_SELECT_ARRIVAL,
    KF_BOARD_INSERT_ARRIVAL,
    KF_BOARD_SELECT_PARTS,
    KF_BOARD_UPSERT_PART,
    KF_BOARD_INSERT_ROW,
    KF_BOARD_SELECT_ROW_DIGEST,
    KF_BOARD_REPLACE_ROW,
    KF_BOARD_SELECT_ORDER,
    KF_BOARD_SELECT_LAST_PLACE,
    KF_BOARD_SELECT_RELEASE_AT,
    KF_BOARD_INSERT_MANIFEST,
    KF_BOARD_INSERT_SOURCE,
    KF_BOARD_INSERT_CONTENT,
    KF_BOARD_INSERT_MANIFEST_PANEL,
    KF_BOARD_UPDATE_ARRIVAL,
    KF_BOARD_INSERT_LETTER,
    KF_BOARD_SELECT_CANDIDATES,
    KF_BOARD_SELECT_WANTED,
    KF_BOARD_SELECT_ARRIVED,
    KF_BOARD_UPDATE_STATE,
    KF_BOARD_UPSERT_SHOWN,
    KF_BOARD_SELECT_SHOWN,
    KF_BOARD_INSERT_COVERAGE,
    KF_BOARD_DROP_OLDER,
    KF_BOARD_DROP_ORPHANS,
    KF_BOARD_SELECT_GONE,
    KF_BOARD_DELETE_ROWS,
    KF_BOARD_DELETE_COVERAGE,
    KF_BOARD_SELECT_SECTOR_ROWS,
    KF_BOARD_SELECT_ALL_ROWS,
    KF_BOARD_SELECT_BEFORE,
    KF_BOARD_INSERT_MOVED,
    KF_BOARD_INSERT_MOVE,
    KF_BOARD_SELECT_MOVED,
    KF_BOARD_SELECT_MOVES,
    KF_BOARD_UPSERT_PHASES,
    KF_BOARD_SELECT_PANELS,
    KF_BOARD_SELECT_MUNICIPALITIES,
    KF_BOARD_SELECT_COVERAGE,
    KF_BOARD_SELECT_ROWS_OF,
    KF_BOARD_SELECT_RELEASES,
    KF_BOARD_SELECT_SOURCES,
    KF_BOARD_SELECT_RELEASE_PANELS,
    KF_BOARD_SELECT_INCOMPLETE,
    KF_BOARD_SELECT_TOTALS,
    KF_BOARD_STATEMENTS,
};
_Static_assert((int)KF_BOARD_STATEMENTS <= KF_DATABASE_STATEMENTS_MAX, "");

/* What becomes of the rows of a release in an edition and year. */
enum kf_board_arrival_state {
    KF_BOARD_ARRIVES = 0, /* rows are kept, unseen */
    KF_BOARD_IS_SHOWN = 1,
    KF_BOARD_IS_GONE = 2,  /* a newer one is shown: rows are counted, not kept */
    KF_BOARD_IS_SWEPT = 3, /* and those that were here are deleted */
};

/* Rows of a release in an edition and year as they come, counted and digested by topic. */
struct kf_board_arrival {
    int64_t number; /* 0: none */
    char release[KF_RELEASE_ID_SIZE];
    char edition[KF_BOARD_EDITION_SIZE];
    int year;
    enum kf_board_arrival_state state;
    uint64_t rows[KF_TOPICS];
    struct kf_digest_sum digests[KF_TOPICS];
    unsigned dirty; /* topics that are not written, as bits */
};

#define KF_BOARD_ARRIVALS_KEPT 64

struct kf_board_store {
    struct kf_database base;
    struct kf_board_arrival arrivals[KF_BOARD_ARRIVALS_KEPT]; /* used lately */
    size_t arrival_next;
    size_t arrival_last;
    struct kf_text blob; /* packed measures */
    uint64_t refused;    /* records that are none of ours */
    char refusal[256];
    bool verify;  /* something has come that may make a panel whole */
    bool changed; /* something that readers see, in this transaction */
};

extern const struct kf_database_class kf_board_store_class;

/* The statement, ready for binding; as kf_database_prepare. */
enum kf_err kf_board_prepare(struct kf_board_store *self, enum kf_board_statement which,
                             sqlite3_stmt **statement, struct kf_error *err);

/* Binds fixed-size texts of several parameters in a row, from place 1. */
void kf_board_bind_key(sqlite3_stmt *statement, const char *release, const char *edition, int year);

/* A number that is kept under a name; 0 when there is none. */
enum kf_err kf_board_meta(struct kf_board_store *self, const char *name, int64_t *value,
                          struct kf_error *err);
enum kf_err kf_board_set_meta(struct kf_board_store *self, const char *name, int64_t value,
                              struct kf_error *err);

/* Reads the row that a statement stands on, whose columns are topic, municipality, sector,
 * indicator, flags and measures; texts live until its next step. Release, edition and year stay. */
void kf_board_read_row(sqlite3_stmt *statement, struct kf_record_row *row);

/* Copies a column's text; cut when it is too long. */
void kf_board_copy_text(sqlite3_stmt *statement, int column, char *copy, size_t size);

#endif

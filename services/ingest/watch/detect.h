/* Detection: which question to ask Statistics Norway next, and when a release is due.
 *
 * Pure: it is told what searches found and what was stored, and answers. It keeps nothing that the
 * store's vintages and one note (what the last release was made of) cannot give back after a
 * restart, but for how long all has been quiet, which begins anew then.
 *
 * A table is *known* with the `updated` of its newest vintage and *seen* with the newest `updated`
 * that a search or the table itself told; seen after known means that it is wanted. An older one is
 * a stale answer and changes nothing. On the day of an event no table of its publication is wanted
 * before the hour.
 *
 * A release is due when the newest vintages are not those of the last release, all has been quiet
 * for `quiet_ms` and a search has confirmed it, no table that is wanted is still to be had, and no
 * event is open. An event is open from its hour until every table of its publication has it (known
 * within the event or later, and with its year). After `patience_ms` the release is due with what
 * is there, and incomplete. A table that drifted away from its map is not waited for outside of
 * events.
 */
#ifndef KF_INGEST_DETECT_H
#define KF_INGEST_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "services/ingest/watch/calendar.h"

#define KF_DETECT_TABLES_MAX 64
#define KF_DETECT_TEXT_MAX   400

/* A moment of the day: its clock and its time that never jumps. */
struct kf_moment {
    int64_t wall_ms;
    int64_t mono_ms;
};

/* Why a table that is wanted could not be taken. */
enum kf_detect_trouble {
    KF_DETECT_FINE = 0,
    KF_DETECT_FAILED,  /* the question failed: again soon, then less often */
    KF_DETECT_MOVED,   /* it changed while it was read: again soon */
    KF_DETECT_HALF,    /* half-published: again soon, then less often */
    KF_DETECT_DRIFTED, /* it is no longer what its map says: again when it changes, or in an hour */
    KF_DETECT_REFUSED, /* its figures cannot be: likewise */
    KF_DETECT_TROUBLES,
};

/* "half-published", for people and labels. */
const char *kf_detect_trouble_name(enum kf_detect_trouble trouble);

struct kf_detect_table {
    const char *table;       /* borrowed for good */
    const char *publication; /* likewise */
    int year_offset;         /* of the map: the newest year of its figures less the table's own */

    int64_t known_ms; /* `updated` of the newest vintage; INT64_MIN: there is none */
    char digest[KF_DIGEST_SIZE];
    int newest_year;

    int64_t seen_ms; /* newest `updated` that was told */
    enum kf_detect_trouble trouble;
    unsigned attempts;     /* that failed, of this `updated` */
    int64_t since_mono_ms; /* wanted, or to be looked at, since */
    int64_t retry_mono_ms;
    bool look; /* its `updated` is to be asked for */

    char assembled[KF_DIGEST_SIZE]; /* digest in the last release; "" : none */
};

struct kf_detect_options {
    const struct kf_calendar *calendar; /* borrowed for good */
    int64_t quiet_ms;
    int64_t patience_ms;
    struct kf_moment now;
};

struct kf_detect {
    struct kf_detect_options options;
    struct kf_detect_table tables[KF_DETECT_TABLES_MAX];
    size_t tables_len;
    int64_t changed_mono_ms;  /* something was taken or seen */
    int64_t searched_mono_ms; /* start of the last good search; INT64_MIN: none since the start */
    int64_t asked_mono_ms;    /* of the last search, good or not */
    unsigned failures;        /* searches, since the last good one */
    bool fresh;               /* nothing was assembled since the start */
};

/* --- life ------------------------------------------------------------------------------------- */

/* Without tables. */
void kf_detect_init(struct kf_detect *self, const struct kf_detect_options *options);

/* Adds a table before anything is told. KF_ERR_LIMIT beyond KF_DETECT_TABLES_MAX. */
enum kf_err kf_detect_add(struct kf_detect *self, const char *table, const char *publication,
                          int year_offset, struct kf_error *err);

/* The table's number, or SIZE_MAX. */
size_t kf_detect_find(const struct kf_detect *self, const char *table);

/* What the last release was made of, as kf_detect_note wrote it; tables that are no longer there
 * are passed over. */
void kf_detect_recall(struct kf_detect *self, const char *note);

/* Appends the note: a line "TABLE DIGEST" for each table of the last release. */
void kf_detect_note(const struct kf_detect *self, struct kf_text *note);

/* --- told ------------------------------------------------------------------------------------- */

/* The newest vintage of a table is this one: at the start, and after something was stored. */
struct kf_detect_vintage {
    int64_t updated_ms;
    const char *digest;
    int newest_year;
};
void kf_detect_stored(struct kf_detect *self, size_t table, const struct kf_detect_vintage *vintage,
                      struct kf_moment now);

enum kf_detect_news {
    KF_DETECT_SAME = 0,
    KF_DETECT_NEWER,
    KF_DETECT_STALE, /* older than what is known or was seen */
    KF_DETECT_AHEAD, /* more than KF_DETECT_AHEAD_MS ahead of our clock: not believed */
};

/* So far may our clock be behind theirs. What is dated later would stand before all that comes. */
#define KF_DETECT_AHEAD_MS INT64_C(86400000)

/* Somebody said that the table was updated at `updated_ms`. */
enum kf_detect_news kf_detect_seen(struct kf_detect *self, size_t table, int64_t updated_ms,
                                   struct kf_moment now);

/* A search that was begun at `began_ms` (of the time that never jumps) has ended. */
void kf_detect_searched(struct kf_detect *self, int64_t began_mono_ms, bool good,
                        struct kf_moment now);

/* All tables are to be asked for, each by itself: the last search is too long ago. */
void kf_detect_look_at_all(struct kf_detect *self);

/* The table was asked for and could not be taken. */
void kf_detect_not_taken(struct kf_detect *self, size_t table, enum kf_detect_trouble trouble,
                         struct kf_moment now);

/* A release was made from what is known now, or nothing of it was new. */
void kf_detect_assembled(struct kf_detect *self);

/* --- asked ------------------------------------------------------------------------------------ */

enum kf_detect_wish {
    KF_DETECT_NOTHING = 0,
    KF_DETECT_SEARCH,
    KF_DETECT_LOOK,  /* when was `table` updated? */
    KF_DETECT_FETCH, /* description and figures of `table` */
};

/* The next question. */
enum kf_detect_wish kf_detect_next(const struct kf_detect *self, struct kf_moment now,
                                   size_t *table);

/* How long until kf_detect_next or kf_detect_due may say something else, at least 1 ms, when
 * nothing is told meanwhile. Of the day. */
int64_t kf_detect_pause_ms(const struct kf_detect *self, struct kf_moment now);

/* A release that is due, or, while it is not, what is waited for. */
struct kf_detect_release {
    bool event; /* `of` is filled in */
    struct kf_calendar_event of;
    bool complete;
    size_t have; /* tables of the event */
    size_t need;
    const char *vintage;              /* of the newest changed table */
    char missing[KF_DETECT_TEXT_MAX]; /* tables that lack, with what their trouble is: "12362
                                         (half-published), 12367", shortened; or "" */
};

/* True when a release is due; `release` is filled then. */
bool kf_detect_due(const struct kf_detect *self, struct kf_moment now,
                   struct kf_detect_release *release);

/* True while something is waited for: an open event, or quiet after a change. */
bool kf_detect_waits(const struct kf_detect *self, struct kf_moment now,
                     struct kf_detect_release *release);

/* Somebody wants a release to be assembled again: as after a start. */
void kf_detect_again(struct kf_detect *self);

/* True when the newest vintages are not those of the last release, or nothing was assembled since
 * the start: editions and standing files may be others than then. */
bool kf_detect_is_changed(const struct kf_detect *self);

/* The earliest event after now of any publication of the tables. */
bool kf_detect_next_event(const struct kf_detect *self, int64_t wall_ms,
                          struct kf_calendar_event *event);

#endif

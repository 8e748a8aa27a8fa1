/* The harvest: asks Statistics Norway one question after the other and brings tables home into the
 * store.
 *
 *     code = kf_harvest_fetch(harvest, table, seen_ms, &err);
 *     … in the loop: kf_harvest_wait; if (kf_harvest_work(harvest, &result)) … result
 *
 * A table is fetched in four steps: its description (compared with the map), its figures (page by
 * page through the map), its description's `updated` again (when it is another the table changed
 * while it was read), and the store. Nothing is kept of a table that is not taken whole. There is
 * never more than one question open.
 */
#ifndef KF_INGEST_HARVEST_H
#define KF_INGEST_HARVEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/day.h"
#include "common/base/error.h"
#include "common/model/catalogue.h"
#include "services/ingest/ssb/ssb.h"
#include "services/ingest/store/store.h"
#include "services/ingest/watch/calendar.h"
#include "services/ingest/watch/detect.h"
#include "services/ingest/watch/half.h"
#include "services/ingest/watch/live.h"

#define KF_HARVEST_SOURCE "ssb-" /* and the table: a source of the store */

/* All borrowed for good. */
struct kf_harvest_options {
    struct kf_ssb *ssb;
    struct kf_store *store;
    const struct kf_catalogue *catalogue;
    const struct kf_calendar *calendar;
    const struct kf_day *day;
    size_t rows_max; /* of a table */
};

enum kf_harvest_kind {
    KF_HARVEST_NOTHING = 0,
    KF_HARVEST_SEARCHED,
    KF_HARVEST_LOOKED,
    KF_HARVEST_FETCHED,
    KF_HARVEST_CODES,
};

/* How long each step took, in real milliseconds. */
struct kf_harvest_times {
    int64_t metadata_ms;
    int64_t data_ms;
    int64_t again_ms;
    int64_t store_ms;
};

struct kf_harvest_result {
    enum kf_harvest_kind kind;
    enum kf_detect_trouble trouble; /* not fine: why there is nothing else; `text` for people */
    char text[KF_ERROR_TEXT_MAX];
    int64_t began_mono_ms;              /* of the day */
    const struct kf_ssb_answer *answer; /* SEARCHED, CODES: until the next question */
    int64_t updated_ms;                 /* LOOKED, FETCHED */
    struct kf_vintage vintage;          /* FETCHED: what was stored */
    enum kf_store_added added;
    struct kf_harvest_times times;
    size_t pages;
    uint64_t cells;
    uint64_t bytes;
};

struct kf_harvest;

/* KF_ERR_MEMORY. */
enum kf_err kf_harvest_new(const struct kf_harvest_options *options, struct kf_harvest **harvest,
                           struct kf_error *err);

/* NULL is fine, the pointer is nulled; an open question is dropped. */
void kf_harvest_destroy(struct kf_harvest **self);

/* True while a question is open. */
bool kf_harvest_is_busy(const struct kf_harvest *self);

/* Each begins something, while nothing is open. A failure to begin is told like one of the answer:
 * the next kf_harvest_work has it. */

/* Which tables changed between two days, 2026-03-15. */
void kf_harvest_search(struct kf_harvest *self, const char *from, const char *to);

/* When was the table updated? */
void kf_harvest_look(struct kf_harvest *self, const char *table);

/* Brings the table home. `seen_ms`: the `updated` that it is known to have; an older description is
 * an answer of yesterday and the table has moved. `told`: what is wrong with it stands in the log
 * already, and is not told again. Borrowed until the result. */
void kf_harvest_fetch(struct kf_harvest *self, const struct kf_live_table *table, int64_t seen_ms,
                      bool told);

/* The municipality codes of a day. */
void kf_harvest_codes(struct kf_harvest *self, const char *day);

/* A bounded amount of work. True when what was begun has ended: `result` is filled. */
bool kf_harvest_work(struct kf_harvest *self, struct kf_harvest_result *result);

#endif

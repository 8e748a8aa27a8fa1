#include "services/board/store/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "services/board/store/moved.h"
#include "services/board/store/take.h"

#define CANDIDATES_MAX 512
#define SWEEP_ROWS     4000

/* --- whole or not ---------------------------------------------------------------------------- */

struct sums {
    uint64_t rows[KF_TOPICS];
    struct kf_digest_sum digests[KF_TOPICS];
};

static void add_part(struct sums *sums, sqlite3_stmt *statement)
{
    int topic = sqlite3_column_int(statement, 0);
    if (topic <= 0 || topic >= KF_TOPICS) {
        return;
    }
    const struct kf_digest_sum sum = {.high = (uint64_t)sqlite3_column_int64(statement, 2),
                                      .low = (uint64_t)sqlite3_column_int64(statement, 3)};
    sums->rows[topic] += (uint64_t)sqlite3_column_int64(statement, 1);
    kf_digest_sum_join(&sums->digests[topic], &sum);
}

static enum kf_err read_sums(struct kf_board_store *self, enum kf_board_statement which,
                             const struct kf_board_arrival *key, struct sums *sums,
                             struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, key->release, key->edition, key->year);
    while ((code = kf_database_step(&self->base, statement, "verifying", err)) == KF_OK) {
        add_part(sums, statement);
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static bool agrees(const struct sums *wanted, const struct sums *found, int topic)
{
    return wanted->rows[topic] == found->rows[topic] &&
           kf_digest_sum_equals(&wanted->digests[topic], &found->digests[topic]);
}

/* What lacks in the first topic that does not agree. */
static void tell(const struct sums *wanted, const struct sums *found, int topic,
                 char reason[KF_BOARD_REASON_SIZE])
{
    const char *name = kf_topic_name((enum kf_topic)topic);
    if (wanted->rows[topic] == found->rows[topic]) {
        (void)snprintf(reason, KF_BOARD_REASON_SIZE,
                       "%s: the %" PRIu64 " rows here are not those that the manifest tells of",
                       name, found->rows[topic]);
    } else {
        (void)snprintf(reason, KF_BOARD_REASON_SIZE, "%s: %" PRIu64 " rows of %" PRIu64 " are here",
                       name, found->rows[topic], wanted->rows[topic]);
    }
}

enum kf_err kf_board_is_whole(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                              bool told, bool *whole, char reason[KF_BOARD_REASON_SIZE],
                              struct kf_error *err)
{
    struct kf_board_arrival key = *arrival;
    struct sums wanted = {0};
    struct sums found = {0};
    if (!told) {
        key.edition[0] = '\0';
        key.year = 0;
    }
    enum kf_err code = read_sums(self, KF_BOARD_SELECT_WANTED, &key, &wanted, err);
    if (code == KF_OK) {
        code = read_sums(self, KF_BOARD_SELECT_ARRIVED, &key, &found, err);
    }
    if (code != KF_OK) {
        return code;
    }
    int topic = 1;
    while (topic < KF_TOPICS && agrees(&wanted, &found, topic)) {
        topic++;
    }
    *whole = topic == KF_TOPICS;
    if (!*whole && reason) {
        tell(&wanted, &found, topic, reason);
    }
    return KF_OK;
}

/* --- showing --------------------------------------------------------------------------------- */

static enum kf_err run_on(struct kf_board_store *self, enum kf_board_statement which,
                          int64_t number, int64_t second, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    if (sqlite3_bind_parameter_count(statement) > 1) {
        kf_database_bind_number(statement, 2, second);
    }
    return kf_database_finish(&self->base, statement, "showing a panel", err);
}

/* What stands in the way: is the candidate newer than what is shown, and what is that. */
struct place {
    int64_t shown; /* arrival, or 0 */
    char before[KF_RELEASE_ID_SIZE];
    bool newer;
};

static enum kf_err read_place(struct kf_board_store *self, int64_t number, struct place *place,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_SHOWN, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        place->shown = sqlite3_column_int64(statement, 0);
        kf_board_copy_text(statement, 1, place->before, sizeof place->before);
        place->newer = sqlite3_column_int(statement, 2) != 0;
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err drop_older(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_DROP_OLDER, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, arrival->edition);
    kf_database_bind_number(statement, 2, arrival->year);
    return kf_database_finish(&self->base, statement, "showing a panel", err);
}

static enum kf_err show(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                        const struct place *place, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (place->shown > 0) {
        code = kf_board_note_moved(self, arrival, place->shown, place->before, err);
    }
    if (code == KF_OK) {
        code = run_on(self, KF_BOARD_INSERT_COVERAGE, arrival->number, 0, err);
    }
    if (code == KF_OK) {
        code = run_on(self, KF_BOARD_UPSERT_SHOWN, arrival->number, 0, err);
    }
    if (code == KF_OK) {
        code = run_on(self, KF_BOARD_UPDATE_STATE, arrival->number, KF_BOARD_IS_SHOWN, err);
    }
    self->changed = true;
    return code == KF_OK ? drop_older(self, arrival, err) : code;
}

/* --- candidates ------------------------------------------------------------------------------ */

struct candidates {
    struct {
        int64_t number;
        char release[KF_RELEASE_ID_SIZE];
        char edition[KF_BOARD_EDITION_SIZE];
        int year;
        bool told;
    } list[CANDIDATES_MAX];
    size_t length;
};

/* Those that come behind the arrival `after`; 0: from the newest on. */
static enum kf_err read_candidates(struct kf_board_store *self, int64_t after,
                                   struct candidates *candidates, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_CANDIDATES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, after);
    candidates->length = 0;
    while (candidates->length < CANDIDATES_MAX &&
           (code = kf_database_step(&self->base, statement, "reading", err)) == KF_OK) {
        size_t i = candidates->length++;
        candidates->list[i].number = sqlite3_column_int64(statement, 0);
        candidates->list[i].told = sqlite3_column_int(statement, 1) != 0;
        kf_board_copy_text(statement, 2, candidates->list[i].release, KF_RELEASE_ID_SIZE);
        kf_board_copy_text(statement, 3, candidates->list[i].edition, KF_BOARD_EDITION_SIZE);
        candidates->list[i].year = sqlite3_column_int(statement, 4);
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* Shows the candidate, or drops it, or leaves it as it is. */
static enum kf_err settle_one(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                              bool told, bool *shown, struct kf_error *err)
{
    struct place place = {0};
    bool whole = false;
    enum kf_err code = read_place(self, arrival->number, &place, err);
    if (code == KF_OK && !place.newer) {
        self->changed = true;
        return run_on(self, KF_BOARD_UPDATE_STATE, arrival->number, KF_BOARD_IS_GONE, err);
    }
    if (code == KF_OK) {
        code = kf_board_is_whole(self, arrival, told, &whole, NULL, err);
    }
    if (code == KF_OK && whole) {
        *shown = true;
        code = show(self, arrival, &place, err);
    }
    return code;
}

static enum kf_err settle_list(struct kf_board_store *self, const struct candidates *candidates,
                               int64_t until_ms, bool *more, struct kf_error *err)
{
    bool shown = false;
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < candidates->length && code == KF_OK && !*more; i++) {
        struct kf_board_arrival arrival = {.number = candidates->list[i].number,
                                           .year = candidates->list[i].year};
        memcpy(arrival.release, candidates->list[i].release, sizeof arrival.release);
        memcpy(arrival.edition, candidates->list[i].edition, sizeof arrival.edition);
        code = settle_one(self, &arrival, candidates->list[i].told, &shown, err);
        *more = shown && kf_clock_monotonic_ms() >= until_ms;
    }
    return code;
}

enum kf_err kf_board_settle(struct kf_board_store *self, int64_t until_ms, bool *more,
                            struct kf_error *err)
{
    struct candidates candidates;
    int64_t after = 0;
    bool rest = self->verify;
    enum kf_err code = KF_OK;
    *more = false;
    while (rest && !*more && code == KF_OK) {
        code = read_candidates(self, after, &candidates, err);
        if (code == KF_OK) {
            code = settle_list(self, &candidates, until_ms, more, err);
            rest = candidates.length == CANDIDATES_MAX;
            after = rest ? candidates.list[CANDIDATES_MAX - 1].number : 0;
        }
    }
    kf_board_take_forget(self); /* states may have changed */
    self->verify = *more;
    return code;
}

/* --- what is gone ---------------------------------------------------------------------------- */

/* KF_ERR_AGAIN when there is none. */
static enum kf_err next_gone(struct kf_board_store *self, int64_t *number, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_GONE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        *number = sqlite3_column_int64(statement, 0);
    }
    kf_database_done(statement);
    return code;
}

enum kf_err kf_board_sweep(struct kf_board_store *self, bool *more, struct kf_error *err)
{
    int64_t number = 0;
    *more = false;
    enum kf_err code = next_gone(self, &number, err);
    if (code != KF_OK) {
        return code == KF_ERR_AGAIN ? KF_OK : code;
    }
    *more = true;
    code = run_on(self, KF_BOARD_DELETE_ROWS, number, SWEEP_ROWS, err);
    if (code == KF_OK && kf_database_changes(&self->base) < SWEEP_ROWS) {
        code = run_on(self, KF_BOARD_DELETE_COVERAGE, number, 0, err);
        if (code == KF_OK) {
            code = run_on(self, KF_BOARD_UPDATE_STATE, number, KF_BOARD_IS_SWEPT, err);
        }
    }
    return code;
}

enum kf_err kf_board_drop_orphans(struct kf_board_store *self, int64_t before_ms,
                                  struct kf_error *err)
{
    enum kf_err code = run_on(self, KF_BOARD_DROP_ORPHANS, before_ms, 0, err);
    if (code == KF_OK && kf_database_changes(&self->base) > 0) {
        kf_board_take_forget(self);
    }
    return code;
}

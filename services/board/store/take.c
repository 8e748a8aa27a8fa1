#include "services/board/store/take.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "services/board/store/measures.h"
#include "services/board/store/taking.h"

/* --- arrivals -------------------------------------------------------------------------------- */

static bool is_of(const struct kf_board_arrival *arrival, const char *release, const char *edition,
                  int year)
{
    return arrival->number > 0 && arrival->year == year && strcmp(arrival->release, release) == 0 &&
           strcmp(arrival->edition, edition) == 0;
}

static struct kf_board_arrival *remembered(struct kf_board_store *self, const char *release,
                                           const char *edition, int year)
{
    struct kf_board_arrival *last = &self->arrivals[self->arrival_last];
    if (is_of(last, release, edition, year)) {
        return last;
    }
    for (size_t i = 0; i < KF_BOARD_ARRIVALS_KEPT; i++) {
        if (is_of(&self->arrivals[i], release, edition, year)) {
            self->arrival_last = i;
            return &self->arrivals[i];
        }
    }
    return NULL;
}

static enum kf_err flush_part(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                              int topic, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_UPSERT_PART, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, arrival->number);
    kf_database_bind_number(statement, 2, topic);
    kf_database_bind_number(statement, 3, (int64_t)arrival->rows[topic]);
    kf_database_bind_number(statement, 4, (int64_t)arrival->digests[topic].high);
    kf_database_bind_number(statement, 5, (int64_t)arrival->digests[topic].low);
    return kf_database_finish(&self->base, statement, "counting rows", err);
}

static enum kf_err flush_arrival(struct kf_board_store *self, struct kf_board_arrival *arrival,
                                 struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (int topic = 0; topic < KF_TOPICS && code == KF_OK; topic++) {
        if (arrival->dirty >> topic & 1U) {
            code = flush_part(self, arrival, topic, err);
        }
    }
    arrival->dirty = 0;
    return code;
}

enum kf_err kf_board_take_flush(struct kf_board_store *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < KF_BOARD_ARRIVALS_KEPT && code == KF_OK; i++) {
        code = flush_arrival(self, &self->arrivals[i], err);
    }
    return code;
}

void kf_board_take_forget(struct kf_board_store *self)
{
    memset(self->arrivals, 0, sizeof self->arrivals);
    self->arrival_last = 0;
    self->arrival_next = 0;
}

static enum kf_err read_parts(struct kf_board_store *self, struct kf_board_arrival *arrival,
                              struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_PARTS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, arrival->number);
    while ((code = kf_database_step(&self->base, statement, "reading", err)) == KF_OK) {
        int topic = sqlite3_column_int(statement, 0);
        if (topic > 0 && topic < KF_TOPICS) {
            arrival->rows[topic] = (uint64_t)sqlite3_column_int64(statement, 1);
            arrival->digests[topic].high = (uint64_t)sqlite3_column_int64(statement, 2);
            arrival->digests[topic].low = (uint64_t)sqlite3_column_int64(statement, 3);
        }
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* KF_ERR_AGAIN when it is not there. */
static enum kf_err select_arrival(struct kf_board_store *self, struct kf_board_arrival *arrival,
                                  struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_ARRIVAL, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, arrival->release, arrival->edition, arrival->year);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        arrival->number = sqlite3_column_int64(statement, 0);
        arrival->state = (enum kf_board_arrival_state)sqlite3_column_int(statement, 1);
    }
    kf_database_done(statement);
    return code;
}

static enum kf_err insert_arrival(struct kf_board_store *self, struct kf_board_arrival *arrival,
                                  struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_INSERT_ARRIVAL, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, arrival->release, arrival->edition, arrival->year);
    kf_database_bind_number(statement, 4, kf_clock_wall_ms());
    code = kf_database_finish(&self->base, statement, "beginning a panel", err);
    if (code == KF_OK) {
        arrival->number = sqlite3_last_insert_rowid(self->base.base);
    }
    return code;
}

enum kf_err kf_board_find_arrival(struct kf_board_store *self, const char *release,
                                  const char *edition, int year, struct kf_board_arrival **arrival,
                                  struct kf_error *err)
{
    struct kf_board_arrival fresh = {.year = year};
    *arrival = remembered(self, release, edition, year);
    if (*arrival) {
        return KF_OK;
    }
    (void)snprintf(fresh.release, sizeof fresh.release, "%s", release);
    (void)snprintf(fresh.edition, sizeof fresh.edition, "%s", edition);
    enum kf_err code = select_arrival(self, &fresh, err);
    if (code == KF_ERR_AGAIN) {
        code = insert_arrival(self, &fresh, err);
    } else if (code == KF_OK) {
        code = read_parts(self, &fresh, err);
    }
    struct kf_board_arrival *place = &self->arrivals[self->arrival_next];
    if (code == KF_OK) {
        code = flush_arrival(self, place, err);
    }
    if (code == KF_OK) {
        *place = fresh;
        *arrival = place;
        self->arrival_last = self->arrival_next;
        self->arrival_next = (self->arrival_next + 1) % KF_BOARD_ARRIVALS_KEPT;
    }
    return code;
}

/* --- rows ------------------------------------------------------------------------------------ */

static void bind_row(sqlite3_stmt *statement, const struct kf_board_arrival *arrival,
                     const struct kf_record_row *row)
{
    kf_database_bind_number(statement, 1, arrival->number);
    kf_database_bind_number(statement, 2, (int64_t)row->topic);
    (void)sqlite3_bind_text(statement, 3, row->municipality, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(statement, 4, row->sector, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(statement, 5, row->indicator, -1, SQLITE_STATIC);
}

static enum kf_err put_row(struct taking *taking, enum kf_board_statement which,
                           const struct kf_board_arrival *arrival, const struct kf_record_row *row,
                           struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, which, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_reset(&self->blob);
    kf_board_measures_pack(row, &self->blob);
    bind_row(statement, arrival, row);
    kf_database_bind_number(statement, 6, row->flags);
    (void)sqlite3_bind_blob(statement, 7, self->blob.bytes ? self->blob.bytes : "",
                            (int)self->blob.length, SQLITE_STATIC);
    kf_database_bind_number(statement, 8, (int64_t)taking->digest.high);
    kf_database_bind_number(statement, 9, (int64_t)taking->digest.low);
    return kf_database_finish(&self->base, statement, "keeping a row", err);
}

static enum kf_err read_digest(struct taking *taking, const struct kf_board_arrival *arrival,
                               const struct kf_record_row *row, struct kf_digest_sum *digest,
                               struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_ROW_DIGEST, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    bind_row(statement, arrival, row);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        digest->high = (uint64_t)sqlite3_column_int64(statement, 0);
        digest->low = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    kf_database_done(statement);
    return code;
}

/* The newest record of a key is what counts, as everywhere on compacted topics. */
static enum kf_err replace_row(struct taking *taking, struct kf_board_arrival *arrival,
                               const struct kf_record_row *row, struct kf_error *err)
{
    struct kf_digest_sum before = {0};
    enum kf_err code = read_digest(taking, arrival, row, &before, err);
    if (code == KF_OK) {
        code = put_row(taking, KF_BOARD_REPLACE_ROW, arrival, row, err);
    }
    if (code == KF_OK) {
        arrival->dirty |= 1U << row->topic;
        kf_digest_sum_part(&arrival->digests[row->topic], &before);
        kf_digest_sum_join(&arrival->digests[row->topic], &taking->digest);
    }
    return code;
}

/* Also one that is not kept: a release whose manifest does not tell of its panels is verified as
 * one. */
static void count_row(const struct taking *taking, struct kf_board_arrival *arrival,
                      const struct kf_record_row *row)
{
    arrival->dirty |= 1U << row->topic;
    arrival->rows[row->topic]++;
    kf_digest_sum_join(&arrival->digests[row->topic], &taking->digest);
}

static enum kf_err keep_row(struct taking *taking, struct kf_board_arrival *arrival,
                            const struct kf_record_row *row, struct kf_error *err)
{
    enum kf_err code = put_row(taking, KF_BOARD_INSERT_ROW, arrival, row, err);
    if (code != KF_OK) {
        return code;
    }
    taking->store->verify = true;
    if (kf_database_changes(&taking->store->base) == 0) {
        return replace_row(taking, arrival, row, err);
    }
    count_row(taking, arrival, row);
    return KF_OK;
}

/* What is shown was verified, and what is gone is not wanted: only what arrives takes rows. */
static enum kf_err visit_row(void *context, const struct kf_record_row *row, struct kf_error *err)
{
    struct taking *taking = context;
    struct kf_board_arrival *arrival = NULL;
    if (strlen(row->edition) >= KF_BOARD_EDITION_SIZE) {
        return kf_error_set(err, KF_ERR_DATA, "edition %.80s… is too long", row->edition);
    }
    taking->ours = true;
    enum kf_err code =
        kf_board_find_arrival(taking->store, row->release, row->edition, row->year, &arrival, err);
    if (code != KF_OK || arrival->state == KF_BOARD_IS_SHOWN) {
        return code;
    }
    const struct kf_board_record *record = taking->record;
    taking->digest = kf_digest_sum_of_record(record->key, record->key_length, record->value,
                                             record->value_length);
    if (arrival->state == KF_BOARD_ARRIVES) {
        return keep_row(taking, arrival, row, err);
    }
    count_row(taking, arrival, row);
    return KF_OK;
}

/* --- dead letters ---------------------------------------------------------------------------- */

static enum kf_err visit_letter(void *context, const struct kf_record_letter *letter,
                                struct kf_error *err)
{
    struct taking *taking = context;
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    taking->ours = true;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_INSERT_LETTER, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, letter->release);
    kf_database_bind_number(statement, 2, letter->panel);
    kf_database_bind_text(statement, 3, letter->stage);
    kf_database_bind_text(statement, 4, letter->reason);
    self->changed = true;
    return kf_database_finish(&self->base, statement, "keeping a dead letter", err);
}

/* --- records --------------------------------------------------------------------------------- */

static enum kf_err read_row_or_letter(struct taking *taking, struct kf_error *err)
{
    const struct kf_board_record *record = taking->record;
    switch (record->topic) {
    case KF_TOPIC_REJECTED:
        return kf_record_letter_read(record->value, record->value_length, visit_letter, taking,
                                     err);
    default:
        return kf_record_row_read((enum kf_topic)record->topic, record->value, record->value_length,
                                  visit_row, taking, err);
    }
}

/* The release whose manifest stood in the place of this record when it was read before; "": none.
 */
static enum kf_err read_known(struct taking *taking, char known[KF_RELEASE_ID_SIZE],
                              struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_RELEASE_AT, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, taking->record->partition);
    kf_database_bind_number(statement, 2, taking->record->offset);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        kf_board_copy_text(statement, 0, known, KF_RELEASE_ID_SIZE);
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* Manifests stay where they are for good: another one in the place of one that was read says that
 * these are other topics. */
static enum kf_err take_manifest(struct taking *taking, struct kf_error *err)
{
    const struct kf_board_record *record = taking->record;
    char known[KF_RELEASE_ID_SIZE] = "";
    struct kf_error why = {0};
    enum kf_err code = read_known(taking, known, err);
    if (code != KF_OK) {
        taking->ours = true;
        return code;
    }
    if (record->value) {
        code = kf_record_manifest_read(record->value, record->value_length, kf_board_visit_manifest,
                                       taking, &why);
    }
    if (known[0] && strcmp(taking->release, known) != 0 && code != KF_ERR_MEMORY) {
        taking->ours = true;
        return kf_error_set(err, KF_ERR_AGAIN, "the manifest of %s is not where it was", known);
    }
    *err = why;
    return code;
}

enum kf_err kf_board_take(struct kf_board_store *self, const struct kf_board_record *record,
                          const struct kf_topic_set *topics, struct kf_error *err)
{
    struct taking taking = {.store = self, .record = record, .topics = topics};
    struct kf_error why = {0};
    enum kf_err code = KF_OK;
    if (record->topic == KF_TOPIC_RELEASE) {
        code = take_manifest(&taking, &why);
    } else if (record->value) {
        code = read_row_or_letter(&taking, &why);
    }
    if (code == KF_OK) {
        return KF_OK;
    }
    if (!taking.ours && code != KF_ERR_MEMORY) {
        self->refused++;
        (void)snprintf(self->refusal, sizeof self->refusal,
                       "a record of %.40s is none of ours: %.90s", topics->names[record->topic],
                       why.text);
        return KF_OK;
    }
    if (err) {
        *err = why;
    }
    return code;
}

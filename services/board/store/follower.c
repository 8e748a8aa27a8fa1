#include "services/board/store/follower.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/memory.h"
#include "common/kafka/topic_tail.h"
#include "common/kafka/topics.h"
#include "services/board/store/settle.h"
#include "services/board/store/take.h"

#define WORK_MS         50
#define RUN_WAIT_MS     100
#define ORPHAN_MS       (60 * 60 * 1000) /* longer than any transaction */
#define ORPHAN_CHECK_MS (60 * 1000)

struct kf_board_follower {
    struct kf_board_store *store;
    struct kf_topic_tail *tail;
    struct kf_topic_set topics;
    const char *names[KF_TAIL_TOPICS_MAX];
    size_t kinds[KF_TAIL_TOPICS_MAX]; /* which topic a name is */
    size_t names_len;
    uint64_t read;
    uint64_t taken; /* in this call */
    bool begun;     /* a transaction */
    bool emptied;   /* the topics had begun anew */
    bool more;      /* to show or to delete, without further records */
    int64_t orphans_ms;
    int64_t proofs[KF_TAIL_PARTITIONS_MAX]; /* by partition of the manifests' topic: see below */
};

const char *kf_board_follower_state_name(enum kf_board_follower_state state)
{
    static const char *const names[] = {[KF_BOARD_READING] = "reading",
                                        [KF_BOARD_FOLLOWING] = "following",
                                        [KF_BOARD_WAITING] = "waiting"};
    return names[state];
}

/* --- what the tail asks for ------------------------------------------------------------------ */

/* Topics may have been made anew, or be those of another cluster. Manifests are never compacted, so
 * that each partition of theirs is read from its last one on: what stands there proves that these
 * are the topics that the store was read from. */

#define PROVEN  (-1)
#define NOWHERE (-2)

/* Where the last manifest of a partition stands, or PROVEN. */
static int64_t last_place(struct kf_board_store *store, int32_t partition)
{
    sqlite3_stmt *statement = NULL;
    int64_t place = PROVEN;
    if (kf_board_prepare(store, KF_BOARD_SELECT_LAST_PLACE, &statement, NULL) != KF_OK) {
        return PROVEN;
    }
    kf_database_bind_number(statement, 1, partition);
    if (kf_database_step(&store->base, statement, "reading", NULL) == KF_OK &&
        sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        place = sqlite3_column_int64(statement, 0);
    }
    kf_database_done(statement);
    return place;
}

static int64_t kept_position(struct kf_board_follower *self, size_t topic, int32_t partition)
{
    struct kf_board_store *store = self->store;
    sqlite3_stmt *statement = NULL;
    int64_t next = 0;
    if (kf_board_prepare(store, KF_BOARD_SELECT_POSITION, &statement, NULL) != KF_OK) {
        return 0;
    }
    kf_database_bind_text(statement, 1, self->names[topic]);
    kf_database_bind_number(statement, 2, partition);
    if (kf_database_step(&store->base, statement, "reading", NULL) == KF_OK) {
        next = sqlite3_column_int64(statement, 0);
    }
    kf_database_done(statement);
    return next;
}

static int64_t start_of(void *context, size_t topic, int32_t partition)
{
    struct kf_board_follower *self = context;
    if (self->kinds[topic] != KF_TOPIC_RELEASE) {
        return kept_position(self, topic, partition);
    }
    int64_t place = last_place(self->store, partition);
    self->proofs[partition] = place;
    return place == PROVEN ? 0 : place;
}

/* The first record of a partition must be the one that was asked for; which release it tells of,
 * kf_board_take compares. */
static enum kf_err prove(struct kf_board_follower *self, int32_t partition, int64_t offset,
                         struct kf_error *err)
{
    int64_t place = self->proofs[partition];
    self->proofs[partition] = PROVEN;
    return place == PROVEN || place == offset
               ? KF_OK
               : kf_error_set(err, KF_ERR_AGAIN, "no manifest is at %" PRId64 " any more", place);
}

/* At the end of a partition nothing stood in the place. */
static enum kf_err prove_ends(struct kf_board_follower *self, struct kf_error *err)
{
    size_t count = 0;
    const struct kf_tail_position *positions = kf_topic_tail_positions(self->tail, &count);
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        if (positions[i].at_end && self->kinds[positions[i].topic] == KF_TOPIC_RELEASE) {
            code = prove(self, positions[i].partition, NOWHERE, err);
        }
    }
    return code;
}

/* A transaction begins with the first record, so that a silent board writes nothing. */
static enum kf_err begin(struct kf_board_follower *self, struct kf_error *err)
{
    if (self->begun) {
        return KF_OK;
    }
    enum kf_err code = kf_database_begin(&self->store->base, "taking records", err);
    self->begun = code == KF_OK;
    return code;
}

static enum kf_err take(void *context, const struct kf_tail_position *at,
                        const struct kf_topic_record *record, struct kf_error *err)
{
    struct kf_board_follower *self = context;
    const struct kf_board_record taken = {
        .topic = self->kinds[at->topic],
        .partition = at->partition,
        .offset = at->next,
        .timestamp_ms = record->timestamp_ms,
        .key = record->key ? record->key : "",
        .key_length = record->key ? record->key_length : 0,
        .value = record->value,
        .value_length = record->value_length,
    };
    enum kf_err code = begin(self, err);
    if (code == KF_OK && taken.topic == KF_TOPIC_RELEASE) {
        code = prove(self, at->partition, at->next, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("board.taking");
        code = kf_board_take(self->store, &taken, &self->topics, err);
    }
    self->taken += code == KF_OK;
    return code;
}

/* --- beginning anew --------------------------------------------------------------------------- */

static enum kf_err note_change(struct kf_board_store *store, struct kf_error *err)
{
    int64_t changes = 0;
    enum kf_err code = kf_board_meta(store, "changes", &changes, err);
    return code == KF_OK ? kf_board_set_meta(store, "changes", changes + 1, err) : code;
}

/* What was not committed is read again: the tail's positions are ahead of the store. */
static enum kf_err finish(struct kf_board_follower *self, enum kf_err code, struct kf_error *err)
{
    if (self->begun) {
        code = kf_database_end(&self->store->base, code, "taking records", err);
        KF_CRASH_POINT("board.committed");
    }
    self->begun = false;
    if (code != KF_OK) {
        kf_board_take_forget(self->store);
        kf_topic_tail_rewind(self->tail);
        self->store->verify = true;
        return code;
    }
    self->read += self->taken;
    return KF_OK;
}

/* The topics are others than those that were read. */
static enum kf_err start_anew(struct kf_board_follower *self, struct kf_error *err)
{
    static const char sql[] =
        "DELETE FROM rows; DELETE FROM parts; DELETE FROM arrivals; DELETE FROM shown;"
        "DELETE FROM coverage; DELETE FROM wanted; DELETE FROM manifest_panels;"
        "DELETE FROM sources; DELETE FROM manifests; DELETE FROM letters; DELETE FROM positions;";
    enum kf_err code = begin(self, err);
    if (code == KF_OK) {
        code = kf_database_run(&self->store->base, sql, "beginning anew", err);
    }
    if (code == KF_OK) {
        code = note_change(self->store, err);
    }
    code = finish(self, code, err);
    kf_board_take_forget(self->store);
    kf_topic_tail_rewind(self->tail);
    self->emptied = code == KF_OK;
    return code;
}

/* The store may have been read from topics of another prefix: positions tell. */
static enum kf_err find_foreign(struct kf_board_follower *self, bool *foreign, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self->store, KF_BOARD_SELECT_TOPICS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    *foreign = false;
    while ((code = kf_database_step(&self->store->base, statement, "reading", err)) == KF_OK) {
        size_t topic = 0;
        const char *name = kf_database_text(statement, 0);
        while (topic < self->names_len && strcmp(self->names[topic], name) != 0) {
            topic++;
        }
        *foreign = *foreign || topic == self->names_len;
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err leave_foreign(struct kf_board_follower *self, struct kf_error *err)
{
    bool foreign = false;
    enum kf_err code = find_foreign(self, &foreign, err);
    return code == KF_OK && foreign ? start_anew(self, err) : code;
}

/* --- life ------------------------------------------------------------------------------------ */

static void name_topics(struct kf_board_follower *self)
{
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (self->topics.names[topic][0] && topic != KF_TOPIC_PUBLISHER) {
            self->names[self->names_len] = self->topics.names[topic];
            self->kinds[self->names_len++] = topic;
        }
    }
}

static enum kf_err open_tail(struct kf_board_follower *self,
                             const struct kf_board_follower_options *options, struct kf_error *err)
{
    enum kf_err code = kf_topic_set_init(&self->topics, options->topic_prefix, err);
    if (code != KF_OK) {
        return code;
    }
    name_topics(self);
    const struct kf_tail_options tail = {
        .bootstrap_servers = options->bootstrap_servers,
        .client_id = options->client_id,
        .more = options->kafka,
        .topics = self->names,
        .topics_len = self->names_len,
        .calls = {.take = take, .start = start_of, .context = self},
    };
    return kf_topic_tail_new(&tail, &self->tail, err);
}

enum kf_err kf_board_follower_new(struct kf_board_store *store,
                                  const struct kf_board_follower_options *options,
                                  struct kf_board_follower **follower, struct kf_error *err)
{
    struct kf_board_follower *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a follower");
    }
    self->store = store;
    store->verify = true; /* what became whole before the last end */
    enum kf_err code = open_tail(self, options, err);
    if (code == KF_OK) {
        code = leave_foreign(self, err);
    }
    if (code != KF_OK) {
        kf_board_follower_destroy(&self);
        return code;
    }
    *follower = self;
    return KF_OK;
}

void kf_board_follower_destroy(struct kf_board_follower **self)
{
    if (*self) {
        kf_topic_tail_destroy(&(*self)->tail);
        kf_free(*self);
        *self = NULL;
    }
}

int kf_board_follower_descriptor(const struct kf_board_follower *self)
{
    return kf_topic_tail_descriptor(self->tail);
}

/* --- a step ---------------------------------------------------------------------------------- */

static bool positions_changed(struct kf_board_follower *self)
{
    size_t count = 0;
    struct kf_tail_position *positions = kf_topic_tail_positions(self->tail, &count);
    for (size_t i = 0; i < count; i++) {
        if (positions[i].changed) {
            return true;
        }
    }
    return false;
}

static enum kf_err write_position(struct kf_board_follower *self,
                                  const struct kf_tail_position *position, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self->store, KF_BOARD_UPSERT_POSITION, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, self->names[position->topic]);
    kf_database_bind_number(statement, 2, position->partition);
    kf_database_bind_number(statement, 3, position->next);
    return kf_database_finish(&self->store->base, statement, "keeping the place", err);
}

static enum kf_err write_positions(struct kf_board_follower *self, struct kf_error *err)
{
    size_t count = 0;
    struct kf_tail_position *positions = kf_topic_tail_positions(self->tail, &count);
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        if (positions[i].changed) {
            code = write_position(self, &positions[i], err);
            positions[i].changed = false;
        }
    }
    return code;
}

/* Only when every manifest that there is has been read. */
static bool orphans_due(const struct kf_board_follower *self)
{
    return kf_clock_monotonic_ms() >= self->orphans_ms && kf_topic_tail_is_at_end(self->tail) &&
           kf_topic_tail_has_all(self->tail);
}

static enum kf_err drop_orphans(struct kf_board_follower *self, struct kf_error *err)
{
    if (!orphans_due(self)) {
        return KF_OK;
    }
    self->orphans_ms = kf_clock_monotonic_ms() + ORPHAN_CHECK_MS;
    return kf_board_drop_orphans(self->store, kf_clock_wall_ms() - ORPHAN_MS, err);
}

/* Everything behind the records, still in their transaction. */
static enum kf_err settle(struct kf_board_follower *self, int64_t until_ms, struct kf_error *err)
{
    struct kf_board_store *store = self->store;
    bool to_show = false;
    bool to_sweep = false;
    enum kf_err code = kf_board_take_flush(store, err);
    if (code == KF_OK) {
        code = write_positions(self, err);
    }
    if (code == KF_OK) {
        code = kf_board_settle(store, until_ms, &to_show, err);
    }
    if (code == KF_OK) {
        code = drop_orphans(self, err);
    }
    if (code == KF_OK) {
        code = kf_board_sweep(store, &to_sweep, err);
        self->more = to_show || to_sweep;
    }
    if (code == KF_OK && store->changed) {
        code = note_change(store, err);
    }
    KF_CRASH_POINT("board.settled");
    return code;
}

static void describe(struct kf_board_follower *self, struct kf_board_progress *progress)
{
    const struct kf_board_store *store = self->store;
    const char *trouble = kf_topic_tail_trouble(self->tail);
    bool at_end = kf_topic_tail_is_at_end(self->tail) && !store->verify;
    *progress = (struct kf_board_progress){
        .state = trouble[0] ? KF_BOARD_WAITING
                 : at_end   ? KF_BOARD_FOLLOWING
                            : KF_BOARD_READING,
        .behind = kf_topic_tail_behind(self->tail),
        .read = self->read,
        .refused = store->refused,
        .changed = store->changed || self->emptied,
        .busy = self->more || self->taken > 0,
    };
    const char *detail = trouble[0] ? trouble : store->refused > 0 ? store->refusal : "";
    (void)snprintf(progress->detail, sizeof progress->detail, "%s", detail);
}

/* What was read goes into the store, with all that comes of it. */
static enum kf_err work(struct kf_board_follower *self, enum kf_err code, int64_t until_ms,
                        struct kf_error *err)
{
    bool something = self->begun || self->more || self->store->verify || orphans_due(self) ||
                     positions_changed(self);
    if (code == KF_OK && something) {
        code = begin(self, err);
        if (code == KF_OK) {
            code = settle(self, until_ms, err);
        }
    }
    return finish(self, code, err);
}

enum kf_err kf_board_follower_poll(struct kf_board_follower *self, int wait_ms,
                                   struct kf_board_progress *progress, struct kf_error *err)
{
    int64_t until_ms = kf_clock_monotonic_ms() + (wait_ms > WORK_MS ? wait_ms : WORK_MS);
    self->taken = 0;
    self->emptied = false;
    self->store->changed = false;
    enum kf_err code = kf_topic_tail_poll(self->tail, wait_ms, until_ms, err);
    if (code == KF_OK) {
        code = prove_ends(self, err);
    }
    if (code == KF_ERR_AGAIN) {
        (void)finish(self, code, NULL);
        code = start_anew(self, err);
    } else if (code == KF_ERR_PEER) {
        (void)finish(self, code, NULL);
        code = KF_OK;
    } else {
        code = work(self, code, until_ms, err);
    }
    if (code == KF_OK) {
        describe(self, progress);
    }
    return code;
}

enum kf_err kf_board_follower_run(struct kf_board_follower *self, int64_t silence_ms,
                                  kf_board_follower_watch *watch, void *context,
                                  struct kf_error *err)
{
    struct kf_board_progress progress = {.state = KF_BOARD_READING};
    int64_t silent_ms = kf_clock_monotonic_ms() + silence_ms;
    enum kf_err code = KF_OK;
    bool over = false;
    while (code == KF_OK && !over) {
        code = kf_board_follower_poll(self, progress.busy ? 0 : RUN_WAIT_MS, &progress, err);
        if (code == KF_OK && watch) {
            code = watch(context, &progress, err);
        }
        int64_t now_ms = kf_clock_monotonic_ms();
        silent_ms = progress.busy ? now_ms + silence_ms : silent_ms;
        over = progress.state == KF_BOARD_FOLLOWING && !progress.busy;
        if (code == KF_OK && !over && now_ms >= silent_ms) {
            code = kf_error_set(err, KF_ERR_PEER, "the topics cannot be read: %s",
                                progress.detail[0] ? progress.detail : "Kafka is silent");
        }
    }
    return code;
}

/* Manifests into the store's tables: what a release says of itself. */
#include <stdio.h>
#include <string.h>

#include "services/board/store/taking.h"

/* The topic of results of that name, or KF_TOPIC_NONE. */
static size_t topic_named(const struct kf_topic_set *topics, const char *name)
{
    for (size_t topic = 1; topic < KF_TOPICS; topic++) {
        if (name[0] && strcmp(topics->names[topic], name) == 0) {
            return topic;
        }
    }
    return KF_TOPIC_NONE;
}

struct wanted {
    const char *release;
    const char *edition; /* "": of the release as one */
    int year;
    const struct kf_topic_content *contents;
    size_t length;
};

static enum kf_err add_wanted(struct taking *taking, const struct wanted *wanted,
                              struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < wanted->length && code == KF_OK; i++) {
        const struct kf_topic_content *content = &wanted->contents[i];
        struct kf_digest_sum sum = {0}; /* of a digest that is none: no rows have it */
        size_t topic = topic_named(taking->topics, content->topic);
        sqlite3_stmt *statement = NULL;
        if (topic == KF_TOPIC_NONE || content->rows == 0) {
            continue; /* dead letters, or a topic of a newer program */
        }
        (void)kf_digest_sum_read(&sum, content->digest, strlen(content->digest));
        code = kf_board_prepare(self, KF_BOARD_INSERT_CONTENT, &statement, err);
        if (code != KF_OK) {
            return code;
        }
        kf_board_bind_key(statement, wanted->release, wanted->edition, wanted->year);
        kf_database_bind_number(statement, 4, (int64_t)topic);
        kf_database_bind_number(statement, 5, (int64_t)content->rows);
        kf_database_bind_number(statement, 6, (int64_t)sum.high);
        kf_database_bind_number(statement, 7, (int64_t)sum.low);
        code = kf_database_finish(&self->base, statement, "keeping a manifest", err);
    }
    return code;
}

static uint64_t count_rows(const struct taking *taking, const struct kf_manifest *manifest)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < manifest->topics_len; i++) {
        bool results = topic_named(taking->topics, manifest->topics[i].topic) != KF_TOPIC_NONE;
        rows += results ? manifest->topics[i].rows : 0;
    }
    return rows;
}

static uint64_t count_withdrawn(const struct kf_manifest *manifest)
{
    uint64_t withdrawn = 0;
    for (size_t i = 0; i < manifest->topics_len; i++) {
        withdrawn += manifest->topics[i].withdrawn;
    }
    return withdrawn;
}

/* Kafka's time, but never before that of a manifest that stands earlier in the partition: clocks go
 * back, the order of a topic does not. */
static enum kf_err read_order(struct taking *taking, int64_t *order_ms, struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_ORDER, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, taking->record->partition);
    code = kf_database_step(&self->base, statement, "reading", err);
    if (code == KF_OK) {
        int64_t last_ms = sqlite3_column_int64(statement, 0);
        int64_t now_ms = taking->record->timestamp_ms;
        *order_ms = now_ms > last_ms ? now_ms : last_ms;
    }
    kf_database_done(statement);
    return code;
}

/* `number` is 0 when the manifest is here already: a release comes once. */
static enum kf_err insert_manifest(struct taking *taking, const struct kf_manifest *manifest,
                                   int64_t *number, struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    sqlite3_stmt *statement = NULL;
    int64_t order_ms = 0;
    enum kf_err code = read_order(taking, &order_ms, err);
    if (code == KF_OK) {
        code = kf_board_prepare(self, KF_BOARD_INSERT_MANIFEST, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, manifest->release);
    kf_database_bind_number(statement, 2, order_ms);
    kf_database_bind_number(statement, 3, taking->record->partition);
    kf_database_bind_number(statement, 4, taking->record->offset);
    kf_database_bind_number(statement, 5, taking->record->timestamp_ms);
    kf_database_bind_number(statement, 6, manifest->state == KF_RELEASE_REJECTED);
    kf_database_bind_text(statement, 7, manifest->vintage);
    kf_database_bind_text(statement, 8, manifest->program);
    kf_database_bind_text(statement, 9, manifest->previous_release);
    kf_database_bind_number(statement, 10, (int64_t)count_rows(taking, manifest));
    kf_database_bind_number(statement, 11, (int64_t)count_withdrawn(manifest));
    code = kf_database_finish(&self->base, statement, "keeping a manifest", err);
    bool fresh = code == KF_OK && kf_database_changes(&self->base) > 0;
    *number = fresh ? sqlite3_last_insert_rowid(self->base.base) : 0;
    return code;
}

static enum kf_err insert_sources(struct kf_board_store *self, int64_t number,
                                  const struct kf_manifest *manifest, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < manifest->sources_len && code == KF_OK; i++) {
        sqlite3_stmt *statement = NULL;
        code = kf_board_prepare(self, KF_BOARD_INSERT_SOURCE, &statement, err);
        if (code != KF_OK) {
            return code;
        }
        kf_database_bind_number(statement, 1, number);
        kf_database_bind_number(statement, 2, (int64_t)i);
        kf_database_bind_text(statement, 3, manifest->sources[i].name);
        kf_database_bind_text(statement, 4, manifest->sources[i].updated);
        code = kf_database_finish(&self->base, statement, "keeping a manifest", err);
    }
    return code;
}

static enum kf_err insert_panel(struct kf_board_store *self, int64_t number, size_t place,
                                const struct kf_panel_content *panel, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_INSERT_MANIFEST_PANEL, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, number);
    kf_database_bind_number(statement, 2, (int64_t)place);
    kf_database_bind_text(statement, 3, panel->edition);
    kf_database_bind_number(statement, 4, panel->year);
    kf_database_bind_text(statement, 5, panel->edition_digest);
    kf_database_bind_number(statement, 6, panel->municipalities);
    kf_database_bind_number(statement, 7, panel->rejected);
    return kf_database_finish(&self->base, statement, "keeping a manifest", err);
}

/* The rows of a panel have a manifest now. When they were dropped, as nobody told of them for long,
 * they have to be read again. */
static enum kf_err join_arrival(struct taking *taking, int64_t number, bool told,
                                const char *release, const struct kf_panel_content *panel,
                                struct kf_error *err)
{
    struct kf_board_store *self = taking->store;
    struct kf_board_arrival *arrival = NULL;
    sqlite3_stmt *statement = NULL;
    enum kf_err code =
        kf_board_find_arrival(self, release, panel->edition, panel->year, &arrival, err);
    if (code == KF_OK && arrival->state >= KF_BOARD_IS_GONE) {
        code = kf_error_set(err, KF_ERR_AGAIN, "the rows of %s/%d were dropped", panel->edition,
                            panel->year);
    }
    if (code == KF_OK) {
        code = kf_board_prepare(self, KF_BOARD_UPDATE_ARRIVAL, &statement, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, arrival->number);
    kf_database_bind_number(statement, 2, number);
    kf_database_bind_number(statement, 3, told);
    code = kf_database_finish(&self->base, statement, "keeping a manifest", err);
    const struct wanted wanted = {release, panel->edition, panel->year, panel->topics,
                                  panel->topics_len};
    return code == KF_OK ? add_wanted(taking, &wanted, err) : code;
}

static bool tells_of_panels(const struct kf_manifest *manifest)
{
    for (size_t i = 0; i < manifest->panels_len; i++) {
        if (manifest->panels[i].topics_len > 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err add_panels(struct taking *taking, int64_t number,
                              const struct kf_manifest *manifest, struct kf_error *err)
{
    bool told = tells_of_panels(manifest);
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < manifest->panels_len && code == KF_OK; i++) {
        const struct kf_panel_content *panel = &manifest->panels[i];
        code = insert_panel(taking->store, number, i, panel, err);
        if (code == KF_OK && !panel->rejected) {
            code = join_arrival(taking, number, told, manifest->release, panel, err);
        }
    }
    return code;
}

enum kf_err kf_board_visit_manifest(void *context, const struct kf_manifest *manifest,
                                    struct kf_error *err)
{
    struct taking *taking = context;
    int64_t number = 0;
    taking->ours = true;
    (void)snprintf(taking->release, sizeof taking->release, "%s", manifest->release);
    enum kf_err code = insert_manifest(taking, manifest, &number, err);
    if (code != KF_OK || number == 0) {
        return code;
    }
    const struct wanted wanted = {manifest->release, "", 0, manifest->topics, manifest->topics_len};
    code = insert_sources(taking->store, number, manifest, err);
    if (code == KF_OK) {
        code = add_wanted(taking, &wanted, err);
    }
    if (code == KF_OK) {
        code = add_panels(taking, number, manifest, err);
    }
    taking->store->verify = true;
    taking->store->changed = true;
    return code;
}

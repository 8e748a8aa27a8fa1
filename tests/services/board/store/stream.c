#include "tests/services/board/store/stream.h"

#include <stdlib.h>
#include <string.h>

#include "services/board/store/settle.h"
#include "services/board/store/take.h"
#include "services/publish/records.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define PUBLISHED_MS 1773558000000

static struct kf_topic_set topics;
static struct kf_error err;

static char *copy(const char *bytes, size_t length)
{
    char *made = malloc(length + 1);
    assert_non_null(made);
    memcpy(made, bytes, length);
    made[length] = '\0';
    return made;
}

static enum kf_err keep(void *context, const struct kf_record *record, struct kf_error *error)
{
    struct stream *self = context;
    (void)error;
    assert_true(self->length < STREAM_MAX);
    self->list[self->length++] = (struct stream_record){
        .topic = record->topic,
        .key = copy(record->key, record->key_length),
        .value = record->value ? copy(record->value, record->value_length) : NULL,
        .length = record->value_length,
        .offset = self->offsets[record->topic],
        .time_ms = PUBLISHED_MS + self->offsets[record->topic]++,
    };
    return KF_OK;
}

/* Cuts "topics":[…] out of each panel of a manifest in JSON. */
static void make_old(struct stream_record *manifest)
{
    char *topics_of_panel = NULL;
    char *end = strstr(manifest->value, "]}");
    while ((topics_of_panel = strstr(manifest->value, ",\"topics\":[")) && end &&
           strstr(topics_of_panel, "]}") && strstr(topics_of_panel, "]}],\"topics\"")) {
        end = strstr(topics_of_panel, "]}");
        memmove(topics_of_panel, end + 1, strlen(end + 1) + 1);
    }
    manifest->length = strlen(manifest->value);
}

void stream_publish(struct stream *self, struct kf_collected *release, enum kf_encoding encoding,
                    bool old)
{
    struct kf_records_totals totals;
    struct kf_records_fault fault;
    assert_int_equal(kf_topic_set_init(&topics, "t", &err), KF_OK);
    const struct kf_records_options options = {.topics = &topics,
                                               .encoding = encoding,
                                               .previous_release = "",
                                               .emit = keep,
                                               .context = self};
    assert_int_equal(kf_records_walk(release, &options, &totals, &fault, &err), KF_OK);
    if (old) {
        make_old(&self->list[self->length - 1]);
        assert_null(
            strstr(strstr(self->list[self->length - 1].value, "\"topics\"") + 1, "\"panels\""));
    }
    kf_collected_destroy(&release);
}

struct kf_collected *stream_release(const char *id, uint32_t panels, double first)
{
    struct kf_collected *release = fixture_release(id, panels);
    for (uint32_t i = 0; i < panels; i++) {
        release->panels[i]->panel->results[0].values[0] = first;
    }
    return release;
}

void stream_clear(struct stream *self)
{
    for (size_t i = 0; i < self->length; i++) {
        free(self->list[i].key);
        free(self->list[i].value);
    }
    memset(self, 0, sizeof *self);
}

static bool is_outdated(const struct stream *self, size_t place)
{
    const struct stream_record *record = &self->list[place];
    for (size_t i = place + 1; i < self->length && record->topic < KF_TOPICS; i++) {
        if (self->list[i].topic == record->topic && strcmp(self->list[i].key, record->key) == 0) {
            return true;
        }
    }
    return false;
}

void stream_compact(struct stream *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->length; i++) {
        if (is_outdated(self, i)) {
            free(self->list[i].key);
            free(self->list[i].value);
        } else {
            self->list[kept++] = self->list[i];
        }
    }
    self->length = kept;
}

static enum kf_err take_one(const struct stream_record *from, struct kf_board_store *store)
{
    const struct kf_board_record record = {
        .topic = from->topic,
        .offset = from->offset,
        .timestamp_ms = from->time_ms,
        .key = from->key,
        .key_length = strlen(from->key),
        .value = from->value,
        .value_length = from->length,
    };
    return kf_board_take(store, &record, &topics, &err);
}

static void begin(struct kf_board_store *store)
{
    assert_int_equal(kf_database_begin(&store->base, "testing", &err), KF_OK);
}

static enum kf_err settle(struct kf_board_store *store)
{
    bool more = true;
    enum kf_err code = kf_board_take_flush(store, &err);
    while (more && code == KF_OK) {
        bool swept = false;
        code = kf_board_settle(store, INT64_MAX, &more, &err);
        if (code == KF_OK) {
            code = kf_board_sweep(store, &swept, &err);
        }
        more = more || swept;
    }
    return code;
}

static void commit(struct kf_board_store *store)
{
    enum kf_err code = settle(store);
    assert_int_equal(kf_database_end(&store->base, code, "testing", &err), KF_OK);
}

enum kf_err stream_try(const struct stream *self, struct kf_board_store *store)
{
    assert_int_equal(kf_topic_set_init(&topics, "t", &err), KF_OK);
    enum kf_err code = kf_database_begin(&store->base, "testing", &err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t i = 0; i < self->length && code == KF_OK; i++) {
        code = take_one(&self->list[i], store);
    }
    if (code == KF_OK) {
        code = settle(store);
    }
    code = kf_database_end(&store->base, code, "testing", &err);
    if (code != KF_OK) {
        kf_board_take_forget(store);
        store->verify = true;
    }
    return code;
}

void stream_feed(const struct stream *self, struct kf_board_store *store, size_t from, size_t to,
                 size_t batch)
{
    assert_int_equal(kf_topic_set_init(&topics, "t", &err), KF_OK);
    for (size_t i = from; i < to; i += batch) {
        begin(store);
        for (size_t j = i; j < to && j < i + batch; j++) {
            assert_int_equal(take_one(&self->list[j], store), KF_OK);
        }
        commit(store);
    }
}

void stream_feed_manifests_first(const struct stream *self, struct kf_board_store *store)
{
    assert_int_equal(kf_topic_set_init(&topics, "t", &err), KF_OK);
    for (size_t topic = KF_TOPICS_ALL; topic-- > 0;) {
        begin(store);
        for (size_t i = 0; i < self->length; i++) {
            if (self->list[i].topic == topic) {
                assert_int_equal(take_one(&self->list[i], store), KF_OK);
            }
        }
        commit(store);
    }
}

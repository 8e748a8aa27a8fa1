#include "common/kafka/topic_reader.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/kafka/handle.h"

#define POLL_MS             100
#define METADATA_ATTEMPT_MS 1000

struct kf_topic_reader {
    rd_kafka_t *client;
    char *servers;
    int64_t timeout_ms;
};

/* One reading of one topic. */
struct reading {
    struct kf_topic_reader *reader;
    const char *topic;
    struct kf_topic_visitor *visitor;
    int64_t deadline_ms; /* follow until then; 0: stop at the end */
    int64_t silent_ms;   /* when the brokers will have been silent for too long */
    bool ended[KF_TOPIC_PARTITIONS_MAX];
    int partitions;
    int partitions_ended;
};

static enum kf_err open_client(struct kf_topic_reader *self, const struct kf_kafka_options *more,
                               struct kf_error *err)
{
    static const struct kf_kafka_option own[] = {
        {"auto.offset.reset", "earliest"},
        {"fetch.wait.max.ms", "50"},
    };
    const struct kf_kafka_reader_setup setup = {
        .bootstrap_servers = self->servers,
        .client_id = "kf-show",
        .own = own,
        .own_len = sizeof own / sizeof own[0],
        .operators = more,
    };
    return kf_kafka_reader_open(&setup, &self->client, err);
}

enum kf_err kf_topic_reader_new(const char *bootstrap_servers, const struct kf_kafka_options *more,
                                int64_t timeout_ms, struct kf_topic_reader **reader,
                                struct kf_error *err)
{
    struct kf_topic_reader *self = kf_calloc(1, sizeof *self);
    char *servers = kf_strdup(bootstrap_servers);
    if (!self || !servers) {
        kf_free(self);
        kf_free(servers);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a reader");
    }
    self->servers = servers;
    self->timeout_ms = timeout_ms;
    enum kf_err code = open_client(self, more, err);
    if (code != KF_OK) {
        kf_topic_reader_destroy(&self);
        return code;
    }
    *reader = self;
    return KF_OK;
}

void kf_topic_reader_destroy(struct kf_topic_reader **self)
{
    if (!*self) {
        return;
    }
    kf_kafka_reader_close(&(*self)->client);
    kf_free((*self)->servers);
    kf_free(*self);
    *self = NULL;
}

/* --- partitions ------------------------------------------------------------------------------ */

static enum kf_err unreachable(const struct kf_topic_reader *self, rd_kafka_resp_err_t why,
                               struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_PEER, "Kafka at %s does not answer: %s; does it run there?",
                        self->servers, rd_kafka_err2str(why));
}

static bool is_absent(rd_kafka_resp_err_t why)
{
    return why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           why == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || why == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
}

/* How many partitions the topic has, 0 when it does not exist. */
static enum kf_err count_partitions(struct reading *reading, int timeout_ms, struct kf_error *err)
{
    struct kf_topic_reader *reader = reading->reader;
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(reader->client, reading->topic, NULL);
    if (!topic) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no topic", reading->topic);
    }
    rd_kafka_resp_err_t why = rd_kafka_metadata(reader->client, 0, topic, &metadata, timeout_ms);
    rd_kafka_topic_destroy(topic);
    if (why != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return unreachable(reader, why, err);
    }
    const struct rd_kafka_metadata_topic *found =
        metadata->topic_cnt == 1 ? &metadata->topics[0] : NULL;
    why = found ? found->err : RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
    int count = found ? found->partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (why != RD_KAFKA_RESP_ERR_NO_ERROR && !is_absent(why)) {
        return kf_error_set(err, KF_ERR_PEER, "topic %s: %s", reading->topic,
                            rd_kafka_err2str(why));
    }
    if (count > KF_TOPIC_PARTITIONS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "topic %s has more than %d partitions",
                            reading->topic, KF_TOPIC_PARTITIONS_MAX);
    }
    reading->partitions = is_absent(why) ? 0 : count;
    return KF_OK;
}

static enum kf_err assign(struct reading *reading, struct kf_error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(reading->partitions);
    for (int i = 0; i < reading->partitions; i++) {
        rd_kafka_topic_partition_list_add(list, reading->topic, i)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_resp_err_t why = rd_kafka_assign(reading->reader->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return why == RD_KAFKA_RESP_ERR_NO_ERROR ? KF_OK : unreachable(reading->reader, why, err);
}

/* --- records --------------------------------------------------------------------------------- */

static void note_end(struct reading *reading, int32_t partition)
{
    if (partition >= 0 && partition < reading->partitions && !reading->ended[partition]) {
        reading->ended[partition] = true;
        reading->partitions_ended++;
    }
}

/* The library goes on by itself after most errors; a silent broker shows as a time-out here. */
static bool is_passing(rd_kafka_resp_err_t why)
{
    return why == RD_KAFKA_RESP_ERR__TRANSPORT || why == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
           why == RD_KAFKA_RESP_ERR__RESOLVE || why == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           why == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT || is_absent(why);
}

static enum kf_err visit(struct reading *reading, const rd_kafka_message_t *message,
                         struct kf_error *err)
{
    struct kf_topic_record record = {
        .key = message->key,
        .key_length = message->key_len,
        .value = message->payload,
        .value_length = message->len,
        .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
    };
    return reading->visitor->visit(reading->visitor->context, &record, err);
}

static enum kf_err take(struct reading *reading, const rd_kafka_message_t *message,
                        struct kf_error *err)
{
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return visit(reading, message, err);
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        note_end(reading, message->partition);
        return KF_OK;
    }
    return is_passing(message->err) ? KF_OK
                                    : kf_error_set(err, KF_ERR_PEER, "topic %s: %s", reading->topic,
                                                   rd_kafka_message_errstr(message));
}

static bool is_over(const struct reading *reading)
{
    bool at_end = reading->partitions_ended == reading->partitions;
    return reading->visitor->enough || (at_end && reading->deadline_ms == 0) ||
           (reading->deadline_ms > 0 && kf_clock_monotonic_ms() >= reading->deadline_ms);
}

static enum kf_err take_all(struct reading *reading, struct kf_error *err)
{
    struct kf_topic_reader *reader = reading->reader;
    reading->silent_ms = kf_clock_monotonic_ms() + reader->timeout_ms;
    while (!is_over(reading)) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, POLL_MS);
        int64_t now_ms = kf_clock_monotonic_ms();
        enum kf_err code = KF_OK;
        if (message) {
            bool heard = !is_passing(message->err);
            reading->silent_ms = heard ? now_ms + reader->timeout_ms : reading->silent_ms;
            code = take(reading, message, err);
            rd_kafka_message_destroy(message);
        }
        if (code == KF_OK && reading->deadline_ms == 0 && now_ms >= reading->silent_ms) {
            code = unreachable(reader, RD_KAFKA_RESP_ERR__TIMED_OUT, err);
        }
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

static enum kf_err read_assigned(struct reading *reading, struct kf_error *err)
{
    enum kf_err code = assign(reading, err);
    if (code == KF_OK) {
        code = take_all(reading, err);
    }
    (void)rd_kafka_assign(reading->reader->client, NULL);
    return code;
}

/* Asks until the topic is there. The library waits in between. */
static enum kf_err await_topic(struct reading *reading, struct kf_error *err)
{
    for (;;) {
        enum kf_err code = count_partitions(reading, METADATA_ATTEMPT_MS, err);
        if (code != KF_OK && code != KF_ERR_PEER) {
            return code;
        }
        bool found = code == KF_OK && reading->partitions > 0;
        if (found || kf_clock_monotonic_ms() >= reading->deadline_ms) {
            return found ? KF_OK : code;
        }
        rd_kafka_message_t *event = rd_kafka_consumer_poll(reading->reader->client, POLL_MS);
        if (event) {
            rd_kafka_message_destroy(event);
        }
    }
}

enum kf_err kf_topic_reader_read(struct kf_topic_reader *self, const char *topic,
                                 struct kf_topic_visitor *visitor, struct kf_error *err)
{
    struct reading reading = {.reader = self, .topic = topic, .visitor = visitor};
    enum kf_err code = count_partitions(&reading, (int)self->timeout_ms, err);
    return code == KF_OK && reading.partitions > 0 ? read_assigned(&reading, err) : code;
}

enum kf_err kf_topic_reader_follow(struct kf_topic_reader *self, const char *topic,
                                   int64_t deadline_ms, struct kf_topic_visitor *visitor,
                                   struct kf_error *err)
{
    struct reading reading = {
        .reader = self, .topic = topic, .visitor = visitor, .deadline_ms = deadline_ms};
    enum kf_err code = await_topic(&reading, err);
    return code == KF_OK && reading.partitions > 0 ? read_assigned(&reading, err) : code;
}

#include "common/kafka/topic_tail.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/kafka/handle.h"

#define METADATA_MS      200   /* short, for the owner does nothing else meanwhile */
#define METADATA_MAX_MS  2000  /* after answers that took longer */
#define LOOK_AGAIN_MS    1000  /* for topics, while some are not there */
#define LOOK_ALL_MS      30000 /* for more partitions of those that are */
#define TROUBLE_SIZE     256
#define SHOWN_TOPICS_MAX 3

struct kf_topic_tail {
    rd_kafka_t *client;
    struct kf_tail_calls calls;
    const char *const *topics;
    size_t topics_len;
    char *servers;
    int pipe[2];
    struct kf_tail_position positions[KF_TAIL_PARTITIONS_MAX];
    size_t positions_len;
    int partitions[KF_TAIL_TOPICS_MAX]; /* found; 0: the topic is not there */
    bool assigned;                      /* as positions say */
    int64_t look_ms;                    /* when topics are looked for again */
    bool gone;         /* a topic or partition that was there: ask for all starts again */
    int metadata_ms;   /* how long an answer is waited for */
    unsigned failures; /* to get one, in a row */
    bool unreachable;
    char lost[TROUBLE_SIZE];    /* the last trouble with brokers */
    char trouble[TROUBLE_SIZE]; /* in words for the owner */
};

/* --- the client ------------------------------------------------------------------------------ */

/* Served by the poll of this thread. */
static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    struct kf_topic_tail *self = opaque;
    (void)client;
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        self->unreachable = true;
        return;
    }
    kf_kafka_copy_reason(self->lost, sizeof self->lost, reason);
}

/* No offset is ever reset quietly: records passed over would be figures that nobody shows. */
static enum kf_err open_client(struct kf_topic_tail *self, const struct kf_tail_options *options,
                               struct kf_error *err)
{
    static const struct kf_kafka_option own[] = {
        {"auto.offset.reset", "error"},   {"queued.max.messages.kbytes", "16384"},
        {"queued.min.messages", "20000"}, {"fetch.message.max.bytes", "1048576"},
        {"fetch.wait.max.ms", "100"},     {"reconnect.backoff.ms", "50"},
    };
    const struct kf_kafka_reader_setup setup = {
        .bootstrap_servers = options->bootstrap_servers,
        .client_id = options->client_id,
        .own = own,
        .own_len = sizeof own / sizeof own[0],
        .operators = options->more,
        .on_error = on_error,
        .owner = self,
    };
    return kf_kafka_reader_open(&setup, &self->client, err);
}

/* The library writes a byte when the queue of records is no longer empty. */
static enum kf_err open_pipe(struct kf_topic_tail *self, struct kf_error *err)
{
    if (pipe(self->pipe) != 0) {
        self->pipe[0] = self->pipe[1] = -1;
        return kf_error_set(err, KF_ERR_IO, "no pipe for a reader of Kafka");
    }
    for (size_t i = 0; i < 2; i++) {
        (void)fcntl(self->pipe[i], F_SETFL, O_NONBLOCK);
        (void)fcntl(self->pipe[i], F_SETFD, FD_CLOEXEC);
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(self->client);
    rd_kafka_queue_io_event_enable(queue, self->pipe[1], "1", 1);
    rd_kafka_queue_destroy(queue);
    return KF_OK;
}

enum kf_err kf_topic_tail_new(const struct kf_tail_options *options, struct kf_topic_tail **tail,
                              struct kf_error *err)
{
    assert(options->topics_len <= KF_TAIL_TOPICS_MAX);
    struct kf_topic_tail *self = kf_calloc(1, sizeof *self);
    char *servers = kf_strdup(options->bootstrap_servers);
    if (!self || !servers) {
        kf_free(self);
        kf_free(servers);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a reader of Kafka");
    }
    self->servers = servers;
    self->calls = options->calls;
    self->topics = options->topics;
    self->topics_len = options->topics_len;
    self->metadata_ms = METADATA_MS;
    self->pipe[0] = self->pipe[1] = -1;
    enum kf_err code = open_client(self, options, err);
    if (code == KF_OK) {
        code = open_pipe(self, err);
    }
    if (code != KF_OK) {
        kf_topic_tail_destroy(&self);
        return code;
    }
    *tail = self;
    return KF_OK;
}

void kf_topic_tail_destroy(struct kf_topic_tail **tail)
{
    struct kf_topic_tail *self = *tail;
    if (!self) {
        return;
    }
    kf_kafka_reader_close(&self->client);
    for (size_t i = 0; i < 2; i++) {
        if (self->pipe[i] >= 0) {
            (void)close(self->pipe[i]);
        }
    }
    kf_free(self->servers);
    kf_free(self);
    *tail = NULL;
}

int kf_topic_tail_descriptor(const struct kf_topic_tail *self)
{
    return self->pipe[0];
}

/* --- topics and partitions ------------------------------------------------------------------- */

static struct kf_tail_position *find(struct kf_topic_tail *self, size_t topic, int32_t partition)
{
    for (size_t i = 0; i < self->positions_len; i++) {
        struct kf_tail_position *position = &self->positions[i];
        if (position->topic == topic && position->partition == partition) {
            return position;
        }
    }
    return NULL;
}

static size_t topic_named(const struct kf_topic_tail *self, const char *name)
{
    size_t topic = 0;
    while (topic < self->topics_len && strcmp(self->topics[topic], name) != 0) {
        topic++;
    }
    return topic;
}

static void add_partitions(struct kf_topic_tail *self, size_t topic, int count)
{
    for (int i = 0; i < count; i++) {
        if (find(self, topic, i) || self->positions_len == KF_TAIL_PARTITIONS_MAX) {
            continue;
        }
        self->positions[self->positions_len++] = (struct kf_tail_position){
            .topic = topic,
            .partition = i,
            .next = self->calls.start(self->calls.context, topic, i),
        };
        self->assigned = false;
    }
    self->partitions[topic] = count;
}

static void tell_missing(struct kf_topic_tail *self)
{
    size_t missing = 0;
    size_t used = 0;
    char names[TROUBLE_SIZE / 2] = "";
    for (size_t i = 0; i < self->topics_len; i++) {
        if (self->topics[i][0] && self->partitions[i] == 0 && missing++ < SHOWN_TOPICS_MAX) {
            int length = snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                  self->topics[i]);
            used += length > 0 ? (size_t)length : 0;
            used = used < sizeof names ? used : sizeof names - 1;
        }
    }
    self->trouble[0] = '\0';
    if (missing > 0 && self->positions_len == 0) {
        (void)snprintf(self->trouble, sizeof self->trouble,
                       "no topic is there yet (%s%s): nothing has been published", names,
                       missing > SHOWN_TOPICS_MAX ? ", …" : "");
    }
}

static void tell_unreachable(struct kf_topic_tail *self, const char *why)
{
    (void)snprintf(self->trouble, sizeof self->trouble, "no Kafka at %.80s: %.140s", self->servers,
                   self->lost[0] ? self->lost : why);
}

static void take_metadata(struct kf_topic_tail *self, const struct rd_kafka_metadata *metadata)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *found = &metadata->topics[i];
        size_t topic = topic_named(self, found->topic);
        if (topic < self->topics_len && found->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            add_partitions(self, topic, found->partition_cnt);
        }
    }
}

/* One answer that comes late is no trouble yet. */
static void note_failure(struct kf_topic_tail *self, rd_kafka_resp_err_t why)
{
    self->look_ms = kf_clock_monotonic_ms() + LOOK_AGAIN_MS / 2;
    self->failures++;
    if (why == RD_KAFKA_RESP_ERR__TIMED_OUT && self->metadata_ms < METADATA_MAX_MS) {
        int doubled = self->metadata_ms * 2;
        self->metadata_ms = doubled < METADATA_MAX_MS ? doubled : METADATA_MAX_MS;
    }
    if (self->failures > 1 || self->unreachable) {
        tell_unreachable(self, rd_kafka_err2str(why));
    }
}

/* Asks which of the topics are there, now and then. */
static void look(struct kf_topic_tail *self)
{
    const struct rd_kafka_metadata *metadata = NULL;
    int64_t now_ms = kf_clock_monotonic_ms();
    if (now_ms < self->look_ms) {
        return;
    }
    rd_kafka_resp_err_t why =
        rd_kafka_metadata(self->client, 1, NULL, &metadata, self->metadata_ms);
    if (why != RD_KAFKA_RESP_ERR_NO_ERROR) {
        note_failure(self, why);
        return;
    }
    take_metadata(self, metadata);
    rd_kafka_metadata_destroy(metadata);
    self->metadata_ms = METADATA_MS;
    self->failures = 0;
    self->unreachable = false;
    self->lost[0] = '\0';
    self->look_ms = now_ms + (kf_topic_tail_has_all(self) ? LOOK_ALL_MS : LOOK_AGAIN_MS);
    tell_missing(self);
}

static enum kf_err assign(struct kf_topic_tail *self, struct kf_error *err)
{
    if (self->assigned || self->positions_len == 0) {
        return KF_OK;
    }
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)self->positions_len);
    for (size_t i = 0; i < self->positions_len; i++) {
        const struct kf_tail_position *position = &self->positions[i];
        rd_kafka_topic_partition_list_add(list, self->topics[position->topic], position->partition)
            ->offset = position->next > 0 ? position->next : RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_resp_err_t why = rd_kafka_assign(self->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    self->assigned = why == RD_KAFKA_RESP_ERR_NO_ERROR;
    return self->assigned ? KF_OK
                          : kf_error_set(err, KF_ERR_PEER, "Kafka at %s: %s", self->servers,
                                         rd_kafka_err2str(why));
}

void kf_topic_tail_rewind(struct kf_topic_tail *self)
{
    (void)rd_kafka_assign(self->client, NULL);
    self->positions_len = 0;
    memset(self->partitions, 0, sizeof self->partitions);
    self->assigned = false;
    self->look_ms = 0;
    self->gone = false;
}

/* --- records --------------------------------------------------------------------------------- */

static void move_to(struct kf_tail_position *position, int64_t next)
{
    if (next > position->next) {
        position->next = next;
        position->changed = true;
    }
}

static enum kf_err take_record(struct kf_topic_tail *self, struct kf_tail_position *position,
                               const rd_kafka_message_t *message, struct kf_error *err)
{
    const struct kf_topic_record record = {
        .key = message->key,
        .key_length = message->key_len,
        .value = message->payload,
        .value_length = message->len,
        .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
    };
    position->at_end = false;
    struct kf_tail_position at = *position;
    at.next = message->offset;
    enum kf_err code = self->calls.take(self->calls.context, &at, &record, err);
    if (code == KF_OK) {
        move_to(position, message->offset + 1);
    }
    return code;
}

static enum kf_err begun_anew(const rd_kafka_message_t *message, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_AGAIN, "topic %s has no offset %" PRId64 " any more",
                        message->rkt ? rd_kafka_topic_name(message->rkt) : "?", message->offset);
}

static bool is_gone(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

/* The library goes on by itself after all other errors. */
static void note_error(struct kf_topic_tail *self, const rd_kafka_message_t *message)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "Kafka";
    (void)snprintf(self->trouble, sizeof self->trouble, "%.100s: %.140s", topic,
                   rd_kafka_message_errstr(message));
    int64_t soon_ms = kf_clock_monotonic_ms() + LOOK_AGAIN_MS;
    self->look_ms = self->look_ms < soon_ms ? self->look_ms : soon_ms;
    self->gone = self->gone || is_gone(message->err);
}

static enum kf_err take(struct kf_topic_tail *self, const rd_kafka_message_t *message,
                        struct kf_error *err)
{
    size_t topic =
        message->rkt ? topic_named(self, rd_kafka_topic_name(message->rkt)) : self->topics_len;
    struct kf_tail_position *position = find(self, topic, message->partition);
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        return begun_anew(message, err);
    }
    if (!position || (message->err && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF)) {
        note_error(self, message);
        return KF_OK;
    }
    self->trouble[0] = '\0';
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        move_to(position, message->offset);
        position->at_end = true;
        return KF_OK;
    }
    return take_record(self, position, message, err);
}

static void empty_pipe(struct kf_topic_tail *self)
{
    char bytes[64];
    while (read(self->pipe[0], bytes, sizeof bytes) > 0) {
    }
}

enum kf_err kf_topic_tail_poll(struct kf_topic_tail *self, int wait_ms, int64_t until_ms,
                               struct kf_error *err)
{
    if (self->gone && kf_clock_monotonic_ms() >= self->look_ms) {
        kf_topic_tail_rewind(self); /* not before the owner has kept the positions */
    }
    look(self);
    enum kf_err code = assign(self, err);
    empty_pipe(self);
    while (code == KF_OK) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(self->client, wait_ms);
        if (!message) {
            break;
        }
        code = take(self, message, err);
        rd_kafka_message_destroy(message);
        wait_ms = 0;
        if (kf_clock_monotonic_ms() >= until_ms) {
            break;
        }
    }
    if (self->unreachable && self->trouble[0] == '\0') {
        tell_unreachable(self, "all brokers are away");
        self->look_ms = 0;
    }
    return code;
}

/* --- what is known --------------------------------------------------------------------------- */

struct kf_tail_position *kf_topic_tail_positions(struct kf_topic_tail *self, size_t *count)
{
    *count = self->positions_len;
    return self->positions;
}

bool kf_topic_tail_is_at_end(const struct kf_topic_tail *self)
{
    for (size_t i = 0; i < self->positions_len; i++) {
        if (!self->positions[i].at_end) {
            return false;
        }
    }
    return self->positions_len > 0 && self->assigned;
}

bool kf_topic_tail_has_all(const struct kf_topic_tail *self)
{
    for (size_t i = 0; i < self->topics_len; i++) {
        if (self->topics[i][0] && self->partitions[i] == 0) {
            return false;
        }
    }
    return true;
}

uint64_t kf_topic_tail_behind(const struct kf_topic_tail *self)
{
    uint64_t behind = 0;
    for (size_t i = 0; i < self->positions_len; i++) {
        const struct kf_tail_position *position = &self->positions[i];
        int64_t low = 0;
        int64_t high = 0;
        if (position->at_end ||
            rd_kafka_get_watermark_offsets(self->client, self->topics[position->topic],
                                           position->partition, &low, &high) != 0) {
            continue;
        }
        int64_t next = position->next > low ? position->next : low;
        behind += high > next ? (uint64_t)(high - next) : 0;
    }
    return behind;
}

const char *kf_topic_tail_trouble(const struct kf_topic_tail *self)
{
    return self->trouble;
}

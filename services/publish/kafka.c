#include "services/publish/kafka.h"

#include <assert.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/base/memory.h"
#include "services/publish/kafka_client.h"
#include "services/publish/kafka_lease.h"
#include "services/publish/kafka_look.h"
#include "services/publish/kafka_step.h"
#include "services/publish/kafka_topics.h"

#define FULL_PAUSE_MS 5
#define POLL_EVERY    1024

struct kf_kafka {
    const struct kf_kafka_settings *settings;
    struct kf_kafka_errors *errors;
    struct kf_kafka_client reader;
    struct kf_kafka_client producer;
    rd_kafka_topic_t *topics[KF_TOPICS_ALL];
    int partitions[KF_TOPICS_ALL];
    uint64_t produced;
    bool begun;
};

/* --- opening --------------------------------------------------------------------------------- */

enum kf_err kf_kafka_check(const struct kf_kafka_settings *settings, struct kf_error *err)
{
    struct kf_kafka_client client;
    enum kf_err result = kf_kafka_client_open(&client, KF_KAFKA_READER, settings, err);

    kf_kafka_client_close(&client);
    if (result == KF_OK) {
        result = kf_kafka_client_open(&client, KF_KAFKA_PRODUCER, settings, err);
        kf_kafka_client_close(&client);
    }
    return result;
}

static bool is_lost(const struct kf_kafka_settings *settings, struct kf_error *err)
{
    if (settings->lease->state != KF_LEASE_LOST) {
        return false;
    }
    kf_lease_tell_lost(settings->lease, err);
    return true;
}

enum kf_err kf_kafka_probe(const struct kf_kafka_settings *settings, struct kf_error *err)
{
    struct kf_kafka_client reader;

    if (is_lost(settings, err)) {
        return KF_ERR_PEER;
    }
    enum kf_err result = kf_kafka_client_open(&reader, KF_KAFKA_READER, settings, err);

    if (result == KF_OK) {
        result = kf_kafka_topics_ensure(&reader, err);
    }
    if (result == KF_OK) {
        result = kf_kafka_lease_check(&reader, err);
    }
    kf_kafka_client_close(&reader);
    return result;
}

static enum kf_err init_transactions(struct kf_kafka *self, struct kf_error *err)
{
    const struct kf_kafka_step step = {rd_kafka_init_transactions, "preparing for transactions",
                                       KF_KAFKA_DRAIN, self->settings->step_ms};

    KF_CRASH_POINT("publish.fencing");
    enum kf_err result = kf_kafka_step_run(&self->producer, &step, self->errors, err);
    KF_CRASH_POINT("publish.fenced");
    return result == KF_ERR_AGAIN ? KF_ERR_PEER : result;
}

/* Asks for each topic before a transaction begins: librdkafka before 2.10 otherwise spends a second
 * on the first record. A broker that makes topics on demand makes them here. */
static enum kf_err learn_topics(struct kf_kafka *self, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (size_t topic = 0; topic < KF_TOPICS_ALL && result == KF_OK; topic++) {
        const char *name = self->settings->topics->names[topic];
        int partitions = 0;
        if (name[0] == '\0') {
            continue;
        }
        self->topics[topic] = rd_kafka_topic_new(self->producer.handle, name, NULL);
        if (self->topics[topic] == NULL) {
            return kf_error_set(err, KF_ERR_MEMORY, "no handle for topic %s", name);
        }
        result = kf_kafka_topic_ask(&self->producer, self->topics[topic], &partitions, err);
        if (result == KF_OK && partitions == 0) {
            result = kf_kafka_client_error(&self->producer, err, name, "the topic is missing");
        }
        self->partitions[topic] = partitions;
    }
    return result;
}

static enum kf_err prepare(struct kf_kafka *self, struct kf_error *err)
{
    const struct kf_kafka_settings *settings = self->settings;
    enum kf_err result = kf_kafka_client_open(&self->reader, KF_KAFKA_READER, settings, err);

    KF_CRASH_POINT("publish.opened");
    if (result == KF_OK) {
        result = kf_kafka_topics_ensure(&self->reader, err);
    }
    KF_CRASH_POINT("publish.ensured");
    if (result == KF_OK) {
        result = kf_kafka_client_open(&self->producer, KF_KAFKA_PRODUCER, settings, err);
    }
    if (result == KF_OK) {
        result = init_transactions(self, err);
    }
    return result == KF_OK ? learn_topics(self, err) : result;
}

enum kf_err kf_kafka_open(const struct kf_kafka_settings *settings, struct kf_kafka_errors *errors,
                          struct kf_kafka **session, struct kf_error *err)
{
    if (is_lost(settings, err)) {
        return KF_ERR_PEER;
    }
    struct kf_kafka *self = kf_calloc(1, sizeof *self);
    if (self == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a session with Kafka");
    }
    self->settings = settings;
    self->errors = errors;
    enum kf_err result = prepare(self, err);
    if (result == KF_OK) {
        result = kf_kafka_lease_take(&self->reader, &self->producer, errors, err);
    }
    if (result != KF_OK) {
        kf_kafka_destroy(&self);
        return result;
    }
    KF_CRASH_POINT("publish.learned");
    *session = self;
    return KF_OK;
}

void kf_kafka_destroy(struct kf_kafka **self)
{
    if (*self == NULL) {
        return;
    }
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if ((*self)->topics[topic] != NULL) {
            rd_kafka_topic_destroy((*self)->topics[topic]);
        }
    }
    kf_kafka_client_close(&(*self)->producer);
    kf_kafka_client_close(&(*self)->reader);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_kafka_look(struct kf_kafka *self, const char *release, struct kf_former *former,
                          struct kf_kafka_found *found, struct kf_error *err)
{
    return kf_kafka_look_through(&self->reader, self->partitions[KF_TOPIC_RELEASE], release, former,
                                 found, err);
}

enum kf_err kf_kafka_read_keys(struct kf_kafka *self, size_t topic,
                               const struct kf_key_visitor *visitor, struct kf_error *err)
{
    if (self->settings->topics->names[topic][0] == '\0') {
        return KF_OK;
    }
    return kf_kafka_keys_through(&self->reader, topic, self->partitions[topic], visitor, err);
}

/* --- the transaction ------------------------------------------------------------------------- */

enum kf_err kf_kafka_begin(struct kf_kafka *self, struct kf_error *err)
{
    enum kf_err result = kf_kafka_step_begin(&self->producer, self->errors, err);

    self->begun = result == KF_OK;
    return result;
}

static rd_kafka_headers_t *make_headers(const struct kf_record *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->headers_len);

    for (size_t i = 0; i < record->headers_len; i++) {
        const struct kf_header *header = &record->headers[i];
        rd_kafka_header_add(headers, header->name, -1, header->value, (ssize_t)header->length);
    }
    return headers;
}

/* The library's structure has no const; what is copied is not written to. */
static void *unconst(const void *bytes)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = bytes};

    return pointer.out;
}

/* The panel of a record, as the pointer that comes back with its delivery. */
static void *panel_mark(uint32_t panel)
{
    return (void *)(uintptr_t)panel; /* NOLINT(performance-no-int-to-ptr): never followed */
}

/* Takes the headers over when it succeeds. */
static rd_kafka_resp_err_t hand_over(struct kf_kafka *self, const struct kf_record *record,
                                     rd_kafka_headers_t *headers)
{
    const rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = self->topics[record->topic]},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {unconst(record->key), record->key_length}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {unconst(record->value), record->value_length}},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = panel_mark(record->panel)},
    };
    rd_kafka_error_t *error =
        rd_kafka_produceva(self->producer.handle, parts, sizeof parts / sizeof parts[0]);
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;

    if (error != NULL) {
        code = rd_kafka_error_code(error);
        rd_kafka_error_destroy(error);
    }
    return code;
}

/* Names the topic, whose limits are what may have to be raised. */
static enum kf_err tell_refusal(const struct kf_kafka *self, struct kf_error *err)
{
    const struct kf_kafka_client *producer = &self->producer;

    return kf_error_set(err, KF_ERR_PEER,
                        "Kafka refuses a record for topic %s: %s; raise max.message.bytes of the "
                        "topic if it is too small",
                        producer->refused_topic, rd_kafka_err2str(producer->refusal));
}

static enum kf_err produce_failed(struct kf_kafka *self, struct kf_error *err)
{
    self->errors->abortable++;
    if (self->producer.refusal != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return tell_refusal(self, err);
    }
    return kf_kafka_client_error(&self->producer, err, "writing records",
                                 rd_kafka_err2str(self->producer.delivery_failure));
}

enum kf_err kf_kafka_produce(struct kf_kafka *self, const struct kf_record *record,
                             struct kf_error *err)
{
    assert(record->topic < KF_TOPICS_ALL && self->topics[record->topic] != NULL);
    rd_kafka_headers_t *headers = make_headers(record);
    rd_kafka_resp_err_t code;

    while ((code = hand_over(self, record, headers)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        kf_kafka_client_poll(&self->producer, FULL_PAUSE_MS);
        if (self->producer.delivery_failure != RD_KAFKA_RESP_ERR_NO_ERROR ||
            kf_kafka_stopped(self->settings, KF_KAFKA_ABANDON)) {
            break;
        }
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
        kf_kafka_client_undelivered(&self->producer, code, record->panel,
                                    self->settings->topics->names[record->topic]);
        return produce_failed(self, err);
    }
    KF_CRASH_POINT("publish.record");
    if (++self->produced % POLL_EVERY == 0) {
        kf_kafka_client_poll(&self->producer, 0);
    }
    if (self->producer.delivery_failure != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return produce_failed(self, err);
    }
    return KF_OK;
}

enum kf_err kf_kafka_commit(struct kf_kafka *self, struct kf_error *err)
{
    const struct kf_kafka_step step = {rd_kafka_commit_transaction, "committing", KF_KAFKA_ABANDON,
                                       self->settings->transaction_timeout_ms};
    enum kf_err result = kf_kafka_step_run(&self->producer, &step, self->errors, err);

    if (result == KF_OK) {
        self->begun = false;
    } else if (result == KF_ERR_AGAIN) {
        self->errors->unknown++;
        result = KF_ERR_PEER;
    } else if (self->producer.refusal != RD_KAFKA_RESP_ERR_NO_ERROR) {
        tell_refusal(self, err);
    }
    return result;
}

bool kf_kafka_refused(const struct kf_kafka *self, uint32_t *panel)
{
    if (self->producer.refusal == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return false;
    }
    *panel = self->producer.refused_panel;
    return true;
}

void kf_kafka_abort(struct kf_kafka *self)
{
    const struct kf_kafka_step step = {rd_kafka_abort_transaction, "aborting", KF_KAFKA_ABANDON,
                                       self->settings->step_ms};
    struct kf_error ignored;

    if (self->begun &&
        rd_kafka_fatal_error(self->producer.handle, NULL, 0) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        kf_kafka_step_run(&self->producer, &step, self->errors, &ignored);
    }
    self->begun = false;
}

#include "services/publish/kafka_lease.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"
#include "services/publish/kafka_scan.h"
#include "services/publish/kafka_step.h"
#include "services/publish/lease.h"

#define PARTITION     0 /* always, so that the order of records is the order of events */
#define ROUNDS_MAX    8
#define LOOK_AGAIN_MS 20
#define DOING_SIZE    (KF_LEASE_ID_SIZE + 64)

struct taking {
    struct kf_kafka_client *reader;
    struct kf_kafka_client *producer;
    struct kf_kafka_errors *errors;
    struct kf_lease *lease;
    const char *topic;
    struct kf_lease_view view;
};

/* --- reading --------------------------------------------------------------------------------- */

static bool key_is_ours(const rd_kafka_message_t *message)
{
    return message->key != NULL && message->key_len == strlen(KF_LEASE_KEY) &&
           memcmp(message->key, KF_LEASE_KEY, message->key_len) == 0;
}

static enum kf_err take_record(void *context, const rd_kafka_message_t *message,
                               struct kf_error *err)
{
    struct taking *self = context;
    struct kf_lease_record record = {.time_ms = rd_kafka_message_timestamp(message, NULL)};
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t size;

    (void)err;
    if (!key_is_ours(message)) {
        return KF_OK;
    }
    if (message->payload == NULL) { /* withdrawn by the operator: all before is void */
        self->view = (struct kf_lease_view){.any = false};
        return KF_OK;
    }
    rd_kafka_message_headers(message, &headers);
    for (size_t i = 0;
         headers != NULL &&
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         i++) {
        kf_lease_record_read(&record, name, value == NULL ? "" : value, size);
    }
    kf_lease_view_add(&self->view, self->lease, &record);
    return KF_OK;
}

static enum kf_err look(struct taking *self, struct kf_error *err)
{
    const struct kf_kafka_scan scan = {
        .reader = self->reader,
        .topic = self->topic,
        .partitions = PARTITION + 1,
        .doing = "reading the lease",
        .take = take_record,
        .context = self,
    };

    self->view = (struct kf_lease_view){.any = false};
    return kf_kafka_scan(&scan, err);
}

/* A transaction may be reported as committed while its markers are still on their way. It stays
 * hidden for longer when another's that began before is still open. */
static enum kf_err look_until(struct taking *self, const struct kf_lease_record *written,
                              struct kf_error *err)
{
    const struct kf_kafka_settings *settings = self->reader->settings;
    enum kf_err result = look(self, err);
    struct kf_kafka_wait wait;

    kf_kafka_wait_start(&wait, settings, KF_KAFKA_DRAIN, settings->step_ms);
    while (result == KF_OK && !kf_lease_shows(&self->view, written)) {
        if (kf_kafka_wait_slice(&wait) == 0) {
            return kf_error_set(err, KF_ERR_PEER,
                                "another publisher is taking the lease on %s at this moment",
                                self->topic);
        }
        kf_kafka_client_poll(self->reader, LOOK_AGAIN_MS);
        result = look(self, err);
    }
    return result;
}

/* --- shutting out ---------------------------------------------------------------------------- */

/* A producer of that id that prepares for transactions ends those that another of the id has open,
 * and Kafka takes nothing more from the other. */
static enum kf_err shut_out(struct taking *self, const char *id, struct kf_error *err)
{
    struct kf_kafka_settings settings = *self->producer->settings;
    char doing[DOING_SIZE];
    const struct kf_kafka_step step = {rd_kafka_init_transactions, doing, KF_KAFKA_DRAIN,
                                       settings.step_ms};
    struct kf_kafka_client other;

    (void)snprintf(doing, sizeof doing, "shutting out the publisher with transactional-id %s", id);
    settings.transactional_id = id;
    enum kf_err result = kf_kafka_client_open(&other, KF_KAFKA_PRODUCER, &settings, err);
    if (result == KF_OK) {
        result = kf_kafka_step_run(&other, &step, self->errors, err);
    }
    kf_kafka_client_close(&other);
    return result == KF_ERR_AGAIN ? KF_ERR_PEER : result;
}

static enum kf_err shut_out_suspects(struct taking *self, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (size_t i = 0; i < self->view.suspects.length && result == KF_OK; i++) {
        result = shut_out(self, self->view.suspects.list[i], err);
    }
    KF_CRASH_POINT("publish.lease-shut-out");
    return result;
}

/* --- writing --------------------------------------------------------------------------------- */

static rd_kafka_headers_t *make_headers(const struct kf_lease_record *record)
{
    struct kf_header list[KF_LEASE_HEADERS_MAX];
    char epoch[KF_LEASE_EPOCH_SIZE];
    size_t length = kf_lease_record_print(record, epoch, list);
    rd_kafka_headers_t *headers = rd_kafka_headers_new(length);

    for (size_t i = 0; i < length; i++) {
        rd_kafka_header_add(headers, list[i].name, -1, list[i].value, (ssize_t)list[i].length);
    }
    return headers;
}

static enum kf_err produce(struct taking *self, const struct kf_lease_record *record,
                           struct kf_error *err)
{
    char key[] = KF_LEASE_KEY;
    char value[] = KF_LEASE_VALUE;
    rd_kafka_headers_t *headers = make_headers(record);
    const rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = self->topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = PARTITION},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {key, strlen(key)}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {value, strlen(value)}},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    rd_kafka_error_t *error =
        rd_kafka_produceva(self->producer->handle, parts, sizeof parts / sizeof parts[0]);

    if (error == NULL) {
        return KF_OK;
    }
    rd_kafka_headers_destroy(headers);
    kf_kafka_client_error(self->producer, err, "writing the lease", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return KF_ERR_PEER;
}

/* One transaction. Whether it failed or only its answer did, the next session reads. */
static enum kf_err write_record(struct taking *self, const struct kf_lease_record *record,
                                struct kf_error *err)
{
    const struct kf_kafka_settings *settings = self->producer->settings;
    const struct kf_kafka_step commit = {rd_kafka_commit_transaction, "writing the lease",
                                         KF_KAFKA_DRAIN, settings->transaction_timeout_ms};
    const struct kf_kafka_step end = {rd_kafka_abort_transaction, "writing the lease",
                                      KF_KAFKA_ABANDON, settings->step_ms};
    struct kf_error ignored;
    enum kf_err result = kf_kafka_step_begin(self->producer, self->errors, err);

    if (result != KF_OK) {
        return result;
    }
    result = produce(self, record, err);
    if (result == KF_OK) {
        KF_CRASH_POINT("publish.lease-produced");
        result = kf_kafka_step_run(self->producer, &commit, self->errors, err);
        KF_CRASH_POINT("publish.lease-written");
    }
    if (result != KF_OK) {
        (void)kf_kafka_step_run(self->producer, &end, self->errors, &ignored);
    }
    return result == KF_ERR_AGAIN ? KF_ERR_PEER : result;
}

/* --- taking ---------------------------------------------------------------------------------- */

static void begin(struct taking *self, struct kf_kafka_client *reader)
{
    *self = (struct taking){
        .reader = reader,
        .lease = reader->settings->lease,
        .topic = reader->settings->topics->names[KF_TOPIC_PUBLISHER],
    };
}

static enum kf_err take_or_settle(struct taking *self, enum kf_lease_verdict verdict,
                                  struct kf_error *err)
{
    struct kf_lease_record next = kf_lease_next(self->lease, &self->view, verdict);

    if (verdict == KF_LEASE_TAKE) {
        self->lease->other = self->view.last.holder;
        self->lease->other_ms = self->view.last.time_ms;
    }
    enum kf_err result = shut_out_suspects(self, err);
    if (result == KF_OK) {
        result = write_record(self, &next, err);
    }
    return result == KF_OK ? look_until(self, &next, err) : result;
}

enum kf_err kf_kafka_lease_take(struct kf_kafka_client *reader, struct kf_kafka_client *producer,
                                struct kf_kafka_errors *errors, struct kf_error *err)
{
    enum kf_lease_verdict verdict = KF_LEASE_TAKE;
    struct taking self;

    begin(&self, reader);
    self.producer = producer;
    self.errors = errors;
    enum kf_err result = look(&self, err);
    for (int round = 0; result == KF_OK && round < ROUNDS_MAX; round++) {
        result = kf_lease_judge(self.lease, &self.view, self.topic, &verdict, err);
        if (result != KF_OK) {
            return result;
        }
        kf_lease_settle(self.lease, &self.view, verdict);
        if (verdict == KF_LEASE_GO) {
            return KF_OK;
        }
        if (verdict == KF_LEASE_STOP) {
            return kf_lease_tell_lost(self.lease, err);
        }
        result = take_or_settle(&self, verdict, err);
    }
    return result != KF_OK
               ? result
               : kf_error_set(err, KF_ERR_PEER,
                              "others keep taking the lease on %s at the same time", self.topic);
}

enum kf_err kf_kafka_lease_check(struct kf_kafka_client *reader, struct kf_error *err)
{
    enum kf_lease_verdict verdict = KF_LEASE_GO;
    struct taking self;

    begin(&self, reader);
    if (self.lease->state == KF_LEASE_NEW) {
        return KF_OK;
    }
    enum kf_err result = look(&self, err);
    if (result == KF_OK) {
        result = kf_lease_judge(self.lease, &self.view, self.topic, &verdict, err);
    }
    if (result == KF_OK && verdict == KF_LEASE_STOP) {
        kf_lease_settle(self.lease, &self.view, verdict);
        result = kf_lease_tell_lost(self.lease, err);
    }
    return result;
}

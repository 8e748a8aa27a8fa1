#include "services/publish/kafka_client.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/kafka/handle.h"

#define SLICE_MIN_MS    250
#define SLICE_MAX_MS    4000
#define HOPELESS_MS     1500
#define NUMBER_MAX_SIZE 24

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

/* --- settings -------------------------------------------------------------------------------- */

static const struct kf_kafka_option common_options[] = {
    {"client.id", "kostraflow-publish"}, {"reconnect.backoff.ms", "50"},
    {"reconnect.backoff.max.ms", "500"}, {"socket.nagle.disable", "true"},
    {"socket.keepalive.enable", "true"}, {"log_level", "6"},
};

/* The bound in bytes counts keys and values only; headers and bookkeeping come on top, about twice
 * as much. Hence the bound in messages as well: with 5,000 a publication takes 12 MB, with 20,000
 * 35 MB, and is no faster. */
static const struct kf_kafka_option producer_options[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},
    {"delivery.report.only.error", "true"},
    {"queue.buffering.max.kbytes", "16384"},
    {"queue.buffering.max.messages", "5000"},
    {"message.max.bytes", "8500000"},
    {"batch.size", "1000000"},
    {"linger.ms", "5"},
};

/* No group.id: the reader belongs to no group and needs no rights to one. No offset is ever reset
 * quietly: manifests passed over would be releases published twice.
 *
 * When its queue is full the library rests for a second, so as much as the queue holds is what it
 * reads in a second. Hence the 32 MB: they are filled only when the keys of earlier releases are
 * read. */
static const struct kf_kafka_option reader_options[] = {
    {"isolation.level", "read_committed"},
    {"enable.partition.eof", "true"},
    {"enable.auto.commit", "false"},
    {"allow.auto.create.topics", "false"},
    {"queued.max.messages.kbytes", "32768"},
    {"fetch.message.max.bytes", "1048576"},
    {"fetch.wait.max.ms", "100"},
    {"auto.offset.reset", "error"},
};

static enum kf_err set_producers(rd_kafka_conf_t *conf, const struct kf_kafka_settings *settings,
                                 struct kf_error *err)
{
    struct kf_text timeout;

    kf_text_init(&timeout, NUMBER_MAX_SIZE);
    kf_text_add_format(&timeout, "%" PRId64, settings->transaction_timeout_ms);
    const struct kf_kafka_option own[] = {
        {"transaction.timeout.ms", timeout.bytes},
        {"transactional.id", settings->transactional_id},
        {"compression.codec", settings->compression},
    };
    enum kf_err result = timeout.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory")
                                        : kf_kafka_set(conf, own, LENGTH_OF(own), err);
    if (result == KF_OK) {
        result = kf_kafka_set(conf, producer_options, LENGTH_OF(producer_options), err);
    }
    kf_text_clear(&timeout);
    return result;
}

/* --- callbacks ------------------------------------------------------------------------------- */

/* On threads of the library. */
static void on_log(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
    char quoted[KF_LOG_QUOTED_SIZE];

    (void)handle;
    kf_log(KF_LOG_DEBUG, "librdkafka", "severity=%d facility=%s text=%s", level, facility,
           kf_log_quote(text, quoted));
}

static void on_error(rd_kafka_t *handle, int code, const char *reason, void *opaque)
{
    struct kf_kafka_client *self = opaque;

    (void)handle;
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        self->unreachable = true;
        return;
    }
    kf_kafka_copy_reason(self->trouble, sizeof self->trouble, reason);
}

/* The same record would be refused again, by whatever broker. */
static bool is_for_good(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
        return true;
    default:
        return false;
    }
}

void kf_kafka_client_undelivered(struct kf_kafka_client *self, rd_kafka_resp_err_t code,
                                 uint32_t panel, const char *topic)
{
    if (self->delivery_failure == RD_KAFKA_RESP_ERR_NO_ERROR) {
        self->delivery_failure = code;
    }
    if (self->refusal == RD_KAFKA_RESP_ERR_NO_ERROR && is_for_good(code)) {
        self->refusal = code;
        self->refused_panel = panel;
        (void)snprintf(self->refused_topic, sizeof self->refused_topic, "%s", topic);
    }
}

static void on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
    uint32_t panel = (uint32_t)(uintptr_t)message->_private;

    (void)handle;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        kf_kafka_client_undelivered(opaque, message->err, panel,
                                    message->rkt == NULL ? "" : rd_kafka_topic_name(message->rkt));
    }
}

/* --- handles --------------------------------------------------------------------------------- */

static enum kf_err fill_conf(struct kf_kafka_client *self, rd_kafka_conf_t *conf,
                             enum kf_kafka_role role, struct kf_error *err)
{
    bool producer = role == KF_KAFKA_PRODUCER;
    const struct kf_kafka_option servers = {"bootstrap.servers", self->settings->bootstrap_servers};
    enum kf_err result = kf_kafka_set(conf, common_options, LENGTH_OF(common_options), err);

    if (result == KF_OK) {
        result = kf_kafka_set(conf, &servers, 1, err);
    }
    if (result == KF_OK) {
        result = producer ? set_producers(conf, self->settings, err)
                          : kf_kafka_set(conf, reader_options, LENGTH_OF(reader_options), err);
    }
    if (result == KF_OK) {
        result = kf_kafka_set_operators(conf, self->settings->options, err);
    }
    rd_kafka_conf_set_opaque(conf, self);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    if (producer) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    }
    return result;
}

enum kf_err kf_kafka_client_open(struct kf_kafka_client *self, enum kf_kafka_role role,
                                 const struct kf_kafka_settings *settings, struct kf_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    *self = (struct kf_kafka_client){.settings = settings};
    enum kf_err result = fill_conf(self, conf, role, err);
    if (result != KF_OK) {
        rd_kafka_conf_destroy(conf);
        return result;
    }
    return kf_kafka_handle_new(role == KF_KAFKA_PRODUCER ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER,
                               conf, &self->handle, err);
}

void kf_kafka_client_close(struct kf_kafka_client *self)
{
    if (self->handle != NULL) {
        rd_kafka_destroy(self->handle);
        self->handle = NULL;
    }
}

void kf_kafka_client_poll(struct kf_kafka_client *self, int wait_ms)
{
    rd_kafka_poll(self->handle, wait_ms);
}

enum kf_err kf_kafka_client_error(const struct kf_kafka_client *self, struct kf_error *err,
                                  const char *doing, const char *reason)
{
    if (self->unreachable) {
        return kf_error_set(err, KF_ERR_PEER, "no Kafka at %s%s%s",
                            self->settings->bootstrap_servers, self->trouble[0] ? ": " : "",
                            self->trouble);
    }
    return kf_error_set(err, KF_ERR_PEER, "Kafka at %s: %s: %s", self->settings->bootstrap_servers,
                        doing, reason);
}

/* --- waiting --------------------------------------------------------------------------------- */

bool kf_kafka_stopped(const struct kf_kafka_settings *settings, enum kf_kafka_stop level)
{
    return settings->stop != NULL && atomic_load(settings->stop) >= (int)level;
}

void kf_kafka_wait_start(struct kf_kafka_wait *self, const struct kf_kafka_settings *settings,
                         enum kf_kafka_stop level, int64_t limit_ms)
{
    *self = (struct kf_kafka_wait){settings, level, kf_clock_monotonic_ms(), limit_ms};
}

int kf_kafka_wait_slice(const struct kf_kafka_wait *self)
{
    int64_t passed = kf_clock_monotonic_ms() - self->start_ms;
    int64_t slice = passed / 2 + SLICE_MIN_MS;

    if (passed >= self->limit_ms || kf_kafka_stopped(self->settings, self->level)) {
        return 0;
    }
    slice = slice < SLICE_MAX_MS ? slice : SLICE_MAX_MS;
    return (int)(slice < self->limit_ms - passed ? slice : self->limit_ms - passed);
}

bool kf_kafka_wait_hopeless(const struct kf_kafka_wait *self, const struct kf_kafka_client *client)
{
    return client->unreachable && kf_clock_monotonic_ms() - self->start_ms >= HOPELESS_MS;
}

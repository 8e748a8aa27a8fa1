#include "tools/devbroker/devbroker.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <string.h>

#include "common/base/memory.h"
#include "tools/devbroker/listener.h"

#define TOPIC_NAME_MAX 249
#define NAME_LETTERS   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

struct kf_devbroker {
    rd_kafka_t *client; /* the cluster lives inside a client of the library */
    rd_kafka_mock_cluster_t *cluster;
};

static void no_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    (void)level;
    (void)facility;
    (void)text;
}

static enum kf_err client_new(rd_kafka_t **client, struct kf_error *err)
{
    char text[256] = "no memory";
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set_log_cb(conf, no_log);
    *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (*client == NULL) {
        rd_kafka_conf_destroy(conf);
        return kf_error_set(err, KF_ERR_INTERNAL, "the mock cluster cannot be made: %s", text);
    }
    return KF_OK;
}

static enum kf_err cluster_new(struct kf_devbroker *self, uint16_t port, struct kf_error *err)
{
    int failure = kf_listener_want_port(port);

    if (failure != 0) {
        return kf_error_set_errno(
            err, KF_ERR_CONFIG, failure,
            "port %u cannot be had; choose another, or 0 for any, with --port "
            "(kf up: --broker-port)",
            (unsigned)port);
    }
    self->cluster = rd_kafka_mock_cluster_new(self->client, 1);
    if (self->cluster == NULL) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the mock cluster cannot be started");
    }
    return KF_OK;
}

static enum kf_err topic_create(struct kf_devbroker *self, const char *name, size_t length,
                                struct kf_error *err)
{
    char topic[TOPIC_NAME_MAX + 1];

    if (length == 0 || length > TOPIC_NAME_MAX || strspn(name, NAME_LETTERS) < length) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "\"%.*s\" is no topic: a name has 1 to %d letters, digits, . _ or -",
                            (int)(length > 80 ? 80 : length), name, TOPIC_NAME_MAX);
    }
    memcpy(topic, name, length);
    topic[length] = '\0';
    if (rd_kafka_mock_topic_create(self->cluster, topic, 1, 1) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kf_error_set(err, KF_ERR_CONFIG, "topic \"%s\" cannot be made; is it named twice?",
                            topic);
    }
    return KF_OK;
}

static enum kf_err topics_create(struct kf_devbroker *self, const char *topics,
                                 struct kf_error *err)
{
    enum kf_err result = KF_OK;

    while (result == KF_OK && *topics != '\0') {
        size_t length = strcspn(topics, ",");

        result = topic_create(self, topics, length, err);
        topics += length + (topics[length] == ',');
    }
    return result;
}

enum kf_err kf_devbroker_start(uint16_t port, const char *topics, struct kf_devbroker **broker,
                               struct kf_error *err)
{
    struct kf_devbroker *self = kf_calloc(1, sizeof *self);
    if (self == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the broker");
    }
    enum kf_err result = client_new(&self->client, err);
    if (result == KF_OK) {
        result = cluster_new(self, port, err);
    }
    if (result == KF_OK) {
        result = topics_create(self, topics, err);
    }
    if (result != KF_OK) {
        kf_devbroker_destroy(&self);
        return result;
    }
    *broker = self;
    return KF_OK;
}

const char *kf_devbroker_address(const struct kf_devbroker *self)
{
    return rd_kafka_mock_cluster_bootstraps(self->cluster);
}

void kf_devbroker_destroy(struct kf_devbroker **self)
{
    if (*self == NULL) {
        return;
    }
    if ((*self)->cluster != NULL) {
        rd_kafka_mock_cluster_destroy((*self)->cluster);
    }
    if ((*self)->client != NULL) {
        rd_kafka_destroy((*self)->client);
    }
    kf_free(*self);
    *self = NULL;
}

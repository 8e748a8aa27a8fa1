#include "tests/services/publish/mock_kafka.h"

#include <stdio.h>
#include <stdlib.h>

static void need(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "mock: %s\n", what);
        abort();
    }
}

static void no_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    (void)level;
    (void)facility;
    (void)text;
}

static rd_kafka_t *client_new(rd_kafka_type_t type, const char *const *settings)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set_log_cb(conf, no_log);
    for (; *settings != NULL; settings += 2) {
        need(rd_kafka_conf_set(conf, settings[0], settings[1], reason, sizeof reason) ==
                 RD_KAFKA_CONF_OK,
             reason);
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
    need(client != NULL, reason);
    return client;
}

void mock_kafka_start(struct mock_kafka *self)
{
    mock_kafka_start_brokers(self, 1);
}

void mock_kafka_start_brokers(struct mock_kafka *self, int brokers)
{
    static const char *const nothing[] = {NULL};
    struct kf_error err;

    *self = (struct mock_kafka){.client = client_new(RD_KAFKA_PRODUCER, nothing)};
    self->cluster = rd_kafka_mock_cluster_new(self->client, brokers);
    need(self->cluster != NULL, "no cluster");
    need(kf_topic_set_init(&self->topics, "t", &err) == KF_OK, "no topics");
    self->lease.own = (struct kf_lease_holder){"1-1", "host", "test", 0};
    self->settings = (struct kf_kafka_settings){
        .bootstrap_servers = rd_kafka_mock_cluster_bootstraps(self->cluster),
        .transactional_id = "test",
        .transaction_timeout_ms = 10000,
        .compression = "none",
        .topics = &self->topics,
        .lease = &self->lease,
        .create_topics = true,
        .replication = -1,
        .step_ms = 5000,
    };
}

void mock_kafka_stop(struct mock_kafka *self)
{
    rd_kafka_mock_cluster_destroy(self->cluster);
    rd_kafka_destroy(self->client);
}

void mock_kafka_fail(struct mock_kafka *self, int16_t request, size_t count,
                     rd_kafka_resp_err_t error)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_mock_push_request_errors(self->cluster, request, 1, error);
    }
}

/* From the beginning to the end of the topic's partitions: the mock makes four. */
size_t mock_kafka_count(struct mock_kafka *self, size_t topic)
{
    const char *const settings[] = {"bootstrap.servers", self->settings.bootstrap_servers, NULL};
    rd_kafka_t *reader = client_new(RD_KAFKA_CONSUMER, settings);
    size_t count = 0;

    for (int32_t partition = 0; partition < 4; partition++) {
        int64_t low = 0;
        int64_t high = 0;
        need(rd_kafka_query_watermark_offsets(reader, self->topics.names[topic], partition, &low,
                                              &high, 5000) == RD_KAFKA_RESP_ERR_NO_ERROR,
             "no offsets");
        count += (size_t)(high - low);
    }
    rd_kafka_destroy(reader);
    return count;
}

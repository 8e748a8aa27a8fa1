/* librdkafka's mock cluster in the test's own process: errors on demand, brokers that go and come.
 * Its transactions mean nothing: exactly-once is proved against a real Kafka.
 */
#ifndef KF_TESTS_MOCK_KAFKA_H
#define KF_TESTS_MOCK_KAFKA_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "services/publish/kafka.h"

/* Numbers of requests in Kafka's protocol. */
enum {
    MOCK_PRODUCE = 0,
    MOCK_FETCH = 1,
    MOCK_LIST_OFFSETS = 2,
    MOCK_METADATA = 3,
    MOCK_FIND_COORDINATOR = 10,
    MOCK_INIT_PRODUCER_ID = 22,
    MOCK_ADD_PARTITIONS = 24,
    MOCK_END_TXN = 26,
};

struct mock_kafka {
    rd_kafka_t *client;
    rd_kafka_mock_cluster_t *cluster;
    struct kf_topic_set topics;
    struct kf_lease lease;
    struct kf_kafka_settings settings; /* for this cluster; may be changed */
};

/* A cluster of one broker, or of several. Any failure ends the test program. */
void mock_kafka_start(struct mock_kafka *self);
void mock_kafka_start_brokers(struct mock_kafka *self, int brokers);
void mock_kafka_stop(struct mock_kafka *self);

/* The next requests of this kind are answered with these errors, one each. */
void mock_kafka_fail(struct mock_kafka *self, int16_t request, size_t count,
                     rd_kafka_resp_err_t error);

/* How many records a new reader finds on the topic, committed or not. */
size_t mock_kafka_count(struct mock_kafka *self, size_t topic);

#endif

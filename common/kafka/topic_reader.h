/* Reads Kafka topics as any consumer outside would: read_committed, from the beginning to the end,
 * no group, nothing committed, nothing changed.
 */
#ifndef KF_KAFKA_TOPIC_READER_H
#define KF_KAFKA_TOPIC_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/kafka/kafka_options.h"

#define KF_TOPIC_PARTITIONS_MAX 1024

struct kf_topic_reader;

/* A record, valid during the visit. A record without a value (a tombstone) has `value` NULL. */
struct kf_topic_record {
    const char *key; /* not NUL-terminated; NULL when there is none */
    size_t key_length;
    const char *value;
    size_t value_length;
    int64_t timestamp_ms;
};

/* What to do with each record. Within a partition records come in their order. */
struct kf_topic_visitor {
    enum kf_err (*visit)(void *context, const struct kf_topic_record *record, struct kf_error *err);
    void *context;
    bool enough; /* set by the visitor when it needs no more */
};

/* A reader on `bootstrap_servers`, with `more` settings for librdkafka (or NULL); it connects when
 * something is read. `timeout_ms` is how long a broker may be silent. KF_ERR_CONFIG when a setting
 * is not one. */
enum kf_err kf_topic_reader_new(const char *bootstrap_servers, const struct kf_kafka_options *more,
                                int64_t timeout_ms, struct kf_topic_reader **reader,
                                struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_topic_reader_destroy(struct kf_topic_reader **self);

/* Visits every record of the topic up to its present end, or until the visitor has enough. A topic
 * that does not exist has no records. KF_ERR_PEER when the brokers cannot be reached or fall
 * silent; whatever the visitor returns. */
enum kf_err kf_topic_reader_read(struct kf_topic_reader *self, const char *topic,
                                 struct kf_topic_visitor *visitor, struct kf_error *err);

/* The same, but goes on past the end as new records come, and waits for a topic and for brokers
 * that are not there yet, until the visitor has enough or kf_clock_monotonic_ms() reaches
 * `deadline_ms` (then KF_OK as well: see the visitor). */
enum kf_err kf_topic_reader_follow(struct kf_topic_reader *self, const char *topic,
                                   int64_t deadline_ms, struct kf_topic_visitor *visitor,
                                   struct kf_error *err);

#endif

/* Where releases go: the brokers, the topics and how Kafka is spoken to, read from the settings. */
#ifndef KF_PUBLISH_TARGET_H
#define KF_PUBLISH_TARGET_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/kafka/kafka_options.h"
#include "common/kafka/topics.h"
#include "common/service/option.h"
#include "services/publish/kafka.h"

/* Must not move once it is open: its parts point to each other, and to the settings. */
struct kf_target {
    struct kf_topic_set topics;
    struct kf_kafka_options *operators; /* from the file, or NULL */
    struct kf_kafka_topic_check topic_check;
    struct kf_kafka_settings kafka;
};

/* Reads and checks all that can be checked without asking Kafka. Every fault is added to
 * `findings`, and `err` tells their number; with NULL for `findings` it tells the first.
 * KF_ERR_CONFIG, KF_ERR_MEMORY. Close it in any case; start from {0}. */
enum kf_err kf_target_open(struct kf_target *self, const struct kf_settings *settings,
                           struct kf_findings *findings, struct kf_error *err);
void kf_target_close(struct kf_target *self);

#endif

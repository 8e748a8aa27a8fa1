/* Looks after the topics: are they there, with leaders; if not, can they be made. Internal to the
 * kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_TOPICS_H
#define KF_PUBLISH_KAFKA_TOPICS_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

/* Returns when every topic of the set can be written to and is set as it must be (kafka_check.h),
 * or when the brokers cannot be told to make topics (then they make them when first asked by a
 * producer). KF_ERR_PEER otherwise. */
enum kf_err kf_kafka_topics_ensure(struct kf_kafka_client *reader, struct kf_error *err);

/* One question: `*partitions` is how many partitions the topic has, 0 when it is not there or lacks
 * a leader. KF_ERR_PEER when nobody answers in time. */
enum kf_err kf_kafka_topic_ask(struct kf_kafka_client *client, rd_kafka_topic_t *topic,
                               int *partitions, struct kf_error *err);

#endif

/* Are the topics set as releases need them? Internal to the kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_CHECK_H
#define KF_PUBLISH_KAFKA_CHECK_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

/* Asks for the settings of all topics, unless that is off or was done within the last minute with a
 * good end, and judges them by topic_settings.h. KF_ERR_PEER when one of them forbids writing, with
 * the command that mends it; when nobody may ask or manifests were deleted, and the mode is strict;
 * and when nobody answers.
 * What is only advised is logged once. Brokers that know no such question are believed. */
enum kf_err kf_kafka_check_topics(struct kf_kafka_client *reader, struct kf_error *err);

#endif

/* Reads what stands on the topics: the manifests, and the keys of results. Internal to the
 * kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_LOOK_H
#define KF_PUBLISH_KAFKA_LOOK_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

/* Reads all `partitions` of the manifests' topic from the beginning to the last stable offset, as
 * kf_kafka_look says. */
enum kf_err kf_kafka_look_through(struct kf_kafka_client *reader, int partitions,
                                  const char *release, struct kf_former *former,
                                  struct kf_kafka_found *found, struct kf_error *err);

/* Reads all `partitions` of a topic of results, as kf_kafka_read_keys says. */
enum kf_err kf_kafka_keys_through(struct kf_kafka_client *reader, size_t topic, int partitions,
                                  const struct kf_key_visitor *visitor, struct kf_error *err);

#endif

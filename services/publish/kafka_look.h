/* Reads the manifests. Internal to the kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_LOOK_H
#define KF_PUBLISH_KAFKA_LOOK_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

/* Reads all `partitions` of the manifests' topic from the beginning to the last stable offset, as
 * kf_kafka_look says. */
enum kf_err kf_kafka_look_through(struct kf_kafka_client *reader, int partitions,
                                  const char *release, const struct kf_panel_names *panels,
                                  struct kf_kafka_found *found, struct kf_error *err);

#endif

/* Reads a topic as any consumer of committed records does: all partitions from the beginning to the
 * last stable offset, no group, nothing committed. Internal to the kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_SCAN_H
#define KF_PUBLISH_KAFKA_SCAN_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

struct kf_kafka_scan {
    struct kf_kafka_client *reader;
    const char *topic;
    int partitions;
    const char *doing; /* "reading the manifests": for messages */
    /* Takes a record; within a partition in the order written. Anything but KF_OK ends the scan and
     * is returned. */
    enum kf_err (*take)(void *context, const rd_kafka_message_t *message, struct kf_error *err);
    void *context;
};

/* KF_ERR_PEER, KF_ERR_MEMORY, or what `take` returned. */
enum kf_err kf_kafka_scan(const struct kf_kafka_scan *scan, struct kf_error *err);

#endif

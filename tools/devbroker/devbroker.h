/* A Kafka for the first five minutes: librdkafka's mock cluster, one broker, in this process.
 *
 * Clients list, produce and consume as with a real one. What it is not: nothing is stored, each
 * partition keeps its newest 5 MiB, topics are never compacted, and transactions mean nothing: what
 * was aborted or never committed is seen by everybody.
 */
#ifndef KF_DEVBROKER_DEVBROKER_H
#define KF_DEVBROKER_DEVBROKER_H

#include <stdint.h>

#include "common/base/error.h"

struct kf_devbroker;

/* Starts the broker on 127.0.0.1 and `port` (0: any free one) and makes `topics`, a comma-separated
 * list that may be empty, with one partition each. KF_ERR_CONFIG when the port cannot be had or a
 * topic's name is not one. */
enum kf_err kf_devbroker_start(uint16_t port, const char *topics, struct kf_devbroker **broker,
                               struct kf_error *err);

/* HOST:PORT for clients. Lives as long as the broker. */
const char *kf_devbroker_address(const struct kf_devbroker *self);

/* NULL is fine, the pointer is nulled. */
void kf_devbroker_destroy(struct kf_devbroker **self);

#endif

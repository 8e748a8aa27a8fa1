/* Handles of librdkafka, made from the settings, and what its threads and callbacks tell us.
 * Internal to the kafka*.c files. */
#ifndef KF_PUBLISH_KAFKA_CLIENT_H
#define KF_PUBLISH_KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/publish/kafka.h"

enum kf_kafka_role { KF_KAFKA_READER, KF_KAFKA_PRODUCER };

/* A handle and what was last heard of it. Must not move while the handle lives. */
struct kf_kafka_client {
    rd_kafka_t *handle;
    const struct kf_kafka_settings *settings;
    bool unreachable;                     /* since the last answer all brokers were found away */
    char trouble[256];                    /* the last trouble heard of, or "" */
    rd_kafka_resp_err_t delivery_failure; /* of the first record that was not delivered */
    rd_kafka_resp_err_t refusal;          /* of the first record that was refused for good */
    uint32_t refused_panel;               /* that record's panel */
    char refused_topic[KF_TOPIC_NAME_SIZE];
};

/* KF_ERR_CONFIG when librdkafka refuses a setting; its value is not told. */
enum kf_err kf_kafka_client_open(struct kf_kafka_client *self, enum kf_kafka_role role,
                                 const struct kf_kafka_settings *settings, struct kf_error *err);
void kf_kafka_client_close(struct kf_kafka_client *self);

/* Remembers that a record was not delivered, and when that is for good, whose it was. */
void kf_kafka_client_undelivered(struct kf_kafka_client *self, rd_kafka_resp_err_t code,
                                 uint32_t panel, const char *topic);

/* Lets callbacks run, waiting up to `wait_ms` for something to tell. */
void kf_kafka_client_poll(struct kf_kafka_client *self, int wait_ms);

/* True when `level` or more is to be given up. */
bool kf_kafka_stopped(const struct kf_kafka_settings *settings, enum kf_kafka_stop level);

/* A wait in slices: each a little longer, so that a slow broker is heard and a stop noticed. */
struct kf_kafka_wait {
    const struct kf_kafka_settings *settings;
    enum kf_kafka_stop level;
    int64_t start_ms;
    int64_t limit_ms;
};

/* Starts a wait of at most `limit_ms`, given up when `level` is. */
void kf_kafka_wait_start(struct kf_kafka_wait *self, const struct kf_kafka_settings *settings,
                         enum kf_kafka_stop level, int64_t limit_ms);

/* Milliseconds of the next slice; 0 when it is over: time is up or a stop was asked for. */
int kf_kafka_wait_slice(const struct kf_kafka_wait *self);

/* True when nobody has been reachable for long enough to say so. */
bool kf_kafka_wait_hopeless(const struct kf_kafka_wait *self, const struct kf_kafka_client *client);

/* Fills `err` with KF_ERR_PEER: what was being done, and the trouble if any was heard of. */
enum kf_err kf_kafka_client_error(const struct kf_kafka_client *self, struct kf_error *err,
                                  const char *doing, const char *reason);

#endif

/* A call of librdkafka's for transactions, made as often as it takes. Internal to the kafka*.c
 * files. */
#ifndef KF_PUBLISH_KAFKA_STEP_H
#define KF_PUBLISH_KAFKA_STEP_H

#include "common/base/error.h"
#include "services/publish/kafka_client.h"

#define KF_KAFKA_REASON_SIZE 384

typedef rd_kafka_error_t *kf_kafka_call(rd_kafka_t *handle, int timeout_ms);

struct kf_kafka_step {
    kf_kafka_call *call;
    const char *doing;
    enum kf_kafka_stop level; /* what makes it give up */
    int64_t limit_ms;
};

/* Makes the call until it is through. KF_ERR_AGAIN when time is up or a stop was asked for,
 * KF_ERR_PEER when it failed for good; failures are counted in `errors`. */
enum kf_err kf_kafka_step_run(struct kf_kafka_client *producer, const struct kf_kafka_step *step,
                              struct kf_kafka_errors *errors, struct kf_error *err);

/* Begins a transaction. KF_ERR_PEER. */
enum kf_err kf_kafka_step_begin(struct kf_kafka_client *producer, struct kf_kafka_errors *errors,
                                struct kf_error *err);

#endif

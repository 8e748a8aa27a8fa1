#include "services/publish/kafka_step.h"

#include <string.h>

#define RETRY_PAUSE_MS 20

/* What an error demands. */
enum demand { DEMAND_AGAIN, DEMAND_ABORT, DEMAND_REBUILD };

static enum demand demand_of(const rd_kafka_error_t *error, struct kf_kafka_errors *errors)
{
    if (rd_kafka_error_is_fatal(error)) {
        errors->fatal++;
        return DEMAND_REBUILD;
    }
    if (rd_kafka_error_txn_requires_abort(error)) {
        errors->abortable++;
        return DEMAND_ABORT;
    }
    if (rd_kafka_error_is_retriable(error)) {
        /* Time-outs are our own slices running out. */
        errors->retriable += rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__TIMED_OUT;
        return DEMAND_AGAIN;
    }
    errors->fatal++;
    return DEMAND_REBUILD;
}

static void keep_reason(char reason[KF_KAFKA_REASON_SIZE], const rd_kafka_error_t *error)
{
    const char *text = rd_kafka_error_string(error);
    size_t length = strlen(text);

    length = length < KF_KAFKA_REASON_SIZE ? length : KF_KAFKA_REASON_SIZE - 1;
    memcpy(reason, text, length);
    reason[length] = '\0';
}

enum kf_err kf_kafka_step_run(struct kf_kafka_client *producer, const struct kf_kafka_step *step,
                              struct kf_kafka_errors *errors, struct kf_error *err)
{
    char reason[KF_KAFKA_REASON_SIZE] = "given up";
    struct kf_kafka_wait wait;
    int slice;

    kf_kafka_wait_start(&wait, producer->settings, step->level, step->limit_ms);
    while ((slice = kf_kafka_wait_slice(&wait)) > 0) {
        rd_kafka_error_t *error = step->call(producer->handle, slice);
        if (error == NULL) {
            return KF_OK;
        }
        enum demand demand = demand_of(error, errors);
        keep_reason(reason, error);
        rd_kafka_error_destroy(error);
        if (demand != DEMAND_AGAIN) {
            return kf_kafka_client_error(producer, err, step->doing, reason);
        }
        kf_kafka_client_poll(producer, RETRY_PAUSE_MS);
    }
    kf_kafka_client_error(producer, err, step->doing, reason);
    return KF_ERR_AGAIN;
}

enum kf_err kf_kafka_step_begin(struct kf_kafka_client *producer, struct kf_kafka_errors *errors,
                                struct kf_error *err)
{
    char reason[KF_KAFKA_REASON_SIZE];
    rd_kafka_error_t *error = rd_kafka_begin_transaction(producer->handle);

    producer->delivery_failure = RD_KAFKA_RESP_ERR_NO_ERROR;
    producer->refusal = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error == NULL) {
        return KF_OK;
    }
    demand_of(error, errors);
    keep_reason(reason, error);
    rd_kafka_error_destroy(error);
    return kf_kafka_client_error(producer, err, "beginning a transaction", reason);
}

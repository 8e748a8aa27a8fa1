#include "services/publish/kafka_scan.h"

#include "common/base/memory.h"

/* The simple consumer. Each partition tells its end as an event of its own, which comes also when
 * nothing but transaction markers stand there. */
struct reading {
    const struct kf_kafka_scan *scan;
    rd_kafka_topic_t *topic;
    rd_kafka_queue_t *queue;
    int started;
    int ended;
    bool *ends; /* [partitions] */
};

static enum kf_err start(struct reading *reading, struct kf_error *err)
{
    const struct kf_kafka_scan *scan = reading->scan;
    struct kf_kafka_client *reader = scan->reader;

    reading->ends = kf_calloc((size_t)scan->partitions, sizeof *reading->ends);
    reading->topic = rd_kafka_topic_new(reader->handle, scan->topic, NULL);
    if (reading->ends == NULL || reading->topic == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %s", scan->doing);
    }
    reading->queue = rd_kafka_queue_new(reader->handle);
    while (reading->started < scan->partitions) {
        if (rd_kafka_consume_start_queue(reading->topic, reading->started,
                                         RD_KAFKA_OFFSET_BEGINNING, reading->queue) != 0) {
            return kf_kafka_client_error(reader, err, scan->doing,
                                         rd_kafka_err2str(rd_kafka_last_error()));
        }
        reading->started++;
    }
    return KF_OK;
}

static void finish(struct reading *reading)
{
    for (int i = 0; i < reading->started; i++) {
        rd_kafka_consume_stop(reading->topic, i);
    }
    if (reading->queue != NULL) {
        rd_kafka_queue_destroy(reading->queue);
    }
    if (reading->topic != NULL) {
        rd_kafka_topic_destroy(reading->topic);
    }
    kf_free(reading->ends);
}

static void take_end(struct reading *reading, int partition)
{
    if (partition >= 0 && partition < reading->scan->partitions && !reading->ends[partition]) {
        reading->ends[partition] = true;
        reading->ended++;
    }
}

static enum kf_err take(struct reading *reading, const rd_kafka_message_t *message,
                        struct kf_error *err)
{
    switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return reading->scan->take(reading->scan->context, message, err);
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        take_end(reading, message->partition);
        return KF_OK;
    default:
        return kf_kafka_client_error(reading->scan->reader, err, reading->scan->doing,
                                     rd_kafka_message_errstr(message));
    }
}

/* Whether the message tells of a fault, and thus nothing of the brokers' being there. */
static bool is_failure(rd_kafka_resp_err_t code)
{
    return code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__PARTITION_EOF;
}

/* Time counts from the last message, so that a long history may take long. */
static enum kf_err read_all(struct reading *reading, struct kf_error *err)
{
    struct kf_kafka_client *reader = reading->scan->reader;
    const struct kf_kafka_settings *settings = reader->settings;
    enum kf_err result = KF_OK;
    struct kf_kafka_wait wait;

    kf_kafka_wait_start(&wait, settings, KF_KAFKA_DRAIN, settings->step_ms);
    while (result == KF_OK && reading->ended < reading->scan->partitions) {
        int slice = kf_kafka_wait_slice(&wait);
        if (slice == 0 || kf_kafka_wait_hopeless(&wait, reader)) {
            return kf_kafka_client_error(reader, err, reading->scan->doing, "no answer");
        }
        rd_kafka_message_t *message = rd_kafka_consume_queue(reading->queue, slice);
        kf_kafka_client_poll(reader, 0);
        if (message != NULL) {
            reader->unreachable = reader->unreachable && is_failure(message->err);
            result = take(reading, message, err);
            rd_kafka_message_destroy(message);
            kf_kafka_wait_start(&wait, settings, KF_KAFKA_DRAIN, settings->step_ms);
        }
    }
    return result;
}

enum kf_err kf_kafka_scan(const struct kf_kafka_scan *scan, struct kf_error *err)
{
    struct reading reading = {.scan = scan};
    enum kf_err result = start(&reading, err);

    if (result == KF_OK) {
        result = read_all(&reading, err);
    }
    finish(&reading);
    return result;
}

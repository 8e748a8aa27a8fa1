#include "services/publish/kafka_look.h"

#include <string.h>

#include "common/base/memory.h"

/* The simple consumer: partitions from the beginning, no group. Each partition tells its end as an
 * event of its own, which comes also when nothing but transaction markers stand there. */
struct look {
    struct kf_kafka_client *reader;
    rd_kafka_topic_t *topic;
    rd_kafka_queue_t *queue;
    int partitions;
    int started;
    int ended;
    bool *ends; /* [partitions] */
    const char *release;
    const struct kf_panel_names *panels;
    struct kf_kafka_found found;
    int64_t previous_time_ms; /* across partitions the time decides which one was last */
};

/* --- one manifest ---------------------------------------------------------------------------- */

struct manifest {
    struct kf_summary summary;
    bool meets;
};

static void read_headers(const struct look *look, const rd_kafka_message_t *message,
                         struct manifest *manifest)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t size;

    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    for (size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         i++) {
        const char *text = value == NULL ? "" : value;
        kf_summary_read(&manifest->summary, name, text, size);
        if (strcmp(name, KF_HEADER_PANELS) == 0) {
            manifest->meets = kf_panel_names_meet(look->panels, text, size);
        }
    }
}

static bool key_is(const rd_kafka_message_t *message, const char *release)
{
    return message->key_len == strlen(release) &&
           memcmp(message->key, release, message->key_len) == 0;
}

static void take_manifest(struct look *look, const rd_kafka_message_t *message)
{
    struct manifest manifest = {.summary = {.state = KF_RELEASE_COMMITTED}};
    int64_t time_ms = rd_kafka_message_timestamp(message, NULL);

    if (message->key == NULL || message->len == 0) {
        return;
    }
    read_headers(look, message, &manifest);
    if (key_is(message, look->release)) {
        look->found.known = true;
        look->found.summary = manifest.summary;
    } else if (manifest.meets && manifest.summary.state == KF_RELEASE_COMMITTED &&
               message->key_len == KF_RELEASE_ID_SIZE - 1 && time_ms >= look->previous_time_ms) {
        memcpy(look->found.previous_release, message->key, message->key_len);
        look->previous_time_ms = time_ms;
    }
}

/* --- all of them ----------------------------------------------------------------------------- */

static enum kf_err start(struct look *look, struct kf_error *err)
{
    struct kf_kafka_client *reader = look->reader;
    const char *name = reader->settings->topics->names[KF_TOPIC_RELEASE];

    look->ends = kf_calloc((size_t)look->partitions, sizeof *look->ends);
    look->topic = rd_kafka_topic_new(reader->handle, name, NULL);
    if (look->ends == NULL || look->topic == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read the manifests");
    }
    look->queue = rd_kafka_queue_new(reader->handle);
    while (look->started < look->partitions) {
        if (rd_kafka_consume_start_queue(look->topic, look->started, RD_KAFKA_OFFSET_BEGINNING,
                                         look->queue) != 0) {
            return kf_kafka_client_error(reader, err, "reading the manifests",
                                         rd_kafka_err2str(rd_kafka_last_error()));
        }
        look->started++;
    }
    return KF_OK;
}

static void finish(struct look *look)
{
    for (int i = 0; i < look->started; i++) {
        rd_kafka_consume_stop(look->topic, i);
    }
    if (look->queue != NULL) {
        rd_kafka_queue_destroy(look->queue);
    }
    if (look->topic != NULL) {
        rd_kafka_topic_destroy(look->topic);
    }
    kf_free(look->ends);
}

static void take_end(struct look *look, int partition)
{
    if (partition >= 0 && partition < look->partitions && !look->ends[partition]) {
        look->ends[partition] = true;
        look->ended++;
    }
}

static enum kf_err take(struct look *look, const rd_kafka_message_t *message, struct kf_error *err)
{
    switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        take_manifest(look, message);
        return KF_OK;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        take_end(look, message->partition);
        return KF_OK;
    default:
        return kf_kafka_client_error(look->reader, err, "reading the manifests",
                                     rd_kafka_message_errstr(message));
    }
}

/* Time counts from the last message, so that a long history may take long. */
static enum kf_err read_all(struct look *look, struct kf_error *err)
{
    const struct kf_kafka_settings *settings = look->reader->settings;
    enum kf_err result = KF_OK;
    struct kf_kafka_wait wait;

    kf_kafka_wait_start(&wait, settings, KF_KAFKA_DRAIN, settings->step_ms);
    while (result == KF_OK && look->ended < look->partitions) {
        int slice = kf_kafka_wait_slice(&wait);
        if (slice == 0 || kf_kafka_wait_hopeless(&wait, look->reader)) {
            return kf_kafka_client_error(look->reader, err, "reading the manifests", "no answer");
        }
        rd_kafka_message_t *message = rd_kafka_consume_queue(look->queue, slice);
        kf_kafka_client_poll(look->reader, 0);
        if (message != NULL) {
            result = take(look, message, err);
            rd_kafka_message_destroy(message);
            kf_kafka_wait_start(&wait, settings, KF_KAFKA_DRAIN, settings->step_ms);
        }
    }
    return result;
}

enum kf_err kf_kafka_look_through(struct kf_kafka_client *reader, int partitions,
                                  const char *release, const struct kf_panel_names *panels,
                                  struct kf_kafka_found *found, struct kf_error *err)
{
    struct look look = {
        .reader = reader, .partitions = partitions, .release = release, .panels = panels};
    enum kf_err result = start(&look, err);

    if (result == KF_OK) {
        result = read_all(&look, err);
    }
    finish(&look);
    if (result == KF_OK) {
        *found = look.found;
    }
    return result;
}

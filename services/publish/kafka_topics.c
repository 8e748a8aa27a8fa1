#include "services/publish/kafka_topics.h"

#include "services/publish/kafka_check.h"
#include "services/publish/topic_settings.h"

#define REASON_SIZE    256
#define TOPIC_PAUSE_MS 50

/* --- asking ---------------------------------------------------------------------------------- */

static int usable_partitions(const rd_kafka_metadata_t *metadata)
{
    if (metadata->topic_cnt != 1 || metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    const rd_kafka_metadata_topic_t *topic = &metadata->topics[0];
    for (int i = 0; i < topic->partition_cnt; i++) {
        if (topic->partitions[i].leader < 0) {
            return 0;
        }
    }
    return topic->partition_cnt;
}

static bool denied(const rd_kafka_metadata_t *metadata)
{
    return metadata->topic_cnt == 1 &&
           metadata->topics[0].err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

enum kf_err kf_kafka_topic_ask(struct kf_kafka_client *client, rd_kafka_topic_t *topic,
                               int *partitions, struct kf_error *err)
{
    struct kf_kafka_wait wait;
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    int slice;

    kf_kafka_wait_start(&wait, client->settings, KF_KAFKA_DRAIN, client->settings->step_ms);
    while ((slice = kf_kafka_wait_slice(&wait)) > 0) {
        code = rd_kafka_metadata(client->handle, 0, topic, &metadata, slice);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            bool refused = denied(metadata);
            *partitions = usable_partitions(metadata);
            rd_kafka_metadata_destroy(metadata);
            client->unreachable = false;
            return refused ? kf_kafka_client_error(client, err, rd_kafka_topic_name(topic),
                                                   "access is denied")
                           : KF_OK;
        }
        kf_kafka_client_poll(client, 0);
        if (kf_kafka_wait_hopeless(&wait, client)) {
            break;
        }
    }
    return kf_kafka_client_error(client, err, "asking for topics", rd_kafka_err2str(code));
}

static enum kf_err ask(struct kf_kafka_client *reader, size_t topic, int *partitions,
                       struct kf_error *err)
{
    const char *name = reader->settings->topics->names[topic];
    rd_kafka_topic_t *handle = rd_kafka_topic_new(reader->handle, name, NULL);

    if (handle == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no handle for topic %s", name);
    }
    enum kf_err result = kf_kafka_topic_ask(reader, handle, partitions, err);
    rd_kafka_topic_destroy(handle);
    return result;
}

static enum kf_err find_missing(struct kf_kafka_client *reader, size_t *missing,
                                size_t *missing_len, struct kf_error *err)
{
    enum kf_err result = KF_OK;
    int partitions = 0;

    *missing_len = 0;
    for (size_t topic = 0; topic < KF_TOPICS_ALL && result == KF_OK; topic++) {
        if (reader->settings->topics->names[topic][0] == '\0') {
            continue;
        }
        result = ask(reader, topic, &partitions, err);
        if (result == KF_OK && partitions == 0) {
            missing[(*missing_len)++] = topic;
        }
    }
    return result;
}

/* --- making ---------------------------------------------------------------------------------- */

static rd_kafka_NewTopic_t *new_topic(const struct kf_kafka_settings *settings, size_t topic,
                                      char reason[REASON_SIZE])
{
    size_t count = 0;
    const struct kf_topic_setting *wanted = kf_topic_settings(topic, &count);
    rd_kafka_NewTopic_t *fresh =
        rd_kafka_NewTopic_new(settings->topics->names[topic], KF_TOPIC_PARTITIONS,
                              settings->replication, reason, REASON_SIZE);

    for (size_t i = 0; fresh != NULL && i < count; i++) {
        rd_kafka_NewTopic_set_config(fresh, wanted[i].name, wanted[i].value);
    }
    if (fresh != NULL && settings->replication > 0) {
        rd_kafka_NewTopic_set_config(fresh, KF_SETTING_MIN_INSYNC,
                                     kf_topic_min_insync(settings->replication));
    }
    return fresh;
}

static enum kf_err judge_topic(struct kf_kafka_client *reader, const rd_kafka_topic_result_t *topic,
                               struct kf_error *err)
{
    switch (rd_kafka_topic_result_error(topic)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
    case RD_KAFKA_RESP_ERR__TIMED_OUT: /* made, but not known everywhere yet */
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        return KF_OK;
    default:
        return kf_error_set(err, KF_ERR_PEER,
                            "Kafka at %s: topic %s is missing and cannot be made: %s",
                            reader->settings->bootstrap_servers, rd_kafka_topic_result_name(topic),
                            rd_kafka_topic_result_error_string(topic));
    }
}

static enum kf_err judge(struct kf_kafka_client *reader, rd_kafka_event_t *event, bool *unsupported,
                         struct kf_error *err)
{
    const rd_kafka_CreateTopics_result_t *created = rd_kafka_event_CreateTopics_result(event);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    enum kf_err result = KF_OK;
    size_t count = 0;

    *unsupported = code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE ||
                   code == RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION;
    if (*unsupported) {
        return KF_OK;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || created == NULL) {
        return kf_kafka_client_error(reader, err, "making topics", rd_kafka_err2str(code));
    }
    const rd_kafka_topic_result_t **topics = rd_kafka_CreateTopics_result_topics(created, &count);
    for (size_t i = 0; i < count && result == KF_OK; i++) {
        result = judge_topic(reader, topics[i], err);
    }
    return result;
}

/* Sends the request and waits for its answer, which comes within the request's time-out. */
static enum kf_err request_topics(struct kf_kafka_client *reader, rd_kafka_NewTopic_t **topics,
                                  size_t topics_len, bool *unsupported, struct kf_error *err)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(reader->handle);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(reader->handle, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_event_t *event = NULL;
    struct kf_kafka_wait wait;
    int slice;

    rd_kafka_AdminOptions_set_request_timeout(options, (int)reader->settings->step_ms, NULL, 0);
    rd_kafka_CreateTopics(reader->handle, topics, topics_len, options, queue);
    kf_kafka_wait_start(&wait, reader->settings, KF_KAFKA_DRAIN, 2 * reader->settings->step_ms);
    while (event == NULL && (slice = kf_kafka_wait_slice(&wait)) > 0) {
        event = rd_kafka_queue_poll(queue, slice);
        kf_kafka_client_poll(reader, 0);
    }
    enum kf_err result = event != NULL
                             ? judge(reader, event, unsupported, err)
                             : kf_kafka_client_error(reader, err, "making topics", "no answer");
    if (event != NULL) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return result;
}

static enum kf_err create(struct kf_kafka_client *reader, const size_t *missing, size_t missing_len,
                          bool *unsupported, struct kf_error *err)
{
    rd_kafka_NewTopic_t *topics[KF_TOPICS_ALL];
    char reason[REASON_SIZE] = "";
    enum kf_err result = KF_OK;
    size_t made = 0;

    while (made < missing_len && result == KF_OK) {
        topics[made] = new_topic(reader->settings, missing[made], reason);
        if (topics[made] == NULL) {
            result = kf_error_set(err, KF_ERR_CONFIG, "topic %s: %s",
                                  reader->settings->topics->names[missing[made]], reason);
        } else {
            made++;
        }
    }
    if (result == KF_OK) {
        result = request_topics(reader, topics, made, unsupported, err);
    }
    rd_kafka_NewTopic_destroy_array(topics, made);
    return result;
}

/* --- both ------------------------------------------------------------------------------------ */

static enum kf_err complain(struct kf_kafka_client *reader, size_t topic, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_PEER, "Kafka at %s: topic %s is missing or has no leader%s",
                        reader->settings->bootstrap_servers, reader->settings->topics->names[topic],
                        reader->settings->create_topics
                            ? ""
                            : "; make it, or let kf-publish do so with create-topics");
}

static enum kf_err make_missing(struct kf_kafka_client *reader, struct kf_error *err)
{
    struct kf_kafka_wait wait;
    size_t missing[KF_TOPICS_ALL];
    size_t missing_len = 0;
    bool created = false;
    bool unsupported = false;
    enum kf_err result = find_missing(reader, missing, &missing_len, err);

    kf_kafka_wait_start(&wait, reader->settings, KF_KAFKA_DRAIN, reader->settings->step_ms);
    while (result == KF_OK && missing_len > 0 && !unsupported) {
        if (!reader->settings->create_topics || kf_kafka_wait_slice(&wait) == 0) {
            return complain(reader, missing[0], err);
        }
        if (!created) {
            result = create(reader, missing, missing_len, &unsupported, err);
            created = true;
        } else {
            kf_kafka_client_poll(reader, TOPIC_PAUSE_MS);
        }
        if (result == KF_OK && !unsupported) {
            result = find_missing(reader, missing, &missing_len, err);
        }
    }
    return result;
}

enum kf_err kf_kafka_topics_ensure(struct kf_kafka_client *reader, struct kf_error *err)
{
    enum kf_err result = make_missing(reader, err);

    return result == KF_OK ? kf_kafka_check_topics(reader, err) : result;
}

#include "services/publish/kafka_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "services/publish/kafka_topics.h"
#include "services/publish/topic_settings.h"

#define CACHE_MS     60000
#define COMMAND_SIZE 8192

/* What was found so far. */
struct finding {
    struct kf_kafka_client *reader;
    struct kf_topic_verdict verdict; /* of the topic at hand */
    struct kf_text first;            /* the first complaint, whole */
    unsigned refused;
    unsigned advised;
    bool denied;
    char denied_topic[KF_TOPIC_NAME_SIZE];
    rd_kafka_resp_err_t unanswered; /* why a topic's settings did not come, other than denial */
};

/* --- asking ---------------------------------------------------------------------------------- */

static size_t list_topics(const struct kf_kafka_settings *settings,
                          rd_kafka_ConfigResource_t **resources)
{
    size_t count = 0;

    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (settings->topics->names[topic][0] != '\0') {
            resources[count++] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC,
                                                             settings->topics->names[topic]);
        }
    }
    return count;
}

/* NULL when no answer came. */
static rd_kafka_event_t *ask(struct kf_kafka_client *reader)
{
    rd_kafka_ConfigResource_t *resources[KF_TOPICS_ALL];
    size_t count = list_topics(reader->settings, resources);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(reader->handle);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(reader->handle, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_event_t *event = NULL;
    struct kf_kafka_wait wait;
    int slice;

    rd_kafka_AdminOptions_set_request_timeout(options, (int)reader->settings->step_ms, NULL, 0);
    rd_kafka_DescribeConfigs(reader->handle, resources, count, options, queue);
    kf_kafka_wait_start(&wait, reader->settings, KF_KAFKA_DRAIN, 2 * reader->settings->step_ms);
    while (event == NULL && (slice = kf_kafka_wait_slice(&wait)) > 0) {
        event = rd_kafka_queue_poll(queue, slice);
        kf_kafka_client_poll(reader, 0);
    }
    rd_kafka_ConfigResource_destroy_array(resources, count);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return event;
}

/* The fewest copies of any partition; 0 when that cannot be told. */
static int replicas_of(struct kf_kafka_client *reader, const char *name)
{
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(reader->handle, name, NULL);
    int fewest = 0;

    if (topic == NULL) {
        return 0;
    }
    if (rd_kafka_metadata(reader->handle, 0, topic, &metadata, (int)reader->settings->step_ms) ==
        RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (int i = 0; metadata->topic_cnt == 1 && i < metadata->topics[0].partition_cnt; i++) {
            int replicas = metadata->topics[0].partitions[i].replica_cnt;
            fewest = fewest == 0 || replicas < fewest ? replicas : fewest;
        }
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(topic);
    return fewest;
}

static int partitions_of(struct kf_kafka_client *reader, const char *name)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(reader->handle, name, NULL);
    struct kf_error ignored;
    int partitions = 0;

    if (topic != NULL) {
        (void)kf_kafka_topic_ask(reader, topic, &partitions, &ignored);
        rd_kafka_topic_destroy(topic);
    }
    return partitions;
}

/* --- judging --------------------------------------------------------------------------------- */

static bool is_denial(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

static size_t topic_named(const struct kf_topic_set *topics, const char *name)
{
    size_t topic = 0;

    while (topic < KF_TOPICS_ALL && strcmp(topics->names[topic], name) != 0) {
        topic++;
    }
    return topic;
}

/* Keeps the first complaint that forbids writing, or the first of all. */
static void note(struct finding *finding, const char *name)
{
    const struct kf_topic_verdict *verdict = &finding->verdict;

    if (verdict->refused + verdict->advised == 0) {
        return;
    }
    if (finding->refused + finding->advised == 0 ||
        (finding->refused == 0 && verdict->refused > 0)) {
        kf_text_reset(&finding->first);
        kf_text_add_format(&finding->first,
                           "topic %s: %s; kafka-configs.sh --bootstrap-server %s --alter "
                           "--entity-type topics --entity-name %s --add-config %s",
                           name, verdict->text.bytes, finding->reader->settings->bootstrap_servers,
                           name, verdict->mended.bytes);
    }
    finding->refused += verdict->refused;
    finding->advised += verdict->advised;
}

static void judge_topic(struct finding *finding, const rd_kafka_ConfigResource_t *resource)
{
    const char *name = rd_kafka_ConfigResource_name(resource);
    size_t topic = topic_named(finding->reader->settings->topics, name);
    size_t count = 0;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);

    rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resource);

    if (is_denial(code) && !finding->denied) {
        finding->denied = true;
        (void)snprintf(finding->denied_topic, sizeof finding->denied_topic, "%s", name);
    } else if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !is_denial(code)) {
        finding->unanswered = code;
    }
    if (topic == KF_TOPICS_ALL || count == 0) {
        return;
    }
    int replicas = replicas_of(finding->reader, name);
    kf_topic_verdict_init(&finding->verdict);
    for (size_t i = 0; i < count; i++) {
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value != NULL) {
            kf_topic_verdict_take(&finding->verdict, topic, replicas,
                                  rd_kafka_ConfigEntry_name(entries[i]), value);
        }
    }
    note(finding, name);
    kf_topic_verdict_clear(&finding->verdict);
}

/* --- manifests that are gone ----------------------------------------------------------------- */

/* Where the manifests of a partition begin; 0 also when that cannot be told. */
static int64_t lowest_offset(struct kf_kafka_client *reader, const char *name, int partition)
{
    int64_t low = 0;
    int64_t high = 0;

    if (rd_kafka_query_watermark_offsets(reader->handle, name, partition, &low, &high,
                                         (int)reader->settings->step_ms) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    return low;
}

/* Nothing is ever deleted of the manifests, so a partition that does not begin at its beginning has
 * lost some, whatever its settings are now. */
static enum kf_err check_beginning(struct kf_kafka_client *reader, struct kf_error *err)
{
    const char *name = reader->settings->topics->names[KF_TOPIC_RELEASE];
    int partitions = partitions_of(reader, name);

    for (int i = 0; i < partitions; i++) {
        int64_t low = lowest_offset(reader, name, i);
        if (low > 0) {
            return kf_error_set(
                err, KF_ERR_PEER,
                "nothing is written: manifests of topic %s are gone (partition %d begins at offset "
                "%" PRId64 "), so releases that it held could be published twice. When ingest's "
                "ledger is intact or that is wanted, accept it: --check-topics if-allowed",
                name, i, low);
        }
    }
    return KF_OK;
}

/* --- telling --------------------------------------------------------------------------------- */

static enum kf_err complain(const struct finding *finding, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_PEER, "nothing is written%s: %s",
                        finding->refused > 1 ? ", several settings of topics are wrong (kf topics)"
                                             : "",
                        finding->first.bytes);
}

static enum kf_err tell_denied(const struct finding *finding, struct kf_error *err)
{
    struct kf_kafka_topic_check *check = finding->reader->settings->topic_check;

    if (check->mode == KF_TOPIC_CHECK_STRICT) {
        return kf_error_set(err, KF_ERR_PEER,
                            "nothing is written: the settings of topic %s may not be seen; allow "
                            "DescribeConfigs (kafka-acls.sh --add --operation DescribeConfigs "
                            "--topic %s --allow-principal User:…), or trust whoever made the "
                            "topics: --check-topics if-allowed",
                            finding->denied_topic, finding->denied_topic);
    }
    if (!check->told_denied) {
        check->told_denied = true;
        kf_log(KF_LOG_WARN, "topics-unchecked",
               "topic=%s reason=\"its settings may not be seen\" next=\"they are trusted\"",
               finding->denied_topic);
    }
    return KF_OK;
}

static void tell_advice(const struct finding *finding)
{
    struct kf_kafka_topic_check *check = finding->reader->settings->topic_check;
    char quoted[KF_LOG_QUOTED_SIZE];

    if (finding->advised > 0 && !check->told_advice) {
        check->told_advice = true;
        kf_log(KF_LOG_WARN, "topics-advice", "settings=%u first=%s", finding->advised,
               kf_log_quote(finding->first.bytes, quoted));
    }
}

static enum kf_err conclude(const struct finding *finding, struct kf_error *err)
{
    if (finding->first.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to check the topics");
    }
    if (finding->refused > 0) {
        return complain(finding, err);
    }
    if (finding->unanswered != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kf_kafka_client_error(finding->reader, err, "asking for the settings of topics",
                                     rd_kafka_err2str(finding->unanswered));
    }
    tell_advice(finding);
    return finding->denied ? tell_denied(finding, err) : KF_OK;
}

static enum kf_err judge(struct kf_kafka_client *reader, rd_kafka_event_t *event, bool *supported,
                         struct kf_error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    struct finding finding = {.reader = reader};
    size_t count = 0;

    if (code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE ||
        code == RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION) {
        *supported = false; /* no Kafka of this decade: a stand-in */
        return KF_OK;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kf_kafka_client_error(reader, err, "asking for the topics' settings",
                                     rd_kafka_err2str(code));
    }
    const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event), &count);
    kf_text_init(&finding.first, COMMAND_SIZE);
    for (size_t i = 0; i < count; i++) {
        judge_topic(&finding, resources[i]);
    }
    enum kf_err result = conclude(&finding, err);
    kf_text_clear(&finding.first);
    return result;
}

/* librdkafka's mock cluster, which kf-devbroker is, never answers the question. */
static bool is_stand_in(struct kf_kafka_client *reader)
{
    static const char begins[] = "mockCluster";
    char *id = rd_kafka_clusterid(reader->handle, (int)reader->settings->step_ms);
    bool stand_in = id != NULL && strncmp(id, begins, sizeof begins - 1) == 0;

    if (id != NULL) {
        rd_kafka_mem_free(reader->handle, id);
    }
    return stand_in;
}

enum kf_err kf_kafka_check_topics(struct kf_kafka_client *reader, struct kf_error *err)
{
    struct kf_kafka_topic_check *check = reader->settings->topic_check;
    int64_t now_ms = kf_clock_monotonic_ms();

    if (check == NULL || check->mode == KF_TOPIC_CHECK_OFF ||
        (check->passed && now_ms - check->passed_ms < CACHE_MS)) {
        return KF_OK;
    }
    if (is_stand_in(reader)) {
        check->passed = true;
        check->passed_ms = now_ms;
        return KF_OK;
    }
    rd_kafka_event_t *event = ask(reader);
    if (event == NULL) {
        return kf_kafka_client_error(reader, err, "asking for the topics' settings", "no answer");
    }
    bool supported = true;
    enum kf_err result = judge(reader, event, &supported, err);
    rd_kafka_event_destroy(event);
    if (result == KF_OK && supported && check->mode == KF_TOPIC_CHECK_STRICT) {
        result = check_beginning(reader, err);
    }
    check->passed = result == KF_OK;
    check->passed_ms = now_ms;
    return result;
}

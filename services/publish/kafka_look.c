#include "services/publish/kafka_look.h"

#include <string.h>

#include "common/base/crash.h"
#include "services/publish/kafka_scan.h"

struct look {
    const char *release;
    struct kf_former *former;
    struct kf_kafka_found found;
    int32_t previous_partition; /* of the previous release's manifest, and its time */
    int64_t previous_time_ms;
};

/* --- one manifest ---------------------------------------------------------------------------- */

struct manifest {
    struct kf_summary summary;
    struct kf_header_value panels;
    struct kf_header_value keys;
};

static void read_headers(const rd_kafka_message_t *message, struct manifest *manifest)
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
            manifest->panels = (struct kf_header_value){text, size};
        } else if (strcmp(name, KF_HEADER_KEYS) == 0) {
            manifest->keys = (struct kf_header_value){text, size};
        }
    }
}

static bool key_is(const rd_kafka_message_t *message, const char *release)
{
    return message->key_len == strlen(release) &&
           memcmp(message->key, release, message->key_len) == 0;
}

/* In a partition the later manifest is the newer one, whatever the clocks said; between partitions
 * there is nothing but the time. */
static void take_previous(struct look *look, const rd_kafka_message_t *message)
{
    int64_t time_ms = rd_kafka_message_timestamp(message, NULL);
    bool first = look->found.previous_release[0] == '\0';

    if (message->key_len == KF_RELEASE_ID_SIZE - 1 &&
        (first || message->partition == look->previous_partition ||
         time_ms >= look->previous_time_ms)) {
        memcpy(look->found.previous_release, message->key, message->key_len);
        look->previous_partition = message->partition;
        look->previous_time_ms = time_ms;
    }
}

static enum kf_err take_manifest(void *context, const rd_kafka_message_t *message,
                                 struct kf_error *err)
{
    struct look *look = context;
    struct manifest manifest = {.summary = {.state = KF_RELEASE_COMMITTED}};

    (void)err;
    if (message->key == NULL || message->len == 0) {
        return KF_OK;
    }
    KF_CRASH_POINT("publish.manifest");
    read_headers(message, &manifest);
    if (key_is(message, look->release)) {
        look->found.known = true;
        look->found.summary = manifest.summary;
    } else if (manifest.summary.state == KF_RELEASE_COMMITTED && manifest.panels.value != NULL) {
        kf_former_take(look->former, message->partition, manifest.panels, manifest.keys);
        if (kf_panel_names_meet(look->former->names, manifest.panels.value,
                                manifest.panels.length)) {
            take_previous(look, message);
        }
    }
    return KF_OK;
}

enum kf_err kf_kafka_look_through(struct kf_kafka_client *reader, int partitions,
                                  const char *release, struct kf_former *former,
                                  struct kf_kafka_found *found, struct kf_error *err)
{
    struct look look = {.release = release, .former = former};
    const struct kf_kafka_scan scan = {
        .reader = reader,
        .topic = reader->settings->topics->names[KF_TOPIC_RELEASE],
        .partitions = partitions,
        .doing = "reading the manifests",
        .take = take_manifest,
        .context = &look,
    };
    enum kf_err result = kf_kafka_scan(&scan, err);

    if (result == KF_OK) {
        *found = look.found;
    }
    return result;
}

/* --- keys ------------------------------------------------------------------------------------ */

static enum kf_err take_key(void *context, const rd_kafka_message_t *message, struct kf_error *err)
{
    const struct kf_key_visitor *visitor = context;

    if (message->key == NULL || message->key_len == 0) {
        return KF_OK;
    }
    return visitor->visit(visitor->context, message->key, message->key_len,
                          message->payload != NULL, err);
}

enum kf_err kf_kafka_keys_through(struct kf_kafka_client *reader, size_t topic, int partitions,
                                  const struct kf_key_visitor *visitor, struct kf_error *err)
{
    struct kf_key_visitor copy = *visitor;
    const struct kf_kafka_scan scan = {
        .reader = reader,
        .topic = reader->settings->topics->names[topic],
        .partitions = partitions,
        .doing = "reading the keys of earlier releases",
        .take = take_key,
        .context = &copy,
    };

    return kf_kafka_scan(&scan, err);
}

#include "common/kafka/topics.h"

#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define VERSION      ".v1"

static bool has_measures(size_t topic)
{
    size_t count;
    const struct kf_measure *measures = kf_measures(&count);

    for (size_t i = 0; i < count; i++) {
        if ((size_t)measures[i].topic == topic) {
            return true;
        }
    }
    return false;
}

const char *kf_topic_kind(size_t topic)
{
    switch (topic) {
    case KF_TOPIC_RELEASE:
        return "release";
    case KF_TOPIC_REJECTED:
        return "rejected";
    case KF_TOPIC_PUBLISHER:
        return "publisher";
    default:
        return kf_topic_name((enum kf_topic)topic);
    }
}

bool kf_topic_compacted(size_t topic)
{
    return topic < KF_TOPICS || topic == KF_TOPIC_PUBLISHER;
}

static void name_topic(struct kf_topic_set *self, size_t topic, const char *prefix)
{
    const char *parts[] = {prefix, ".", kf_topic_kind(topic), VERSION};
    size_t length = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t part = strlen(parts[i]);
        memcpy(self->names[topic] + length, parts[i], part);
        length += part;
    }
    self->names[topic][length] = '\0';
}

enum kf_err kf_topic_set_init(struct kf_topic_set *self, const char *prefix, struct kf_error *err)
{
    size_t length = strlen(prefix);

    if (length == 0 || length > KF_TOPIC_PREFIX_MAX || strspn(prefix, NAME_LETTERS) != length) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "\"%.120s\" cannot begin a topic's name: give 1 to %d letters, digits, "
                            ". _ or -",
                            prefix, KF_TOPIC_PREFIX_MAX);
    }
    memset(self, 0, sizeof *self);
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (topic >= KF_TOPICS || has_measures(topic)) {
            name_topic(self, topic, prefix);
        }
    }
    return KF_OK;
}

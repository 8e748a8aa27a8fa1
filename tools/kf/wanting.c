#include "tools/kf/wanting.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define TOPIC_NAME_SIZE 256

const enum kf_topic kf_wanting_topics[] = {
    KF_TOPIC_INDEX,        KF_TOPIC_EFFICIENCY, KF_TOPIC_INDICATOR, KF_TOPIC_NEED,
    KF_TOPIC_RESOURCE_USE, KF_TOPIC_DEMOGRAPHY, KF_TOPIC_UNIT_COST, KF_TOPIC_NONE,
};

static const char cause[] =
    "likely because the broker keeps less than the release is large: the development broker of "
    "kf up keeps the newest 5 MiB of each topic; publish to a Kafka (kf up --bootstrap-servers), "
    "or compute from the files (kf compute)";
static const char replacement[] =
    "a newer release has published some of its editions and years, which may explain it";

/* What the manifest says of the topic; 0 when it says nothing. */
static unsigned long promised(const struct kf_published *published, const char *name)
{
    const char *topic = NULL;
    const char *rows = NULL;
    unsigned long number = 0;
    for (size_t i = 0; kf_published_topic(published, i, &topic, &rows); i++) {
        if (strcmp(topic, name) == 0 &&
            kf_text_to_unsigned(rows, strlen(rows), ULONG_MAX, &number)) {
            return number;
        }
    }
    return 0;
}

/* Appends a line when rows of the topic are wanting (unless `text` is NULL); true when they are. */
static bool tell_topic(const struct kf_published *published, enum kf_topic topic,
                       const char *topic_prefix, const char *lead, struct kf_text *text)
{
    char name[TOPIC_NAME_SIZE];
    (void)snprintf(name, sizeof name, "%s.%s.v1", topic_prefix, kf_topic_name(topic));
    unsigned long rows = promised(published, name);
    uint64_t found = kf_published_found(published, topic);
    if (found >= rows) {
        return false;
    }
    if (text) {
        kf_text_add_format(text, "%s%llu of %lu rows of %s are still on the topic\n", lead,
                           (unsigned long long)found, rows, name);
    }
    return true;
}

static bool tell_topics(const struct kf_published *published, const char *topic_prefix,
                        const char *lead, struct kf_text *text)
{
    bool wanting = false;
    for (size_t i = 0; kf_wanting_topics[i] != KF_TOPIC_NONE; i++) {
        wanting = tell_topic(published, kf_wanting_topics[i], topic_prefix, lead, text) || wanting;
    }
    return wanting;
}

bool kf_wanting(const struct kf_published *published, const char *topic_prefix)
{
    return !kf_published_replaced(published) && tell_topics(published, topic_prefix, "", NULL);
}

void kf_wanting_tell(const struct kf_published *published, const char *topic_prefix,
                     const char *lead, struct kf_text *text)
{
    if (tell_topics(published, topic_prefix, lead, text)) {
        kf_text_add_format(text, "%s%s\n", lead,
                           kf_published_replaced(published) ? replacement : cause);
    }
}

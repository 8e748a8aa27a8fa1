/* Records of the topics, in short, for the tests of what reads them. */
#ifndef KF_TESTS_PUBLISHED_FIXTURE_H
#define KF_TESTS_PUBLISHED_FIXTURE_H

#include <string.h>

#include "tools/kf/published.h"

static inline struct kf_topic_record record_of(const char *key, const char *value,
                                               int64_t timestamp_ms)
{
    return (struct kf_topic_record){
        .key = key,
        .key_length = key ? strlen(key) : 0,
        .value = value,
        .value_length = value ? strlen(value) : 0,
        .timestamp_ms = timestamp_ms,
    };
}

static inline enum kf_err add_manifest(struct kf_published *published, const char *value,
                                       int64_t timestamp_ms, struct kf_error *err)
{
    struct kf_topic_record record = record_of("r", value, timestamp_ms);
    return kf_published_add_manifest(published, &record, err);
}

static inline enum kf_err add_row(struct kf_published *published, enum kf_topic topic,
                                  const char *key, const char *value, struct kf_error *err)
{
    struct kf_topic_record record = record_of(key, value, 0);
    return kf_published_add_row(published, topic, &record, err);
}

/* A committed manifest of release `r` for edition `e`, year 2010. */
#define MANIFEST(r)                                                                                \
    "{\"release\":\"" r "\",\"state\":\"RELEASE_STATE_COMMITTED\",\"vintage\":\"unrevised\","      \
    "\"program\":\"9\",\"panels\":[{\"edition\":\"e\",\"year\":2010,\"municipalities\":2}],"       \
    "\"topics\":[{\"topic\":\"p.index.v1\",\"rows\":\"12\",\"digest\":\"d\"},"                     \
    "{\"topic\":\"p.need.v1\",\"digest\":\"d\"}]}"

#endif

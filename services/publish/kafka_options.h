/* The operator's own settings for librdkafka: security above all. A file of `key=value` lines, `#`
 * for comments; handed on as they stand. Values are never logged. What this program sets itself,
 * because publishing rests on it, is refused. Pure but for reading the file.
 */
#ifndef KF_PUBLISH_KAFKA_OPTIONS_H
#define KF_PUBLISH_KAFKA_OPTIONS_H

#include <stddef.h>

#include "common/base/error.h"

#define KF_KAFKA_OPTIONS_MAX       100
#define KF_KAFKA_OPTIONS_BYTES_MAX 65536

struct kf_kafka_option {
    const char *name;
    const char *value;
};

struct kf_kafka_options {
    struct kf_kafka_option list[KF_KAFKA_OPTIONS_MAX];
    size_t length;
    char *text; /* what the list points into */
};

/* Reads the file. KF_ERR_CONFIG with file and line. */
enum kf_err kf_kafka_options_read(const char *path, struct kf_kafka_options **options,
                                  struct kf_error *err);

/* Overwrites the values with zeros and frees; NULL is fine, the pointer is nulled. */
void kf_kafka_options_destroy(struct kf_kafka_options **self);

#endif

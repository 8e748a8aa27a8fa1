/* The operator's own settings for librdkafka: security above all. A file of `key=value` lines, `#`
 * for comments; handed on as they stand. Values are never logged. What this program sets itself,
 * because exactly-once rests on it, is refused. Pure but for reading files.
 *
 * A secret (sasl.password, ssl.key.password, …) may stand in a file of its own: its value is then
 * file:/PATH, and the file's text without the newline at its end is handed on. Whichever file holds
 * a secret must be closed to everybody but its user (or root and a group, as secrets of containers
 * are); else it is refused.
 */
#ifndef KF_KAFKA_KAFKA_OPTIONS_H
#define KF_KAFKA_KAFKA_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"

#define KF_KAFKA_OPTIONS_MAX       100
#define KF_KAFKA_OPTIONS_BYTES_MAX 65536
#define KF_KAFKA_SECRETS_MAX       16
#define KF_KAFKA_SECRET_BYTES_MAX  8192

struct kf_kafka_option {
    const char *name;
    const char *value;
};

struct kf_kafka_options {
    struct kf_kafka_option list[KF_KAFKA_OPTIONS_MAX];
    size_t length;
    char *text;                          /* what the list points into */
    char *secrets[KF_KAFKA_SECRETS_MAX]; /* those from files of their own, likewise */
    size_t secrets_len;
    bool holds_secrets; /* the file itself does */
};

/* Reads the file. KF_ERR_CONFIG with file and line. */
enum kf_err kf_kafka_options_read(const char *path, struct kf_kafka_options **options,
                                  struct kf_error *err);

/* True for a setting whose value nobody may read. */
bool kf_kafka_option_is_secret(const char *name);

/* Overwrites the values with zeros and frees; NULL is fine, the pointer is nulled. */
void kf_kafka_options_destroy(struct kf_kafka_options **self);

#endif

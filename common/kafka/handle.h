/* Handles of librdkafka: how they get their settings, and how their troubles read. For the files
 * that speak to the library; what they make of it is in their own headers.
 */
#ifndef KF_KAFKA_HANDLE_H
#define KF_KAFKA_HANDLE_H

#include <librdkafka/rdkafka.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/kafka/kafka_options.h"

/* Sets `length` options. KF_ERR_CONFIG with the name of one that the library does not take; its
 * value is not told. */
enum kf_err kf_kafka_set(rd_kafka_conf_t *conf, const struct kf_kafka_option *list, size_t length,
                         struct kf_error *err);

/* The same for the operator's; NULL is fine. */
enum kf_err kf_kafka_set_operators(rd_kafka_conf_t *conf, const struct kf_kafka_options *options,
                                   struct kf_error *err);

/* A handle with what has been set; `conf` is used up, or destroyed when there is none.
 * KF_ERR_CONFIG. */
enum kf_err kf_kafka_handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **handle,
                                struct kf_error *err);

/* What a reader of topics is told beside what all are told: read_committed, no group, nothing
 * committed, told of the end of a partition, quiet. */
struct kf_kafka_reader_setup {
    const char *bootstrap_servers;
    const char *client_id;
    const struct kf_kafka_option *own; /* [own_len] */
    size_t own_len;
    const struct kf_kafka_options *operators;                                        /* or NULL */
    void (*on_error)(rd_kafka_t *handle, int code, const char *reason, void *owner); /* or NULL */
    void *owner;
};

/* A consumer whose records, errors and callbacks come by rd_kafka_consumer_poll. KF_ERR_CONFIG. */
enum kf_err kf_kafka_reader_open(const struct kf_kafka_reader_setup *setup, rd_kafka_t **handle,
                                 struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_kafka_reader_close(rd_kafka_t **handle);

/* The library's reason without " (after 3ms in state CONNECT, …)", so that the same trouble reads
 * the same; cut to `size`. */
void kf_kafka_copy_reason(char *text, size_t size, const char *reason);

#endif

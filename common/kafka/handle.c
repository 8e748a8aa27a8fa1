#include "common/kafka/handle.h"

#include <stdio.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

/* --- settings -------------------------------------------------------------------------------- */

enum kf_err kf_kafka_set(rd_kafka_conf_t *conf, const struct kf_kafka_option *list, size_t length,
                         struct kf_error *err)
{
    for (size_t i = 0; i < length; i++) {
        rd_kafka_conf_res_t answer = rd_kafka_conf_set(conf, list[i].name, list[i].value, NULL, 0);
        if (answer == RD_KAFKA_CONF_UNKNOWN) {
            return kf_error_set(err, KF_ERR_CONFIG, "librdkafka knows no setting %s", list[i].name);
        }
        if (answer != RD_KAFKA_CONF_OK) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "librdkafka does not take the value given to %s; its "
                                "CONFIGURATION.md says which it takes",
                                list[i].name);
        }
    }
    return KF_OK;
}

enum kf_err kf_kafka_set_operators(rd_kafka_conf_t *conf, const struct kf_kafka_options *options,
                                   struct kf_error *err)
{
    return options ? kf_kafka_set(conf, options->list, options->length, err) : KF_OK;
}

enum kf_err kf_kafka_handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **handle,
                                struct kf_error *err)
{
    char reason[256] = "";
    rd_kafka_t *made = rd_kafka_new(type, conf, reason, sizeof reason);
    if (!made) {
        rd_kafka_conf_destroy(conf);
        return kf_error_set(err, KF_ERR_CONFIG, "librdkafka does not take the settings: %s",
                            reason);
    }
    *handle = made;
    return KF_OK;
}

/* --- readers --------------------------------------------------------------------------------- */

static void no_log(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
    (void)handle;
    (void)level;
    (void)facility;
    (void)text;
}

static enum kf_err set_up_reader(const struct kf_kafka_reader_setup *setup, rd_kafka_conf_t *conf,
                                 struct kf_error *err)
{
    const struct kf_kafka_option common[] = {
        {"bootstrap.servers", setup->bootstrap_servers},
        {"client.id", setup->client_id},
        {"group.id", setup->client_id}, /* the library wants a name; no group is joined */
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"isolation.level", "read_committed"},
        {"enable.partition.eof", "true"},
        {"allow.auto.create.topics", "false"},
        {"reconnect.backoff.max.ms", "500"},
        {"check.crcs", "true"},
    };
    enum kf_err code = kf_kafka_set(conf, common, LENGTH_OF(common), err);
    if (code == KF_OK) {
        code = kf_kafka_set(conf, setup->own, setup->own_len, err);
    }
    if (code == KF_OK) {
        code = kf_kafka_set_operators(conf, setup->operators, err);
    }
    rd_kafka_conf_set_opaque(conf, setup->owner);
    rd_kafka_conf_set_log_cb(conf, no_log);
    rd_kafka_conf_set_error_cb(conf, setup->on_error);
    return code;
}

enum kf_err kf_kafka_reader_open(const struct kf_kafka_reader_setup *setup, rd_kafka_t **handle,
                                 struct kf_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    enum kf_err code = set_up_reader(setup, conf, err);
    if (code != KF_OK) {
        rd_kafka_conf_destroy(conf);
        return code;
    }
    code = kf_kafka_handle_new(RD_KAFKA_CONSUMER, conf, handle, err);
    if (code == KF_OK) {
        (void)rd_kafka_poll_set_consumer(*handle);
    }
    return code;
}

void kf_kafka_reader_close(rd_kafka_t **handle)
{
    if (*handle) {
        (void)rd_kafka_consumer_close(*handle);
        rd_kafka_destroy(*handle);
        *handle = NULL;
    }
}

/* --- troubles -------------------------------------------------------------------------------- */

void kf_kafka_copy_reason(char *text, size_t size, const char *reason)
{
    const char *details = strstr(reason, " (after ");
    int length = (int)(details ? (size_t)(details - reason) : strlen(reason));
    (void)snprintf(text, size, "%.*s", length, reason);
}

#include "services/publish/target.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/text.h"
#include "services/publish/servers.h"

#define STEP_MS 15000

/* What was found so far. */
struct faults {
    struct kf_findings *findings; /* or NULL */
    struct kf_error *err;         /* of the first */
    enum kf_err first;
};

static void judge(struct faults *faults, const char *option, enum kf_err result,
                  const struct kf_error *why)
{
    const struct kf_place place = {.variable = option};

    if (result == KF_OK) {
        return;
    }
    if (faults->findings != NULL) {
        kf_findings_add(faults->findings, &place, "", "%s", why->text);
    }
    if (faults->first == KF_OK) {
        faults->first = kf_error_set(faults->err, result, "%s: %s", option, why->text);
    }
}

/* The lease names it; empty, it would be none. */
static enum kf_err check_id(const char *id, struct kf_error *err)
{
    if (id[0] != '\0' && strlen(id) < KF_LEASE_ID_SIZE) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_CONFIG, "give a name of 1 to %d bytes", KF_LEASE_ID_SIZE - 1);
}

static enum kf_topic_check_mode check_mode(const char *word)
{
    if (kf_text_equal(word, "strict")) {
        return KF_TOPIC_CHECK_STRICT;
    }
    return kf_text_equal(word, "off") ? KF_TOPIC_CHECK_OFF : KF_TOPIC_CHECK_IF_ALLOWED;
}

static void fill(struct kf_target *self, const struct kf_settings *settings)
{
    self->topic_check = (struct kf_kafka_topic_check){
        .mode = check_mode(kf_settings_text(settings, "check-topics"))};
    self->kafka = (struct kf_kafka_settings){
        .bootstrap_servers = kf_settings_text(settings, "bootstrap-servers"),
        .transactional_id = kf_settings_text(settings, "transactional-id"),
        .transaction_timeout_ms = kf_settings_number(settings, "transaction-timeout"),
        .compression = kf_settings_text(settings, "compression"),
        .options = self->operators,
        .topics = &self->topics,
        .create_topics = kf_settings_flag(settings, "create-topics"),
        .topic_check = &self->topic_check,
        .replication = (int)kf_settings_number(settings, "replication"),
        .step_ms = STEP_MS,
    };
}

enum kf_err kf_target_open(struct kf_target *self, const struct kf_settings *settings,
                           struct kf_findings *findings, struct kf_error *err)
{
    const char *file = kf_settings_text(settings, "kafka-config");
    struct faults faults = {.findings = findings, .err = err};
    struct kf_error why;

    judge(&faults, "topic-prefix",
          kf_topic_set_init(&self->topics, kf_settings_text(settings, "topic-prefix"), &why), &why);
    judge(&faults, "bootstrap-servers",
          kf_servers_check(kf_settings_text(settings, "bootstrap-servers"), &why), &why);
    if (file[0] != '\0') {
        judge(&faults, "kafka-config", kf_kafka_options_read(file, &self->operators, &why), &why);
    }
    judge(&faults, "transactional-id",
          check_id(kf_settings_text(settings, "transactional-id"), &why), &why);
    fill(self, settings);
    judge(&faults, file[0] != '\0' ? "kafka-config" : "transactional-id",
          kf_kafka_check(&self->kafka, &why), &why);
    if (faults.first != KF_OK && findings != NULL) {
        uint64_t count = kf_findings_count(findings);
        kf_error_set(err, faults.first, "%" PRIu64 " fault%s in the settings", count,
                     count == 1 ? "" : "s");
    }
    return faults.first;
}

void kf_target_close(struct kf_target *self)
{
    kf_kafka_options_destroy(&self->operators);
}

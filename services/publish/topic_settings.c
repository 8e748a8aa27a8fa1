#include "services/publish/topic_settings.h"

#include <stdint.h>
#include <string.h>

#define TEXT_BYTES_MAX    2048
#define NUMBER_MAX        ((unsigned long)INT64_MAX)
#define COPIES_FOR_TWO    3 /* with fewer, one broker that is away would stop everything */
#define MIN_INSYNC_WANTED 2

#define COMPACT_ONLY                                                                               \
    {                                                                                              \
        "cleanup.policy", "compact", KF_SETTING_EQUAL, KF_SETTING_REFUSE,                          \
            "with delete, figures that are still valid disappear when they are old"                \
    }
#define CLEAN_ELECTION                                                                             \
    {                                                                                              \
        "unclean.leader.election.enable", "false", KF_SETTING_EQUAL, KF_SETTING_REFUSE,            \
            "otherwise a copy that lags may lead, and committed releases are lost"                 \
    }
#define BROKERS_CLOCK                                                                              \
    {                                                                                              \
        "message.timestamp.type", "LogAppendTime", KF_SETTING_EQUAL, KF_SETTING_MAKE,              \
            "the brokers' clock, so that a clock of the publisher's that errs changes nothing"     \
    }

/* A batch is up to 1,000,000 bytes, a dead letter or manifest up to 8 MiB. */
#define BATCH_BYTES                                                                                \
    {                                                                                              \
        "max.message.bytes", "1048588", KF_SETTING_AT_LEAST, KF_SETTING_REFUSE,                    \
            "batches of rows are up to 1 MB; what does not fit is rejected"                        \
    }
#define LETTER_BYTES                                                                               \
    {                                                                                              \
        "max.message.bytes", "8500000", KF_SETTING_AT_LEAST, KF_SETTING_ADVISE,                    \
            "a manifest of many panels, or a dead letter with many findings, is up to 8 MiB"       \
    }

/* 90 days: a consumer that was away for a holiday and an audit still sees what was withdrawn. The
 * brokers' own default is a day. Only whoever has read a key before needs its end. */
static const struct kf_topic_setting results[] = {
    COMPACT_ONLY,
    CLEAN_ELECTION,
    BATCH_BYTES,
    {"delete.retention.ms", "7776000000", KF_SETTING_AT_LEAST, KF_SETTING_ADVISE,
     "how long a consumer may be away and still see which keys were withdrawn: 90 days"},
    BROKERS_CLOCK,
};

static const struct kf_topic_setting manifests[] = {
    {"cleanup.policy", "delete", KF_SETTING_EQUAL, KF_SETTING_REFUSE,
     "manifests are kept as they were written"},
    {"retention.ms", "-1", KF_SETTING_EQUAL, KF_SETTING_REFUSE,
     "a release whose manifest is gone would be published twice"},
    {"retention.bytes", "-1", KF_SETTING_EQUAL, KF_SETTING_REFUSE,
     "a release whose manifest is gone would be published twice"},
    CLEAN_ELECTION,
    LETTER_BYTES,
    BROKERS_CLOCK,
};

static const struct kf_topic_setting letters[] = {
    {"cleanup.policy", "delete", KF_SETTING_EQUAL, KF_SETTING_ADVISE,
     "dead letters are kept as they were written"},
    {"retention.ms", "-1", KF_SETTING_EQUAL, KF_SETTING_ADVISE, "dead letters are kept for good"},
    {"retention.bytes", "-1", KF_SETTING_EQUAL, KF_SETTING_ADVISE,
     "dead letters are kept for good"},
    CLEAN_ELECTION,
    LETTER_BYTES,
    BROKERS_CLOCK,
};

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

const struct kf_topic_setting *kf_topic_settings(size_t topic, size_t *count)
{
    if (kf_topic_compacted(topic)) {
        *count = LENGTH(results);
        return results;
    }
    *count = topic == KF_TOPIC_RELEASE ? LENGTH(manifests) : LENGTH(letters);
    return topic == KF_TOPIC_RELEASE ? manifests : letters;
}

const char *kf_topic_min_insync(int replication)
{
    return replication >= COPIES_FOR_TWO ? "2" : "1";
}

/* --- verdicts -------------------------------------------------------------------------------- */

void kf_topic_verdict_init(struct kf_topic_verdict *self)
{
    *self = (struct kf_topic_verdict){.refused = 0};
    kf_text_init(&self->text, TEXT_BYTES_MAX);
    kf_text_init(&self->mended, TEXT_BYTES_MAX);
}

void kf_topic_verdict_clear(struct kf_topic_verdict *self)
{
    kf_text_clear(&self->text);
    kf_text_clear(&self->mended);
}

/* -1 is no bound at all, which is more than any. */
static bool at_least(const char *found, const char *wanted)
{
    unsigned long have = 0;
    unsigned long want = 0;

    if (strcmp(found, "-1") == 0) {
        return true;
    }
    return kf_text_to_unsigned(found, strlen(found), NUMBER_MAX, &have) &&
           kf_text_to_unsigned(wanted, strlen(wanted), NUMBER_MAX, &want) && have >= want;
}

/* Worse things are told instead of better ones. */
static void blame(struct kf_topic_verdict *self, const struct kf_topic_setting *setting,
                  const char *found)
{
    bool refuse = setting->force == KF_SETTING_REFUSE;
    unsigned *count = refuse ? &self->refused : &self->advised;

    if (refuse && self->refused == 0) {
        kf_text_reset(&self->text);
        kf_text_reset(&self->mended);
    }
    ++*count;
    if (!refuse && self->refused > 0) {
        return;
    }
    if (self->text.length == 0) {
        kf_text_add_format(&self->text, "%s is %s and must be %s%s (%s)", setting->name, found,
                           setting->rule == KF_SETTING_AT_LEAST ? "at least " : "", setting->value,
                           setting->why);
    }
    kf_text_add(&self->mended, self->mended.length > 0 ? "," : "");
    kf_text_add_format(&self->mended, "%s=%s", setting->name, setting->value);
}

/* More copies than there are never have a record: nothing could be written. */
static void take_min_insync(struct kf_topic_verdict *self, int replicas, const char *found)
{
    struct kf_topic_setting setting = {
        KF_SETTING_MIN_INSYNC, kf_topic_min_insync(replicas), KF_SETTING_EQUAL, KF_SETTING_REFUSE,
        "the topic has fewer copies than that: nothing can be written"};
    unsigned long number = 0;

    if (replicas <= 0 || !kf_text_to_unsigned(found, strlen(found), NUMBER_MAX, &number)) {
        return;
    }
    if (number > (unsigned long)replicas) {
        blame(self, &setting, found);
    } else if (replicas >= COPIES_FOR_TWO && number < MIN_INSYNC_WANTED) {
        setting.force = KF_SETTING_ADVISE;
        setting.rule = KF_SETTING_AT_LEAST;
        setting.why = "otherwise one broker's disk holds the only copy of what counts as committed";
        blame(self, &setting, found);
    }
}

void kf_topic_verdict_take(struct kf_topic_verdict *self, size_t topic, int replicas,
                           const char *name, const char *found)
{
    size_t count = 0;
    const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);

    if (strcmp(name, KF_SETTING_MIN_INSYNC) == 0) {
        take_min_insync(self, replicas, found);
    }
    for (size_t i = 0; i < count; i++) {
        const struct kf_topic_setting *setting = &settings[i];
        if (strcmp(setting->name, name) != 0 || setting->force == KF_SETTING_MAKE) {
            continue;
        }
        bool met = setting->rule == KF_SETTING_AT_LEAST ? at_least(found, setting->value)
                                                        : strcmp(found, setting->value) == 0;
        if (!met) {
            blame(self, setting, found);
        }
    }
}

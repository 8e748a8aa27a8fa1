/* What the topics have to be set to, one table for whoever makes them and whoever checks them.
 * Pure.
 *
 * REFUSE: with anything else releases would be lost, torn or forgotten; nothing is written then.
 * ADVISE: told once. MAKE: what topics that are made here get, and nobody asks afterwards.
 */
#ifndef KF_PUBLISH_TOPIC_SETTINGS_H
#define KF_PUBLISH_TOPIC_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/kafka/topics.h"

enum kf_setting_force { KF_SETTING_REFUSE, KF_SETTING_ADVISE, KF_SETTING_MAKE };
enum kf_setting_rule { KF_SETTING_EQUAL, KF_SETTING_AT_LEAST };

struct kf_topic_setting {
    const char *name;
    const char *value; /* wanted; what a topic is made with */
    enum kf_setting_rule rule;
    enum kf_setting_force force;
    const char *why; /* one line */
};

/* Of every topic that is made: there is little data, and so its order is known. */
#define KF_TOPIC_PARTITIONS 1

/* The settings of a topic, numbered as in topics.h. */
const struct kf_topic_setting *kf_topic_settings(size_t topic, size_t *count);

/* Copies that have to have a record before it counts as written, for so many copies: "1" or "2". */
#define KF_SETTING_MIN_INSYNC "min.insync.replicas"
const char *kf_topic_min_insync(int replication);

/* What somebody found a topic set to, one setting after the other, and what follows. */
struct kf_topic_verdict {
    unsigned refused;      /* settings with which nothing may be written */
    unsigned advised;      /* settings that are told of */
    struct kf_text text;   /* the first of them, for people: "cleanup.policy is delete, …" */
    struct kf_text mended; /* all of them as kafka-configs.sh takes them: "a=b,c=d" */
};

/* In the caller's storage; `refuse`: about those of REFUSE, otherwise those of ADVISE. */
void kf_topic_verdict_init(struct kf_topic_verdict *self);
void kf_topic_verdict_clear(struct kf_topic_verdict *self);

/* Takes a setting as found: of one that the table does not have nothing is said. `replicas` are the
 * copies that the topic has, 0 when that is not known. */
void kf_topic_verdict_take(struct kf_topic_verdict *self, size_t topic, int replicas,
                           const char *name, const char *found);

#endif

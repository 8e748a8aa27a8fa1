/* Follows Kafka topics for good, as any consumer outside would: read_committed, no group, nothing
 * committed, nothing changed. Where each partition stands is its owner's to keep.
 *
 * Topics that do not exist yet are looked for until they do, brokers that are away are waited for;
 * neither is an error. Life: kf_topic_tail_new, kf_topic_tail_poll again and again,
 * kf_topic_tail_destroy. For one thread.
 */
#ifndef KF_KAFKA_TOPIC_TAIL_H
#define KF_KAFKA_TOPIC_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/kafka/kafka_options.h"
#include "common/kafka/topic_reader.h"

#define KF_TAIL_TOPICS_MAX     16
#define KF_TAIL_PARTITIONS_MAX 1024

struct kf_topic_tail;

/* A partition and where the next record of it is read. */
struct kf_tail_position {
    size_t topic; /* place in the list of topics */
    int32_t partition;
    int64_t next;
    bool at_end;  /* everything committed has been read */
    bool changed; /* since the owner cleared it */
};

/* What the owner does. */
struct kf_tail_calls {
    /* Takes a record; anything but KF_OK ends the poll and is returned. */
    enum kf_err (*take)(void *context, const struct kf_tail_position *at,
                        const struct kf_topic_record *record, struct kf_error *err);
    /* Where a partition is to be read from: as kept, or 0. Asked again when topics had gone. */
    int64_t (*start)(void *context, size_t topic, int32_t partition);
    void *context;
};

struct kf_tail_options {
    const char *bootstrap_servers;
    const char *client_id;
    const struct kf_kafka_options *more; /* the operator's, or NULL; borrowed for _new */
    const char *const *topics;           /* [topics_len], borrowed as long as the tail lives */
    size_t topics_len;
    struct kf_tail_calls calls;
};

/* A reader that connects by itself when it can. KF_ERR_CONFIG when a setting is not one;
 * KF_ERR_MEMORY; KF_ERR_IO without descriptors. */
enum kf_err kf_topic_tail_new(const struct kf_tail_options *options, struct kf_topic_tail **tail,
                              struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_topic_tail_destroy(struct kf_topic_tail **self);

/* Readable when something may have come; kf_topic_tail_poll empties it. */
int kf_topic_tail_descriptor(const struct kf_topic_tail *self);

/* Waits up to `wait_ms` for a first record and hands over what there is until `until_ms` of the
 * monotonic clock. KF_ERR_AGAIN: a partition does not have the place any more that it is read from
 * (the topic was made anew, or records went with their time): begin again with
 * kf_topic_tail_rewind. Otherwise what `take` returned; KF_ERR_MEMORY. */
enum kf_err kf_topic_tail_poll(struct kf_topic_tail *self, int wait_ms, int64_t until_ms,
                               struct kf_error *err);

/* Forgets the positions: at the next poll `start` is asked again. */
void kf_topic_tail_rewind(struct kf_topic_tail *self);

/* The partitions that are followed. */
struct kf_tail_position *kf_topic_tail_positions(struct kf_topic_tail *self, size_t *count);

/* True when every topic that exists has been read to its end, and at least one exists. */
bool kf_topic_tail_is_at_end(const struct kf_topic_tail *self);

/* True when every topic exists. */
bool kf_topic_tail_has_all(const struct kf_topic_tail *self);

/* Records behind the positions, as far as the brokers have said. */
uint64_t kf_topic_tail_behind(const struct kf_topic_tail *self);

/* What is being waited for, in words; "" for nothing. */
const char *kf_topic_tail_trouble(const struct kf_topic_tail *self);

#endif
